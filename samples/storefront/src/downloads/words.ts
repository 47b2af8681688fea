import { type DigitalSize, type DownloadOffer, problemOf } from "../api";
import { longDate, plural, waiting } from "../lib/text";

/** Refusals that the visitor can do something about, or should know of. Where downloads are off, nothing is said of them. */
const TOLD = ["email_required", "email_not_listed", "downloads_ended"];

export function isTold(offer: DownloadOffer | undefined): offer is DownloadOffer {
  return offer !== undefined && (offer.allowsDownloads ? offer.sizes.length > 0 : TOLD.includes(offer.reason ?? ""));
}

export function sizeName(size: DigitalSize): string {
  return size === "web" ? "For screens" : "Full size";
}

/** What the files of a size are, for one photo or for many. */
export function sizeDetail(size: DigitalSize, offer: DownloadOffer, photo?: { width: number; height: number }): string {
  if (size !== "web") {
    return photo && photo.width > 0 ? `The original, ${photo.width} × ${photo.height} pixels` : "The originals, as they were taken";
  }

  const pixels = offer.webPixels ? `up to ${offer.webPixels} pixels` : "as large as it is shown";
  return `JPEG, ${pixels}${offer.isWebWatermarked ? ", with the studio’s watermark" : ""}`;
}

/** What else the rules say, one sentence each. */
export function limitsOf({ remainingPhotoCount: left, endsAt }: DownloadOffer): string[] {
  return [
    ...(left == null
      ? []
      : left === 0
        ? ["You have downloaded as many photographs as the studio allows. Those that you have, you can download again."]
        : [`You can download ${plural(left, "more photograph")}. Those that you have, you can download again.`]),
    ...(endsAt ? [`Downloads are open until ${longDate(endsAt)}.`] : []),
  ];
}

/** Why nothing can be downloaded now. */
export function refusalText({ reason, endsAt }: DownloadOffer): string {
  switch (reason) {
    case "downloads_ended":
      return `The time to download has ended${endsAt ? ` on ${longDate(endsAt)}` : ""}. Ask the studio if you missed it.`;
    case "email_required":
      return "The studio would like to know who downloads: enter your e-mail address.";
    default:
      return "The studio lets only certain e-mail addresses download. Enter the one that it knows you by.";
  }
}

/** The API gave up making the files. */
export class NotMade extends Error {}

export function failureText(error: unknown): string {
  if (error instanceof NotMade) {
    return "The files could not be made ready. Try again in a moment.";
  }

  const problem = problemOf(error);
  switch (problem.code) {
    case "wrong_pin":
      return "That PIN does not open the downloads. It is another one than the gallery’s.";
    case "pin_required":
      return "Enter the PIN for downloads first.";
    case "too_many_attempts":
      return `That was tried a few times too often. Try again in ${waiting(problem.retryAfterSeconds ?? 30)}.`;
    case "download_quota_reached":
      return "These are more photographs than you may still download. Choose fewer, or ask the studio.";
    case "nothing_to_download":
      return "None of these photographs is in the gallery any more.";
    case "concurrent_change":
    case "size_not_offered":
    case "downloads_off":
    case "download_closed":
      return "The studio has just changed what can be downloaded. Close this and try again.";
    default:
      return problem.detail;
  }
}
