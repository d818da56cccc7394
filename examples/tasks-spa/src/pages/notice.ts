// A problem on the page: what happened, what to do, and the controls to do it.

import type { App } from "../app";
import { ANY_ORGANIZATION } from "../auth";
import { button, el } from "../dom";
import type { Problem, Remedy } from "../errors";

export function notice(problem: Problem, app: App): HTMLElement {
  return el(
    "section",
    { className: problem.good ? "notice good" : "notice", role: "alert", tabIndex: -1 },
    el("h2", { id: "problem-title" }, problem.title),
    ...problem.advice.map((text) => el("p", {}, text)),
    problem.remedies.length > 0 &&
      el("div", { className: "row" }, ...problem.remedies.map((remedy) => control(remedy, app))),
    problem.detail !== undefined &&
      el("details", {}, el("summary", {}, "Details"), el("pre", { id: "problem-detail" }, problem.detail)),
  );
}

function control(remedy: Remedy, app: App): HTMLElement {
  const { auth } = app;
  switch (remedy) {
    case "retry":
      return button("Try again", async () => app.show());
    case "sign-in-again":
      return button("Sign in again", () => app.signIn(auth.addressed), { className: "primary" });
    case "other-account":
      return button("Use another account", () => app.signIn(elsewhere(app), "select_account"));
    case "renew":
      return button("Renew access", () => app.renew());
    case "admin-consent":
      return el(
        "a",
        { href: auth.adminConsentUrl(auth.addressed), className: "button" },
        "Link for administrators",
      );
    case "open-authority":
      return el(
        "a",
        { href: app.config.authorityHost, className: "button primary", target: "_blank", rel: "noreferrer" },
        `Open ${app.config.authorityHost}`,
      );
  }
}

/** Whoever is let in nowhere with this account may have another anywhere; a tenant that was asked for stays. */
function elsewhere({ auth }: App): string {
  return auth.addressed === auth.person()?.tenantId ? ANY_ORGANIZATION : auth.addressed;
}
