//! `tenantry.toml`, as far as there is something to configure: whose tokens count, and how keys are kept.
//!
//! Every key is documented in `docs/reference/config.md`; unknown keys are errors that name the line.

mod auth;
mod directory;
mod keys;

use std::{fs, path::Path};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use tenantry::KeyMode;

pub(crate) use auth::{AuthConfig, AuthorityConfig, OPEN};
use keys::ModeName;

pub(crate) use keys::KeysConfig;

/// The whole file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// Whose tokens count.
    pub(crate) auth: AuthConfig,
    /// How signing keys are kept fresh.
    #[serde(default)]
    pub(crate) keys: KeysConfig,
}

impl Config {
    /// Reads and checks a file.
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        Self::parse(&text).with_context(|| format!("`{}` is not a sound configuration", path.display()))
    }

    /// Reads and checks a file's text.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = toml::from_str(text)?;
        config.check()?;
        Ok(config)
    }

    /// What a type cannot say.
    fn check(&self) -> anyhow::Result<()> {
        match (&self.auth.open_to_every_tenant, self.auth.tenants.is_empty()) {
            (Some(word), _) if word != OPEN => {
                bail!("`open-to-every-tenant` must be spelled out: \"{OPEN}\"")
            }
            (Some(_), false) => bail!("`tenants` and `open-to-every-tenant` exclude each other"),
            (None, true) => bail!("`auth.tenants` is empty: list the tenants whose tokens you accept"),
            _ => {}
        }
        self.auth.policy()?;
        self.keys.schedule()?;
        self.key_mode()?;
        Ok(())
    }

    /// Whose key documents are read. Who takes every organisation's tokens cannot keep every organisation's keys.
    pub(crate) fn key_mode(&self) -> anyhow::Result<KeyMode> {
        match (&self.auth.open_to_every_tenant, self.keys.mode) {
            (Some(_), Some(ModeName::PerTenant)) => {
                bail!("`open-to-every-tenant` needs `keys.mode = \"shared\"`, or no `keys.mode`")
            }
            (Some(_), _) => Ok(KeyMode::Shared),
            (None, mode) => Ok(mode.unwrap_or_default().into()),
        }
    }

    /// The same configuration with the defaults in the place of what was left out.
    pub(crate) fn effective(&self) -> anyhow::Result<Self> {
        Ok(Self { auth: self.auth.effective()?, keys: self.keys.effective(self.key_mode()?)? })
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    /// The one entry of `clients` in the sample.
    const CLIENT: &str = "\"99999999-8888-4777-8666-555555555555\"";
    /// The entries of `tenants` in the sample.
    const LISTED: &str = "\"aaaaaaaa-0000-4000-8000-000000000001\", \"bbbbbbbb-0000-4000-8000-000000000002\"";
    const SAMPLE: &str = include_str!("../../../../docs/reference/tenantry.sample.toml");

    #[test]
    fn the_documented_sample_is_sound() {
        let config = Config::parse(SAMPLE).unwrap();
        let shown = toml::to_string(&config).unwrap();
        assert_eq!(
            toml::to_string(&Config::parse(&shown).unwrap()).unwrap(),
            shown,
            "what is shown can be read"
        );
    }

    /// T-043, T-170: unknown keys, empty lists and half-said openness are errors at start.
    #[test]
    fn unsound_files_are_refused_with_a_reason() {
        for (from, to, reason) in [
            ("[auth]", "[auth]\nlee-way = 3", "lee-way"),
            ("leeway-s = 60", "leeway-s = 301", "301"),
            ("[keys]", "[kyes]", "kyes"),
            (LISTED, "", "`auth.tenants` is empty"),
            ("tenants = [", "open-to-every-tenant = \"yes\"\ntenants = [", "spelled out"),
            ("tenants = [", "open-to-every-tenant = \"yes-any-organisation\"\ntenants = [", "exclude"),
            ("aaaaaaaa-0000", "AAAAAAAA-0000", "lower case"),
            ("cloud = \"worldwide\"", "cloud = \"mars\"", "mars"),
            ("cloud = \"worldwide\"", "custom = \"http://login.example.test\"", "not an authority"),
            ("refresh = \"1h\"", "refresh = \"soon\"", "soon"),
            (CLIENT, "", "empty"),
            (CLIENT, "\"\"", "not a client id"),
            (CLIENT, "\"my app\"", "white space"),
        ] {
            assert!(SAMPLE.contains(from), "{from}");
            let fault = format!("{:#}", Config::parse(&SAMPLE.replacen(from, to, 1)).unwrap_err());
            assert!(fault.contains(reason), "{to}: {fault}");
        }
    }
    const SMALL: &str = "[auth]\naudiences = [\"api://tasks\"]\ntenants = [\"aaaaaaaa-0000-4000-8000-000000000001\"]\n\
                         [[auth.authority]]\ncloud = \"worldwide\"\n";

    /// T-170: the effective configuration can be printed, and means the same.
    #[test]
    fn defaults_are_filled_in() {
        let shown = toml::to_string(&Config::parse(SMALL).unwrap().effective().unwrap()).unwrap();
        for line in [
            "leeway-s = 60",
            "versions = \"both\"",
            "algorithms = [\"RS256\"]",
            "mode = \"per-tenant\"",
            "refresh = \"1h\"",
            "cool-down = \"5m\"",
        ] {
            assert!(shown.lines().any(|shown| shown == line), "{line} in {shown}");
        }
        let again = Config::parse(&shown).unwrap().effective().unwrap();
        assert_eq!(toml::to_string(&again).unwrap(), shown);

        let government = SMALL.replace("worldwide", "us-government");
        let shown = toml::to_string(&Config::parse(&government).unwrap().effective().unwrap()).unwrap();
        assert!(shown.contains("versions = \"v2-only\""), "{shown}");
    }

    /// Row 25: keys per tenant would be a document for every organisation there is.
    #[test]
    fn open_means_shared_keys() {
        let listed = "tenants = [\"aaaaaaaa-0000-4000-8000-000000000001\"]";
        let open = SMALL.replace(listed, "open-to-every-tenant = \"yes-any-organisation\"");
        let shown = toml::to_string(&Config::parse(&open).unwrap().effective().unwrap()).unwrap();
        assert!(shown.contains("mode = \"shared\""), "{shown}");
        let fault = Config::parse(&format!("{open}[keys]\nmode = \"per-tenant\"\n")).unwrap_err();
        assert!(format!("{fault:#}").contains("shared"), "{fault:#}");
    }

    /// T-019: Entra writes client ids in lower case; other providers write what they like.
    #[test]
    fn client_ids_are_spelled_as_entra_spells_them() {
        let id = "C0000000-0000-4000-8000-00000000000A";
        let with_client = |toml: &str, id: &str| {
            Config::parse(&toml.replace("[[auth", &format!("clients = [\"{id}\"]\n[[auth")))
        };
        assert!(with_client(SMALL, &id.to_lowercase()).is_ok());
        let fault = with_client(SMALL, id).unwrap_err();
        assert!(format!("{fault:#}").contains("lower case"), "{fault:#}");
        let partner =
            "openid = \"https://partner.example\"\ntenant = \"aaaaaaaa-0000-4000-8000-000000000001\"";
        assert!(with_client(&SMALL.replace("cloud = \"worldwide\"", partner), id).is_ok());
    }
}
