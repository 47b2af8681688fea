import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createProofsheet } from "../../src/index.js";
import { createSignIn, type SignIn, SignInError, type SignInOptions } from "../../src/sign-in.js";
import { json, serve } from "../server.js";
import { MemoryStorage, Person, redirectUri, signedOutUri, startAuthority } from "./authority.js";

let authority: Awaited<ReturnType<typeof startAuthority>>;
beforeAll(async () => {
  authority = await startAuthority();
});
afterAll(() => authority.close());

// The authority runs in this process, so both use the same fake time.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
const open: SignIn[] = [];
afterEach(() => {
  for (const s of open.splice(0)) s.close();
  vi.useRealTimers();
});

const hour = 3_600_000;
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const calls = (path: string) => authority.seen.filter((line) => line === `POST ${path}`).length;

/** A tab that records where it navigates. */
function tab(more: Partial<SignInOptions> = {}) {
  const visited: string[] = [];
  const storage = new MemoryStorage();
  const auth = createSignIn({
    authority: authority.issuer,
    clientId: "page",
    redirectUri,
    signedOutUri,
    shareBetweenTabs: false,
    storage,
    navigate: (address) => visited.push(address),
    ...more,
  });
  open.push(auth);
  return { auth, visited, storage, at: () => visited.at(-1)! };
}

async function signedIn(name: string, more: Partial<SignInOptions> = {}) {
  const one = tab(more);
  const person = new Person(name);
  await one.auth.signIn({ returnTo: "/galleries?page=2" });
  const back = await person.walk(one.at());
  const { returnTo, user } = await one.auth.completeSignIn(back);
  return { ...one, person, back, returnTo, user };
}

const refusal = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(SignInError);
  return (error as SignInError).code;
};

describe("signing in", () => {
  it("asks with code, PKCE S256, state, nonce and the studio, and comes back signed in at the page one came from", async () => {
    const { auth, at, person } = { ...tab({ tenant: "anna", scope: "openid profile email" }), person: new Person("anna") };
    await auth.signIn({ returnTo: "/galleries?page=2" });

    const asked = Object.fromEntries(new URL(at()).searchParams);
    expect(asked).toMatchObject({
      client_id: "page",
      response_type: "code",
      redirect_uri: redirectUri,
      code_challenge_method: "S256",
      acr_values: "tenant:anna",
    });
    expect(asked["code_challenge"]).toMatch(/^[\w-]{43}$/);
    expect(asked["state"]).toMatch(/^[\w-]{43}$/);
    expect(asked["nonce"]).toMatch(/^[\w-]{43}$/);
    expect(asked["nonce"]).not.toBe(asked["state"]);

    const back = await person.walk(at());
    expect(new URL(back).searchParams.get("iss")).toBe(authority.issuer);
    const { user, returnTo } = await auth.completeSignIn(back);

    expect(returnTo).toBe("/galleries?page=2");
    expect(user).toMatchObject({ subject: "anna", name: "Name of anna", email: "anna@example.com" });
    expect(auth.user).toEqual(user);
    expect(await auth.token()).toMatch(/.{20}/);
  });

  it("keeps no token in the storage, and nothing at all once it is done", async () => {
    const { storage, auth, at } = tab();
    await auth.signIn();
    expect(storage.length).toBe(1);
    await auth.completeSignIn(await new Person("anna").walk(at()));

    expect(storage.length).toBe(0);
  });

  it("is the credential of the client", async () => {
    const { baseUrl, seen } = await serve((_, response) => json(response, 200, { id: "stu_1" }));
    const { auth } = await signedIn("anna");

    await createProofsheet({ baseUrl, key: auth.token }).studio.get();

    expect(seen[0]!.headers.authorization).toBe(`Bearer ${await auth.token()}`);
  });

  it.each([
    ["https://evil.example/", "/"],
    ["//evil.example/", "/"],
    ["\\\\evil.example", "/"],
    ["javascript:alert(1)", "/"],
    ["http://localhost:3999/inside", "/inside"],
    ["/inside?x=1#y", "/inside?x=1#y"],
  ])("returns to this site alone: %s", async (given, expected) => {
    const { auth, at } = tab();
    await auth.signIn({ returnTo: given });
    const { returnTo } = await auth.completeSignIn(await new Person("anna").walk(at()));

    expect(returnTo).toBe(expected);
  });

  it("refuses an answer that this tab did not ask for", async () => {
    const { back } = await signedIn("mallory");
    const victim = tab();

    expect(await refusal(victim.auth.completeSignIn(back))).toBe("unknown_state");
    expect(await victim.auth.token()).toBeUndefined();
  });

  it("refuses its own answer the second time", async () => {
    const { auth, back } = await signedIn("anna");

    expect(await refusal(auth.completeSignIn(back))).toBe("unknown_state");
  });

  it.each([
    ["another issuer", (url: URL) => url.searchParams.set("iss", "https://other.example"), "wrong_issuer"],
    ["no issuer where the authority promises one", (url: URL) => url.searchParams.delete("iss"), "bad_answer"],
    ["a code of nobody", (url: URL) => url.searchParams.set("code", "x".repeat(43)), "invalid_grant"],
    ["no code", (url: URL) => url.searchParams.delete("code"), "bad_answer"],
    ["two codes", (url: URL) => url.searchParams.append("code", "second"), "bad_answer"],
  ])("refuses an answer with %s", async (_, change, code) => {
    const { auth, at } = tab();
    await auth.signIn();
    const back = new URL(await new Person("anna").walk(at()));
    change(back);

    expect(await refusal(auth.completeSignIn(back.href))).toBe(code);
    expect(await auth.token()).toBeUndefined();
  });

  it("refuses an ID token with another nonce", async () => {
    const { auth, at, storage } = tab();
    await auth.signIn();
    const key = storage.key(0)!;
    storage.setItem(key, JSON.stringify({ ...JSON.parse(storage.getItem(key)!), nonce: "of-another-sign-in" }));

    expect(await refusal(auth.completeSignIn(await new Person("anna").walk(at())))).toBe("bad_answer");
  });

  it("tells what the authority says: nobody is signed in there", async () => {
    const { auth, at } = tab();
    await auth.signIn({ prompt: "none" });

    expect(await refusal(auth.completeSignIn(await new Person("anna").walk(at())))).toBe("login_required");
  });

  it("does not begin over http with an authority elsewhere", async () => {
    expect(await refusal(tab({ authority: "http://id.example" }).auth.signIn())).toBe("bad_answer");
  });
});

describe("refreshing", () => {
  it("happens once for all who ask, and the old refresh token is used up", async () => {
    const { auth } = await signedIn("anna");
    const first = await auth.token();
    later(hour - 30_000);
    const before = calls("/token");

    const tokens = await Promise.all(Array.from({ length: 20 }, () => auth.token()));

    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(first);
    expect(calls("/token") - before).toBe(1);
    later(hour);
    expect(await auth.token()).not.toBe(tokens[0]);
  });

  it("signs out when the authority refuses it", async () => {
    const { auth } = await signedIn("anna");
    const told: unknown[] = [];
    auth.onChange((user) => told.push(user));
    later(48 * hour);

    expect(await auth.token()).toBeUndefined();
    expect(auth.user).toBeUndefined();
    expect(told).toEqual([undefined]);
  });

  it("keeps the session over a broken connection, and the token as long as it lives", async () => {
    let broken = false;
    const { auth } = await signedIn("anna", {
      fetch: (i, init) => (broken ? Promise.reject(new TypeError("fetch failed")) : fetch(i, init)),
    });
    const first = await auth.token();
    broken = true;

    later(hour - 30_000);
    expect(await auth.token()).toBe(first);
    later(60_000);
    await expect(auth.token()).rejects.toMatchObject({ code: "network_error" });
    broken = false;
    expect(await auth.token()).not.toBe(first);
  });

  it.each(["a broken connection", "no answer at all", "a proxy's error"])(
    "asks again at once when the answer was lost: %s",
    async (how) => {
      const sent: string[] = [];
      let answer: { status: number; text: string } | undefined;
      let losing = false;
      // As our authority does, which repeats its answer for seconds.
      const lossy: typeof fetch = async (input, init) => {
        if (!losing || !String(input).endsWith("/token")) return fetch(input, init);
        sent.push(String(init!.body));
        if (answer) return new Response(answer.text, { status: answer.status, headers: { "Content-Type": "application/json" } });
        const response = await fetch(input, { ...init, signal: null });
        answer = { status: response.status, text: await response.text() };
        if (how === "a proxy's error") return new Response("Bad gateway", { status: 502 });
        if (how === "a broken connection") throw new TypeError("fetch failed");
        return new Promise((_, fail) => init!.signal!.addEventListener("abort", () => fail(init!.signal!.reason as Error)));
      };
      const { auth } = await signedIn("anna", { fetch: lossy });
      const first = await auth.token();
      later(hour);
      losing = true;

      const next = await auth.token();

      expect(next).toBe((JSON.parse(answer!.text) as { access_token: string }).access_token);
      expect(next).not.toBe(first);
      expect(sent).toHaveLength(2);
      expect(sent[1]).toBe(sent[0]);
      losing = false;
      later(hour);
      expect(await auth.token()).not.toBe(next);
    },
  );

  it("does not bring back who signed out meanwhile", async () => {
    let release = () => {};
    let hold = false;
    const held = new Promise<void>((done) => (release = done));
    const slow: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (hold && String(input).endsWith("/token")) await held;
      return answer;
    };
    const { auth } = await signedIn("anna", { fetch: slow });
    later(hour);
    hold = true;
    const before = calls("/token");
    const refreshing = auth.token();
    await vi.waitFor(() => expect(calls("/token")).toBe(before + 1));
    await auth.signOut({ atAuthority: false });
    release();

    expect(await refreshing).toBeUndefined();
    expect(auth.user).toBeUndefined();
    expect(await auth.token()).toBeUndefined();
  });
});

describe("tabs", () => {
  // Web Locks, which Node 20 lacks: one holder per name, in the order of the requests.
  beforeEach(() => {
    const queues = new Map<string, Promise<unknown>>();
    const request = (name: string, work: () => Promise<unknown>) => {
      const turn = (queues.get(name) ?? Promise.resolve()).then(work, work);
      queues.set(
        name,
        turn.catch(() => {}),
      );
      return turn;
    };
    vi.stubGlobal("navigator", { locks: { request } });
  });
  afterEach(() => void vi.unstubAllGlobals());

  it("share a sign-in and take turns to refresh it: one request, everybody has its token", async () => {
    const name = { shareBetweenTabs: true };
    const first = await signedIn("anna", name);
    const others = [tab(name), tab(name), tab(name)];
    expect(await Promise.all(others.map((o) => o.auth.restore()))).toEqual([true, true, true]);
    expect(others[0]!.auth.user).toEqual(first.user);
    later(hour);
    const before = calls("/token");

    const tokens = await Promise.all([first, ...others].flatMap((t) => [t.auth.token(), t.auth.token()]));

    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/.{20}/);
    expect(calls("/token") - before).toBe(1);
  });

  it("sign out together", async () => {
    const first = await signedIn("ben", { shareBetweenTabs: true });
    const second = tab({ shareBetweenTabs: true });
    await second.auth.restore();

    await first.auth.signOut();

    await vi.waitFor(() => expect(second.auth.user).toBeUndefined());
  });

  it("of which none is signed in have nothing to restore", async () => {
    expect(await tab({ shareBetweenTabs: true, clientId: "page" }).auth.restore()).toBe(false);
  });
});

describe("tabs without Web Locks", () => {
  beforeEach(() => void vi.stubGlobal("navigator", {}));
  afterEach(() => void vi.unstubAllGlobals());

  it("take the tokens of the one that was faster instead of signing out", async () => {
    const shared = { shareBetweenTabs: true };
    const first = await signedIn("cleo", shared);
    let release = () => {};
    const held = new Promise<void>((done) => (release = done));
    const second = tab({
      ...shared,
      fetch: async (input, init) => {
        if (!String(input).endsWith("/token")) return fetch(input, init);
        await held;
        return new Response(JSON.stringify({ error: "invalid_grant" }), { status: 400, headers: { "Content-Type": "application/json" } });
      },
    });
    expect(await second.auth.restore()).toBe(true);
    later(hour);

    const [one, two] = [first.auth.token(), second.auth.token()];
    const fresh = await one;
    release();

    expect(await two).toBe(fresh);
    expect(second.auth.user).toMatchObject({ subject: "cleo" });
  });

  it("sign out when no tab has other tokens", async () => {
    const first = await signedIn("dora", { shareBetweenTabs: true });
    later(48 * hour);

    expect(await first.auth.token()).toBeUndefined();
    expect(first.auth.user).toBeUndefined();
  });
});

describe("signing out", () => {
  it("revokes the refresh token, ends the session at the authority and comes back", async () => {
    const { auth, at, person } = await signedIn("anna");
    const before = calls("/token/revocation");
    await auth.signOut();

    expect(auth.user).toBeUndefined();
    expect(calls("/token/revocation") - before).toBe(1);
    expect(await person.walk(at())).toBe(signedOutUri);

    await auth.signIn({ prompt: "none" });
    expect(await refusal(auth.completeSignIn(await person.walk(at())))).toBe("login_required");
  });
});
