import { createCall } from "./call.js";
import { type Download, type DownloadOptions, download } from "./download.js";
import { type Client, createClient } from "./generated/client/index.js";
import { createGroups, type Groups } from "./generated/groups.gen.js";
import { apiVersion } from "./generated/version.gen.js";
import { type Connection, Photos } from "./photos.js";
import { type RetryOptions, repeatingFetch } from "./transport.js";

/** A credential, or a function that provides it when it is needed. */
export type Credential = string | (() => string | undefined | Promise<string | undefined>);

export interface ProofsheetOptions {
  /** The base URL of the API, without `/v1`: `https://api.studio.example`. */
  baseUrl: string;
  /** A studio's key. In a browser only use a publishable key: everyone can read a secret key in a page. */
  key?: Credential;
  /** A visitor's token, as returned by unlocking a gallery; overrides `key`. */
  token?: Credential;
  /** Headers for every request, such as one by which a backend recognizes its own pages. */
  headers?: Record<string, string>;
  fetch?: typeof fetch;
  retry?: RetryOptions;
}

export interface Proofsheet extends Groups {
  readonly photos: Photos;
  /** Returns a client of the same API with another credential, such as the token of a visitor who unlocked a gallery. */
  as(token: Credential): Proofsheet;
  /** Makes a signed URL that the API returned absolute, for `src` and `href`. */
  url(address: string): string;
  /** Downloads the content of a signed URL, with progress. */
  download(address: string, options?: DownloadOptions): Promise<Download>;
  /** For the functions of `@proofsheet/sdk/calls`, which can be imported one by one. */
  readonly client: Client;
  /** For `@proofsheet/sdk/uploads`. */
  readonly connection: Connection;
}

export function createProofsheet(options: ProofsheetOptions): Proofsheet {
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  // Looked up for each call, so that a page or a test can replace the global fetch.
  const inner: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const retry = options.retry ?? {};
  const credential = options.token ?? options.key;
  const secret = async () => (typeof credential === "function" ? await credential() : credential);

  const client = createApiClient({ ...options, fetch: inner });
  const call = createCall(client);
  const connection: Connection = {
    baseUrl,
    authorization: async () => {
      const value = await secret();
      return value && `Bearer ${value}`;
    },
    headers: { "Proofsheet-Version": apiVersion, ...options.headers },
    fetch: inner,
    retry,
  };
  const url = (address: string) => new URL(address, `${baseUrl}/`).href;
  return {
    ...createGroups(call),
    photos: new Photos(call, connection),
    as: (token) => createProofsheet({ ...options, token }),
    url,
    download: (address, more) => download(inner, url(address), more),
    client,
    connection,
  };
}

/** Creates only the transport (credential, retries, typed errors), for the functions of `@proofsheet/sdk/calls`. */
export function createApiClient(options: ProofsheetOptions): Client {
  const credential = options.token ?? options.key;
  const inner: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  return createClient({
    baseUrl: options.baseUrl.replace(/\/+$/, ""),
    auth: async () => (typeof credential === "function" ? await credential() : credential),
    fetch: repeatingFetch(inner, options.retry),
    headers: { "Proofsheet-Version": apiVersion, ...options.headers },
    throwOnError: true,
  });
}
