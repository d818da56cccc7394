//! `GET /sim/directory`: everything a test or a person needs to sign in.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::authority::Authority;
use crate::state::Context;
use crate::world::{Application, RedirectUri, ServicePrincipal, Tenant, World};

pub(super) async fn show(State(context): State<Context>) -> Json<Value> {
    let world = context.state.world();
    let base =
        |authority: &Option<Authority>| authority.as_ref().map(|authority| authority.base().to_owned());
    let authorities = &context.state.authorities;
    Json(json!({
        "authorities": { "http": base(&authorities.http), "https": base(&authorities.https) },
        "tenants": world.tenants().map(|one| tenant(&world, one)).collect::<Vec<_>>(),
        "applications": world.applications().map(application).collect::<Vec<_>>(),
    }))
}

fn tenant(world: &World, tenant: &Tenant) -> Value {
    json!({
        "id": tenant.id,
        "name": tenant.name,
        "domains": tenant.domains,
        "kind": tenant.kind,
        "users": users(world, tenant),
        "service_principals": tenant.service_principals.iter().map(|one| principal(world, one)).collect::<Vec<_>>(),
    })
}

/// A guest signs in with the password of the account at home.
fn users(world: &World, tenant: &Tenant) -> Vec<Value> {
    let accounts = tenant.users.iter().filter_map(|user| world.account_of(tenant, user));
    let user = |account: crate::world::Account<'_>| {
        json!({
            "id": account.user.id,
            "upn": account.user.upn,
            "display_name": account.user.display_name,
            "password": account.home_user.password,
            "roles": account.user.roles,
            "home_tenant": account.home.id,
        })
    };
    accounts.map(user).collect()
}

fn principal(world: &World, principal: &ServicePrincipal) -> Value {
    json!({
        "id": principal.id,
        "app_id": principal.app_id,
        "display_name": world.client(principal.app_id).map(|application| &application.display_name),
        "grants": principal.grants,
    })
}

fn application(application: &Application) -> Value {
    json!({
        "app_id": application.app_id,
        "display_name": application.display_name,
        "home_tenant": application.home_tenant,
        "kind": application.kind,
        "sign_in_audience": application.sign_in_audience,
        "identifier_uris": application.identifier_uris,
        "scopes": application.scopes.iter().map(|scope| &scope.value).collect::<Vec<_>>(),
        "app_roles": application.app_roles.iter().map(|role| &role.value).collect::<Vec<_>>(),
        "redirect_uris": application.redirect_uris.iter().map(RedirectUri::uri).collect::<Vec<_>>(),
        "secrets": application.secrets.iter().map(|secret| &secret.text).collect::<Vec<_>>(),
        "token_version": application.token_version,
        "allowed_tenants": application.allowed_tenants,
    })
}
