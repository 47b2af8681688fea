import type { Crop } from "../api";
import { clamp } from "./layouts";

/** The ratio of the paper, turned the way the picture lies: a 10×15 print of a portrait is 10 wide and 15 high. */
export function printAspect(widthMm: number, heightMm: number, photoAspect: number): number {
  const paper = widthMm / heightMm;
  return paper >= 1 === photoAspect >= 1 ? paper : 1 / paper;
}

/** The largest crop of the given ratio, around a center. */
export function largestCrop(photoAspect: number, targetAspect: number, centerX = 0.5, centerY = 0.5): Crop {
  const relative = targetAspect / photoAspect;
  const width = Math.min(1, relative);
  const height = Math.min(1, 1 / relative);
  return { x: clamp(centerX - width / 2, 0, 1 - width), y: clamp(centerY - height / 2, 0, 1 - height), width, height };
}

/** Paper and picture differ by more than a sliver that nobody would see. */
export function needsCrop(photoAspect: number, targetAspect: number): boolean {
  return Math.abs(targetAspect / photoAspect - 1) > 0.01;
}

export function moveCrop(crop: Crop, byX: number, byY: number): Crop {
  return { ...crop, x: clamp(crop.x + byX, 0, 1 - crop.width), y: clamp(crop.y + byY, 0, 1 - crop.height) };
}

/** Six digits are enough for any picture, and keep `x + width` at or below 1 after rounding. */
export function rounded(crop: Crop): Crop {
  const floor = (value: number) => Math.floor(value * 1e6 + 1e-4) / 1e6;
  return { x: floor(crop.x), y: floor(crop.y), width: floor(crop.width), height: floor(crop.height) };
}
