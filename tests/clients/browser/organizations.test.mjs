// Several organisations: guests, the wrong one, one that nobody lists (rows 92, 93, 112, 117).

import assert from "node:assert/strict";

import { inBrowser } from "./stage.mjs";
import {
  assertNoProblem,
  badges,
  dashboardShown,
  problem,
  profileOf,
  signInAnywhere,
  signInAt,
  typePassword,
} from "./steps.mjs";

inBrowser(
  "a guest signs in at the organisation that invited them, with the account from home",
  async (stage) => {
    const { page, directory } = stage;
    const [contoso, fabrikam] = ["Contoso", "Fabrikam"].map((name) => directory.tenant(name));
    const { here, home } = directory.guest("Contoso", "Fabrikam");
    await signInAt(stage, contoso, home);
    const profile = await profileOf(page);
    assert.deepEqual([profile.name, profile.tenant], [here.display_name, contoso.id]);
    assert.equal(profile.membership, "Guest, at home in Fabrikam");
    assert.ok((await badges(page)).includes(here.roles[0]));
    await assertNoProblem(page);

    // Back home, and to the resource tenant again, without another page.
    for (const tenant of [fabrikam, contoso]) {
      await page.locator(`[data-switch="${tenant.id}"]`).click();
      await page.locator("#profile-tenant", { hasText: tenant.id }).waitFor();
      await dashboardShown(page);
      await assertNoProblem(page);
    }
  },
);

inBrowser("at /organizations the same person is a member at home", async (stage) => {
  const { home } = stage.directory.guest("Contoso", "Fabrikam");
  await signInAnywhere(stage, home);
  const { tenant, membership } = await profileOf(stage.page);
  assert.deepEqual(
    [tenant, membership],
    [stage.directory.tenant("Fabrikam").id, "Member (home organization)"],
  );
});

inBrowser("an account that the tenant does not know gets 50020 on the simulator's page", async (stage) => {
  const { page, site, directory } = stage;
  await page.goto(site.origin);
  await page.locator(`[data-tenant="${directory.tenant("Fabrikam").id}"]`).click();
  await typePassword(page, directory.member("Contoso", "Editor"));
  assert.match(await page.locator("body").innerText(), /50020/);
  assert.ok(page.url().startsWith(stage.demo.https), "nothing was sent to the page");
});

inBrowser("switching to a tenant without an account there is explained", async (stage) => {
  const { page, directory } = stage;
  const editor = directory.member("Contoso", "Editor");
  await signInAnywhere(stage, editor);
  await page.locator(`[data-switch="${directory.tenant("Fabrikam").id}"]`).click();
  const { title, text } = await problem(page);
  assert.equal(title, "That organization does not know this account");
  assert.match(text, new RegExp(`${editor.upn} has no account at Fabrikam`));
  assert.equal((await profileOf(page)).tenant, directory.tenant("Contoso").id, "still where they were");
});

inBrowser("with the native list off, the API refuses a tenant that is not on its own list", async (stage) => {
  const { page, directory } = stage;
  await signInAnywhere(stage, directory.member("Northwind", "Editor"));
  assert.equal((await profileOf(page)).tenant, directory.tenant("Northwind").id);
  const { title, text } = await problem(page);
  assert.equal(title, "The tasks API does not accept this sign-in");
  assert.match(text, /ALLOWED_TENANT_IDS/);
  assert.equal(await page.locator("#tasks, #permissions").count(), 0, "nothing is shown of the API");
});

inBrowser("with the native list on, the simulator does not let that tenant in at all", async (stage) => {
  const { page, site, demo, directory } = stage;
  await demo.control("native-allow-list", { enabled: true });
  try {
    await page.goto(site.origin);
    await page.locator("#sign-in").click();
    await typePassword(page, directory.member("Northwind", "Editor"));
    await page
      .getByText(/AADSTS700011[89]/)
      .first()
      .waitFor();
  } finally {
    await demo.control("native-allow-list", { enabled: false });
  }
});
