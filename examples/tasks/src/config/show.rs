//! The effective configuration, as `tasks --check` prints it (T-170). Shows no secret.

use std::fmt::{self, Display};

use super::{Config, LockedTenants, Tenants, UnlistedTenant};

impl Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = if let Tenants::Listed(listed) = &self.tenants { listed.as_slice() } else { &[] };
        let locked = if let Tenants::Locked(locked) = &self.tenants { Some(locked) } else { None };
        let any = self.tenants == Tenants::EveryTenantOfTheAuthority;
        let of_lock = |path: fn(&LockedTenants) -> Option<&std::path::PathBuf>| {
            locked.and_then(path).map(|path| path.display().to_string()).unwrap_or_default()
        };
        let path = |path: &Option<std::path::PathBuf>| path.as_deref().map(|path| path.display().to_string());
        let duration = |d: Option<std::time::Duration>| d.map(|d| humantime::format_duration(d).to_string());
        for (name, value) in [
            ("AZURE_AUTHORITY_HOST", self.authority.base().to_owned()),
            ("AZURE_API_CLIENT_ID", self.client_id.clone()),
            ("ALLOWED_TENANT_IDS", joined(listed)),
            ("ALLOW_LIST_FILE", of_lock(|locked| Some(&locked.file))),
            ("ALLOW_LIST_KEYS", of_lock(|locked| Some(&locked.keys_file))),
            ("ALLOW_LIST_SEEN", of_lock(|locked| locked.seen_file.as_ref())),
            ("ALLOW_ANY_TENANT", any.to_string()),
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
