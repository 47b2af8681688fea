import { useMutation, useQueryClient } from "@tanstack/react-query";
import { front } from "../api";
import { readSession, writeSession } from "../session";

export function useUnlock(slug: string) {
  const queries = useQueryClient();
  return useMutation({
    // With the previous token, if any, the same visitor gets back their picks, cart and orders.
    mutationFn: (request: Parameters<typeof front.unlock>[1]) => front.unlock(slug, { ...request, visitorToken: readSession(slug)?.token }),
    onSuccess: (unlocked) => {
      const before = readSession(slug);
      const same = before?.visitorId === unlocked.visitorId;
      queries.removeQueries({ queryKey: ["gallery", slug] });
      writeSession(slug, { ...unlocked, ...(same ? { cartId: before.cartId, listId: before.listId } : {}) });
    },
  });
}
