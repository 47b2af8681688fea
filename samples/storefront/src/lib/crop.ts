import type { Crop } from "../api";
import { clamp } from "./layouts";

/** The aspect ratio of the paper, in the orientation of the photo: a 10×15 print of a portrait is 10 wide and 15 high. */
export function printAspect(widthMm: number, heightMm: number, photoAspect: number): number {
  const paper = widthMm / heightMm;
  return paper >= 1 === photoAspect >= 1 ? paper : 1 / paper;
}

/** The largest crop with the given aspect ratio around a center. */
export function largestCrop(photoAspect: number, targetAspect: number, centerX = 0.5, centerY = 0.5): Crop {
  const relative = targetAspect / photoAspect;
  const width = Math.min(1, relative);
  const height = Math.min(1, 1 / relative);
  return { x: clamp(centerX - width / 2, 0, 1 - width), y: clamp(centerY - height / 2, 0, 1 - height), width, height };
}

/** Whether paper and photo differ by more than an invisible sliver. */
export function needsCrop(photoAspect: number, targetAspect: number): boolean {
  return Math.abs(targetAspect / photoAspect - 1) > 0.01;
}

export function moveCrop(crop: Crop, byX: number, byY: number): Crop {
  return { ...crop, x: clamp(crop.x + byX, 0, 1 - crop.width), y: clamp(crop.y + byY, 0, 1 - crop.height) };
}

/** Six decimals are enough for any photo, and keep `x + width` at or below 1 after rounding. */
export function rounded(crop: Crop): Crop {
  const floor = (value: number) => Math.floor(value * 1e6 + 1e-4) / 1e6;
  return { x: floor(crop.x), y: floor(crop.y), width: floor(crop.width), height: floor(crop.height) };
}
