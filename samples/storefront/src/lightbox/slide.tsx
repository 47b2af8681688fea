import { useState } from "react";
import type { Photo } from "../api";
import { srcSetOf } from "../gallery/picture";
import type { Zoom } from "./use-zoom";

interface SlideProps {
  photo: Photo;
  alt: string;
  /** -1 before, 0 shown, 1 after. */
  place: number;
  drag: number;
  dragging: boolean;
  zoom: Zoom | null;
}

export function Slide({ photo, alt, place, drag, dragging, zoom }: SlideProps) {
  const [there, setThere] = useState(false);
  const scale = zoom?.scale ?? 1;
  return (
    <div
      className={dragging ? "slide dragging" : "slide"}
      aria-hidden={place !== 0}
      style={{ transform: `translateX(calc(${place * 100}% + ${place * 24 + drag}px))` }}
    >
      <img
        className={there ? "there" : ""}
        src={photo.urls.large}
        srcSet={srcSetOf(photo)}
        sizes={scale > 1 ? "2048px" : "100vw"}
        alt={alt}
        width={photo.currentVersion.width}
        height={photo.currentVersion.height}
        draggable={false}
        onLoad={() => setThere(true)}
        style={{ transform: scale > 1 ? `translate(${zoom!.x}px, ${zoom!.y}px) scale(${scale})` : undefined }}
      />
    </div>
  );
}
