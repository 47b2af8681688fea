import { type PointerEvent, type RefObject, useRef, useState } from "react";
import { bounded, WHOLE, type Zoom, zoomAt } from "./use-zoom";

interface Gestures {
  stage: RefObject<HTMLDivElement | null>;
  zoom: Zoom;
  setZoom: (zoom: Zoom) => void;
  onSwipe: (step: 1 | -1) => void;
  onDown: () => void;
}

interface Point {
  x: number;
  y: number;
}

/** One finger swipes, or moves a zoomed picture; two fingers pinch; a double tap zooms in on that point. */
export function useGestures({ stage, zoom, setZoom, onSwipe, onDown }: Gestures) {
  const pointers = useRef(new Map<number, Point>());
  const start = useRef<{ at: Point; time: number; zoom: Zoom; distance: number }>({
    at: { x: 0, y: 0 },
    time: 0,
    zoom: WHOLE,
    distance: 0,
  });
  const lastTap = useRef<{ time: number; at: Point }>({ time: 0, at: { x: 0, y: 0 } });
  const [drag, setDrag] = useState<Point | null>(null);

  const size = () => stage.current!.getBoundingClientRect();
  const fromMiddle = (point: Point): Point => {
    const box = size();
    return { x: point.x - box.left - box.width / 2, y: point.y - box.top - box.height / 2 };
  };
  const middle = (): Point => {
    const all = [...pointers.current.values()];
    return { x: all.reduce((sum, point) => sum + point.x, 0) / all.length, y: all.reduce((sum, point) => sum + point.y, 0) / all.length };
  };
  const spread = () => {
    const [one, other] = [...pointers.current.values()];
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
  };
  const begin = () => {
    start.current = { at: middle(), time: Date.now(), zoom, distance: spread() };
  };

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) {
      return;
    }

    stage.current!.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    begin();
    onDown();
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!pointers.current.has(event.pointerId)) {
      return;
    }

    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = middle();
    const { at, zoom: before, distance } = start.current;
    const { width, height } = size();
    if (pointers.current.size >= 2 && distance > 0) {
      const from = fromMiddle(at);
      const zoomed = zoomAt(before, (before.scale * spread()) / distance, from.x, from.y, width, height);
      setZoom(bounded({ ...zoomed, x: zoomed.x + now.x - at.x, y: zoomed.y + now.y - at.y }, width, height));
    } else if (before.scale > 1) {
      setZoom(bounded({ ...before, x: before.x + now.x - at.x, y: before.y + now.y - at.y }, width, height));
    } else {
      setDrag({ x: now.x - at.x, y: now.y - at.y });
    }
  };
  const onPointerUp = (event: PointerEvent) => {
    const held = pointers.current.get(event.pointerId);
    if (!held) {
      return;
    }

    pointers.current.delete(event.pointerId);
    if (pointers.current.size > 0) {
      begin();
      return;
    }

    setDrag(null);
    const { at, time, zoom: before } = start.current;
    const moved = { x: held.x - at.x, y: held.y - at.y };
    const took = Date.now() - time;
    if (
      before.scale === 1 &&
      zoom.scale === 1 &&
      Math.abs(moved.x) > Math.abs(moved.y) &&
      (Math.abs(moved.x) > size().width / 4 || (Math.abs(moved.x) > 40 && took < 300))
    ) {
      onSwipe(moved.x < 0 ? 1 : -1);
    } else if (Math.hypot(moved.x, moved.y) < 10 && took < 300) {
      tap(held);
    }
  };
  const tap = (at: Point) => {
    const { time, at: before } = lastTap.current;
    if (Date.now() - time < 320 && Math.hypot(at.x - before.x, at.y - before.y) < 40) {
      const point = fromMiddle(at);
      const { width, height } = size();
      setZoom(zoom.scale > 1 ? WHOLE : zoomAt(zoom, 2.5, point.x, point.y, width, height));
      lastTap.current = { time: 0, at };
    } else {
      lastTap.current = { time: Date.now(), at };
    }
  };
  return { drag, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp } };
}
