import type { Client } from "./generated/client/index.js";
import { newIdempotencyKey } from "./transport.js";

/** Options that every call accepts in addition to its own arguments. */
export interface CallOptions {
  /** Cancels the call, which then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Your own key for a POST, which makes it safe to repeat even after a restart. Without it, each call generates one. */
  idempotencyKey?: string;
  /** Change the resource only if it still has this ETag; otherwise the API returns 412, a ConflictError. */
  ifMatch?: string;
  /** Called with the response's status and headers, such as its ETag, before the call resolves. */
  onResponse?: (response: Response) => void;
}

interface Input {
  path?: unknown;
  query?: unknown;
  body?: unknown;
  /** Whether the operation accepts an Idempotency-Key. */
  keyed?: boolean;
  answer?: "none" | "text" | "binary";
}

/** Calls a generated function with this client, its credential and its retries. */
export type Call = <T>(operation: (options: never) => Promise<unknown>, input: Input, options?: CallOptions) => Promise<T>;

export function createCall(client: Client): Call {
  return async <T>(operation: (options: never) => Promise<unknown>, input: Input, options: CallOptions = {}) => {
    const { keyed, answer, ...fields } = input;
    const headers: Record<string, string> = {};
    if (keyed) headers["Idempotency-Key"] = options.idempotencyKey ?? newIdempotencyKey();
    if (options.ifMatch !== undefined) headers["If-Match"] = options.ifMatch;
    const result = (await operation({
      ...fields,
      client,
      headers,
      ...(options.signal && { signal: options.signal }),
      ...(answer === "text" && { parseAs: "text" }),
      ...(answer === "binary" && { parseAs: "blob" }),
      responseStyle: "fields",
      throwOnError: true,
    } as never)) as { data: unknown; response: Response };
    options.onResponse?.(result.response);
    return (answer === "none" ? undefined : result.data) as T;
  };
}
