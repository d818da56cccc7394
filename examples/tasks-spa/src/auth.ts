// Signing in, renewing and signing out, with MSAL. Nothing else in this example knows tokens.

import {
  type AccountInfo,
  type AuthenticationResult,
  InteractionRequiredAuthError,
  type PopupRequest,
  PublicClientApplication,
} from "@azure/msal-browser";

import type { Config } from "./config";

/** Any organization: the authority finds it by the user name. */
export const ANY_ORGANIZATION = "organizations";

/** How the authority's pages are shown: in the place of this one, or in a window of their own. */
export type Display = "redirect" | "popup";

/** Somebody signed in at one organization. */
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

const POPUP_MS_MAX = 10 * 60 * 1000;
/** Where the last attempt went, to name it in an explanation after a redirect. */
const ADDRESSED_KEY = "tasks.addressed";

/** The authority answered that it has no such tenant. */
export class UnknownTenant extends Error {}

export class Auth {
  private constructor(
    private readonly config: Config,
    private readonly msal: PublicClientApplication,
  ) {}

  static async start(config: Config): Promise<Auth> {
    const msal = new PublicClientApplication({
      auth: {
        clientId: config.clientId,
        authority: `${config.authorityHost}/${ANY_ORGANIZATION}`,
        // MSAL asks Microsoft about hosts that it does not know, unless it is told that they are meant.
        knownAuthorities: [new URL(config.authorityHost).host],
        redirectUri: `${location.origin}/redirect.html`,
        postLogoutRedirectUri: `${location.origin}/redirect.html`,
      },
      // Gone with the tab. The access token lives for an hour or so, the refresh token for a day.
      cache: { cacheLocation: "sessionStorage" },
      // People look for their passwords, and for their telephones.
      system: { popupBridgeTimeout: POPUP_MS_MAX },
    });
    await msal.initialize();
    return new Auth(config, msal);
  }

  /** Takes the answer that a redirect brought back, if one did. Rejects with the authority's refusal. */
  async finishRedirect(): Promise<void> {
    this.remember(await this.msal.handleRedirectPromise());
  }

  /** The organization that was last asked for: `organizations`, a tenant id or a domain. */
  get addressed(): string {
    return sessionStorage.getItem(ADDRESSED_KEY) ?? ANY_ORGANIZATION;
  }

  person(): Person | undefined {
    const account = this.msal.getActiveAccount();
    return account ? personOf(account) : undefined;
  }

  /** With a redirect this never resolves: the page is left. */
  async signIn({ tenant, display, ...rest }: SignInRequest): Promise<void> {
    sessionStorage.setItem(ADDRESSED_KEY, tenant);
    const request = { scopes: [this.config.apiScope], authority: this.authority(tenant), ...rest };
    try {
      if (display === "popup") await this.signInByPopup(request);
      else await this.leave(this.msal.loginRedirect(request));
    } catch (error) {
      throw (await this.isUnknown(tenant)) ? new UnknownTenant(tenant, { cause: error }) : error;
    }
  }

  /** An access token for the API, from memory, by refresh token or in a hidden frame. */
  async token(renewal: "if-needed" | "now" = "if-needed"): Promise<AuthenticationResult> {
    const account = this.activeAccount();
    return this.silent(account, account.tenantId, renewal === "now");
  }

  /**
   * The same person at another organization: silently where possible, else with a page. Where the account does not exist
   * there, a page would only say the same, so that the refusal is passed on.
   */
  async switchTo(tenant: string, display: Display): Promise<void> {
    const account = this.activeAccount();
    // MSAL looks into its cache by the tenant of the account. Where it has none for that tenant, only a new token will do.
    const there = this.msal.getAccount({ homeAccountId: account.homeAccountId, tenantId: tenant });
    try {
      this.remember(await this.silent(there ?? account, tenant, there === null));
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

  /** Where an administrator lets an organization's people use this application (v2.0 admin consent endpoint). */
  adminConsentUrl(tenant: string): string {
    const query = new URLSearchParams({
      client_id: this.config.clientId,
      scope: this.config.apiScope,
      redirect_uri: `${location.origin}/`,
    });
    return `${this.authority(tenant)}/v2.0/adminconsent?${query}`;
  }

  /** A page cannot see that a window was closed: another attempt takes the place of the one before. */
  private async signInByPopup(request: PopupRequest): Promise<void> {
    this.remember(await this.msal.loginPopup({ ...request, overrideInteractionInProgress: true }));
  }

  /** MSAL fails alike for a tenant that does not exist and for an authority that does not answer. */
  private async isUnknown(tenant: string): Promise<boolean> {
    const answer = await fetch(`${this.authority(tenant)}/v2.0/.well-known/openid-configuration`).catch(
      () => undefined,
    );
    return answer?.status === 400 || answer?.status === 404;
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
  return {
    name: account.name ?? account.username,
    userName: account.username,
    tenantId: account.tenantId,
    homeTenantId,
  };
}

/** AADSTS50020: no such account there. */
function needsPage(error: unknown): boolean {
  return error instanceof InteractionRequiredAuthError && !error.errorMessage.includes("AADSTS50020");
}
