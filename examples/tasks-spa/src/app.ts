// What the pages share: the configuration, who is signed in, and which page is shown.

import { Api } from "./api";
import { ANY_ORGANISATION, type Auth, type Display } from "./auth";
import type { Config } from "./config";
import { explain, type Problem } from "./errors";
import { dashboard } from "./pages/dashboard";
import { landing } from "./pages/landing";

const DISPLAY_KEY = "tasks.display";

export class App {
  readonly api: Api;

  constructor(
    readonly config: Config,
    readonly auth: Auth,
    private readonly root: HTMLElement,
  ) {
    this.api = new Api(config.apiBase, auth);
  }

  /** The page that fits: the dashboard of whoever is signed in, else the landing page. */
  show(problem?: Problem): void {
    const page = this.auth.person() ? dashboard(this, problem) : landing(this, problem);
    this.root.replaceChildren(...page);
    // Screen readers and keyboards start at the top of the new page, or at what went wrong.
    this.root.querySelector<HTMLElement>("[role=alert], h1")?.focus();
  }

  /** Does something that may fail; a failure becomes a notice on the page. */
  async attempt(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.show(this.explain(error));
    }
  }

  explain(error: unknown): Problem {
    const userName = this.auth.person()?.userName;
    return explain(error, { config: this.config, userName, organisation: this.nameOf(this.auth.addressed) });
  }

  signIn(tenant: string, prompt?: "select_account"): Promise<void> {
    return this.attempt(async () => {
      await this.auth.signIn({ tenant, display: this.display, ...(prompt && { prompt }) });
      this.show();
    });
  }

  /** A new token for the same person, then everything again. */
  renew(): Promise<void> {
    return this.attempt(async () => {
      await this.auth.token("now");
      this.show();
    });
  }

  /** An organisation's name where the configuration has one. */
  nameOf(tenant: string): string {
    if (tenant === ANY_ORGANISATION) return "your organisation";
    return this.config.tenants.find(({ id }) => id === tenant)?.name ?? tenant;
  }

  get display(): Display {
    return sessionStorage.getItem(DISPLAY_KEY) === "popup" ? "popup" : "redirect";
  }

  set display(display: Display) {
    sessionStorage.setItem(DISPLAY_KEY, display);
  }
}
