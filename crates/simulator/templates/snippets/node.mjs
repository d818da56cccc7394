// npm install @azure/msal-node@7
{% if v.is_native() %}import { spawn } from "node:child_process";
import { PublicClientApplication } from "@azure/msal-node";

const app = new PublicClientApplication({
  auth: { clientId: "{{ v.client_id }}", authority: "{{ v.authority }}", knownAuthorities: ["{{ v.host_and_port }}"] },
});
const answer = await app.acquireTokenInteractive({
  scopes: [{{ v.scope.json()|safe }}],
  openBrowser: async (url) => { console.log("Open", url); spawn("xdg-open", [url]).on("error", () => {}); },
});
console.log(answer.account.username, answer.accessToken);
{% else %}import { ConfidentialClientApplication } from "@azure/msal-node";

const app = new ConfidentialClientApplication({
  auth: {
    clientId: "{{ v.client_id }}",
    clientSecret: {{ v.secret.json()|safe }},
    authority: "{{ v.authority }}",
    knownAuthorities: ["{{ v.host_and_port }}"],
  },
});
{% if v.is_web() %}const [scopes, redirectUri] = [[{{ v.scope.json()|safe }}], {{ v.redirect_uri.json()|safe }}];
// 1. Send the browser here:
console.log(await app.getAuthCodeUrl({ scopes, redirectUri }));
// 2. In the handler of the redirect URI:
// const answer = await app.acquireTokenByCode({ code, scopes, redirectUri });
{% else %}const answer = await app.acquireTokenByClientCredential({ scopes: [{{ v.default_scope.json()|safe }}] });
console.log(answer.accessToken);
{% endif %}{% endif %}
