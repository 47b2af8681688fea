// The peer of pictures on request: ipx, which resizes originals of a folder when they are asked for.
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
