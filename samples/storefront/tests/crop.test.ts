import { expect, it } from "vitest";
import { largestCrop, moveCrop, needsCrop, printAspect, rounded } from "../src/lib/crop";

it("turns the paper the way the picture lies", () => {
  expect(printAspect(100, 150, 1.5)).toBeCloseTo(1.5);
  expect(printAspect(150, 100, 0.66)).toBeCloseTo(2 / 3);
  expect(printAspect(300, 300, 1.5)).toBe(1);
});

it("needs no crop for the same shape, or for one that differs by less than anyone sees", () => {
  expect(needsCrop(1.5, 1.5)).toBe(false);
  expect(needsCrop(1.5, 1.502)).toBe(false);
  expect(needsCrop(1.5, 4 / 3)).toBe(true);
});

it.each([
  [1.5, 1],
  [0.66, 1],
  [1.5, 1.25],
  [1, 1.5],
  [2.4, 0.7],
])("the largest crop of a picture of %d for paper of %d has the paper's shape", (photo, paper) => {
  const crop = largestCrop(photo, paper);
  expect((crop.width * photo) / crop.height).toBeCloseTo(paper, 6);
  expect(Math.max(crop.width, crop.height)).toBe(1);
  expect(crop.x + crop.width / 2).toBeCloseTo(0.5, 6);
});

it("moves only inside the picture", () => {
  const crop = largestCrop(1.5, 1);
  expect(moveCrop(crop, 5, 5)).toEqual({ ...crop, x: 1 - crop.width, y: 0 });
  expect(moveCrop(crop, -5, -5)).toEqual({ ...crop, x: 0, y: 0 });
});

it("stays inside the picture when it is rounded for the API", () => {
  for (let paper = 0.3; paper < 3; paper += 0.0137) {
    const crop = rounded(moveCrop(largestCrop(1.5, paper), 9, 9));
    expect(crop.x + crop.width).toBeLessThanOrEqual(1);
    expect(crop.y + crop.height).toBeLessThanOrEqual(1);
  }
});
