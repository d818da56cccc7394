//! An application's registration.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::credential::{Certificate, ClientSecret, FederatedCredential};
use super::permission::{AppRole, PreAuthorized, RequiredPermissions, Scope};
use super::{is_default, yes};
use crate::ids::{AppId, ObjectId, TenantId};

/// An application as its developer registered it, once, in its home tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    #[serde(default, skip_serializing_if = "is_default")]
    pub sign_in_audience: SignInAudience,
    /// Whether it gets tokens at all. Default `true`.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Object id of the registration. Default: follows from the client id.
    #[serde(default, skip_serializing_if = "is_default")]
    pub object_id: Option<ObjectId>,
    /// Name chosen by its developer to find it again (`uniqueName` of Microsoft Graph).
    #[serde(default, skip_serializing_if = "is_default")]
    pub unique_name: Option<String>,
    /// App ID URIs, for APIs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub identifier_uris: Vec<String>,
    /// Delegated permissions that the API defines: texts, or `{ value, id, admin_only, enabled, title, description }`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub scopes: Vec<Scope>,
    /// App roles that the API defines: texts, or `{ value, id, members, enabled, title, description }`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub app_roles: Vec<AppRole>,
    /// Where answers may go: strings, or `{ uri, platform }`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub redirect_uris: Vec<RedirectUri>,
    /// Page that is loaded when a person signs out anywhere (front-channel logout).
    #[serde(default, skip_serializing_if = "is_default")]
    pub logout_url: Option<String>,
    /// Client secrets, in plain text: development only. Texts, or `{ text, key_id, name, expires_at }`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub secrets: Vec<ClientSecret>,
    /// Certificates that client assertions may be signed with: PEM, or the base64 text of the DER form.
    #[serde(default, skip_serializing_if = "is_default")]
    pub certificates: Vec<Certificate>,
    /// Foreign issuers whose tokens count as client assertions.
    #[serde(default, skip_serializing_if = "is_default")]
    pub federated_credentials: Vec<FederatedCredential>,
    /// Whether it may act without a credential where no redirect URI says what it is (device code). Default `false`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub public_client: bool,
    /// Whether the authorize endpoint may answer with an ID token (hybrid and implicit flow). Default `false`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id_token_from_authorize: bool,
    /// Version of the access tokens issued *for* this API: 1 or 2. Default 1, as at Entra.
    #[serde(default = "one")]
    pub token_version: u8,
    /// Tenants whose tokens Entra itself shall issue (`signInAudienceRestrictions`). Absent: no restriction. The
    /// home tenant is always allowed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub allowed_tenants: Option<Vec<TenantId>>,
    /// Permissions that it asks for in advance: what `/.default` and admin consent mean.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required_permissions: Vec<RequiredPermissions>,
    /// Clients of this API whose consent page also shows what the API itself needs (`knownClientApplications`).
    #[serde(default, skip_serializing_if = "is_default")]
    pub known_clients: Vec<AppId>,
    /// Clients that need no consent for this API's scopes: client ids, or `{ client, scopes }`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub pre_authorized: Vec<PreAuthorized>,
    /// Claims that access tokens for this API carry in addition.
    #[serde(default, skip_serializing_if = "is_default")]
    pub optional_claims: Vec<OptionalClaim>,
    /// Claims that ID tokens for this client carry in addition.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id_token_claims: Vec<OptionalClaim>,
    /// Which groups access tokens for this API, and ID tokens for this client, tell of. Default `none`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub group_claims: GroupClaims,
    /// Whether tokens for it are signed with a key of its own, found by `?appid=`. Default `false`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub own_signing_key: bool,
    /// Whether the API takes part in continuous access evaluation: clients that say `cp1` get tokens for 20 to 28 hours.
    /// Default `false`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub continuous_access: bool,
    /// Properties of Microsoft Graph that mean nothing to the simulator, or say more than the members above: kept so
    /// that reading gives what was written.
    #[serde(default, skip_serializing_if = "is_default")]
    pub graph: Map<String, Value>,
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

/// An optional claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionalClaim {
    /// `acct`: 0 for members, 1 for guests.
    Acct,
    /// `acrs`: authentication contexts that the sign-in satisfies.
    Acrs,
    /// The client id as audience of version 1 tokens, however the API was asked for (`aud` with `use_guid`).
    AudGuid,
    /// `auth_time`: when the person last typed a password.
    AuthTime,
    /// `ctry`: the person's country.
    Ctry,
    /// `email`, of members too.
    Email,
    /// `family_name` in version 2 tokens.
    FamilyName,
    /// `given_name` in version 2 tokens.
    GivenName,
    /// `idtyp`: `app` in tokens of applications.
    Idtyp,
    /// `idtyp`: `user` in tokens of people as well (`include_user_token`).
    IdtypUser,
    /// `ipaddr` in version 2 tokens.
    Ipaddr,
    /// `login_hint`: opaque, to be sent back.
    LoginHint,
    /// `sid`: the browser session.
    Sid,
    /// `tenant_ctry`: the organisation's country.
    TenantCtry,
    /// `tenant_region_scope`.
    TenantRegionScope,
    /// `upn` in version 2 tokens, of members only.
    Upn,
    /// `upn`, of guests too: `…#EXT#@…` as stored (`include_externally_authenticated_upn`).
    UpnWithGuests,
    /// The same with `_EXT_` instead of `#EXT#` (`include_externally_authenticated_upn_without_hash`).
    UpnWithGuestsWithoutHash,
    /// `verified_primary_email`.
    VerifiedPrimaryEmail,
    /// `xms_cc`: what the client can do (`cp1`), if it said so.
    XmsCc,
    /// `xms_edov`: whether the address belongs to a verified domain.
    XmsEdov,
}

/// Which memberships a token tells of (`groupMembershipClaims`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupClaims {
    /// Nothing.
    #[default]
    None,
    /// `groups`: every security group.
    Security,
    /// `groups`: only those assigned to the application.
    Application,
    /// `wids`: directory roles.
    DirectoryRole,
    /// `groups` and `wids`.
    All,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a redirect URI: a text, or a table of `uri` and `platform`")]
pub enum RedirectUri {
    /// On the platform that the application's kind implies.
    Plain(String),
    /// On a platform of its own.
    Tagged(TaggedRedirect),
}

/// A redirect URI that names its platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaggedRedirect {
    /// The URI as registered.
    pub uri: String,
    /// The kind of client behind it.
    pub platform: Platform,
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
    /// A registration with nothing in it.
    pub(crate) fn new(
        app_id: AppId,
        display_name: &str,
        home_tenant: TenantId,
        kind: ApplicationKind,
    ) -> Self {
        Self {
            app_id,
            display_name: display_name.to_owned(),
            home_tenant,
            kind,
            sign_in_audience: SignInAudience::default(),
            enabled: true,
            object_id: None,
            unique_name: None,
            identifier_uris: Vec::new(),
            scopes: Vec::new(),
            app_roles: Vec::new(),
            redirect_uris: Vec::new(),
            logout_url: None,
            secrets: Vec::new(),
            certificates: Vec::new(),
            federated_credentials: Vec::new(),
            public_client: false,
            id_token_from_authorize: false,
            token_version: 1,
            allowed_tenants: None,
            required_permissions: Vec::new(),
            known_clients: Vec::new(),
            pre_authorized: Vec::new(),
            optional_claims: Vec::new(),
            id_token_claims: Vec::new(),
            group_claims: GroupClaims::default(),
            own_signing_key: false,
            continuous_access: false,
            graph: Map::new(),
        }
    }

    /// Object id of the registration.
    pub fn object_id(&self) -> ObjectId {
        self.object_id.unwrap_or_else(|| ObjectId::derived(&format!("application|{}", self.app_id)))
    }

    /// A delegated permission that can be asked for.
    pub(crate) fn scope(&self, value: &str) -> Option<&Scope> {
        self.scopes.iter().find(|scope| scope.enabled && scope.value == value)
    }

    /// An app role by its value.
    pub(crate) fn app_role(&self, value: &str) -> Option<&AppRole> {
        self.app_roles.iter().find(|role| role.enabled && role.value == value)
    }

    /// Whether `client` needs nobody's consent for a permission.
    pub(crate) fn pre_authorizes(&self, client: AppId, scope: &str) -> bool {
        self.app_id == client || self.pre_authorized.iter().any(|listed| listed.covers(client, scope))
    }

    /// Platform of the registered redirect URI that `asked` matches: exactly, or else on this machine without regard to
    /// the port (Entra, "Redirect URI restrictions"; RFC 8252 §7.3). Of several the first counts.
    pub(crate) fn platform_of(&self, asked: &str) -> Option<Platform> {
        let exact = self.redirect_uris.iter().find(|registered| registered.uri() == asked);
        let found = exact.or_else(|| {
            self.redirect_uris.iter().find(|registered| same_loopback(registered.uri(), asked))
        })?;
        Some(self.platform(found))
    }

    pub(crate) fn platform(&self, registered: &RedirectUri) -> Platform {
        match (registered, self.kind) {
            (RedirectUri::Tagged(tagged), _) => tagged.platform,
            (RedirectUri::Plain(_), ApplicationKind::Spa) => Platform::Spa,
            (RedirectUri::Plain(_), ApplicationKind::Native) => Platform::Native,
            (RedirectUri::Plain(_), _) => Platform::Web,
        }
    }

    /// Whether the application may hold no credential at all.
    pub(crate) fn is_public(&self) -> bool {
        self.public_client || matches!(self.kind, ApplicationKind::Spa | ApplicationKind::Native)
    }

    /// Whether it runs where people can look inside, and needs no redirect URI to say so.
    pub(crate) fn is_installed(&self) -> bool {
        self.public_client || self.kind == ApplicationKind::Native
    }

    /// Whether anything is registered that it can prove itself with.
    pub(crate) fn has_credentials(&self) -> bool {
        !(self.secrets.is_empty() && self.certificates.is_empty() && self.federated_credentials.is_empty())
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
