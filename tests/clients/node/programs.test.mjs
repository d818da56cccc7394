// Programs without a person, with a secret.

import assert from "node:assert/strict";
import { test } from "node:test";

import { confidential } from "./clients.mjs";
import { callTasks, claims, directory } from "./stage.mjs";

const scopes = [`${directory.application("Tasks API").identifier_uris[0]}/.default`];
const contoso = directory.tenant("Contoso");

function ask(client) {
  return client.acquireTokenByClientCredential({ scopes });
}

test("a program gets a token of its own, and has it from its cache the second time", async () => {
  const client = confidential("Contoso Daemon", contoso.id);
  const first = await ask(client);
  assert.deepEqual(claims(first.accessToken).roles, ["Editor"]);
  assert.equal(claims(first.accessToken).idtyp, "app");
  assert.equal((await callTasks(first.accessToken)).status, 200);
  assert.equal((await ask(client)).fromCache, true);
});

for (const [what, name, tenant, credential, code] of [
  ["a wrong secret", "Contoso Daemon", contoso.id, { clientSecret: "wrong" }, 7000215],
  ["another organisation's single-tenant program", "Fabrikam Daemon", contoso.id, undefined, 700016],
  ["an alias instead of a tenant", "Contoso Daemon", "organizations", undefined, undefined],
  ["a tenant that never heard of the program", "Unconsented Web", contoso.id, undefined, 7000229],
]) {
  test(`${what} is refused`, async () => {
    await assert.rejects(ask(confidential(name, tenant, credential)), (error) => {
      if (code) assert.match(error.message, new RegExp(`AADSTS${code}`));
      return true;
    });
  });
}
