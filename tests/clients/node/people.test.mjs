// People sign in with MSAL for Node: at any organisation, at one, as guests, where they do not belong.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { Refused } from "./browser.mjs";
import { NATIVE_REDIRECT, WEB_REDIRECT, confidential, native, signIn } from "./clients.mjs";
import { TASKS, callTasks, claims, directory, https, nativeList } from "./stage.mjs";

const contoso = directory.tenant("Contoso");
const fabrikam = directory.tenant("Fabrikam");
const northwind = directory.tenant("Northwind");

before(() => nativeList(true));

for (const place of ["organizations", "common", contoso.id, contoso.domains[0]]) {
  test(`a member signs in at ${place} and calls the API`, async () => {
    const result = await signIn(native(place), directory.member("Contoso", "Editor"));
    assert.equal(result.tenantId, contoso.id);
    assert.deepEqual(result.scopes, [TASKS]);
    assert.equal((await callTasks(result.accessToken)).status, 200);
  });
}

test("a web application proves itself with its secret", async () => {
  const person = directory.member("Fabrikam", "Reader");
  const client = confidential("Tasks Web", "organizations");
  const result = await signIn(client, person, { redirectUri: WEB_REDIRECT, responseMode: "form_post" });
  assert.equal(claims(result.accessToken).azpacr, "1");
});

test("what was signed in is renewed without a page", async () => {
  const client = native();
  const { account, accessToken } = await signIn(client, directory.member("Contoso", "Reader"));
  const kept = await client.acquireTokenSilent({ account, scopes: [TASKS] });
  assert.equal(kept.fromCache, true);
  assert.equal(kept.accessToken, accessToken);
  const renewed = await client.acquireTokenSilent({ account, scopes: [TASKS], forceRefresh: true });
  assert.notEqual(renewed.accessToken, accessToken);
});

test("a guest gets the resource tenant's token only at the resource tenant", async () => {
  const { here, home } = directory.guest("Contoso", "Fabrikam");
  const there = await signIn(native(contoso.id), home);
  assert.equal(claims(there.accessToken).oid, here.id);
  assert.match(claims(there.accessToken).idp, new RegExp(fabrikam.id));
  assert.equal(there.account.homeAccountId, `${home.id}.${fabrikam.id}`);
  const anywhere = await signIn(native(), home);
  assert.equal(anywhere.tenantId, fabrikam.id);
});

test("a member switches to the tenant where they are a guest, without a page", async () => {
  const client = native();
  const { account } = await signIn(client, directory.guest("Contoso", "Fabrikam").home);
  // MSAL for Node looks into its cache by the account's tenant, so the other one has to be asked for by name and afresh.
  const there = { account, scopes: [TASKS], authority: `${https}/${contoso.id}`, forceRefresh: true };
  const switched = await client.acquireTokenSilent(there);
  assert.equal(switched.tenantId, contoso.id);
});

test("who does not belong to the tenant reads why on a page (50020)", async () => {
  const attempt = signIn(native(contoso.id), directory.member("Fabrikam", "Admin"));
  await assert.rejects(attempt, (error) => error instanceof Refused && /AADSTS50020/.test(error.words));
});

test("a wrong password is refused (50126)", async () => {
  const person = { ...directory.member("Contoso", "Admin"), password: "wrong" };
  await assert.rejects(signIn(native(), person), /AADSTS50126/);
});

test("an unlisted tenant is stopped by the authority's own list (7000118)", async () => {
  await assert.rejects(signIn(native(), directory.member("Northwind", "Editor")), /AADSTS7000118/);
});

test("with the native list off, the API refuses the same person by itself", async () => {
  await nativeList(false);
  try {
    const result = await signIn(native(), directory.member("Northwind", "Editor"));
    assert.equal(result.tenantId, northwind.id);
    assert.equal((await callTasks(result.accessToken)).status, 401);
  } finally {
    await nativeList(true);
  }
});

test("a code is good once (54005)", async () => {
  const client = native();
  let used;
  const original = client.acquireTokenByCode.bind(client);
  client.acquireTokenByCode = (request) => original((used = request));
  await signIn(client, directory.member("Contoso", "Reader"));
  await assert.rejects(native().acquireTokenByCode({ ...used, redirectUri: NATIVE_REDIRECT }), /AADSTS54005/);
});
