import { expect, it } from "vitest";
import type { Photo, Section } from "../src/api";
import { chaptersOf } from "../src/gallery/use-photos";
import { bounded, MOST, WHOLE, zoomAt } from "../src/lightbox/use-zoom";

it("keeps the point under the finger where it is", () => {
  const zoomed = zoomAt(WHOLE, 2, 100, -50, 800, 600);
  // A point p of the picture is displayed at p * scale + offset.
  expect([100 * zoomed.scale + zoomed.x, -50 * zoomed.scale + zoomed.y]).toEqual([100, -50]);
});

it("never shows less than the whole, nor more than it should", () => {
  expect(zoomAt(WHOLE, 0.2, 0, 0, 800, 600)).toEqual(WHOLE);
  expect(zoomAt(WHOLE, 100, 0, 0, 800, 600).scale).toBe(MOST);
});

it("does not let the picture leave the stage", () => {
  expect(bounded({ scale: 2, x: 5000, y: -5000 }, 800, 600)).toEqual({ scale: 2, x: 400, y: -300 });
});

it("puts photos under their sections, those without one first, and counts through", () => {
  const photo = (id: string, sectionId: string | null) => ({ id, sectionId }) as Photo;
  const sections = ["b", "a", "empty"].map(
    (id, position): Section => ({
      id,
      galleryId: "gal_1",
      title: id.toUpperCase(),
      description: null,
      metadata: null,
      position,
      createdAt: "",
      updatedAt: "",
    }),
  );
  const chapters = chaptersOf([photo("1", "a"), photo("2", null), photo("3", "b"), photo("4", "gone")], sections);
  expect(chapters.map((chapter) => [chapter.section?.id ?? null, chapter.photos.map((one) => one.id), chapter.start])).toEqual([
    [null, ["2", "4"], 0],
    ["b", ["3"], 2],
    ["a", ["1"], 3],
  ]);
});
