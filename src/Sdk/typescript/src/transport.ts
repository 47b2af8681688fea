import { ConnectionError, errorOf, isProofsheetError, type ProofsheetError } from "./errors.js";

export interface RetryOptions {
  /** How many times a request is retried after the first try. Default 3; 0 turns retries off. */
  retries?: number;
  /** The first delay in milliseconds; it doubles with each retry, with jitter. Default 300. */
  baseDelayMs?: number;
  /** The longest delay in milliseconds. When the API asks for a longer one (Retry-After), the request fails instead. Default 30 000. */
  maxDelayMs?: number;
}

const passing = new Set([429, 502, 503, 504]);

/**
 * A fetch that retries what can be retried safely and throws a {@link ProofsheetError} for every error response. Requests that can be repeated
 * without harm are retried: GET, HEAD, PUT, DELETE, PATCH without If-Match, and POST with an Idempotency-Key. A 429 or 503 is returned before
 * anything was done, so after these every request is retried.
 */
export function repeatingFetch(inner: typeof fetch, options: RetryOptions = {}): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const safe = isSafe(request);
    return await repeat(
      async () => {
        let response: Response;
        try {
          response = await inner(request.clone());
        } catch (error) {
          request.signal.throwIfAborted();
          throw new ConnectionError(error);
        }
        if (!response.ok && response.status !== 304) throw await errorOf(response);
        return response;
      },
      (error) => safe || error.status === 429 || error.status === 503,
      options,
      request.signal,
    );
  };
}

/** Repeats the attempt until it succeeds, `may` returns false, or the retries are used up. */
export async function repeat<T>(
  attempt: () => Promise<T>,
  may: (error: ProofsheetError) => boolean,
  options: RetryOptions,
  signal: AbortSignal | undefined,
): Promise<T> {
  const { retries = 3, baseDelayMs = 300, maxDelayMs = 30_000 } = options;
  for (let tried = 0; ; tried++) {
    try {
      signal?.throwIfAborted();
      return await attempt();
    } catch (error) {
      if (!isProofsheetError(error) || tried >= retries || !isPassing(error) || !may(error)) throw error;
      const backoff = Math.min(baseDelayMs * 2 ** tried, maxDelayMs);
      const jittered = backoff / 2 + Math.random() * (backoff / 2);
      const asked = error.retryAfter;
      if (asked !== undefined && asked * 1000 > maxDelayMs) throw error;
      await sleep(asked === undefined ? jittered : Math.max(asked * 1000, jittered), signal);
    }
  }
}

/** Waits; rejects immediately when the signal aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const abort = () => {
      clearTimeout(timer);
      fail(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      done();
    }, ms);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** A unique key, made of random bytes because `randomUUID` is missing on pages without HTTPS. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

// The connection broke, but the first request with this key may still be running: retrying returns its result.
const isPassing = (error: ProofsheetError): boolean =>
  error.status === 0 || passing.has(error.status) || error.code === "idempotency_in_flight";

function isSafe(request: Request): boolean {
  if (request.method === "POST") return request.headers.has("Idempotency-Key");
  return request.method !== "PATCH" || !request.headers.has("If-Match");
}
