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
        world.settle()?;
        Ok(world)
    }

    /// The world that ships: Contoso, Fabrikam, Northwind, personal accounts; see [`super::builtin`].
    pub fn builtin() -> Self {
        // A test reads the file, so that a broken one cannot ship.
        Self::from_toml(include_str!("builtin.toml"))
            .unwrap_or_else(|error| unreachable!("built-in world: {error}"))
    }

    pub(super) fn check(&self) -> Result<(), WorldError> {
        unique("tenant", self.tenants().map(|tenant| tenant.id.to_string()))?;
        unique("domain", self.tenants().flat_map(|tenant| tenant.domains.iter().cloned()))?;
        unique("subdomain", self.tenants().filter_map(|tenant| tenant.subdomain.clone()))?;
        unique("application", self.applications().map(|application| application.app_id.to_string()))?;
        unique(
            "identifier URI",
            self.applications().flat_map(|application| application.identifier_uris.clone()),
        )?;
        let personal = self.tenants().filter(|tenant| tenant.kind == TenantKind::Personal);
        unique("tenant of kind", personal.map(|_| "personal".to_owned()))?;
        let named = self.applications().filter_map(|application| application.unique_name.clone());
        unique("unique name", named)?;
        self.tenants().try_for_each(|tenant| self.check_tenant(tenant))?;
        self.applications().try_for_each(|application| self.check_application(application))
    }

    fn check_tenant(&self, tenant: &Tenant) -> Result<(), WorldError> {
        let users = tenant.users.iter().map(|user| user.id);
        let groups = tenant.groups.iter().map(|group| group.id);
        let principals = tenant.service_principals.iter().map(|principal| principal.id);
        unique("object id", users.chain(groups).chain(principals).map(|id| id.to_string()))?;
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
        check_external(tenant)?;
        tenant.users.iter().try_for_each(|user| self.check_user(tenant, user))?;
        let members = tenant.groups.iter().flat_map(|group| &group.members);
        let assigned = tenant.service_principals.iter().flat_map(|principal| &principal.assignments);
        for id in members.chain(assigned.map(|assignment| &assignment.principal)) {
            if !tenant.has_member(*id) {
                return Err(dangling("user or group", &id.to_string(), &tenant.name));
            }
        }
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
        let mentioned = application.required_permissions.iter().map(|required| required.resource);
        let mentioned = mentioned.chain(application.known_clients.iter().copied());
        let mentioned = mentioned.chain(application.pre_authorized.iter().map(super::PreAuthorized::client));
        for app_id in mentioned {
            if self.resource(&app_id.to_string()).is_none() {
                return Err(dangling("application", &app_id.to_string(), name));
            }
        }
        unique("scope", application.scopes.iter().map(|scope| scope.value.clone()))?;
        unique("app role", application.app_roles.iter().map(|role| role.value.clone()))?;
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

/// Only external tenants have hosts of their own, and each needs one.
fn check_external(tenant: &Tenant) -> Result<(), WorldError> {
    let why = "external tenants have one, a single label of a host name, and others none";
    let label = tenant.subdomain.as_deref();
    let fits = label.is_none_or(|label| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    });
    match fits && label.is_some() == (tenant.kind == TenantKind::External) {
        true => Ok(()),
        false => Err(refused("subdomain", label.unwrap_or_default(), &tenant.name, why)),
    }
}

fn is_script(scheme: &str) -> bool {
    matches!(scheme, "javascript" | "data" | "vbscript")
}

impl Tenant {
    pub(super) fn has_member(&self, id: crate::ids::ObjectId) -> bool {
        self.users.iter().any(|user| user.id == id)
            || self.groups.iter().any(|group| group.id == id)
            || self.service_principals.iter().any(|principal| principal.id == id)
    }
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

    #[test]
    fn a_world_survives_being_written_down() {
        let world = World::builtin();
        let written = toml::to_string(&world).unwrap();
        let again = World::from_toml(&written).unwrap();
        assert_eq!(toml::to_string(&again).unwrap(), written);
        assert!(world.tenants().eq(again.tenants()) && world.applications().eq(again.applications()));
    }

    #[test]
    fn a_change_that_breaks_the_rules_is_refused() {
        let mut world = World::builtin();
        let [first, second] = [0, 1].map(|place| world.tenants().nth(place).unwrap().clone());
        world.tenant_mut(first.id).unwrap().domains.push(second.domains[0].to_uppercase());
        let error = world.settle().unwrap_err().to_string();
        assert!(error.contains("is there twice"), "{error}");
    }

    #[test]
    fn only_external_tenants_have_a_subdomain() {
        for rest in [
            "domains = []\nsubdomain = 'a'",
            "domains = []\nkind = 'external'",
            "domains = []\nkind = 'external'\nsubdomain = 'a.b'",
        ] {
            let error = World::from_toml(&format!("{TENANT}{rest}")).unwrap_err().to_string();
            assert!(error.contains("subdomain"), "{rest}: {error}");
        }
    }
}
