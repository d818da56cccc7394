//! Puts an [`Auth`] together; what is unclear or unsafe is an error here, not at the first request (T-043, T-170).

use std::{path::PathBuf, sync::Arc};

use http::StatusCode;
use tenantry_authority::{Clock, FetchLimits, KeyMode, KeyRingError, LiveVerifier, RefreshSchedule};
use tenantry_token::{
    Audience, Authority, ClientId, Limits, Policy, PolicyError, TenantDirectory, TenantId, Verifier,
};

use crate::{
    Auth,
    auth::Inner,
    cache::VerdictCache,
    challenge::Challenges,
    key_setup::{self, KeyOptions},
    tenants::EveryTenant,
};

/// Collects what one API trusts. Needs at least one authority, one audience, and a word on tenants.
#[derive(Default)]
#[must_use]
pub struct AuthBuilder {
    authorities: Vec<Authority>,
    audiences: Vec<Audience>,
    clients: Option<Vec<ClientId>>,
    tenants: Option<Tenants>,
    warm: Vec<TenantId>,
    leeway_s: Option<u16>,
    lifetime_h_max: Option<u16>,
    limits: Limits,
    keys: KeyOptions,
    verdict_cache_bytes: Option<u64>,
    unlisted_tenant_status: Option<StatusCode>,
    resource_metadata: Option<String>,
}

enum Tenants {
    Listed(Arc<dyn TenantDirectory>),
    Every,
}

/// Why an [`Auth`] cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Neither a list of tenants nor the explicit open mode.
    #[error("no tenants are configured: give a list with `tenants`, or say `open_to_every_tenant`")]
    NoTenants,
    /// Open to all, and yet per-tenant keys: strangers could then make us fetch and keep keys without bound (T-024).
    #[error("open to every tenant needs the shared key mode")]
    OpenNeedsSharedKeys,
    /// 401 and 403 are the two choices.
    #[error("the status for unlisted tenants is 401 or 403, not {0}")]
    UnlistedTenantStatus(StatusCode),
    /// Not an absolute `https` (or loopback) URL without quotes.
    #[error("`{0}` is not a URL for `resource_metadata`")]
    ResourceMetadata(String),
    /// The policy is unclear.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The key ring cannot be set up.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
}

impl AuthBuilder {
    /// Trusts tokens of `authority`. May be called for several.
    pub fn authority(mut self, authority: Authority) -> Self {
        self.authorities.push(authority);
        self
    }

    /// Accepts tokens for `audience`. Call it for each spelling that tokens really have.
    pub fn audience(mut self, audience: Audience) -> Self {
        self.audiences.push(audience);
        self
    }

    /// Lets in the tenants of `directory`, for example an [`crate::AllowList`] or an `Arc` of a [`crate::ReloadableList`].
    pub fn tenants(self, directory: impl TenantDirectory + 'static) -> Self {
        self.tenant_directory(Arc::new(directory))
    }

    /// Lets in the tenants of a directory that others hold too, for example to reload it.
    pub fn tenant_directory(mut self, directory: Arc<dyn TenantDirectory>) -> Self {
        self.tenants = Some(Tenants::Listed(directory));
        self
    }

    /// **Lets in every organisation there is** (not personal accounts). Warns at the start; uses the shared key mode.
    /// Whatever the API does then has to be safe for strangers (row 25).
    pub fn open_to_every_tenant(mut self) -> Self {
        self.tenants = Some(Tenants::Every);
        self
    }

    /// Accepts calls of these client applications only. Default: of all. T-019.
    pub fn clients(mut self, clients: impl IntoIterator<Item = ClientId>) -> Self {
        self.clients = Some(clients.into_iter().collect());
        self
    }

    /// Fetches the keys of these tenants at the start, so that the first request need not wait. The start waits 5 s for
    /// them at most; failures only warn.
    pub fn warm(mut self, tenants: impl IntoIterator<Item = TenantId>) -> Self {
        self.warm = tenants.into_iter().collect();
        self
    }

    /// Clock difference forgiven. Seconds, 0 to 300; default 60.
    pub fn leeway_s(mut self, seconds: u16) -> Self {
        self.leeway_s = Some(seconds);
        self
    }

    /// The longest time that an accepted token may still live. Hours, at least 28; default 48.
    pub fn lifetime_h_max(mut self, hours: u16) -> Self {
        self.lifetime_h_max = Some(hours);
        self
    }

    /// Bounds on the size of tokens. Default: 16 KiB.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Where keys come from: each tenant's own documents (default), or one set shared by all.
    pub fn key_mode(mut self, mode: KeyMode) -> Self {
        self.keys.mode = Some(mode);
        self
    }

    /// How keys are kept fresh. Default: Microsoft's advice, see [`RefreshSchedule`].
    pub fn key_schedule(mut self, schedule: RefreshSchedule) -> Self {
        self.keys.schedule = Some(schedule);
        self
    }

    /// Trusts this certificate authority (PEM) as well when fetching keys: the simulator's over HTTPS, or a proxy's.
    pub fn trust_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.keys.trust_pem = Some(pem.into());
        self
    }

    /// Keeps fetched key sets in this folder, so that the API can start while the provider is down (row 22).
    pub fn key_cache_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.keys.cache_dir = Some(dir.into());
        self
    }

    /// Time-outs and size limits of key fetches.
    pub fn fetch_limits(mut self, limits: FetchLimits) -> Self {
        self.keys.fetch_limits = Some(limits);
        self
    }

    /// Fetches keys through this proxy. Default: directly, whatever the environment says.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.keys.proxy = Some(url.into());
        self
    }

    /// Asks for the keys of this application (`?appid=`), for an API whose registration has signing keys of its own.
    pub fn app_specific_keys(mut self, app: ClientId) -> Self {
        self.keys.app = Some(app);
        self
    }

    /// Reads the time from `clock`. Default: the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.keys.clock = Some(clock);
        self
    }

    /// Remembers verdicts in at most about this many bytes; a token seen again then costs a look-up. Default: none.
    /// 8 MiB hold about 2 000 tokens.
    pub fn verdict_cache_bytes(mut self, bytes: u64) -> Self {
        self.verdict_cache_bytes = Some(bytes).filter(|bytes| *bytes > 0);
        self
    }

    /// Status for tokens of tenants that are not let in. 401 (default) or 403.
    pub fn unlisted_tenant_status(mut self, status: StatusCode) -> Self {
        self.unlisted_tenant_status = Some(status);
        self
    }

    /// Names the resource's metadata document in challenges (RFC 9728 §5.1). Default: not named.
    pub fn resource_metadata(mut self, url: impl Into<String>) -> Self {
        self.resource_metadata = Some(url.into());
        self
    }

    /// Checks everything, loads stored keys, fetches those to warm, and starts refreshing in the background.
    ///
    /// # Errors
    /// [`BuildError`]. An authority that cannot be reached is not one: keys are fetched again when they are needed.
    pub async fn build(self) -> Result<Auth, BuildError> {
        let challenges = Challenges {
            unlisted_tenant_status: refusal_status(self.unlisted_tenant_status)?,
            resource_metadata: self.resource_metadata.map(quoted_parameter).transpose()?,
        };
        let (tenants, mode) = tenants_and_mode(self.tenants.ok_or(BuildError::NoTenants)?, self.keys.mode)?;
        let policy = policy(self.authorities, self.audiences, self.clients)?.with_limits(self.limits);
        let policy = with_times(policy, self.leeway_s, self.lifetime_h_max)?;
        warn_of_plain_http(&policy);
        let clock = self.keys.clock.clone().unwrap_or_else(Clock::system);
        let ring = self.keys.ring(policy.authorities(), tenants.clone(), mode)?;
        key_setup::warm(&ring, self.warm).await;
        let verifier = Verifier::new(policy, tenants, ring.clone());
        let refresher = ring.spawn_refresher();
        Ok(Auth::from_parts(Inner {
            verifier: LiveVerifier::new(verifier, ring, clock),
            cache: self.verdict_cache_bytes.map(VerdictCache::new),
            challenges,
            _refresher: refresher,
        }))
    }
}

fn tenants_and_mode(
    tenants: Tenants,
    mode: Option<KeyMode>,
) -> Result<(Arc<dyn TenantDirectory>, KeyMode), BuildError> {
    match (tenants, mode) {
        (Tenants::Every, Some(KeyMode::PerTenant)) => Err(BuildError::OpenNeedsSharedKeys),
        (Tenants::Every, _) => {
            tracing::warn!("open to every tenant: tokens of ANY organisation are accepted");
            Ok((Arc::new(EveryTenant), KeyMode::Shared))
        }
        (Tenants::Listed(directory), mode) => Ok((directory, mode.unwrap_or(KeyMode::PerTenant))),
    }
}

fn policy(
    authorities: Vec<Authority>,
    audiences: Vec<Audience>,
    clients: Option<Vec<ClientId>>,
) -> Result<Policy, PolicyError> {
    let policy = Policy::new(authorities, audiences)?;
    match clients {
        Some(clients) => policy.with_clients(clients),
        None => Ok(policy),
    }
}

fn with_times(
    mut policy: Policy,
    leeway_s: Option<u16>,
    lifetime_h_max: Option<u16>,
) -> Result<Policy, PolicyError> {
    if let Some(seconds) = leeway_s {
        policy = policy.with_leeway(seconds)?;
    }
    if let Some(hours) = lifetime_h_max {
        policy = policy.with_lifetime_max(hours)?;
    }
    Ok(policy)
}

/// Only loopback addresses get this far (T-150): fine on a desk, a forgotten variable in production.
fn warn_of_plain_http(policy: &Policy) {
    for authority in policy.authorities().iter().filter(|authority| authority.base().starts_with("http:")) {
        tracing::warn!(%authority, "tokens of an authority on this machine are trusted: for development only");
    }
}

fn refusal_status(chosen: Option<StatusCode>) -> Result<StatusCode, BuildError> {
    match chosen.unwrap_or(StatusCode::UNAUTHORIZED) {
        status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Ok(status),
        other => Err(BuildError::UnlistedTenantStatus(other)),
    }
}

fn quoted_parameter(url: String) -> Result<String, BuildError> {
    let sound =
        url.starts_with("http") && url.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
    if sound { Ok(format!(r#"resource_metadata="{url}""#)) } else { Err(BuildError::ResourceMetadata(url)) }
}
