// Runs one flow of an authority with openid-client, verifies the tokens with jose, and prints the facts as one line of JSON: { facts } or
// { error }. The input is one line on standard input: { flow, issuer, audience, client, ... }.
import { createInterface } from "node:readline";
import { calculateJwkThumbprint, createRemoteJWKSet, decodeJwt, exportJWK, importJWK, jwtVerify } from "jose";
import * as oauth from "openid-client";
import { Browser } from "./browser.mjs";

const question = JSON.parse(await new Promise((read) => createInterface({ input: process.stdin }).once("line", read)));
const browser = new Browser(question.person ?? {}, question.headers);

try {
  const flow = flows()[question.flow];
  if (!flow) throw new Error(`There is no flow ${question.flow}.`);
  const facts = await flow(await configuration(question.client));
  process.stdout.write(`${JSON.stringify({ facts })}\n`);
} catch (error) {
  const { message, code, error: oauthError, error_description: description, status } = error;
  process.stdout.write(
    `${JSON.stringify({ error: { message, code, error: oauthError, description, status, cause: String(error.cause?.stack ?? error.cause ?? ""), visited: browser.visited } })}\n`,
  );
}
process.exit(0);

function flows() {
  return {
    async discovery(config) {
      const oauthMetadata = await fetch(wellKnown("oauth-authorization-server"));
      return {
        openid: config.serverMetadata(),
        oauth: oauthMetadata.ok ? await oauthMetadata.json() : null,
        keys: await (await fetch(config.serverMetadata().jwks_uri)).json(),
      };
    },

    code: async (config) => signIn(config, {}),

    pushed: async (config) => signIn(config, {}, { pushed: true }),

    formPost: async (config) => signIn(config, { response_mode: "form_post" }),

    async refresh(config) {
      const first = await signIn(config, offline());
      const second = await tokensOf(config, await oauth.refreshTokenGrant(config, first.refreshToken));
      const third = await tokensOf(config, await oauth.refreshTokenGrant(config, second.refreshToken));
      const replay = await refusal(() => oauth.refreshTokenGrant(config, first.refreshToken));
      const afterReplay = await refusal(() => oauth.refreshTokenGrant(config, third.refreshToken));
      return { first, second, third, replay, afterReplay };
    },

    async replayedCode(config) {
      const { callback, checks } = await authorize(config, {});
      const first = await tokensOf(config, await oauth.authorizationCodeGrant(config, callback, checks));
      return { first, replay: await refusal(() => oauth.authorizationCodeGrant(config, callback, checks)) };
    },

    async wrongVerifier(config) {
      const { callback, checks } = await authorize(config, {});
      return {
        refused: await refusal(() =>
          oauth.authorizationCodeGrant(config, callback, { ...checks, pkceCodeVerifier: oauth.randomPKCECodeVerifier() }),
        ),
      };
    },

    clientCredentials: async (config) => tokensOf(config, await oauth.clientCredentialsGrant(config, { scope: question.scope })),

    async device(config) {
      const started = await oauth.initiateDeviceAuthorization(config, { scope: question.scope });
      const early = await refusal(() =>
        oauth.genericGrantRequest(config, "urn:ietf:params:oauth:grant-type:device_code", { device_code: started.device_code }),
      );
      await browser.walk(started.verification_uri_complete ?? started.verification_uri);
      const tokens = await oauth.pollDeviceAuthorizationGrant(config, started, undefined, { signal: AbortSignal.timeout(30_000) });
      return { ...(await tokensOf(config, tokens)), early, userCode: started.user_code, interval: started.interval ?? 5 };
    },

    async dpop(config) {
      const pair = await oauth.randomDPoPKeyPair("ES256", { extractable: true });
      const DPoP = oauth.getDPoPHandle(config, pair);
      const { callback, checks } = await authorize(config, { dpop_jkt: await calculateJwkThumbprint(await exportJWK(pair.publicKey)) });
      const answer = await oauth.authorizationCodeGrant(config, callback, checks, undefined, { DPoP });
      const tokens = await tokensOf(config, answer);
      const other = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair("ES256"));
      return {
        ...tokens,
        thumbprint: await calculateJwkThumbprint(await exportJWK(pair.publicKey)),
        refreshByAnotherKey: tokens.refreshToken
          ? await refusal(() => oauth.refreshTokenGrant(config, tokens.refreshToken, undefined, { DPoP: other }))
          : null,
        resource: question.resource
          ? await status(() =>
              oauth.fetchProtectedResource(config, tokens.accessToken, new URL(question.resource), "GET", null, undefined, { DPoP }),
            )
          : null,
        resourceAsBearer: question.resource
          ? (await fetch(question.resource, { headers: { Authorization: `Bearer ${tokens.accessToken}` } })).status
          : null,
      };
    },

    async userInfo(config) {
      const tokens = await signIn(config, {}, { opaque: question.opaque });
      return { tokens, userInfo: await oauth.fetchUserInfo(config, tokens.accessToken, tokens.idClaims.sub) };
    },

    async revocation(config) {
      const tokens = await signIn(config, offline());
      await oauth.tokenRevocation(config, tokens.refreshToken, { token_type_hint: "refresh_token" });
      return { tokens, refreshed: await refusal(() => oauth.refreshTokenGrant(config, tokens.refreshToken)) };
    },

    async introspection(config) {
      const tokens = await signIn(config, offline());
      const asker = question.asker ? await configuration(question.asker) : config;
      const ofAccess = await valueOrRefusal(() => oauth.tokenIntrospection(asker, tokens.accessToken));
      const ofRefresh = await oauth.tokenIntrospection(asker, tokens.refreshToken);
      await oauth.tokenRevocation(config, tokens.refreshToken);
      return {
        tokens,
        ofAccess,
        ofRefresh,
        afterRevocation: await oauth.tokenIntrospection(asker, tokens.refreshToken),
        ofNonsense: await oauth.tokenIntrospection(asker, "nonsense"),
      };
    },

    async endSession(config) {
      const tokens = await signIn(config, {});
      const silent = await signIn(config, { prompt: "none" });
      const address = oauth.buildEndSessionUrl(config, {
        id_token_hint: tokens.idToken,
        post_logout_redirect_uri: question.client.signedOutUri,
        state: "bye",
      });
      const end = await browser.walk(address, question.client.signedOutUri);
      const after = await refusal(() => signIn(config, { prompt: "none" }));
      return { tokens, silent: silent.claims.sub, end, after };
    },
  };
}

/** Some authorities issue refresh tokens only after consent (OpenID Connect Core 1.0 section 11). */
function offline() {
  return { scope: `${question.scope} offline_access`, ...(question.asksForOffline && { prompt: "consent" }) };
}

async function configuration(client) {
  const authentication = client.jwk
    ? oauth.PrivateKeyJwt({ key: await importJWK(client.jwk, client.jwk.alg), kid: client.jwk.kid })
    : client.secret
      ? (client.method === "client_secret_post" ? oauth.ClientSecretPost : oauth.ClientSecretBasic)(client.secret)
      : oauth.None();
  return oauth.discovery(new URL(question.issuer), client.id, { id_token_signed_response_alg: "ES256" }, authentication, {
    execute: [oauth.allowInsecureRequests],
  });
}

async function authorize(config, more, { pushed } = {}) {
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: oauth.randomState(), expectedNonce: oauth.randomNonce(), idTokenExpected: true };
  const parameters = {
    redirect_uri: question.client.redirectUri,
    scope: question.scope,
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...(question.tenant && { acr_values: `tenant:${question.tenant}` }),
    ...more,
  };
  const address = pushed ? await oauth.buildAuthorizationUrlWithPAR(config, parameters) : oauth.buildAuthorizationUrl(config, parameters);
  const end = await browser.walk(address, question.client.redirectUri);
  const callback = end.delivered ? new Request(end.address, { method: "POST", body: end.body }) : new URL(end);
  return { callback, checks, address };
}

async function signIn(config, more, how = {}) {
  const { callback, checks, address } = await authorize(config, more, how);
  const parameters =
    callback instanceof URL ? Object.fromEntries(callback.searchParams) : Object.fromEntries(await callback.clone().formData());
  const answer = await oauth.authorizationCodeGrant(config, callback, checks);
  return {
    ...(await tokensOf(config, answer, how)),
    callback: parameters,
    asked: [...new URL(address).searchParams.keys()],
    visited: browser.visited,
  };
}

/** The facts of a token response; its access token is verified by jose, its ID token by openid-client. */
async function tokensOf(config, answer, { opaque } = {}) {
  const metadata = config.serverMetadata();
  const verified = opaque
    ? { payload: null, protectedHeader: null }
    : await jwtVerify(answer.access_token, createRemoteJWKSet(new URL(metadata.jwks_uri)), {
        issuer: metadata.issuer,
        audience: question.audience,
        typ: "at+jwt",
        algorithms: ["ES256", "RS256"],
        requiredClaims: ["sub", "exp", "iat", "jti", "client_id"],
      });
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    idToken: answer.id_token,
    tokenType: answer.token_type,
    expiresIn: answer.expires_in,
    scope: answer.scope,
    header: verified.protectedHeader,
    claims: verified.payload,
    idClaims: answer.id_token ? decodeJwt(answer.id_token) : null,
  };
}

async function refusal(work) {
  try {
    const value = await work();
    return { refused: false, value };
  } catch (error) {
    return { refused: true, error: error.error ?? error.code ?? error.message, status: error.status };
  }
}

async function valueOrRefusal(work) {
  const outcome = await refusal(work);
  return outcome.refused ? outcome : outcome.value;
}

async function status(work) {
  try {
    return (await work()).status;
  } catch (error) {
    return error.status ?? error.response?.status ?? String(error);
  }
}

/** RFC 8414 section 3: inserted between host and path. */
function wellKnown(name) {
  const issuer = new URL(question.issuer);
  return `${issuer.origin}/.well-known/${name}${issuer.pathname === "/" ? "" : issuer.pathname}`;
}
