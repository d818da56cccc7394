//! What the token is judged by: a configuration file, or flags, and keys from the authority or from a file.

use std::{fs, path::PathBuf, sync::Arc};

use anyhow::{Context, bail};
use clap::Args;
use tenantry::{
    AllowList, Authority, Clock, Credentials, Explanation, KeyRing, KeySet, LiveVerifier, Policy,
    TenantDirectory, TenantId, UnixTime, Verifier,
};

use crate::config::{AuthConfig, AuthorityConfig, Config, KeysConfig};

/// By which rules.
#[derive(Debug, Args)]
pub(crate) struct WorldArgs {
    /// Configuration file with `[auth]` and `[keys]`.
    #[arg(long, env = "TENANTRY_CONFIG", conflicts_with_all = ["authority", "audience", "tenant", "client"])]
    config: Option<PathBuf>,
    /// Base address of the authority, for example `https://login.microsoftonline.com` or a simulator's.
    #[arg(long, env = "AZURE_AUTHORITY_HOST")]
    authority: Option<String>,
    /// This API's client id or App ID URI. May be repeated.
    #[arg(long)]
    audience: Vec<String>,
    /// A tenant on the allow-list. May be repeated.
    #[arg(long, value_name = "TENANT_ID")]
    tenant: Vec<TenantId>,
    /// A client application that may call. May be repeated; left out, all may.
    #[arg(long, value_name = "CLIENT_ID")]
    client: Vec<String>,
    /// Take the keys from this JWKS file instead of asking the authority.
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// Trust this certificate authority (PEM file) when asking, for example the simulator's `/sim/ca.pem`.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Judge as of this time, in seconds since 1970. Default: now.
    #[arg(long, value_name = "SECONDS")]
    now: Option<i64>,
}

impl WorldArgs {
    /// The verdict on `token`, step by step.
    pub(super) async fn judge(self, token: &str) -> anyhow::Result<Explanation> {
        let config = self.configuration()?;
        let policy = config.auth.policy()?;
        if config.auth.open_to_every_tenant.is_some() {
            bail!(
                "`token` needs a list of tenants: name the token's own with `--tenant` to see the other steps"
            );
        }
        let tenants: Arc<dyn TenantDirectory> = Arc::new(AllowList::new(config.auth.tenants.iter().copied()));
        let clock = self.now.map_or_else(Clock::system, |now| Clock::manual(UnixTime::from_secs(now)));
        match &self.jwks {
            Some(path) => with_key_file(path, policy, tenants, token, &clock),
            None => with_fetched_keys(&config.keys, policy, tenants, token, clock).await,
        }
    }

    fn configuration(&self) -> anyhow::Result<Config> {
        let mut config = match &self.config {
            Some(path) => Config::load(path)?,
            None => self.configuration_by_flags()?,
        };
        config.keys.ca_file = self.ca_file.clone().or(config.keys.ca_file);
        Ok(config)
    }

    fn configuration_by_flags(&self) -> anyhow::Result<Config> {
        if self.audience.is_empty() || self.tenant.is_empty() {
            bail!(
                "say by which rules: `--config tenantry.toml`, or `--authority`, `--audience` and `--tenant`"
            );
        }
        let base = self.authority.as_deref().unwrap_or("https://login.microsoftonline.com");
        let auth = AuthConfig {
            audiences: self.audience.clone(),
            tenants: self.tenant.clone(),
            clients: Some(self.client.clone()).filter(|clients| !clients.is_empty()),
            leeway_s: 60,
            authorities: vec![AuthorityConfig {
                custom: Some(base.to_owned()),
                ..AuthorityConfig::default()
            }],
            ..AuthConfig::default()
        };
        Ok(Config { auth, keys: KeysConfig::default() })
    }
}

fn with_key_file(
    path: &PathBuf,
    policy: Policy,
    tenants: Arc<dyn TenantDirectory>,
    token: &str,
    clock: &Clock,
) -> anyhow::Result<Explanation> {
    let json = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let [authority] = policy.authorities() else {
        bail!("keys from a file need exactly one authority");
    };
    let keys = KeySet::parse(&json, authority).with_context(|| format!("`{}`", path.display()))?;
    Ok(Verifier::new(policy, tenants, Arc::new(keys)).explain(Credentials::bearer(token), clock.now()))
}

async fn with_fetched_keys(
    keys: &KeysConfig,
    policy: Policy,
    tenants: Arc<dyn TenantDirectory>,
    token: &str,
    clock: Clock,
) -> anyhow::Result<Explanation> {
    let authorities: Vec<Authority> = policy.authorities().to_vec();
    let mut ring = KeyRing::builder(authorities, tenants.clone()).mode(keys.mode.into()).clock(clock.clone());
    if let Some(path) = &keys.ca_file {
        ring = ring.trust_pem(&fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?);
    }
    let ring = ring.build()?;
    let live = LiveVerifier::new(Verifier::new(policy, tenants, ring.clone()), ring, clock.clone());
    // Fetches the keys, if this token's tenant may make us do so; the explanation reads them from memory.
    let _verdict_with_fetch = live.verify(Credentials::bearer(token)).await;
    Ok(live.verifier().explain(Credentials::bearer(token), clock.now()))
}
