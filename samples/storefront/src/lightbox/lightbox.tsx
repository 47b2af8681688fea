import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Photo } from "../api";
import { DownloadButton } from "../downloads/download-button";
import { countText } from "../gallery/count-text";
import { PickButton } from "../gallery/pick-button";
import { srcSetOf } from "../gallery/picture";
import type { usePicks } from "../gallery/use-picks";
import { altOf } from "../lib/text";
import { Icon } from "../ui/icons";
import { Modal } from "../ui/modal";
import { Slide } from "./slide";
import { useGestures } from "./use-gestures";
import { MOST, useZoom, zoomAt } from "./use-zoom";

const SLIDESHOW_MILLISECONDS = 4000;

interface LightboxProps {
  photos: readonly Photo[];
  photoId: string;
  total: number;
  complete: boolean;
  loadMore: () => Promise<void>;
  onShow: (photoId: string) => void;
  onClose: () => void;
  onBuy: (photo: Photo) => void;
  picks: ReturnType<typeof usePicks>;
}

export function Lightbox({ photos, photoId, total, complete, loadMore, onShow, onClose, onBuy, picks }: LightboxProps) {
  const stage = useRef<HTMLDivElement>(null);
  const { zoom, setZoom, reset } = useZoom();
  const [playing, setPlaying] = useState(false);
  const index = photos.findIndex((photo) => photo.id === photoId);
  const photo = photos[index];

  // biome-ignore lint/correctness/useExhaustiveDependencies: each photo is shown whole at first.
  useEffect(reset, [photoId, reset]);
  useEffect(() => {
    // The photo is on a page that is not loaded yet, or near the end of what is loaded.
    if (!complete && (index === -1 || index > photos.length - 4)) {
      void loadMore();
    }
  }, [index, photos.length, complete, loadMore]);
  useEffect(() => {
    if (index === -1 && complete) {
      onClose();
    }
  }, [index, complete, onClose]);
  useEffect(() => {
    for (const step of [1, -1, 2]) {
      const near = photos[index + step];
      if (near) {
        const image = new Image();
        image.sizes = "100vw";
        image.srcset = srcSetOf(near) ?? "";
        image.src = near.urls.large;
      }
    }
  }, [photos, index]);
  const go = (step: 1 | -1) => {
    const next = photos[index + step] ?? (step === 1 && complete && playing ? photos[0] : undefined);
    if (next) {
      onShow(next.id);
    }
  };
  const goRef = useRef(go);
  useEffect(() => {
    goRef.current = go;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each photo stays for the same time, however it was reached.
  useEffect(() => {
    if (playing) {
      const timer = setTimeout(() => goRef.current(1), SLIDESHOW_MILLISECONDS);
      return () => clearTimeout(timer);
    }
  }, [playing, photoId]);
  const gestures = useGestures({
    stage,
    zoom,
    setZoom,
    onSwipe: (step) => {
      setPlaying(false);
      go(step);
    },
    onDown: () => setPlaying(false),
  });

  const zoomBy = (factor: number) => {
    const { width, height } = stage.current!.getBoundingClientRect();
    setPlaying(false);
    setZoom(zoomAt(zoom, zoom.scale * factor, 0, 0, width, height));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.target instanceof HTMLTextAreaElement ||
      (event.target as Element).closest("dialog") !== event.currentTarget
    ) {
      return;
    }

    const actions: Record<string, () => void> = {
      ArrowRight: () => {
        setPlaying(false);
        go(1);
      },
      ArrowLeft: () => {
        setPlaying(false);
        go(-1);
      },
      Home: () => onShow(photos[0]!.id),
      End: () => onShow(photos.at(-1)!.id),
      f: () => photo && picks.toggle(photo.id),
      "+": () => zoomBy(1.5),
      "=": () => zoomBy(1.5),
      "-": () => zoomBy(1 / 1.5),
      "0": reset,
      // On a focused button, the space bar presses the button.
      ...((event.target as Element).closest("button") ? {} : { " ": () => setPlaying(!playing) }),
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  };

  if (!photo) {
    return null;
  }

  const name = altOf(photo, index);
  const isPicked = picks.picked.has(photo.id);
  return (
    <Modal label="Photograph" className="lightbox" onClose={onClose} onKeyDown={onKeyDown}>
      <p className="visually-hidden" aria-live={playing ? "off" : "polite"}>
        Photo {index + 1} of {total}
        {photo.title ? `: ${photo.title}` : ""}
        {isPicked ? ", picked" : ""}
      </p>
      <header className="lightbox-head">
        <p aria-hidden="true" className="lightbox-place">
          {index + 1}
          <span> / {total}</span>
        </p>
        <div className="lightbox-tools">
          <button type="button" className="icon-button" aria-label="Zoom out" disabled={zoom.scale <= 1} onClick={() => zoomBy(1 / 1.5)}>
            <Icon name="minus" />
          </button>
          <button type="button" className="icon-button" aria-label="Zoom in" disabled={zoom.scale >= MOST} onClick={() => zoomBy(1.5)}>
            <Icon name="plus" />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={playing ? "Pause the slideshow" : "Play as a slideshow"}
            onClick={() => setPlaying(!playing)}
          >
            <Icon name={playing ? "pause" : "play"} />
          </button>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
      </header>
      <div
        className="lightbox-stage"
        ref={stage}
        tabIndex={-1}
        data-first-focus
        {...gestures.handlers}
        onWheel={(event) => {
          if (event.ctrlKey || zoom.scale > 1) {
            zoomBy(event.deltaY < 0 ? 1.12 : 1 / 1.12);
          }
        }}
      >
        {[-1, 0, 1].map((step) => {
          const shown = photos[index + step];
          return (
            shown && (
              <Slide
                key={shown.id}
                photo={shown}
                alt={altOf(shown, index + step)}
                place={step}
                drag={gestures.drag?.x ?? 0}
                dragging={gestures.drag !== null}
                zoom={step === 0 ? zoom : null}
              />
            )
          );
        })}
      </div>
      <button
        type="button"
        className="lightbox-step previous"
        aria-label="Previous photo"
        disabled={index === 0}
        onClick={() => {
          setPlaying(false);
          go(-1);
        }}
      >
        <Icon name="left" />
      </button>
      <button
        type="button"
        className="lightbox-step next"
        aria-label="Next photo"
        disabled={index === photos.length - 1}
        onClick={() => {
          setPlaying(false);
          go(1);
        }}
      >
        <Icon name="right" />
      </button>
      <footer className="lightbox-foot">
        <p className="lightbox-caption">
          {photo.title && <strong dir="auto">{photo.title}</strong>}
          {photo.caption && <span dir="auto">{photo.caption}</span>}
        </p>
        <div className="lightbox-actions">
          <span className="lightbox-count">{picks.active && picks.active.pickCount > 0 ? countText(picks.active) : ""}</span>
          <DownloadButton photo={photo} onOpen={() => setPlaying(false)} />
          <PickButton picked={isPicked} name={name} onToggle={() => picks.toggle(photo.id)} />
          <button
            type="button"
            className="button button-light"
            onClick={() => {
              setPlaying(false);
              onBuy(photo);
            }}
          >
            Buy
          </button>
        </div>
      </footer>
    </Modal>
  );
}
