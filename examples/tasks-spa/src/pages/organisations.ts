// Switching: the same person at another organisation.

import type { App } from "../app";
import type { Person } from "../auth";
import { button, el } from "../dom";

export function organisations(person: Person, app: App): HTMLElement {
  const ids = new Set([...app.config.tenants.map(({ id }) => id), person.homeTenantId, person.tenantId]);
  return el("section", { className: "card", "aria-labelledby": "organisations-title" },
    el("h2", { id: "organisations-title" }, "Organisations"),
    el("p", { className: "soft" }, "Switch to any that knows your account."),
    el("ul", { className: "plain" }, ...[...ids].map((id) => organisation(id, person, app))),
  );
}

function organisation(id: string, person: Person, app: App): HTMLElement {
  const name = app.nameOf(id);
  if (id === person.tenantId) {
    return el("li", { "aria-current": "true" }, el("span", { className: "grow clip" }, name), el("span", { className: "soft" }, "Current"));
  }
  const change = () => app.attempt(async () => {
    await app.auth.switchTo(id, app.display);
    app.show();
  });
  return el("li", {}, el("span", { className: "grow clip" }, name), button("Switch", change, { className: "quiet", "aria-label": `Switch to ${name}`, "data-switch": id }));
}
