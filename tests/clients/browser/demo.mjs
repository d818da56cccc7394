// `tenantry demo` on free ports.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ATTEMPTS_MAX = 5;

/** The executable under test. */
export function executable() {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const file = path.resolve(process.env.TENANTRY_BIN ?? path.join(root, "target/debug/tenantry"));
  if (!existsSync(file))
    throw new Error(`there is no executable ${file}: build it, or name it in TENANTRY_BIN`);
  return file;
}

/** A running demo, whose API takes calls of pages of `origin`. Somebody may take a port that was free: then once more. */
export async function startDemo(origin) {
  let said = "";
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const demo = new Demo(await freePortBase(), origin);
    if (await demo.isReady()) return demo;
    said = demo.said;
  }
  throw new Error(`the demo did not start:\n${said}`);
}

class Demo {
  said = "";

  constructor(base, origin) {
    this.api = `http://localhost:${base}`;
    this.http = `http://localhost:${base + 1}`;
    this.https = `https://localhost:${base + 2}`;
    const words = ["demo", "--json", "--port-base", String(base), "--allow-origin", origin];
    this.process = spawn(executable(), words, { stdio: ["ignore", "pipe", "pipe"] });
    this.process.stderr.on("data", (text) => (this.said += text));
  }

  /** It prints its addresses as one line as soon as it listens; without that line it has ended. */
  async isReady() {
    const line = await Promise.race([
      once(createInterface(this.process.stdout), "line").then(() => true),
      once(this.process, "exit").then(() => false),
    ]);
    return line;
  }

  /** One of the simulator's controls: `GET`, or `POST` with a body. */
  async control(name, body) {
    const answer = await fetch(
      `${this.http}/sim/${name}`,
      body && { method: "POST", body: JSON.stringify(body) },
    );
    if (!answer.ok) throw new Error(`/sim/${name}: ${answer.status} ${await answer.text()}`);
    return answer.headers.get("content-type")?.includes("json") ? answer.json() : answer.text();
  }

  /** Microsoft Graph at the simulator, as a program that may change grants. */
  async graph(program, method, path) {
    const { token } = await this.control("tokens", {
      tenant: program.home_tenant,
      application: program.app_id,
      audience: "https://graph.microsoft.com",
      roles: ["Application.Read.All", "DelegatedPermissionGrant.ReadWrite.All"],
    });
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${this.http}/graph/v1.0/${path}`, { method, headers });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }

  async stop() {
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill("SIGINT");
    await ended;
  }
}

/** The first of three neighbouring ports that nobody listens on. */
async function freePortBase() {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all([0, 1, 2].map((step) => isFree(base + step)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
