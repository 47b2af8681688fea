import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export const redirectUri = "http://localhost:3999/signed-in";
export const signedOutUri = "http://localhost:3999/";

/** npm's oidc-provider on its own port, with one public client: an authority other than ours. */
export async function startAuthority(): Promise<{ issuer: string; seen: string[]; close: () => Promise<void> }> {
  const seen: string[] = [];
  let handle: ReturnType<Provider["callback"]> | undefined;
  const server: Server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url!.split("?")[0]}`);
    handle!(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "page",
        token_endpoint_auth_method: "none",
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [signedOutUri],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        application_type: "native",
      },
    ],
    features: { devInteractions: { enabled: true }, revocation: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    pkce: { required: () => true },
    // As in the standard: names are only returned from the userinfo endpoint.
    conformIdTokenClaims: true,
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    clientBasedCORS: () => true,
    ttl: { AccessToken: () => 3600, IdToken: 3600, RefreshToken: 86_400, Session: 86_400, Interaction: 3600, Grant: 86_400 },
    findAccount: async (_: unknown, sub: string) => ({
      accountId: sub,
      claims: async () => ({ sub, name: `Name of ${sub}`, email: `${sub}@example.com` }),
    }),
    claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
    cookies: { keys: ["for tests"] },
  });
  handle = provider.callback();
  return {
    issuer,
    seen,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** A user with a browser: follows redirects, keeps cookies, and fills in the authority's forms until it redirects to the client. */
export class Person {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly name: string) {}

  async walk(address: string): Promise<string> {
    let next: { address: string; body?: URLSearchParams } = { address };
    for (let step = 0; step < 20; step++) {
      if (next.address.startsWith("http://localhost:3999/")) return next.address;
      const response = await fetch(next.address, {
        method: next.body ? "POST" : "GET",
        headers: { Cookie: [...this.cookies].map(([k, v]) => `${k}=${v}`).join("; ") },
        redirect: "manual",
        ...(next.body && { body: next.body }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [name, value] = cookie.split(";")[0]!.split(/=(.*)/s) as [string, string];
        if (value) this.cookies.set(name, value);
        else this.cookies.delete(name);
      }
      const location = response.headers.get("Location");
      const page = await response.text();
      if (location) {
        next = { address: new URL(location, next.address).href };
        continue;
      }
      const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
      if (!action) throw new Error(`${response.status} at ${next.address}: ${page.slice(0, 500)}`);
      const fields = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((m) => [m[1]!, m[2]!]);
      const body = new URLSearchParams(fields);
      if (body.get("prompt") === "login") {
        body.set("login", this.name);
        body.set("password", "any");
      }
      if (body.has("xsrf")) body.set("logout", "yes");
      next = { address: new URL(action, next.address).href, body };
    }
    throw new Error("The authority went round in circles.");
  }
}

/** sessionStorage, which Node lacks. */
export class MemoryStorage implements Storage {
  private readonly items = new Map<string, string>();
  get length(): number {
    return this.items.size;
  }
  clear = () => this.items.clear();
  getItem = (key: string) => this.items.get(key) ?? null;
  key = (index: number) => [...this.items.keys()][index] ?? null;
  removeItem = (key: string) => void this.items.delete(key);
  setItem = (key: string, value: string) => void this.items.set(key, value);
}
