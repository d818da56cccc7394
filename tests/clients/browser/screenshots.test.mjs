// Every view of the page and every page of the simulator, as pictures to look at. What they say is tested elsewhere.

import { picture } from "./screenshots.mjs";
import { inBrowser } from "./stage.mjs";
import { addTask, signInAnywhere } from "./steps.mjs";

inBrowser("pictures of the page: landing, the three roles, a refusal", async (stage) => {
  const { page, site, directory } = stage;
  await page.goto(site.origin);
  await page.locator("#sign-in").waitFor();
  await picture(page, "page-landing");
  for (const [tenant, role] of [
    ["Contoso", "Editor"],
    ["Contoso", "Admin"],
    ["Contoso", "Reader"],
    ["Contoso", undefined],
    ["Northwind", "Editor"],
  ]) {
    await signInAnywhere(stage, directory.member(tenant, role));
    if (role === "Editor" && tenant === "Contoso") await addTask(page, "Write the agenda");
    if (role === "Admin") await addTask(page, "Book the room");
    await picture(page, `page-${tenant}-${role ?? "no-role"}`.toLowerCase());
    await page.locator("#sign-out").click();
    await page.locator("#sign-in").waitFor();
  }
});
