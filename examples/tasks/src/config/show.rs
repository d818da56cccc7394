//! The effective configuration, as `tasks --check` prints it (T-170). Shows no secret.

use std::fmt::{self, Display};

use super::{Config, Tenants, UnlistedTenant};

impl Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tenants, any) = match &self.tenants {
            Tenants::Listed(listed) => (joined(listed), "false"),
            Tenants::EveryTenantOfTheAuthority => (String::new(), "true"),
        };
        let path = |path: &Option<std::path::PathBuf>| path.as_deref().map(|path| path.display().to_string());
        let duration = |d: Option<std::time::Duration>| d.map(|d| humantime::format_duration(d).to_string());
        for (name, value) in [
            ("AZURE_AUTHORITY_HOST", self.authority.base().to_owned()),
            ("AZURE_API_CLIENT_ID", self.client_id.clone()),
            ("ALLOWED_TENANT_IDS", tenants),
            ("ALLOW_ANY_TENANT", any.to_owned()),
            ("ALLOWED_CLIENT_IDS", joined(&self.clients)),
            ("DATABASE_URL", self.database.to_string()),
            ("TASKS_LISTEN", self.listen.to_string()),
            ("ALLOWED_ORIGINS", joined(&self.origins)),
            ("TASKS_DEFAULT_ROLE", joined(self.default_role.as_slice())),
            ("TASKS_UNLISTED_TENANT_STATUS", self.unlisted_tenant.to_string()),
            ("TASKS_KEY_REFRESH", duration(self.keys.refresh).unwrap_or_default()),
            ("TASKS_KEY_COOL_DOWN", duration(self.keys.cool_down).unwrap_or_default()),
            ("TASKS_KEY_CACHE_DIR", path(&self.keys.cache_dir).unwrap_or_default()),
            ("TASKS_CA_FILE", path(&self.keys.ca_file).unwrap_or_default()),
            ("TASKS_VERDICT_CACHE_BYTES", self.verdict_cache_bytes.to_string()),
            ("TASKS_WELL_KNOWN", self.well_known.to_string()),
            #[cfg(feature = "test-layers")]
            ("TASKS_TEST_LAYERS_OFF", self.layers_off.to_string()),
        ] {
            writeln!(f, "{name}={value}")?;
        }
        Ok(())
    }
}

impl Display for UnlistedTenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unauthorized => "401",
            Self::Forbidden => "403",
        })
    }
}

fn joined<T: Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
