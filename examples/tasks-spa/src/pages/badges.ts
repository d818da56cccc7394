// What the API lets the caller do: as it says itself, not as this page guesses from the token.

import type { Me } from "../api";
import { el } from "../dom";

const WORDS: Record<string, string> = {
  "tasks.read.all": "View all in organization",
  "tasks.read.own": "View own tasks",
  "tasks.create": "Create tasks",
  "tasks.change.all": "Complete any task",
  "tasks.change.own": "Complete own tasks",
  "tasks.delete.all": "Delete any task",
};

export function badges(me: Me): HTMLElement {
  const roles = me.roles.length > 0 ? me.roles : ["No role"];
  const readOnly =
    me.permissions.length > 0 && me.permissions.every((permission) => permission.startsWith("tasks.read."));
  const list = [
    ...roles.map((role) => badge(role, "role")),
    ...me.permissions.map((permission) => badge(WORDS[permission] ?? permission, "permission")),
    ...(readOnly ? [badge("Read only", "permission")] : []),
    ...me.scopes.map((scope) => badge(scope, "scope")),
  ];
  return el("ul", { className: "badges", id: "permissions", "aria-label": "What you may do" }, ...list);
}

function badge(text: string, kind: "role" | "permission" | "scope"): HTMLElement {
  return el(
    "li",
    { className: `badge ${kind}`, ...(kind === "scope" && { title: "Scope of the access token" }) },
    text,
  );
}
