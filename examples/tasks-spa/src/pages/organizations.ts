// Switching: the same person at another organization.

import type { App } from "../app";
import type { Person } from "../auth";
import { button, el } from "../dom";

export function organizations(person: Person, app: App): HTMLElement {
  const ids = new Set([...app.config.tenants.map(({ id }) => id), person.homeTenantId, person.tenantId]);
  return el(
    "section",
    { className: "card", "aria-labelledby": "organizations-title" },
    el("h2", { id: "organizations-title" }, "Organizations"),
    el("p", { className: "soft" }, "Switch to any that knows your account."),
    el("ul", { className: "plain" }, ...[...ids].map((id) => organization(id, person, app))),
  );
}

function organization(id: string, person: Person, app: App): HTMLElement {
  const name = app.nameOf(id);
  if (id === person.tenantId) {
    return el(
      "li",
      { "aria-current": "true" },
      el("span", { className: "grow clip" }, name),
      el("span", { className: "soft" }, "Current"),
    );
  }
  return el(
    "li",
    {},
    el("span", { className: "grow clip" }, name),
    button("Switch", () => app.switchTo(id), {
      className: "quiet",
      "aria-label": `Switch to ${name}`,
      "data-switch": id,
    }),
  );
}
