import { isProofsheetError, type ProofsheetError } from "../errors.js";
import { type RetryOptions, sleep } from "../transport.js";

/** Open while an upload runs. Closing it interrupts the requests in flight; opening it lets the upload continue. */
export class PauseGate {
  private running = new AbortController();
  private paused: { opened: Promise<void>; open: () => void } | undefined;

  get isClosed(): boolean {
    return this.paused !== undefined;
  }

  /** Aborts when the gate closes; each pause ends one signal and begins another. */
  get signal(): AbortSignal {
    return this.running.signal;
  }

  close(): void {
    if (this.paused) return;
    let open = () => {};
    const opened = new Promise<void>((done) => (open = done));
    this.paused = { opened, open };
    this.running.abort(new DOMException("Paused.", "AbortError"));
  }

  open(): void {
    const paused = this.paused;
    if (!paused) return;
    this.running = new AbortController();
    this.paused = undefined;
    paused.open();
  }

  async passed(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.paused) return;
    const { opened } = this.paused;
    await new Promise<void>((done, fail) => {
      const abort = () => fail(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      void opened.then(() => {
        signal.removeEventListener("abort", abort);
        done();
      });
    });
  }
}

/** A temporary failure, caused by neither the file nor the caller: trying again may succeed. */
export function mayPass(error: unknown): error is ProofsheetError {
  if (!isProofsheetError(error)) return false;
  switch (error.status) {
    case 0:
    case 408:
    case 423:
    case 429:
    case 460:
      return true;
    case 409:
      return error.code === "upload_offset_conflict" || error.code === "idempotency_in_flight";
    case 422:
      // The gallery has too many uploads: others have to end first.
      return error.code === "too_many_uploads";
    default:
      return error.status >= 500 && error.status !== 501;
  }
}

/** An error about the file itself, not about the gallery, the credential or the server. */
export const isRefusal = (error: unknown): error is ProofsheetError =>
  isProofsheetError(error) && [413, 415, 422].includes(error.status) && !mayPass(error);

/** The upload expired or was removed. */
export const isGone = (error: unknown): error is ProofsheetError =>
  isProofsheetError(error) && (error.status === 404 || error.status === 410);

/** The retries of one upload: growing delays until the patience runs out; each byte that gets through resets it. */
export class RetryPolicy {
  private failures = 0;
  private since = Date.now();

  constructor(
    private readonly patienceMs: number,
    private readonly retry: RetryOptions,
  ) {}

  progressed(): void {
    this.failures = 0;
  }

  /** Waits before the next try; throws the failure when the patience has run out. */
  async wait(failure: ProofsheetError, signal: AbortSignal): Promise<void> {
    if (this.failures === 0) this.since = Date.now();
    const { baseDelayMs = 500, maxDelayMs = 30_000 } = this.retry;
    const backoff = Math.min(baseDelayMs * 2 ** Math.min(this.failures++, 20), maxDelayMs);
    const wait = Math.max((failure.retryAfter ?? 0) * 1_000, backoff / 2 + Math.random() * (backoff / 2));
    if (Date.now() + wait - this.since > this.patienceMs) throw failure;
    await sleep(wait, signal);
  }
}
