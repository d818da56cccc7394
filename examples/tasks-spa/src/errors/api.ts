// The tasks API did not answer, or refused.

import type { ApiRefusal } from "../api";
import { type Problem, type Situation, unexpected } from "./index";

export function apiUnreachable({ config }: Situation): Problem {
  return {
    title: "The tasks API does not answer",
    advice: [
      `Is it running at ${config.apiBase}? Start it, or correct VITE_API_BASE.`,
      `If it runs, it may not know this page: its ALLOWED_ORIGINS must contain ${location.origin}.`,
    ],
    remedies: ["retry"],
  };
}

export function apiRefused(refusal: ApiRefusal, situation: Situation): Problem {
  const detail = `HTTP ${refusal.status} ${refusal.code}${refusal.detail && `: ${refusal.detail}`}`;
  const known = byCode[refusal.code];
  return known ? { ...known(situation, refusal), detail } : unexpected(detail);
}

/** The codes are stable; the status of a refused tenant is the operator's choice. */
const byCode: Record<string, (situation: Situation, refusal: ApiRefusal) => Problem> = {
  // The API tells callers nothing about the reason; the commonest one by far comes first.
  invalid_token: ({ organization }) => ({
    title: "The tasks API does not accept this sign-in",
    advice: [
      `Signing in at ${organization} worked, but the API lets nobody in from there. Most often the organization is not ` +
        "on its allow-list: ask the operator to add the tenant id to ALLOWED_TENANT_IDS. The API's log has the reason.",
      "If your account is a guest in an organization that is accepted, switch to that one.",
    ],
    remedies: ["renew", "other-account"],
  }),
  insufficient_scope: ({ organization }) => ({
    title: "Your account has no role that permits this",
    advice: [
      `Ask an administrator of ${organization} to assign Admin, Editor or Reader to you: Enterprise applications, the ` +
        "tasks API, Users and groups.",
      "A new role counts from the next token on: renew access afterwards.",
    ],
    remedies: ["renew", "other-account"],
  }),
  not_found: () => ({
    title: "That task is gone",
    advice: ["Somebody may have deleted it."],
    remedies: ["retry"],
  }),
  invalid_task: (_, { detail }) => ({
    title: "The API did not take the task",
    advice: [detail],
    remedies: [],
  }),
  temporarily_unavailable: () => ({
    title: "Tasks are not available at the moment",
    advice: ["Try again in a few seconds."],
    remedies: ["retry"],
  }),
};
