//! Who is calling, once proven.

use crate::{ClientId, ObjectId, TenantId, UnixTime};

/// A person or a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PrincipalKind {
    /// An application acts for a person, with delegated scopes (`scp`).
    User,
    /// An application acts for itself, with app roles (`roles`).
    Application,
}

/// How the caller belongs to the tenant that issued the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Membership {
    /// At home in it.
    Member,
    /// Invited from another organisation, or with a personal account (`acct` = 1, or a foreign `idp`).
    Guest,
}

/// How and when the caller proved who they are, as far as the token says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authentication {
    /// When the person last signed in interactively (`auth_time`, an optional claim).
    pub at: Option<UnixTime>,
    /// Methods used (`amr`, in v1.0 tokens), for example `mfa`.
    pub methods: Box<[Box<str>]>,
    /// Authentication contexts satisfied (`acrs`, an optional claim), `c1` to `c99`.
    pub contexts: Box<[Box<str>]>,
    /// How the client application proved itself (`azpacr`, `appidacr`).
    pub client: Option<ClientProof>,
}

/// How a client application proved itself to the authority. Source: Entra, "Access token claims reference", `azpacr`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientProof {
    /// Not at all: a public client (`0`).
    None,
    /// With a secret (`1`).
    Secret,
    /// With a certificate or another signed assertion (`2`).
    Certificate,
}

/// The verified caller: a member, a guest or an application of one tenant.
///
/// Only a [`crate::Verified`] token makes one. It has no e-mail address on purpose: tenants choose those, so they
/// identify nobody (T-017). Its texts are as the tenant or the client wrote them: escape them for where they go, or show them
/// through [`crate::Untrusted`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub(crate) tenant: TenantId,
    pub(crate) object_id: Option<ObjectId>,
    pub(crate) subject: Option<Box<str>>,
    pub(crate) kind: PrincipalKind,
    pub(crate) membership: Membership,
    pub(crate) client_id: ClientId,
    pub(crate) roles: Box<[Box<str>]>,
    pub(crate) scopes: Box<str>,
    pub(crate) authentication: Authentication,
    pub(crate) expires_at: UnixTime,
    pub(crate) token_id: Option<Box<str>>,
    pub(crate) display_name: Option<Box<str>>,
}

impl Principal {
    /// The tenant that issued the token: whose data this is about.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The caller within the tenant (`oid`): with [`Principal::tenant`] their identity across applications. `None` only for
    /// plain OpenID providers.
    pub fn object_id(&self) -> Option<ObjectId> {
        self.object_id
    }

    /// The caller as this API alone knows them (`sub`).
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// `oid`, or `sub` where the provider has none: the caller's stable id within [`Principal::tenant`].
    pub fn id(&self) -> String {
        match (&self.object_id, &self.subject) {
            (Some(object_id), _) => object_id.to_string(),
            (None, subject) => subject.as_deref().unwrap_or_default().to_owned(),
        }
    }

    /// A person or a program.
    pub fn kind(&self) -> PrincipalKind {
        self.kind
    }

    /// Member or guest of the tenant.
    pub fn membership(&self) -> Membership {
        self.membership
    }

    /// The application that called.
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// App roles within the tenant, as assigned by its administrators.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().map(AsRef::as_ref)
    }

    /// Whether the caller holds app role `role`. Exact, case-sensitive (T-018).
    pub fn has_role(&self, role: &str) -> bool {
        self.roles().any(|held| held == role)
    }

    /// Delegated scopes; empty for applications.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.split(' ').filter(|scope| !scope.is_empty())
    }

    /// Whether the token carries scope `scope` as a whole word. Exact, case-sensitive (T-018).
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes().any(|held| held == scope)
    }

    /// How and when the caller signed in.
    pub fn authentication(&self) -> &Authentication {
        &self.authentication
    }

    /// When the token ends (`exp`).
    pub fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// The token's own id (`uti` or `jti`), for the audit trail.
    pub fn token_id(&self) -> Option<&str> {
        self.token_id.as_deref()
    }

    /// What the caller's tenant calls them. For display only: never a key, never a permission (T-017).
    pub fn display_name(&self) -> Option<&str> {
        self.display_name.as_deref()
    }
}
