// What a developer copies from the simulator's page /sim is all that the example needs (row 112).

import assert from "node:assert/strict";

import { picture } from "./screenshots.mjs";
import { inBrowser } from "./stage.mjs";

inBrowser("the configuration copied from /sim is the one that these tests use", async (stage) => {
  const { page, demo, directory, context } = stage;
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: demo.https });
  await page.goto(`${demo.https}/sim`);
  await picture(page, "simulator-world");
  await page.locator("#app").selectOption({ label: "Tasks" });
  await page.getByRole("button", { name: "Show", exact: true }).click();
  const snippet = page.locator("#tasks-spa");
  await snippet.locator("summary").click();
  await picture(page, "simulator-configuration");

  await snippet.getByRole("button", { name: /^Copy/ }).filter({ hasText: ".env" }).click();
  const copied = parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.deepEqual(copied, directory.pageConfiguration(demo));
});

function parse(env) {
  const lines = env.split("\n").filter((line) => line && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
