import * as oauth from "oauth4webapi";
import { ConnectionError } from "../errors.js";

/**
 * Signing in did not work. `code` is the authority's own (`access_denied`, `login_required`, `invalid_grant` …: RFC 6749
 * 4.1.2.1 and 5.2, OpenID Connect Core 3.1.2.6), or one of ours: `unknown_state` (this tab did not ask, or the address was used
 * before), `wrong_issuer`, `bad_answer` (an answer that does not fit the request), `no_session`.
 */
export class SignInError extends Error {
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SignInError";
    this.code = code;
  }
}

/** What the protocol library throws, in our words. */
export function signInErrorOf(error: unknown): Error {
  if (error instanceof SignInError || error instanceof ConnectionError) return error;
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    return new SignInError(error.error, error.error_description ?? `The authority answered ${error.error}.`, error);
  }
  // A fetch that failed is a TypeError without a code; the library's own carry one.
  if (error instanceof TypeError && !("code" in error)) return new ConnectionError(error);
  return new SignInError("bad_answer", error instanceof Error ? error.message : String(error), error);
}
