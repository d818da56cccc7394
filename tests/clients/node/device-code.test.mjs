// A program without a browser shows a code, a person confirms it elsewhere.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Browser } from "./browser.mjs";
import { native } from "./clients.mjs";
import { TASKS, callTasks, directory } from "./stage.mjs";

const contoso = directory.tenant("Contoso");
const person = directory.member("Contoso", "Reader");

/** Asks for a code and lets somebody read it; gives what MSAL got and what the last page said. */
async function askAndConfirm(client, browser) {
  let last;
  const deviceCodeCallback = ({ userCode, verificationUri, message }) => {
    assert.ok(message.includes(userCode) && message.includes(verificationUri));
    browser.code = userCode;
    last = browser.confirmDevice(verificationUri);
  };
  const result = client.acquireTokenByDeviceCode({ scopes: [TASKS], deviceCodeCallback, timeout: 60 });
  const outcome = await result.catch((error) => error);
  return { outcome, page: await last };
}

for (const place of ["organizations", contoso.id]) {
  test(`at ${place}: what the person confirms, the program gets`, async () => {
    const { outcome } = await askAndConfirm(native(place), new Browser(person));
    assert.equal(outcome.account?.username, person.upn, String(outcome));
    assert.equal((await callTasks(outcome.accessToken)).status, 200);
  });
}

test("what the person declines, the program does not get", async () => {
  const { outcome } = await askAndConfirm(native(contoso.id), new Browser(person, { decision: "cancel" }));
  assert.ok(outcome instanceof Error);
  assert.match(String(outcome), /authorization_declined|AADSTS/);
});
