// What the gate is pointed at: an API of two tenants that calls jose's `jwtVerify` itself, as many do; with STRICT=yes also with
// the checks that docs/guide/gate-results.md advises.

import http from "node:http";

import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const { AUTHORITY, AUDIENCE, TENANTS, PORT, STRICT } = process.env;

const keys = createRemoteJWKSet(new URL(`${AUTHORITY}/common/discovery/v2.0/keys`));
const expected = {
  algorithms: ["RS256"],
  audience: AUDIENCE,
  issuer: TENANTS.split(",").map((tenant) => `${AUTHORITY}/${tenant}/v2.0`),
};

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LIFE_MAX_S = 48 * 3600;
const OF_OTHER_KINDS = ["nonce", "at_hash", "c_hash", "events", "cnf"];

/** What the library leaves to its caller, because only the caller knows that the tokens are Entra's access tokens. */
function isOurKind(header, claims) {
  return (
    claims.ver === "2.0" &&
    typeof claims.tid === "string" &&
    claims.iss === `${AUTHORITY}/${claims.tid}/v2.0` &&
    claims.aud === AUDIENCE &&
    claims.idtyp !== "app" &&
    typeof claims.azp === "string" &&
    GUID.test(claims.oid) &&
    claims.exp - Date.now() / 1000 < LIFE_MAX_S &&
    !OF_OTHER_KINDS.some((name) => name in claims) &&
    /^(application\/)?(at\+)?jwt$/i.test(header.typ ?? "JWT") &&
    !("nonce" in header)
  );
}

/** The claims of a request's token. */
async function verified({ authorization = "" }) {
  const token = /^Bearer +([^ ]+)$/i.exec(authorization)?.[1];
  if (!token) throw new errors.JWTInvalid("no token");
  const options = STRICT ? { ...expected, requiredClaims: ["exp"] } : expected;
  const { payload, protectedHeader } = await jwtVerify(token, keys, options);
  if (STRICT && !isOurKind(protectedHeader, payload)) throw new errors.JWTInvalid("another kind of token");
  return payload;
}

function mayRead({ scp, roles }) {
  const scopes = typeof scp === "string" ? scp.split(" ") : [];
  return scopes.includes("access_as_user") && Array.isArray(roles) && roles.includes("Reader");
}

async function answer(request) {
  if (request.url === "/healthz") return [200, {}];
  try {
    const claims = await verified(request.headers);
    return mayRead(claims) ? [200, { tid: claims.tid, oid: claims.oid }] : [403, { error: "insufficient_scope" }];
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    return [401, { error: "invalid_token" }];
  }
}

http.createServer(async (request, response) => {
  const [status, body] = await answer(request).catch(() => [500, { error: "error" }]);
  const withCode = body.error && request.headers.authorization ? ` error="${body.error}"` : "";
  if (body.error) response.setHeader("www-authenticate", `Bearer${withCode}`);
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(body));
}).listen(Number(PORT), "127.0.0.1");
