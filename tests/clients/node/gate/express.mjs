// What the gate is pointed at: an API of two tenants behind express-oauth2-jwt-bearer, set up as its documentation says.

import express from "express";
import { auth, claimIncludes } from "express-oauth2-jwt-bearer";

const { AUTHORITY, AUDIENCE, TENANTS, PORT } = process.env;

const app = express();
app.get("/healthz", (request, response) => response.send("ok\n"));
app.use(auth({
  mcd: { issuers: TENANTS.split(",").map((tenant) => `${AUTHORITY}/${tenant}/v2.0`) },
  audience: AUDIENCE,
}));
// `requiredScopes` reads `scope`; Entra writes `scp`.
app.get("/api/me", claimIncludes("scp", "access_as_user"), claimIncludes("roles", "Reader"), (request, response) => {
  response.json(request.auth.payload);
});
// Errors carry their status and challenge; the body stays ours.
app.use((error, request, response, next) => {
  if (response.headersSent) return next(error);
  response.status(error.status ?? 500).set(error.headers ?? {}).json({ error: error.code ?? "error" });
});
app.listen(Number(PORT), "127.0.0.1");
