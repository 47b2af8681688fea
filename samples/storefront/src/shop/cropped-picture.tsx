import type { Crop, Photo } from "../api";

/** The part of the photo that is printed, in the shape of the paper. */
export function CroppedPicture({ photo, crop, alt }: { photo: Photo; crop?: Crop | null; alt: string }) {
  const part = crop ?? { x: 0, y: 0, width: 1, height: 1 };
  return (
    <span
      className="cropped"
      style={{
        aspectRatio: `${photo.currentVersion.width * part.width} / ${photo.currentVersion.height * part.height}`,
        backgroundColor: photo.colors[0],
      }}
    >
      <img
        src={photo.urls.preview}
        alt={alt}
        loading="lazy"
        style={{ width: `${100 / part.width}%`, left: `${(-part.x / part.width) * 100}%`, top: `${(-part.y / part.height) * 100}%` }}
      />
    </span>
  );
}
