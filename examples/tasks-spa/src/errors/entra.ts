// The authority's refusals, by the number after `AADSTS`.

import type { AuthError } from "@azure/msal-browser";

import type { Problem, Situation } from "./index";

/** 0 where the error did not come from the authority. */
export function entraNumber(error: AuthError): number {
  return Number(/AADSTS(\d+)/.exec(error.errorMessage)?.[1] ?? 0);
}

type Explanation = (situation: Situation) => Problem;

const unknownAccount: Explanation = ({ userName, organization }) => ({
  title: "That organization does not know this account",
  advice: [
    `${userName ?? "This account"} has no account at ${organization}. An administrator there can invite it as a guest.`,
    "Otherwise sign in with an account of that organization, or at your own.",
  ],
  remedies: ["other-account"],
});

const consentMissing: Explanation = ({ config, organization }) => ({
  title: "Consent is missing",
  advice: [
    `Nobody at ${organization} has agreed yet that this page may use ${config.apiScope}. Sign in again to be asked, or ` +
      "let an administrator agree for everybody.",
  ],
  remedies: ["sign-in-again", "admin-consent"],
});

const administratorNeeded: Explanation = ({ organization }) => ({
  title: "An administrator has to agree first",
  advice: [
    `People at ${organization} cannot agree to this by themselves. Send the link below to an administrator.`,
  ],
  remedies: ["admin-consent", "other-account"],
});

const notConnected: Explanation = ({ organization }) => ({
  title: "That organization is not connected yet",
  advice: [`An administrator of ${organization} connects it once, by agreeing at the link below.`],
  remedies: ["admin-consent", "other-account"],
});

const closedToTenant: Explanation = ({ organization }) => ({
  title: "This application is closed to that organization",
  advice: [
    `Its owner lists the tenants that may get tokens, and ${organization} is not among them. The owner adds the tenant ` +
      "id to the allowed tenants of the registration, and to the API's ALLOWED_TENANT_IDS.",
  ],
  remedies: ["other-account"],
});

export const unknownTenant: Explanation = ({ organization }) => ({
  title: "There is no such organization",
  advice: [
    `“${organization}” is neither a tenant id nor a domain that the sign-in service knows. Check the spelling.`,
  ],
  remedies: [],
});

export const entraProblems: Record<number, Explanation> = {
  50020: unknownAccount,
  50034: unknownAccount,
  65001: consentMissing,
  90008: consentMissing,
  90094: administratorNeeded,
  90095: administratorNeeded,
  700016: notConnected,
  650052: notConnected,
  500011: notConnected,
  7000118: closedToTenant,
  7000119: closedToTenant,
  65004: () => ({
    title: "You did not agree",
    advice: [
      "Without your consent this page cannot call the tasks API for you. Sign in again if that was a slip.",
    ],
    remedies: ["sign-in-again"],
  }),
  50105: ({ organization }) => ({
    title: "You are not assigned to this application",
    advice: [
      `Ask an administrator of ${organization} to assign you: Enterprise applications, Users and groups.`,
    ],
    remedies: ["other-account"],
  }),
  50194: () => ({
    title: "This application is for one organization only",
    advice: ["Sign in at that organization, by its button or its tenant id."],
    remedies: [],
  }),
  90002: unknownTenant,
};
