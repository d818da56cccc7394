//! An application's registration.

use serde::{Deserialize, Serialize};
use url::Url;

use super::tenant::Secret;
use crate::ids::{AppId, TenantId};

/// Application id of Microsoft Graph, the API behind `openid`, `profile` and scopes without a resource.
pub(crate) const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// An application as its developer registered it, once, in its home tenant.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// The client id.
    pub app_id: AppId,
    /// Display name.
    pub display_name: String,
    /// Where it is registered.
    pub home_tenant: TenantId,
    /// What it is; decides the platform of its redirect URIs unless they say otherwise.
    pub kind: ApplicationKind,
    /// Who may sign in. Default: accounts of the home tenant.
    #[serde(default)]
    pub sign_in_audience: SignInAudience,
    /// App ID URIs, for APIs.
    #[serde(default)]
    pub identifier_uris: Vec<String>,
    /// Delegated permissions that the API defines.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// App roles that the API defines, for people and applications alike.
    #[serde(default)]
    pub app_roles: Vec<String>,
    /// Where answers may go: strings, or `{ uri, platform }`.
    #[serde(default)]
    pub redirect_uris: Vec<RedirectUri>,
    /// Client secrets, in plain text: development only.
    #[serde(default)]
    pub secrets: Vec<Secret>,
    /// Version of the access tokens issued *for* this API: 1 or 2. Default 1, as at Entra.
    #[serde(default = "one")]
    pub token_version: u8,
    /// Tenants whose tokens Entra itself shall issue (`signInAudienceRestrictions`). Absent: no restriction. The
    /// home tenant is always allowed.
    #[serde(default)]
    pub allowed_tenants: Option<Vec<TenantId>>,
    /// Clients that need no consent for this API's scopes.
    #[serde(default)]
    pub pre_authorized: Vec<AppId>,
    /// Claims that access tokens for this API carry in addition.
    #[serde(default)]
    pub optional_claims: Vec<OptionalClaim>,
}

fn one() -> u8 {
    1
}

/// What an application is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationKind {
    /// A resource that others call.
    Api,
    /// A single-page application: public, redeems codes across origins.
    Spa,
    /// A server-side web application: confidential.
    Web,
    /// A desktop, mobile or command-line program: public.
    Native,
    /// A program without a person, confidential.
    Daemon,
}

/// Whose accounts may sign in, by Microsoft Graph's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SignInAudience {
    /// The home tenant's.
    #[default]
    #[serde(rename = "AzureADMyOrg")]
    MyOrg,
    /// Any organisation's.
    #[serde(rename = "AzureADMultipleOrgs")]
    MultipleOrgs,
    /// Any organisation's, and personal ones.
    #[serde(rename = "AzureADandPersonalMicrosoftAccount")]
    OrgsAndPersonal,
    /// Personal ones only.
    #[serde(rename = "PersonalMicrosoftAccount")]
    Personal,
}

/// An optional claim of access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionalClaim {
    /// `acct`: 0 for members, 1 for guests.
    Acct,
    /// `idtyp`: `app` in tokens of applications.
    Idtyp,
    /// `email`, of members too.
    Email,
    /// `auth_time`: when the person last typed a password.
    AuthTime,
}

/// The kind of client behind a redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// Confidential; redeems with a credential.
    Web,
    /// Public; redeems from a browser, with an `Origin`.
    Spa,
    /// Public; redeems without a credential.
    Native,
}

/// Where an answer may go.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum RedirectUri {
    /// On the platform that the application's kind implies.
    Plain(String),
    /// On a platform of its own.
    Tagged(TaggedRedirect),
}

/// A redirect URI that names its platform.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaggedRedirect {
    uri: String,
    platform: Platform,
}

impl RedirectUri {
    /// The URI as registered.
    pub fn uri(&self) -> &str {
        match self {
            Self::Plain(uri) | Self::Tagged(TaggedRedirect { uri, .. }) => uri,
        }
    }
}

impl Application {
    /// Platform of the registered redirect URI that `asked` matches: exactly, or else on this machine without regard to
    /// the port (Entra, "Redirect URI restrictions"; RFC 8252 §7.3). Of several the first counts.
    pub(crate) fn platform_of(&self, asked: &str) -> Option<Platform> {
        let exact = self.redirect_uris.iter().find(|registered| registered.uri() == asked);
        let found = exact.or_else(|| {
            self.redirect_uris.iter().find(|registered| same_loopback(registered.uri(), asked))
        })?;
        Some(self.platform(found))
    }

    fn platform(&self, registered: &RedirectUri) -> Platform {
        match (registered, self.kind) {
            (RedirectUri::Tagged(tagged), _) => tagged.platform,
            (RedirectUri::Plain(_), ApplicationKind::Spa) => Platform::Spa,
            (RedirectUri::Plain(_), ApplicationKind::Native) => Platform::Native,
            (RedirectUri::Plain(_), _) => Platform::Web,
        }
    }

    /// Whether the application may hold no credential at all.
    pub(crate) fn is_public(&self) -> bool {
        matches!(self.kind, ApplicationKind::Spa | ApplicationKind::Native)
    }

    /// Whether `name` means this API in a scope or audience: client id, or App ID URI with or without final slash.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let bare = name.strip_suffix('/').unwrap_or(name);
        name.eq_ignore_ascii_case(&self.app_id.to_string())
            || self.identifier_uris.iter().any(|uri| uri.strip_suffix('/').unwrap_or(uri) == bare)
    }
}

fn same_loopback(registered: &str, asked: &str) -> bool {
    // The URL parser forgives spaces and line breaks; a redirect must not carry them.
    if !asked.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    let (Ok(registered), Ok(asked)) = (Url::parse(registered), Url::parse(asked)) else { return false };
    let loopback = |url: &Url| matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let same_rest = registered.path() == asked.path()
        && registered.query() == asked.query()
        && asked.fragment().is_none();
    let no_user = asked.username().is_empty() && asked.password().is_none();
    registered.scheme() == "http"
        && asked.scheme() == "http"
        && registered.host_str() == asked.host_str()
        && loopback(&registered)
        && same_rest
        && no_user
}

/// Microsoft Graph as far as sign-in needs it: present in every tenant, its basic scopes granted to every client.
pub(crate) fn graph() -> &'static Application {
    static GRAPH_APPLICATION: std::sync::LazyLock<Application> = std::sync::LazyLock::new(|| Application {
        app_id: GRAPH.parse().unwrap_or_else(|_| unreachable!("a constant GUID")),
        display_name: "Microsoft Graph (simulated)".to_owned(),
        home_tenant: super::builtin::PERSONAL_ACCOUNTS
            .parse()
            .unwrap_or_else(|_| unreachable!("a constant GUID")),
        kind: ApplicationKind::Api,
        sign_in_audience: SignInAudience::OrgsAndPersonal,
        identifier_uris: vec!["https://graph.microsoft.com".to_owned()],
        scopes: ["User.Read", "openid", "profile", "email", "offline_access"].map(ToOwned::to_owned).to_vec(),
        app_roles: Vec::new(),
        redirect_uris: Vec::new(),
        secrets: Vec::new(),
        token_version: 1,
        allowed_tenants: None,
        pre_authorized: Vec::new(),
        optional_claims: vec![OptionalClaim::Idtyp],
    });
    &GRAPH_APPLICATION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_redirects_ignore_the_port() {
        for (registered, asked, same) in [
            ("http://localhost", "http://localhost:51000", true),
            ("http://localhost", "http://localhost:51000/", true),
            ("http://localhost:8080/", "http://localhost:51000/", true),
            ("http://localhost", "http://127.0.0.1:51000", false),
            ("http://localhost", "http://localhost:51000/other", false),
            ("http://localhost", "https://localhost:51000", false),
            ("http://localhost", "http://localhost.attacker.example", false),
            ("http://localhost", "http://user@localhost:1", false),
            ("http://localhost", "http://localhost:1#x", false),
            ("http://app.example", "http://app.example:81", false),
        ] {
            assert_eq!(same_loopback(registered, asked), same, "{asked}");
        }
    }
}
