// Connecting an organization: an administrator agrees at the authority, and comes back here with the outcome in the URL.

import type { Problem } from "./errors";

/**
 * What the authority said about an admin consent, if this load of the page is the return from one. The URL is a
 * stranger's word: it is shown, and nothing depends on it.
 */
export function explainReturn(): Problem | undefined {
  const answer = new URLSearchParams(location.search);
  if (!answer.has("admin_consent") && !answer.has("error")) return undefined;
  history.replaceState(null, "", location.pathname);
  if (answer.has("error")) {
    const detail = answer.get("error_description") ?? answer.get("error") ?? "";
    return {
      title: "The organization was not connected",
      advice: ["The sign-in service gave the reason below."],
      remedies: [],
      detail,
    };
  }
  return {
    title: "Your organization agreed",
    advice: [
      "Two steps are left: the operator adds the tenant id to the API's ALLOWED_TENANT_IDS, and you assign roles to people.",
      `Tenant id: ${answer.get("tenant") ?? "unknown"}`,
    ],
    remedies: [],
    good: true,
  };
}
