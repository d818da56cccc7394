// Every view of the page and every page of the simulator, as pictures to look at. What they say is tested elsewhere.

import { picture } from "./screenshots.mjs";
import { inBrowser } from "./stage.mjs";
import { addTask, signInAnywhere, typePassword } from "./steps.mjs";

const VIEWS = [
  ["Contoso", "Editor"],
  ["Contoso", "Admin"],
  ["Contoso", "Reader"],
  ["Contoso", undefined],
  ["Northwind", "Editor"],
];

inBrowser("pictures of the page: landing, the three roles, two refusals", async (stage) => {
  const { page, site, directory } = stage;
  await page.goto(site.origin);
  await page.locator("#sign-in").waitFor();
  await picture(page, "page-landing");
  for (const [tenant, role] of VIEWS) {
    await signInAnywhere(stage, directory.member(tenant, role));
    if (role === "Editor" && tenant === "Contoso") await addTask(page, "Write the agenda");
    if (role === "Admin") await addTask(page, "Book the room");
    await picture(page, `page-${tenant}-${role ?? "no-role"}`.toLowerCase());
    await page.locator("#sign-out").click();
    await page.locator("#sign-in").waitFor();
  }
});

inBrowser("pictures of the simulator: sign-in, picker, error, sign-out", async (stage) => {
  const { page, demo, directory } = stage;
  const [editor, admin] = ["Editor", "Admin"].map((role) => directory.member("Contoso", role));
  const signIn = authorizeUrl(stage, "organizations");
  await page.goto(signIn);
  await picture(page, "simulator-sign-in");
  await typePassword(page, { ...editor, password: "wrong" });
  await page.getByRole("alert").waitFor();
  await picture(page, "simulator-wrong-password");

  for (const person of [editor, admin]) {
    await page.goto(`${signIn}&prompt=login`);
    await typePassword(page, person);
    await page.waitForURL(`${stage.site.origin}/**`);
  }
  await page.goto(`${signIn}&prompt=select_account`);
  await picture(page, "simulator-picker");

  await page.goto(authorizeUrl(stage, directory.tenant("Fabrikam").id));
  await page.getByRole("button", { name: editor.upn }).click();
  await page.getByText(/50020/).first().waitFor();
  await picture(page, "simulator-error");
  await page.goto(`${demo.https}/organizations/oauth2/v2.0/logout`);
  await picture(page, "simulator-signed-out");
});

/** Where the page would send the browser. */
function authorizeUrl({ demo, directory, site }, tenant) {
  const query = new URLSearchParams({
    client_id: directory.application("Tasks").app_id,
    response_type: "code",
    redirect_uri: `${site.origin}/redirect.html`,
    scope: `${directory.application("Tasks API").identifier_uris[0]}/access_as_user openid`,
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  });
  return `${demo.https}/${tenant}/oauth2/v2.0/authorize?${query}`;
}
