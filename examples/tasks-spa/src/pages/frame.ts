// What every page has around it: a bar at the top, the main part, a line at the bottom.

import type { App } from "../app";
import { button, el } from "../dom";
import type { Problem } from "../errors";
import { notice } from "./notice";

export function frame(app: App, problem: Problem | undefined, ...content: Node[]): HTMLElement[] {
  const person = app.auth.person();
  const account =
    person &&
    el(
      "div",
      { className: "account" },
      el("span", { className: "account-name" }, person.name),
      button("Sign out", () => app.signOut(), { id: "sign-out", className: "quiet" }),
    );
  return [
    el(
      "header",
      { className: "bar" },
      el("span", { className: "brand" }, el("img", { src: "/icon.svg", alt: "" }), "Tasks"),
      account,
    ),
    el(
      "main",
      {},
      el("p", { id: "status", role: "status", className: "soft" }),
      problem && notice(problem, app),
      ...content,
    ),
    el(
      "footer",
      {},
      "An example: ",
      el("code", {}, "examples/tasks-spa"),
      ". It signs in at ",
      el("code", {}, app.config.authorityHost),
      ".",
    ),
  ];
}
