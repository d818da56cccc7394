//! The snippets' form and values, for the client, tenant and API of `choice.rs`.

use serde_json::json;
use url::Url;

use super::Asked;
use super::choice::{Chosen, choose, client_kind, is_api};
use crate::authority::Authority;
use crate::ids::{AppId, TenantId};
use crate::pages::directory::{Choice, ConfigurationView};
use crate::pages::snippets::{ClientKind, Text, Values, snippets};
use crate::state::Context;
use crate::world::{Application, Platform, RedirectUri, Slot, Tenant, TenantKind, User, World};

/// Entries of a selection, and tenants that are suggested.
const CHOICES_MAX: usize = 200;
/// Organisations with a button of their own.
const BUTTONS_MAX: usize = 3;
/// Where a page is served whose redirect URI names no port: Vite's own.
const PAGE_PORT: u16 = 5173;

pub(super) fn view(context: &Context, world: &World, asked: &Asked) -> ConfigurationView {
    let (chosen, problem) = match choose(world, asked) {
        Ok((chosen, problem)) => (Some(chosen), problem),
        Err(problem) => (None, Some(problem.to_owned())),
    };
    let (client, api) =
        (chosen.as_ref().map(|one| one.client.app_id), chosen.as_ref().map(|one| one.api.app_id));
    let snippets =
        chosen.as_ref().map(|chosen| snippets(&values(context, world, chosen))).unwrap_or_default();
    let known = snippets.iter().any(|snippet| snippet.id == asked.show && snippet.instead.is_none());
    let first =
        || snippets.iter().find(|snippet| snippet.instead.is_none()).map_or("", |first| first.id).to_owned();
    ConfigurationView {
        applications: choices(world.applications().filter(|app| client_kind(app).is_some()), client),
        apis: choices(world.applications().filter(|app| is_api(app)), api),
        tenant: chosen.as_ref().map(|one| one.slot.segment()).unwrap_or_default(),
        tenants: suggestions(world),
        person: chosen.as_ref().and_then(|chosen| somebody(world, chosen)),
        problem,
        show: if known { asked.show.clone() } else { first() },
        snippets,
    }
}

/// Where a tenant's people sign in: customers at a host of their own.
pub(super) fn face(authority: &Authority, tenant: &Tenant) -> Authority {
    match &tenant.subdomain {
        Some(label) => authority.at_host_of(tenant.id, label),
        None => authority.clone(),
    }
}

fn choices<'w>(apps: impl Iterator<Item = &'w Application>, selected: Option<AppId>) -> Vec<Choice> {
    let choice = |app: &Application| Choice {
        value: app.app_id.to_string(),
        label: app.display_name.clone(),
        selected: Some(app.app_id) == selected,
    };
    // The selected one is always among them.
    let (chosen, others): (Vec<_>, Vec<_>) = apps.map(choice).partition(|choice| choice.selected);
    chosen.into_iter().chain(others).take(CHOICES_MAX).collect()
}

fn suggestions(world: &World) -> Vec<Choice> {
    let choice = |value: String, label: &str| Choice { value, label: label.to_owned(), selected: false };
    let aliases = [("organizations", "any organisation"), ("common", "any organisation, personal accounts")];
    let aliases = aliases.map(|(value, label)| choice(value.to_owned(), label));
    let tenants = world.tenants().map(|tenant| choice(tenant.id.to_string(), &tenant.name));
    aliases.into_iter().chain(tenants).take(CHOICES_MAX).collect()
}

/// Somebody who gets in: of the tenant, or of the first that knows the client and that the lists let in.
fn somebody(world: &World, chosen: &Chosen<'_>) -> Option<(String, String)> {
    if chosen.kind == ClientKind::Daemon {
        return None;
    }
    let tenant = match chosen.slot {
        Slot::Tenant(tenant) | Slot::Consumers(tenant) => tenant,
        _ => welcome(world, chosen)?,
    };
    member(tenant).map(|user| (user.upn.clone(), user.password.expose().to_owned()))
}

fn member(tenant: &Tenant) -> Option<&User> {
    tenant
        .users
        .iter()
        .find(|user| user.enabled && user.home_tenant.is_none() && !user.password.expose().is_empty())
}

fn welcome<'w>(world: &'w World, chosen: &Chosen<'w>) -> Option<&'w Tenant> {
    let fits = |tenant: &&Tenant| {
        tenant.kind == TenantKind::Workforce
            && tenant.service_principal(chosen.client.app_id).is_some()
            && chosen.api.natively_allows(tenant.id)
            && chosen.client.natively_allows(tenant.id)
            && member(tenant).is_some()
    };
    world.tenants().find(fits).or_else(|| world.tenant_by_id(chosen.client.home_tenant))
}

fn values(context: &Context, world: &World, chosen: &Chosen<'_>) -> Values {
    let authorities = &context.state.authorities;
    let listener = authorities.https.as_ref().unwrap_or(&context.authority);
    let authority = match chosen.slot {
        Slot::Tenant(tenant) => face(listener, tenant),
        _ => listener.clone(),
    };
    let redirect_uri = redirect_uri(chosen.client, chosen.kind);
    let (page_uri, page_port, page_origin) = own_page(&redirect_uri);
    let scope = chosen.api.scopes.iter().find(|scope| scope.enabled).map_or("", |scope| scope.value.as_str());
    let api_uri =
        chosen.api.identifier_uris.first().cloned().unwrap_or_else(|| chosen.api.app_id.to_string());
    let secret = chosen.client.secrets.first().map(|secret| secret.text.expose().to_owned());
    let is_spa = chosen.kind == ClientKind::Spa;
    Values {
        kind: chosen.kind,
        base: authority.base().to_owned(),
        authority: format!("{}/{}", authority.base(), chosen.slot.segment()),
        host_and_port: authority.host_and_port().to_owned(),
        ca_fetch: ca_fetch(context),
        client_id: chosen.client.app_id.to_string(),
        secret: Text(secret.unwrap_or_default()),
        redirect_uri: Text(redirect_uri),
        page_uri: Text(page_uri),
        page_port,
        page_origin: if is_spa { page_origin } else { String::new() },
        api_id: chosen.api.app_id.to_string(),
        scope: Text(format!("{api_uri}/{scope}")),
        scope_name: Text(scope.to_owned()),
        default_scope: Text(format!("{api_uri}/.default")),
        listed_tenants: listed(chosen).iter().map(TenantId::to_string).collect(),
        tenant_buttons: buttons(world, chosen),
        tasks_api: context.state.tasks_api.clone(),
        mint_body: Text(mint_body(world, chosen)),
    }
}

/// Of several the one that a page can be served at from its root.
fn redirect_uri(client: &Application, kind: ClientKind) -> String {
    let platform = match kind {
        ClientKind::Spa => Platform::Spa,
        ClientKind::Native => Platform::Native,
        ClientKind::Web | ClientKind::Daemon => Platform::Web,
    };
    let fitting = || {
        let of_platform =
            client.redirect_uris.iter().filter(|registered| client.platform(registered) == platform);
        of_platform.map(RedirectUri::uri)
    };
    let root = |uri: &&str| Url::parse(uri).is_ok_and(|url| url.path() == "/" && url.scheme() == "http");
    fitting().find(root).or_else(|| fitting().next()).unwrap_or_default().to_owned()
}

/// Address, port and origin of the page behind a redirect URI.
fn own_page(redirect_uri: &str) -> (String, u16, String) {
    match Url::parse(redirect_uri) {
        Ok(mut url) => {
            let port = url.port().unwrap_or(PAGE_PORT);
            // Only URLs without a host cannot have a port, and these are no pages.
            let _ = url.set_port(Some(port));
            (url.to_string(), port, url.origin().ascii_serialization())
        }
        Err(_) => (String::new(), PAGE_PORT, String::new()),
    }
}

/// Over plain HTTP where there is such a listener, else unverified: this is how trust begins.
fn ca_fetch(context: &Context) -> String {
    let authorities = &context.state.authorities;
    match (&authorities.http, &authorities.https) {
        (Some(http), _) => format!(" -s {}/sim/ca.pem", http.base()),
        (None, Some(https)) => format!(" -sk {}/sim/ca.pem", https.base()),
        (None, None) => String::new(),
    }
}

/// Whom the API is to let in: the tenant chosen, or those that its registration lists, or its home.
fn listed(chosen: &Chosen<'_>) -> Vec<TenantId> {
    match (chosen.slot, &chosen.api.allowed_tenants) {
        (Slot::Tenant(tenant) | Slot::Consumers(tenant), _) => vec![tenant.id],
        (_, Some(listed)) if !listed.is_empty() => listed.clone(),
        _ => vec![chosen.api.home_tenant],
    }
}

fn buttons(world: &World, chosen: &Chosen<'_>) -> String {
    let listed = listed(chosen);
    let names = listed.iter().take(BUTTONS_MAX).filter_map(|id| world.tenant_by_id(*id));
    // The variable's own separators, and what would end the line.
    let plain = |name: &str| name.replace([',', '=', '\n', '\r', '#', '"', '\'', '`', '$'], " ");
    names.map(|tenant| format!("{}={}", plain(&tenant.name), tenant.id)).collect::<Vec<_>>().join(",")
}

fn mint_body(world: &World, chosen: &Chosen<'_>) -> String {
    let tenant = match chosen.slot {
        Slot::Tenant(tenant) | Slot::Consumers(tenant) => Some(tenant),
        _ => welcome(world, chosen),
    };
    let tenant_id = tenant.map_or(chosen.client.home_tenant, |tenant| tenant.id);
    let (client, api) = (chosen.client.app_id, chosen.api.app_id);
    match tenant.and_then(member).filter(|_| chosen.kind != ClientKind::Daemon) {
        Some(user) => json!({"tenant": tenant_id, "user": user.upn, "client": client, "audience": api}),
        None => json!({"tenant": tenant_id, "application": client, "audience": api}),
    }
    .to_string()
}
