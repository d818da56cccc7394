//! Reads a world from TOML, strictly: a mistake is named, never guessed around.

use std::collections::HashSet;

use super::{Application, Tenant, TenantKind, User, World};

/// Names that a tenant's domain must not take: they mean something else in a path.
const RESERVED: [&str; 7] = ["common", "organizations", "consumers", "sim", "graph", "adfs", "error"];

/// Why a world was refused.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WorldError {
    /// Not TOML, an unknown key, or a value of the wrong shape; the text shows the line.
    #[error("world file: {0}")]
    Syntax(String),
    /// Two things share an id or a name.
    #[error("{what} `{value}` is there twice")]
    Twice {
        /// The kind of thing.
        what: &'static str,
        /// The shared value.
        value: String,
    },
    /// Something names a thing that is not there.
    #[error("{what} `{value}` of `{owner}` does not exist")]
    Dangling {
        /// The kind of thing that is missing.
        what: &'static str,
        /// What was named.
        value: String,
        /// Who named it.
        owner: String,
    },
    /// A value that would make the world contradict itself.
    #[error("{what} `{value}` of `{owner}` is not allowed: {why}")]
    Refused {
        /// The kind of value.
        what: &'static str,
        /// The value.
        value: String,
        /// Whose it is.
        owner: String,
        /// The rule.
        why: &'static str,
    },
}

impl World {
    /// Reads a world file.
    ///
    /// # Errors
    /// [`WorldError`] with the line for syntax, and with the name for ids that are doubled or dangling.
    pub fn from_toml(text: &str) -> Result<Self, WorldError> {
        let mut world: Self = toml::from_str(text).map_err(|error| WorldError::Syntax(error.to_string()))?;
        for domain in world.tenants.iter_mut().flat_map(|tenant| &mut tenant.domains) {
            domain.make_ascii_lowercase();
        }
        world.check()?;
        Ok(world)
    }

    /// The world that ships: Contoso, Fabrikam, Northwind, personal accounts; see [`super::builtin`].
    pub fn builtin() -> Self {
        // A test reads the file, so that a broken one cannot ship.
        Self::from_toml(include_str!("builtin.toml"))
            .unwrap_or_else(|error| unreachable!("built-in world: {error}"))
    }

    fn check(&self) -> Result<(), WorldError> {
        unique("tenant", self.tenants.iter().map(|tenant| tenant.id.to_string()))?;
        unique("domain", self.tenants.iter().flat_map(|tenant| tenant.domains.iter().cloned()))?;
        unique("application", self.applications.iter().map(|application| application.app_id.to_string()))?;
        unique(
            "identifier URI",
            self.applications.iter().flat_map(|application| application.identifier_uris.clone()),
        )?;
        let personal = self.tenants.iter().filter(|tenant| tenant.kind == TenantKind::Personal);
        unique("tenant of kind", personal.map(|_| "personal".to_owned()))?;
        self.tenants.iter().try_for_each(|tenant| self.check_tenant(tenant))?;
        self.applications.iter().try_for_each(|application| self.check_application(application))
    }

    fn check_tenant(&self, tenant: &Tenant) -> Result<(), WorldError> {
        let users = tenant.users.iter().map(|user| user.id.to_string());
        unique(
            "object id",
            users.chain(tenant.service_principals.iter().map(|principal| principal.id.to_string())),
        )?;
        unique("user name", tenant.users.iter().map(|user| user.upn.to_ascii_lowercase()))?;
        unique(
            "service principal",
            tenant.service_principals.iter().map(|principal| principal.app_id.to_string()),
        )?;
        for domain in &tenant.domains {
            if RESERVED.contains(&domain.as_str())
                || !domain.contains('.')
                || domain.contains(['/', '?', '#', '%'])
            {
                return Err(refused("domain", domain, &tenant.name, "it must be a host name with a dot"));
            }
        }
        tenant.users.iter().try_for_each(|user| self.check_user(tenant, user))?;
        for principal in &tenant.service_principals {
            let named =
                std::iter::once(principal.app_id).chain(principal.grants.iter().map(|grant| grant.resource));
            let mut missing = named.filter(|app_id| self.resource(&app_id.to_string()).is_none());
            if let Some(app_id) = missing.next() {
                return Err(dangling("application", &app_id.to_string(), &tenant.name));
            }
        }
        Ok(())
    }

    fn check_user(&self, tenant: &Tenant, user: &User) -> Result<(), WorldError> {
        if user.home_tenant.is_some() != user.home_user.is_some() {
            let why = "a guest has both `home_tenant` and `home_user`, a member neither";
            return Err(refused("home", "", &user.upn, why));
        }
        match user.home_tenant {
            Some(home) if home == tenant.id => {
                Err(refused("home tenant", &home.to_string(), &user.upn, "a guest's home is elsewhere"))
            }
            Some(home) if self.account_of(tenant, user).is_none() => {
                Err(dangling("home account in", &home.to_string(), &user.upn))
            }
            _ => Ok(()),
        }
    }

    fn check_application(&self, application: &Application) -> Result<(), WorldError> {
        let name = &application.display_name;
        if self.tenant_by_id(application.home_tenant).is_none() {
            return Err(dangling("home tenant", &application.home_tenant.to_string(), name));
        }
        if !matches!(application.token_version, 1 | 2) {
            return Err(refused(
                "token version",
                &application.token_version.to_string(),
                name,
                "it must be 1 or 2",
            ));
        }
        for redirect in &application.redirect_uris {
            let uri = redirect.uri();
            let fits =
                url::Url::parse(uri).is_ok_and(|url| url.fragment().is_none() && !is_script(url.scheme()));
            if !fits {
                return Err(refused(
                    "redirect URI",
                    uri,
                    name,
                    "it must be absolute, without fragment or script",
                ));
            }
        }
        Ok(())
    }
}

fn is_script(scheme: &str) -> bool {
    matches!(scheme, "javascript" | "data" | "vbscript")
}

fn unique(what: &'static str, values: impl Iterator<Item = String>) -> Result<(), WorldError> {
    let mut seen = HashSet::new();
    for value in values {
        if !seen.insert(value.clone()) {
            return Err(WorldError::Twice { what, value });
        }
    }
    Ok(())
}

fn dangling(what: &'static str, value: &str, owner: &str) -> WorldError {
    WorldError::Dangling { what, value: value.to_owned(), owner: owner.to_owned() }
}

fn refused(what: &'static str, value: &str, owner: &str, why: &'static str) -> WorldError {
    WorldError::Refused { what, value: value.to_owned(), owner: owner.to_owned(), why }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str =
        "applications = []\n[[tenants]]\nid = 'c0000000-0000-4000-a000-00000000000f'\nname = 'A'\n";

    #[test]
    fn mistakes_are_named() {
        let guest =
            "[[tenants.users]]\nid = 'c0000000-0000-4000-a000-000000000001'\nupn = 'u'\ndisplay_name = 'U'\n";
        for (rest, named) in [
            ("domains = ['a.example']\ncolour = 'red'", "colour"),
            ("domains = ['a.example', 'A.example']", "`a.example` is there twice"),
            ("domains = ['common']", "`common`"),
            (
                &format!("domains = []\n{guest}home_tenant = 'c0000000-0000-4000-a000-00000000000e'"),
                "`home_user`",
            ),
            (
                &format!(
                    "domains = []\n{guest}home_tenant = 'c0000000-0000-4000-a000-00000000000e'\nhome_user = 'c0000000-0000-4000-a000-000000000002'"
                ),
                "does not exist",
            ),
            (
                "domains = []\n[[tenants.service_principals]]\nid = 'c0000000-0000-4000-a000-000000000003'\napp_id = 'c0000000-0000-4000-a000-000000000004'",
                "does not exist",
            ),
        ] {
            let error = World::from_toml(&format!("{TENANT}{rest}")).unwrap_err().to_string();
            assert!(error.contains(named), "{rest}: {error}");
        }
    }

    #[test]
    fn a_small_world_is_accepted() {
        let world = World::from_toml(&format!("{TENANT}domains = ['A.example']")).unwrap();
        assert!(world.tenant("a.EXAMPLE").is_some());
        assert!(world.tenant("C0000000-0000-4000-A000-00000000000F").is_some());
        assert!(world.native_allow_list);
    }
}
