import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { PhotoSelection } from "../api";
import { problemOf } from "../api";
import { updateSession, useSession } from "../session";
import { useToasts } from "../ui/toasts";
import { useGallery } from "./context";

const FIRST_LIST = "Favorites";
const NOT_YET = "not-yet";

interface Change {
  photoId: string;
  picked: boolean;
  note?: string | null;
}

/** The visitor's selections, the current one, and the actions on it. Picks are shown at once and rolled back if the API refuses. */
export function usePicks() {
  const { slug, api, front, galleryId } = useGallery();
  const queries = useQueryClient();
  const toasts = useToasts();
  const session = useSession(slug);
  const wanted = session?.listId;
  const key = useMemo(() => ["gallery", slug, "selections"], [slug]);
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => api.selections(signal) });
  const lists = query.data ?? [];
  const active = inHand(lists, wanted);
  const picked = useMemo(() => new Set(active?.picks.map((pick) => pick.photoId)), [active]);

  const read = () => queries.getQueryData<PhotoSelection[]>(key) ?? [];
  const edit = (id: string, change: (list: PhotoSelection) => PhotoSelection) =>
    queries.setQueryData<PhotoSelection[]>(key, (all) => (all ?? []).map((list) => (list.id === id ? change(list) : list)));

  const pick = useMutation({
    mutationKey: key,
    // In sequence: the first pick may have to create the selection that the second one goes into.
    scope: { id: `picks ${slug}` },
    mutationFn: async ({ photoId, picked: on, note }: Change) => {
      let list = inHand(read(), wanted);
      if (!list || list.id === NOT_YET) {
        const made = await api.createSelection(FIRST_LIST);
        queries.setQueryData<PhotoSelection[]>(key, (all) => [
          ...(all ?? []).filter((other) => other.id !== NOT_YET),
          { ...made, picks: list?.picks ?? [], pickCount: list?.pickCount ?? 0 },
        ]);
        list = made;
      }

      await (on ? api.pick(list.id, photoId, note) : api.unpick(list.id, photoId));
    },
    onMutate: async (change) => {
      await queries.cancelQueries({ queryKey: key });
      let list = inHand(read(), wanted);
      if (!list) {
        const first: PhotoSelection = {
          id: NOT_YET,
          galleryId,
          visitorId: session?.visitorId ?? "",
          visitorName: null,
          visitorEmail: null,
          name: FIRST_LIST,
          note: null,
          status: "open",
          pickLimit: front.pickLimit,
          pickCount: 0,
          picks: [],
          submittedAt: null,
          createdAt: new Date().toISOString(),
          updatedAt: new Date().toISOString(),
        };
        queries.setQueryData<PhotoSelection[]>(key, (all) => [...(all ?? []), first]);
        list = first;
      }

      const before = list.picks.find((other) => other.photoId === change.photoId);
      edit(list.id, (old) => applied(old, change));
      return { before };
    },
    onError: (error, change, context) => {
      const list = inHand(read(), wanted);
      if (list) {
        edit(list.id, (old) =>
          applied(old, { photoId: change.photoId, picked: context?.before !== undefined, note: context?.before?.note }),
        );
      }

      toasts.fail(error, problemOf(error).status === 0 ? () => pick.mutate(change) : undefined);
    },
    onSettled: () => {
      // Only after the last one: a response in between would undo the picks that are still in flight.
      if (queries.isMutating({ mutationKey: key }) === 1) {
        void queries.invalidateQueries({ queryKey: key });
      }
    },
  });

  const toggle = (photoId: string) => {
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

    const now = new Set(inHand(read(), wanted)?.picks.map((other) => other.photoId));
    if (now.has(photoId)) {
      const note = active?.picks.find((other) => other.photoId === photoId)?.note;
      pick.mutate({ photoId, picked: false });
      toasts.say("Removed from your picks.", {
        label: "Undo",
        run: () => pick.mutate({ photoId, picked: true, ...(note ? { note } : {}) }),
      });
    } else if (active?.pickLimit != null && now.size >= active.pickLimit) {
      toasts.say(`You have picked all ${active.pickLimit}. Remove one to make room for this.`);
    } else {
      pick.mutate({ photoId, picked: true });
    }
  };

  return {
    query,
    lists,
    active,
    picked,
    toggle,
    setNote: (photoId: string, note: string | null) => pick.mutate({ photoId, picked: true, note }),
    choose: (listId: string) => updateSession(slug, { listId }),
    key,
  };
}

function inHand(lists: readonly PhotoSelection[], wanted: string | undefined): PhotoSelection | undefined {
  return lists.find((list) => list.id === wanted) ?? lists.find((list) => list.status === "open") ?? lists[0];
}

function applied(list: PhotoSelection, { photoId, picked, note }: Change): PhotoSelection {
  const before = list.picks.find((pick) => pick.photoId === photoId);
  const changed = {
    photoId,
    // Until the response says which version was picked.
    photoVersion: before?.photoVersion ?? 1,
    note: note === undefined ? (before?.note ?? null) : note,
    pickedAt: before?.pickedAt ?? new Date().toISOString(),
  };
  const picks = !picked
    ? list.picks.filter((pick) => pick.photoId !== photoId)
    : before
      ? list.picks.map((pick) => (pick.photoId === photoId ? changed : pick))
      : [...list.picks, changed];
  return { ...list, picks, pickCount: picks.length };
}
