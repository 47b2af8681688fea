import { ConnectionError, isProofsheetError } from "../errors.js";
import type { UploadStage } from "../meter.js";
import { sleep } from "../transport.js";
import { sendDirectly } from "./direct.js";
import type { PlannedFile } from "./plan.js";
import { RangeUploader, UploadGone } from "./range-uploader.js";
import { isGone, isRefusal } from "./retry-policy.js";
import type { Run } from "./run.js";
import type { UploadSession } from "./sessions.js";
import { addressOf, type CreatedUpload, refused, type UploadEnd } from "./tus-client.js";

const maxBeginnings = 4;
const finishingPollMs = 500;

/** Transfers one file: resumes or creates its session, sends it whole or in parts, and gets its outcome. */
export async function transfer(run: Run, planned: PlannedFile, signal: AbortSignal): Promise<UploadEnd> {
  return await run.sessions.exclusively(planned.fingerprint, () => new Transfer(run, planned, signal).send(), signal);
}

class Transfer {
  private readonly content: Blob;
  private readonly metadata: Record<string, string | undefined>;
  private goesDirectly: boolean;

  constructor(
    private readonly run: Run,
    private readonly planned: PlannedFile,
    private readonly signal: AbortSignal,
  ) {
    const { name, content } = run.files[planned.index]!;
    this.content = content;
    this.goesDirectly = planned.goesDirectly;
    this.metadata = { filename: name, sha256: planned.sha256, sectionId: planned.sectionId };
  }

  async send(): Promise<UploadEnd> {
    const { sessions } = this.run;
    const { fingerprint } = this.planned;
    for (let begun = 1; ; begun++) {
      let session = await sessions.load(fingerprint);
      const isNew = session === undefined || session.uploadIds[0] === this.planned.uploadId;
      if (!session) {
        const beginning = await this.begin();
        if ("outcome" in beginning) return beginning;
        session = beginning;
        await sessions.save(session);
      }
      try {
        const end = session.uploadIds.length === 1 ? await this.whole(session.uploadIds[0]!, isNew) : await this.inParts(session, isNew);
        await sessions.remove(fingerprint);
        return end;
      } catch (error) {
        if (!(error instanceof UploadGone)) throw error;
        // The upload expired or was removed, so the session is useless.
        await sessions.remove(fingerprint);
        if (begun === maxBeginnings) throw new ConnectionError(error);
      }
    }
  }

  private async begin(): Promise<UploadSession | UploadEnd> {
    const { fingerprint, sha256 } = this.planned;
    const { size } = this.content;
    const inParts = this.run.goesInParts(this.run.files[this.planned.index]!);
    try {
      if (!inParts || sha256 !== undefined) {
        const { uploadId, end, goesDirectly } = await this.create(size, undefined, this.metadata);
        if (end) return end;
        this.goesDirectly = goesDirectly;
        if (!inParts) return { fingerprint, sha256, uploadIds: [uploadId!] };
        // This upload only asked whether the gallery has the file. It has to be sent, so parts replace it.
        await this.run.wire.terminate(uploadId!, this.signal);
      }
      const uploadIds: string[] = [];
      for (const [start, end] of this.ranges(this.run.parts)) uploadIds.push((await this.create(end - start, "partial", {})).uploadId!);
      return { fingerprint, sha256, uploadIds };
    } catch (error) {
      if (isRefusal(error)) return refused(error.code, error.message);
      throw error;
    }
  }

  private async whole(uploadId: string, isNew: boolean): Promise<UploadEnd> {
    const moved = (bytes: number, stage: UploadStage, movedBytes?: number) => this.moved(bytes, stage, movedBytes);
    const goesDirectly = isNew && this.goesDirectly && this.run.sendsDirectly;
    const end = goesDirectly ? await sendDirectly(this.run, uploadId, this.content, moved, this.signal) : undefined;
    // Ask the API even if the store failed: its request may have succeeded and only the response been lost.
    return end ?? (await this.strand(uploadId, this.content, moved).send(false, isNew && !goesDirectly ? 0 : undefined, this.signal))!;
  }

  private async inParts(session: UploadSession, isNew: boolean): Promise<UploadEnd> {
    let { joinedId } = session;
    if (joinedId === undefined) {
      const end = await this.sendParts(session.uploadIds, isNew);
      if (end) return end;
      const joined = await this.join(session.uploadIds);
      if (joined.end) return joined.end;
      joinedId = joined.uploadId!;
      await this.run.sessions.save({ ...session, joinedId });
    }
    for (;;) {
      try {
        const id = joinedId;
        const end = await this.run.patiently(
          () => this.run.wire.endOf(id, this.signal),
          this.signal,
          () => this.waiting(),
        );
        if (end) return end;
      } catch (error) {
        throw isGone(error) ? new UploadGone() : error;
      }
      await sleep(finishingPollMs, this.signal);
    }
  }

  private async join(uploadIds: readonly string[]): Promise<CreatedUpload> {
    try {
      // Joining is idempotent: for the same parts the API returns the same upload.
      return await this.create(undefined, `final;${uploadIds.map(addressOf).join(" ")}`, this.metadata);
    } catch (error) {
      if (isRefusal(error)) return { uploadId: undefined, end: refused(error.code, error.message), goesDirectly: false };
      throw isProofsheetError(error, "upload_concat_conflict") || isGone(error) ? new UploadGone() : error;
    }
  }

  /** Sends the parts in parallel; undefined when all of them have arrived. */
  private async sendParts(uploadIds: readonly string[], isNew: boolean): Promise<UploadEnd | undefined> {
    const at = uploadIds.map(() => 0);
    const stop = new AbortController();
    const signal = AbortSignal.any([this.signal, stop.signal]);
    const sending = this.ranges(uploadIds.length).map(async ([start, end], part) => {
      const strand = this.strand(uploadIds[part]!, this.content.slice(start, end), (bytes, stage, moved) => {
        at[part] = bytes;
        this.moved(
          at.reduce((sum, b) => sum + b, 0),
          stage,
          moved,
        );
      });
      return await strand.send(true, isNew ? 0 : undefined, signal);
    });
    try {
      return (await Promise.all(sending)).find((end) => end !== undefined);
    } catch (error) {
      stop.abort();
      await Promise.allSettled(sending);
      throw error;
    }
  }

  private create(
    length: number | undefined,
    concat: string | undefined,
    metadata: Record<string, string | undefined>,
  ): Promise<CreatedUpload> {
    return this.run.patiently(
      () => this.run.wire.create(length, concat, metadata, this.signal),
      this.signal,
      () => this.waiting(),
    );
  }

  private strand(uploadId: string, content: Blob, moved: (bytes: number, stage: UploadStage, movedBytes?: number) => void): RangeUploader {
    const { wire, gate, chunkBytes, pieceTimeoutMs } = this.run;
    return new RangeUploader({ wire, gate, chunkBytes, pieceTimeoutMs, patience: this.run.newPatience() }, uploadId, content, moved);
  }

  private moved(bytes: number, stage: UploadStage, movedBytes?: number): void {
    this.run.report(this.planned.index, bytes, stage, movedBytes);
  }

  private waiting(): void {
    this.moved(0, "waiting");
  }

  private ranges(parts: number): [start: number, end: number][] {
    const { size } = this.content;
    return Array.from({ length: parts }, (_, part) => [Math.floor((size * part) / parts), Math.floor((size * (part + 1)) / parts)]);
  }
}
