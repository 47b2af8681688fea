import { describe, expect, it } from "vitest";
import { arrange, type Box, columnCount, grid, masonry, rows } from "../src/lib/layouts";

const sizes = Array.from(
  { length: 37 },
  (_, index) =>
    [
      { width: 6000, height: 4000 },
      { width: 3000, height: 4500 },
      { width: 5000, height: 5000 },
      { width: 8000, height: 3000 },
    ][index % 4]!,
);

function overlap(one: Box, other: Box): boolean {
  const slack = 0.5;
  return (
    one.left < other.left + other.width - slack &&
    other.left < one.left + one.width - slack &&
    one.top < other.top + other.height - slack &&
    other.top < one.top + one.height - slack
  );
}

describe.each(["masonry", "grid", "rows"] as const)("%s", (layout) => {
  it.each([354, 390, 800, 1228, 2400])("places every picture inside %i pixels, and none on another", (width) => {
    const { boxes, height } = arrange(layout, sizes, width);
    expect(boxes).toHaveLength(sizes.length);
    for (const [index, box] of boxes.entries()) {
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.left + box.width).toBeLessThanOrEqual(width + 0.5);
      expect(box.top + box.height).toBeLessThanOrEqual(height + 0.5);
      expect(boxes.slice(index + 1).filter((other) => overlap(box, other))).toEqual([]);
    }
  });

  it("needs no height for no pictures", () => {
    expect(arrange(layout, [], 800)).toEqual({ boxes: [], height: 0 });
  });
});

it("rows fill the width exactly and keep each picture's shape, but for the last row", () => {
  const { boxes } = rows(sizes, 1000, 10, 250);
  const tops = [...new Set(boxes.map((box) => box.top))];
  const full = tops.slice(0, -1).map((top) => boxes.filter((box) => box.top === top));
  expect(full.length).toBeGreaterThan(3);
  for (const line of full) {
    expect(line.reduce((sum, box) => sum + box.width, 0) + 10 * (line.length - 1)).toBeCloseTo(1000, 5);
    expect(line[0]!.height).toBeLessThanOrEqual(250);
  }

  expect(boxes[0]!.width / boxes[0]!.height).toBeCloseTo(1.5, 5);
});

it("a last row with one picture is not blown up", () => {
  const { boxes } = rows([{ width: 3, height: 2 }], 1200, 10, 300);
  expect(boxes[0]).toEqual({ left: 0, top: 0, width: 450, height: 300 });
});

it("masonry puts each picture into the shortest column", () => {
  const { boxes } = masonry(
    [
      { width: 1, height: 2 },
      { width: 1, height: 1 },
      { width: 1, height: 1 },
    ],
    210,
    10,
    2,
  );
  expect(boxes.map((box) => [box.left, box.top])).toEqual([
    [0, 0],
    [110, 0],
    [110, 110],
  ]);
});

it("a picture whose size is not known is taken for a landscape", () => {
  expect(masonry([{ width: 0, height: 0 }], 300, 10, 1).boxes[0]!.height).toBe(200);
});

it("grid cells are all of one size", () => {
  const { boxes } = grid(5, 410, 10, 2);
  expect(new Set(boxes.map((box) => `${box.width} ${box.height}`))).toEqual(new Set(["200 250"]));
});

it("telephones have two columns, very wide screens no more than five", () => {
  expect([360, 390, 1280, 4000].map((width) => columnCount(width, 2))).toEqual([2, 2, 3, 5]);
});
