import { describe, expect, it } from "vitest";
import { createProofsheet, type UploadProgress } from "../../src/index.js";
import { type ResumableUploadOptions, resumableUpload } from "../../src/uploads.js";
import { type Seen, serve } from "../server.js";
import { type Fault, Gallery } from "./gallery.js";

const quick = { baseDelayMs: 1, maxDelayMs: 1_000 };
const bytesOf = (length: number, seed = 0) => new Uint8Array(length).map((_, i) => (i * 7 + seed) % 251);
const fileOf = (name: string, bytes: Uint8Array<ArrayBuffer>) => new File([bytes], name, { lastModified: 1, type: "image/jpeg" });

/** By the number of PUTs so far: the status to return, 0 to break the connection, 200 to keep the body. */
async function open(answers: (before: number) => number | Promise<number> = () => 200): Promise<{ gallery: Gallery; puts: Seen[] }> {
  const gallery = await Gallery.open();
  const objects = new Map<string, Buffer>();
  const { baseUrl, seen } = await serve((request, response, at) => {
    void Promise.resolve(answers(at)).then((status) => {
      if (status === 0) return void response.destroy();
      if (status === 200) objects.set(request.url.split("?")[0]!, request.body);
      response.writeHead(status, status === 302 ? { Location: "http://elsewhere.example/" } : {});
      response.end();
    });
  });
  gallery.store = { baseUrl, objects };
  return { gallery, puts: seen };
}

const uploadTo = (gallery: Gallery, files: File[], options: ResumableUploadOptions = {}) =>
  resumableUpload(createProofsheet({ baseUrl: gallery.baseUrl, key: "k", retry: quick }), "gal_1", files, options);

describe("an upload to the store itself", () => {
  it.each([1, 5])("brings %i files past the API", async (count) => {
    const { gallery, puts } = await open();
    const files = Array.from({ length: count }, (_, i) => bytesOf(3_000 + i, i));
    const told: UploadProgress[] = [];

    const results = await uploadTo(
      gallery,
      files.map((bytes, i) => fileOf(`${i}.jpg`, bytes)),
      { onProgress: (p) => told.push(p) },
    ).run();

    expect(results.map((r) => r.outcome)).toEqual(files.map(() => "accepted"));
    expect(results.every((r, i) => Buffer.compare(gallery.photos.get(r.photoId!)!, files[i]!) === 0)).toBe(true);
    expect(puts).toHaveLength(count);
    expect(gallery.count("PATCH")).toBe(0);
    expect(told.at(-1)).toMatchObject({ percent: 100, filesDone: count, stage: "done" });
  });

  it("gives the store its headers and never the credential", async () => {
    const { gallery, puts } = await open();

    await uploadTo(gallery, [fileOf("a.jpg", bytesOf(10))]).run();

    expect(puts[0]!.headers).toMatchObject({ "x-ms-blob-type": "BlockBlob", "content-length": "10" });
    for (const name of ["authorization", "cookie", "tus-resumable", "content-type", "idempotency-key"])
      expect(puts[0]!.headers).not.toHaveProperty(name);
    expect(gallery.asked.every((a) => a.authorization === "Bearer k")).toBe(true);
  });

  it.each([0, 503])("puts again what breaks once (%i)", async (status) => {
    const { gallery, puts } = await open((before) => (before === 0 ? status : 200));

    const results = await uploadTo(gallery, [fileOf("a.jpg", bytesOf(1_000))]).run();

    expect(results).toMatchObject([{ outcome: "accepted" }]);
    expect(puts).toHaveLength(2);
    expect(gallery.count("PATCH")).toBe(0);
  });

  it.each([0, 403, 302])("leaves a store alone that stays closed (%i)", async (status) => {
    const { gallery, puts } = await open(() => status);

    const results = await uploadTo(
      gallery,
      Array.from({ length: 6 }, (_, i) => fileOf(`${i}.jpg`, bytesOf(100, i))),
      { concurrency: 1 },
    ).run();

    expect(results.map((r) => r.outcome)).toEqual(Array.from({ length: 6 }, () => "accepted"));
    expect(gallery.photos.size).toBe(6);
    expect(puts).toHaveLength(2);
  });

  it("finds out a store that says yes and keeps nothing", async () => {
    const { gallery } = await open(() => 201);
    const bytes = bytesOf(500);

    const results = await uploadTo(gallery, [fileOf("a.jpg", bytes)]).run();

    expect(results).toMatchObject([{ outcome: "accepted" }]);
    expect(Buffer.compare([...gallery.photos.values()][0]!, bytes)).toBe(0);
  });

  it("ends as done when the answer to the end is lost", async () => {
    const { gallery, puts } = await open();
    // The three POSTs: create the upload, get the URL, complete it.
    gallery.faults = (method, before): Fault | undefined => (method === "POST" && before === 2 ? { kind: "lost" } : undefined);

    const results = await uploadTo(gallery, [fileOf("a.jpg", bytesOf(500))]).run();

    expect(results).toMatchObject([{ outcome: "accepted", photoId: "pho_1" }]);
    expect(puts).toHaveLength(1);
  });

  it.each([1, 2])("loses no file to a page in place of an answer (%i)", async (at) => {
    const { gallery } = await open();
    // The three POSTs: create the upload, get the URL, complete it.
    gallery.faults = (method, before): Fault | undefined => (method === "POST" && before === at ? { kind: "page" } : undefined);

    const results = await uploadTo(gallery, [fileOf("a.jpg", bytesOf(500))]).run();

    expect(results).toMatchObject([{ outcome: "accepted", photoId: "pho_1" }]);
    expect(gallery.photos.size).toBe(1);
  });

  it("tells a refusal in the result", async () => {
    const { gallery } = await open();
    gallery.refuses = () => "not_an_image";

    const results = await uploadTo(gallery, [fileOf("a.jpg", bytesOf(500))]).run();

    expect(results).toMatchObject([{ outcome: "refused", problem: { code: "not_an_image" } }]);
    expect(gallery.count("PATCH")).toBe(0);
  });

  it("breaks off for a pause and starts over", async () => {
    let goOn = (_: number) => {};
    const first = new Promise<number>((done) => (goOn = done));
    const { gallery, puts } = await open((before) => (before === 0 ? first : 200));
    const upload = uploadTo(gallery, [fileOf("a.jpg", bytesOf(500))]);
    const running = upload.run();
    await expect.poll(() => puts.length).toBe(1);

    upload.pause();
    goOn(503);
    upload.resume();

    expect(await running).toMatchObject([{ outcome: "accepted" }]);
    expect(puts).toHaveLength(2);
    expect(gallery.count("PATCH")).toBe(0);
  });

  it("gives up a store that stands still", async () => {
    const { gallery, puts } = await open(() => new Promise<number>(() => {}));

    const results = await uploadTo(gallery, [fileOf("a.jpg", bytesOf(500))], { pieceTimeoutMs: 200 }).run();

    expect(results).toMatchObject([{ outcome: "accepted" }]);
    expect(puts).toHaveLength(2);
  });

  it("goes to the API where that is wanted", async () => {
    const { gallery, puts } = await open();

    await uploadTo(gallery, [fileOf("a.jpg", bytesOf(500))], { sendsDirectly: false }).run();

    expect(puts).toHaveLength(0);
    expect(gallery.photos.size).toBe(1);
  });
});
