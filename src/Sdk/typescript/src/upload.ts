import { ConnectionError, errorOf, isProofsheetError, type ProofsheetError, retryAfterSeconds, toError } from "./errors.js";
import type { PhotoUploadResult } from "./generated/types.gen.js";
import { createMeter, type UploadProgress } from "./meter.js";
import { newIdempotencyKey, type RetryOptions, repeat } from "./transport.js";

/** A photo to upload: a browser's File, or bytes with a name. In Node, `filesIn` of `@proofsheet/sdk/node` creates these. */
export type UploadSource = File | NamedContent;

export interface NamedContent {
  readonly name: string;
  readonly content: Blob;
  /** The path of the file with its folders, by which it is recognized again. Default: its name. */
  readonly path?: string;
  /** When the file was last modified, in milliseconds since 1970: a modified file is a new upload. */
  readonly modifiedAt?: number;
}

export interface UploadOptions {
  /** The section of the gallery to upload to. */
  sectionId?: string;
  /** Called as bytes are sent and files are done. In browsers this uses XMLHttpRequest, because fetch cannot report sent bytes. */
  onProgress?: (progress: UploadProgress) => void;
  signal?: AbortSignal;
  /** The number of files sent at the same time. Default 3. */
  concurrency?: number;
}

export interface UploadTarget {
  url: string;
  authorization: () => Promise<string | undefined>;
  headers: Record<string, string>;
  fetch: typeof fetch;
  retry: RetryOptions;
}

/**
 * Sends one file per request, so that a broken connection repeats one file and not all. Repeating is safe: a retried request gets the answer
 * of the first, and a file that is uploaded again is reported as a duplicate. A file that is refused is reported in its result; a failure of
 * the whole upload is thrown.
 */
export async function upload(target: UploadTarget, sources: readonly UploadSource[], options: UploadOptions): Promise<PhotoUploadResult[]> {
  const files = sources.map((s) => ({ name: s.name, content: s instanceof Blob ? s : s.content }));
  const results: PhotoUploadResult[] = new Array(files.length);
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const report = createMeter(
    files.map((f) => ({ name: f.name, size: f.content.size })),
    options.onProgress,
  );
  let next = 0;

  const worker = async () => {
    while (next < files.length) {
      signal.throwIfAborted();
      const index = next++;
      const file = files[index]!;
      let before = 0;
      const onSent =
        options.onProgress &&
        ((bytes: number) => {
          report(index, bytes, "sending", Math.max(0, bytes - before));
          before = bytes;
        });
      results[index] = await sendOne(target, file, onSent, signal);
      report(index, file.content.size, "done");
    }
  };

  const workers = Array.from({ length: Math.max(1, Math.min(options.concurrency ?? 3, files.length)) }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(workers);
    throw error;
  }
  return results;
}

interface NamedBlob {
  name: string;
  content: Blob;
}

async function sendOne(
  target: UploadTarget,
  file: NamedBlob,
  onSent: ((bytes: number) => void) | undefined,
  signal: AbortSignal,
): Promise<PhotoUploadResult> {
  // One key for all tries: a file whose response was lost gets that response again, and not a duplicate.
  const idempotencyKey = newIdempotencyKey();
  try {
    const answer = await repeat(
      async () => {
        const authorization = await target.authorization();
        const headers = {
          ...target.headers,
          "Idempotency-Key": idempotencyKey,
          ...(authorization && { Authorization: authorization }),
        };
        const send = onSent === undefined ? sendPlain : typeof XMLHttpRequest === "undefined" ? sendStream : sendXhr;
        return await send(target, file, headers, onSent ?? (() => {}), signal);
      },
      () => true,
      target.retry,
      signal,
    );
    return (answer as { results: PhotoUploadResult[] }).results[0]!;
  } catch (error) {
    const refused = isProofsheetError(error) ? refusal(error, file.name) : undefined;
    if (refused) return refused;
    throw error;
  }
}

/** An error about the file itself, not about the gallery, the credential or the server. */
function refusal(error: ProofsheetError, fileName: string): PhotoUploadResult | undefined {
  const results = error.problem["results"];
  if (Array.isArray(results) && results.length > 0) return results[0] as PhotoUploadResult;
  return [413, 415, 422].includes(error.status)
    ? { fileName, outcome: "refused", photo: null, problem: { code: error.code, detail: error.message } }
    : undefined;
}

type Send = (
  target: UploadTarget,
  file: NamedBlob,
  headers: Record<string, string>,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
) => Promise<unknown>;

const sendPlain: Send = (target, file, headers, _, signal) => {
  const form = new FormData();
  form.append("files", file.content, file.name);
  return answered(target.fetch(target.url, { method: "POST", headers, body: form, signal }), signal);
};

/** Node has no XMLHttpRequest, but can stream a body: the multipart text is written around the file's stream. */
const sendStream: Send = (target, file, headers, onSent, signal) => {
  const boundary = `proofsheet-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
  const name = file.name.replace(/["\r\n]/g, (c) => encodeURIComponent(c));
  const type = file.content.type || "application/octet-stream";
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`;
  const text = new TextEncoder();
  async function* body() {
    yield text.encode(head);
    let bytes = 0;
    for await (const chunk of file.content.stream()) {
      yield chunk;
      bytes += chunk.byteLength;
      onSent(bytes);
    }
    yield text.encode(`\r\n--${boundary}--\r\n`);
  }
  const parts = body();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await parts.return();
    },
  });
  const init = {
    method: "POST",
    headers: { ...headers, "Content-Type": `multipart/form-data; boundary=${boundary}` },
    body: stream,
    signal,
    duplex: "half",
  };
  return answered(target.fetch(target.url, init as RequestInit), signal);
};

const sendXhr: Send = (target, file, headers, onSent, signal) =>
  new Promise((done, fail) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    xhr.open("POST", target.url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (e) => onSent(e.loaded);
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) done(JSON.parse(xhr.responseText));
      else fail(toError(xhr.status, xhr.responseText, retryAfterSeconds(xhr.getResponseHeader("Retry-After"))));
    };
    xhr.onerror = () => fail(new ConnectionError(undefined));
    xhr.onabort = () => fail(signal.reason);
    xhr.onloadend = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort, { once: true });
    const form = new FormData();
    form.append("files", file.content, file.name);
    xhr.send(form);
  });

async function answered(sending: Promise<Response>, signal: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await sending;
  } catch (error) {
    signal.throwIfAborted();
    throw new ConnectionError(error);
  }
  if (!response.ok) throw await errorOf(response);
  return await response.json();
}
