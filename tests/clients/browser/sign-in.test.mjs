// Ways in and out (rows 112, 113).

import assert from "node:assert/strict";

import { inBrowser } from "./stage.mjs";
import { assertNoProblem, badges, profileOf, signInAnywhere } from "./steps.mjs";

inBrowser("somebody of any organisation signs in at /organizations and has a profile", async (stage) => {
  const editor = stage.directory.member("Contoso", "Editor");
  await signInAnywhere(stage, editor);
  assert.deepEqual(await profileOf(stage.page), {
    name: editor.display_name,
    userName: editor.upn,
    tenant: stage.directory.tenant("Contoso").id,
    membership: "Member (home organisation)",
  });
  assert.deepEqual(await badges(stage.page), ["Editor", "View own tasks", "Create tasks", "Complete own tasks", "access_as_user"]);
  await assertNoProblem(stage.page);
});
