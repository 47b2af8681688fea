import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import type { Crop, Photo } from "../api";
import { srcSetOf } from "../gallery/picture";
import { moveCrop } from "../lib/crop";

/**
 * Shows what will be on the paper. The frame is as large as possible, so it only moves along one axis; for the keyboard and screen readers it is a
 * slider.
 */
export function CropEditor({ photo, crop, onChange }: { photo: Photo; crop: Crop; onChange: (crop: Crop) => void }) {
  const area = useRef<HTMLDivElement>(null);
  const held = useRef<{ x: number; y: number; crop: Crop } | null>(null);
  const sideways = crop.width < crop.height;
  const room = sideways ? 1 - crop.width : 1 - crop.height;
  const at = room === 0 ? 0 : Math.round(((sideways ? crop.x : crop.y) / room) * 100);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = { x: event.clientX, y: event.clientY, crop };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (held.current) {
      const box = area.current!.getBoundingClientRect();
      onChange(moveCrop(held.current.crop, (event.clientX - held.current.x) / box.width, (event.clientY - held.current.y) / box.height));
    }
  };
  const release = () => {
    held.current = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 0.1 : 0.02;
    const by = { ArrowLeft: -step, ArrowUp: -step, ArrowRight: step, ArrowDown: step, Home: -1, End: 1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      onChange(moveCrop(crop, sideways ? by : 0, sideways ? 0 : by));
    }
  };
  const percent = (value: number) => `${value * 100}%`;
  return (
    <div className="crop" ref={area} style={{ aspectRatio: `${photo.currentVersion.width} / ${photo.currentVersion.height}` }}>
      <img src={photo.urls.preview} srcSet={srcSetOf(photo)} sizes="(min-width: 900px) 480px, 90vw" alt="" draggable={false} />
      <div
        className="crop-frame"
        role="slider"
        tabIndex={0}
        aria-label="What is printed"
        aria-orientation={sideways ? "horizontal" : "vertical"}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={at}
        aria-valuetext={`${at} percent from the ${sideways ? "left" : "top"}`}
        style={{ left: percent(crop.x), top: percent(crop.y), width: percent(crop.width), height: percent(crop.height) }}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={release}
        onPointerCancel={release}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
