// Serves dist/ and /config.json: `PROOFSHEET_API_URL=... PROOFSHEET_PUBLISHABLE_KEY=... PORT=8080 node samples/storefront/server.mjs`
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("./dist", import.meta.url));
const port = Number(process.env.PORT ?? 8080);
const apiUrl = (process.env.PROOFSHEET_API_URL ?? "http://localhost:5080").replace(/\/+$/, "");
const apiOrigin = new URL(apiUrl).origin;
const config = Buffer.from(JSON.stringify({ apiUrl, publishableKey: process.env.PROOFSHEET_PUBLISHABLE_KEY ?? "" }));

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".png": "image/png",
  ".txt": "text/plain; charset=utf-8",
};

const security = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' ${apiOrigin} data: blob:`,
    `connect-src 'self' ${apiOrigin}`,
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
  // The URL of a gallery is itself a secret, so no referrer is sent.
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

const server = createServer(async (request, response) => {
  try {
    await answer(request, response);
  } catch (error) {
    console.error(error);
    if (!response.headersSent) {
      send(response, 500, "Something went wrong.");
    } else {
      response.destroy();
    }
  }
});

server.listen(port, () => console.log(`Storefront on http://localhost:${server.address().port}, API at ${apiUrl}`));
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}

async function answer(request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return send(response, 405, "Only GET and HEAD.");
  }

  let path;
  try {
    path = decodeURIComponent(new URL(request.url, "http://storefront").pathname);
  } catch {
    return send(response, 400, "Not an address.");
  }

  if (path === "/config.json") {
    return sendBytes(request, response, config, ".json", "no-cache");
  }

  const file = await fileOf(path);
  if (file) {
    return sendFile(request, response, file, path.startsWith("/assets/"));
  }

  // A path with an extension is a missing file; any other path is a page of the application.
  if (extname(path) !== "" || path.startsWith("/assets/")) {
    return send(response, 404, "Not found.");
  }

  const page = await readFile(join(root, "index.html")).catch(() => null);
  return page
    ? sendBytes(request, response, page, ".html", "no-cache")
    : send(response, 503, "The storefront is not built: run npm run build.");
}

/** The file under dist/ that the path refers to, or null; a path cannot leave dist/. */
async function fileOf(path) {
  const file = normalize(join(root, path));
  if (path.includes("\0") || path.includes("\\") || !file.startsWith(root + sep)) {
    return null;
  }

  const found = await stat(file).catch(() => null);
  return found?.isFile() ? { file, size: found.size, modified: found.mtimeMs } : null;
}

function sendFile(request, response, { file, size, modified }, hashed) {
  const etag = `"${size.toString(36)}-${Math.round(modified).toString(36)}"`;
  if (
    head(request, response, {
      "Content-Type": types[extname(file)] ?? "application/octet-stream",
      "Content-Length": size,
      "Cache-Control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
      ETag: etag,
    })
  ) {
    createReadStream(file)
      .on("error", () => response.destroy())
      .pipe(response);
  }
}

function sendBytes(request, response, bytes, ending, caching) {
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  if (head(request, response, { "Content-Type": types[ending], "Content-Length": bytes.length, "Cache-Control": caching, ETag: etag })) {
    response.end(bytes);
  }
}

/** Writes the response headers; true when a body has to follow. */
function head(request, response, headers) {
  const known = request.headers["if-none-match"]?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known?.includes(headers.ETag) || known?.includes("*")) {
    response.writeHead(304, { ...security, "Cache-Control": headers["Cache-Control"], ETag: headers.ETag }).end();
    return false;
  }

  response.writeHead(200, { ...security, ...headers });
  if (request.method === "HEAD") {
    response.end();
    return false;
  }

  return true;
}

function send(response, status, text) {
  response.writeHead(status, { ...security, "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" }).end(text);
}
