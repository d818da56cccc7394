//! Configuration, read once at start from environment variables.
//!
//! `variables.rs` has the table that `tasks --help` prints; `read.rs` reads them.

mod origin;
mod read;
mod show;
#[cfg(test)]
mod tests;
mod variables;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use tenantry::{AllowList, AllowListError, ApprovedKeys, Authority, ClientId, Cloud, LockOptions, TenantId};

use crate::{DatabaseUrl, Role};

pub use origin::{Origin, OriginError};
pub use read::ConfigError;
pub use variables::{VARIABLES, Variable, help, unknown_variables};

/// Everything the process is told. Defaults: [`Config::new`].
#[derive(Clone, Debug)]
pub struct Config {
    /// Who issues the tokens: `AZURE_AUTHORITY_HOST`. Default: Microsoft Entra ID, worldwide.
    pub authority: Authority,
    /// Client id of this API's registration: `AZURE_API_CLIENT_ID`. A GUID in lower case.
    pub client_id: String,
    /// Whose tokens are accepted: `ALLOWED_TENANT_IDS`, `ALLOW_LIST_FILE` or `ALLOW_ANY_TENANT`.
    pub tenants: Tenants,
    /// Which applications may call: `ALLOWED_CLIENT_IDS`. Default: empty, any that holds a token for this API.
    pub clients: Vec<ClientId>,
    /// Where tasks live: `DATABASE_URL`. Default: `sqlite:tasks-data`, a directory in the working directory.
    pub database: DatabaseUrl,
    /// Address to listen on: `TASKS_LISTEN`. Default `127.0.0.1:3000`.
    pub listen: SocketAddr,
    /// Pages of which origins may call from a browser: `ALLOWED_ORIGINS`. Default: none.
    pub origins: Vec<Origin>,
    /// Role of a person whose token names none: `TASKS_DEFAULT_ROLE`. Default: none.
    pub default_role: Option<Role>,
    /// Answer to a token of a tenant that is not listed: `TASKS_UNLISTED_TENANT_STATUS`. Default 401.
    pub unlisted_tenant: UnlistedTenant,
    /// How signing keys are fetched and kept.
    pub keys: Keys,
    /// Memory for verdicts on tokens seen before: `TASKS_VERDICT_CACHE_BYTES`. Default 8 MiB; 0 for none.
    pub verdict_cache_bytes: u64,
    /// Whether `GET /.well-known/tenantry` tells module version and allow-list: `TASKS_WELL_KNOWN`. Default: no.
    pub well_known: bool,
    /// Which walls between tenants are down: `TASKS_TEST_LAYERS_OFF`. Default: none.
    #[cfg(feature = "test-layers")]
    pub layers_off: crate::LayersOff,
}

/// Whose tokens are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tenants {
    /// These organisations' only.
    Listed(Vec<TenantId>),
    /// Those of a list that one person proposed and another reviewed, as it is at the time.
    Locked(LockedTenants),
    /// Any organisation's in the world. Every other check stays; warns at start (T-094).
    EveryTenantOfTheAuthority,
}

/// A list that one person proposed and another reviewed. Read again whenever its file changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedTenants {
    /// The lock: `ALLOW_LIST_FILE`.
    pub file: PathBuf,
    /// Where the approved keys come from: `ALLOW_LIST_KEYS`.
    pub keys_file: PathBuf,
    /// The keys whose signatures count.
    pub approved_keys: ApprovedKeys,
    /// File that keeps the highest revision over a restart: `ALLOW_LIST_SEEN`. Default: none.
    pub seen_file: Option<PathBuf>,
}

impl LockedTenants {
    /// Reads the list, and watches it from then on.
    ///
    /// # Errors
    /// [`AllowListError`] if it does not count now.
    pub fn load(&self) -> Result<AllowList, AllowListError> {
        let options = LockOptions::new();
        let options = match &self.seen_file {
            Some(path) => options.remember_in(path),
            None => options,
        };
        AllowList::locked_with(&self.file, self.approved_keys.clone(), options)
    }
}

/// The status for a token of a tenant that is not listed. The body tells nothing in either case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnlistedTenant {
    /// 401 `invalid_token`.
    Unauthorized,
    /// 403.
    Forbidden,
}

/// How signing keys are fetched and kept. Defaults: production's for Entra, short ones for an authority on this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Age at which a key set is fetched again: `TASKS_KEY_REFRESH`.
    pub refresh: Option<Duration>,
    /// Pause after a fetch for a key that nobody knows: `TASKS_KEY_COOL_DOWN`.
    pub cool_down: Option<Duration>,
    /// PEM file of a certificate authority to trust besides the public ones: `TASKS_CA_FILE`.
    pub ca_file: Option<PathBuf>,
    /// Directory that keeps key sets over a restart: `TASKS_KEY_CACHE_DIR`.
    pub cache_dir: Option<PathBuf>,
}

impl Config {
    /// Defaults for everything but what has none.
    pub fn new(client_id: &str, tenants: Tenants, database: DatabaseUrl) -> Self {
        Self {
            authority: Authority::entra(Cloud::Worldwide),
            client_id: client_id.to_owned(),
            tenants,
            clients: Vec::new(),
            database,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            origins: Vec::new(),
            default_role: None,
            unlisted_tenant: UnlistedTenant::Unauthorized,
            keys: Keys::default(),
            verdict_cache_bytes: 8 << 20,
            well_known: false,
            #[cfg(feature = "test-layers")]
            layers_off: crate::LayersOff::default(),
        }
    }

    /// Reads the environment of this process; see [`VARIABLES`].
    ///
    /// # Errors
    /// [`ConfigError`] names the first variable that cannot be used, its value, and what to write instead.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(&|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// Reads from `lookup`, which answers a variable's value by its name.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn from_variables(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        read::config(lookup)
    }
}
