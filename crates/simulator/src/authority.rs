//! One listener's public face: every URL and issuer that it gives out starts with its base.

use std::sync::Arc;

use crate::ids::TenantId;

/// Which of Entra's two endpoint generations a request came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

impl Version {
    /// The segment between `oauth2` and the endpoint's name.
    fn segment(self) -> &'static str {
        match self {
            Self::V1 => "",
            Self::V2 => "v2.0/",
        }
    }
}

/// A listener's base URL, for example `http://localhost:9400`. It comes from the configuration and never from a
/// request's `Host` header: whoever sends a request must not choose an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    base: Arc<str>,
}

impl Authority {
    /// `base` without a slash at its end.
    pub(crate) fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').into() }
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn is_https(&self) -> bool {
        self.base.starts_with("https:")
    }

    /// Host and port as clients list them among their known authorities.
    pub(crate) fn host_and_port(&self) -> &str {
        self.base.split_once("://").map_or(&self.base, |(_, rest)| rest)
    }

    /// Issuer of version 2 tokens. `tenant` may be the template `{tenantid}`.
    pub(crate) fn v2_issuer(&self, tenant: &str) -> String {
        format!("{}/{tenant}/v2.0", self.base)
    }

    /// `…/oauth2/v2.0/token` and its like.
    pub(crate) fn oauth2(&self, slot: &str, version: Version, endpoint: &str) -> String {
        format!("{}/{slot}/oauth2/{}{endpoint}", self.base, version.segment())
    }

    pub(crate) fn keys(&self, slot: &str, version: Version) -> String {
        format!("{}/{slot}/discovery/{}keys", self.base, version.segment())
    }

    pub(crate) fn metadata(&self, slot: &str, version: Version) -> String {
        let generation = if version == Version::V2 { "/v2.0" } else { "" };
        format!("{}/{slot}{generation}/.well-known/openid-configuration", self.base)
    }

    /// Where an administrator of `tenant` consents for everybody.
    pub(crate) fn admin_consent(&self, tenant: TenantId, version: Version, query: &[(&str, &str)]) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let generation = if version == Version::V2 { "v2.0/" } else { "" };
        format!("{}/{tenant}/{generation}adminconsent?{query}", self.base)
    }

    /// Where an error code is explained.
    pub(crate) fn error_page(&self, code: u32) -> String {
        format!("{}/error?code={code}", self.base)
    }
}

/// Issuer of version 1 tokens, on Microsoft's host as everywhere.
pub(crate) fn v1_issuer(tenant: &str) -> String {
    format!("https://sts.windows.net/{tenant}/")
}

/// The issuer of a tenant's tokens of one generation.
pub(crate) fn issuer(authority: &Authority, version: Version, tenant: TenantId) -> String {
    match version {
        Version::V1 => v1_issuer(&tenant.to_string()),
        Version::V2 => authority.v2_issuer(&tenant.to_string()),
    }
}
