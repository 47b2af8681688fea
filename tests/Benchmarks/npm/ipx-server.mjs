// The peer of pictures on request: ipx, which resizes the originals in a folder on request.
// node ipx-server.mjs PORT FOLDER
import { createServer } from "node:http";
import { createIPX, createIPXNodeServer, ipxFSStorage } from "ipx";

const [port, folder] = process.argv.slice(2);
const answer = createIPXNodeServer(createIPX({ storage: ipxFSStorage({ dir: folder }) }));

createServer((request, response) => {
  if (request.url === "/health/ready") {
    response.end();
    return;
  }
  answer(request, response);
}).listen(Number(port), "127.0.0.1");
