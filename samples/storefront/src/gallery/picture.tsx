import { decode, isBlurhashValid } from "blurhash";
import { useLayoutEffect, useRef, useState } from "react";
import type { Photo } from "../api";

interface PictureProps {
  photo: Photo;
  alt: string;
  sizes: string;
  eager?: boolean;
}

/** A photo that appears as its main color first, then blurred, then in full. */
export function Picture({ photo, alt, sizes, eager = false }: PictureProps) {
  const [state, setState] = useState<"waiting" | "there" | "failed">("waiting");
  const image = useRef<HTMLImageElement>(null);
  useLayoutEffect(() => {
    // A cached image may already be loaded before React listens.
    if (image.current?.complete && image.current.naturalWidth > 0) {
      setState("there");
    }
  }, []);
  return (
    <span className={`picture ${state}`} style={{ backgroundColor: photo.colors[0] }}>
      {state !== "there" && photo.placeholder && <Blur hash={photo.placeholder} />}
      <img
        ref={image}
        src={photo.urls.preview}
        srcSet={srcSetOf(photo)}
        sizes={sizes}
        alt={alt}
        width={photo.currentVersion.width}
        height={photo.currentVersion.height}
        loading={eager ? "eager" : "lazy"}
        decoding="async"
        draggable={false}
        onLoad={() => setState("there")}
        onError={() => setState("failed")}
      />
      {state === "failed" && (
        <span className="picture-failed" aria-hidden="true">
          This picture did not arrive
        </span>
      )}
    </span>
  );
}

export function srcSetOf(photo: Photo): string | undefined {
  return photo.srcset.length ? photo.srcset.map((source) => `${source.url} ${source.width}w`).join(", ") : undefined;
}

function Blur({ hash }: { hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context && isBlurhashValid(hash).result) {
      context.putImageData(new ImageData(new Uint8ClampedArray(decode(hash, 24, 24)), 24, 24), 0, 0);
    }
  }, [hash]);
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas without a tabindex is not focusable.
  return <canvas ref={canvas} width={24} height={24} aria-hidden="true" />;
}
