// An application that nobody consented to: a page asks, and what it is told counts.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Browser, Refused } from "./browser.mjs";
import { confidential, signIn } from "./clients.mjs";
import { TASKS, claims, directory, https } from "./stage.mjs";

const redirectUri = "http://localhost:5006/callback";
const newcomer = (tenant) => confidential("Unconsented Web", tenant);
const fabrikam = directory.tenant("Fabrikam");
const contoso = directory.tenant("Contoso");
const invoices = `${directory.application("Invoices API").identifier_uris[0]}`;

test("a refused consent reaches the application, and nothing was granted (65004)", async () => {
  const person = directory.member("Fabrikam", "Reader");
  const browser = new Browser(person, { decision: "cancel" });
  const attempt = signIn(newcomer("organizations"), person, { redirectUri, browser });
  await assert.rejects(attempt, (error) => error.errorCode === "access_denied" && /AADSTS65004/.test(error.message));
  const silent = new Browser(person);
  const again = signIn(newcomer("organizations"), person, { redirectUri, browser: silent, prompt: "none" });
  await assert.rejects(again, (error) => error.errorCode === "login_required");
});

test("a person consents once, for themselves only", async () => {
  const [editor, reader] = ["Editor", "Reader"].map((role) => directory.member("Fabrikam", role));
  const browser = new Browser(editor);
  const first = await signIn(newcomer("organizations"), editor, { redirectUri, browser });
  assert.equal(browser.decisions, 1);
  assert.equal(claims(first.accessToken).azp, directory.application("Unconsented Web").app_id);
  const again = new Browser(editor);
  await signIn(newcomer("organizations"), editor, { redirectUri, browser: again });
  assert.equal(again.decisions, 0);
  const neighbour = new Browser(reader);
  await signIn(newcomer("organizations"), reader, { redirectUri, browser: neighbour });
  assert.equal(neighbour.decisions, 1);
});

test("without anybody's consent a silent request says so", async () => {
  const person = directory.member("Contoso", "Editor");
  const browser = new Browser(person);
  await signIn(confidential("Tasks Web", "organizations"), person, {
    redirectUri: "http://localhost:5000/callback",
    browser,
  });
  const attempt = signIn(newcomer(contoso.id), person, { redirectUri, browser, prompt: "none" });
  await assert.rejects(attempt, (error) => ["consent_required", "interaction_required"].includes(error.errorCode));
});

test("where people may not consent, a page sends them to their administrator (90094)", async () => {
  const person = directory.member("Northwind", "Editor");
  const scopes = [`${invoices}/invoices.read`];
  await assert.rejects(
    signIn(newcomer("organizations"), person, { redirectUri, scopes }),
    (error) => error instanceof Refused && /90094/.test(error.words),
  );
});

test("an administrator consents for everybody, and for the program too", async () => {
  const { app_id: clientId } = directory.application("Unconsented Web");
  const query = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, scope: `${invoices}/.default`, state: "a b" });
  const admin = new Browser(directory.member("Northwind", "Admin"));
  const northwind = directory.tenant("Northwind");
  const answer = await admin.visit(`${https}/${northwind.id}/v2.0/adminconsent?${query}`, redirectUri);
  assert.equal(answer.admin_consent, "True");
  assert.equal(answer.tenant, northwind.id);
  assert.equal(answer.state, "a b");
  const browser = new Browser(directory.member("Northwind", "Editor"));
  const result = await signIn(newcomer("organizations"), browser.person, { redirectUri, browser, scopes: [`${invoices}/invoices.read`] });
  assert.equal(browser.decisions, 0);
  assert.equal(claims(result.accessToken).scp, "invoices.read");
  const program = await newcomer(northwind.id).acquireTokenByClientCredential({ scopes: [`${invoices}/.default`] });
  assert.deepEqual(claims(program.accessToken).roles, ["Accountant"]);
});

test("an ordinary person cannot consent for everybody", async () => {
  const { app_id: clientId } = directory.application("Unconsented Web");
  const query = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, scope: `${TASKS}` });
  const person = new Browser(directory.member("Fabrikam", "Editor"));
  const attempt = person.visit(`${https}/${fabrikam.id}/v2.0/adminconsent?${query}`, redirectUri);
  const outcome = await attempt.catch((error) => error);
  assert.ok(outcome instanceof Refused || outcome.error, JSON.stringify(outcome));
});
