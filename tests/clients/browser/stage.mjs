// What every test stands on: a demo, the page built for it, a browser. Started by the first test that asks.

import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

import { startChromium } from "./chromium.mjs";
import { startDemo } from "./demo.mjs";
import { Directory } from "./directory.mjs";
import { build, listen } from "./site.mjs";

/** The first test also waits for the build. */
const TEST_MS_MAX = 300_000;

let stage;
const closing = [];

async function start() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "tenantry-page-"));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const site = await listen(folder);
  closing.push(site.close);
  const demo = await startDemo(site.origin);
  closing.push(() => demo.stop());
  const directory = new Directory(await demo.control("directory"));
  await build(folder, directory.pageConfiguration(demo));
  const browser = await startChromium({ caPem: await demo.control("ca.pem") });
  closing.push(browser.close);
  return { demo, directory, site, context: browser.context };
}

after(async () => {
  for (const close of closing.reverse()) await close();
});

/** A test with an empty browser: no page, no cookie. The first argument of `run` is the stage. */
export function inBrowser(name, run) {
  test(name, { timeout: TEST_MS_MAX }, async (t) => {
    stage ??= start();
    const { context, demo } = await stage;
    await context.clearCookies();
    const old = context.pages();
    const page = await context.newPage();
    for (const other of old) await other.close();
    try {
      await run({ ...(await stage), page, t });
    } catch (error) {
      t.diagnostic(`${await circumstances(context)}\nThe demo said:\n${demo.said.slice(-2000)}`);
      throw error;
    }
  });
}

/** Which pages were open when a test failed, and what stood there. */
async function circumstances(context) {
  const shown = async (page) =>
    `${page.url()}\n${await page
      .locator("body")
      .innerText({ timeout: 1000 })
      .catch(() => "")}`;
  return (await Promise.all(context.pages().map(shown))).join("\n--\n");
}
