import { ConnectionError, errorOf } from "../errors.js";
import type { UploadsGroup } from "../generated/groups.gen.js";
import type { DirectUpload, PhotoFailure, Upload, UploadBatchFile, UploadBatchFileRequest, UploadOutcome } from "../generated/types.gen.js";
import type { Connection } from "../photos.js";
import { newIdempotencyKey, repeatingFetch } from "../transport.js";

/** How an upload ended. */
export interface UploadEnd {
  outcome: UploadOutcome;
  photoId: string | null;
  problem: PhotoFailure | null;
}

/** The state of an upload: the bytes that the API has, and its outcome when it has ended. */
export interface UploadPoint {
  offset: number;
  end: UploadEnd | undefined;
}

/** A new upload, or the outcome when no upload is needed. */
export interface CreatedUpload {
  uploadId: string | undefined;
  end: UploadEnd | undefined;
  /** The object store accepts the file directly. */
  goesDirectly: boolean;
}

export const refused = (code: string, detail: string): UploadEnd => ({ outcome: "refused", photoId: null, problem: { code, detail } });

export const addressOf = (uploadId: string): string => `/v1/uploads/${encodeURIComponent(uploadId)}`;

/**
 * The requests of tus 1.0.0 and the API's additions to it. An upload is named by its ID and requested below the SDK's base URL, so the
 * credential is never sent to a URL from a response or a stored session.
 */
export class UploadWire {
  // The API puts the photos of a group into the order of their file names.
  private readonly uploadGroup = newIdempotencyKey();

  constructor(
    private readonly connection: Connection,
    private readonly uploads: UploadsGroup,
    readonly galleryId: string,
  ) {}

  get fetch(): typeof fetch {
    return this.connection.fetch;
  }

  get scope(): string {
    return `${this.connection.baseUrl}\n${this.galleryId}`;
  }

  /** `length` is undefined for an upload that joins parts. */
  async create(
    length: number | undefined,
    concat: string | undefined,
    metadata: Record<string, string | undefined>,
    signal: AbortSignal,
  ): Promise<CreatedUpload> {
    const told = Object.entries({ uploadGroup: this.uploadGroup, ...metadata }).filter((m): m is [string, string] => m[1] !== undefined);
    const response = await this.ask("POST", `/v1/galleries/${encodeURIComponent(this.galleryId)}/uploads`, signal, {
      "Idempotency-Key": newIdempotencyKey(),
      ...(length !== undefined && { "Upload-Length": String(length) }),
      ...(concat !== undefined && { "Upload-Concat": concat }),
      ...(told.length > 0 && {
        "Upload-Metadata": told.map(([name, value]) => `${name} ${base64(new TextEncoder().encode(value))}`).join(","),
      }),
    });
    const location = response.headers.get("Location");
    const upload = await uploadIn(response);
    const goesDirectly = Boolean(upload?.directUrl);
    // When there is a Location header, nothing else is needed.
    if (location)
      return { uploadId: decodeURIComponent(location.replace(/\/+$/, "").split("/").at(-1)!), end: endIn(response), goesDirectly };
    const end = upload && endOf(upload);
    if (!end) throw unreadable();
    return { uploadId: undefined, end, goesDirectly };
  }

  async head(uploadId: string, signal: AbortSignal): Promise<UploadPoint> {
    return pointIn(await this.ask("HEAD", addressOf(uploadId), signal));
  }

  async append(uploadId: string, offset: number, piece: ArrayBuffer, signal: AbortSignal): Promise<UploadPoint> {
    const checksum = await digest(piece);
    const response = await this.ask(
      "PATCH",
      addressOf(uploadId),
      signal,
      {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": String(offset),
        ...(checksum && { "Upload-Checksum": `sha256 ${base64(checksum)}` }),
      },
      piece,
    );
    return pointIn(response);
  }

  /** The outcome of an upload; undefined while it has not ended. */
  async endOf(uploadId: string, signal: AbortSignal): Promise<UploadEnd | undefined> {
    return endOf(await readable(this.uploads.get(uploadId, { signal })));
  }

  /** Gets a URL of the object store for the file. */
  async direct(uploadId: string, signal: AbortSignal): Promise<DirectUpload> {
    const address = await readable(this.uploads.createDirect(uploadId, {}, { signal }));
    if (typeof address.url !== "string") throw unreadable();
    return address;
  }

  /** Ingests the file that the object store has. */
  async complete(uploadId: string, signal: AbortSignal): Promise<UploadEnd> {
    const end = endOf(await readable(this.uploads.complete(uploadId, { signal })));
    if (!end) throw unreadable();
    return end;
  }

  async terminate(uploadId: string, signal: AbortSignal): Promise<void> {
    await this.ask("DELETE", addressOf(uploadId), signal);
  }

  /** Announces many files at once; each becomes an upload, or needs none. */
  async announce(files: readonly UploadBatchFileRequest[], signal: AbortSignal): Promise<CreatedUpload[]> {
    const batch = await readable(
      this.uploads.createBatch(this.galleryId, { files: [...files], uploadGroup: this.uploadGroup }, { signal }),
    );
    if (!Array.isArray(batch.files)) throw unreadable();
    const created: CreatedUpload[] = files.map(() => ({ uploadId: undefined, end: undefined, goesDirectly: false }));
    for (const file of batch.files) {
      const uploadId = file.outcome === "refused" ? undefined : (file.uploadId ?? undefined);
      created[file.index] = { uploadId, end: uploadId === undefined ? endOf(file) : undefined, goesDirectly: Boolean(file.directUrl) };
    }
    return created;
  }

  private async ask(
    method: string,
    path: string,
    signal: AbortSignal,
    headers: Record<string, string> = {},
    body?: BodyInit,
  ): Promise<Response> {
    const authorization = await this.connection.authorization();
    const init = {
      method,
      signal,
      headers: { ...this.connection.headers, ...(authorization && { Authorization: authorization }), "Tus-Resumable": "1.0.0", ...headers },
      ...(body !== undefined && { body }),
    };
    const url = this.connection.baseUrl + path;
    // After a broken PATCH the API is asked for the offset, so it is not retried blindly; other requests can be repeated as they are.
    if (method !== "PATCH") return await repeatingFetch(this.connection.fetch, this.connection.retry)(url, init);
    let response: Response;
    try {
      response = await this.connection.fetch(url, init);
    } catch (error) {
      signal.throwIfAborted();
      throw new ConnectionError(error);
    }
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}

/** SHA-256; undefined where there is no WebCrypto (a page without HTTPS). */
export async function digest(bytes: ArrayBuffer): Promise<Uint8Array | undefined> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  return subtle && new Uint8Array(await subtle.digest("SHA-256", bytes));
}

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));

/** Undefined when the body is not an upload. */
async function uploadIn(response: Response): Promise<Upload | undefined> {
  try {
    return (await response.json()) as Upload;
  } catch {
    return undefined;
  }
}

/** Turns a response that is not from the API into a connection error. */
async function readable<T>(asked: Promise<T>): Promise<T> {
  try {
    const answer = await asked;
    if (typeof answer === "object" && answer !== null) return answer;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw unreadable();
}

function pointIn(response: Response): UploadPoint {
  const offset = response.headers.get("Upload-Offset");
  if (offset === null || !/^\d+$/.test(offset)) throw unreadable();
  return { offset: Number(offset), end: endIn(response) };
}

function endIn(response: Response): UploadEnd | undefined {
  const outcome = response.headers.get("Proofsheet-Upload-Outcome");
  return outcome === null ? undefined : { outcome, photoId: response.headers.get("Proofsheet-Photo"), problem: null };
}

function endOf(upload: Upload | UploadBatchFile): UploadEnd | undefined {
  const { status, outcome, problem } = upload;
  if (status === "refused" || outcome === "refused") return refused(problem?.code ?? "refused", problem?.detail ?? "The file was refused.");
  if (status !== "done" || typeof outcome !== "string") return undefined;
  return { outcome, photoId: ("photo" in upload ? upload.photo?.id : (upload as UploadBatchFile).photoId) ?? null, problem: null };
}

// A proxy answered instead of the API, or CORS hides its headers; a retry may reach the API.
const unreadable = (): ConnectionError => new ConnectionError(new Error("The response did not come from the API."));
