// Tokens judged by what the simulator publishes, with libraries that know nothing of it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";

import express from "express";
import { auth } from "express-oauth2-jwt-bearer";
import { createRemoteJWKSet, jwtVerify } from "jose";
import * as oidc from "openid-client";

import { Browser } from "./browser.mjs";
import { WEB_REDIRECT, native, signIn } from "./clients.mjs";
import { claims, control, directory, https, nativeList } from "./stage.mjs";

const api = directory.application("Tasks API");
const contoso = directory.tenant("Contoso");
const fabrikam = directory.tenant("Fabrikam");

before(() => nativeList(true));

async function tokenOf(tenantName) {
  const result = await signIn(native(), directory.member(tenantName, "Editor"));
  return result.accessToken;
}

test("jose: the keys of `common` verify every tenant, the issuer tells them apart", async () => {
  const keys = createRemoteJWKSet(new URL(`${https}/common/discovery/v2.0/keys`));
  for (const tenant of [contoso, fabrikam]) {
    const expected = { issuer: `${https}/${tenant.id}/v2.0`, audience: api.app_id, algorithms: ["RS256"] };
    const { payload } = await jwtVerify(await tokenOf(tenant.name), keys, expected);
    assert.equal(payload.tid, tenant.id);
  }
  const forged = await control("tokens", { tenant: contoso.id, user: contoso.users[0].id, sign_with: "unpublished" });
  await assert.rejects(jwtVerify(forged.token, keys), { code: "ERR_JWKS_NO_MATCHING_KEY" });
});

test("express-oauth2-jwt-bearer: an API of one tenant refuses the other's token", async (t) => {
  const app = express();
  app.use(auth({ issuerBaseURL: `${https}/${contoso.id}/v2.0`, audience: api.app_id }));
  app.get("/", (request, response) => response.json(request.auth.payload));
  app.use((error, request, response, next) => response.status(error.status ?? 500).end() ?? next);
  const server = app.listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const call = async (token) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`http://127.0.0.1:${server.address().port}/`, { headers })).status;
  };
  assert.equal(await call(await tokenOf("Contoso")), 200);
  assert.equal(await call(await tokenOf("Fabrikam")), 401);
});

test("openid-client: discovery, code with PKCE, ID token, user info", async () => {
  const { app_id: id, secrets } = directory.application("Tasks Web");
  const config = await oidc.discovery(new URL(`${https}/${contoso.id}/v2.0`), id, secrets[0]);
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: WEB_REDIRECT,
    scope: "openid profile offline_access",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  const person = directory.member("Contoso", "Reader");
  const answer = await new Browser(person).visit(address, WEB_REDIRECT);
  const back = new URL(WEB_REDIRECT);
  back.search = new URLSearchParams(answer);
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  assert.equal(tokens.claims().oid, person.id);
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  assert.equal(claims(renewed.access_token).oid, person.id);
});

after(() => nativeList(false));
