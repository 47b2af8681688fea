import type { CoverUrls, GalleryCover } from "../api";

/** The picture behind a heading, cropped around the point that the photographer chose. */
export function Cover({ urls, focal, blurred = false }: { urls: CoverUrls | null; focal: GalleryCover | null; blurred?: boolean }) {
  if (!urls) {
    return <div className="cover cover-empty" />;
  }

  const position = `${(focal?.focalX ?? 0.5) * 100}% ${(focal?.focalY ?? 0.5) * 100}%`;
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
