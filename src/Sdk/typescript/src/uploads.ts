// Uploads that survive broken connections, pauses and reloads, in an entry of its own: pages that upload nothing do not carry it.
import type { Proofsheet } from "./proofsheet.js";
import type { UploadSource } from "./upload.js";
import { ResumableUpload, type ResumableUploadOptions } from "./uploads/resumable-upload.js";

export { ResumableUpload, type ResumableUploadOptions, type ResumableUploadResult } from "./uploads/resumable-upload.js";
export { memorySessions, storageSessions, type UploadSession, type UploadSessions } from "./uploads/sessions.js";

/**
 * Uploads photographs in pieces that are checked one by one (tus 1.0.0): after anything that breaks it goes on where the API says that it
 * stands. Nothing is sent before `run()`.
 */
export const resumableUpload = (
  proofsheet: Proofsheet,
  galleryId: string,
  files: Iterable<UploadSource>,
  options: ResumableUploadOptions = {},
): ResumableUpload => new ResumableUpload(proofsheet, galleryId, [...files], options);
