import type { GalleryCover } from "../api";

/** The picture behind a heading, cropped around the focal point that the photographer chose. */
export function Cover({ cover, blurred = false }: { cover: GalleryCover | null; blurred?: boolean }) {
  if (!cover?.urls) {
    return <div className="cover cover-empty" />;
  }

  const { urls } = cover;
  const position = `${cover.focalX * 100}% ${cover.focalY * 100}%`;
  return (
    <div className={blurred ? "cover cover-blurred" : "cover"}>
      {blurred ? (
        <img src={urls.thumbnail} alt="" style={{ objectPosition: position }} />
      ) : (
        <img
          src={urls.preview}
          srcSet={`${urls.preview} 1200w, ${urls.large} 2048w`}
          sizes="100vw"
          alt=""
          fetchPriority="high"
          style={{ objectPosition: position }}
        />
      )}
    </div>
  );
}
