import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { front, problemOf, type Visit, type VisitorApi } from "../api";
import { forgetSession, isOpen, readSession, updateSession, writeSession } from "../session";

/** Stores a visit. The same visitor keeps the cart, the list in hand and the picks that wait to be sent. */
function useKeep(slug: string) {
  const queries = useQueryClient();
  return useCallback(
    (visit: Visit, refreshToken = visit.refreshToken) => {
      const before = readSession(slug);
      const same = before?.visitorId === visit.visitorId;
      if (!same) {
        queries.removeQueries({ queryKey: ["gallery", slug] });
      }

      writeSession(slug, {
        token: visit.token,
        expiresAt: visit.expiresAt,
        visitorId: visit.visitorId,
        sessionId: visit.sessionId,
        galleryId: visit.galleryId,
        refreshToken,
        ...(same ? { cartId: before.cartId, listId: before.listId, waiting: before.waiting } : {}),
      });
      void queries.invalidateQueries({ queryKey: ["gallery", slug] });
    },
    [queries, slug],
  );
}

export function useUnlock(slug: string) {
  const keep = useKeep(slug);
  return useMutation({
    // With what this device has from an earlier visit, the same visitor gets back their picks, cart and orders.
    mutationFn: (request: Parameters<typeof front.unlock>[1]) => {
      const before = readSession(slug);
      return front.unlock(slug, {
        ...request,
        refreshToken: before?.refreshToken ?? undefined,
        visitorToken: isOpen(before) ? before.token : undefined,
      });
    },
    onSuccess: (visit) => keep(visit),
  });
}

/** Continues the visit of this device, without asking for the gallery's secret. */
export function useContinue(slug: string) {
  const keep = useKeep(slug);
  return useMutation({
    mutationFn: (refreshToken: string) => front.refresh(refreshToken),
    onSuccess: (visit) => keep(visit),
    onError: (error) => {
      const { status, code } = problemOf(error);
      if (code === "access_changed") {
        updateSession(slug, { needsSecret: true });
      } else if (status === 404) {
        forgetSession(slug);
      }
    },
  });
}

/** Opens the gallery with the link of an invitation. */
export function useInvitation(slug: string) {
  const keep = useKeep(slug);
  return useMutation({
    mutationFn: (token: string) => front.redeem({ token, refreshToken: readSession(slug)?.refreshToken ?? undefined }),
    onSuccess: (visit) => keep(visit),
  });
}

/** Proves an email address with a code. The device may be another visitor then, and keeps its refresh token. */
export function useConfirmCode(slug: string, api: VisitorApi, onConfirmed?: (visit: Visit) => void) {
  const keep = useKeep(slug);
  return useMutation({
    mutationFn: (code: string) => api.confirmCode(code),
    onSuccess: (visit) => {
      keep(visit, readSession(slug)?.refreshToken ?? null);
      onConfirmed?.(visit);
    },
  });
}
