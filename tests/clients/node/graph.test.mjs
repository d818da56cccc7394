// Microsoft Graph's own client sets up a registration and looks at the directory.

import assert from "node:assert/strict";
import { test } from "node:test";

import { graph, graphAs } from "./graph.mjs";
import { confidential, native, signIn } from "./clients.mjs";
import { claims, directory } from "./stage.mjs";

const contoso = directory.tenant("Contoso");
const person = directory.member("Contoso", "Reader");

test("a person reads their own profile", async () => {
  const { accessToken } = await signIn(native(), person, { scopes: ["User.Read"] });
  const me = await graphAs(async () => accessToken).api("/me").select("id,userPrincipalName").get();
  assert.equal(me.id, person.id);
  assert.equal(me.userPrincipalName, person.upn);
});

test("people come page by page, and by name", async () => {
  const seen = [];
  let page = await graph().api("/users").top(2).get();
  for (; page["@odata.nextLink"]; page = await graph().api(page["@odata.nextLink"]).get()) seen.push(...page.value);
  seen.push(...page.value);
  assert.deepEqual(new Set(seen.map((user) => user.id)), new Set(contoso.users.map((user) => user.id)));
  const found = await graph().api("/users").filter(`userPrincipalName eq '${person.upn}'`).get();
  assert.deepEqual(found.value.map((user) => user.id), [person.id]);
});

test("a registration is made, gets a secret and a role, and is removed", async () => {
  const made = await graph().api("/applications").post({ displayName: "Made by a test" });
  try {
    await graph().api("/servicePrincipals").post({ appId: made.appId });
    const { secretText } = await graph().api(`/applications/${made.id}/addPassword`).post({ passwordCredential: {} });
    const client = confidential("Contoso Daemon", contoso.id, { clientId: made.appId, clientSecret: secretText });
    const scopes = ["https://graph.microsoft.com/.default"];
    const { accessToken } = await client.acquireTokenByClientCredential({ scopes });
    assert.equal(claims(accessToken).appid ?? claims(accessToken).azp, made.appId);
    // It was granted nothing, so that Graph refuses it.
    await assert.rejects(graphAs(async () => accessToken).api("/users").get(), { statusCode: 403 });
  } finally {
    await graph().api(`/applications/${made.id}`).delete();
  }
  await assert.rejects(graph().api(`/applications/${made.id}`).get(), { statusCode: 404, code: "Request_ResourceNotFound" });
});

test("a token for another API is refused", async () => {
  const { accessToken } = await signIn(native(), person);
  const attempt = graphAs(async () => accessToken).api("/me").get();
  await assert.rejects(attempt, { statusCode: 401, code: "InvalidAuthenticationToken" });
});
