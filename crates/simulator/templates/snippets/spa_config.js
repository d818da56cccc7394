import { PublicClientApplication } from "@azure/msal-browser";

export const msal = new PublicClientApplication({
  auth: {
    clientId: "{{ v.client_id }}",
    authority: "{{ v.authority }}",
    // With the port. Without this entry MSAL.js asks Microsoft about the host, and fails.
    knownAuthorities: ["{{ v.host_and_port }}"],
    redirectUri: {{ v.redirect_uri.json()|safe }},
  },
});
export const apiScopes = [{{ v.scope.json()|safe }}];
