// Azure Identity's credentials, as programs on Azure use them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ClientSecretCredential, DeviceCodeCredential, OnBehalfOfCredential } from "@azure/identity";

import { Browser } from "./browser.mjs";
import { confidential, signIn } from "./clients.mjs";
import { TASKS, claims, directory, https } from "./stage.mjs";

const contoso = directory.tenant("Contoso");
const place = { authorityHost: https, disableInstanceDiscovery: true };
const everything = `${directory.application("Tasks API").identifier_uris[0]}/.default`;

test("a client secret", async () => {
  const { app_id: id, secrets } = directory.application("Contoso Daemon");
  const { token } = await new ClientSecretCredential(contoso.id, id, secrets[0], place).getToken(everything);
  assert.deepEqual(claims(token).roles, ["Editor"]);
  const wrong = new ClientSecretCredential(contoso.id, id, "wrong", place);
  await assert.rejects(wrong.getToken(everything), /AADSTS7000215/);
});

test("on behalf of a person", async () => {
  const reports = directory.application("Reports API");
  const scopes = [`${reports.identifier_uris[0]}/reports.read`];
  const person = directory.member("Contoso", "Editor");
  const redirectUri = "http://localhost:5007/callback";
  const { accessToken } = await signIn(confidential("Reports Web", contoso.id), person, { redirectUri, scopes });
  const credential = new OnBehalfOfCredential({
    ...place,
    tenantId: contoso.id,
    clientId: reports.app_id,
    clientSecret: reports.secrets[0],
    userAssertionToken: accessToken,
  });
  const { token } = await credential.getToken(TASKS);
  assert.equal(claims(token).oid, person.id);
});

test("a code confirmed on another device", async () => {
  const person = directory.member("Contoso", "Reader");
  const credential = new DeviceCodeCredential({
    ...place,
    tenantId: contoso.id,
    clientId: directory.application("Tasks CLI").app_id,
    userPromptCallback: ({ userCode, verificationUri }) =>
      new Browser(person, { code: userCode }).confirmDevice(verificationUri),
  });
  const { token } = await credential.getToken(TASKS);
  assert.equal(claims(token).oid, person.id);
});
