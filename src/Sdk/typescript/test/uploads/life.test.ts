import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createProofsheet } from "../../src/index.js";
import { filesIn, folderSessions } from "../../src/node.js";
import { type ResumableUploadOptions, resumableUpload, storageSessions, type UploadSessions } from "../../src/uploads.js";
import { Gallery } from "./gallery.js";

const quick = { baseDelayMs: 1, maxDelayMs: 1_000 };
const bytesOf = (length: number, seed = 0) => new Uint8Array(length).map((_, i) => (i * 7 + seed) % 251);
const photo = (seed = 0, lastModified = 1) => new File([bytesOf(3_500, seed)], "a.jpg", { lastModified });
const uploadTo = (gallery: Gallery, file: File, options: ResumableUploadOptions) =>
  resumableUpload(createProofsheet({ baseUrl: gallery.baseUrl, key: "k", retry: quick }), "gal_1", [file], {
    chunkBytes: 1_000,
    ...options,
  });

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "proofsheet-sdk-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** The storage of an origin in a browser. */
class Kept implements Storage {
  readonly map = new Map<string, string>();
  get length() {
    return this.map.size;
  }
  key = (index: number) => [...this.map.keys()][index] ?? null;
  getItem = (key: string) => this.map.get(key) ?? null;
  setItem = (key: string, value: string) => void this.map.set(key, value);
  removeItem = (key: string) => void this.map.delete(key);
  clear = () => this.map.clear();
}

/** The Web Locks of one origin, shared by its tabs. */
function webLocks(): void {
  const last = new Map<string, Promise<unknown>>();
  const request = (name: string, _: object, work: () => Promise<unknown>) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work);
    last.set(
      name,
      mine.catch(() => {}),
    );
    return mine;
  };
  vi.stubGlobal("navigator", { locks: { request } });
  onTestFinished(() => void vi.unstubAllGlobals());
}

const stores: [string, () => Promise<() => UploadSessions>][] = [
  [
    "the storage of a browser",
    async () => {
      const storage = new Kept();
      return () => storageSessions(storage);
    },
  ],
  [
    "a folder",
    async () => {
      const path = await folder();
      return () => folderSessions(path);
    },
  ],
];

/** Ends a run while its third piece is in flight, as closing the page would. */
async function endInTheMiddle(gallery: Gallery, sessions: UploadSessions): Promise<void> {
  const stop = new AbortController();
  gallery.arriving = (method, before) => {
    if (method === "PATCH" && before === 2) {
      stop.abort();
      return new Promise((done) => setTimeout(done, 50));
    }
    return undefined;
  };
  await expect(uploadTo(gallery, photo(), { sessions }).run({ signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
  await new Promise((done) => setTimeout(done, 100));
  gallery.arriving = () => {};
}

describe("pausing", () => {
  it("interrupts at once and lasts as long as it likes", async () => {
    const gallery = await Gallery.open();
    const upload = uploadTo(gallery, photo(), { patienceMs: 100 });
    gallery.arriving = (method, before) => {
      if (method === "PATCH" && before === 1) {
        upload.pause();
        return new Promise((done) => setTimeout(done, 50));
      }
      return undefined;
    };

    const running = upload.run();
    await vi.waitFor(() => expect(upload.isPaused).toBe(true));
    await new Promise((done) => setTimeout(done, 300));
    const asked = gallery.asked.length;
    await new Promise((done) => setTimeout(done, 100));
    expect(gallery.asked.length).toBe(asked);
    upload.resume();

    expect(await running).toMatchObject([{ outcome: "accepted" }]);
    expect(gallery.overlaps).toBe(0);
    expect(gallery.bytesTaken).toBe(3_500);
  });

  it("and canceling has the API forget what it got", async () => {
    const gallery = await Gallery.open();
    const storage = new Kept();
    const upload = uploadTo(gallery, photo(), { sessions: storageSessions(storage) });
    gallery.arriving = (method, before) => (method === "PATCH" && before > 0 ? new Promise((done) => setTimeout(done, 100)) : undefined);
    const running = upload.run();
    running.catch(() => {});
    await vi.waitFor(() => expect(gallery.count("PATCH")).toBe(2));

    upload.pause();
    await upload.cancel();

    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    expect(gallery.openUploads).toBe(0);
    expect(storage.length).toBe(0);
  });
});

describe.each(stores)("sessions in %s", (_, open) => {
  it("let another run go on where the first was ended", async () => {
    const gallery = await Gallery.open();
    const sessions = await open();
    await endInTheMiddle(gallery, sessions());
    expect(gallery.bytesTaken).toBe(3_000);

    expect(await uploadTo(gallery, photo(), { sessions: sessions() }).run()).toMatchObject([{ outcome: "accepted" }]);

    expect(gallery.bytesTaken).toBe(3_500);
    expect([...gallery.photos.values()].map((b) => Buffer.compare(b, bytesOf(3_500)))).toEqual([0]);
  });

  it("start over for a changed file", async () => {
    const gallery = await Gallery.open();
    const sessions = await open();
    await endInTheMiddle(gallery, sessions());

    await uploadTo(gallery, photo(9, 2), { sessions: sessions() }).run();

    expect([...gallery.photos.values()].map((b) => Buffer.compare(b, bytesOf(3_500, 9)))).toEqual([0]);
  });

  it("start over when the upload has expired meanwhile", async () => {
    const gallery = await Gallery.open();
    const sessions = await open();
    await endInTheMiddle(gallery, sessions());
    const before = gallery.count("HEAD");
    gallery.faults = (method, at) => (method === "HEAD" && at === before ? { kind: "expired" } : undefined);

    expect(await uploadTo(gallery, photo(), { sessions: sessions() }).run()).toMatchObject([{ outcome: "accepted" }]);
  });

  it("let two tabs or processes make one photo, never writing at the same time", async () => {
    webLocks();
    const gallery = await Gallery.open();
    const sessions = await open();
    gallery.arriving = () => new Promise((done) => setTimeout(done, 10));

    const both = await Promise.all([
      uploadTo(gallery, photo(), { sessions: sessions() }).run(),
      uploadTo(gallery, photo(), { sessions: sessions() }).run(),
    ]);

    expect(both.map((r) => r[0]!.outcome).sort()).toEqual(["accepted", "duplicate"]);
    expect(new Set(both.map((r) => r[0]!.photoId)).size).toBe(1);
    expect(gallery.bytesTaken).toBe(3_500);
    expect(gallery.overlaps).toBe(0);
  });
});

it("a folder of sessions is for its owner alone, forgets what ended, and outlives who held a lock and was killed", async () => {
  const gallery = await Gallery.open();
  const path = join(await folder(), "new");
  await endInTheMiddle(gallery, folderSessions(path));
  const [session] = await readdir(path);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect((await stat(join(path, session!))).mode & 0o777).toBe(0o600);
  const lock = join(path, session!.replace(".json", ".lock"));
  await writeFile(lock, "");
  await utimes(lock, 0, Date.now() / 1000 - 60);

  await uploadTo(gallery, photo(), { sessions: folderSessions(path) }).run();

  expect(await readdir(path)).toEqual([]);
});

it("storage that is full or damaged costs the resuming, not the upload", async () => {
  const gallery = await Gallery.open();
  const storage = new Kept();
  storage.setItem("proofsheet-upload:x", "not json");
  storage.setItem = () => {
    throw new DOMException("Full.", "QuotaExceededError");
  };

  expect(await uploadTo(gallery, photo(), { sessions: storageSessions(storage) }).run()).toMatchObject([{ outcome: "accepted" }]);

  expect(storage.length).toBe(0);
});

it("files of a folder come with their folders, in order", async () => {
  const path = await folder();
  const { mkdir } = await import("node:fs/promises");
  await mkdir(join(path, "Church"));
  for (const name of ["10.jpg", "9.jpg", ".hidden", "Church/1.jpg"]) await writeFile(join(path, name), name);

  const files = await filesIn(path, { folders: true });

  expect(files.map((f) => f.path!.split("/").slice(1).join("/"))).toEqual(["9.jpg", "10.jpg", "Church/1.jpg"]);
  expect(files[0]!.modifiedAt).toBeGreaterThan(1_600_000_000_000);
});
