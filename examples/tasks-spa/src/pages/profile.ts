// The profile card: whom the ID token names.

import type { App } from "../app";
import type { Person } from "../auth";
import { button, described, el } from "../dom";

export function profile(person: Person, app: App): HTMLElement {
  const isGuest = person.homeTenantId !== person.tenantId;
  const status = el("p", { id: "renewal", role: "status", className: "soft" });
  return el(
    "section",
    { className: "card", id: "profile", "aria-labelledby": "profile-title" },
    el("h2", { id: "profile-title" }, "Profile"),
    el(
      "dl",
      {},
      described("Name", "profile-name", person.name),
      described("User name", "profile-user-name", person.userName),
      described("Organization", "profile-organization", app.nameOf(person.tenantId)),
      described("Tenant ID", "profile-tenant", el("code", {}, person.tenantId)),
      described(
        "Membership",
        "profile-membership",
        isGuest ? `Guest, at home in ${app.nameOf(person.homeTenantId)}` : "Member (home organization)",
      ),
    ),
    status,
    button("Renew access", () => renew(app, status), { id: "renew", className: "quiet" }),
  );
}

/** Renewal happens by itself when a token is about to end; this shows that it works. */
async function renew(app: App, status: HTMLElement): Promise<void> {
  await app.attempt(async () => {
    status.textContent = "";
    const { expiresOn } = await app.auth.token("now");
    status.textContent = `Access renewed until ${expiresOn?.toLocaleTimeString() ?? "later"}`;
  });
}
