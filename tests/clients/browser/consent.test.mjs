// Connecting an organisation, and agreeing for oneself (rows 91, 117).

import assert from "node:assert/strict";

import { picture } from "./screenshots.mjs";
import { inBrowser } from "./stage.mjs";
import { problem, typePassword } from "./steps.mjs";

inBrowser("an administrator connects an organisation by the link on the page", async (stage) => {
  const { page, site, directory } = stage;
  await page.goto(site.origin);
  await page.getByRole("link", { name: "connect your organization" }).click();
  await typePassword(page, directory.member("Northwind", "Admin"));
  await page.getByRole("button", { name: "Accept for everybody" }).waitFor();
  await picture(page, "simulator-admin-consent");
  await page.locator("#idSIButton9").click();
  const { title, text } = await problem(page);
  assert.equal(title, "Your organization agreed");
  assert.ok(text.includes(directory.tenant("Northwind").id) && text.includes("ALLOWED_TENANT_IDS"), text);
  await picture(page, "page-connected");
  assert.equal(page.url(), `${site.origin}/`, "what came back is not left in the address");
});

inBrowser("an administrator who cancels is told that nothing changed", async ({ page, site, directory }) => {
  await page.goto(site.origin);
  await page.getByRole("link", { name: "connect your organization" }).click();
  await typePassword(page, directory.member("Fabrikam", "Admin"));
  await page.locator("#idBtn_Back").click();
  const { title, text } = await problem(page);
  assert.equal(title, "The organization was not connected");
  assert.match(text, /Details/);
});

inBrowser("nobody but an administrator connects an organisation", async ({ page, site, directory }) => {
  await page.goto(site.origin);
  await page.getByRole("link", { name: "connect your organization" }).click();
  await typePassword(page, directory.member("Fabrikam", "Editor"));
  await page.getByText("90093").first().waitFor();
});
