// The peer of the ZIP: streams the files in a folder as a stored ZIP, like a Node server with archiver.
// node zip-server.mjs PORT FOLDER
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { ZipArchive } from "archiver";

const [port, folder] = process.argv.slice(2);

createServer((request, response) => {
  if (request.url === "/health/ready") {
    response.end();
    return;
  }
  response.setHeader("Content-Type", "application/zip");
  const archive = new ZipArchive({ store: true });
  archive.on("error", (error) => response.destroy(error));
  archive.pipe(response);
  for (const name of readdirSync(folder)) archive.file(join(folder, name), { name });
  archive.finalize();
}).listen(Number(port), "127.0.0.1");
