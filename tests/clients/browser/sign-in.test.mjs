// Ways in and out (rows 112, 113).

import assert from "node:assert/strict";

import { inBrowser } from "./stage.mjs";
import {
  assertNoProblem,
  badges,
  dashboardShown,
  profileOf,
  problem,
  signInAnywhere,
  signInAt,
  typePassword,
} from "./steps.mjs";

inBrowser("somebody of any organisation signs in at /organizations and has a profile", async (stage) => {
  const editor = stage.directory.member("Contoso", "Editor");
  await signInAnywhere(stage, editor);
  assert.deepEqual(await profileOf(stage.page), {
    name: editor.display_name,
    userName: editor.upn,
    tenant: stage.directory.tenant("Contoso").id,
    membership: "Member (home organization)",
  });
  assert.deepEqual(await badges(stage.page), [
    "Editor",
    "View own tasks",
    "Create tasks",
    "Complete own tasks",
    "access_as_user",
  ]);
  await assertNoProblem(stage.page);
});

inBrowser("the same works at one tenant's own authority, by button", async (stage) => {
  const tenant = stage.directory.tenant("Fabrikam");
  await signInAt(stage, tenant, stage.directory.member("Fabrikam", "Reader"));
  assert.equal((await profileOf(stage.page)).tenant, tenant.id);
  await assertNoProblem(stage.page);
  const { requests } = await stage.demo.control("requests?endpoint=token&limit=1");
  assert.equal(requests[0].tenant, tenant.id, "redeemed at the tenant's own endpoint");
});

inBrowser("the same works by domain name", async ({ page, site, directory }) => {
  const tenant = directory.tenant("Fabrikam");
  await page.goto(site.origin);
  await page.locator("#tenant").fill(tenant.domains[0]);
  await page.getByRole("button", { name: "Continue" }).click();
  await typePassword(page, directory.member("Fabrikam", "Editor"));
  await dashboardShown(page);
  assert.equal((await profileOf(page)).tenant, tenant.id);
  await assertNoProblem(page);
});

inBrowser("an unknown organisation is named, with advice", async ({ page, site }) => {
  await page.goto(site.origin);
  await page.locator("#tenant").fill("nowhere.example");
  await page.getByRole("button", { name: "Continue" }).click();
  const { title, text } = await problem(page);
  assert.equal(title, "There is no such organization");
  assert.match(text, /nowhere\.example/);
});

inBrowser("a pop-up window signs in, and signs out", async ({ page, site, directory, context }) => {
  await page.goto(site.origin);
  await page.locator("#popup").check();
  const [window] = await Promise.all([context.waitForEvent("page"), page.locator("#sign-in").click()]);
  await typePassword(window, directory.member("Contoso", "Admin"));
  await dashboardShown(page);
  await assertNoProblem(page);
  assert.equal(page.url(), `${site.origin}/`, "the page itself went nowhere");

  await page.locator("#sign-out").click();
  await page.locator("#sign-in").waitFor();
  assert.deepEqual(await sessions(context), []);
});

inBrowser("a closed window is no disaster", async ({ page, site, context, directory }) => {
  await page.goto(site.origin);
  await page.locator("#popup").check();
  const [window] = await Promise.all([context.waitForEvent("page"), page.locator("#sign-in").click()]);
  await window.locator("#i0116").waitFor();
  await window.close();
  await page.locator("#status", { hasText: "start again here" }).waitFor();
  const [again] = await Promise.all([context.waitForEvent("page"), page.locator("#sign-in").click()]);
  await typePassword(again, directory.member("Contoso", "Admin"));
  await dashboardShown(page);
  await assertNoProblem(page);
});

inBrowser("signing out ends the session, here and at the simulator", async (stage) => {
  const { page, context } = stage;
  await signInAnywhere(stage, stage.directory.member("Contoso", "Editor"));
  assert.equal((await sessions(context)).length, 1);
  await page.locator("#sign-out").click();
  await page.locator("#sign-in").waitFor();
  assert.deepEqual(await sessions(context), []);
  assert.equal(page.url(), `${stage.site.origin}/`);
  await page.reload();
  await page.locator("#sign-in").waitFor();
  await page.locator("#sign-in").click();
  await page.locator("#i0116").waitFor();
});

inBrowser("going back from the sign-in page leaves a page that works", async (stage) => {
  const { page, site, directory } = stage;
  await page.goto(site.origin);
  await page.locator("#sign-in").click();
  await page.locator("#i0116").waitFor();
  await page.goBack();
  await page.locator("#sign-in:enabled").waitFor();
  await page.locator("#sign-in").click();
  await typePassword(page, directory.member("Contoso", "Reader"));
  await dashboardShown(page);
  await assertNoProblem(page);
});

inBrowser("a reload keeps who is signed in; another tab does not know them", async (stage) => {
  const { page, site, context } = stage;
  await signInAnywhere(stage, stage.directory.member("Contoso", "Editor"));
  await page.reload();
  await dashboardShown(page);
  const other = await context.newPage();
  await other.goto(site.origin);
  await other.locator("#sign-in").waitFor();
});

/** The simulator's session cookies. */
async function sessions(context) {
  return (await context.cookies()).filter(({ name }) => name === "SIMSESSION");
}
