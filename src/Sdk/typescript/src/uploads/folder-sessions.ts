import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sleep } from "../transport.js";
import { createTurns, type UploadSession, type UploadSessions } from "./sessions.js";

const lifetimeMs = 30 * 24 * 3_600_000;
/** The holder of a lock keeps touching it; a lock not touched for `staleMs` belongs to a process that ended. */
const touchMs = 2_000;
const staleMs = 15_000;

/**
 * Keeps a small file for each unfinished upload in a folder, readable by its owner only. Processes that share the folder do not send the same
 * file twice: one waits for the other. Sessions that were not updated for 30 days are deleted.
 */
export function folderSessions(folder: string): UploadSessions {
  const at = (fingerprint: string, kind: "json" | "lock") => join(folder, `${fingerprint}.${kind}`);
  const turns = createTurns();
  const made = (async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (await isOlder(path, lifetimeMs)) await rm(path, { force: true });
    }
  })();
  // The first method that is called reports the failure.
  made.catch(() => {});
  return {
    async load(fingerprint) {
      await made;
      try {
        const session = JSON.parse(await readFile(at(fingerprint, "json"), "utf8")) as UploadSession;
        return session.fingerprint === fingerprint && session.uploadIds?.length > 0 ? session : undefined;
      } catch {
        // Missing or unreadable: the file starts over.
        return undefined;
      }
    },
    async save(session) {
      await made;
      const part = join(folder, `${randomUUID()}.part`);
      await writeFile(part, JSON.stringify(session), { mode: 0o600 });
      await rename(part, at(session.fingerprint, "json"));
    },
    remove: (fingerprint) => rm(at(fingerprint, "json"), { force: true }),
    // Calls in this process take turns in memory, which costs nothing; other processes are kept out by a lock file.
    exclusively: (fingerprint, work, signal) =>
      turns(
        fingerprint,
        async () => {
          await made;
          const path = at(fingerprint, "lock");
          await take(path, signal);
          const touching = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), touchMs);
          try {
            return await work();
          } finally {
            clearInterval(touching);
            await rm(path, { force: true });
          }
        },
        signal,
      ),
  };
}

async function take(path: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await (await open(path, "wx", 0o600)).close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (await isOlder(path, staleMs)) await rm(path, { force: true });
    else await sleep(200, signal);
  }
}

async function isOlder(path: string, ms: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > ms;
  } catch {
    return false;
  }
}
