// Microsoft Graph's own client, for the simulator's Graph.

import { Client } from "@microsoft/microsoft-graph-client";

import { confidential } from "./clients.mjs";
import { directory, https } from "./stage.mjs";

const scopes = ["https://graph.microsoft.com/.default"];

/** Graph with the rights of a program; by default the one that may set up registrations. */
export function graph(program = "Contoso Provisioning", tenant = directory.tenant("Contoso").id) {
  const msal = confidential(program, tenant);
  const token = async () => (await msal.acquireTokenByClientCredential({ scopes })).accessToken;
  return graphAs(token);
}

/** Graph with a token that somebody has. */
export function graphAs(token, defaultVersion = "v1.0") {
  return Client.initWithMiddleware({
    authProvider: { getAccessToken: token },
    baseUrl: `${https}/graph/`,
    defaultVersion,
    // Otherwise the client keeps the token to itself.
    customHosts: new Set([new URL(https).hostname]),
  });
}
