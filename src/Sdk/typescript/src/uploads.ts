// Uploads that survive broken connections, pauses and reloads. A separate entry point, so that pages without uploads do not load it.
import type { Proofsheet } from "./proofsheet.js";
import type { UploadSource } from "./upload.js";
import { ResumableUpload, type ResumableUploadOptions } from "./uploads/resumable-upload.js";

export { ResumableUpload, type ResumableUploadOptions, type ResumableUploadResult } from "./uploads/resumable-upload.js";
export { memorySessions, storageSessions, type UploadSession, type UploadSessions } from "./uploads/sessions.js";

/**
 * Creates an upload that sends photos in pieces with a checksum each (tus 1.0.0). After any failure it continues at the offset that the API
 * reports. Nothing is sent before `run()`.
 */
export const resumableUpload = (
  proofsheet: Proofsheet,
  galleryId: string,
  files: Iterable<UploadSource>,
  options: ResumableUploadOptions = {},
): ResumableUpload => new ResumableUpload(proofsheet, galleryId, [...files], options);
