// What a person does: on the page, and on the simulator's pages.

import assert from "node:assert/strict";

/** Types user name and password, in one step or in two. Ids as on the real page. */
export async function typePassword(page, { upn, password }) {
  const [name, secret, next] = ["#i0116", "#i0118", "#idSIButton9"].map((id) => page.locator(id));
  await name.fill(upn);
  if (!(await secret.isVisible())) await next.click();
  await secret.fill(password);
  await next.click();
}

/** Opens the page and signs in at any organisation. */
export async function signInAnywhere({ page, site }, person) {
  await page.goto(site.origin);
  await page.locator("#sign-in").click();
  await typePassword(page, person);
  await dashboardShown(page);
}

/** Opens the page and signs in at one of the tenants that have a button. */
export async function signInAt({ page, site }, tenant, person) {
  await page.goto(site.origin);
  await page.locator(`[data-tenant="${tenant.id}"]`).click();
  await typePassword(page, person);
  await dashboardShown(page);
}

/** Waits until the dashboard is there and the API has answered. */
export async function dashboardShown(page) {
  await page.locator("#profile").waitFor();
  await page.locator("#work:not([aria-busy])").waitFor();
}

export async function profileOf(page) {
  const row = (name) => page.locator(`#profile-${name}`).innerText();
  const [name, userName, tenant, membership] = await Promise.all(
    ["name", "user-name", "tenant", "membership"].map(row),
  );
  return { name, userName, tenant, membership };
}

export async function badges(page) {
  return page.locator("#permissions .badge").allInnerTexts();
}

/** The title of the one problem shown, and all that is said about it. */
export async function problem(page) {
  const title = await page.locator("#problem-title").innerText();
  return { title, text: await page.locator("[role=alert]").innerText() };
}

/** No problem on the page. */
export async function assertNoProblem(page) {
  assert.deepEqual(await page.locator("[role=alert]").allInnerTexts(), []);
}

export async function addTask(page, title) {
  await page.locator("#new-task").fill(title);
  await page.getByRole("button", { name: "Add" }).click();
  await taskRow(page, title).waitFor();
}

export function taskRow(page, title) {
  return page.locator("#tasks li").filter({ hasText: title });
}
