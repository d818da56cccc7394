// Nobody is signed in: what this is, and the ways in.

import type { App } from "../app";
import { ANY_ORGANIZATION } from "../auth";
import { busy, button, el } from "../dom";
import type { Problem } from "../errors";
import { frame } from "./frame";

export function landing(app: App, problem?: Problem): HTMLElement[] {
  return frame(
    app,
    problem,
    el(
      "section",
      { className: "hero" },
      el("h1", { tabIndex: -1 }, "One task list for every organization"),
      el(
        "p",
        { className: "lead" },
        "Sign in with the account you have at work. Your organization sees its own tasks, and nobody else’s.",
      ),
      anyOrganization(app),
    ),
    oneOrganization(app),
    el("section", { className: "columns", "aria-label": "How it works" }, ...promises()),
  );
}

function anyOrganization(app: App): HTMLElement {
  const signIn = () => app.signIn(ANY_ORGANIZATION, "select_account");
  return button("Sign in with your organization", signIn, { id: "sign-in", className: "primary large" });
}

function oneOrganization(app: App): HTMLElement {
  const buttons = app.config.tenants.map(({ name, id }) =>
    button(`Sign in at ${name}`, () => app.signIn(id, "select_account"), { "data-tenant": id }),
  );
  return el(
    "section",
    { className: "card", "aria-labelledby": "one-organization" },
    el("h2", { id: "one-organization" }, "Sign in at one organization"),
    el(
      "p",
      { className: "soft" },
      "Guests: choose the organization that invited you, and use the account you have at home.",
    ),
    el("div", { className: "row" }, ...buttons),
    otherOrganization(app),
    displayChoice(app),
    el(
      "p",
      { className: "soft" },
      "Administrators: ",
      el("a", { href: app.auth.adminConsentUrl(ANY_ORGANIZATION) }, "connect your organization"),
      ".",
    ),
  );
}

function otherOrganization(app: App): HTMLElement {
  const field = el("input", {
    id: "tenant",
    name: "tenant",
    required: true,
    maxLength: 253,
    autocomplete: "off",
    spellcheck: false,
    placeholder: "contoso.example",
  });
  field.autocapitalize = "none";
  const submit = el("button", { type: "submit" }, "Continue");
  const form = el(
    "form",
    { className: "field" },
    el("label", { htmlFor: "tenant" }, "Another organization: domain or tenant id"),
    el("div", { className: "row tight" }, field, submit),
  );
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
    promise(
      "Any organization can sign in",
      "The sign-in service finds your organization by your user name. One registration serves them all.",
    ),
    promise(
      "Only listed organizations get in",
      "The API keeps an allow-list of tenants, and asks it before anything else.",
    ),
    promise(
      "Nothing crosses over",
      "Every task belongs to one tenant. An Admin sees all tasks of the own organization, never of another.",
    ),
  ];
}
