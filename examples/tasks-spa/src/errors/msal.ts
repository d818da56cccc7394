// What MSAL says by itself, by its error codes (BrowserAuthErrorCodes, ClientAuthErrorCodes).

import type { Problem, Situation } from "./index";

type Explanation = (situation: Situation) => Problem;

/** A page cannot tell a server that is down from a certificate that is not trusted: both get the same network error. */
const authorityUnreachable: Explanation = ({ config }) => ({
  title: "The sign-in service cannot be reached",
  advice: [
    `Is it running at ${config.authorityHost}? Start it, or correct VITE_AUTHORITY_HOST.`,
    "If it is the simulator, your browser may not trust its certificate yet: open its address once and accept the " +
      "warning, or import the certificate authority that it serves at /sim/ca.pem. Then try again.",
  ],
  remedies: ["open-authority", "retry"],
});

const windowBlocked: Explanation = () => ({
  title: "Your browser blocked the sign-in window",
  advice: ["Allow pop-up windows for this page, or sign in without one."],
  remedies: [],
});

export const msalProblems: Record<string, Explanation> = {
  openid_config_error: authorityUnreachable,
  endpoints_resolution_error: authorityUnreachable,
  network_error: authorityUnreachable,
  get_request_failed: authorityUnreachable,
  post_request_failed: authorityUnreachable,
  popup_window_error: windowBlocked,
  empty_window_error: windowBlocked,
  no_network_connectivity: () => ({
    title: "You are offline",
    advice: ["Connect to the network and try again."],
    remedies: ["retry"],
  }),
  user_cancelled: () => ({
    title: "The sign-in window was closed",
    advice: ["Nothing has changed. Try again when you like."],
    remedies: [],
  }),
  interaction_in_progress: () => ({
    title: "Another sign-in is still open",
    advice: ["Finish it or close its window, then load this page again."],
    remedies: ["retry"],
  }),
  timed_out: () => ({
    title: "The sign-in did not come to an end",
    advice: [
      "Its window was closed or took too long; or your browser blocks third-party cookies, which renewal in the " +
        "background needs. Sign in again to go on.",
    ],
    remedies: ["sign-in-again"],
  }),
  access_denied: () => ({
    title: "The sign-in was refused",
    advice: ["The sign-in service gave the reason below."],
    remedies: ["other-account"],
  }),
};

export function sessionEnded(): Problem {
  return {
    title: "Please sign in again",
    advice: ["Your session at the sign-in service ended, or it needs something new from you."],
    remedies: ["sign-in-again"],
  };
}
