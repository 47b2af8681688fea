import type { UploadBatchFileRequest } from "../generated/types.gen.js";
import type { Run } from "./run.js";
import { type CreatedUpload, digest, hex, type UploadEnd } from "./tus-client.js";

/** The next file to send, or its outcome when it does not have to be sent. */
export interface PlannedFile {
  index: number;
  fingerprint: string;
  sha256: string | undefined;
  sectionId: string | undefined;
  /** The upload that was just created for it, which has no bytes yet. */
  uploadId: string | undefined;
  end: UploadEnd | undefined;
  goesDirectly: boolean;
}

const maxBatchFiles = 1_000;
const maxBatchBytes = 2 ** 30;

/**
 * Runs ahead of the sending: hashes files and announces them in batches, so that a file the gallery already has costs one entry of a request.
 * The first batch is small, so that bytes flow soon.
 */
export async function* planOf(
  run: Run,
  sections: ReadonlyMap<string, string>,
  signal: AbortSignal,
): AsyncGenerator<PlannedFile, undefined> {
  let next = 0;
  let batchBytes = 64 * 2 ** 20;

  const batch = async (): Promise<PlannedFile[]> => {
    const planned: PlannedFile[] = [];
    for (let bytes = 0; next < run.files.length && planned.length < maxBatchFiles && bytes < batchBytes; next++) {
      bytes += run.files[next]!.content.size;
      planned.push(await read(run, next, sections, signal));
    }
    batchBytes = Math.min(batchBytes * 4, maxBatchBytes);
    return await announce(run, planned, signal);
  };

  let ahead = batch();
  for (;;) {
    const ready = await ahead;
    const isLast = next >= run.files.length;
    if (!isLast) {
      ahead = batch();
      // It is awaited in the next round; until then a failure must not count as an unhandled rejection.
      ahead.catch(() => {});
    }
    yield* ready;
    if (isLast) return;
  }
}

async function read(run: Run, index: number, sections: ReadonlyMap<string, string>, signal: AbortSignal): Promise<PlannedFile> {
  await run.gate.passed(signal);
  const file = run.files[index]!;
  const fingerprint = await run.fingerprintOf(file);
  const session = await run.sessions.load(fingerprint);
  let sha256 = session?.sha256;
  // WebCrypto cannot hash incrementally, so the whole file is in memory while it is hashed.
  if (!session && file.content.size <= run.hashUpToBytes) {
    run.report(index, 0, "reading");
    const bytes = await digest(await file.content.arrayBuffer());
    sha256 = bytes && hex(bytes);
  }
  return {
    index,
    fingerprint,
    sha256,
    sectionId: file.section === undefined ? run.sectionId : sections.get(file.section),
    uploadId: undefined,
    end: undefined,
    goesDirectly: false,
  };
}

/** Announces the new files in one request. A file already begun, sent in parts or alone in its batch creates its own upload. */
async function announce(run: Run, planned: PlannedFile[], signal: AbortSignal): Promise<PlannedFile[]> {
  const fresh: PlannedFile[] = [];
  for (const one of planned) {
    const file = run.files[one.index]!;
    // A batch names sections by title only.
    if (!run.goesInParts(file) && (file.section ?? run.sectionId) === file.section && !(await run.sessions.load(one.fingerprint)))
      fresh.push(one);
  }
  if (fresh.length < 2) return planned;
  const files = fresh.map((one): UploadBatchFileRequest => {
    const { name, content, section } = run.files[one.index]!;
    return {
      path: name,
      bytes: content.size,
      ...(one.sha256 !== undefined && { sha256: one.sha256 }),
      ...(section !== undefined && { section }),
    };
  });
  const created: CreatedUpload[] = await run.patiently(() => run.wire.announce(files, signal), signal);
  for (const [i, one] of fresh.entries()) {
    const { uploadId, end, goesDirectly } = created[i]!;
    if (uploadId !== undefined) await run.sessions.save({ fingerprint: one.fingerprint, sha256: one.sha256, uploadIds: [uploadId] });
    // Other uploads have to end first; the file's own request can wait for that.
    if (end?.problem?.code !== "too_many_uploads") Object.assign(one, { uploadId, end, goesDirectly });
  }
  return planned;
}
