// Nobody is signed in: what this is, and the ways in.

import type { App } from "../app";
import { ANY_ORGANISATION } from "../auth";
import { busy, button, el } from "../dom";
import type { Problem } from "../errors";
import { frame } from "./frame";

export function landing(app: App, problem?: Problem): HTMLElement[] {
  return frame(app, problem,
    el("section", { className: "hero" },
      el("h1", { tabIndex: -1 }, "One task list for every organisation"),
      el("p", { className: "lead" }, "Sign in with the account you have at work. Your organisation sees its own tasks, and nobody else’s."),
      anyOrganisation(app),
    ),
    oneOrganisation(app),
    el("section", { className: "columns", "aria-label": "How it works" }, ...promises()),
  );
}

function anyOrganisation(app: App): HTMLElement {
  const signIn = () => app.signIn(ANY_ORGANISATION, "select_account");
  return el("div", { className: "row centred" }, button("Sign in with your organisation", signIn, { id: "sign-in", className: "primary large" }));
}

function oneOrganisation(app: App): HTMLElement {
  const buttons = app.config.tenants.map(({ name, id }) =>
    button(`Sign in at ${name}`, () => app.signIn(id, "select_account"), { "data-tenant": id }));
  return el("section", { className: "card", "aria-labelledby": "one-organisation" },
    el("h2", { id: "one-organisation" }, "Sign in at one organisation"),
    el("p", { className: "soft" }, "Guests: choose the organisation that invited you, and use the account you have at home."),
    el("div", { className: "row" }, ...buttons),
    otherOrganisation(app),
    displayChoice(app),
    el("p", { className: "soft" }, "Administrators: ",
      el("a", { href: app.auth.adminConsentUrl(ANY_ORGANISATION) }, "connect your organisation"), "."),
  );
}

function otherOrganisation(app: App): HTMLElement {
  const field = el("input", { id: "tenant", name: "tenant", required: true, maxLength: 253, autocomplete: "off", spellcheck: false, placeholder: "contoso.example" });
  field.autocapitalize = "none";
  const submit = el("button", { type: "submit" }, "Continue");
  const form = el("form", { className: "field" }, el("label", { htmlFor: "tenant" }, "Another organisation: domain or tenant id"), el("div", { className: "row tight" }, field, submit));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void busy(submit, () => app.signIn(field.value.trim(), "select_account"));
  });
  return form;
}

function displayChoice(app: App): HTMLElement {
  const box = el("input", { type: "checkbox", id: "popup", checked: app.display === "popup" });
  box.addEventListener("change", () => {
    app.display = box.checked ? "popup" : "redirect";
  });
  return el("label", { className: "choice" }, box, "Sign in in a window of its own");
}

function promises(): HTMLElement[] {
  const promise = (title: string, text: string) => el("article", {}, el("h3", {}, title), el("p", {}, text));
  return [
    promise("Any organisation can sign in", "The sign-in service finds your organisation by your user name. One registration serves them all."),
    promise("Only listed organisations get in", "The API keeps an allow-list of tenants, and asks it before anything else."),
    promise("Nothing crosses over", "Every task belongs to one tenant. An Admin sees all tasks of the own organisation, never of another."),
  ];
}
