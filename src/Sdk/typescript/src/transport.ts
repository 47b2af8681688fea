import { ConnectionError, errorOf, isProofsheetError, type ProofsheetError } from "./errors.js";

export interface RetryOptions {
  /** How often a request is repeated after its first try. Default 3; 0 turns repeating off. */
  retries?: number;
  /** The first wait in milliseconds; it doubles each time, with jitter. Default 300. */
  baseDelayMs?: number;
  /** The longest wait in milliseconds. An API that asks for more (Retry-After) is not waited for. Default 30 000. */
  maxDelayMs?: number;
}

const passing = new Set([429, 502, 503, 504]);

/**
 * A fetch that repeats what may be repeated and throws a {@link ProofsheetError} for every refusal. A request is repeated
 * when the same request twice does what it does once: GET, HEAD, PUT, DELETE, PATCH without If-Match, and POST with an
 * Idempotency-Key. A 429 or 503 came before anything was done, so it is repeated for all.
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

/** Tries until it goes well, until `may` says no, or until the tries are used up. */
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

/** Waits; rejects at once when the signal aborts. */
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

/** A key that no other request has. `randomUUID` is missing on pages without HTTPS, so it is made of random bytes. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

// The first request with this key may still be at work when its connection broke: its answer comes by asking again.
const isPassing = (error: ProofsheetError): boolean =>
  error.status === 0 || passing.has(error.status) || error.code === "idempotency_in_flight";

function isSafe(request: Request): boolean {
  if (request.method === "POST") return request.headers.has("Idempotency-Key");
  return request.method !== "PATCH" || !request.headers.has("If-Match");
}
