import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { arrange, type LayoutName } from "../lib/layouts";
import { PhotoTile } from "./photo-tile";
import type { Chapter } from "./use-photos";

interface PhotoGridProps {
  layout: string;
  chapter: Chapter;
  picked: ReadonlySet<string>;
  onPick: (photoId: string) => void;
}

/** The photos of one chapter, arranged in the gallery's layout. The document order is the photographer's. */
export function PhotoGrid({ layout, chapter, picked, onPick }: PhotoGridProps) {
  const list = useRef<HTMLUListElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = list.current!;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const sizes = useMemo(() => chapter.photos.map((photo) => photo.currentVersion), [chapter.photos]);
  const placed = useMemo(() => (width > 0 ? arrange(layout as LayoutName, sizes, width) : null), [layout, sizes, width]);
  return (
    <ul className="tiles" ref={list} style={{ height: placed?.height }}>
      {placed &&
        chapter.photos.map((photo, index) => (
          <PhotoTile
            key={photo.id}
            photo={photo}
            index={chapter.start + index}
            box={placed.boxes[index]!}
            picked={picked.has(photo.id)}
            onPick={onPick}
          />
        ))}
    </ul>
  );
}
