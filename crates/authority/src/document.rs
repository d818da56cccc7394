//! Which documents an authority publishes its keys in, where they are, and what they must say.

use std::fmt;

use reqwest::Url;
use tenantry_token::{Authority, AuthorityKind, ClientId, KeySet, KeySetError, TenantId};

/// Which key documents are read for an authority with many tenants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyMode {
    /// Each admitted tenant's own metadata and keys. The default: a key that is common to all tenants today may become one
    /// tenant's tomorrow. Source: Entra, "Signing key rollover".
    ///
    /// Not for a directory that admits every tenant: whoever makes up a tenant id would make us ask for its keys, and keep
    /// a note of the answer (T-007, T-024). There use [`KeyMode::Shared`].
    #[default]
    PerTenant,
    /// The `organizations` documents, once for all tenants: one fetch however many tenants there are. Keys that name no
    /// issuer are not used, as that is what keeps a key of one issuer from signing for another. Source: Entra, "Access
    /// tokens"; T-013.
    Shared,
}

/// Whose document a key is looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    /// One tenant's.
    Tenant(TenantId),
    /// The authority's one document.
    Whole,
}

impl Scope {
    /// The tenant, unless it is the authority's one document.
    pub(crate) fn tenant(self) -> Option<TenantId> {
        match self {
            Self::Tenant(tenant) => Some(tenant),
            Self::Whole => None,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tenant(tenant) => tenant.fmt(f),
            Self::Whole => f.write_str("whole"),
        }
    }
}

/// The documents of one authority.
pub(crate) struct Documents {
    authority: Authority,
    mode: KeyMode,
    base: Url,
    app: Option<ClientId>,
}

impl Documents {
    /// `None` if the authority's base is no URL.
    pub(crate) fn new(authority: Authority, mode: KeyMode, app: Option<ClientId>) -> Option<Self> {
        let base = Url::parse(authority.base()).ok()?;
        Some(Self { authority, mode, base, app })
    }

    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Whether one document has the keys of all tenants.
    pub(crate) fn is_single(&self) -> bool {
        self.mode == KeyMode::Shared || self.authority.fixed_tenant().is_some()
    }

    /// The document to look into for keys of `tenant`; `None` if the authority stands for another tenant.
    pub(crate) fn scope_of(&self, tenant: TenantId) -> Option<Scope> {
        match (self.authority.fixed_tenant(), self.mode) {
            (Some(fixed), _) => (fixed == tenant).then_some(Scope::Whole),
            (None, KeyMode::Shared) => Some(Scope::Whole),
            (None, KeyMode::PerTenant) => Some(Scope::Tenant(tenant)),
        }
    }

    /// Where the metadata is. Made of configuration and a parsed tenant id alone (T-007).
    pub(crate) fn metadata_url(&self, scope: Scope) -> Url {
        const WELL_KNOWN: &str = ".well-known/openid-configuration";
        let path = match (self.authority.fixed_tenant(), scope) {
            // OpenID Connect Discovery 1.0 §4.1: below the issuer, whose closing slash is dropped.
            (Some(_), _) if self.authority.kind() == AuthorityKind::OpenId => {
                format!("{}/{WELL_KNOWN}", self.base.path().trim_end_matches('/'))
            }
            (Some(tenant), _) | (None, Scope::Tenant(tenant)) => format!("/{tenant}/v2.0/{WELL_KNOWN}"),
            (None, Scope::Whole) => format!("/organizations/v2.0/{WELL_KNOWN}"),
        };
        let mut url = self.base.clone();
        url.set_path(&path);
        if let Some(app) = &self.app {
            url.query_pairs_mut().append_pair("appid", app.as_str());
        }
        url
    }

    /// The issuer that the metadata must name, exactly.
    pub(crate) fn issuer(&self, scope: Scope) -> String {
        match (scope, self.authority.fixed_tenant()) {
            (Scope::Tenant(tenant), _) | (Scope::Whole, Some(tenant)) => self.authority.issuer_of(tenant),
            (Scope::Whole, None) => self.authority.issuer_template().unwrap_or_default(),
        }
    }

    /// The address of the keys that metadata names, if it may be asked: HTTPS, and the authority's own origin unless it is a
    /// plain provider, many of which keep their keys on another host. Plain HTTP only where the authority is on this
    /// machine, and then only to this machine.
    pub(crate) fn keys_url(&self, named: &str) -> Option<Url> {
        let url = Url::parse(named).ok()?;
        let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let allowed = match self.authority.kind() {
            AuthorityKind::Entra | AuthorityKind::ExternalId => url.origin() == self.base.origin(),
            AuthorityKind::OpenId => {
                url.scheme() == "https" || (self.base.scheme() == "http" && is_loopback(&url))
            }
        };
        (plain && allowed).then_some(url)
    }

    /// Reads the keys of a document.
    pub(crate) fn read_keys(&self, scope: Scope, body: &[u8]) -> Result<KeySet, KeySetError> {
        let keys = KeySet::parse(body, &self.authority)?;
        let shared = scope == Scope::Whole && self.authority.fixed_tenant().is_none();
        Ok(if shared { keys.require_key_issuer() } else { keys })
    }

    /// What distinguishes these documents from those of another configuration.
    pub(crate) fn identity(&self) -> String {
        let app = self.app.as_ref().map_or("", ClientId::as_str);
        format!("{:?} {} {app}", self.authority.kind(), self.authority.base())
    }
}

fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::{Documents, KeyMode, Scope};
    use tenantry_token::{Authority, ClientId, Cloud, TenantId};

    const TENANT: &str = "aaaaaaaa-0000-4000-8000-000000000001";

    fn tenant() -> TenantId {
        TENANT.parse().unwrap()
    }

    fn documents(authority: Authority, mode: KeyMode) -> Documents {
        Documents::new(authority, mode, None).unwrap()
    }

    /// T-007: the exact addresses, of each kind of authority.
    #[test]
    fn metadata_is_asked_for_at_configured_addresses() {
        let world = Authority::entra(Cloud::Worldwide);
        let provider = Authority::openid("https://id.example/realm/", tenant()).unwrap();
        for (authority, mode, url) in [
            (world.clone(), KeyMode::PerTenant, format!("https://login.microsoftonline.com/{TENANT}/v2.0/")),
            (world, KeyMode::Shared, "https://login.microsoftonline.com/organizations/v2.0/".into()),
            (
                Authority::external_id(tenant()),
                KeyMode::Shared,
                format!("https://{TENANT}.ciamlogin.com/{TENANT}/v2.0/"),
            ),
            (provider, KeyMode::PerTenant, "https://id.example/realm/".into()),
        ] {
            let documents = documents(authority, mode);
            let scope = documents.scope_of(tenant()).unwrap();
            assert_eq!(
                documents.metadata_url(scope).as_str(),
                format!("{url}.well-known/openid-configuration")
            );
        }
    }

    /// Row 19; the id is encoded, so that it stays one parameter.
    #[test]
    fn keys_of_one_application_are_asked_for_by_its_id() {
        let app = Some(ClientId::new("a b&x=1"));
        let documents = Documents::new(Authority::entra(Cloud::China), KeyMode::PerTenant, app).unwrap();
        let url = documents.metadata_url(Scope::Tenant(tenant()));
        assert!(url.as_str().ends_with("/openid-configuration?appid=a+b%26x%3D1"), "{url}");
    }

    /// An authority of one tenant has no keys for another.
    #[test]
    fn a_fixed_authority_stands_for_one_tenant() {
        let other = "aaaaaaaa-0000-4000-8000-000000000002".parse().unwrap();
        assert!(documents(Authority::external_id(tenant()), KeyMode::PerTenant).scope_of(other).is_none());
    }

    /// T-007, T-177: metadata cannot send us anywhere else.
    #[test]
    fn keys_are_fetched_from_the_same_origin() {
        let world = documents(Authority::entra(Cloud::Worldwide), KeyMode::PerTenant);
        let local = documents(Authority::custom("http://localhost:9400").unwrap(), KeyMode::PerTenant);
        let provider =
            documents(Authority::openid("https://id.example", tenant()).unwrap(), KeyMode::PerTenant);
        for (documents, url, allowed) in [
            (&world, "https://login.microsoftonline.com/x/discovery/v2.0/keys", true),
            (&world, "https://login.microsoftonline.com:443/keys?appid=1", true),
            (&world, "http://login.microsoftonline.com/keys", false),
            (&world, "https://login.microsoftonline.com.evil.example/keys", false),
            (&world, "https://login.microsoftonline.com@evil.example/keys", false),
            (&world, "https://x@login.microsoftonline.com/keys", false),
            (&world, "https://login.microsoftonline.com:8443/keys", false),
            (&world, "http://127.0.0.1/keys", false),
            (&world, "file:///etc/passwd", false),
            (&world, "/keys", false),
            (&local, "http://localhost:9400/keys", true),
            (&local, "http://localhost:9401/keys", false),
            (&local, "http://127.0.0.1:9400/keys", false),
            (&provider, "https://keys.example/keys", true),
            (&provider, "http://localhost/keys", false),
            (&provider, "http://id.example/keys", false),
        ] {
            assert_eq!(documents.keys_url(url).is_some(), allowed, "{url}");
        }
    }
}
