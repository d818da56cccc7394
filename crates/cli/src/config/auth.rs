//! `[auth]`: authorities, audiences, tenants, clients.

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use tenantry::{Algorithm, Audience, Authority, ClientId, Cloud, Policy, TenantId, Versions};

/// The word that opens the door to every organisation: nobody types it by accident.
pub(crate) const OPEN: &str = "yes-any-organisation";

/// `[auth]`: whose tokens count.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AuthConfig {
    /// This resource's names: client id (v2.0 tokens), App ID URI (v1.0 tokens). Exact.
    pub(crate) audiences: Vec<String>,
    /// Tenants whose tokens are accepted.
    #[serde(default)]
    pub(crate) tenants: Vec<TenantId>,
    /// `"yes-any-organisation"` instead of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) open_to_every_tenant: Option<String>,
    /// Client applications that may call. Left out: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) clients: Option<Vec<String>>,
    /// Clock difference forgiven. Seconds, 0 to 300.
    #[serde(default = "default_leeway_s")]
    pub(crate) leeway_s: u16,
    /// Trusted issuers of tokens.
    #[serde(rename = "authority")]
    pub(crate) authorities: Vec<AuthorityConfig>,
}

fn default_leeway_s() -> u16 {
    60
}

/// `[[auth.authority]]`: exactly one of `cloud`, `custom`, `external-id`, `openid`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AuthorityConfig {
    /// `worldwide`, `us-government` or `china`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cloud: Option<CloudName>,
    /// Base address of something that speaks like Entra, for example the simulator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) custom: Option<String>,
    /// Tenant id of an External ID tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) external_id: Option<TenantId>,
    /// Issuer of a plain OpenID Connect provider; needs `tenant`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) openid: Option<String>,
    /// The tenant that all users of `openid` belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tenant: Option<TenantId>,
    /// Token versions: `both`, `v1-only`, `v2-only`. Left out: what the authority offers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) versions: Option<VersionsName>,
    /// Signature algorithms. Left out: `RS256` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) algorithms: Option<Vec<AlgorithmName>>,
}

/// A cloud of Entra.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CloudName {
    Worldwide,
    UsGovernment,
    China,
}

/// Token versions.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum VersionsName {
    Both,
    V1Only,
    V2Only,
}

/// Signature algorithms by their registered names.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum AlgorithmName {
    Rs256,
    Ps256,
    Es256,
}

impl AuthConfig {
    /// The policy that this section describes.
    pub(crate) fn policy(&self) -> anyhow::Result<Policy> {
        let authorities =
            self.authorities.iter().map(AuthorityConfig::authority).collect::<anyhow::Result<Vec<_>>>()?;
        let policy = Policy::new(authorities, self.audiences()?)?.with_leeway(self.leeway_s)?;
        match &self.clients {
            Some(clients) => Ok(policy.with_clients(self.client_ids(clients)?)?),
            None => Ok(policy),
        }
    }

    /// With the values that count where none were given. `clients` has none: left out, all may call.
    pub(super) fn effective(&self) -> anyhow::Result<Self> {
        let authorities =
            self.authorities.iter().map(AuthorityConfig::effective).collect::<anyhow::Result<_>>()?;
        Ok(Self { authorities, ..self.clone() })
    }

    /// A slip in a client id would lock that client out with no word at start.
    fn client_ids(&self, clients: &[String]) -> anyhow::Result<Vec<ClientId>> {
        let entra_alone = self.authorities.iter().all(|authority| authority.openid.is_none());
        for id in clients {
            if id.is_empty() || id.contains(char::is_whitespace) {
                bail!(
                    "`{}` in `clients` is not a client id: it is empty or has white space",
                    id.escape_debug()
                );
            }
            if entra_alone && id.contains(char::is_uppercase) {
                bail!(
                    "`{}` in `clients` has upper-case letters: Entra writes client ids in lower case",
                    id.escape_debug()
                );
            }
        }
        Ok(clients.iter().map(|id| ClientId::new(id)).collect())
    }

    fn audiences(&self) -> anyhow::Result<Vec<Audience>> {
        let audience =
            |text: &String| Audience::new(text).with_context(|| format!("`{text}` is not an audience"));
        self.audiences.iter().map(audience).collect()
    }
}

impl AuthorityConfig {
    fn authority(&self) -> anyhow::Result<Authority> {
        let authority = self.named()?;
        let authority = match self.versions {
            Some(versions) => authority.with_versions(versions.into())?,
            None => authority,
        };
        match &self.algorithms {
            Some(algorithms) => Ok(authority.with_algorithms(algorithms.iter().map(|name| (*name).into()))?),
            None => Ok(authority),
        }
    }

    fn effective(&self) -> anyhow::Result<Self> {
        let offers_v1 = self.named()?.with_versions(Versions::Both).is_ok();
        let versions =
            self.versions.unwrap_or(if offers_v1 { VersionsName::Both } else { VersionsName::V2Only });
        let algorithms = self.authority()?.algorithms().iter().map(|name| (*name).into()).collect();
        Ok(Self { versions: Some(versions), algorithms: Some(algorithms), ..self.clone() })
    }

    fn named(&self) -> anyhow::Result<Authority> {
        match (&self.cloud, &self.custom, self.external_id, &self.openid, self.tenant) {
            (Some(cloud), None, None, None, None) => Ok(Authority::entra((*cloud).into())),
            (None, Some(base), None, None, None) => Ok(Authority::at_host(base)?),
            (None, None, Some(tenant), None, None) => Ok(Authority::external_id(tenant)),
            (None, None, None, Some(issuer), Some(tenant)) => Ok(Authority::openid(issuer, tenant)?),
            (None, None, None, Some(_), None) => bail!("an authority with `openid` needs `tenant` as well"),
            _ => bail!("an authority has exactly one of `cloud`, `custom`, `external-id` and `openid`"),
        }
    }
}

impl From<CloudName> for Cloud {
    fn from(name: CloudName) -> Self {
        match name {
            CloudName::Worldwide => Self::Worldwide,
            CloudName::UsGovernment => Self::UsGovernment,
            CloudName::China => Self::China,
        }
    }
}

impl From<VersionsName> for Versions {
    fn from(name: VersionsName) -> Self {
        match name {
            VersionsName::Both => Self::Both,
            VersionsName::V1Only => Self::V1Only,
            VersionsName::V2Only => Self::V2Only,
        }
    }
}

impl From<AlgorithmName> for Algorithm {
    fn from(name: AlgorithmName) -> Self {
        match name {
            AlgorithmName::Rs256 => Self::Rs256,
            AlgorithmName::Ps256 => Self::Ps256,
            AlgorithmName::Es256 => Self::Es256,
        }
    }
}

impl From<Algorithm> for AlgorithmName {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Rs256 => Self::Rs256,
            Algorithm::Ps256 => Self::Ps256,
            Algorithm::Es256 => Self::Es256,
        }
    }
}
