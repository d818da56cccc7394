// Starts the page: configuration, MSAL, the answer of a sign-in that brought us back, then what there is to show.

import "./style.css";

import { App } from "./app";
import { Auth } from "./auth";
import { readConfig } from "./config";
import { explainReturn } from "./onboarding";
import { el } from "./dom";

async function start(root: HTMLElement): Promise<void> {
  const config = readConfig(import.meta.env);
  const app = new App(config, await Auth.start(config), root);
  try {
    await app.auth.finishRedirect();
    app.show(explainReturn());
  } catch (error) {
    app.show(app.explain(error));
  }
}

const root = document.getElementById("app");
if (root) {
  start(root).catch((error: Error) => {
    const advice =
      "Correct examples/tasks-spa/.env, or put your values into .env.local, and load this page again.";
    root.replaceChildren(
      el(
        "main",
        {},
        el("h1", {}, "This page is not configured"),
        el("p", { role: "alert" }, error.message),
        el("p", {}, advice),
      ),
    );
  });
}

// Whoever comes back with the browser's button gets a fresh page, not one that still waits for the sign-in.
addEventListener("pageshow", (event) => event.persisted && location.reload());
