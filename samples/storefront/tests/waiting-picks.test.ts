import { expect, it } from "vitest";
import type { PhotoSelection } from "../src/api";
import { countText } from "../src/gallery/count-text";
import { applied, NOT_YET, type WaitingPick, withChange, withWaiting } from "../src/gallery/waiting-picks";

const list = (id: string, ...photoIds: string[]): PhotoSelection => ({
  id,
  galleryId: "gal_1",
  visitorId: "vis_1",
  visitorName: null,
  visitorEmail: null,
  name: id,
  note: null,
  status: "open",
  pickLimit: null,
  pickCount: photoIds.length,
  picks: photoIds.map((photoId) => ({ photoId, photoVersion: 3, note: `on ${photoId}`, pickedAt: "2031-01-01T00:00:00Z" })),
  submittedAt: null,
  createdAt: "2031-01-01T00:00:00Z",
  updatedAt: "2031-01-01T00:00:00Z",
});
const first = () => list(NOT_YET);
const photos = (lists: readonly PhotoSelection[]) =>
  lists.map(({ id, picks, pickCount }) => [id, pickCount, ...picks.map((pick) => pick.photoId)]);

it("keeps one change for each photo of a list, the latest, and its note", () => {
  let waiting: WaitingPick[] = [];
  waiting = withChange(waiting, { listId: "sel_1", photoId: "a", picked: true, note: "larger" });
  waiting = withChange(waiting, { listId: "sel_1", photoId: "b", picked: true });
  waiting = withChange(waiting, { listId: "sel_2", photoId: "a", picked: true });
  const [oldKey] = waiting.map((change) => change.key);
  waiting = withChange(waiting, { listId: "sel_1", photoId: "a", picked: true });

  expect(waiting.map(({ listId, photoId, note }) => [listId, photoId, note])).toEqual([
    ["sel_1", "b", undefined],
    ["sel_2", "a", undefined],
    ["sel_1", "a", "larger"],
  ]);
  expect(waiting.at(-1)!.key).not.toBe(oldKey);
  expect(withChange(waiting, { listId: "sel_1", photoId: "a", picked: false }).at(-1)).not.toHaveProperty("note");
});

it("waits for the connection as soon as others do", () => {
  const waiting = withChange([], { listId: "sel_1", photoId: "a", picked: true }).map((change) => ({ ...change, isStalled: true }));
  expect(withChange(waiting, { listId: "sel_1", photoId: "b", picked: true }).at(-1)!.isStalled).toBe(true);
  expect(withChange([], { listId: "sel_1", photoId: "b", picked: true })[0]!.isStalled).toBeUndefined();
});

it("shows the lists as they will be", () => {
  const waiting = [
    { listId: "sel_1", photoId: "a", picked: false },
    { listId: "sel_1", photoId: "c", picked: true },
    { listId: "sel_2", photoId: "a", picked: true },
    { listId: "sel_9", photoId: "a", picked: true },
  ].reduce<WaitingPick[]>((all, change) => withChange(all, change), []);

  expect(photos(withWaiting([list("sel_1", "a", "b"), list("sel_2")], waiting, undefined, first))).toEqual([
    ["sel_1", 2, "b", "c"],
    ["sel_2", 1, "a"],
  ]);
});

it("begins a first list, until there is one", () => {
  const waiting = ["a", "b"].reduce<WaitingPick[]>((all, photoId) => withChange(all, { listId: NOT_YET, photoId, picked: true }), []);
  expect(photos(withWaiting([], waiting, undefined, first))).toEqual([[NOT_YET, 2, "a", "b"]]);
  expect(photos(withWaiting([list("sel_1", "a")], waiting, undefined, first))).toEqual([["sel_1", 2, "a", "b"]]);
});

it("changes the note of a pick and nothing else of it", () => {
  const [pick] = applied(list("sel_1", "a"), { photoId: "a", picked: true, note: "smaller", at: "2032-01-01T00:00:00Z" }).picks;
  expect(pick).toEqual({ photoId: "a", photoVersion: 3, note: "smaller", pickedAt: "2031-01-01T00:00:00Z" });
});

it("says how many changes wait", () => {
  expect(countText({ pickCount: 2, pickLimit: 5, status: "open" })).toBe("2 of 5 picked");
  expect(countText({ pickCount: 2, pickLimit: null, status: "open" }, 1)).toBe("2 photos picked · 1 waiting to be sent");
});
