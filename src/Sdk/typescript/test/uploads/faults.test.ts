import { describe, expect, it } from "vitest";
import { createProofsheet, UnauthorizedError, type UploadProgress } from "../../src/index.js";
import { memorySessions, type ResumableUploadOptions, resumableUpload } from "../../src/uploads.js";
import { type Fault, Gallery } from "./gallery.js";

const quick = { baseDelayMs: 1, maxDelayMs: 1_000 };

const bytesOf = (length: number, seed = 0) => new Uint8Array(length).map((_, i) => (i * 7 + seed) % 251);
const fileOf = (name: string, bytes: Uint8Array<ArrayBuffer>) => new File([bytes], name, { lastModified: 1 });
const on = (method: string, at: number, fault: Fault) => (m: string, before: number) => (m === method && before === at ? fault : undefined);
const uploadTo = (gallery: Gallery, files: File[], options: ResumableUploadOptions = {}) =>
  resumableUpload(createProofsheet({ baseUrl: gallery.baseUrl, key: "k", retry: quick }), "gal_1", files, {
    chunkBytes: 1_000,
    ...options,
  });

const troubles: Record<string, (method: string, before: number) => Fault | undefined> = {
  "cut in the middle of a piece": on("PATCH", 1, { kind: "cut", bytes: 400 }),
  "cut before the first byte": on("PATCH", 0, { kind: "cut", bytes: 0 }),
  "503 with a time": on("PATCH", 1, { kind: "answer", status: 503, code: "storage_failed", retryAfter: 1 }),
  "a full disk": on("PATCH", 2, { kind: "answer", status: 507, code: "storage_full" }),
  locked: on("PATCH", 1, { kind: "answer", status: 423, code: "upload_locked" }),
  "the answer lost in the middle": on("PATCH", 1, { kind: "lost" }),
  "the answer lost at the end": on("PATCH", 3, { kind: "lost" }),
  "a conflict out of nowhere": on("PATCH", 2, { kind: "answer", status: 409, code: "upload_offset_conflict" }),
  "the server behind after a crash": on("PATCH", 2, { kind: "behind", bytes: 700 }),
  "a piece damaged on its way": on("PATCH", 1, { kind: "answer", status: 460, code: "upload_checksum_mismatch" }),
  "less taken than sent": on("PATCH", 1, { kind: "takes", bytes: 300 }),
  expired: on("PATCH", 2, { kind: "expired" }),
  "the answer to the creation lost": on("POST", 0, { kind: "lost" }),
  "no answer at all": on("PATCH", 1, { kind: "silent" }),
  "the question for the offset broken too": (method, before) => {
    if (method === "PATCH" && before === 1) return { kind: "cut", bytes: 10 };
    if (method === "HEAD" && before === 0) return { kind: "answer", status: 502, code: "x" };
    return method === "HEAD" && before === 1 ? { kind: "answer", status: 423, code: "upload_locked" } : undefined;
  },
};

describe("a resumable upload", () => {
  it.each(Object.keys(troubles))("arrives once and whole: %s", async (trouble) => {
    const gallery = await Gallery.open();
    gallery.faults = troubles[trouble]!;
    const bytes = bytesOf(3_500);
    const told: UploadProgress[] = [];

    const results = await uploadTo(gallery, [fileOf("ä.jpg", bytes)], { onProgress: (p) => told.push(p), pieceTimeoutMs: 500 }).run();

    expect(results).toMatchObject([{ fileName: "ä.jpg", outcome: "accepted", photoId: "pho_1", problem: null }]);
    expect([...gallery.photos.values()].map((b) => Buffer.compare(b, bytes))).toEqual([0]);
    expect(told.at(-1)).toMatchObject({ percent: 100, filesDone: 1, sentBytes: 3_500, stage: "done" });
  });

  it("does not take another server's page for an answer", async () => {
    const gallery = await Gallery.open();
    gallery.faults = on("POST", 0, { kind: "page" });

    const results = await uploadTo(gallery, [fileOf("a.jpg", bytesOf(10)), fileOf("b.jpg", bytesOf(11))]).run();

    expect(results.map((r) => r.outcome)).toEqual(["accepted", "accepted"]);
    expect(gallery.count("POST")).toBe(2);
  });

  it("sends nothing twice when the last answer is lost", async () => {
    const gallery = await Gallery.open();
    gallery.faults = on("PATCH", 3, { kind: "lost" });

    await uploadTo(gallery, [fileOf("a.jpg", bytesOf(3_500))]).run();

    expect(gallery.bytesTaken).toBe(3_500);
    expect(gallery.count("POST")).toBe(1);
  });

  it("costs no more than what had not arrived when it is cut", async () => {
    const gallery = await Gallery.open();
    gallery.faults = on("PATCH", 1, { kind: "cut", bytes: 400 });

    await uploadTo(gallery, [fileOf("a.jpg", bytesOf(3_500))]).run();

    expect(gallery.bytesTaken).toBe(3_500);
  });

  it("does not send what the gallery has", async () => {
    const gallery = await Gallery.open();
    gallery.keep("pho_7", Buffer.from(bytesOf(30)));

    const results = await uploadTo(gallery, [
      fileOf("a.jpg", bytesOf(30)),
      fileOf("b.jpg", bytesOf(20, 1)),
      fileOf("c.jpg", bytesOf(30)),
    ]).run();

    expect(results.map((r) => [r.outcome, r.photoId])).toEqual([
      ["duplicate", "pho_7"],
      ["accepted", "pho_2"],
      ["duplicate", "pho_7"],
    ]);
    expect(gallery.bytesTaken).toBe(20);
  });

  it("makes one photo of two files with the same bytes, and both name it", async () => {
    const gallery = await Gallery.open();

    const results = await uploadTo(gallery, [fileOf("a.jpg", bytesOf(30)), fileOf("b.jpg", bytesOf(30)), fileOf("c.jpg", bytesOf(20, 1))], {
      concurrency: 1,
    }).run();

    expect(results.map((r) => [r.outcome, r.photoId])).toEqual([
      ["accepted", "pho_1"],
      ["duplicate", "pho_1"],
      ["accepted", "pho_2"],
    ]);
    expect(gallery.bytesTaken).toBe(50);
  });

  it("without reading first finds duplicates at the end", async () => {
    const gallery = await Gallery.open();
    gallery.keep("pho_7", Buffer.from(bytesOf(30)));

    expect(await uploadTo(gallery, [fileOf("a.jpg", bytesOf(30))], { hashUpToBytes: 10 }).run()).toMatchObject([
      { outcome: "duplicate", photoId: "pho_7" },
    ]);
  });

  it.each(["told", "lost"])("tells of a refused file in its result and goes on with the others (the answer is %s)", async (way) => {
    const gallery = await Gallery.open();
    gallery.refuses = (name) => (name === "a.txt" ? "not_an_image" : undefined);
    if (way === "lost") gallery.faults = on("PATCH", 0, { kind: "lost" });

    const results = await uploadTo(gallery, [fileOf("a.txt", bytesOf(9)), fileOf("b.jpg", bytesOf(8))], { concurrency: 1 }).run();

    expect(results).toMatchObject([{ outcome: "refused", problem: { code: "not_an_image" } }, { outcome: "accepted" }]);
  });

  it("announces thousands of files in thousands and puts them into the sections of their folders", async () => {
    const gallery = await Gallery.open();
    gallery.sections.push({ id: "sec_there", title: "Party" });
    const files = Array.from({ length: 2_100 }, (_, i) => ({
      name: `${i}.jpg`,
      path: `wedding/${i % 3 === 0 ? "Church/inside/" : i % 3 === 1 ? "Party/" : ""}${i}.jpg`,
      content: new Blob([String(i)]),
    }));
    const proofsheet = createProofsheet({ baseUrl: gallery.baseUrl, key: "k", retry: quick });

    const results = await resumableUpload(proofsheet, "gal_1", files, { sections: true, concurrency: 6 }).run();

    expect(results.every((r) => r.outcome === "accepted")).toBe(true);
    expect(gallery.batches).toEqual([1_000, 1_000, 100]);
    expect(gallery.sections.map((s) => s.title)).toEqual(["Party", "Church"]);
    expect(gallery.sectionsOfPhotos.filter((s) => s === "sec_there")).toHaveLength(700);
    expect(gallery.sectionsOfPhotos.filter((s) => s === undefined)).toHaveLength(700);
  });

  it.each([undefined, on("POST", 4, { kind: "lost" })])("sends a large file in parts side by side, as one photo (%#)", async (fault) => {
    const gallery = await Gallery.open();
    if (fault) gallery.faults = fault;
    gallery.arriving = (method) => (method === "PATCH" ? new Promise((done) => setTimeout(done, 20)) : undefined);
    const bytes = bytesOf(10_001);

    const results = await uploadTo(gallery, [fileOf("a.jpg", bytes)], { partsFromBytes: 9_000 }).run();

    expect(results).toMatchObject([{ outcome: "accepted" }]);
    expect([...gallery.photos.values()].map((b) => Buffer.compare(b, bytes))).toEqual([0]);
    expect(gallery.mostWriters).toBe(3);
    expect(gallery.overlaps).toBe(0);
  });

  it("gives the credential to its own address alone", async () => {
    const gallery = await Gallery.open();

    await uploadTo(gallery, [fileOf("a.jpg", bytesOf(3_500))]).run();

    expect(gallery.count("PATCH")).toBe(4);
    expect(new Set(gallery.asked.map((a) => a.authorization))).toEqual(new Set(["Bearer k"]));
  });

  it("ends as a whole when the key is refused", async () => {
    const gallery = await Gallery.open();
    gallery.faults = (method) => (method === "PATCH" ? { kind: "answer", status: 401, code: "invalid_credential" } : undefined);
    const files = Array.from({ length: 20 }, (_, i) => fileOf(`${i}.jpg`, bytesOf(9, i)));

    await expect(uploadTo(gallery, files).run()).rejects.toBeInstanceOf(UnauthorizedError);

    expect(gallery.count("PATCH")).toBeLessThanOrEqual(3);
  });

  it("loses its patience, and what was sent stays", async () => {
    const gallery = await Gallery.open();
    const sessions = memorySessions();
    gallery.faults = (method, before) => (method === "PATCH" && before >= 2 ? { kind: "cut", bytes: 0 } : undefined);
    await expect(uploadTo(gallery, [fileOf("a.jpg", bytesOf(3_500))], { sessions, patienceMs: 60 }).run()).rejects.toMatchObject({
      code: "network_error",
    });

    gallery.faults = () => undefined;
    await uploadTo(gallery, [fileOf("a.jpg", bytesOf(3_500))], { sessions }).run();

    expect(gallery.bytesTaken).toBe(3_500);
  });
});
