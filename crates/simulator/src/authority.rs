//! One listener's public face: every URL and issuer that it gives out starts with its base.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ids::TenantId;

/// Which of Entra's two endpoint generations a request came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

    /// As forms carry it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

/// A listener's base URL, for example `http://localhost:9400`. It comes from the configuration and never from a
/// request's `Host` header: whoever sends a request must not choose an issuer.
///
/// An external tenant's own host ([`crate::hosts`]) is a face of the listener with another base and another issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    base: Arc<str>,
    external: Option<External>,
}

/// Whose host it is, and of which listener.
#[derive(Debug, Clone, PartialEq, Eq)]
struct External {
    tenant: TenantId,
    listener: Arc<str>,
}

impl Authority {
    /// `base` without a slash at its end.
    pub(crate) fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').into(), external: None }
    }

    /// The face below this listener's host that belongs to an external tenant.
    pub(crate) fn at_host_of(&self, tenant: TenantId, label: &str) -> Self {
        let listener = self.external.as_ref().map_or(&self.base, |external| &external.listener);
        let external = External { tenant, listener: Arc::clone(listener) };
        Self { base: below(listener, label).into(), external: Some(external) }
    }

    /// The external tenant whose host this is.
    pub(crate) fn tenant(&self) -> Option<TenantId> {
        self.external.as_ref().map(|external| external.tenant)
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

    /// Host without the port.
    pub(crate) fn host(&self) -> &str {
        let host = self.host_and_port();
        host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(host, |(name, _)| name)
    }

    /// Issuer of version 2 tokens. `tenant` may be the template `{tenantid}`. At an external tenant's host it lies below
    /// the tenant's id, whatever name was asked, as at Entra.
    pub(crate) fn v2_issuer(&self, tenant: &str) -> String {
        match &self.external {
            Some(external) if external.tenant.to_string() == tenant => {
                format!("{}/{tenant}/v2.0", below(&external.listener, tenant))
            }
            Some(external) => format!("{}/{tenant}/v2.0", external.listener),
            None => format!("{}/{tenant}/v2.0", self.base),
        }
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

    /// Where an administrator consents for everybody.
    pub(crate) fn admin_consent(&self, slot: &str, version: Version) -> String {
        format!("{}/{slot}/{}adminconsent", self.base, version.segment())
    }

    /// Where a person enters the code that a device shows.
    pub(crate) fn device_page(&self) -> String {
        format!("{}/device", self.base)
    }

    /// Where an error code is explained.
    pub(crate) fn error_page(&self, code: u32) -> String {
        format!("{}/error?code={code}", self.base)
    }
}

/// `scheme://label.host`.
fn below(base: &str, label: &str) -> String {
    base.replacen("://", &format!("://{label}."), 1)
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
