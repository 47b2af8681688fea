import type { Call } from './call.js';
import type { RetryOptions } from './transport.js';
import { upload, type UploadOptions, type UploadResult, type UploadSource } from './upload.js';

export interface Connection {
  baseUrl: string;
  authorization: () => Promise<string | undefined>;
  fetch: typeof fetch;
  retry: RetryOptions;
}

/** The photographs of galleries, with the upload, which no generator writes well. */
export class Photos {
  constructor(
    protected readonly call: Call,
    private readonly connection: Connection,
  ) {}

  /**
   * Uploads photographs to a gallery, some at a time, each streamed. A file that is refused (not a picture, too large) is
   * reported in its result; a lost connection is tried again; what ends the whole upload is thrown.
   */
  upload(galleryId: string, files: Iterable<UploadSource>, options: UploadOptions = {}): Promise<UploadResult<unknown>[]> {
    const section = options.sectionId === undefined ? '' : `?sectionId=${encodeURIComponent(options.sectionId)}`;
    const url = `${this.connection.baseUrl}/v1/galleries/${encodeURIComponent(galleryId)}/photos${section}`;
    return upload({ ...this.connection, url }, [...files], options);
  }
}
