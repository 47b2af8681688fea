import { expect, it } from "vitest";
import { createProofsheet, type GalleryEvent } from "../src/index.js";
import { json, serve } from "./server.js";

const progress = (processingCount: number) =>
  JSON.stringify({ photoCount: 2, uploadingCount: 0, processingCount, readyCount: 2 - processingCount, failedCount: 0, failures: [] });

it("watching a gallery tells its news until the end, also over a stream that breaks in the middle of a word", async () => {
  const { baseUrl, seen } = await serve((_, response, at) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    if (at === 0) {
      response.write(`retry: 3000\n\n: beat\n\nid: 7\nevent: progress\ndata: ${progress(1)}\n\nevent: pho`);
      setTimeout(() => response.destroy(), 50);
    } else {
      response.write('id: 8\nevent: photo\ndata: {"photoId":"pho_1","status":"ready",');
      response.write('"failure":null}\n\n');
      response.end(`id: 9\nevent: end\ndata: ${progress(0)}\n\n`);
    }
  });
  const told: GalleryEvent[] = [];

  for await (const event of createProofsheet({ baseUrl, key: "k", retry: { baseDelayMs: 1 } }).photos.watch("gal_1")) told.push(event);

  expect(told).toMatchObject([
    { type: "progress", progress: { processingCount: 1 } },
    { type: "photo", photoId: "pho_1", status: "ready" },
    { type: "end", progress: { readyCount: 2 } },
  ]);
  expect(seen.map((r) => r.headers["last-event-id"])).toEqual([undefined, "7"]);
});

it("waiting for a gallery asks until nothing is on its way", async () => {
  const { baseUrl, seen } = await serve((_, response, at) => json(response, 200, JSON.parse(progress(Math.max(0, 2 - at)))));

  const end = await createProofsheet({ baseUrl, key: "k" }).photos.ready("gal_1", { intervalMs: 1 });

  expect(end.readyCount).toBe(2);
  expect(seen).toHaveLength(3);
});
