// Starts the demo once, and every test in a process that trusts it: Node reads NODE_EXTRA_CA_CERTS only when it starts.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { startDemo } from "../browser/demo.mjs";

/** What Debian 12's Node.js 18 has to be asked for, and later ones have anyway. */
const NODE_OPTIONS = process.versions.node.startsWith("18.") ? "--experimental-global-webcrypto" : "";

/** Of all tests. A client that waits for something that never comes must not hold everything up. */
const TESTS_MS_MAX = 600_000;

const folder = await mkdtemp(path.join(os.tmpdir(), "tenantry-node-"));
const demo = await startDemo("http://localhost:5173");
try {
  const bundle = path.join(folder, "ca.pem");
  await writeFile(bundle, await demo.control("ca.pem"));
  process.exitCode = await run({ NODE_EXTRA_CA_CERTS: bundle, DEMO: JSON.stringify(addresses(demo)) });
  if (process.exitCode) console.error(`The demo said:\n${demo.said.slice(-4000)}`);
} finally {
  await demo.stop();
  await rm(folder, { recursive: true, force: true });
}

function addresses({ api, http, https }) {
  return { api, http, https };
}

/** The named tests, or all. One file at a time: they share the demo's switches. */
async function run(environment) {
  const names = process.argv.slice(2);
  const here = (await readdir(".")).filter((name) => name.endsWith(".test.mjs")).sort();
  const words = ["--test", "--test-reporter=spec", "--test-concurrency=1", ...(names.length ? names : here)];
  const tests = spawn(process.execPath, words, { stdio: "inherit", env: { ...process.env, NODE_OPTIONS, ...environment } });
  const timer = setTimeout(() => tests.kill(), TESTS_MS_MAX);
  const [code] = await once(tests, "exit");
  clearTimeout(timer);
  return code ?? 1;
}
