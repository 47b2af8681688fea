import { describe, expect, it } from "vitest";
import { createBffClient } from "../../src/sign-in.js";
import { json, problem, serve } from "../server.js";

describe("behind a backend", () => {
  it("every request carries the header that no form can send, and no token", async () => {
    const { baseUrl, seen } = await serve((request, response) =>
      request.url === "/bff/user"
        ? json(response, 200, { subject: "anna", name: "Anna" })
        : json(response, 200, { data: [], nextCursor: null }),
    );
    const bff = createBffClient({ origin: baseUrl });

    expect(await bff.user()).toEqual({ subject: "anna", name: "Anna" });
    await bff.proofsheet.galleries.list();
    await bff.proofsheet.photos.upload("gal_1", [{ name: "a.jpg", content: new Blob(["a"]) }]).catch(() => {});

    expect(seen.map((r) => `${r.method} ${r.url?.split("?")[0]}`)).toEqual([
      "GET /bff/user",
      "GET /bff/api/v1/galleries",
      "POST /bff/api/v1/galleries/gal_1/photos",
    ]);
    expect(seen.map((r) => r.headers["x-csrf"])).toEqual(["1", "1", "1"]);
    expect(seen.every((r) => r.headers.authorization === undefined)).toBe(true);
  });

  it("nobody is signed in where the backend says 401", async () => {
    const { baseUrl } = await serve((_, response) => json(response, 401, problem(401, "not_signed_in")));

    expect(await createBffClient({ origin: baseUrl }).user()).toBeUndefined();
  });

  it("signing in and out leave the page, and come back to this site alone", async () => {
    const { baseUrl } = await serve((_, response) => json(response, 200, { location: "https://id.example/connect/endsession" }));
    const visited: string[] = [];
    const bff = createBffClient({ origin: baseUrl, path: "/account/", navigate: (a) => visited.push(a) });

    bff.signIn({ returnTo: "/galleries" });
    bff.signIn({ returnTo: "https://evil.example" });
    await bff.signOut();

    expect(visited).toEqual([
      `${baseUrl}/account/sign-in?returnTo=%2Fgalleries`,
      `${baseUrl}/account/sign-in?returnTo=%2F`,
      "https://id.example/connect/endsession",
    ]);
  });

  it("is never on another site", () => {
    expect(() => createBffClient({ origin: "https://app.example", path: "https://other.example/bff" })).toThrow();
  });
});
