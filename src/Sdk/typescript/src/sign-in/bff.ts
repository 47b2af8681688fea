import { ConnectionError, errorOf } from "../errors.js";
import { createProofsheet, type Proofsheet } from "../proofsheet.js";
import type { RetryOptions } from "../transport.js";
import { SignInError } from "./errors.js";
import { pathOfThisSite } from "./pending.js";

export interface BffOptions {
  /** The path of the backend on this site, such as `/bff`. Its cookie is sent to this site only. */
  path?: string;
  fetch?: typeof fetch;
  retry?: RetryOptions;
  /** How to leave the page. Default: `location.assign`. */
  navigate?: (address: string) => void;
  /** The origin of this site. Default: `location.origin`. */
  origin?: string;
}

export interface BffUser {
  subject: string;
  name?: string | null;
  email?: string | null;
  [more: string]: unknown;
}

/**
 * A client for a page with a backend for frontend (BFF; see samples/account-bff). The tokens stay on the server, the browser has a cookie that
 * scripts cannot read, and every request carries a header that a form on another site cannot send.
 */
export interface BffClient {
  /** The API, called through the backend at `{path}/api`. */
  readonly proofsheet: Proofsheet;
  /** The signed-in user; undefined when no one is signed in. */
  user(): Promise<BffUser | undefined>;
  /** Navigates to `{path}/sign-in`. */
  signIn(request?: { returnTo?: string }): void;
  /** Ends the backend's session, then navigates where the backend says: to the authority, so that its session ends too. */
  signOut(): Promise<void>;
}

/** Marks requests from scripts of this site; CORS keeps other sites from sending the header. */
const guard = { "X-CSRF": "1" };

export function createBffClient(options: BffOptions = {}): BffClient {
  const origin = options.origin ?? location.origin;
  const base = new URL((options.path ?? "/bff").replace(/\/+$/, ""), origin).href;
  if (new URL(base).origin !== origin) throw new SignInError("no_session", "A backend for frontends is on the same site as its page.");
  const inner: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const navigate = options.navigate ?? ((address: string) => location.assign(address));
  const ask = async (path: string, method: string) => {
    try {
      return await inner(base + path, { method, headers: { ...guard, Accept: "application/json" }, credentials: "same-origin" });
    } catch (error) {
      throw new ConnectionError(error);
    }
  };
  return {
    proofsheet: createProofsheet({ baseUrl: `${base}/api`, headers: guard, fetch: inner, ...(options.retry && { retry: options.retry }) }),
    async user() {
      const response = await ask("/user", "GET");
      if (response.status === 401) return undefined;
      if (!response.ok) throw await errorOf(response);
      return (await response.json()) as BffUser;
    },
    signIn({ returnTo } = {}) {
      const here = globalThis.location ? location.pathname + location.search + location.hash : "/";
      navigate(`${base}/sign-in?returnTo=${encodeURIComponent(pathOfThisSite(returnTo ?? here, origin))}`);
    },
    async signOut() {
      const response = await ask("/sign-out", "POST");
      if (!response.ok && response.status !== 401) throw await errorOf(response);
      const { location: next } = response.ok ? ((await response.json()) as { location?: string }) : {};
      navigate(next ?? "/");
    },
  };
}
