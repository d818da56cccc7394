//! `[api]` and `[tenants]`: what good tokens look like, and whose they are.

use serde::{Deserialize, Serialize};

use super::{TargetError, wrong};

/// What the API accepts, as its team says.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Api {
    /// Client id of its registration: the audience of version 2 tokens.
    pub client_id: String,
    /// Its App ID URI: the audience of version 1 tokens. Default: `api://` and the client id.
    #[serde(default)]
    pub app_id_uri: Option<String>,
    /// Token versions it accepts: 1, 2 or both. Default: 2.
    #[serde(default = "version_two")]
    pub versions: Vec<u8>,
    /// Delegated scope that people's tokens carry. Default: `access_as_user`. Empty: none is asked for.
    #[serde(default = "access_as_user")]
    pub scope: String,
    /// App role that opens the probes, for people and applications. Default: none is needed.
    #[serde(default)]
    pub role: Option<String>,
    /// Whether programs may call for themselves, with tokens that have roles and no scope. Default: no.
    #[serde(default)]
    pub applications: bool,
    /// Whether people whom a listed tenant invited may call. Default: yes.
    #[serde(default = "yes")]
    pub guests: bool,
    /// The only client application that may call, by client id. Default: any.
    #[serde(default)]
    pub client: Option<String>,
    /// Statuses of a refused token. Default: 401 alone, as RFC 6750 §3.1 and seed 000 have it.
    #[serde(default = "unauthorized")]
    pub refusal: Vec<u16>,
    /// Statuses for a genuine token of an unlisted tenant. Default: as `refusal`.
    #[serde(default)]
    pub unlisted_tenant: Option<Vec<u16>>,
    /// Within how many seconds the API promises to know new keys and to drop withdrawn ones. 1 to 600. Default: it promises
    /// nothing, and cases about keys that it did not ask for in time are skipped.
    #[serde(default)]
    pub keys_within_s: Option<u64>,
    /// Clock difference that the API forgives, in seconds. Default 300; attacks on lifetime keep clear of it.
    #[serde(default = "leeway")]
    pub leeway_s: u32,
}

/// Whose tokens count. Tenants are named by id or domain of the simulator's world.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tenants {
    /// Tenants that the API lets in; the first plays the home tenant. Default: Contoso and Fabrikam of the built-in world.
    #[serde(default)]
    pub listed: Vec<String>,
    /// An organisation that it does not let in. Default: Northwind of the built-in world.
    #[serde(default)]
    pub unlisted: Option<String>,
    /// An organisation that it once let in and has suspended. Default: nobody, and the case is skipped.
    #[serde(default)]
    pub suspended: Option<String>,
}

impl Api {
    /// The App ID URI, given or usual.
    pub(crate) fn uri(&self) -> String {
        self.app_id_uri.clone().unwrap_or_else(|| format!("api://{}", self.client_id))
    }

    /// The audience of tokens of that version.
    pub(crate) fn audience(&self, version: u8) -> String {
        if version == 1 { self.uri() } else { self.client_id.clone() }
    }

    /// The version that most attacks use: the newest accepted.
    pub(crate) fn version(&self) -> u8 {
        self.versions.iter().copied().max().unwrap_or(2)
    }

    pub(super) fn check(&self) -> Result<(), TargetError> {
        if self.client_id.trim().is_empty() {
            return Err(wrong("api.client-id", "the client id of the API's registration"));
        }
        if self.versions.is_empty() || self.versions.iter().any(|version| !matches!(version, 1 | 2)) {
            return Err(wrong("api.versions", "`[1]`, `[2]` or `[1, 2]`"));
        }
        let refusals = self.refusal.iter().chain(self.unlisted_tenant.iter().flatten());
        if self.refusal.is_empty() || refusals.into_iter().any(|status| !(400..500).contains(status)) {
            return Err(wrong("api.refusal", "statuses between 400 and 499, usually `[401]`"));
        }
        if self.keys_within_s.is_some_and(|seconds| !(1..=600).contains(&seconds)) {
            return Err(wrong("api.keys-within-s", "1 to 600 seconds"));
        }
        if self.leeway_s > 3600 {
            return Err(wrong("api.leeway-s", "at most 3600 seconds"));
        }
        Ok(())
    }
}

impl Tenants {
    pub(super) fn check(&self) -> Result<(), TargetError> {
        let of_both = |name: &String| self.listed.iter().any(|listed| listed.eq_ignore_ascii_case(name));
        if self.unlisted.iter().chain(&self.suspended).any(of_both) {
            return Err(wrong("tenants", "a tenant is either listed or not"));
        }
        Ok(())
    }
}

fn version_two() -> Vec<u8> {
    vec![2]
}

fn access_as_user() -> String {
    "access_as_user".to_owned()
}

fn unauthorized() -> Vec<u16> {
    vec![401]
}

const fn leeway() -> u32 {
    300
}

const fn yes() -> bool {
    true
}
