// One function per API operation, for small bundles: a bundler includes only those that are imported.
// Each needs a client: `createGallery({ client: createApiClient({ baseUrl, key }), body: { title: 'Anna & Ben' } })`.
export * from "./generated/sdk.gen.js";
export { createApiClient } from "./proofsheet.js";
