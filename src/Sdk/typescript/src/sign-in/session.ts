import * as oauth from "oauth4webapi";
import { ConnectionError } from "../errors.js";
import { sleep } from "../transport.js";
import { SignInError, signInErrorOf } from "./errors.js";
import { keep, pathOfThisSite, take } from "./pending.js";
import { alone, openTabs, type Tabs } from "./tabs.js";

export interface SignInOptions {
  /** The issuer: `https://id.example`. http is only allowed on this machine. */
  authority: string;
  /** The ID of a public client that is registered with this page's redirect URI. */
  clientId: string;
  /** The page that calls `completeSignIn`, exactly as registered. Default: `/signed-in` on this site. */
  redirectUri?: string;
  /** Where the authority sends the browser after `signOut`, exactly as registered. Default: none; the authority shows its own page. */
  signedOutUri?: string;
  /** Scopes, separated by spaces. Default `openid profile email`; add those of the API, and `offline_access` if the authority needs it to refresh. */
  scope?: string;
  /** The slug of the studio to work in. */
  tenant?: string;
  /** Share tokens between the tabs of this site, in memory, so that a new tab is signed in too. Default true. */
  shareBetweenTabs?: boolean;
  fetch?: typeof fetch;
  /** Where a pending sign-in is remembered. Default: the tab's sessionStorage. It never holds a token. */
  storage?: Storage;
  /** How to leave the page. Default: `location.assign`. */
  navigate?: (address: string) => void;
}

export interface SignInRequest {
  /** The path on this site to return to. Default: the current page. */
  returnTo?: string;
  /** `none` fails instead of showing a page, `login` asks for credentials again, `create` shows the page to create an account. */
  prompt?: "none" | "login" | "consent" | "create";
  loginHint?: string;
  /** The slug of a studio, overriding the one in the options. */
  tenant?: string;
}

/** The signed-in user, from the ID token and the userinfo endpoint. */
export interface SignedInUser {
  readonly subject: string;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface SignIn {
  /** Navigates to the authority. Uses code and PKCE (RFC 7636, S256) with state and nonce. */
  signIn(request?: SignInRequest): Promise<void>;
  /** Call this on the redirect page: checks the authority's response (state, issuer per RFC 9207, nonce) and fetches the tokens. */
  completeSignIn(address?: string): Promise<{ user: SignedInUser; returnTo: string }>;
  /** After a reload: takes over the tokens of another tab of this site; false when no tab has any. */
  restore(): Promise<boolean>;
  /** Forgets and revokes the tokens in all tabs, then navigates to the authority, so that its session ends too. */
  signOut(options?: { atAuthority?: boolean }): Promise<void>;
  readonly user: SignedInUser | undefined;
  /** The credential for `createProofsheet({ key: auth.token })`: refreshed shortly before it expires; undefined when no one is signed in. */
  readonly token: () => Promise<string | undefined>;
  /** Calls the listener when a user signs in or out, also in another tab. Returns a function that stops listening. */
  onChange(listener: (user: SignedInUser | undefined) => void): () => void;
  /** Stops communicating with the other tabs. */
  close(): void;
}

interface Tokens {
  accessToken: string;
  refreshToken: string | undefined;
  idToken: string;
  expiresAt: number;
  lifetimeMs: number;
  claims: Record<string, unknown> & { sub: string };
}

/** Signs users in from a page. Tokens are kept in memory only: after a reload they come from another tab (`restore`) or the authority. */
export function createSignIn(options: SignInOptions): SignIn {
  const issuer = new URL(options.authority);
  const client: oauth.Client = { client_id: options.clientId };
  const inner: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const http = {
    [oauth.customFetch]: (address: string, init: object) => inner(address, init as RequestInit),
    [oauth.allowInsecureRequests]: isThisMachine(issuer),
  };
  const listeners = new Set<(user: SignedInUser | undefined) => void>();
  let tokens: Tokens | undefined;
  let user: SignedInUser | undefined;
  let flight: Promise<Tokens | undefined> | undefined;
  let server: Promise<oauth.AuthorizationServer> | undefined;
  const tabs: Tabs<Tokens> =
    options.shareBetweenTabs === false
      ? alone()
      : openTabs(`proofsheet.sign-in ${issuer.href} ${options.clientId}`, {
          current: () => tokens,
          // Another tab refreshed, so this tab's refresh token is used up.
          onValue: (value) => tokens?.claims.sub === value.claims.sub && value.expiresAt > tokens.expiresAt && set(value),
          onSignedOut: (subject) => tokens?.claims.sub === subject && set(undefined),
        });

  function set(next: Tokens | undefined): void {
    const before = user?.subject;
    tokens = next;
    user = next && userOf(next);
    if (before === user?.subject) return;
    for (const listener of listeners) listener(user);
  }

  const discover = () =>
    (server ??= (async () => oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http)))().catch(
      (error: unknown) => {
        server = undefined;
        throw signInErrorOf(error);
      },
    ));

  function tokensOf(answer: oauth.TokenEndpointResponse, before?: Tokens): Tokens {
    const said = oauth.getValidatedIdTokenClaims(answer);
    const claims = (said || before) && ({ ...before?.claims, ...said } as Tokens["claims"]);
    if (!claims) throw new SignInError("bad_answer", "The authority gave no ID token: ask for the scope openid.");
    // OpenID Connect Core 12.2: a refreshed ID token must have the same subject.
    if (before && said && said.sub !== before.claims.sub)
      throw new SignInError("bad_answer", "The refreshed tokens belong to another account.");
    const lifetimeMs = (answer.expires_in ?? 300) * 1000;
    return {
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token ?? before?.refreshToken,
      idToken: answer.id_token ?? before!.idToken,
      expiresAt: Date.now() + lifetimeMs,
      lifetimeMs,
      claims,
    };
  }

  /** Many authorities return names only from the userinfo endpoint (OpenID Connect Core 5.4). The sign-in succeeds without them. */
  async function withProfile(as: oauth.AuthorizationServer, tokens: Tokens): Promise<Tokens> {
    if (!as.userinfo_endpoint || "name" in tokens.claims || "email" in tokens.claims) return tokens;
    try {
      const response = await oauth.userInfoRequest(as, client, tokens.accessToken, http);
      const profile = await oauth.processUserInfoResponse(as, client, tokens.claims.sub, response);
      return { ...tokens, claims: { ...profile, ...tokens.claims } };
    } catch {
      return tokens;
    }
  }

  /** One tab at a time, and one request per tab, because a refresh token works once. */
  const refreshed = () =>
    (flight ??= tabs.takeTurns(refresh).finally(() => {
      flight = undefined;
    }));

  async function refresh(): Promise<Tokens | undefined> {
    const old = tokens;
    if (!old || isFresh(old)) return old;
    const theirs = await tabs.ask((t) => t.claims.sub === old.claims.sub && isFresh(t));
    if (tokens !== old) return tokens;
    if (theirs) {
      set(theirs);
      return theirs;
    }
    if (!old.refreshToken) {
      set(undefined);
      return undefined;
    }

    try {
      const as = await discover();
      const next = tokensOf(await exchange(as, old.refreshToken), old);
      if (tokens === undefined) {
        // The user signed out while this waited: discard the new tokens.
        await revoke(as, next);
        return undefined;
      }
      set(next);
      tabs.tell(next);
      return next;
    } catch (error) {
      const known = signInErrorOf(error);
      if (tokens !== old) return tokens;
      if (known instanceof SignInError && known.code === "invalid_grant") {
        // Without Web Locks another tab may have been faster, and has the next tokens.
        const faster = await tabs.ask((t) => t.claims.sub === old.claims.sub && t.refreshToken !== old.refreshToken && isFresh(t));
        if (tokens === old) set(faster);
        return tokens;
      }
      if (old.expiresAt > Date.now()) return old;
      throw known;
    }
  }

  /**
   * If the answer is lost, the refresh token may be used up. Ours repeats the answer for 10 seconds and then takes it for a theft, so the same request
   * is sent again at once: the last time after less than 7 seconds.
   */
  async function exchange(as: oauth.AuthorizationServer, refreshToken: string): Promise<oauth.TokenEndpointResponse> {
    const send = async (patienceMs: number) => {
      const signal = AbortSignal.timeout(patienceMs);
      const response = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), refreshToken, { ...http, signal });
      // A proxy's answer, in place of one that was lost.
      if (response.status >= 500) throw new ConnectionError(new Error(`The authority answered ${response.status}.`));
      return await oauth.processRefreshTokenResponse(as, client, response);
    };
    for (let attempt = 1; attempt < 3; attempt++) {
      try {
        return await send(3_000);
      } catch (error) {
        if (!(signInErrorOf(error) instanceof ConnectionError)) throw error;
        await sleep(300);
      }
    }
    return await send(30_000);
  }

  async function revoke(as: oauth.AuthorizationServer, which: Tokens): Promise<void> {
    if (!as.revocation_endpoint) return;
    const token = which.refreshToken ?? which.accessToken;
    // Best effort: the user is signed out either way, and the tokens expire by themselves.
    await oauth
      .revocationRequest(as, client, oauth.None(), token, http)
      .then(oauth.processRevocationResponse)
      .catch(() => {});
  }

  const navigate = options.navigate ?? ((address: string) => location.assign(address));
  const storage = () => options.storage ?? sessionStorage;
  const redirectUri = () => options.redirectUri ?? new URL("/signed-in", location.origin).href;

  return {
    async signIn(request = {}) {
      const as = await discover();
      const address = pageOf(as.authorization_endpoint);
      if (!address) throw new SignInError("bad_answer", "The authority has no page to sign in at.");
      const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
      const to = redirectUri();
      const here = globalThis.location ? location.pathname + location.search + location.hash : "/";
      const returnTo = pathOfThisSite(request.returnTo ?? here, new URL(to).origin);
      keep(storage(), state, { verifier, nonce, redirectUri: to, returnTo, startedAt: Date.now() });
      const tenant = request.tenant ?? options.tenant;
      const fields: Record<string, string | undefined> = {
        client_id: options.clientId,
        response_type: "code",
        redirect_uri: to,
        scope: options.scope ?? "openid profile email",
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        prompt: request.prompt,
        login_hint: request.loginHint,
        acr_values: tenant && `tenant:${tenant}`,
      };
      for (const [name, value] of Object.entries(fields)) if (value !== undefined) address.searchParams.set(name, value);
      navigate(address.href);
    },

    async completeSignIn(address) {
      const url = new URL(address ?? location.href);
      const state = url.searchParams.get("state");
      const pending = take(storage(), state);
      // Remove the code from the address bar and the history, whether or not the sign-in succeeds.
      if (address === undefined) history.replaceState(history.state, "", url.pathname);
      if (!pending) throw new SignInError("unknown_state", "This tab did not ask for this sign-in, or its answer was used already.");
      const as = await discover();
      try {
        const issued = url.searchParams.get("iss");
        if (issued !== null && issued !== as.issuer) throw new SignInError("wrong_issuer", "Another authority answered (RFC 9207).");
        const parameters = oauth.validateAuthResponse(as, client, url, state!);
        const response = await oauth.authorizationCodeGrantRequest(
          as,
          client,
          oauth.None(),
          parameters,
          pending.redirectUri,
          pending.verifier,
          http,
        );
        const answer = await oauth.processAuthorizationCodeResponse(as, client, response, {
          expectedNonce: pending.nonce,
          requireIdToken: true,
        });
        set(await withProfile(as, tokensOf(answer)));
      } catch (error) {
        throw signInErrorOf(error);
      }
      return { user: user!, returnTo: pathOfThisSite(pending.returnTo, url.origin) };
    },

    async restore() {
      if (!tokens) {
        const theirs = await tabs.ask(isFresh);
        if (theirs && !tokens) set(theirs);
      }
      return tokens !== undefined;
    },

    async signOut({ atAuthority = true } = {}) {
      const old = tokens;
      set(undefined);
      if (old) tabs.tellSignedOut(old.claims.sub);
      const as = await discover();
      if (old) await revoke(as, old);
      const address = pageOf(as.end_session_endpoint);
      if (!atAuthority || !address) return;
      address.searchParams.set("client_id", options.clientId);
      if (old) address.searchParams.set("id_token_hint", old.idToken);
      if (options.signedOutUri) address.searchParams.set("post_logout_redirect_uri", options.signedOutUri);
      navigate(address.href);
    },

    get user() {
      return user;
    },
    token: async () => (tokens && isFresh(tokens) ? tokens : await refreshed())?.accessToken,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => tabs.close(),
  };
}

/** At least a minute left, or a quarter of a short lifetime, so that a call that starts now ends before the token expires. */
const isFresh = (tokens: Tokens): boolean => tokens.expiresAt - Date.now() > Math.min(60_000, tokens.lifetimeMs / 4);

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const userOf = ({ claims }: Tokens): SignedInUser => ({
  subject: claims.sub,
  name: text(claims["name"]),
  email: text(claims["email"]),
  claims,
});

/** A URL that is safe to send the browser to: https or this machine, never a script. */
const pageOf = (address: string | undefined): URL | undefined => {
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  return url && (url.protocol === "https:" || isThisMachine(url)) ? url : undefined;
};

const isThisMachine = (url: URL): boolean => url.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
