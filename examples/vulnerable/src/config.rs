//! Configuration from environment variables, under the names that the tasks example reads.

use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

/// What a program is told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Who issues the tokens, without a slash at the end: `AZURE_AUTHORITY_HOST`. Required.
    pub authority: String,
    /// Client id of this API's registration: `AZURE_API_CLIENT_ID`. Required.
    pub client_id: String,
    /// Whose tokens are let in: `ALLOWED_TENANT_IDS` or `ALLOW_ANY_TENANT`. Required.
    pub tenants: Tenants,
    /// Version of the tokens that the registration asks for: `AZURE_TOKEN_VERSION`, 1 or 2. Default 2.
    pub token_version: u8,
    /// Address to listen on, of this machine: `TASKS_LISTEN`. Default `127.0.0.1:3000`; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Age at which keys are fetched again: `TASKS_KEY_REFRESH`. Default 3 s. The articles' programs never do.
    pub key_refresh: Duration,
    /// Pause after a fetch for a key that nobody knows: `TASKS_KEY_COOL_DOWN`. Default 1 s. `tenant-peek` has none.
    pub key_cool_down: Duration,
}

/// Whose tokens are let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tenants {
    /// These organisations'.
    Listed(Vec<String>),
    /// Any organisation's in the world.
    Any,
}

/// A variable that is missing or makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {advice}")]
pub struct ConfigError {
    variable: &'static str,
    advice: &'static str,
}

impl Config {
    /// Defaults for everything but what has none. `listed` tenants are let in.
    pub fn new(authority: &str, client_id: &str, listed: &[&str]) -> Self {
        Self {
            authority: authority.trim_end_matches('/').to_owned(),
            client_id: client_id.to_owned(),
            tenants: Tenants::Listed(listed.iter().map(ToString::to_string).collect()),
            token_version: 2,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            key_refresh: Duration::from_secs(3),
            key_cool_down: Duration::from_secs(1),
        }
    }

    /// Reads from `lookup`, which answers a variable's value by its name.
    ///
    /// # Errors
    /// [`ConfigError`] names the variable and what to write.
    pub fn from_variables(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let read = |name: &str| lookup(name).map(|value| value.trim().to_owned()).filter(|v| !v.is_empty());
        let required = |variable, advice| read(variable).ok_or(ConfigError { variable, advice });
        let authority =
            required("AZURE_AUTHORITY_HOST", "the address of a simulator, `http://localhost:9400`")?;
        let client_id = required("AZURE_API_CLIENT_ID", "client id of this API's registration")?;
        let mut config = Self::new(&authority, &client_id, &[]);
        config.tenants = tenants(read("ALLOWED_TENANT_IDS"), read("ALLOW_ANY_TENANT").as_deref())?;
        config.token_version = or(read("AZURE_TOKEN_VERSION"), 2, "AZURE_TOKEN_VERSION", "`1` or `2`")?;
        config.listen = or(read("TASKS_LISTEN"), config.listen, "TASKS_LISTEN", "such as `127.0.0.1:3000`")?;
        config.key_refresh = duration(read("TASKS_KEY_REFRESH"), config.key_refresh, "TASKS_KEY_REFRESH")?;
        config.key_cool_down =
            duration(read("TASKS_KEY_COOL_DOWN"), config.key_cool_down, "TASKS_KEY_COOL_DOWN")?;
        if matches!(config.token_version, 1 | 2) { Ok(config) } else { Err(VERSION) }
    }

    /// Whether tokens of `tenant` are let in.
    pub(crate) fn lists(&self, tenant: &str) -> bool {
        match &self.tenants {
            Tenants::Listed(listed) => listed.iter().any(|id| id == tenant),
            Tenants::Any => true,
        }
    }

    /// What `aud` says in tokens for this API.
    pub(crate) fn audience(&self) -> String {
        if self.token_version == 1 { format!("api://{}", self.client_id) } else { self.client_id.clone() }
    }

    /// What `iss` says in tokens of `tenant`.
    pub(crate) fn issuer_of(&self, tenant: &str) -> String {
        match self.token_version {
            1 => format!("https://sts.windows.net/{tenant}/"),
            _ => format!("{}/{tenant}/v2.0", self.authority),
        }
    }
}

const VERSION: ConfigError = ConfigError { variable: "AZURE_TOKEN_VERSION", advice: "`1` or `2`" };

fn tenants(listed: Option<String>, any: Option<&str>) -> Result<Tenants, ConfigError> {
    let variable = "ALLOWED_TENANT_IDS";
    match (listed, any == Some("true")) {
        (Some(ids), false) => Ok(Tenants::Listed(ids.split(',').map(|id| id.trim().to_owned()).collect())),
        (None, true) => Ok(Tenants::Any),
        _ => {
            Err(ConfigError { variable, advice: "tenant ids with commas, or instead ALLOW_ANY_TENANT=true" })
        }
    }
}

fn or<T: FromStr>(
    value: Option<String>,
    default: T,
    variable: &'static str,
    advice: &'static str,
) -> Result<T, ConfigError> {
    value.map_or(Ok(default), |text| text.parse().map_err(|_| ConfigError { variable, advice }))
}

fn duration(
    value: Option<String>,
    default: Duration,
    variable: &'static str,
) -> Result<Duration, ConfigError> {
    or(value, humantime::Duration::from(default), variable, "a duration such as `500ms` or `10s`")
        .map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::{Config, Tenants};

    const LEAST: [(&str, &str); 3] = [
        ("AZURE_AUTHORITY_HOST", "http://localhost:1/"),
        ("AZURE_API_CLIENT_ID", "api"),
        ("ALLOWED_TENANT_IDS", "a, b"),
    ];

    fn read(more: &[(&str, &str)]) -> Result<Config, String> {
        let lookup = |name: &str| {
            let found = more.iter().chain(&LEAST).find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Config::from_variables(&lookup).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn the_least_that_is_needed() {
        let config = read(&[]).unwrap();
        assert_eq!(config.authority, "http://localhost:1");
        assert_eq!(config.tenants, Tenants::Listed(vec!["a".into(), "b".into()]));
        assert_eq!(config.audience(), "api");
        assert_eq!(read(&[("AZURE_TOKEN_VERSION", "1")]).unwrap().audience(), "api://api");
    }

    /// T-043, T-170: what cannot be meant is named, and nothing missing means "everybody".
    #[test]
    fn what_cannot_be_meant_is_named() {
        for (name, value) in [
            ("AZURE_AUTHORITY_HOST", ""),
            ("AZURE_API_CLIENT_ID", ""),
            ("ALLOWED_TENANT_IDS", ""),
            ("AZURE_TOKEN_VERSION", "3"),
            ("TASKS_LISTEN", "here"),
            ("TASKS_KEY_REFRESH", "soon"),
        ] {
            let wrong = read(&[(name, value)]).unwrap_err();
            assert!(wrong.starts_with(name), "{name}: {wrong}");
        }
        assert!(read(&[("ALLOW_ANY_TENANT", "true")]).is_err(), "both");
    }
}
