// MSAL for Node as a developer configures it for the simulator: the authority's address, and the host it may trust.

import { ConfidentialClientApplication, CryptoProvider, PublicClientApplication } from "@azure/msal-node";

import { Browser } from "./browser.mjs";
import { TASKS, directory, https } from "./stage.mjs";

export const NATIVE_REDIRECT = "http://localhost:5999";
export const WEB_REDIRECT = "http://localhost:5000/callback";

function settings(name, tenant) {
  return {
    clientId: directory.application(name).app_id,
    authority: `${https}/${tenant}`,
    knownAuthorities: [new URL(https).host],
  };
}

/** A program on a person's machine: no secret. */
export function native(tenant = "organizations") {
  return new PublicClientApplication({ auth: settings("Tasks CLI", tenant) });
}

/** A program that can keep a secret: by default the first one of its registration. */
export function confidential(name, tenant, credential) {
  const clientSecret = directory.application(name).secrets[0];
  return new ConfidentialClientApplication({ auth: { ...settings(name, tenant), ...(credential ?? { clientSecret }) } });
}

/** Authorization code with PKCE, from the first address to the tokens. */
export async function signIn(client, person, options = {}) {
  const { redirectUri = NATIVE_REDIRECT, scopes = [TASKS], browser = new Browser(person), ...wishes } = options;
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const address = await client.getAuthCodeUrl({
    scopes,
    redirectUri,
    codeChallenge: challenge,
    codeChallengeMethod: "S256",
    ...wishes,
  });
  const answer = await browser.visit(address, redirectUri);
  if (answer.error) throw Object.assign(new Error(answer.error_description), { errorCode: answer.error });
  return client.acquireTokenByCode({ code: answer.code, clientInfo: answer.client_info, scopes, redirectUri, codeVerifier: verifier });
}
