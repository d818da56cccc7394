// Access is renewed without a page: by refresh token, then in a hidden frame, then not at all (row 112).

import assert from "node:assert/strict";

import { inBrowser } from "./stage.mjs";
import { assertNoProblem, dashboardShown, problem, signInAnywhere, typePassword } from "./steps.mjs";

/** Refresh tokens of single-page applications live for 24 h. */
const A_DAY_AND_MORE_S = 25 * 3600;

inBrowser("by refresh token, which is a new one each time", async (stage) => {
  await signInAnywhere(stage, stage.directory.member("Contoso", "Editor"));
  for (const _ of [1, 2]) {
    const sent = await sentDuring(stage, () => renew(stage.page));
    assert.deepEqual(sent, ["token refresh_token 200"]);
  }
  await assertNoProblem(stage.page);
});

inBrowser("in a hidden frame, once the refresh token is too old", async (stage) => {
  const { page, site, context, directory } = stage;
  const editor = directory.member("Contoso", "Editor");
  await signInAnywhere(stage, editor);
  await later(stage, async () => {
    // The session at the simulator is as old. Elsewhere in this browser the person signs in again.
    const other = await context.newPage();
    await other.goto(site.origin);
    await other.locator("#sign-in").click();
    await typePassword(other, editor);
    await other.locator("#profile").waitFor();
    const sent = await sentDuring(stage, () => renew(page));
    assert.deepEqual(sent, ["token refresh_token 400", "authorize none 302", "token authorization_code 200"]);
  });
  await assertNoProblem(page);
});

inBrowser("not at all without a session: the page asks for a sign-in, and that helps", async (stage) => {
  const { page, context } = stage;
  const editor = stage.directory.member("Contoso", "Editor");
  await signInAnywhere(stage, editor);
  await context.clearCookies();
  await later(stage, async () => {
    await page.locator("#renew").click();
    assert.equal((await problem(page)).title, "Please sign in again");
  });
  await page.getByRole("button", { name: "Sign in again" }).click();
  await typePassword(page, editor);
  await dashboardShown(page);
  await assertNoProblem(page);
});

async function renew(page) {
  await page.locator("#renew").click();
  await page.locator("#renewal", { hasText: "Access renewed until" }).waitFor();
}

/** What reached the simulator meanwhile: endpoint, grant or prompt, status. */
async function sentDuring({ demo }, run) {
  const { total } = await demo.control("requests");
  await run();
  const { requests } = await demo.control("requests");
  const sent = requests.filter(
    ({ number, endpoint }) => number > total && ["token", "authorize"].includes(endpoint),
  );
  sent.sort((a, b) => a.number - b.number);
  return sent.map(
    ({ endpoint, parameters, status }) =>
      `${endpoint} ${parameters.grant_type ?? parameters.prompt} ${status}`,
  );
}

/** Runs while the simulator's clock is more than a day ahead. */
async function later({ demo }, run) {
  await demo.control("clock", { offset_s: A_DAY_AND_MORE_S });
  try {
    await run();
  } finally {
    await demo.control("clock", { offset_s: 0 });
  }
}
