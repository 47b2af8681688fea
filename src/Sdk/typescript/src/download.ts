import { ConnectionError, errorOf } from './errors.js';

export interface DownloadOptions {
  signal?: AbortSignal;
  /** Told as bytes arrive; `totalBytes` is undefined when the answer does not say. */
  onProgress?: (progress: { receivedBytes: number; totalBytes: number | undefined }) => void;
}

export interface Download {
  /** From Content-Disposition. */
  readonly fileName: string | undefined;
  readonly type: string;
  readonly totalBytes: number | undefined;
  /** The bytes as they arrive; read it once. */
  readonly stream: ReadableStream<Uint8Array>;
  /** All of it in memory. */
  blob(): Promise<Blob>;
}

/** Fetches a signed address (a photograph, a bought file, an order's ZIP): its signature is the credential, so no key is sent along. */
export async function download(fetcher: typeof fetch, url: string, options: DownloadOptions = {}): Promise<Download> {
  let response: Response;
  try {
    response = await fetcher(url, options.signal ? { signal: options.signal } : {});
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new ConnectionError(error);
  }
  if (!response.ok || !response.body) throw await errorOf(response);

  const length = response.headers.get('Content-Length');
  const totalBytes = length === null ? undefined : Number(length);
  let receivedBytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      receivedBytes += chunk.byteLength;
      options.onProgress?.({ receivedBytes, totalBytes });
      controller.enqueue(chunk);
    },
  });
  const type = response.headers.get('Content-Type') ?? 'application/octet-stream';
  const stream = response.body.pipeThrough(counted as ReadableWritablePair<Uint8Array, Uint8Array>);
  return {
    fileName: fileNameOf(response.headers.get('Content-Disposition')),
    type,
    totalBytes,
    stream,
    blob: async () => new Blob([await new Response(stream).arrayBuffer()], { type }),
  };
}

function fileNameOf(disposition: string | null): string | undefined {
  const encoded = disposition?.match(/filename\*=(?:utf-8|UTF-8)''([^;]+)/)?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return disposition?.match(/filename="?([^";]+)"?/)?.[1];
}
