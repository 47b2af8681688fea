import type { Report } from "../meter.js";
import { mayPass, type PauseGate, type RetryPolicy } from "./retry-policy.js";
import type { UploadSessions } from "./sessions.js";
import { digest, hex, type UploadWire } from "./tus-client.js";

export interface RunFile {
  name: string;
  content: Blob;
  path: string;
  modifiedAt: number | undefined;
  section: string | undefined;
}

/** What all files of an upload share. */
export class Run {
  readonly wire!: UploadWire;
  readonly gate!: PauseGate;
  readonly sessions!: UploadSessions;
  readonly files!: readonly RunFile[];
  readonly report!: Report;
  readonly sectionId!: string | undefined;
  readonly chunkBytes!: number;
  readonly pieceTimeoutMs!: number;
  readonly hashUpToBytes!: number;
  readonly partsFromBytes!: number;
  readonly parts!: number;
  readonly sendsDirectly!: boolean;
  readonly newPatience!: () => RetryPolicy;

  /** The object store turned out to be unreachable: the remaining files go to the API. */
  storeIsClosed = false;

  constructor(fields: Omit<Run, "goesInParts" | "fingerprintOf" | "patiently" | "storeIsClosed">) {
    Object.assign(this, fields);
  }

  /** Whether the file is sent in parts, in parallel. */
  goesInParts(file: RunFile): boolean {
    return this.parts > 1 && file.content.size >= Math.max(this.partsFromBytes, this.parts);
  }

  async fingerprintOf(file: RunFile): Promise<string> {
    const text = [this.wire.scope, this.sectionId ?? "", file.section ?? "", file.path, file.content.size, file.modifiedAt ?? ""].join(
      "\n",
    );
    const bytes = await digest(new TextEncoder().encode(text).buffer as ArrayBuffer);
    return bytes ? hex(bytes) : encodeURIComponent(text);
  }

  /** Repeats the call until it gets a response or the patience runs out. */
  async patiently<T>(ask: () => Promise<T>, signal: AbortSignal, waiting?: () => void): Promise<T> {
    const patience = this.newPatience();
    for (;;) {
      await this.gate.passed(signal);
      try {
        return await ask();
      } catch (error) {
        if (!mayPass(error)) throw error;
        waiting?.();
        await patience.wait(error, signal);
      }
    }
  }
}
