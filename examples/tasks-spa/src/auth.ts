// Signing in, renewing and signing out, with MSAL. Nothing else in this example knows tokens.

import {
  type AccountInfo,
  type AuthenticationResult,
  InteractionRequiredAuthError,
  PublicClientApplication,
} from "@azure/msal-browser";

import type { Config } from "./config";

/** Any organisation: the authority finds it by the user name. */
export const ANY_ORGANISATION = "organizations";

/** How the authority's pages are shown: in the place of this one, or in a window of their own. */
export type Display = "redirect" | "popup";

/** Somebody signed in at one organisation. */
export interface Person {
  name: string;
  userName: string;
  tenantId: string;
  /** Where the account lives; another than `tenantId` for guests. */
  homeTenantId: string;
}

interface SignInRequest {
  /** `organizations`, a tenant id or a domain. */
  tenant: string;
  display: Display;
  loginHint?: string;
  prompt?: "select_account" | "consent";
}

/** Where the last attempt went, to name it in an explanation after a redirect. */
const ADDRESSED_KEY = "tasks.addressed";

export class Auth {
  private constructor(
    private readonly config: Config,
    private readonly msal: PublicClientApplication,
  ) {}

  static async start(config: Config): Promise<Auth> {
    const msal = new PublicClientApplication({
      auth: {
        clientId: config.clientId,
        authority: `${config.authorityHost}/${ANY_ORGANISATION}`,
        // MSAL asks Microsoft about hosts that it does not know, unless it is told that they are meant.
        knownAuthorities: [new URL(config.authorityHost).host],
        redirectUri: `${location.origin}/redirect.html`,
        postLogoutRedirectUri: `${location.origin}/redirect.html`,
      },
      // Gone with the tab. The access token lives for an hour or so, the refresh token for a day.
      cache: { cacheLocation: "sessionStorage" },
    });
    await msal.initialize();
    return new Auth(config, msal);
  }

  /** Takes the answer that a redirect brought back, if one did. Rejects with the authority's refusal. */
  async finishRedirect(): Promise<void> {
    this.remember(await this.msal.handleRedirectPromise());
  }

  /** The organisation that was last asked for: `organizations`, a tenant id or a domain. */
  get addressed(): string {
    return sessionStorage.getItem(ADDRESSED_KEY) ?? ANY_ORGANISATION;
  }

  person(): Person | undefined {
    const account = this.msal.getActiveAccount();
    return account ? personOf(account) : undefined;
  }

  /** With a redirect this never resolves: the page is left. */
  async signIn({ tenant, display, ...rest }: SignInRequest): Promise<void> {
    sessionStorage.setItem(ADDRESSED_KEY, tenant);
    const request = { scopes: [this.config.apiScope], authority: this.authority(tenant), ...rest };
    if (display === "popup") this.remember(await this.msal.loginPopup(request));
    else await this.leave(this.msal.loginRedirect(request));
  }

  /** An access token for the API, from memory, by refresh token or in a hidden frame. */
  async token(renewal: "if-needed" | "now" = "if-needed"): Promise<AuthenticationResult> {
    const account = this.activeAccount();
    return this.silent(account, account.tenantId, renewal === "now");
  }

  /**
   * The same person at another organisation: silently where possible, else with a page. Where the account does not exist
   * there, a page would only say the same, so that the refusal is passed on.
   */
  async switchTo(tenant: string, display: Display): Promise<void> {
    const account = this.activeAccount();
    try {
      this.remember(await this.silent(account, tenant, false));
    } catch (error) {
      if (!needsPage(error)) throw error;
      await this.signIn({ tenant, display, loginHint: account.username });
    }
  }

  async signOut(display: Display): Promise<void> {
    const account = this.activeAccount();
    if (display === "popup") await this.msal.logoutPopup({ account });
    else await this.leave(this.msal.logoutRedirect({ account }));
  }

  /** Where an administrator lets an organisation's people use this application (v2.0 admin consent endpoint). */
  adminConsentUrl(tenant: string): string {
    const query = new URLSearchParams({
      client_id: this.config.clientId,
      scope: this.config.apiScope,
      redirect_uri: `${location.origin}/`,
    });
    return `${this.authority(tenant)}/v2.0/adminconsent?${query}`;
  }

  private async silent(account: AccountInfo, tenant: string, forceRefresh: boolean) {
    sessionStorage.setItem(ADDRESSED_KEY, tenant);
    const [scopes, authority] = [[this.config.apiScope], this.authority(tenant)];
    return this.msal.acquireTokenSilent({ scopes, authority, account, forceRefresh });
  }

  private remember(result: AuthenticationResult | null): void {
    if (result) this.msal.setActiveAccount(result.account);
  }

  private activeAccount(): AccountInfo {
    const account = this.msal.getActiveAccount();
    if (!account) throw new Error("nobody is signed in");
    return account;
  }

  private authority(tenant: string): string {
    return `${this.config.authorityHost}/${encodeURIComponent(tenant)}`;
  }

  /** MSAL resolves as soon as the browser is told to leave. Nothing on this page should go on then. */
  private async leave(departure: Promise<void>): Promise<never> {
    await departure;
    return new Promise<never>(() => {});
  }
}

function personOf(account: AccountInfo): Person {
  // MSAL builds the id from `uid.utid` of client_info: the object and the tenant at home.
  const homeTenantId = account.homeAccountId.split(".")[1] ?? account.tenantId;
  return { name: account.name ?? account.username, userName: account.username, tenantId: account.tenantId, homeTenantId };
}

/** AADSTS50020: no such account there. */
function needsPage(error: unknown): boolean {
  return error instanceof InteractionRequiredAuthError && !error.errorMessage.includes("AADSTS50020");
}
