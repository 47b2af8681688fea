import type { Call } from "./call.js";
import { ConnectionError, isProofsheetError } from "./errors.js";
import { eventsOf } from "./events.js";
import { PhotosGroup } from "./generated/groups.gen.js";
import type { GalleryProgress, PhotoFailure, PhotoStatus, PhotoUploadResult } from "./generated/types.gen.js";
import { newIdempotencyKey, type RetryOptions, repeatingFetch, sleep } from "./transport.js";
import { type UploadOptions, type UploadSource, upload } from "./upload.js";

/** How to reach the API, for requests that are not generated calls. */
export interface Connection {
  baseUrl: string;
  authorization: () => Promise<string | undefined>;
  headers: Record<string, string>;
  fetch: typeof fetch;
  retry: RetryOptions;
}

/** An event of a gallery: its progress, a photo's new status, or the end of all processing. */
export type GalleryEvent =
  | { type: "progress" | "end"; progress: GalleryProgress }
  | { type: "photo"; photoId: string; status: PhotoStatus; failure: PhotoFailure | null };

/** The photos of galleries, with two handwritten additions: uploads, and watching their processing. */
export class Photos extends PhotosGroup {
  constructor(
    call: Call,
    private readonly connection: Connection,
  ) {
    super(call);
  }

  /**
   * Uploads photos to a gallery, several at a time, each streamed. A file that is refused (not a picture, too large) is reported in its
   * result, a lost connection is retried, and a failure of the whole upload is thrown. The gallery has the photos in the order of their file
   * names, whichever arrives first.
   */
  upload(galleryId: string, files: Iterable<UploadSource>, options: UploadOptions = {}): Promise<PhotoUploadResult[]> {
    const section = options.sectionId === undefined ? "" : `&sectionId=${encodeURIComponent(options.sectionId)}`;
    const url = `${this.connection.baseUrl}/v1/galleries/${encodeURIComponent(galleryId)}/photos?uploadGroup=${newIdempotencyKey()}${section}`;
    return upload({ ...this.connection, url }, [...files], options);
  }

  /** Waits until every photo of the gallery is either ready or has failed with a reason. */
  async ready(
    galleryId: string,
    options: { signal?: AbortSignal; onProgress?: (progress: GalleryProgress) => void; intervalMs?: number } = {},
  ): Promise<GalleryProgress> {
    for (;;) {
      const progress = await this.getGalleryProgress(galleryId, options.signal ? { signal: options.signal } : {});
      options.onProgress?.(progress);
      if (progress.uploadingCount + progress.processingCount === 0) return progress;
      await sleep(options.intervalMs ?? 1_000, options.signal);
    }
  }

  /** Streams the events of a gallery (server-sent events) until all processing has ended. A broken stream is resumed where it stopped. */
  async *watch(galleryId: string, options: { signal?: AbortSignal } = {}): AsyncGenerator<GalleryEvent> {
    const fetcher = repeatingFetch(this.connection.fetch, this.connection.retry);
    const url = `${this.connection.baseUrl}/v1/galleries/${encodeURIComponent(galleryId)}/events`;
    let last: string | undefined;
    for (;;) {
      const authorization = await this.connection.authorization();
      const response = await fetcher(url, {
        headers: {
          ...this.connection.headers,
          Accept: "text/event-stream",
          ...(authorization && { Authorization: authorization }),
          ...(last && { "Last-Event-ID": last }),
        },
        ...(options.signal && { signal: options.signal }),
      });
      try {
        for await (const { id, name, data } of eventsOf(response.body!)) {
          last = id ?? last;
          const news = JSON.parse(data);
          if (name === "photo") yield { type: "photo", ...news };
          else if (name === "progress" || name === "end") yield { type: name, progress: news };
          if (name === "end") return;
        }
      } catch (error) {
        options.signal?.throwIfAborted();
        if (isProofsheetError(error) || !(error instanceof TypeError)) throw error;
        // Undici and browsers report a broken stream as a TypeError; it is reopened below.
        if (last === undefined) throw new ConnectionError(error);
      }
      await sleep(this.connection.retry.baseDelayMs ?? 1_000, options.signal);
    }
  }
}
