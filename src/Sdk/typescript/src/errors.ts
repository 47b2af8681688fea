/** problem+json (RFC 9457), as every refusal of the API carries it. */
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
 * A refusal of the API, or the failure to reach it. Decide by `code`, which is stable (docs/errors.md lists them), or by
 * the class; `message` is for people.
 */
export class ProofsheetError extends Error {
  /** Stable, snake_case. `network_error` when no answer came at all. */
  readonly code: string;
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Name it when you ask for help. */
  readonly traceId: string | undefined;
  /** What is wrong by field, in the request's spelling; empty when the refusal is not about fields. */
  readonly errors: Readonly<Record<string, string[]>>;
  /** Seconds to wait before asking again, when the answer says so (429, 503). */
  readonly retryAfter: number | undefined;
  /** The whole problem, with what this refusal adds to it. */
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

/** 400, or 422 with fields: the request is not acceptable as it is. */
export class ValidationError extends ProofsheetError {}
/** 401: no credential, or one that is unknown, expired or revoked. */
export class UnauthorizedError extends ProofsheetError {}
/** 403: the credential may not do this. Also a wrong PIN or password. */
export class ForbiddenError extends ProofsheetError {}
/** 404: it does not exist, at least not for this credential. */
export class NotFoundError extends ProofsheetError {}
/** 409 and 412: it is in another state than the request supposes. */
export class ConflictError extends ProofsheetError {}
/** 410: it was there and is over, such as an expired gallery. */
export class GoneError extends ProofsheetError {}
/** 422: a rule of the product refuses a well-formed request. */
export class RuleError extends ProofsheetError {}
/** 5xx: ours to mend. `traceId` helps us. */
export class ServerError extends ProofsheetError {}

/** 429: too many requests; `retryAfter` says how long to wait. */
export class RateLimitedError extends ProofsheetError {}

/** No answer came: the network, the name, the certificate, or CORS. */
export class ConnectionError extends ProofsheetError {
  constructor(cause: unknown) {
    super(0, { code: "network_error", detail: "The API could not be reached." }, { cause });
  }
}

/** Tells a refusal of the API from other errors, and one code from the others. */
export const isProofsheetError = (error: unknown, code?: string): error is ProofsheetError =>
  error instanceof ProofsheetError && (code === undefined || error.code === code);

/** Reads a refusal, whatever stands between us and the API answered it. */
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
    // A proxy's page: the status says enough.
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

/** Seconds of a Retry-After, which is a number or a date. */
export function retryAfterSeconds(value: string | null): number | undefined {
  if (!value) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
