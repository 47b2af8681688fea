/** What is being done with a file: hashed, sent, waiting for the API, or done. */
export type UploadStage = "reading" | "sending" | "waiting" | "done";

export interface UploadProgress {
  /** The file that this report is about. */
  readonly fileName: string;
  /** The index of the file, from 0. */
  readonly index: number;
  readonly stage: UploadStage;
  readonly fileSentBytes: number;
  readonly fileTotalBytes: number;
  /** Of all files together. */
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly filesDone: number;
  readonly filesTotal: number;
  /** A whole number from 0 to 100. */
  readonly percent: number;
  /** Over the last 15 seconds; undefined until there is enough data. */
  readonly bytesPerSecond: number | undefined;
  /** The time left at that rate. */
  readonly secondsLeft: number | undefined;
}

/** Records the bytes of a file that have arrived, and how many of them were just sent; resumed bytes do not count toward the speed. */
export type Report = (index: number, bytes: number, stage: UploadStage, movedBytes?: number) => void;

const windowMs = 15_000;

/** Adds up the progress of parallel uploads. */
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
    // Less than a second of data is not enough for an estimate.
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
