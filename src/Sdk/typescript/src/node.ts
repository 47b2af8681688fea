// What only Node can do: stream photos from disk, and remember uploads there.
import { openAsBlob } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import type { NamedContent } from "./upload.js";

export { folderSessions } from "./uploads/folder-sessions.js";

const types: Record<string, string> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".heic": "image/heic",
  ".heif": "image/heif",
  ".avif": "image/avif",
  ".gif": "image/gif",
  ".dng": "image/x-adobe-dng",
};

/** One file on disk. It is streamed when it is sent, never read into memory as a whole. */
export async function fileAt(path: string): Promise<NamedContent> {
  const type = types[extname(path).toLowerCase()] ?? "application/octet-stream";
  const { mtimeMs } = await stat(path);
  return { name: basename(path), content: await openAsBlob(path, { type }), path, modifiedAt: mtimeMs };
}

/** The files in a folder, sorted by name, without hidden files; with `folders`, those in subfolders too. */
export async function filesIn(folder: string, options: { folders?: boolean } = {}): Promise<NamedContent[]> {
  return await below(folder, basename(resolve(folder)), options.folders ?? false);
}

async function below(folder: string, shown: string, folders: boolean): Promise<NamedContent[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter((e) => !e.name.startsWith("."));
  const names = (wanted: typeof entries) => wanted.map((e) => e.name).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const files: NamedContent[] = await Promise.all(
    names(entries.filter((e) => e.isFile())).map(async (name) => ({ ...(await fileAt(join(folder, name))), path: `${shown}/${name}` })),
  );
  if (!folders) return files;
  for (const name of names(entries.filter((e) => e.isDirectory())))
    files.push(...(await below(join(folder, name), `${shown}/${name}`, true)));
  return files;
}
