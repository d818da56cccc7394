//! The rules of a world: what must not be doubled, dangling, or real.

use std::collections::HashSet;

use super::{Application, Secret, Tenant, TenantKind, User, World, safety};

/// Names that a tenant's domain must not take: they mean something else in a path.
const RESERVED: [&str; 7] = ["common", "organizations", "consumers", "sim", "graph", "adfs", "error"];

/// Why a world was refused.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WorldError {
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

impl WorldError {
    /// The kind of thing or value.
    pub(crate) fn what(&self) -> &'static str {
        match self {
            Self::Twice { what, .. } | Self::Dangling { what, .. } | Self::Refused { what, .. } => what,
        }
    }

    /// The doubled, missing or refused value.
    pub(super) fn value(&self) -> &str {
        match self {
            Self::Twice { value, .. } | Self::Dangling { value, .. } | Self::Refused { value, .. } => value,
        }
    }

    /// Display name or user name of whose it is.
    pub(super) fn owner(&self) -> Option<&str> {
        match self {
            Self::Twice { .. } => None,
            Self::Dangling { owner, .. } | Self::Refused { owner, .. } => Some(owner),
        }
    }
}

impl World {
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

    pub(super) fn check_tenant(&self, tenant: &Tenant) -> Result<(), WorldError> {
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
            if safety::is_real_host(domain) {
                let why = "it belongs to a real identity provider; names under `.example` are nobody's";
                return Err(refused("domain", domain, &tenant.name, why));
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
        check_secret(&user.password, &user.upn)?;
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

    pub(super) fn check_application(&self, application: &Application) -> Result<(), WorldError> {
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
        application.secrets.iter().try_for_each(|secret| check_secret(&secret.text, name))?;
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

/// The value is left out of the error: it may be real.
fn check_secret(secret: &Secret, owner: &str) -> Result<(), WorldError> {
    let why = "it looks like a real one, which has no business here: withdraw it if it is, and invent one";
    match safety::is_real_secret(secret.expose()) {
        true => Err(refused(safety::SECRET, "…", owner, why)),
        false => Ok(()),
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

    fn with_application(change: impl FnOnce(&mut Application)) -> WorldError {
        let mut world = World::builtin();
        let app_id = world.applications().next().unwrap().app_id;
        change(world.application_mut(app_id).unwrap());
        world.settle().unwrap_err()
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
        for (kind, subdomain) in [
            (TenantKind::Workforce, Some("a")),
            (TenantKind::External, None),
            (TenantKind::External, Some("a.b")),
        ] {
            let mut world = World::builtin();
            let id = world.tenants().next().unwrap().id;
            let tenant = world.tenant_mut(id).unwrap();
            (tenant.kind, tenant.subdomain) = (kind, subdomain.map(ToOwned::to_owned));
            let error = world.settle().unwrap_err().to_string();
            assert!(error.contains("subdomain"), "{subdomain:?}: {error}");
        }
    }

    #[test]
    fn a_real_domain_is_refused() {
        let mut world = World::builtin();
        let id = world.tenants().next().unwrap().id;
        world.tenant_mut(id).unwrap().domains.push("Login.MicrosoftOnline.com".to_owned());
        let error = world.settle().unwrap_err().to_string();
        assert!(error.contains("real identity provider"), "{error}");
    }

    #[test]
    fn a_real_secret_is_refused_and_not_repeated() {
        let entra = format!("abc8{}~{}", 'Q', "x".repeat(34));
        for real in [entra.as_str(), "-----BEGIN PRIVATE KEY-----\nMII"] {
            let secret: super::super::ClientSecret = serde_json::from_value(real.into()).unwrap();
            let error = with_application(|application| application.secrets.push(secret)).to_string();
            assert!(error.contains("invent one") && !error.contains(real), "{error}");
        }
        let mut world = World::builtin();
        let id = world.tenants().next().unwrap().id;
        world.tenant_mut(id).unwrap().users[0].password = super::super::Secret::new(entra);
        assert!(world.settle().unwrap_err().to_string().contains("invent one"));
    }
}
