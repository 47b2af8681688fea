import type { UploadBatchFileRequest } from "../generated/types.gen.js";
import type { Run } from "./run.js";
import { type CreatedUpload, digest, hex, type UploadEnd } from "./tus-client.js";

/** A file whose turn has come, and its end when it needs no sending. */
export interface PlannedFile {
  index: number;
  fingerprint: string;
  sha256: string | undefined;
  sectionId: string | undefined;
  /** Of an upload that was made for it a moment ago: nothing of it is there yet. */
  uploadId: string | undefined;
  end: UploadEnd | undefined;
  goesDirectly: boolean;
}

const maxBatchFiles = 1_000;
const maxBatchBytes = 2 ** 30;

/**
 * Goes ahead of the sending: reads files for their SHA-256 and announces them in batches, so that what the gallery has already costs one line of a
 * request. The first batch is small, to have bytes flowing soon.
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
      // It is awaited when its turn comes; until then a failure must not count as forgotten.
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
  // WebCrypto digests nothing piece by piece, so a file that is read for it is in memory whole.
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

/** Those that are new, in one request. What is begun already, goes in parts or stands alone finds its own way. */
async function announce(run: Run, planned: PlannedFile[], signal: AbortSignal): Promise<PlannedFile[]> {
  const fresh: PlannedFile[] = [];
  for (const one of planned) {
    const file = run.files[one.index]!;
    // A batch knows sections by title alone.
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
    // Other uploads have to end first: its own request can wait for that.
    if (end?.problem?.code !== "too_many_uploads") Object.assign(one, { uploadId, end, goesDirectly });
  }
  return planned;
}
