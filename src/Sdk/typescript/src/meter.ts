/** What is being done with a file: read for its SHA-256, sent, waited for the API, or over. */
export type UploadStage = "reading" | "sending" | "waiting" | "done";

export interface UploadProgress {
  /** The file that moved. */
  readonly fileName: string;
  /** Its place among the files, from 0. */
  readonly index: number;
  readonly stage: UploadStage;
  readonly fileSentBytes: number;
  readonly fileTotalBytes: number;
  /** Of all files together. */
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly filesDone: number;
  readonly filesTotal: number;
  /** 0 to 100, whole. */
  readonly percent: number;
  /** Over the last seconds; undefined until there is something to tell. */
  readonly bytesPerSecond: number | undefined;
  /** At that rate. */
  readonly secondsLeft: number | undefined;
}

/** Where a file stands now, and how many bytes have just gone over the wire: what was there before is no speed. */
export type Report = (index: number, bytes: number, stage: UploadStage, movedBytes?: number) => void;

const windowMs = 15_000;

/** Adds up what several files in parallel have sent. */
export function createMeter(
  files: readonly { name: string; size: number }[],
  onProgress: ((progress: UploadProgress) => void) | undefined,
): Report {
  const sent = files.map(() => 0);
  const totalBytes = files.reduce((sum, f) => sum + f.size, 0);
  const moved: { at: number; bytes: number }[] = [];
  let movedBytes = 0;
  let sentBytes = 0;
  let filesDone = 0;

  const rate = (bytes: number): number | undefined => {
    const now = performance.now();
    if (bytes > 0) moved.push({ at: now, bytes });
    movedBytes += bytes;
    while (moved.length > 0 && now - moved[0]!.at > windowMs) movedBytes -= moved.shift()!.bytes;
    // Less than a second of it is chance.
    const ms = moved.length > 0 ? now - moved[0]!.at : 0;
    return ms >= 1_000 ? (movedBytes * 1_000) / ms : undefined;
  };

  return (index, bytes, stage, justMoved = 0) => {
    const { name, size } = files[index]!;
    const now = Math.min(bytes, size);
    sentBytes += now - sent[index]!;
    sent[index] = now;
    if (stage === "done") filesDone++;
    if (!onProgress) return;
    const bytesPerSecond = rate(justMoved);
    onProgress({
      fileName: name,
      index,
      stage,
      fileSentBytes: now,
      fileTotalBytes: size,
      sentBytes,
      totalBytes,
      filesDone,
      filesTotal: files.length,
      percent: totalBytes === 0 ? 100 : Math.floor((sentBytes * 100) / totalBytes),
      bytesPerSecond,
      secondsLeft: bytesPerSecond ? Math.ceil((totalBytes - sentBytes) / bytesPerSecond) : undefined,
    });
  };
}
