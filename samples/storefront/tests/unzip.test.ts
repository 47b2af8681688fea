import { expect, it } from "vitest";
import { filesOf } from "../src/downloads/unzip";

interface Entry {
  path: string;
  content: string;
  method?: number;
}

/** An archive by the format's own definition (APPNOTE.TXT), without checksums; the extra fields of the local headers are longer than those of the directory. */
function archiveOf(entries: Entry[], comment = ""): Blob {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const push = (list: Uint8Array[], bytes: Uint8Array) => {
    list.push(bytes);
    return bytes.length;
  };
  for (const { path, content, method = 0 } of entries) {
    const [name, data] = [Buffer.from(path), Buffer.from(content)];
    const header = at;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(9, 28);
    at += push(parts, local) + push(parts, name) + push(parts, Buffer.alloc(9, 7)) + push(parts, data);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(data.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(4, 30);
    entry.writeUInt32LE(header, 42);
    push(directory, entry);
    push(directory, name);
    push(directory, Buffer.alloc(4, 7));
  }

  const bytes = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return new Blob([...parts, ...directory, end, Buffer.from(comment)].map((part) => new Uint8Array(part)));
}

const read = async (archive: Blob) =>
  Promise.all((await filesOf(archive)).map(async ({ path, content }) => [path, await content.text()] as const));

it("finds every file with its whole content, in any folder and script", async () => {
  const archive = archiveOf([
    { path: "Feier_ 日本/", content: "" },
    { path: "Feier_ 日本/ä.jpg", content: "PK\u0005\u0006 is in the middle of this" },
    { path: "empty.jpg", content: "" },
    { path: "b.jpg", content: "the last one" },
  ]);
  expect(await read(archive)).toEqual([
    ["Feier_ 日本/ä.jpg", "PK\u0005\u0006 is in the middle of this"],
    ["empty.jpg", ""],
    ["b.jpg", "the last one"],
  ]);
});

it("reads an archive with a comment", async () => {
  expect(await read(archiveOf([{ path: "a.jpg", content: "a" }], "from Anna"))).toEqual([["a.jpg", "a"]]);
});

it("refuses what is compressed, cut off or no archive", async () => {
  const archive = archiveOf([{ path: "a.jpg", content: "abcdefgh" }]);
  await expect(filesOf(archiveOf([{ path: "a.jpg", content: "a", method: 8 }]))).rejects.toThrow("compressed");
  await expect(filesOf(archive.slice(0, archive.size - 30))).rejects.toThrow("no archive");
  await expect(filesOf(archive.slice(20))).rejects.toThrow();
  await expect(filesOf(new Blob(["nothing"]))).rejects.toThrow("no archive");
});
