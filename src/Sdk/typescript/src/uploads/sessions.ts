/** What is needed to resume an upload. */
export interface UploadSession {
  /** Derived from the gallery, the section and the file's path, length and modification time: a changed file has another. */
  readonly fingerprint: string;
  /** SHA-256 of the whole file in lowercase hexadecimal; undefined when it was not hashed before sending. */
  readonly sha256?: string | undefined;
  /** The ID of the upload, or the IDs of its parts in order. */
  readonly uploadIds: readonly string[];
  /** The ID of the upload that the parts were joined into. */
  readonly joinedId?: string | undefined;
}

/**
 * Where unfinished uploads are remembered. Two requests must never write to the same upload, so a file is sent under its lock; everything that
 * shares the store (tabs, processes) must share the lock.
 */
export interface UploadSessions {
  load(fingerprint: string): Promise<UploadSession | undefined>;
  save(session: UploadSession): Promise<void>;
  remove(fingerprint: string): Promise<void>;
  /** Runs the work when no one else is sending this file; waits until then. */
  exclusively<T>(fingerprint: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Keeps sessions in the memory of this page or process. */
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
 * Keeps sessions in the browser's storage, so that an upload continues after a reload when the same files are chosen again. Tabs take turns if
 * the browser has Web Locks (pages with HTTPS); otherwise the API resolves the conflict. Sessions not updated for 30 days are deleted.
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
        // Storage is full or forbidden: the upload continues, but starts over after a reload.
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

/** Runs one piece of work at a time per file, within this page or process. */
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
