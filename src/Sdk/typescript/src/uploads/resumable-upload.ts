import { isProofsheetError } from "../errors.js";
import type { PhotoFailure, UploadOutcome } from "../generated/types.gen.js";
import { createMeter, type UploadProgress } from "../meter.js";
import type { Proofsheet } from "../proofsheet.js";
import type { UploadSource } from "../upload.js";
import { type PlannedFile, planOf } from "./plan.js";
import { PauseGate, RetryPolicy } from "./retry-policy.js";
import { Run, type RunFile } from "./run.js";
import { memorySessions, type UploadSessions } from "./sessions.js";
import { transfer } from "./transfer.js";
import { UploadWire } from "./tus-client.js";

export interface ResumableUploadOptions {
  /** Where unfinished uploads are remembered: `storageSessions()` in browsers, `folderSessions(path)` in Node. Default: in memory. */
  sessions?: UploadSessions;
  onProgress?: (progress: UploadProgress) => void;
  /** The section for files that are not in a subfolder. */
  sectionId?: string;
  /** Folders become sections: `wedding/Church/a.jpg` goes to the section Church, which is created if the gallery does not have it. Default false. */
  sections?: boolean;
  /** The number of files sent at the same time. Default 3. */
  concurrency?: number;
  /** The largest piece of a file that one request carries. Pieces begin at 4 MiB and adapt to the connection. Default 16 MiB. */
  chunkBytes?: number;
  /** Files up to this length are hashed first, so that those the gallery already has are skipped. Default 64 MiB; one at a time is in memory. */
  hashUpToBytes?: number;
  /** Files of this length or more are sent in parts, in parallel. Default 256 MiB. */
  partsFromBytes?: number;
  /** The number of parts, and connections, for such a file; 1 turns parts off. Default 3. */
  parts?: number;
  /**
   * Sends files directly to the object store when the API offers it, and to the API when the store is unreachable. Files sent in parts always go
   * to the API. Default true.
   */
  sendsDirectly?: boolean;
  /** How long to keep trying while nothing gets through. Default ten minutes. */
  patienceMs?: number;
  /** A piece that takes longer counts as a broken connection; the next one is smaller. Default two minutes. */
  pieceTimeoutMs?: number;
}

/** The result of one file. */
export interface ResumableUploadResult {
  fileName: string;
  path: string;
  outcome: UploadOutcome;
  /** The photo; for a duplicate, the existing one. Null when the file was refused. */
  photoId: string | null;
  /** Why it was refused. */
  problem: PhotoFailure | null;
}

/** An upload of photos to a gallery that can be paused; another one with the same files and sessions continues where this one stopped. */
export class ResumableUpload {
  /** The results so far, in the order of the files; undefined for a file that is not done. */
  readonly results: (ResumableUploadResult | undefined)[];
  private readonly gate = new PauseGate();
  private readonly canceled = new AbortController();
  private readonly shared: Run;
  private running: Promise<ResumableUploadResult[]> | undefined;

  constructor(
    private readonly proofsheet: Proofsheet,
    private readonly galleryId: string,
    sources: readonly UploadSource[],
    private readonly options: ResumableUploadOptions,
  ) {
    const files = sources.map((source) => fileOf(source, options.sections ?? false));
    this.results = files.map(() => undefined);
    this.shared = new Run({
      wire: new UploadWire(proofsheet.connection, proofsheet.uploads, galleryId),
      gate: this.gate,
      sessions: options.sessions ?? memorySessions(),
      files,
      report: createMeter(
        files.map((f) => ({ name: f.name, size: f.content.size })),
        options.onProgress,
      ),
      sectionId: options.sectionId,
      chunkBytes: options.chunkBytes ?? 16 * 2 ** 20,
      pieceTimeoutMs: options.pieceTimeoutMs ?? 120_000,
      hashUpToBytes: options.hashUpToBytes ?? 64 * 2 ** 20,
      partsFromBytes: options.partsFromBytes ?? 256 * 2 ** 20,
      parts: options.parts ?? 3,
      sendsDirectly: options.sendsDirectly ?? true,
      newPatience: () => new RetryPolicy(options.patienceMs ?? 600_000, proofsheet.connection.retry),
    });
  }

  get isPaused(): boolean {
    return this.gate.isClosed;
  }

  /**
   * Sends the files, several at a time; it can be called once. A file that is refused is reported in its result, temporary failures are retried,
   * and a failure of the whole upload is thrown. After an abort, another upload can resume from what was sent.
   */
  run(options: { signal?: AbortSignal } = {}): Promise<ResumableUploadResult[]> {
    if (this.running !== undefined) throw new Error("An upload runs only once. Create another one to run it again.");
    this.running = this.send(options.signal);
    return this.running;
  }

  /** Interrupts the upload for as long as you like. An upload expires some time after its last byte; such files start over. */
  pause(): void {
    this.gate.close();
  }

  /** Continues after `pause`. */
  resume(): void {
    this.gate.open();
  }

  /** Ends the upload and deletes incomplete files from the API. `run` rejects with an AbortError. */
  async cancel(): Promise<void> {
    this.canceled.abort(new DOMException("The upload was canceled.", "AbortError"));
    // `run` reports it to its caller.
    await this.running?.catch(() => {});
    const signal = new AbortController().signal;
    const { sessions, wire, files } = this.shared;
    for (const file of files.filter((_, index) => !this.results[index])) {
      const fingerprint = await this.shared.fingerprintOf(file);
      await sessions.exclusively(
        fingerprint,
        async () => {
          const session = await sessions.load(fingerprint);
          for (const id of session?.uploadIds ?? []) {
            await wire.terminate(id, signal).catch((error: unknown) => {
              // Already gone, or it will expire.
              if (!isProofsheetError(error)) throw error;
            });
          }
          await sessions.remove(fingerprint);
        },
        signal,
      );
    }
  }

  private async send(given: AbortSignal | undefined): Promise<ResumableUploadResult[]> {
    const stop = new AbortController();
    const signal = AbortSignal.any([...(given ? [given] : []), this.canceled.signal, stop.signal]);
    const plan = planOf(this.shared, await this.sections(signal), signal);
    const twins: PlannedFile[] = [];
    const sendOne = async (planned: PlannedFile) => {
      const end = planned.end ?? (await transfer(this.shared, planned, signal));
      const { name, path, content } = this.shared.files[planned.index]!;
      this.results[planned.index] = { fileName: name, path, ...end };
      this.shared.report(planned.index, content.size, "done");
    };
    const worker = async () => {
      for (;;) {
        const { value: planned, done } = await plan.next();
        if (done) return;
        // Another file here has the same bytes and its photo does not exist yet; ask again when that one is done.
        if (planned.end && !planned.end.problem && planned.end.photoId === null) twins.push({ ...planned, end: undefined });
        else await sendOne(planned);
      }
    };
    const workers = Array.from({ length: Math.max(1, Math.min(this.options.concurrency ?? 3, this.results.length)) }, worker);
    try {
      await Promise.all(workers);
      for (const twin of twins) await sendOne(twin);
    } catch (error) {
      stop.abort();
      await Promise.allSettled(workers);
      throw error;
    }
    return this.results as ResumableUploadResult[];
  }

  /** The IDs of the sections that the files name. Missing sections are created, in the order of the files. */
  private async sections(signal: AbortSignal): Promise<Map<string, string>> {
    const wanted = new Set(this.shared.files.flatMap((f) => f.section ?? []));
    if (wanted.size === 0) return new Map();
    // A gallery holds up to 100: one page has them all.
    const { data } = await this.shared.patiently(() => this.proofsheet.sections.list(this.galleryId, { limit: 200 }, { signal }), signal);
    const ids = new Map(data.map((s) => [s.title, s.id]));
    for (const title of wanted) {
      if (!ids.has(title))
        ids.set(
          title,
          (await this.shared.patiently(() => this.proofsheet.sections.create(this.galleryId, { title }, { signal }), signal)).id,
        );
    }
    return ids;
  }
}

function fileOf(source: UploadSource, sections: boolean): RunFile {
  const isFile = source instanceof Blob;
  const path = (isFile ? source.webkitRelativePath : source.path) || source.name;
  const folders = path.split(/[/\\]/).slice(0, -1);
  return {
    name: source.name,
    content: isFile ? source : source.content,
    path,
    modifiedAt: isFile ? source.lastModified : source.modifiedAt,
    // The first folder below the chosen one.
    section: sections && folders.length > 1 ? folders[1] : undefined,
  };
}
