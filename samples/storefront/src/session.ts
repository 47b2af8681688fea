import { useSyncExternalStore } from "react";

/** What this tab knows about one gallery. */
export interface GallerySession {
  token: string;
  expiresAt: string;
  visitorId: string;
  galleryId: string;
  /** The token no longer opens the gallery, but still identifies the visitor when it is unlocked again. */
  locked?: boolean;
  cartId?: string;
  listId?: string;
}

// sessionStorage, not localStorage: on a shared or borrowed computer the gallery closes with its tab, and a reload keeps the token, the cart and
// the selection. Not a cookie: the API is on another origin and only accepts bearer tokens.
const PREFIX = "proofsheet:";
const listeners = new Set<() => void>();
const cache = new Map<string, GallerySession | null>();

export function readSession(slug: string): GallerySession | null {
  let session = cache.get(slug);
  if (session === undefined) {
    session = parse(storage()?.getItem(PREFIX + slug) ?? null);
    cache.set(slug, session);
  }

  return session;
}

export function writeSession(slug: string, session: GallerySession): void {
  cache.set(slug, session);
  storage()?.setItem(PREFIX + slug, JSON.stringify(session));
  for (const listener of listeners) {
    listener();
  }
}

export function updateSession(slug: string, change: Partial<GallerySession>): void {
  const session = readSession(slug);
  if (session) {
    writeSession(slug, { ...session, ...change });
  }
}

export function lockSession(slug: string): void {
  updateSession(slug, { locked: true });
}

export function useSession(slug: string): GallerySession | null {
  return useSyncExternalStore(subscribe, () => readSession(slug));
}

export function isOpen(session: GallerySession | null): session is GallerySession {
  return session !== null && !session.locked && Date.parse(session.expiresAt) > Date.now();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function parse(text: string | null): GallerySession | null {
  try {
    return text ? (JSON.parse(text) as GallerySession) : null;
  } catch {
    return null;
  }
}

/** Browsers that block storage throw on any access; the session then lasts as long as the page. */
function storage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
