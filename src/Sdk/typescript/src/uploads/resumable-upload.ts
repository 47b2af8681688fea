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
  /** Where unfinished uploads are remembered: `storageSessions()` in browsers, `folderSessions(path)` in Node. Default: this page's or process's memory. */
  sessions?: UploadSessions;
  onProgress?: (progress: UploadProgress) => void;
  /** The section for files that are in no folder of their own. */
  sectionId?: string;
  /** Folders become sections: `wedding/Church/a.jpg` goes to the section Church, which is made when the gallery has none. Default false. */
  sections?: boolean;
  /** Files on their way at the same time. Default 3. */
  concurrency?: number;
  /** The largest piece of a file that one request carries. Pieces begin at 4 MiB and follow the connection. Default 16 MiB. */
  chunkBytes?: number;
  /** Files up to this length are read before they are sent, so that what the gallery has already is not sent. Default 64 MiB, in memory one at a time. */
  hashUpToBytes?: number;
  /** A file of this length or more is sent in parts side by side. Default 256 MiB. */
  partsFromBytes?: number;
  /** How many parts, and connections, such a file has; 1 turns it off. Default 3. */
  parts?: number;
  /** Sends files to the API's store itself where that is offered, and to the API where it cannot be reached. Files that go in parts go to the API. Default true. */
  sendsDirectly?: boolean;
  /** How long to try on while nothing at all gets through. Default ten minutes. */
  patienceMs?: number;
  /** A piece that takes longer counts as a broken connection; the next is smaller. Default two minutes. */
  pieceTimeoutMs?: number;
}

/** What became of a file. */
export interface ResumableUploadResult {
  fileName: string;
  path: string;
  outcome: UploadOutcome;
  /** The photo; of a duplicate, the one that was there before. Null when the file was refused. */
  photoId: string | null;
  /** Why it was refused. */
  problem: PhotoFailure | null;
}

/** Photographs on their way to a gallery. Pause and resume as you like; another one with the same files and sessions goes on where this one ended. */
export class ResumableUpload {
  /** How it ended for each file so far, undefined for those on their way. */
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
   * Sends the files, some at a time. A file that is refused is told in its result; failures that may pass are waited for; what ends the whole
   * upload is thrown. Aborting leaves what was sent for another upload. It runs once.
   */
  run(options: { signal?: AbortSignal } = {}): Promise<ResumableUploadResult[]> {
    if (this.running !== undefined) throw new Error("It runs once; make another for another run.");
    this.running = this.send(options.signal);
    return this.running;
  }

  /** Interrupts what is under way, for as long as you like (uploads end by themselves some time after their last byte; they begin again then). */
  pause(): void {
    this.gate.close();
  }

  /** Goes on after `pause`. */
  resume(): void {
    this.gate.open();
  }

  /** Ends it, and has the API forget what it got of files that are not whole. `run` rejects with an AbortError. */
  async cancel(): Promise<void> {
    this.canceled.abort(new DOMException("The upload was canceled.", "AbortError"));
    // Told to whoever runs it.
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
              // Gone already, or it will end by itself.
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
        // The same bytes as another file here, whose photo is not there yet: when that one has ended it will be known.
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

  /** The ids of the sections that the files name; those that the gallery lacks are made, in the order of the files. */
  private async sections(signal: AbortSignal): Promise<Map<string, string>> {
    const wanted = new Set(this.shared.files.flatMap((f) => f.section ?? []));
    if (wanted.size === 0) return new Map();
    const { data } = await this.shared.patiently(() => this.proofsheet.sections.list(this.galleryId, { signal }), signal);
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
    // Below the folder that was chosen.
    section: sections && folders.length > 1 ? folders[1] : undefined,
  };
}
