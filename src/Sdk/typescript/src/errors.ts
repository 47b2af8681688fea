/** The problem document (RFC 9457) that every error response of the API carries. */
export interface Problem {
  type?: string | null;
  title?: string | null;
  status?: number | null;
  detail?: string | null;
  code?: string;
  traceId?: string;
  errors?: Record<string, string[]> | null;
  [more: string]: unknown;
}

/**
 * An error that the API returned, or a failure to reach it. Branch on `code`, which is stable (see docs/errors.md for the list), or on the
 * class; `message` is for people.
 */
export class ProofsheetError extends Error {
  /** A stable snake_case code; `network_error` when there was no response. */
  readonly code: string;
  /** The HTTP status; 0 when there was no response. */
  readonly status: number;
  /** Quote this ID when you contact support. */
  readonly traceId: string | undefined;
  /** Error messages by field, spelled as in the request; empty when the error is not about fields. */
  readonly errors: Readonly<Record<string, string[]>>;
  /** Seconds to wait before trying again, when the response says so (429, 503). */
  readonly retryAfter: number | undefined;
  /** The whole problem document, including the members that are specific to this error. */
  readonly problem: Problem;

  constructor(status: number, problem: Problem, more: { retryAfter?: number | undefined; cause?: unknown } = {}) {
    super(problem.detail ?? problem.title ?? `The API answered ${status}.`, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = new.target.name;
    this.status = status;
    this.code = problem.code ?? `http_${status}`;
    this.traceId = problem.traceId;
    this.errors = problem.errors ?? {};
    this.retryAfter = more.retryAfter;
    this.problem = problem;
  }
}

/** 400: the request is invalid; `errors` names the fields. */
export class ValidationError extends ProofsheetError {}
/** 401: no credential, or one that is unknown, expired or revoked. */
export class UnauthorizedError extends ProofsheetError {}
/** 403: the credential lacks permission. Also returned for a wrong PIN or password. */
export class ForbiddenError extends ProofsheetError {}
/** 404: not found, or not visible to this credential. */
export class NotFoundError extends ProofsheetError {}
/** 409 or 412: the resource is in another state, or another version, than the request assumes. */
export class ConflictError extends ProofsheetError {}
/** 410: it existed and no longer does, such as an expired gallery. */
export class GoneError extends ProofsheetError {}
/** 422: the request is well-formed, but breaks a rule of the product. */
export class RuleError extends ProofsheetError {}
/** 5xx: an error on our side; include `traceId` when you report it. */
export class ServerError extends ProofsheetError {}

/** 429: too many requests; `retryAfter` says how long to wait. */
export class RateLimitedError extends ProofsheetError {}

/** No response: a failure of the network, DNS, TLS or CORS. */
export class ConnectionError extends ProofsheetError {
  constructor(cause: unknown) {
    super(0, { code: "network_error", detail: "The API could not be reached." }, { cause });
  }
}

/** Whether the error came from the SDK, and optionally whether it has this code. */
export const isProofsheetError = (error: unknown, code?: string): error is ProofsheetError =>
  error instanceof ProofsheetError && (code === undefined || error.code === code);

/** Reads an error response, even if a proxy sent it instead of the API. */
export async function errorOf(response: Response): Promise<ProofsheetError> {
  const text = await response.text().catch(() => "");
  return toError(response.status, text, retryAfterSeconds(response.headers.get("Retry-After")));
}

export function toError(status: number, text: string, retryAfter: number | undefined): ProofsheetError {
  let problem: Problem = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) problem = parsed as Problem;
  } catch {
    // Not JSON, such as a proxy's error page: the status has to do.
  }
  return new (classOf(status))(status, problem, { retryAfter });
}

function classOf(status: number): typeof ProofsheetError {
  if (status >= 500) return ServerError;
  return byStatus[status] ?? ProofsheetError;
}

const byStatus: Record<number, typeof ProofsheetError> = {
  400: ValidationError,
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  410: GoneError,
  412: ConflictError,
  422: RuleError,
  429: RateLimitedError,
};

/** The seconds of a Retry-After header, which is a number or a date. */
export function retryAfterSeconds(value: string | null): number | undefined {
  if (!value) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
