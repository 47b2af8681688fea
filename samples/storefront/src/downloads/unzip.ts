/** A file in an archive. Its content is a part of the archive, not a copy. */
export interface ArchivedFile {
  path: string;
  content: Blob;
}

const END = 0x06054b50;
const FILE = 0x02014b50;
const END_BYTES = 22;
const FILE_BYTES = 46;
const LOCAL_BYTES = 30;
const LONGEST_COMMENT = 65_535;

/**
 * The files of an archive as the API sends it: stored without compression, because photographs do not get smaller. Other archives are refused,
 * also those with ZIP64, which are far larger than what is shared.
 */
export async function filesOf(archive: Blob): Promise<ArchivedFile[]> {
  const end = await endOf(archive);
  const count = end.getUint16(10, true);
  const at = end.getUint32(16, true);
  const directory = await viewOf(archive, at, at + end.getUint32(12, true));
  const files: ArchivedFile[] = [];
  let from = 0;
  for (let i = 0; i < count; i++) {
    if (directory.getUint32(from, true) !== FILE || directory.getUint16(from + 10, true) !== 0) {
      throw new Error("The archive is compressed or damaged.");
    }

    const bytes = directory.getUint32(from + 20, true);
    const nameBytes = directory.getUint16(from + 28, true);
    const path = new TextDecoder().decode(new Uint8Array(directory.buffer, from + FILE_BYTES, nameBytes));
    const start = await contentStart(archive, directory.getUint32(from + 42, true));
    // Names of folders end in a slash.
    if (!path.endsWith("/")) {
      files.push({ path, content: archive.slice(start, start + bytes) });
    }

    from += FILE_BYTES + nameBytes + directory.getUint16(from + 30, true) + directory.getUint16(from + 32, true);
  }

  return files;
}

async function endOf(archive: Blob): Promise<DataView> {
  const tail = await viewOf(archive, Math.max(0, archive.size - END_BYTES - LONGEST_COMMENT), archive.size);
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) === END) {
      return new DataView(tail.buffer, at);
    }
  }

  throw new Error("This is no archive.");
}

/** A file's own header may be longer than its entry in the directory. */
async function contentStart(archive: Blob, header: number): Promise<number> {
  const local = await viewOf(archive, header, header + LOCAL_BYTES);
  return header + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
}

async function viewOf(archive: Blob, from: number, to: number): Promise<DataView> {
  return new DataView(await archive.slice(from, to).arrayBuffer());
}
