//! How much there is in a world, and what in it is probably a mistake.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::{Application, ApplicationKind, Platform, Tenant, World};
use crate::ids::AppId;

/// How many there are of each kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WorldCounts {
    /// Organisations.
    pub tenants: usize,
    /// People, guests counted in each tenant.
    pub users: usize,
    /// Groups.
    pub groups: usize,
    /// Local halves of applications.
    pub service_principals: usize,
    /// Registered applications.
    pub applications: usize,
}

impl fmt::Display for WorldCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count =
            |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
        let Self { tenants, users, applications, .. } = *self;
        write!(
            f,
            "{}, {}, {}",
            count(tenants, "tenant"),
            count(users, "user"),
            count(applications, "application")
        )
    }
}

impl World {
    /// How much there is.
    pub fn counts(&self) -> WorldCounts {
        WorldCounts {
            tenants: self.tenants().len(),
            users: self.tenants().map(|tenant| tenant.users.len()).sum(),
            groups: self.tenants().map(|tenant| tenant.groups.len()).sum(),
            service_principals: self.tenants().map(|tenant| tenant.service_principals.len()).sum(),
            applications: self.applications().len(),
        }
    }

    /// What is allowed and probably not meant, one sentence each: an API that nobody can call, a client that nobody can
    /// sign in to, a grant of a permission that does not exist.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        self.tenants().for_each(|tenant| self.doubt_tenant(tenant, &mut warnings));
        let reached = self.tenants().flat_map(|tenant| &tenant.service_principals);
        let reached: BTreeSet<AppId> = reached.map(|principal| principal.app_id).collect();
        self.applications()
            .for_each(|one| self.doubt_application(one, reached.contains(&one.app_id), &mut warnings));
        warnings
    }

    fn doubt_tenant(&self, tenant: &Tenant, warnings: &mut Vec<String>) {
        for user in &tenant.users {
            if user.home_tenant.is_none() && user.password.expose().is_empty() {
                warnings.push(format!("user `{}` has no password and cannot sign in", user.upn));
            }
            let unknown =
                user.roles.iter().filter(|role| !self.applications().any(|one| one.app_role(role).is_some()));
            warnings.extend(
                unknown.map(|role| format!("role `{role}` of user `{}` is defined by no API", user.upn)),
            );
        }
        for principal in &tenant.service_principals {
            for grant in &principal.grants {
                let Some(resource) = self.resource(&grant.resource.to_string()) else { continue };
                let scopes = grant.scopes.iter().filter(|scope| resource.scope(scope).is_none());
                let roles = grant.roles.iter().filter(|role| resource.app_role(role).is_none());
                warnings.extend(scopes.chain(roles).map(|name| {
                    format!(
                        "`{name}`, granted in `{}`, is defined by no `{}`",
                        tenant.name, resource.display_name
                    )
                }));
            }
        }
    }

    fn doubt_application(&self, one: &Application, is_reached: bool, warnings: &mut Vec<String>) {
        let name = &one.display_name;
        let mut warn = |doubtful: bool, what: &str| {
            if doubtful {
                warnings.push(format!("`{name}` {what}"));
            }
        };
        let is_api = one.kind == ApplicationKind::Api;
        warn(is_api && !is_reached, "can be called by nobody: no tenant has a service principal of it");
        let offers_nothing = one.scopes.is_empty() && one.app_roles.is_empty();
        warn(is_api && offers_nothing, "can be called by nobody: it defines neither scopes nor app roles");
        let signs_people_in = matches!(one.kind, ApplicationKind::Spa | ApplicationKind::Web)
            || one.kind == ApplicationKind::Native && !one.public_client;
        warn(
            signs_people_in && one.redirect_uris.is_empty(),
            "has no redirect URI: nobody can sign in to it with a browser",
        );
        let must_prove = one.kind == ApplicationKind::Daemon
            || one.redirect_uris.iter().any(|redirect| one.platform(redirect) == Platform::Web) && !is_api;
        warn(
            must_prove && !one.has_credentials(),
            "has no secret, certificate or federated credential to get tokens with",
        );
        let strangers = one.allowed_tenants.iter().flatten().filter(|id| self.tenant_by_id(**id).is_none());
        for id in strangers {
            warn(true, &format!("allows tenant `{id}`, which does not exist"));
        }
        self.doubt_requirements(one, warnings);
    }

    fn doubt_requirements(&self, one: &Application, warnings: &mut Vec<String>) {
        for required in &one.required_permissions {
            let Some(resource) = self.resource(&required.resource.to_string()) else { continue };
            let scopes = required.scopes.iter().filter(|scope| resource.scope(scope).is_none());
            let roles = required.roles.iter().filter(|role| resource.app_role(role).is_none());
            warnings.extend(scopes.chain(roles).map(|name| {
                format!(
                    "`{}` requires `{name}`, which `{}` does not define",
                    one.display_name, resource.display_name
                )
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ShippedWorld, World};

    #[test]
    fn the_shipped_worlds_give_no_reason_for_doubt() {
        for shipped in [ShippedWorld::Demo, ShippedWorld::Minimal] {
            assert_eq!(shipped.world().warnings(), Vec::<String>::new(), "{shipped:?}");
        }
        let counts = ShippedWorld::Minimal.world().counts();
        assert_eq!(counts.to_string(), "2 tenants, 4 users, 2 applications");
    }

    #[test]
    fn what_is_probably_not_meant_is_said() {
        for (written, instead, told) in [
            ("scopes = [\"access_as_user\"]\napp_roles = [\"Admin\"]", "", "neither scopes nor app roles"),
            (
                "redirect_uris = [",
                "redirect_uris = []\nlogout_url = \"http://a.example\" # [",
                "no redirect URI",
            ),
            ("kind = \"spa\"", "kind = \"daemon\"", "to get tokens with"),
            ("password = \"not-a-real-password\"", "", "cannot sign in"),
            ("roles = [\"Admin\"]\ndirectory", "roles = [\"Amdin\"]\ndirectory", "`Amdin`"),
            ("scopes = [\"access_as_user\"] }]", "scopes = [\"access\"] }]", "requires `access`"),
            ("scopes = [\"access_as_user\"]\n\n#", "scopes = [\"acess\"]\n\n#", "`acess`, granted in `Home`"),
            (
                "token_version = 2",
                "token_version = 2\nallowed_tenants = [\"10000000-0000-4000-a000-00000000000f\"]",
                "does not exist",
            ),
        ] {
            let text = ShippedWorld::Minimal.toml().replace(written, instead);
            let warnings = World::from_toml(&text).unwrap().warnings();
            assert!(warnings.iter().any(|warning| warning.contains(told)), "{instead}: {warnings:?}");
        }
    }

    #[test]
    fn an_api_without_a_service_principal_is_doubted() {
        let text = ShippedWorld::Minimal.toml();
        let (tenants, applications) = text.split_once("[[applications]]").unwrap();
        let tenants: String = tenants.split("[[tenants.service_principals]]").take(1).collect();
        let warnings =
            World::from_toml(&format!("{tenants}[[applications]]{applications}")).unwrap().warnings();
        assert!(
            warnings
                .iter()
                .any(|warning| warning.contains("no service principal") || warning.contains("no tenant has")),
            "{warnings:?}"
        );
    }
}
