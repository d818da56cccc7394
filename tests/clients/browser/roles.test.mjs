// What Admin, Editor, Reader and nobody in particular may do (rows 111, 113).

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { inBrowser } from "./stage.mjs";
import {
  addTask,
  assertNoProblem,
  badges,
  dashboardShown,
  problem,
  signInAnywhere,
  taskRow,
} from "./steps.mjs";

inBrowser(
  "an editor adds and completes; an admin sees all of the organisation and deletes",
  async (stage) => {
    const { page, directory } = stage;
    const editor = directory.member("Contoso", "Editor");
    const title = `Write the agenda ${randomUUID()}`;
    await signInAnywhere(stage, editor);
    assert.equal(await page.locator("#tasks-title").innerText(), "My Tasks");
    await addTask(page, title);
    await taskRow(page, title).getByRole("checkbox").click();
    await taskRow(page, title).locator(":checked:enabled").waitFor();
    assert.equal(await taskRow(page, title).getByRole("button", { name: "Delete" }).count(), 0);

    await signInAsAnother(stage, directory.member("Contoso", "Admin"));
    assert.equal(await page.locator("#tasks-title").innerText(), "All Tasks in My Organization");
    const row = taskRow(page, title);
    assert.equal(await row.locator(".owner").innerText(), editor.display_name);
    assert.ok(await row.getByRole("checkbox").isChecked());
    await row.getByRole("button", { name: "Delete" }).click();
    await row.waitFor({ state: "detached" });
    await assertNoProblem(page);

    // Another organisation's admin never saw it.
    await addTask(page, title);
    await signInAsAnother(stage, directory.member("Fabrikam", "Admin"));
    assert.equal(await page.locator("#tasks-title").innerText(), "All Tasks in My Organization");
    assert.equal(await taskRow(page, title).count(), 0);
  },
);

inBrowser("a reader has a view without controls", async (stage) => {
  const { page } = stage;
  await signInAnywhere(stage, stage.directory.member("Contoso", "Reader"));
  assert.deepEqual(await badges(page), ["Reader", "View own tasks", "Read only", "access_as_user"]);
  assert.match(await page.locator("#tasks-subtitle").innerText(), /^Read-only/);
  assert.equal(await page.locator("#new-task").count(), 0);
  await assertNoProblem(page);
});

inBrowser("somebody without a role is told who can give them one", async (stage) => {
  await signInAnywhere(stage, stage.directory.member("Contoso"));
  assert.deepEqual(await badges(stage.page), ["No role", "access_as_user"]);
  const { title, text } = await problem(stage.page);
  assert.equal(title, "Your account has no role that permits this");
  assert.match(text, /administrator of Contoso/);
});

inBrowser("a task's title is text, whatever it looks like", async (stage) => {
  await signInAnywhere(stage, stage.directory.member("Contoso", "Editor"));
  const title = `<img src=x onerror="document.title='gone'"> ${randomUUID()}`;
  await addTask(stage.page, title);
  assert.equal(await taskRow(stage.page, title).locator("img").count(), 0);
  assert.equal(await stage.page.title(), "Tasks");
});

async function signInAsAnother(stage, person) {
  await stage.page.locator("#sign-out").click();
  await stage.page.locator("#sign-in").waitFor();
  await signInAnywhere(stage, person);
  await dashboardShown(stage.page);
}
