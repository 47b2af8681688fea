import { useSyncExternalStore } from "react";
import type { WaitingPick } from "./gallery/waiting-picks";
import { storage, store, stored } from "./lib/storage";

/** What this browser knows about its visit to one gallery. */
export interface GallerySession {
  token: string;
  expiresAt: string;
  visitorId: string;
  sessionId: string;
  galleryId: string;
  /** Gets the next token, also after the tab was closed. Null on a shared computer. */
  refreshToken: string | null;
  /** The token no longer opens the gallery. */
  locked?: boolean;
  /** The refresh token does not either, until the gallery's new secret is known. */
  needsSecret?: boolean;
  cartId?: string;
  listId?: string;
  /** Picks that the API does not know of yet. */
  waiting?: readonly WaitingPick[];
}

// localStorage, so that the picks are there again after the tab was closed. On a shared computer sessionStorage, which ends with the tab. Not a cookie:
// the API is on another origin and only accepts bearer tokens.
const PREFIX = "proofsheet:";
const listeners = new Set<() => void>();
const cache = new Map<string, GallerySession | null>();

export function readSession(slug: string): GallerySession | null {
  let session = cache.get(slug);
  if (session === undefined) {
    session = stored<GallerySession>("sessionStorage", PREFIX + slug) ?? stored<GallerySession>("localStorage", PREFIX + slug);
    cache.set(slug, session);
  }

  return session;
}

export function writeSession(slug: string, session: GallerySession): void {
  cache.set(slug, session);
  const [kept, other] = session.refreshToken
    ? (["localStorage", "sessionStorage"] as const)
    : (["sessionStorage", "localStorage"] as const);
  storage(other)?.removeItem(PREFIX + slug);
  store(kept, PREFIX + slug, session);
  tell();
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

/** Forgets the visit on this device. */
export function forgetSession(slug: string): void {
  cache.set(slug, null);
  storage("sessionStorage")?.removeItem(PREFIX + slug);
  storage("localStorage")?.removeItem(PREFIX + slug);
  tell();
}

export function useSession(slug: string): GallerySession | null {
  return useSyncExternalStore(subscribe, () => readSession(slug));
}

export function isOpen(session: GallerySession | null): session is GallerySession {
  return session !== null && !session.locked && Date.parse(session.expiresAt) > Date.now();
}

function tell() {
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void) {
  if (listeners.size === 0) {
    addEventListener("storage", readAgain);
  }

  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      removeEventListener("storage", readAgain);
    }
  };
}

/** Another tab opened, continued or forgot a visit. */
function readAgain(event: StorageEvent) {
  if (event.storageArea === storage("localStorage") && (event.key === null || event.key.startsWith(PREFIX))) {
    cache.clear();
    tell();
  }
}
