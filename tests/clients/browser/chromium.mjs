// The distribution's Chromium, without a window, with a home of its own that trusts the simulator's certificate authority.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

/** Generous: a slow machine with two cores does much else meanwhile. */
const PATIENCE_MS = Number(process.env.BROWSER_PATIENCE_MS ?? 60_000);

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--no-proxy-server",
];

/** A browser; without `caPem` it trusts nobody's simulator. `close` removes what it left on disk. */
export async function startChromium({ caPem } = {}) {
  const home = await mkdtemp(path.join(os.tmpdir(), "tenantry-chromium-"));
  if (caPem) await trust(home, caPem);
  const profile = path.join(home, "profile");
  await allowCookiesInFrames(profile);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM_BIN ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
    env: { ...process.env, HOME: home },
    viewport: { width: 1200, height: 900 },
    timeout: PATIENCE_MS,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const close = async () => {
    await context.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  return { context, close };
}

/** As a developer's machine would: an entry in the NSS store that Chromium reads. */
async function trust(home, caPem) {
  const store = path.join(home, ".pki/nssdb");
  await mkdir(store, { recursive: true });
  const file = path.join(home, "ca.pem");
  await writeFile(file, caPem);
  const certutil = (...words) => promisify(execFile)("certutil", ["-d", `sql:${store}`, ...words]);
  await certutil("-N", "--empty-password");
  await certutil("-A", "-t", "C,,", "-n", "simulator", "-i", file);
}

/** Debian's build blocks third-party cookies; hidden frames need the simulator's, which is another site than the page's. */
async function allowCookiesInFrames(profile) {
  await mkdir(path.join(profile, "Default"), { recursive: true });
  await writeFile(
    path.join(profile, "Default/Preferences"),
    JSON.stringify({ profile: { cookie_controls_mode: 0 } }),
  );
}
