// What went wrong, in words that say what to do: `entra.ts` by the authority's error numbers, `msal.ts` by the
// library's codes, `api.ts` by the codes of the tasks API.

import { AuthError, InteractionRequiredAuthError } from "@azure/msal-browser";

import { ApiRefusal, ApiUnreachable } from "../api";
import { UnknownTenant } from "../auth";
import type { Config } from "../config";
import { apiRefused, apiUnreachable } from "./api";
import { entraNumber, entraProblems, unknownTenant } from "./entra";
import { msalProblems, sessionEnded } from "./msal";

/** What this page can offer. */
export type Remedy =
  "retry" | "sign-in-again" | "other-account" | "renew" | "admin-consent" | "open-authority";

export interface Problem {
  title: string;
  /** What it means and what to do; a paragraph each. */
  advice: string[];
  remedies: Remedy[];
  /** The other side's own words, for whoever has to help. */
  detail?: string;
  /** Good news come in the same shape. */
  good?: true;
}

/** What an explanation may name. */
export interface Situation {
  config: Config;
  /** Whoever is signed in. */
  userName: string | undefined;
  /** The organization that was addressed: its name, id or domain. */
  organization: string;
}

export function explain(error: unknown, situation: Situation): Problem {
  if (error instanceof ApiUnreachable) return apiUnreachable(situation);
  if (error instanceof ApiRefusal) return apiRefused(error, situation);
  if (error instanceof UnknownTenant) return unknownTenant(situation);
  if (error instanceof AuthError) return signInFailed(error, situation);
  return unexpected(error instanceof Error ? error.message : String(error));
}

function signInFailed(error: AuthError, situation: Situation): Problem {
  const detail = error.errorMessage || error.errorCode;
  const known = entraProblems[entraNumber(error)] ?? msalProblems[error.errorCode];
  if (known) return { ...known(situation), detail };
  if (error instanceof InteractionRequiredAuthError) return { ...sessionEnded(), detail };
  return unexpected(detail);
}

export function unexpected(detail: string): Problem {
  return {
    title: "Something went wrong",
    advice: ["Try again. If it stays, show the words below to whoever runs this application."],
    remedies: ["retry"],
    detail,
  };
}
