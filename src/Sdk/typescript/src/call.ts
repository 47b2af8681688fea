import type { Client } from "./generated/client/index.js";
import { newIdempotencyKey } from "./transport.js";

/** What any call takes besides its own arguments. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Your own key for a POST, to repeat it safely over restarts. Without one each call makes its own. */
  idempotencyKey?: string;
  /** Change only this version (an ETag); another answers 412, a ConflictError. */
  ifMatch?: string;
  /** Sees the answer's status and headers, such as its ETag, before the call resolves. */
  onResponse?: (response: Response) => void;
}

interface Input {
  path?: unknown;
  query?: unknown;
  body?: unknown;
  /** The operation takes an Idempotency-Key. */
  keyed?: boolean;
  answer?: "none" | "text" | "binary";
}

/** How the groups reach the generated functions: with this client, its credential and its retries. */
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
