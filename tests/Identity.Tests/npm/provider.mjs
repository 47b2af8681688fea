// npm's oidc-provider on its own port: an authority that is not ours, set up to issue access tokens that the API accepts.
// Reads one line of JSON (clients, audience, scopes), prints one line with its issuer, and exits with its standard input.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const lines = createInterface({ input: process.stdin });
const settings = JSON.parse(await new Promise((read) => lines.once("line", read)));
lines.once("close", () => process.exit(0));

let handle;
const server = createServer((request, response) => handle(request, response));
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://localhost:${server.address().port}`;

const resource = "https://api.proofsheet.example";
const key = async (algorithm) => ({
  ...(await exportJWK((await generateKeyPair(algorithm, { extractable: true })).privateKey)),
  alg: algorithm,
  use: "sig",
});

// The studio requested at the authorization endpoint, by grant, because codes and refresh tokens do not carry it.
const tenants = new Map();

const provider = new Provider(issuer, {
  clients: settings.clients,
  jwks: { keys: [await key("ES256"), await key("RS256")] },
  scopes: ["openid", "offline_access", ...settings.scopes],
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  findAccount: async (_, sub) => ({
    accountId: sub,
    claims: async () => ({ sub, name: `Name of ${sub}`, email: sub, email_verified: true }),
  }),
  enabledJWA: {
    idTokenSigningAlgValues: ["ES256", "RS256"],
    clientAuthSigningAlgValues: ["ES256", "RS256"],
    dPoPSigningAlgValues: ["ES256"],
  },
  clientDefaults: { id_token_signed_response_alg: "ES256" },
  cookies: { keys: ["for tests"] },
  conformIdTokenClaims: false,
  // By default it sends no logout notifications to this machine, where the API of the tests is.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: 900,
    ClientCredentials: 900,
    IdToken: 300,
    RefreshToken: 86_400,
    Session: 86_400,
    Interaction: 3600,
    Grant: 86_400,
    DeviceCode: 600,
  },
  // The claims by which the API selects a studio and revokes a session.
  extraTokenClaims: (context, token) => {
    const source = context.oidc.entities.AuthorizationCode ?? context.oidc.entities.RefreshToken ?? context.oidc.entities.DeviceCode;
    const tenant = tenants.get(token.grantId);
    return { ...(tenant && { tenant }), ...(source?.sid && { sid: source.sid }) };
  },
  features: {
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    dPoP: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    backchannelLogout: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: (context) => context.oidc.client.clientId !== "reader",
      getResourceServerInfo: () => ({
        scope: settings.scopes.join(" "),
        audience: settings.audience,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
});
provider.on("authorization.success", (context) => {
  const asked = /(?:^| )tenant:(\S+)/.exec(context.oidc.params.acr_values ?? "");
  const grant = context.oidc.session?.grantIdFor(context.oidc.client.clientId);
  if (asked && grant) tenants.set(grant, asked[1]);
});
provider.on("backchannel.error", (_, error) => console.error("A logout was not told:", error));
handle = provider.callback();
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
