import { ConnectionError, errorOf } from "./errors.js";

export interface DownloadOptions {
  signal?: AbortSignal;
  /** Called as bytes arrive; `totalBytes` is undefined when the response does not declare it. */
  onProgress?: (progress: { receivedBytes: number; totalBytes: number | undefined }) => void;
}

export interface Download {
  /** From Content-Disposition. */
  readonly fileName: string | undefined;
  readonly type: string;
  readonly totalBytes: number | undefined;
  /**
   * The bytes as they arrive; it can be read once. A broken transfer is resumed where it stopped, as long as the content has not changed;
   * otherwise, and when fewer bytes arrive than declared, the stream fails.
   */
  readonly stream: ReadableStream<Uint8Array>;
  /** The whole content in memory. */
  blob(): Promise<Blob>;
}

/** How many times in a row a broken transfer is resumed without receiving a byte. */
const maxEmptyTries = 3;

/** Fetches a signed URL (a photo, a purchased file, an archive). The signature is the credential, so no key is sent. */
export async function download(fetcher: typeof fetch, url: string, options: DownloadOptions = {}): Promise<Download> {
  const response = await ask(fetcher, url, options.signal);
  const length = response.headers.get("Content-Length");
  const totalBytes = length === null ? undefined : Number(length);
  const type = response.headers.get("Content-Type") ?? "application/octet-stream";
  const stream = whole(fetcher, url, response, totalBytes, options);
  return {
    fileName: fileNameOf(response.headers.get("Content-Disposition")),
    type,
    totalBytes,
    stream,
    blob: async () => new Blob([await new Response(stream).arrayBuffer()], { type }),
  };
}

/** The bytes of this response and, when it breaks, of the responses that continue it. */
function whole(
  fetcher: typeof fetch,
  url: string,
  first: Response,
  totalBytes: number | undefined,
  options: DownloadOptions,
): ReadableStream<Uint8Array> {
  const tag = first.headers.get("ETag");
  let reader = first.body!.getReader();
  let receivedBytes = 0;
  let emptyTries = 0;

  async function resume(error: unknown): Promise<void> {
    options.signal?.throwIfAborted();
    // Only a strong ETag proves that the rest belongs to the bytes already received.
    if (!tag || tag.startsWith("W/") || ++emptyTries > maxEmptyTries)
      throw error instanceof ConnectionError ? error : new ConnectionError(error);
    const rest = await ask(fetcher, url, options.signal, receivedBytes > 0 ? { Range: `bytes=${receivedBytes}-`, "If-Range": tag } : {});
    const begins =
      receivedBytes === 0
        ? rest.status === 200
        : rest.status === 206 && rest.headers.get("Content-Range")?.startsWith(`bytes ${receivedBytes}-`);
    if (!begins || rest.headers.get("ETag") !== tag) {
      await rest.body?.cancel();
      throw new ConnectionError(new Error("What is behind the address changed while it was downloaded."));
    }
    reader = rest.body!.getReader();
  }

  async function next(): Promise<Uint8Array | undefined> {
    for (;;) {
      try {
        const { done, value } = await reader.read();
        if (!done) return value;
        if (totalBytes === undefined || totalBytes === receivedBytes) return undefined;
        throw new Error(`Received ${receivedBytes} of ${totalBytes} bytes.`);
      } catch (error) {
        await resume(error);
      }
    }
  }

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = await next();
      if (!chunk) {
        controller.close();
        return;
      }
      emptyTries = 0;
      receivedBytes += chunk.byteLength;
      options.onProgress?.({ receivedBytes, totalBytes });
      controller.enqueue(chunk);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

async function ask(
  fetcher: typeof fetch,
  url: string,
  signal: AbortSignal | undefined,
  headers: Record<string, string> = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetcher(url, { headers, ...(signal ? { signal } : {}) });
  } catch (error) {
    signal?.throwIfAborted();
    throw new ConnectionError(error);
  }
  if (!response.ok || !response.body) throw await errorOf(response);
  return response;
}

function fileNameOf(disposition: string | null): string | undefined {
  const encoded = disposition?.match(/filename\*=(?:utf-8|UTF-8)''([^;]+)/)?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return disposition?.match(/filename="?([^";]+)"?/)?.[1];
}
