import type { PhotoSelection } from "../api";

/** A pick, its removal or its note that is shown already and not yet confirmed by the API. */
export interface WaitingPick {
  /** Identifies the change: a later one of the same photo takes its place. */
  key: string;
  listId: string;
  photoId: string;
  picked: boolean;
  /** Undefined leaves the note as it is. */
  note?: string | null;
  at: string;
  /** It could not be sent, because there is no connection. */
  isStalled?: boolean;
}

/** The id of a list that the API does not have yet. */
export const NOT_YET = "not-yet";

/** Adds a change. One photo in one list has one change at most, the latest. */
export function withChange(waiting: readonly WaitingPick[], change: Omit<WaitingPick, "key" | "at">, now = new Date()): WaitingPick[] {
  const before = waiting.find((other) => other.listId === change.listId && other.photoId === change.photoId);
  const note = change.note === undefined && change.picked && before?.picked ? before.note : change.note;
  const added: WaitingPick = {
    ...change,
    ...(note === undefined ? {} : { note }),
    key: `${now.getTime()}-${Math.random()}`,
    at: now.toISOString(),
    // While others wait for the connection, this one does as well.
    ...(waiting.some((other) => other.isStalled) ? { isStalled: true } : {}),
  };
  return [...waiting.filter((other) => other !== before), added];
}

/** The lists as they are once every waiting change has been sent. */
export function withWaiting(
  lists: readonly PhotoSelection[],
  waiting: readonly WaitingPick[],
  wanted: string | undefined,
  first: () => PhotoSelection,
): readonly PhotoSelection[] {
  let all = lists;
  for (const change of waiting) {
    const target = change.listId === NOT_YET ? inHand(all, wanted) : all.find((list) => list.id === change.listId);
    if (target) {
      all = all.map((list) => (list === target ? applied(list, change) : list));
    } else if (change.listId === NOT_YET) {
      all = [...all, applied(first(), change)];
    }
  }

  return all;
}

/** The list that picks go into: the one that was chosen, else the first open one. */
export function inHand(lists: readonly PhotoSelection[], wanted: string | undefined): PhotoSelection | undefined {
  return lists.find((list) => list.id === wanted) ?? lists.find((list) => list.status === "open") ?? lists[0];
}

export function applied(list: PhotoSelection, { photoId, picked, note, at }: Omit<WaitingPick, "key" | "listId">): PhotoSelection {
  const before = list.picks.find((pick) => pick.photoId === photoId);
  const changed = {
    photoId,
    // Until the response says which version was picked.
    photoVersion: before?.photoVersion ?? 1,
    note: note === undefined ? (before?.note ?? null) : note,
    pickedAt: before?.pickedAt ?? at,
  };
  const picks = !picked
    ? list.picks.filter((pick) => pick.photoId !== photoId)
    : before
      ? list.picks.map((pick) => (pick.photoId === photoId ? changed : pick))
      : [...list.picks, changed];
  return { ...list, picks, pickCount: picks.length };
}
