/** The state of a pending sign-in, needed when the browser returns: kept for this tab only, and usable once. */
export interface Pending {
  verifier: string;
  nonce: string;
  redirectUri: string;
  returnTo: string;
  startedAt: number;
}

const prefix = "proofsheet.sign-in.";
const lifetimeMs = 60 * 60 * 1000;

export function keep(storage: Storage, state: string, pending: Pending): void {
  forgetOld(storage);
  storage.setItem(prefix + state, JSON.stringify(pending));
}

/** Removed before it is used, so that a return URL works only once, even if it fails. */
export function take(storage: Storage, state: string | null): Pending | undefined {
  const text = state && storage.getItem(prefix + state);
  if (!text) return undefined;
  storage.removeItem(prefix + state);
  const pending = JSON.parse(text) as Pending;
  return Date.now() - pending.startedAt < lifetimeMs ? pending : undefined;
}

function forgetOld(storage: Storage): void {
  const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i)!).filter((k) => k.startsWith(prefix));
  for (const key of keys) {
    const { startedAt } = JSON.parse(storage.getItem(key)!) as Pending;
    if (Date.now() - startedAt >= lifetimeMs) storage.removeItem(key);
  }
}

/** Reduces any URL to a path of this site, so that users cannot be redirected to another one (open redirect). */
export function pathOfThisSite(address: string | undefined, origin: string): string {
  if (address === undefined) return "/";
  const url = URL.canParse(address, origin) ? new URL(address, origin) : undefined;
  return url?.origin === origin ? url.pathname + url.search + url.hash : "/";
}
