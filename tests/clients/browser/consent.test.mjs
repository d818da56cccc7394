// Connecting an organisation, and agreeing for oneself (rows 91, 117).

import assert from "node:assert/strict";

import { picture } from "./screenshots.mjs";
import { inBrowser } from "./stage.mjs";
import { assertNoProblem, dashboardShown, problem, signInAnywhere, typePassword } from "./steps.mjs";

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

inBrowser("missing consent is asked for once, and then everything works", async (stage) => {
  const { page, site, directory } = stage;
  const editor = directory.member("Contoso", "Editor");
  await withoutConsent(stage, "Contoso Provisioning", async () => {
    await startSignIn(stage, editor);
    await page.getByRole("heading", { name: "Tasks asks for permissions" }).waitFor();
    await picture(page, "simulator-consent");
    await page.locator("#idSIButton9").click();
    await dashboardShown(page);
    await assertNoProblem(page);

    await page.locator("#sign-out").click();
    await page.locator("#sign-in").waitFor();
    await signInAnywhere(stage, editor);
    await assertNoProblem(page);
  });
});

inBrowser("refused consent is explained, and can be given after all", async (stage) => {
  const { page, directory } = stage;
  await withoutConsent(stage, "Contoso Provisioning", async () => {
    await startSignIn(stage, directory.member("Contoso", "Editor"));
    await page.locator("#idBtn_Back").click();
    assert.equal((await problem(page)).title, "You did not agree");
    assert.match(await page.locator("#problem-detail").textContent(), /AADSTS65004/);
    await picture(page, "page-refused-consent");

    await page.getByRole("button", { name: "Sign in again" }).click();
    await page.getByRole("heading", { name: "Tasks asks for permissions" }).waitFor();
    await page.locator("#idSIButton9").click();
    await dashboardShown(page);
    await assertNoProblem(page);
  });
});

inBrowser("consent that is taken back while somebody works is noticed at the next renewal", async (stage) => {
  const { page, directory } = stage;
  await signInAnywhere(stage, directory.member("Contoso", "Editor"));
  await withoutConsent(stage, "Contoso Provisioning", async () => {
    await page.locator("#renew").click();
    assert.equal((await problem(page)).title, "Consent is missing");
    await page.getByRole("button", { name: "Sign in again" }).click();
    await page.getByRole("heading", { name: "Tasks asks for permissions" }).waitFor();
    await page.locator("#idSIButton9").click();
    await dashboardShown(page);
    await assertNoProblem(page);
  });
});

inBrowser("where people may not consent, they get a link for an administrator", async (stage) => {
  const { page, directory } = stage;
  await withoutConsent(stage, "Northwind Daemon", async () => {
    await startSignIn(stage, directory.member("Northwind", "Editor"));
    await page.getByRole("heading", { name: "An administrator of Northwind is needed" }).waitFor();
    await picture(page, "simulator-need-admin");
    await page.locator("#idBtn_Back").click();
    const { title } = await problem(page);
    assert.equal(title, "An administrator has to agree first");
    const link = page.getByRole("link", { name: "Link for administrators" });
    assert.match(await link.getAttribute("href"), /\/v2\.0\/adminconsent\?/);
  });
});

async function startSignIn({ page, site }, person) {
  await page.goto(site.origin);
  await page.locator("#sign-in").click();
  await typePassword(page, person);
}

/** Runs in a world where nobody in the program's tenant has agreed to the page; an operator took it back by Graph. */
async function withoutConsent({ demo, directory }, programName, run) {
  const program = directory.application(programName);
  const filter = encodeURIComponent(`appId eq '${directory.application("Tasks").app_id}'`);
  const found = await demo.graph(program, "GET", `servicePrincipals?$filter=${filter}`);
  const grants = await demo.graph(
    program,
    "GET",
    `servicePrincipals/${found.value[0].id}/oauth2PermissionGrants`,
  );
  for (const { id } of grants.value) await demo.graph(program, "DELETE", `oauth2PermissionGrants/${id}`);
  try {
    await run();
  } finally {
    await demo.control("reload", {});
  }
}
