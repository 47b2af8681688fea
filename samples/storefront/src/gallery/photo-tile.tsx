import { memo } from "react";
import { Link } from "react-router";
import type { Photo } from "../api";
import type { Box } from "../lib/layouts";
import { altOf } from "../lib/text";
import { PickButton } from "./pick-button";
import { Picture } from "./picture";

interface PhotoTileProps {
  photo: Photo;
  index: number;
  box: Box;
  picked: boolean;
  onPick: (photoId: string) => void;
}

export const PhotoTile = memo(function PhotoTile({ photo, index, box, picked, onPick }: PhotoTileProps) {
  const alt = altOf(photo, index);
  return (
    <li className={picked ? "tile picked" : "tile"} style={{ left: box.left, top: box.top, width: box.width, height: box.height }}>
      <Link to={`?photo=${photo.id}`} preventScrollReset className="tile-link" id={`tile-${photo.id}`}>
        <Picture photo={photo} alt={alt} sizes={`${Math.ceil(box.width)}px`} />
      </Link>
      <PickButton picked={picked} name={alt} onToggle={() => onPick(photo.id)} />
    </li>
  );
});
