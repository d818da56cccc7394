// What the pages share: the configuration, who is signed in, and which page is shown.

import { AuthError, BrowserAuthErrorCodes } from "@azure/msal-browser";

import { Api } from "./api";
import { ANY_ORGANIZATION, type Auth, type Display } from "./auth";
import type { Config } from "./config";
import { explain, type Problem } from "./errors";
import { dashboard } from "./pages/dashboard";
import { landing } from "./pages/landing";

/** Another attempt took its place, and has a notice of its own if need be. */
const isReplaced = (error: unknown) =>
  error instanceof AuthError && error.errorCode === BrowserAuthErrorCodes.interactionInProgressCancelled;

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
      if (!isReplaced(error)) this.show(this.explain(error));
    }
  }

  explain(error: unknown): Problem {
    const userName = this.auth.person()?.userName;
    return explain(error, { config: this.config, userName, organization: this.nameOf(this.auth.addressed) });
  }

  signIn(tenant: string, prompt?: "select_account"): Promise<void> {
    return this.interact((display) => this.auth.signIn({ tenant, display, ...(prompt && { prompt }) }));
  }

  switchTo(tenant: string): Promise<void> {
    return this.interact((display) => this.auth.switchTo(tenant, display));
  }

  signOut(): Promise<void> {
    return this.interact((display) => this.auth.signOut(display));
  }

  /** A new token for the same person, then everything again. */
  renew(): Promise<void> {
    return this.attempt(async () => {
      await this.auth.token("now");
      this.show();
    });
  }

  /** An organization's name where the configuration has one; at home the domain of the user name will do. */
  nameOf(tenant: string): string {
    if (tenant === ANY_ORGANIZATION) return "your organization";
    const person = this.auth.person();
    const domain = person?.homeTenantId === tenant ? person.userName.split("@")[1] : undefined;
    return this.config.tenants.find(({ id }) => id === tenant)?.name ?? domain ?? tenant;
  }

  /**
   * Something that may show the authority's pages. Nobody tells this page when a window of theirs is closed, so the
   * controls stay usable meanwhile.
   */
  private interact(run: (display: Display) => Promise<void>): Promise<void> {
    const done = this.attempt(async () => {
      await run(this.display);
      this.show();
    });
    if (this.display === "redirect") return done;
    const status = this.root.querySelector("#status");
    if (status) status.textContent = "Go on in the other window. If you closed it, start again here.";
    return Promise.resolve();
  }

  get display(): Display {
    return sessionStorage.getItem(DISPLAY_KEY) === "popup" ? "popup" : "redirect";
  }

  set display(display: Display) {
    sessionStorage.setItem(DISPLAY_KEY, display);
  }
}
