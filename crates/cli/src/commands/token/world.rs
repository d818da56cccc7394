//! What the token is judged by: rules, a time, and keys from the authority or from a file.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;
use tenantry::{
    Clock, Credentials, Explanation, KeyRing, KeySet, LiveVerifier, Policy, TenantDirectory, UnixTime,
    Verifier,
};

use super::rules::RulesArgs;
use crate::config::Config;

/// By which rules, keys and clock.
#[derive(Debug, Args)]
pub(super) struct WorldArgs {
    #[command(flatten)]
    rules: RulesArgs,
    /// Take the keys from this JWKS file instead of asking the authority
    #[arg(long, value_name = "FILE", help_heading = "Keys and time")]
    jwks: Option<PathBuf>,
    /// Also trust this certificate authority (PEM): a simulator's `/sim/ca.pem`
    #[arg(long, value_name = "FILE", help_heading = "Keys and time")]
    ca_file: Option<PathBuf>,
    /// Judge as of this time, in seconds since 1970. Default: now
    #[arg(long, value_name = "SECONDS", help_heading = "Keys and time")]
    now: Option<i64>,
}

/// The verdict, and what the token cannot be blamed for.
#[derive(Debug, Serialize)]
pub(super) struct Judgement {
    #[serde(flatten)]
    pub(super) explanation: Explanation,
    /// Why there are no keys, where that is the verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) keys_error: Option<String>,
}

/// The parts that every verdict needs.
struct Bench {
    policy: Policy,
    tenants: Arc<dyn TenantDirectory>,
    clock: Clock,
}

impl WorldArgs {
    /// The verdict on `token`, step by step.
    pub(super) async fn judge(self, token: &str) -> anyhow::Result<Judgement> {
        let config = self.configuration()?;
        let clock = self.now.map_or_else(Clock::system, |now| Clock::manual(UnixTime::from_secs(now)));
        let bench = Bench { policy: config.auth.policy()?, tenants: config.auth.directory(), clock };
        match &self.jwks {
            Some(path) => bench.with_key_file(path, token),
            None => {
                let ring = self.ring(&config, &bench)?;
                Ok(bench.with_fetched_keys(ring, token).await)
            }
        }
    }

    fn configuration(&self) -> anyhow::Result<Config> {
        let mut config = self.rules.configuration()?;
        config.keys.ca_file = self.ca_file.clone().or(config.keys.ca_file);
        Ok(config)
    }

    fn ring(&self, config: &Config, bench: &Bench) -> anyhow::Result<Arc<KeyRing>> {
        let mut ring = KeyRing::builder(bench.policy.authorities().to_vec(), bench.tenants.clone())
            .mode(config.key_mode()?)
            .schedule(config.keys.schedule()?)
            .clock(bench.clock.clone());
        if let Some(path) = &config.keys.ca_file {
            ring = ring.trust_pem(&read(path)?);
        }
        // Sets fetched at a made-up time would be kept with that time, and mislead the next process.
        if let (Some(folder), None) = (&config.keys.cache_dir, self.now) {
            ring = ring.persist_to(folder);
        }
        Ok(ring.build()?)
    }
}

impl Bench {
    fn with_key_file(self, path: &Path, token: &str) -> anyhow::Result<Judgement> {
        let json = read(path)?;
        let [authority] = self.policy.authorities() else {
            bail!("keys from a file need exactly one authority");
        };
        let keys = KeySet::parse(&json, authority).with_context(|| format!("`{}`", path.display()))?;
        let verifier = Verifier::new(self.policy, self.tenants, Arc::new(keys));
        let explanation = verifier.explain(Credentials::bearer(token), self.clock.now());
        Ok(Judgement { explanation, keys_error: None })
    }

    async fn with_fetched_keys(self, ring: Arc<KeyRing>, token: &str) -> Judgement {
        let verifier = Verifier::new(self.policy, self.tenants, ring.clone());
        let live = LiveVerifier::new(verifier, ring.clone(), self.clock.clone());
        // Fetches the keys, if this token's tenant may make us do so; the explanation reads them from memory.
        let _verdict_with_fetch = live.verify(Credentials::bearer(token)).await;
        ring.settle().await;
        let explanation = live.verifier().explain(Credentials::bearer(token), self.clock.now());
        let keys_error = (explanation.verdict == "keys_unavailable").then(|| last_errors(&ring));
        Judgement { explanation, keys_error: keys_error.flatten() }
    }
}

/// Why key sets could not be fetched: one line for each that was tried.
fn last_errors(ring: &KeyRing) -> Option<String> {
    let errors: Vec<_> = ring
        .status()
        .into_iter()
        .filter_map(|set| Some(format!("{}: {}", set.authority, set.last_error?)))
        .collect();
    (!errors.is_empty()).then(|| errors.join("; "))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
}
