import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createProofsheet, UnauthorizedError, type UploadProgress } from "../src/index.js";
import { filesIn } from "../src/node.js";
import { json, problem, type Seen, serve } from "./server.js";

const quick = { baseDelayMs: 1, maxDelayMs: 1_000 };

/** The one file of a multipart body, parsed by Node. */
async function fileOf(request: Seen): Promise<File> {
  const response = new Response(new Uint8Array(request.body), { headers: { "Content-Type": request.headers["content-type"]! } });
  return (await response.formData()).get("files") as unknown as File;
}

async function folder(files: Record<string, Uint8Array>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "proofsheet-sdk-"));
  onTestFinished(() => rm(path, { recursive: true }));
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(path, name), bytes);
  return path;
}

const accepted = (name: string) => ({ results: [{ fileName: name, outcome: "accepted", photo: { id: `pho_${name}` }, problem: null }] });

describe("an upload", () => {
  it("streams each file of a folder byte for byte, in the order of its name, and tells its progress", async () => {
    const big = crypto.getRandomValues(new Uint8Array(65_536));
    const bytes = new Uint8Array(1_300_000).map((_, i) => big[i % big.length]!);
    const path = await folder({ '10 "kiss".jpg': bytes, "9.jpg": new Uint8Array([1, 2, 3]), ".hidden": new Uint8Array(9) });
    const { baseUrl, seen } = await serve((request, response) => void fileOf(request).then((f) => json(response, 201, accepted(f.name))));
    const told: UploadProgress[] = [];

    const results = await createProofsheet({ baseUrl, key: "k" }).photos.upload("gal_1", await filesIn(path), {
      sectionId: "sec_1",
      concurrency: 1,
      onProgress: (p) => told.push(p),
    });

    expect(results.map((r) => [r.fileName, r.outcome])).toEqual([
      ["9.jpg", "accepted"],
      ['10 "kiss".jpg', "accepted"],
    ]);
    expect(seen.map((r) => [r.method, r.url, r.headers.authorization])).toEqual(
      Array(2).fill(["POST", expect.stringMatching(/^\/v1\/galleries\/gal_1\/photos\?uploadGroup=[\w-]{32}&sectionId=sec_1$/), "Bearer k"]),
    );
    expect(new Set(seen.map((r) => r.url)).size, "all files of the upload are one group").toBe(1);
    const received = await fileOf(seen[1]!);
    expect(received.type).toBe("image/jpeg");
    expect(Buffer.from(await received.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
    expect(told.length).toBeGreaterThan(4);
    expect(told.map((p) => p.sentBytes)).toEqual(told.map((p) => p.sentBytes).toSorted((a, b) => a - b));
    expect(told.at(-1)).toMatchObject({ percent: 100, filesDone: 2, filesTotal: 2, sentBytes: 1_300_003, totalBytes: 1_300_003 });
  });

  it("without anyone to tell sends a plain form", async () => {
    const { baseUrl, seen } = await serve((_, response) => json(response, 201, accepted("a.png")));

    await createProofsheet({ baseUrl, key: "k" }).photos.upload("gal_1", [new File(["abc"], "a.png", { type: "image/png" })]);

    expect(await (await fileOf(seen[0]!)).text()).toBe("abc");
    expect(seen[0]!.headers["idempotency-key"]).toMatch(/^[0-9a-f]{32}$/);
  });

  it("tells of a refused file in its result and goes on with the others", async () => {
    const { baseUrl } = await serve((_, response, at) =>
      at === 0 ? json(response, 415, problem(415, "not_an_image")) : json(response, 201, accepted("b.jpg")),
    );

    const results = await createProofsheet({ baseUrl, key: "k" }).photos.upload(
      "gal_1",
      [new File(["a"], "a.txt"), new File(["b"], "b.jpg")],
      { concurrency: 1 },
    );

    expect(results).toMatchObject([
      { fileName: "a.txt", outcome: "refused", problem: { code: "not_an_image", detail: "It is not_an_image." } },
      { fileName: "b.jpg", outcome: "accepted" },
    ]);
  });

  it.each([true, false])("sends a file again when its connection broke (streamed: %s)", async (streamed) => {
    const { baseUrl, seen } = await serve((_, response, at) => (at === 0 ? response.destroy() : json(response, 201, accepted("a.jpg"))));

    const results = await createProofsheet({ baseUrl, key: "k", retry: quick }).photos.upload(
      "gal_1",
      [new File(["abc"], "a.jpg")],
      streamed ? { onProgress: () => {} } : {},
    );

    expect(results).toMatchObject([{ outcome: "accepted" }]);
    expect(await (await fileOf(seen[1]!)).text()).toBe("abc");
  });

  it("ends as a whole when the key is refused, and sends nothing more", async () => {
    const { baseUrl, seen } = await serve((_, response) => json(response, 401, problem(401, "expired_credential")));
    const files = Array.from({ length: 20 }, (_, i) => new File(["x"], `${i}.jpg`));

    await expect(createProofsheet({ baseUrl, key: "k", retry: quick }).photos.upload("gal_1", files)).rejects.toBeInstanceOf(
      UnauthorizedError,
    );

    // The three that were in flight may still arrive; the other seventeen are never sent.
    await new Promise((done) => setTimeout(done, 200));
    expect(seen.length).toBeLessThanOrEqual(3);
  });

  it.each([true, false])("ends when it is aborted (streamed: %s)", async (streamed) => {
    const { baseUrl } = await serve(() => {});
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 60);

    const ended = createProofsheet({ baseUrl, key: "k" }).photos.upload("gal_1", [new File(["x"], "x.jpg")], {
      signal: stop.signal,
      ...(streamed && { onProgress: () => {} }),
    });

    await expect(ended).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a download", () => {
  it("of a signed address sends no key, counts the bytes and knows the name", async () => {
    const { baseUrl, seen } = await serve((_, response) => {
      response.writeHead(200, {
        "Content-Type": "application/zip",
        "Content-Length": "300000",
        "Content-Disposition": "attachment; filename=x.zip; filename*=UTF-8''Anna%20%26%20Ben.zip",
      });
      response.end(Buffer.alloc(300_000, 7));
    });
    const told: number[] = [];

    const download = await createProofsheet({ baseUrl, key: "k" }).download("/v1/downloads/orders/ord_1.zip?s=1", {
      onProgress: (p) => told.push(p.receivedBytes),
    });
    const blob = await download.blob();

    expect(seen[0]!.headers.authorization).toBeUndefined();
    expect(download).toMatchObject({ fileName: "Anna & Ben.zip", totalBytes: 300_000, type: "application/zip" });
    expect(blob.size).toBe(300_000);
    expect(told.at(-1)).toBe(300_000);
  });

  it("that breaks off goes on where it was, and only with the same file", async () => {
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
    const { baseUrl, seen } = await serve((request, response, at) => {
      const from = Number(request.headers.range?.match(/bytes=(\d+)-/)?.[1] ?? 0);
      const status = from > 0 ? 206 : 200;
      response.writeHead(status, {
        ETag: request.url === "/changing" && at > 0 ? '"other"' : '"same"',
        "Content-Length": bytes.length - from,
        ...(status === 206 ? { "Content-Range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
      });
      const end = Math.min(bytes.length, from + 70_000);
      response.write(bytes.subarray(from, end), () => (end === bytes.length ? response.end() : response.destroy()));
    });
    const proofsheet = createProofsheet({ baseUrl, key: "k" });

    const blob = await (await proofsheet.download("/file")).blob();

    expect(Buffer.from(await blob.arrayBuffer()).equals(bytes)).toBe(true);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen[1]!.headers["if-range"]).toBe('"same"');
    expect(seen[1]!.headers.authorization).toBeUndefined();
    seen.length = 0;
    await expect((await proofsheet.download("/changing")).blob()).rejects.toThrow();
  });

  it("that is over says so", async () => {
    const { baseUrl } = await serve((_, response) => json(response, 410, problem(410, "download_expired")));

    await expect(createProofsheet({ baseUrl, key: "k" }).download("/v1/x")).rejects.toMatchObject({ code: "download_expired" });
  });
});
