/** As many as a telephone's photo library takes at once without trouble; more come as an archive. */
export const MOST_SHARED = 25;

// All of them are in memory until they are handed over.
const MOST_BYTES = 300_000_000;

// Some telephones refuse as many files as others take, and none of them says how many it takes.
const AT_ONCE = [MOST_SHARED, 10, 1] as const;

const TYPES: Record<string, string> = {
  avif: "image/avif",
  gif: "image/gif",
  heic: "image/heic",
  heif: "image/heif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  tif: "image/tiff",
  tiff: "image/tiff",
  webp: "image/webp",
};

/** Files that are ready to be handed to the system, and how many of them have been. */
export interface Sharing {
  files: readonly File[];
  shared: number;
  atOnce: number;
}

/**
 * Whether this is a telephone or a tablet whose share sheet takes such a file. It saves them to the photo library, where a download would not be
 * found; on a desktop a download is what people expect.
 */
export function sharesFiles(fileName = "photo.jpg"): boolean {
  return (
    typeof navigator.canShare === "function" &&
    matchMedia("(pointer: coarse)").matches &&
    navigator.canShare({ files: [fileOf(new Blob(["?"]), fileName)] })
  );
}

/** Whether so much is shared; more is downloaded as an archive. */
export function isShareable(photos: number, bytes: number | null): boolean {
  return photos <= MOST_SHARED && (bytes ?? 0) <= MOST_BYTES;
}

export function fileOf(content: Blob, path: string): File {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return new File([content], name, { type: TYPES[name.slice(name.lastIndexOf(".") + 1).toLowerCase()] ?? "application/octet-stream" });
}

export function sharing(files: readonly File[]): Sharing {
  return { files, shared: 0, atOnce: AT_ONCE[0] };
}

/** The files to share next. */
export function nextFiles({ files, shared, atOnce }: Sharing): File[] {
  return files.slice(shared, shared + atOnce);
}

/** The same with fewer files at once; null when a single file was refused as well. */
export function withFewer(now: Sharing): Sharing | null {
  const atOnce = AT_ONCE.find((count) => count < nextFiles(now).length);
  return atOnce ? { ...now, atOnce } : null;
}
