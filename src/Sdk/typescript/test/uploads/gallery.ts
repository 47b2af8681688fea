import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { json, problem } from "../server.js";

/** What goes wrong with a request. */
export type Fault =
  | { kind: "answer"; status: number; code: string; retryAfter?: number }
  /** A proxy returns a page of its own with a success status. */
  | { kind: "page" }
  /** The connection breaks after this many bytes of the body. */
  | { kind: "cut"; bytes: number }
  /** The request succeeds, but its response is lost. */
  | { kind: "lost" }
  /** The server keeps this many bytes and says so. */
  | { kind: "takes"; bytes: number }
  /** The upload no longer exists. */
  | { kind: "expired" }
  /** The server comes back from a crash with only this many bytes. */
  | { kind: "behind"; bytes: number }
  /** There is never a response. */
  | { kind: "silent" };

interface Upload {
  id: string;
  name: string;
  length: number;
  section: string | undefined;
  bytes: Buffer;
  isPart: boolean;
  photoId?: string;
  outcome?: string;
  problem?: string;
}

/** A gallery that accepts resumable uploads over HTTP, enforces the protocol's rules and fails as a test asks. */
export class Gallery {
  baseUrl = "";
  readonly photos = new Map<string, Buffer>();
  readonly sections: { id: string; title: string }[] = [];
  readonly sectionsOfPhotos: (string | undefined)[] = [];
  readonly asked: { method: string; url: string; authorization: string | undefined }[] = [];
  readonly batches: number[] = [];
  /** How many times two requests wrote to the same upload at once. */
  overlaps = 0;
  bytesTaken = 0;
  mostWriters = 0;
  /** Chooses a fault by the method and the number of earlier requests with it. */
  faults: (method: string, before: number) => Fault | undefined = () => undefined;
  refuses: (name: string) => string | undefined = () => undefined;
  arriving: (method: string, before: number) => Promise<void> | void = () => {};
  /** Where whole files may be sent instead, and what has arrived there, by path. */
  store: { baseUrl: string; objects: Map<string, Buffer> } | undefined;
  private readonly uploads = new Map<string, Upload>();
  private readonly joined = new Map<string, Upload>();
  private readonly writers = new Map<string, number>();
  private readonly bySha256 = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private number = 0;

  static async open(): Promise<Gallery> {
    const gallery = new Gallery();
    const server = createServer((request, response) => void gallery.answer(request, response));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    gallery.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return gallery;
  }

  count(method: string): number {
    return this.counts.get(method) ?? 0;
  }

  get openUploads(): number {
    return [...this.uploads.values()].filter((u) => u.photoId === undefined && !u.isPart).length;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method!;
    const id = request.url!.split("/").at(-1)!;
    const before = this.count(method);
    this.counts.set(method, before + 1);
    this.asked.push({ method, url: request.url!, authorization: request.headers.authorization });
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    if (method === "PATCH") {
      this.writers.set(id, (this.writers.get(id) ?? 0) + 1);
      if (this.writers.get(id)! > 1) this.overlaps++;
      this.mostWriters = Math.max(
        this.mostWriters,
        [...this.writers.values()].reduce((a, b) => a + b, 0),
      );
    }
    await this.arriving(method, before);
    const fault = this.faults(method, before);
    this.act(fault, request, response, id, body);
    if (method === "PATCH") this.writers.set(id, this.writers.get(id)! - 1);
  }

  private act(fault: Fault | undefined, request: IncomingMessage, response: ServerResponse, id: string, body: Buffer): void {
    switch (fault?.kind) {
      case "answer":
        return json(
          response,
          fault.status,
          problem(fault.status, fault.code),
          fault.retryAfter === undefined ? {} : { "Retry-After": String(fault.retryAfter) },
        );
      case "page":
        response.writeHead(200, { "Content-Type": "text/html" });
        return void response.end("<html>Please sign in to the hotel's network.</html>");
      case "cut":
        this.append(request, new NoAnswer(), id, body.subarray(0, fault.bytes), false);
        return void response.destroy();
      case "lost":
        this.route(request, new NoAnswer(), id, body);
        return void response.destroy();
      case "takes":
        return this.append(request, response, id, body.subarray(0, fault.bytes), false);
      case "expired":
        this.uploads.delete(id);
        return json(response, 410, problem(410, "upload_expired"));
      case "behind":
        this.uploads.get(id)!.bytes = this.uploads.get(id)!.bytes.subarray(0, fault.bytes);
        return json(response, 503, problem(503, "unavailable"));
      case "silent":
        return;
      case undefined:
        return this.route(request, response, id, body);
    }
  }

  private route(request: IncomingMessage, response: Answering, id: string, body: Buffer): void {
    const upload = this.uploads.get(id);
    if (request.method === "POST" && id === "uploads") return this.create(request, response);
    if (request.method === "POST" && id === "upload-batches") return this.batch(response, body);
    if (request.method === "POST" && id === "sections") {
      this.sections.push({ id: `sec_${this.sections.length}`, title: JSON.parse(body.toString()).title });
      return send(response, 201, this.sections.at(-1));
    }
    if (request.method === "POST" && (id === "direct" || id === "complete")) {
      const named = this.uploads.get(request.url!.split("/").at(-2)!);
      if (!named) return send(response, 404, problem(404, "not_found"));
      return id === "direct" ? this.direct(response, named) : this.complete(response, named);
    }
    if (id.startsWith("sections")) return send(response, 200, { data: this.sections });
    if (!upload) return send(response, 404, problem(404, "not_found"));
    if (request.method === "HEAD") return upload.problem ? send(response, 422, undefined) : at(response, 200, upload);
    if (request.method === "PATCH") return this.append(request, response, id, body, true);
    if (request.method === "DELETE") {
      this.uploads.delete(id);
      return send(response, 204, undefined);
    }
    return send(response, 200, stateOf(upload));
  }

  private direct(response: Answering, upload: Upload): void {
    if (!this.store || upload.bytes.length > 0) return send(response, 409, problem(409, "direct_upload_unavailable"));
    const headers = { "Content-Length": String(upload.length), "x-ms-blob-type": "BlockBlob" };
    send(response, 200, { url: `${this.store.baseUrl}/${upload.id}/direct?signature=secret`, headers, expiresAt: "2030-01-01T00:00:00Z" });
  }

  private complete(response: Answering, upload: Upload): void {
    if (upload.photoId === undefined && !upload.problem) {
      const bytes = this.store?.objects.get(`/${upload.id}/direct`);
      if (bytes?.length !== upload.length) return send(response, 409, problem(409, "upload_not_stored"));
      upload.bytes = bytes;
      this.finish(upload);
    }
    if (upload.problem) send(response, 422, problem(422, upload.problem));
    else send(response, 200, stateOf(upload));
  }

  private create(request: IncomingMessage, response: Answering): void {
    const header = (name: string) => request.headers[name] as string | undefined;
    const concat = header("upload-concat");
    const joined = this.joined.get(concat ?? "");
    if (joined) return at(response, 201, joined, "http://inside.example");
    const metadata = new Map(
      (header("upload-metadata") ?? "")
        .split(",")
        .filter(Boolean)
        .map((p) => [p.split(" ")[0]!, Buffer.from(p.split(" ")[1]!, "base64").toString()]),
    );
    const there = this.photoOf(metadata.get("sha256"));
    if (there) return send(response, 200, { id: null, status: "done", outcome: "duplicate", photo: { id: there } });
    const upload = this.add(metadata.get("filename") ?? "part", Number(header("upload-length") ?? 0), metadata.get("sectionId"));
    upload.isPart = concat === "partial";
    if (concat?.startsWith("final;")) {
      upload.bytes = Buffer.concat(
        concat
          .slice("final;".length)
          .split(" ")
          .map((p) => this.uploads.get(p.split("/").at(-1)!)!.bytes),
      );
      upload.length = upload.bytes.length;
      this.joined.set(concat, upload);
      this.finish(upload);
    }
    // As from a server that does not know about the proxy in front of it.
    at(
      response,
      201,
      upload,
      "http://inside.example",
      concat === undefined && this.store ? { directUrl: `http://inside.example/v1/uploads/${upload.id}/direct` } : undefined,
    );
  }

  private batch(response: Answering, body: Buffer): void {
    const { files } = JSON.parse(body.toString()) as { files: { path: string; bytes: number; sha256?: string; section?: string }[] };
    this.batches.push(files.length);
    const seen = new Set<string>();
    send(response, 201, {
      id: "upb_1",
      files: files.map((file, index) => {
        const photoId = this.photoOf(file.sha256) ?? null;
        const isNew = photoId === null && !(file.sha256 !== undefined && seen.has(file.sha256));
        if (file.sha256 !== undefined) seen.add(file.sha256);
        const section = this.sections.find((s) => s.title === file.section)?.id;
        const uploadId = isNew ? this.add(file.path, file.bytes, section).id : null;
        return {
          index,
          status: isNew ? "accepted" : "duplicate",
          state: isNew ? "open" : "done",
          photoId,
          uploadId,
          directUrl: uploadId && this.store ? `http://inside.example/v1/uploads/${uploadId}/direct` : null,
        };
      }),
    });
  }

  private append(request: IncomingMessage, response: Answering, id: string, body: Buffer, check: boolean): void {
    const upload = this.uploads.get(id);
    if (!upload) return send(response, 404, problem(404, "not_found"));
    if (Number(request.headers["upload-offset"]) !== upload.bytes.length)
      return send(response, 409, problem(409, "upload_offset_conflict"));
    const checksum = `sha256 ${createHash("sha256").update(body).digest("base64")}`;
    if (check && request.headers["upload-checksum"] !== checksum) return send(response, 460, problem(460, "upload_checksum_mismatch"));
    upload.bytes = Buffer.concat([upload.bytes, body]);
    this.bytesTaken += body.length;
    if (upload.bytes.length === upload.length && !upload.isPart && upload.photoId === undefined) this.finish(upload);
    if (upload.problem) send(response, 422, problem(422, upload.problem));
    else at(response, 204, upload);
  }

  private finish(upload: Upload): void {
    const refused = this.refuses(upload.name);
    if (refused) {
      upload.problem = refused;
      return;
    }
    const there = this.photoOf(createHash("sha256").update(upload.bytes).digest("hex"));
    upload.outcome = there ? "duplicate" : "accepted";
    upload.photoId = there ?? `pho_${this.photos.size + 1}`;
    this.keep(upload.photoId, upload.bytes);
    this.sectionsOfPhotos.push(upload.section);
  }

  private photoOf(sha256: string | undefined): string | undefined {
    return sha256 === undefined ? undefined : this.bySha256.get(sha256);
  }

  /** Stores a photo. */
  keep(photoId: string, bytes: Buffer): void {
    this.photos.set(photoId, bytes);
    this.bySha256.set(createHash("sha256").update(bytes).digest("hex"), photoId);
  }

  private add(name: string, length: number, section: string | undefined): Upload {
    const upload: Upload = { id: `upl_${++this.number}`, name, length, section, bytes: Buffer.alloc(0), isPart: false };
    this.uploads.set(upload.id, upload);
    return upload;
  }
}

type Answering = Pick<ServerResponse, "writeHead" | "end">;

/** Swallows a response that is to be lost. */
class NoAnswer implements Answering {
  writeHead(): ServerResponse {
    return this as unknown as ServerResponse;
  }

  end(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

function send(response: Answering, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": status < 400 ? "application/json" : "application/problem+json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

const stateOf = (upload: Upload) => ({
  id: upload.id,
  status: upload.problem ? "refused" : upload.photoId ? "done" : "open",
  outcome: upload.problem ? "refused" : (upload.outcome ?? null),
  photo: upload.photoId ? { id: upload.photoId } : null,
  problem: upload.problem ? { code: upload.problem, detail: "No." } : null,
});

function at(response: Answering, status: number, upload: Upload, origin?: string, body?: object): void {
  response.writeHead(status, {
    ...(body && { "Content-Type": "application/json" }),
    "Upload-Offset": upload.bytes.length,
    ...(origin && { Location: `${origin}/v1/uploads/${upload.id}` }),
    ...(upload.photoId && { "Proofsheet-Upload-Outcome": upload.outcome, "Proofsheet-Photo": upload.photoId }),
  });
  response.end(body && JSON.stringify(body));
}
