/** What has to be known to take up an upload again. */
export interface UploadSession {
  /** Of the file, its length, its time and its gallery: another file, or a changed one, has another. */
  readonly fingerprint: string;
  /** In lower-case hexadecimal; undefined when the file was not read before. */
  readonly sha256?: string | undefined;
  /** Ids of the upload, or of those of its parts in their order. */
  readonly uploadIds: readonly string[];
  /** What the parts were joined to. */
  readonly joinedId?: string | undefined;
}

/**
 * Where unfinished uploads are remembered. Two requests never write one upload, so a file is sent under its lock, which all who share
 * the store (tabs, processes) have to share.
 */
export interface UploadSessions {
  load(fingerprint: string): Promise<UploadSession | undefined>;
  save(session: UploadSession): Promise<void>;
  remove(fingerprint: string): Promise<void>;
  /** Does the work when no one else is at this file; waits until then. */
  exclusively<T>(fingerprint: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** In the memory of this page or process. */
export function memorySessions(): UploadSessions {
  const sessions = new Map<string, UploadSession>();
  return {
    load: async (fingerprint) => sessions.get(fingerprint),
    save: async (session) => void sessions.set(session.fingerprint, session),
    remove: async (fingerprint) => void sessions.delete(fingerprint),
    exclusively: createTurns(),
  };
}

const prefix = "proofsheet-upload:";
const lifetimeMs = 30 * 24 * 3_600_000;

/**
 * In the browser's storage, so that an upload goes on after a reload, with the same files given again. Tabs take turns where the browser has
 * Web Locks (pages with HTTPS); elsewhere the API has the last word. What nobody came back to for 30 days is deleted.
 */
export function storageSessions(storage: Storage = localStorage): UploadSessions {
  const read = (key: string): (UploadSession & { at: number }) | undefined => {
    try {
      const session = JSON.parse(storage.getItem(key)!);
      return typeof session?.at === "number" && session.uploadIds?.length > 0 ? session : undefined;
    } catch {
      return undefined;
    }
  };
  for (const key of Array.from({ length: storage.length }, (_, i) => storage.key(i)!).filter((k) => k.startsWith(prefix))) {
    if (!(Date.now() - (read(key)?.at ?? 0) < lifetimeMs)) storage.removeItem(key);
  }
  return {
    load: async (fingerprint) => read(prefix + fingerprint),
    save: async (session) => {
      try {
        storage.setItem(prefix + session.fingerprint, JSON.stringify({ ...session, at: Date.now() }));
      } catch {
        // Full, or forbidden: the upload goes on, and after a reload it begins again.
      }
    },
    remove: async (fingerprint) => storage.removeItem(prefix + fingerprint),
    exclusively: (fingerprint, work, signal) => {
      const locks = (globalThis.navigator as Navigator | undefined)?.locks as LockManager | undefined;
      return locks ? (locks.request(prefix + fingerprint, { signal }, work) as ReturnType<typeof work>) : turns(fingerprint, work, signal);
    },
  };
}

const turns = createTurns();

/** One after the other, within this page or process. */
export function createTurns(): UploadSessions["exclusively"] {
  const last = new Map<string, Promise<unknown>>();
  return async (fingerprint, work, signal) => {
    const before = last.get(fingerprint) ?? Promise.resolve();
    const mine = before.then(() => {
      signal.throwIfAborted();
      return work();
    });
    const over = mine.catch(() => {});
    last.set(fingerprint, over);
    try {
      return await mine;
    } finally {
      if (last.get(fingerprint) === over) last.delete(fingerprint);
    }
  };
}
