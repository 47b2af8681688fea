import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sleep } from "../transport.js";
import { createTurns, type UploadSession, type UploadSessions } from "./sessions.js";

const lifetimeMs = 30 * 24 * 3_600_000;
/** Who holds a lock touches it; one that was not touched for long belongs to a process that ended. */
const touchMs = 2_000;
const staleMs = 15_000;

/**
 * In a folder, a small file for each unfinished upload, for their owner alone. Processes that share the folder do not send a file twice: one waits
 * for the other. What nobody came back to for 30 days is deleted.
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
  // Told by whatever is asked first.
  made.catch(() => {});
  return {
    async load(fingerprint) {
      await made;
      try {
        const session = JSON.parse(await readFile(at(fingerprint, "json"), "utf8")) as UploadSession;
        return session.fingerprint === fingerprint && session.uploadIds?.length > 0 ? session : undefined;
      } catch {
        // Never written, or by something else: the file begins again.
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
    // In this process by turns, which cost nothing; against others by a file.
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
