//! Permissions as the consent pages show them.

use super::policy::Permissions;
use super::scope::OIDC;
use crate::pages::{ConsentItem, Publisher};
use crate::world::{Application, Tenant, World};

/// Delegated permissions and app roles, API by API.
pub(super) fn items(permissions: &[Permissions<'_>]) -> Vec<ConsentItem> {
    [delegated(permissions), app_only(permissions)].concat()
}

/// Delegated permissions.
pub(super) fn delegated(permissions: &[Permissions<'_>]) -> Vec<ConsentItem> {
    permissions
        .iter()
        .flat_map(|wanted| wanted.scopes.iter().map(|name| scope(wanted.resource, name)))
        .collect()
}

/// App roles, which the application uses as itself.
pub(super) fn app_only(permissions: &[Permissions<'_>]) -> Vec<ConsentItem> {
    permissions
        .iter()
        .flat_map(|wanted| wanted.roles.iter().map(|name| role(wanted.resource, name)))
        .collect()
}

/// Delegated permissions as clients write them.
pub(super) fn qualified(wanted: &Permissions<'_>) -> impl Iterator<Item = String> {
    let resource = wanted.resource;
    let fallback = || resource.app_id.to_string();
    let name = resource.identifier_uris.first().cloned().unwrap_or_else(fallback);
    wanted.scopes.iter().map(move |scope| match OIDC.contains(&scope.as_str()) {
        true => scope.clone(),
        false => format!("{name}/{scope}"),
    })
}

fn scope(resource: &Application, name: &str) -> ConsentItem {
    let known = resource.scope(name);
    ConsentItem {
        resource: resource.display_name.clone(),
        name: name.to_owned(),
        title: known.and_then(|scope| scope.title.clone()).unwrap_or_else(|| name.to_owned()),
        description: known.and_then(|scope| scope.description.clone()).unwrap_or_default(),
        admin_only: known.is_some_and(|scope| scope.admin_only),
    }
}

fn role(resource: &Application, name: &str) -> ConsentItem {
    let known = resource.app_role(name);
    ConsentItem {
        resource: resource.display_name.clone(),
        name: name.to_owned(),
        title: known.and_then(|role| role.title.clone()).unwrap_or_else(|| name.to_owned()),
        description: known.and_then(|role| role.description.clone()).unwrap_or_default(),
        admin_only: true,
    }
}

/// Whose application it is.
pub(super) fn publisher(world: &World, application: &Application, tenant: &Tenant) -> Publisher {
    let home = world.tenant_by_id(application.home_tenant);
    Publisher {
        name: home.map(|home| home.name.clone()).unwrap_or_default(),
        is_own_tenant: application.home_tenant == tenant.id,
    }
}
