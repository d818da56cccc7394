// The built page on a free port, as any static server would give it.

import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PAGE = fileURLToPath(new URL("../../../examples/tasks-spa", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** Listens first: the build and the API need to know the origin. */
export async function listen(folder) {
  const server = createServer((request, response) => void serve(folder, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { origin: `http://localhost:${server.address().port}`, close };
}

async function serve(folder, request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  const file = path.join(folder, pathname === "/" ? "index.html" : path.normalize(pathname));
  try {
    const content = await readFile(file);
    response
      .writeHead(200, { "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream" })
      .end(content);
  } catch {
    response.writeHead(404).end();
  }
}

/** Builds the page into `folder`, as a developer does, but with these values in the place of those in `.env`. */
export async function build(folder, values) {
  const words = ["run", "build", "--", "--outDir", folder, "--emptyOutDir"];
  await promisify(execFile)("npm", words, { cwd: PAGE, env: { ...process.env, ...values } });
}
