// Programs that sign their requests instead of sending a secret.

import assert from "node:assert/strict";
import { X509Certificate, createHash } from "node:crypto";
import { before, test } from "node:test";

import { generate } from "selfsigned";

import { confidential } from "./clients.mjs";
import { graph } from "./graph.mjs";
import { claims, directory } from "./stage.mjs";

const contoso = directory.tenant("Contoso");
const daemon = directory.application("Contoso Daemon");
const scopes = [`${directory.application("Tasks API").identifier_uris[0]}/.default`];

async function made() {
  const pair = await generate([{ name: "commonName", value: "node test" }], { keySize: 2048 });
  const der = new X509Certificate(pair.cert).raw;
  const thumbprint = (algorithm) => createHash(algorithm).update(der).digest("hex");
  return { privateKey: pair.private, der, pem: pair.cert, sha1: thumbprint("sha1"), sha256: thumbprint("sha256") };
}

let registered;

before(async () => {
  registered = await made();
  const key = registered.der.toString("base64");
  const keyCredentials = [{ type: "AsymmetricX509Cert", usage: "Verify", key, displayName: "node test" }];
  await graph().api(`/applications(appId='${daemon.app_id}')`).patch({ keyCredentials });
});

function ask(clientCertificate) {
  const client = confidential("Contoso Daemon", contoso.id, { clientCertificate });
  return client.acquireTokenByClientCredential({ scopes });
}

test("named by SHA-256, signed by PS256", async () => {
  const { privateKey, sha256 } = registered;
  const { accessToken } = await ask({ thumbprintSha256: sha256, privateKey });
  assert.equal(claims(accessToken).azpacr, "2");
});

test("with the certificate itself in the header", async () => {
  const { privateKey, sha256, pem } = registered;
  await ask({ thumbprintSha256: sha256, privateKey, x5c: pem });
});

test("a certificate that nobody registered is refused (700027)", async () => {
  const { privateKey, sha256 } = await made();
  await assert.rejects(ask({ thumbprintSha256: sha256, privateKey }), /AADSTS700027/);
});

test("another key under a registered name is refused (700027)", async () => {
  const { privateKey } = await made();
  await assert.rejects(ask({ thumbprintSha256: registered.sha256, privateKey }), /AADSTS700027/);
});
