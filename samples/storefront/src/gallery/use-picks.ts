import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useLayoutEffect, useMemo, useRef } from "react";
import type { PhotoSelection } from "../api";
import { readSession, updateSession, useSession } from "../session";
import { useToasts } from "../ui/toasts";
import { useGallery } from "./context";
import { inHand, NOT_YET, type WaitingPick, withChange, withWaiting } from "./waiting-picks";

export const FIRST_LIST = "Favorites";
const NOTHING: readonly WaitingPick[] = [];

export function picksKey(slug: string) {
  return ["gallery", slug, "selections"];
}

/**
 * The visitor's selections, the current one, and the actions on it. A change is shown at once and waits in the session until `SendPicks` has sent
 * it, so that it survives a lost connection and a reload.
 */
export function usePicks() {
  const { slug, api, front, galleryId } = useGallery();
  const queries = useQueryClient();
  const toasts = useToasts();
  const session = useSession(slug);
  const wanted = session?.listId;
  const waiting = session?.waiting ?? NOTHING;
  const key = useMemo(() => picksKey(slug), [slug]);
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => api.selections(signal) });
  const first = useMemo(() => () => firstList(galleryId, front.pickLimit), [galleryId, front.pickLimit]);
  const lists = useMemo(() => withWaiting(query.data ?? [], waiting, wanted, first), [query.data, waiting, wanted, first]);
  const active = inHand(lists, wanted);
  const picked = useMemo(() => new Set(active?.picks.map((pick) => pick.photoId)), [active]);

  /** Read anew, because two clicks may come before the page is drawn again. */
  const now = () =>
    inHand(withWaiting(queries.getQueryData<PhotoSelection[]>(key) ?? [], readSession(slug)?.waiting ?? [], wanted, first), wanted);
  const change = (photoId: string, on: boolean, note?: string | null) =>
    updateSession(slug, {
      waiting: withChange(readSession(slug)?.waiting ?? [], {
        listId: now()?.id ?? NOT_YET,
        photoId,
        picked: on,
        ...(note === undefined ? {} : { note }),
      }),
    });

  const toggleNow = (photoId: string) => {
    if (active && active.status !== "open") {
      toasts.say(
        active.status === "locked"
          ? "The studio has locked this list."
          : "This list has been submitted. Ask the studio to open it again, or start another list.",
      );
      return;
    }

    if (front.allowsPicks === false) {
      toasts.say("Picking has ended in this gallery. Ask the studio if you would like to change something.");
      return;
    }

    const picks = now()?.picks ?? [];
    const before = picks.find((pick) => pick.photoId === photoId);
    if (before) {
      change(photoId, false);
      toasts.say("Removed from your picks.", {
        label: "Undo",
        run: () => change(photoId, true, before.note ?? undefined),
      });
    } else if (active?.pickLimit != null && picks.length >= active.pickLimit) {
      toasts.say(`You have picked all ${active.pickLimit}. Remove one to make room for this.`);
    } else {
      change(photoId, true);
    }
  };

  // Always the same function, so that a pick does not draw every tile again.
  const latest = useRef(toggleNow);
  useLayoutEffect(() => {
    latest.current = toggleNow;
  });
  const toggle = useCallback((photoId: string) => latest.current(photoId), []);
  return {
    query,
    lists,
    active,
    picked,
    /** How many changes of the current list wait for the connection. */
    waitingCount: waiting.filter((other) => other.isStalled && (other.listId === active?.id || other.listId === NOT_YET)).length,
    isWaiting: (photoId: string) => waiting.some((other) => other.isStalled && other.photoId === photoId),
    toggle,
    setNote: (photoId: string, note: string | null) => change(photoId, true, note),
    choose: (listId: string) => updateSession(slug, { listId }),
    key,
  };
}

/** The visitor's first list, as it is shown until the API has made it. */
function firstList(galleryId: string, pickLimit: number | null): PhotoSelection {
  const now = new Date().toISOString();
  return {
    id: NOT_YET,
    galleryId,
    visitorId: "",
    visitorName: null,
    visitorEmail: null,
    name: FIRST_LIST,
    note: null,
    status: "open",
    pickLimit,
    pickCount: 0,
    picks: [],
    submittedAt: null,
    createdAt: now,
    updatedAt: now,
  };
}
