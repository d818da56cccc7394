//! By which rules a token is judged: flags, or a configuration file.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::Args;
use tenantry::TenantId;

use crate::config::{AuthConfig, AuthorityConfig, Config, KeysConfig};

/// Names a configuration file where no flag does.
const CONFIG_VARIABLE: &str = "TENANTRY_CONFIG";
/// Names the authority where flags are the rules and `--authority` is not among them.
const AUTHORITY_VARIABLE: &str = "AZURE_AUTHORITY_HOST";

/// By which rules.
///
/// The two variables are read in [`RulesArgs::configuration`] and not by clap: to clap they are as good as flags, so both
/// of them set would be a conflict, which ends with the code of a refused token.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules: a file, or flags")]
pub(super) struct RulesArgs {
    /// Configuration file [env: TENANTRY_CONFIG]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["authority", "audience", "tenant", "client"])]
    config: Option<PathBuf>,
    /// Entra or a simulator [env: AZURE_AUTHORITY_HOST] [default: worldwide]
    #[arg(long, value_name = "URL")]
    authority: Option<String>,
    /// This API's client id or App ID URI. May be repeated
    #[arg(long)]
    audience: Vec<String>,
    /// A tenant on the allow-list. May be repeated
    #[arg(long, value_name = "TENANT_ID")]
    tenant: Vec<TenantId>,
    /// An application that may call. May be repeated. Default: all of them
    #[arg(long, value_name = "CLIENT_ID")]
    client: Vec<String>,
}

impl RulesArgs {
    /// Flags first, then the file that the environment names.
    pub(super) fn configuration(&self) -> anyhow::Result<Config> {
        match &self.config {
            Some(path) => Config::load(path),
            None if self.has_flags() => self.configuration_by_flags(),
            None => match variable(CONFIG_VARIABLE)? {
                Some(path) => Config::load(Path::new(&path)),
                None => self.configuration_by_flags(),
            },
        }
    }

    fn has_flags(&self) -> bool {
        let lists_are_empty = self.audience.is_empty() && self.tenant.is_empty() && self.client.is_empty();
        self.authority.is_some() || !lists_are_empty
    }

    fn configuration_by_flags(&self) -> anyhow::Result<Config> {
        if self.audience.is_empty() || self.tenant.is_empty() {
            bail!(
                "say by which rules: `--config tenantry.toml`, or `--audience` and `--tenant`, and `--authority` \
                 unless it is Entra worldwide"
            );
        }
        let custom = match &self.authority {
            Some(base) => Some(base.clone()),
            None => variable(AUTHORITY_VARIABLE)?,
        };
        let auth = AuthConfig {
            audiences: self.audience.clone(),
            tenants: self.tenant.clone(),
            clients: Some(self.client.clone()).filter(|clients| !clients.is_empty()),
            leeway_s: 60,
            authorities: vec![AuthorityConfig {
                custom: Some(custom.unwrap_or_else(|| "https://login.microsoftonline.com".to_owned())),
                ..AuthorityConfig::default()
            }],
            ..AuthConfig::default()
        };
        Ok(Config { auth, keys: KeysConfig::default() })
    }
}

/// A variable of the environment; an empty one counts as unset.
fn variable(name: &str) -> anyhow::Result<Option<String>> {
    let Some(value) = env::var_os(name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let text = value.into_string().ok().with_context(|| format!("`{name}` is not UTF-8"))?;
    Ok(Some(text))
}
