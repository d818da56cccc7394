//! Reads the variables, one after the other.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use tenantry::{ApprovedKeys, Authority, ClientId, TenantId};

use super::{Config, Keys, LockedTenants, Origin, Tenants, UnlistedTenant};
use crate::DatabaseUrl;
#[cfg(feature = "test-layers")]
use crate::server::is_on_this_machine;

/// Why the process cannot start as it is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}{}: {advice}", found.as_ref().map(|found| format!(" is `{found}`")).unwrap_or_default())]
pub struct ConfigError {
    variable: &'static str,
    /// `None` when unset, or secret.
    found: Option<String>,
    advice: String,
}

impl ConfigError {
    /// Which variable to change.
    pub fn variable(&self) -> &'static str {
        self.variable
    }
}

/// Variables by name. An empty one counts as unset.
struct Variables<'a>(&'a dyn Fn(&str) -> Option<String>);

pub(super) fn config(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
    let variables = Variables(lookup);
    let client_id = variables.client_id()?;
    let mut config = Config::new(&client_id, variables.tenants()?, variables.database()?);
    if let Some(authority) = variables.authority()? {
        config.authority = authority;
    }
    if let Some(listen) =
        variables.parsed("TASKS_LISTEN", "write an address and a port, such as `127.0.0.1:3000`")?
    {
        config.listen = listen;
    }
    config.clients =
        variables.listed("ALLOWED_CLIENT_IDS", guid)?.iter().map(|id| ClientId::new(id)).collect();
    config.origins =
        variables.listed("ALLOWED_ORIGINS", |text| text.parse::<Origin>().map_err(|e| e.to_string()))?;
    config.default_role = variables.parsed("TASKS_DEFAULT_ROLE", "write `Admin`, `Editor` or `Reader`")?;
    config.unlisted_tenant = variables.unlisted_tenant()?;
    config.keys = variables.keys()?;
    if let Some(bytes) =
        variables.parsed("TASKS_VERDICT_CACHE_BYTES", "write a number of bytes, or `0` for no cache")?
    {
        config.verdict_cache_bytes = bytes;
    }
    config.well_known = variables.switch("TASKS_WELL_KNOWN")?;
    #[cfg(feature = "test-layers")]
    {
        config.layers_off = variables.layers_off(&config.authority)?;
    }
    Ok(config)
}

impl Variables<'_> {
    fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn parsed<T: FromStr>(&self, variable: &'static str, advice: &str) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.get(variable) else { return Ok(None) };
        value.parse().map(Some).map_err(|_| wrong(variable, &value, advice))
    }

    /// Off unless it is `true`.
    fn switch(&self, variable: &'static str) -> Result<bool, ConfigError> {
        Ok(self.parsed(variable, "write `true` or `false`")?.unwrap_or(false))
    }

    /// A comma-separated list; `parse` says what is wrong with an entry.
    fn listed<T>(
        &self,
        variable: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Vec<T>, ConfigError> {
        let value = self.get(variable).unwrap_or_default();
        let entries = value.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(|entry| parse(entry).map_err(|advice| wrong(variable, entry, &advice))).collect()
    }

    /// Entra's own tools write it with and without scheme, with and without a slash at the end.
    fn authority(&self) -> Result<Option<Authority>, ConfigError> {
        let Some(value) = self.get("AZURE_AUTHORITY_HOST") else { return Ok(None) };
        let address = if value.contains("://") { value.clone() } else { format!("https://{value}") };
        let authority = Authority::at_host(&address);
        authority.map(Some).map_err(|why| wrong("AZURE_AUTHORITY_HOST", &value, &why.to_string()))
    }

    fn client_id(&self) -> Result<String, ConfigError> {
        const NAME: &str = "AZURE_API_CLIENT_ID";
        let advice = "set it to the client id of this API's registration, a GUID";
        let value = self.get(NAME).ok_or_else(|| missing(NAME, advice))?;
        guid(&value).map_err(|advice| wrong(NAME, &value, &advice))
    }

    /// An empty list never means "everybody" (T-043).
    fn tenants(&self) -> Result<Tenants, ConfigError> {
        let listed =
            self.listed("ALLOWED_TENANT_IDS", |id| id.parse::<TenantId>().map_err(|e| e.to_string()))?;
        let any = self.switch("ALLOW_ANY_TENANT")?;
        match (self.locked_tenants()?, listed.is_empty(), any) {
            (None, false, false) => Ok(Tenants::Listed(listed)),
            (Some(locked), true, false) => Ok(Tenants::Locked(locked)),
            (None, true, true) => Ok(Tenants::EveryTenantOfTheAuthority),
            (None, true, false) => Err(missing(
                "ALLOWED_TENANT_IDS",
                "list the tenant ids to accept, name a locked list with ALLOW_LIST_FILE, or set ALLOW_ANY_TENANT=true \
                 to accept every organisation in the world",
            )),
            (Some(locked), _, _) => Err(wrong(
                "ALLOW_LIST_FILE",
                &locked.file.to_string_lossy(),
                "ALLOWED_TENANT_IDS or ALLOW_ANY_TENANT is set as well; unset all but one, so that it is clear who may enter",
            )),
            (None, false, true) => Err(wrong(
                "ALLOW_ANY_TENANT",
                "true",
                "ALLOWED_TENANT_IDS is set as well; unset one of the two, so that it is clear who may enter",
            )),
        }
    }

    fn locked_tenants(&self) -> Result<Option<LockedTenants>, ConfigError> {
        const KEYS: &str = "ALLOW_LIST_KEYS";
        const SEEN: &str = "ALLOW_LIST_SEEN";
        let (keys, seen) = (self.get(KEYS), self.get(SEEN));
        let Some(file) = self.get("ALLOW_LIST_FILE") else {
            let alone =
                [(KEYS, keys), (SEEN, seen)].into_iter().find_map(|(name, value)| Some((name, value?)));
            let advice = "ALLOW_LIST_FILE is not set, and this means nothing without it";
            return alone.map_or(Ok(None), |(name, value)| Err(wrong(name, &value, advice)));
        };
        let advice = "name the file with the keys whose signatures count, approved-keys.toml";
        let keys = keys.ok_or_else(|| missing(KEYS, advice))?;
        let text = std::fs::read_to_string(&keys).map_err(|why| wrong(KEYS, &keys, &why.to_string()))?;
        let approved_keys = ApprovedKeys::parse(&text).map_err(|why| wrong(KEYS, &keys, &why.to_string()))?;
        let seen_file = seen.map(PathBuf::from);
        Ok(Some(LockedTenants { file: file.into(), keys_file: keys.into(), approved_keys, seen_file }))
    }

    /// Beside an authority that others trust as well, every wall stands.
    #[cfg(feature = "test-layers")]
    fn layers_off(&self, authority: &Authority) -> Result<crate::LayersOff, ConfigError> {
        const NAME: &str = "TASKS_TEST_LAYERS_OFF";
        let Some(value) = self.get(NAME) else { return Ok(crate::LayersOff::default()) };
        let off = value.parse().map_err(|why: crate::UnknownLayer| wrong(NAME, &value, &why.to_string()))?;
        let advice = "layers are switched off in tests only: point AZURE_AUTHORITY_HOST at a simulator on this machine";
        if is_on_this_machine(authority.base()) { Ok(off) } else { Err(wrong(NAME, &value, advice)) }
    }

    /// The value may hold a password, so the error does not show it.
    fn database(&self) -> Result<DatabaseUrl, ConfigError> {
        let url = self.get("DATABASE_URL").unwrap_or_else(|| "sqlite:tasks-data".to_owned());
        url.parse().map_err(|why: crate::DatabaseUrlError| missing("DATABASE_URL", &why.to_string()))
    }

    fn unlisted_tenant(&self) -> Result<UnlistedTenant, ConfigError> {
        const NAME: &str = "TASKS_UNLISTED_TENANT_STATUS";
        match self.get(NAME).as_deref() {
            None | Some("401") => Ok(UnlistedTenant::Unauthorized),
            Some("403") => Ok(UnlistedTenant::Forbidden),
            Some(other) => Err(wrong(NAME, other, "write `401` or `403`")),
        }
    }

    fn keys(&self) -> Result<Keys, ConfigError> {
        Ok(Keys {
            refresh: self.duration("TASKS_KEY_REFRESH")?,
            cool_down: self.duration("TASKS_KEY_COOL_DOWN")?,
            ca_file: self.ca_file()?,
            cache_dir: self.get("TASKS_KEY_CACHE_DIR").map(PathBuf::from),
        })
    }

    fn duration(&self, variable: &'static str) -> Result<Option<Duration>, ConfigError> {
        let advice = "write a duration of a second or more, such as `90s`, `5m` or `24h`";
        let duration: Option<humantime::Duration> = self.parsed(variable, advice)?;
        match duration.map(Duration::from) {
            Some(short) if short < Duration::from_secs(1) => {
                Err(wrong(variable, &humantime::format_duration(short).to_string(), advice))
            }
            sound => Ok(sound),
        }
    }

    fn ca_file(&self) -> Result<Option<PathBuf>, ConfigError> {
        const NAME: &str = "TASKS_CA_FILE";
        let Some(value) = self.get(NAME) else { return Ok(None) };
        let pem = std::fs::read_to_string(Path::new(&value))
            .map_err(|why| wrong(NAME, &value, &why.to_string()))?;
        if pem.contains("-----BEGIN CERTIFICATE-----") {
            Ok(Some(value.into()))
        } else {
            Err(wrong(NAME, &value, "the file has no certificate in PEM form"))
        }
    }
}

fn missing(variable: &'static str, advice: &str) -> ConfigError {
    ConfigError { variable, found: None, advice: advice.to_owned() }
}

fn wrong(variable: &'static str, found: &str, advice: &str) -> ConfigError {
    ConfigError { variable, found: Some(found.to_owned()), advice: advice.to_owned() }
}

/// Ids in the one spelling that Entra puts into tokens.
fn guid(text: &str) -> Result<String, String> {
    text.parse::<TenantId>().map(|_| text.to_owned()).map_err(|why| why.to_string())
}
