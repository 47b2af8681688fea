import { useCallback, useState } from "react";
import { clamp } from "../lib/layouts";

export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };
export const MOST = 5;

/** Zooms so that the point under the finger (measured from the middle of the stage) stays under it. */
export function zoomAt(zoom: Zoom, scale: number, pointX: number, pointY: number, width: number, height: number): Zoom {
  const next = clamp(scale, 1, MOST);
  const ratio = next / zoom.scale;
  return bounded({ scale: next, x: pointX - (pointX - zoom.x) * ratio, y: pointY - (pointY - zoom.y) * ratio }, width, height);
}

/** Keeps the picture over the stage: its edge never moves inside the stage's edge. */
export function bounded(zoom: Zoom, width: number, height: number): Zoom {
  const mostX = Math.max(0, (width * (zoom.scale - 1)) / 2);
  const mostY = Math.max(0, (height * (zoom.scale - 1)) / 2);
  return { scale: zoom.scale, x: clamp(zoom.x, -mostX, mostX), y: clamp(zoom.y, -mostY, mostY) };
}

export function useZoom() {
  const [zoom, setZoom] = useState<Zoom>(WHOLE);
  const reset = useCallback(() => setZoom(WHOLE), []);
  return { zoom, setZoom, reset };
}
