// One function per operation of the API, for those who count bytes: a bundler takes only what is imported.
// Each needs a client: `createGallery({ client: createApiClient({ baseUrl, key }), body: { title: 'Anna & Ben' } })`.
export * from "./generated/sdk.gen.js";
export { createApiClient } from "./proofsheet.js";
