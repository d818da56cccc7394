// The reports API calls the tasks API on behalf of the person who called it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { InteractionRequiredAuthError } from "@azure/msal-node";

import { confidential, signIn } from "./clients.mjs";
import { TASKS, callTasks, claims, directory } from "./stage.mjs";

const contoso = directory.tenant("Contoso");
const reports = directory.application("Reports API");
const redirectUri = "http://localhost:5007/callback";

function tokenForReports() {
  const scopes = [`${reports.identifier_uris[0]}/reports.read`];
  return signIn(confidential("Reports Web", contoso.id), directory.member("Contoso", "Editor"), { redirectUri, scopes });
}

test("the person stays the same, the caller is the API in the middle", async () => {
  const { accessToken } = await tokenForReports();
  const middle = confidential("Reports API", contoso.id);
  const result = await middle.acquireTokenOnBehalfOf({ oboAssertion: accessToken, scopes: [TASKS] });
  const said = claims(result.accessToken);
  assert.equal(said.azp, reports.app_id);
  assert.equal(said.oid, directory.member("Contoso", "Editor").id);
  assert.equal((await callTasks(result.accessToken)).status, 200);
});

test("a token for another API is not exchanged (500131)", async () => {
  const { accessToken } = await signIn(confidential("Tasks Web", contoso.id), directory.member("Contoso", "Editor"), {
    redirectUri: "http://localhost:5000/callback",
  });
  const middle = confidential("Reports API", contoso.id);
  await assert.rejects(middle.acquireTokenOnBehalfOf({ oboAssertion: accessToken, scopes: [TASKS] }), /AADSTS500131/);
});

test("without consent for the next API, MSAL asks for a person (65001)", async () => {
  const { accessToken } = await tokenForReports();
  const scopes = [`${directory.application("Invoices API").identifier_uris[0]}/invoices.read`];
  const attempt = confidential("Reports API", contoso.id).acquireTokenOnBehalfOf({ oboAssertion: accessToken, scopes });
  await assert.rejects(attempt, (error) => {
    assert.ok(error instanceof InteractionRequiredAuthError, error.message);
    return /AADSTS65001/.test(error.message);
  });
});
