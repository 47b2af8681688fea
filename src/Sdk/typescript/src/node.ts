// What only Node can do: photographs from the disk, streamed when they are sent.
import { openAsBlob } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { UploadSource } from './upload.js';

const types: Record<string, string> = {
  '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.webp': 'image/webp', '.tif': 'image/tiff', '.tiff': 'image/tiff',
  '.heic': 'image/heic', '.heif': 'image/heif', '.avif': 'image/avif', '.gif': 'image/gif', '.dng': 'image/x-adobe-dng',
};

/** One file of the disk. It is read when it is sent, never whole into memory. */
export async function fileAt(path: string): Promise<UploadSource> {
  const type = types[extname(path).toLowerCase()] ?? 'application/octet-stream';
  return { name: basename(path), content: await openAsBlob(path, { type }) };
}

/** The files of a folder in the order of their names, without folders inside it and hidden files. */
export async function filesIn(folder: string): Promise<UploadSource[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((e) => e.isFile() && !e.name.startsWith('.')).map((e) => e.name);
  return await Promise.all(names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).map((n) => fileAt(join(folder, n))));
}
