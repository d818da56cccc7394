// The part of a sign-in that a person does in a browser: read a page, fill in a form, decide, follow redirects.

import { parse } from "node-html-parser";

const STEPS_MAX = 14;

/** The authority showed a page that leads nowhere. */
export class Refused extends Error {
  constructor(status, words) {
    super(`${status}: ${words}`);
    this.words = words;
  }
}

/** A browser with one person in front of it. Its cookies last as long as the object. */
export class Browser {
  #cookies = new Map();
  /** Pages that asked for a decision about permissions. */
  decisions = 0;

  /** `decision` is what the person says to every question; `code` what they read off a device. */
  constructor(person, { decision = "accept", forEverybody = false, code = "" } = {}) {
    Object.assign(this, { person, decision, forEverybody, code });
  }

  /** From an authorize or consent address to the parameters that came back to the redirect URI. Nobody listens there. */
  async visit(address, redirectUri) {
    return this.#walk(address, (page) => handedOver(page, redirectUri));
  }

  /** From the address that a device shows to the words of the last page. */
  async confirmDevice(address) {
    return this.#walk(address, (page) => (page.location || form(page) ? undefined : words(page)));
  }

  async #walk(address, finished) {
    let page = await this.#open(address);
    for (let step = 0; step < STEPS_MAX; step++) {
      const answer = finished(page);
      if (answer !== undefined) return answer;
      page = await this.#next(page);
    }
    throw new Error(`still not done after ${STEPS_MAX} pages, the last at ${page.url}`);
  }

  async #next(page) {
    if (page.location) return this.#open(new URL(page.location, page.url));
    const shown = form(page);
    if (!shown || page.status >= 400) throw new Refused(page.status, words(page));
    this.decisions += shown.querySelector("[name=decision]") ? 1 : 0;
    const body = new URLSearchParams(filled(shown, this));
    const after = await this.#open(new URL(shown.getAttribute("action"), page.url), { method: "POST", body });
    if (asksForPassword(shown) && asksForPassword(form(after))) throw new Refused(after.status, words(after));
    return after;
  }

  async #open(url, options = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, { ...options, redirect: "manual", headers: cookie ? { cookie } : {} });
    // None of the simulator's cookies has a comma in it, and Debian's Node.js gives them in one line.
    for (const line of (answer.headers.get("set-cookie") ?? "").split(", ").filter(Boolean)) {
      const [name, value] = line.split(";")[0].split("=");
      this.#cookies.set(name, value);
    }
    const text = await answer.text();
    const location = answer.headers.get("location") ?? "";
    return { url: String(url), status: answer.status, location, html: parse(text) };
  }
}

function handedOver(page, redirectUri) {
  if (belongsTo(page.location, redirectUri)) return parameters(page.location);
  const shown = form(page);
  if (shown && belongsTo(shown.getAttribute("action"), redirectUri)) return filled(shown, {});
  return undefined;
}

function belongsTo(target, redirectUri) {
  const bare = (text) => text.split(/[?#]/)[0].replace(/\/$/, "");
  return bare(target) === bare(redirectUri) && target !== "";
}

/** Of a query, or of a fragment. */
function parameters(target) {
  const url = new URL(target);
  return Object.fromEntries(new URLSearchParams(url.search || url.hash.slice(1)));
}

function asksForPassword(shown) {
  return Boolean(shown?.querySelector("input[type=password]"));
}

/** The form that asks for a password, else the first. */
function form(page) {
  const forms = page.html.querySelectorAll("form");
  return forms.find(asksForPassword) ?? forms[0];
}

/** What a browser would send: typed text, hidden fields, ticked boxes, and the button that the person presses. */
function filled(shown, { person, decision, forEverybody, code }) {
  const typed = { loginfmt: person?.upn, passwd: person?.password, otc: code };
  const fields = {};
  for (const field of shown.querySelectorAll("input")) {
    const [name, type] = [field.getAttribute("name"), field.getAttribute("type")];
    if (!name || (type === "checkbox" && !forEverybody)) continue;
    fields[name] = typed[name] || field.getAttribute("value") || "";
  }
  const buttons = shown.querySelectorAll("button[name]");
  const pressed = buttons.find((button) => button.getAttribute("value") === decision) ?? buttons[0];
  if (pressed) fields[pressed.getAttribute("name")] = pressed.getAttribute("value") ?? "";
  return fields;
}

function words(page) {
  return page.html.querySelector("main")?.structuredText ?? page.html.structuredText;
}
