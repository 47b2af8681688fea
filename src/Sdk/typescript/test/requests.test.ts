import { describe, expect, it } from "vitest";
import { createApiClient, listKeys } from "../src/calls.js";
import {
  ConflictError,
  ConnectionError,
  createProofsheet,
  isProofsheetError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  UnauthorizedError,
  ValidationError,
} from "../src/index.js";
import { json, problem, serve } from "./server.js";

const quick = { baseDelayMs: 1, maxDelayMs: 5_000 };
const key = { key: "secret", details: { id: "key_1" } };

describe("a request", () => {
  it("carries the key, and asks a function for it each time", async () => {
    const { baseUrl, seen } = await serve((_, response) => json(response, 200, { id: "stu_1" }));
    let asked = 0;

    await createProofsheet({ baseUrl, key: "ps_live_sk_1" }).studio.get();
    const proofsheet = createProofsheet({ baseUrl, key: async () => `token-${++asked}` });
    await proofsheet.studio.get();
    await proofsheet.studio.get();
    await proofsheet.as("visitor").studio.get();

    expect(seen.map((r) => r.headers.authorization)).toEqual(["Bearer ps_live_sk_1", "Bearer token-1", "Bearer token-2", "Bearer visitor"]);
  });

  it("sends a merge patch in which null clears and absent stays, for the version that was read", async () => {
    const { baseUrl, seen } = await serve((_, response) => json(response, 200, { id: "gal_1" }, { ETag: '"2"' }));
    let etag: string | null = null;

    await createProofsheet({ baseUrl, key: "k" }).galleries.update(
      "gal_1",
      { title: "Anna", description: null },
      { ifMatch: '"1"', onResponse: (r) => (etag = r.headers.get("ETag")) },
    );

    expect(seen[0]).toMatchObject({ method: "PATCH", url: "/v1/galleries/gal_1" });
    expect(seen[0]!.headers).toMatchObject({ "content-type": "application/merge-patch+json", "if-match": '"1"' });
    expect(JSON.parse(seen[0]!.body.toString())).toEqual({ title: "Anna", description: null });
    expect(etag).toBe('"2"');
  });

  it("passes over fields and enum values it does not know", async () => {
    const { baseUrl } = await serve((_, response) => json(response, 200, { id: "gal_1", status: "from_the_future", newField: { a: 1 } }));

    const gallery = await createProofsheet({ baseUrl, key: "k" }).galleries.get("gal_1");

    expect(gallery.status).toBe("from_the_future");
  });

  it("answers nothing for 204", async () => {
    const { baseUrl } = await serve((_, response) => response.writeHead(204).end());

    expect(await createProofsheet({ baseUrl, key: "k" }).keys.revoke("key_1")).toBeUndefined();
  });

  it("can be made by a single function, for bundlers", async () => {
    const { baseUrl, seen } = await serve((_, response) => json(response, 200, { data: [], nextCursor: null }));

    const { data } = await listKeys({ client: createApiClient({ baseUrl, key: "k" }), query: { limit: 3 }, throwOnError: true });

    expect(data).toEqual({ data: [], nextCursor: null });
    expect(seen[0]).toMatchObject({ url: "/v1/keys?limit=3", headers: { authorization: "Bearer k" } });
  });
});

describe("a refusal", () => {
  it.each([
    [400, "validation_failed", ValidationError],
    [401, "invalid_credential", UnauthorizedError],
    [404, "not_found", NotFoundError],
    [409, "slug_taken", ConflictError],
    [412, "version_mismatch", ConflictError],
    [500, "internal", ServerError],
  ])("of %i is its own class with its code", async (status, code, type) => {
    const { baseUrl } = await serve((_, response) => json(response, status, problem(status, code, { errors: { title: ["Too long."] } })));

    const error = await createProofsheet({ baseUrl, key: "k" })
      .studio.get()
      .catch((e: unknown) => e);

    expect(error).toBeInstanceOf(type);
    expect(isProofsheetError(error, code)).toBe(true);
    expect(isProofsheetError(error, "other")).toBe(false);
    expect(error).toMatchObject({
      status,
      code,
      message: `It is ${code}.`,
      errors: { title: ["Too long."] },
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    });
  });

  it("by something else than the API is an error with the status", async () => {
    const { baseUrl } = await serve((_, response) => response.writeHead(418, { "Content-Type": "text/html" }).end("<h1>Proxy</h1>"));

    await expect(createProofsheet({ baseUrl, key: "k" }).studio.get()).rejects.toMatchObject({ status: 418, code: "http_418" });
  });

  it("is not repeated when repeating cannot help", async () => {
    const { baseUrl, seen } = await serve((_, response) => json(response, 404, problem(404, "not_found")));

    await expect(createProofsheet({ baseUrl, key: "k", retry: quick }).studio.get()).rejects.toBeInstanceOf(NotFoundError);

    expect(seen).toHaveLength(1);
  });
});

describe("repeating", () => {
  it("gives a POST one Idempotency-Key for all its tries, and another call another", async () => {
    const { baseUrl, seen } = await serve((_, response, at) =>
      at === 0 ? json(response, 503, problem(503, "busy")) : json(response, 201, key),
    );
    const proofsheet = createProofsheet({ baseUrl, key: "k", retry: quick });

    await proofsheet.keys.create({ name: "A", type: "secret" });
    await proofsheet.keys.create({ name: "A", type: "secret" });
    await proofsheet.keys.create({ name: "A", type: "secret" }, { idempotencyKey: "mine" });

    const keys = seen.map((r) => r.headers["idempotency-key"]);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(keys[3]).toBe("mine");
    expect(seen[1]!.body.equals(seen[0]!.body)).toBe(true);
  });

  it("waits as Retry-After says", async () => {
    const { baseUrl, seen } = await serve((_, response, at) =>
      at === 0 ? json(response, 429, problem(429, "too_many_requests"), { "Retry-After": "1" }) : json(response, 200, {}),
    );
    const started = performance.now();

    await createProofsheet({ baseUrl, key: "k", retry: quick }).studio.get();

    expect(performance.now() - started).toBeGreaterThanOrEqual(990);
    expect(seen).toHaveLength(2);
  });

  it("does not wait longer than it may, and says how long the API asked for", async () => {
    const { baseUrl, seen } = await serve((_, response) =>
      json(response, 429, problem(429, "too_many_attempts"), { "Retry-After": "900" }),
    );

    const error = await createProofsheet({ baseUrl, key: "k", retry: quick })
      .studio.get()
      .catch((e: unknown) => e);

    expect(error).toBeInstanceOf(RateLimitedError);
    expect(error).toMatchObject({ retryAfter: 900 });
    expect(seen).toHaveLength(1);
  });

  it("ends after the tries it has", async () => {
    const { baseUrl, seen } = await serve((_, response) => json(response, 503, problem(503, "busy")));

    await expect(createProofsheet({ baseUrl, key: "k", retry: { ...quick, retries: 2 } }).studio.get()).rejects.toBeInstanceOf(ServerError);

    expect(seen).toHaveLength(3);
  });

  it("repeats a broken connection, but not a change of a version, which may have been made", async () => {
    const { baseUrl, seen } = await serve((request, response, at) =>
      at % 2 === 0 ? request && response.destroy() : json(response, 200, {}),
    );
    const proofsheet = createProofsheet({ baseUrl, key: "k", retry: quick });

    await proofsheet.galleries.update("gal_1", { title: "A" });
    expect(seen).toHaveLength(2);

    await expect(proofsheet.galleries.update("gal_1", { title: "A" }, { ifMatch: '"1"' })).rejects.toBeInstanceOf(ConnectionError);
    expect(seen).toHaveLength(3);
  });

  it("asks again while the first request with its key is at work", async () => {
    const { baseUrl, seen } = await serve((_, response, at) =>
      at === 0 ? json(response, 409, problem(409, "idempotency_in_flight")) : json(response, 201, key),
    );

    await createProofsheet({ baseUrl, key: "k", retry: quick }).keys.create({ name: "A", type: "secret" });

    expect(seen).toHaveLength(2);
  });

  it("ends at once when it is aborted, in a request and in a wait", async () => {
    const { baseUrl } = await serve((request, response) => {
      if (request.url === "/v1/studio") json(response, 503, problem(503, "busy"), { "Retry-After": "4" });
    });
    const proofsheet = createProofsheet({ baseUrl, key: "k", retry: quick });
    const started = performance.now();

    await expect(proofsheet.studio.get({ signal: AbortSignal.timeout(80) })).rejects.toMatchObject({ name: "TimeoutError" });
    await expect(proofsheet.galleries.get("never", { signal: AbortSignal.timeout(80) })).rejects.toMatchObject({ name: "TimeoutError" });

    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe("a list", () => {
  const pages = (cursor: string | null) =>
    cursor === null ? { data: [1, 2], nextCursor: "b" } : cursor === "b" ? { data: [3], nextCursor: null } : undefined;
  const listing = () =>
    serve((request, response) => json(response, 200, pages(new URL(request.url, "http://x").searchParams.get("cursor"))));

  it("is read page after page as it is walked", async () => {
    const { baseUrl, seen } = await listing();
    const found: unknown[] = [];

    for await (const item of createProofsheet({ baseUrl, key: "k" }).galleries.listAll({ limit: 2 })) found.push(item);

    expect(found).toEqual([1, 2, 3]);
    expect(seen.map((r) => r.url)).toEqual(["/v1/galleries?limit=2", "/v1/galleries?limit=2&cursor=b"]);
  });

  it("asks for no page that nobody wants", async () => {
    const { baseUrl, seen } = await listing();

    expect(await createProofsheet({ baseUrl, key: "k" }).galleries.listAll().toArray(2)).toEqual([1, 2]);

    expect(seen).toHaveLength(1);
  });
});
