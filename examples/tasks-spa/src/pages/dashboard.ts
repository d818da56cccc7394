// Somebody is signed in: who, where, what they may do, and their tasks.

import type { Me } from "../api";
import type { App } from "../app";
import type { Person } from "../auth";
import { el } from "../dom";
import type { Problem } from "../errors";
import { badges } from "./badges";
import { frame } from "./frame";
import { notice } from "./notice";
import { organizations } from "./organizations";
import { profile } from "./profile";
import { taskList } from "./tasks";

export function dashboard(app: App, problem?: Problem): HTMLElement[] {
  const person = app.auth.person() as Person;
  const work = el(
    "div",
    { className: "stack", id: "work", "aria-live": "polite", "aria-busy": "true" },
    el("p", { className: "card soft" }, "Loading…"),
  );
  const side = el("div", { className: "stack" }, profile(person, app), organizations(person, app));
  void fill(app, work);
  return frame(
    app,
    problem,
    el("h1", { tabIndex: -1 }, `Hello, ${person.name}`),
    el("div", { className: "split" }, work, side),
  );
}

/** Asks the API who it takes the caller for, then for the tasks. */
async function fill(app: App, work: HTMLElement): Promise<void> {
  try {
    const me = await app.api.me();
    work.replaceChildren(badges(me), await tasksOrProblem(app, me));
  } catch (error) {
    work.replaceChildren(notice(app.explain(error), app));
  }
  work.removeAttribute("aria-busy");
}

/** Somebody without a role is known to the API, and may still not read. */
async function tasksOrProblem(app: App, me: Me): Promise<HTMLElement> {
  try {
    return taskList(app, me, await app.api.tasks());
  } catch (error) {
    return notice(app.explain(error), app);
  }
}
