import { isProofsheetError } from "../errors.js";
import type { DirectUpload } from "../generated/types.gen.js";
import type { UploadStage } from "../meter.js";
import { isRefusal } from "./retry-policy.js";
import type { Run } from "./run.js";
import { refused, type UploadEnd } from "./tus-client.js";

const tries = 2;

/**
 * Sends a whole file to the object store, to a URL that the API provides. Returns undefined when the file has to be sent to the API instead,
 * as when the store refuses it.
 */
export async function sendDirectly(
  run: Run,
  uploadId: string,
  content: Blob,
  moved: (bytes: number, stage: UploadStage, movedBytes?: number) => void,
  signal: AbortSignal,
): Promise<UploadEnd | undefined> {
  for (let tried = 0; tried < tries && !run.storeIsClosed; ) {
    await run.gate.passed(signal);
    try {
      tried++;
      const address = await run.wire.direct(uploadId, signal);
      moved(0, "sending");
      await put(run, address, content, signal);
      moved(content.size, "sending", content.size);
      return await run.patiently(
        () => run.wire.complete(uploadId, signal),
        signal,
        () => moved(content.size, "waiting"),
      );
    } catch (error) {
      signal.throwIfAborted();
      // A paused PUT cannot be resumed, so it starts over.
      if (run.gate.isClosed) tried = 0;
      else if (isRefusal(error)) return refused(error.code, error.message);
      // Send the file to the API instead: its response is the one that counts.
      else if (isProofsheetError(error)) return undefined;
      // The store is unreachable, closed to this page, or the connection broke.
      else if (tried === tries) run.storeIsClosed = true;
    }
  }
  moved(0, "sending");
  return undefined;
}

/** The signed URL is the only authorization: no credential, no cookies and no redirects. */
async function put(run: Run, address: DirectUpload, content: Blob, signal: AbortSignal): Promise<void> {
  // The body sets Content-Length itself, and browsers do not let scripts set it.
  const headers = Object.entries(address.headers).filter(([name]) => name.toLowerCase() !== "content-length");
  const patience = AbortSignal.timeout(run.pieceTimeoutMs * Math.max(1, Math.ceil(content.size / run.chunkBytes)));
  const response = await run.wire.fetch(address.url, {
    method: "PUT",
    headers,
    // The blob's own type is removed, because the store would keep it.
    body: content.slice(0, content.size, ""),
    signal: AbortSignal.any([signal, run.gate.signal, patience]),
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
  });
  if (!response.ok) throw new Error(`The store answered ${response.status}.`);
}
