// Things that are not running, not trusted, not configured: the page says what to do (row 112).

import assert from "node:assert/strict";

import { startChromium } from "./chromium.mjs";
import { inBrowser } from "./stage.mjs";
import { assertNoProblem, dashboardShown, problem, signInAnywhere, typePassword } from "./steps.mjs";

inBrowser("a simulator whose certificate is not trusted, until somebody says so", async (stage) => {
  const { site, demo, directory } = stage;
  const browser = await startChromium();
  try {
    const page = await browser.context.newPage();
    await page.goto(site.origin);
    await page.locator("#sign-in").click();
    const { title, text } = await problem(page);
    assert.equal(title, "The sign-in service cannot be reached");
    assert.match(text, /\/sim\/ca\.pem/);
    const link = page.getByRole("link", { name: `Open ${demo.https}` });
    const [warning] = await Promise.all([browser.context.waitForEvent("page"), link.click()]);
    await warning.locator("#details-button").click();
    await warning.locator("#proceed-link").click();
    await warning.waitForURL(`${demo.https}/**`);

    await page.locator("#sign-in").click();
    await typePassword(page, directory.member("Contoso", "Editor"));
    await dashboardShown(page);
    await assertNoProblem(page);
  } finally {
    await browser.close();
  }
});

inBrowser("an API that does not answer, and answers again", async (stage) => {
  const { page, demo, site } = stage;
  await page.route(`${demo.api}/**`, (route) => route.abort("connectionrefused"));
  await signInAnywhere(stage, stage.directory.member("Contoso", "Editor"));
  const { title, text } = await problem(page);
  assert.equal(title, "The tasks API does not answer");
  assert.ok(text.includes(`ALLOWED_ORIGINS must contain ${site.origin}`) && text.includes(demo.api), text);
  await page.unroute(`${demo.api}/**`);
  await page.getByRole("button", { name: "Try again" }).click();
  await dashboardShown(page);
  await page.locator("#tasks-title").waitFor();
  await assertNoProblem(page);
});

inBrowser("an outage of the token endpoint", async (stage) => {
  const { page, demo } = stage;
  await signInAnywhere(stage, stage.directory.member("Contoso", "Editor"));
  await demo.control("faults", { endpoint: "token", kind: "outage" });
  try {
    await page.locator("#renew").click();
    assert.equal((await problem(page)).title, "The sign-in service cannot be reached");
  } finally {
    await demo.control("faults", []);
  }
  await page.getByRole("button", { name: "Try again" }).click();
  await dashboardShown(page);
  await assertNoProblem(page);
});
