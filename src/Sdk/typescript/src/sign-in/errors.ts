import * as oauth from "oauth4webapi";
import { ConnectionError } from "../errors.js";

/**
 * A sign-in failed. `code` is an error code of the authority (such as `access_denied`, `login_required`, `invalid_grant`: RFC 6749 4.1.2.1
 * and 5.2, OpenID Connect Core 3.1.2.6), or one of ours: `unknown_state` (this tab did not start the sign-in, or the URL was already used),
 * `wrong_issuer`, `bad_answer` (the response does not fit the request), `no_session`.
 */
export class SignInError extends Error {
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SignInError";
    this.code = code;
  }
}

/** Translates the errors of oauth4webapi into ours. */
export function signInErrorOf(error: unknown): Error {
  if (error instanceof SignInError || error instanceof ConnectionError) return error;
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    return new SignInError(error.error, error.error_description ?? `The authority answered ${error.error}.`, error);
  }
  // A request that took too long, or its answer, ends with a DOMException.
  if (error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError")) return new ConnectionError(error);
  // A failed fetch is a TypeError without a code; those of the library have one.
  if (error instanceof TypeError && !("code" in error)) return new ConnectionError(error);
  return new SignInError("bad_answer", error instanceof Error ? error.message : String(error), error);
}
