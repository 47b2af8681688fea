import { ConnectionError, isProofsheetError } from "../errors.js";
import type { UploadStage } from "../meter.js";
import { isGone, isRefusal, mayPass, type PauseGate, type RetryPolicy } from "./retry-policy.js";
import { refused, type UploadEnd, type UploadPoint, type UploadWire } from "./tus-client.js";

/** The upload has ended or never existed: the file has to start over. */
export class UploadGone extends Error {}

export interface StrandSettings {
  wire: UploadWire;
  gate: PauseGate;
  patience: RetryPolicy;
  chunkBytes: number;
  pieceTimeoutMs: number;
}

const mebibyte = 1024 * 1024;
/** Pieces that take about this long show steady progress, and cost little when one is lost. */
const goodPieceMs = 4_000;

/**
 * Sends one range of a file to one upload, piece by piece. The API decides how much has arrived: after any failure it is asked for the offset,
 * so a lost response costs nothing and no byte is sent twice.
 */
export class RangeUploader {
  private pieceBytes: number;

  constructor(
    private readonly settings: StrandSettings,
    private readonly uploadId: string,
    private readonly content: Blob,
    private readonly moved: (bytes: number, stage: UploadStage, movedBytes?: number) => void,
  ) {
    this.pieceBytes = Math.min(4 * mebibyte, settings.chunkBytes);
  }

  /** Sends the rest and returns the outcome; undefined for a part that has arrived completely. Without an offset the API is asked for it. */
  async send(isPart: boolean, offset: number | undefined, signal: AbortSignal): Promise<UploadEnd | undefined> {
    const { gate, patience } = this.settings;
    let at: UploadPoint | undefined = offset === undefined ? undefined : { offset, end: undefined };
    for (;;) {
      signal.throwIfAborted();
      if (gate.isClosed) {
        await gate.passed(signal);
        patience.progressed();
        at = undefined;
      }
      try {
        at ??= await this.ask(signal);
        if (at.end || (isPart && at.offset === this.content.size)) return at.end;
        // Every byte has arrived, but the outcome is unknown: an empty PATCH returns it, or finishes the upload.
        const before: number = at.offset;
        at = await this.piece(before, signal);
        if (at.offset > before || at.end) patience.progressed();
        else if (before === this.content.size) throw new ConnectionError(new Error("The upload is whole and has not ended."));
      } catch (error) {
        signal.throwIfAborted();
        if (gate.isClosed) continue;
        if (isGone(error)) throw new UploadGone();
        if (isRefusal(error)) return refused(error.code, error.message);
        if (!mayPass(error)) throw error;
        this.moved(at?.offset ?? 0, "waiting");
        at = undefined;
        await patience.wait(error, signal);
      }
    }
  }

  private async ask(signal: AbortSignal): Promise<UploadPoint> {
    const { size } = this.content;
    let at: UploadPoint;
    try {
      at = await this.settings.wire.head(this.uploadId, signal);
    } catch (error) {
      if (!isProofsheetError(error) || error.status !== 422) throw error;
      // A response to HEAD has no body, so the reason has to be fetched.
      at = { offset: size, end: await this.settings.wire.endOf(this.uploadId, signal) };
    }
    if (at.offset > size) throw new UploadGone();
    this.moved(at.offset, "sending");
    return at;
  }

  private async piece(offset: number, signal: AbortSignal): Promise<UploadPoint> {
    const { wire, gate, pieceTimeoutMs } = this.settings;
    const piece = await this.content.slice(offset, offset + this.pieceBytes).arrayBuffer();
    const began = performance.now();
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), pieceTimeoutMs);
    try {
      const at = await wire.append(this.uploadId, offset, piece, AbortSignal.any([signal, gate.signal, timeout.signal]));
      this.moved(at.offset, "sending", Math.max(0, at.offset - offset));
      if (piece.byteLength === this.pieceBytes) this.adapt(goodPieceMs / Math.max(1, performance.now() - began));
      return at;
    } catch (error) {
      this.adapt(0);
      if (timeout.signal.aborted && !signal.aborted && !gate.isClosed) throw new ConnectionError(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** At most doubles and at least halves the piece, between 1 MiB and the largest size. */
  private adapt(factor: number): void {
    const { chunkBytes } = this.settings;
    const wanted = this.pieceBytes * Math.min(2, Math.max(0.5, factor));
    this.pieceBytes = Math.floor(Math.min(chunkBytes, Math.max(Math.min(mebibyte, chunkBytes), wanted)));
  }
}
