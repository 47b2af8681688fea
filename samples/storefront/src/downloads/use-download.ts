import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { DownloadRequest, GalleryDownload, VisitorApi } from "../api";
import { useGallery } from "../gallery/context";
import { fileOf, isShareable, nextFiles, type Sharing, sharing, withFewer } from "./sharing";
import { filesOf } from "./unzip";
import { NotMade } from "./words";

/** How far a download is. */
export type Stage =
  | { at: "nothing" }
  | { at: "preparing"; done: number; total: number }
  | { at: "receiving"; bytes: number; total: number | undefined }
  /** The files are here, and wait for a tap that hands them over. */
  | { at: "sharing"; sharing: Sharing }
  | { at: "shared"; count: number }
  /** The browser downloads the file; the link is for the case that it does not. */
  | { at: "begun"; link: Link }
  | { at: "failed"; error: unknown };

export interface Link {
  url: string;
  bytes: number;
  /** Only for files that are here already; otherwise the response names the file. */
  fileName?: string;
}

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 2500;
// Bytes arrive in thousands of parts.
const TELL_EVERY = 100;

/** Requests a download, waits until it is ready, and hands it to the share sheet or to the browser. */
export function useDownload() {
  const { slug, api } = useGallery();
  const queries = useQueryClient();
  const [stage, setStage] = useState<Stage>({ at: "nothing" });
  const running = useRef<AbortController>(null);
  // What was received, to be saved as a file if the share sheet refuses it.
  const received = useRef<Received>(null);
  useEffect(() => () => running.current?.abort(), []);

  const begin = (link: Link) => {
    click(link);
    setStage({ at: "begun", link });
  };

  const save = ({ content, fileName }: Received) => begin({ url: URL.createObjectURL(content), bytes: content.size, fileName });

  const start = async (request: DownloadRequest, shares: boolean) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    const tell = (next: Stage) => !signal.aborted && setStage(next);
    tell({ at: "preparing", done: 0, total: 0 });
    try {
      const ready = await readyDownload(api, request, signal, (download) =>
        tell({ at: "preparing", done: download.preparedCount, total: download.photoCount }),
      );
      if (shares && isShareable(ready.photoCount, ready.bytes)) {
        const got = await receive(api, ready, signal, (bytes, total) => tell({ at: "receiving", bytes, total }));
        if (got && !signal.aborted) {
          received.current = got;
          // Only now is it known what kinds of files these are.
          return got.files.every((file) => navigator.canShare({ files: [file] })) ? await share(sharing(got.files), true) : save(got);
        }
      }

      await api.checkFile(ready.url, signal);
      if (!signal.aborted) {
        begin({ url: ready.url, bytes: ready.bytes ?? 0 });
      }
    } catch (error) {
      tell({ at: "failed", error });
    } finally {
      // How many are left has changed.
      void queries.invalidateQueries({ queryKey: ["gallery", slug, "download-offer"] });
    }
  };

  /** Opens the share sheet. Browsers allow it only shortly after a tap, so by itself only if that was a moment ago. */
  const share = async (now: Sharing, byItself = false) => {
    if (byItself && !navigator.userActivation?.isActive) {
      setStage({ at: "sharing", sharing: now });
      return;
    }

    const files = nextFiles(now);
    try {
      await navigator.share({ files });
      const shared = now.shared + files.length;
      setStage(shared < now.files.length ? { at: "sharing", sharing: { ...now, shared } } : { at: "shared", count: shared });
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      const fewer = withFewer(now);
      if (name === "AbortError" || (name === "NotAllowedError" && byItself)) {
        // They closed the sheet, or the tap was too long ago.
        setStage({ at: "sharing", sharing: now });
      } else if (fewer) {
        setStage({ at: "sharing", sharing: fewer });
      } else {
        save(received.current!);
      }
    }
  };

  return { stage, start, share };
}

interface Received {
  content: Blob;
  fileName: string;
  files: File[];
}

/** The download once its files are made; they are already for originals. */
async function readyDownload(
  api: VisitorApi,
  request: DownloadRequest,
  signal: AbortSignal,
  tell: (download: GalleryDownload) => void,
): Promise<GalleryDownload & { url: string }> {
  let download = await api.requestDownload(request, signal);
  for (let pause = FIRST_PAUSE; download.status === "preparing"; pause = Math.min(LONGEST_PAUSE, pause * 1.5)) {
    tell(download);
    await new Promise((wait) => setTimeout(wait, pause));
    signal.throwIfAborted();
    download = await api.requestedDownload(download.id, signal);
  }

  if (download.status !== "ready" || !download.url) {
    throw new NotMade();
  }

  return { ...download, url: download.url };
}

/** The files themselves; null if this page cannot have them (a store that answers no scripts, too little memory): the browser still can. */
async function receive(
  api: VisitorApi,
  download: GalleryDownload & { url: string },
  signal: AbortSignal,
  tell: (bytes: number, total: number | undefined) => void,
): Promise<Received | null> {
  try {
    let toldAt = 0;
    const file = await api.receive(download.url, {
      signal,
      onProgress: ({ receivedBytes, totalBytes }) => {
        if (performance.now() - toldAt >= TELL_EVERY) {
          toldAt = performance.now();
          tell(receivedBytes, totalBytes);
        }
      },
    });
    const content = await new Response(file.stream).blob();
    const fileName = file.fileName ?? "photographs";
    const parts = download.photoCount === 1 ? [{ path: fileName, content }] : await filesOf(content);
    return { content, fileName, files: parts.map((part) => fileOf(part.content, part.path)) };
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

/** As if the visitor had clicked a link to the file. */
function click({ url, fileName }: Link) {
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName ?? "";
  document.body.append(link);
  link.click();
  link.remove();
}
