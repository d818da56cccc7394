//! What the snippets are about: a client, where it signs in, and the API that it calls.

use super::Asked;
use crate::ids::AppId;
use crate::pages::snippets::ClientKind;
use crate::world::{Application, ApplicationKind, SignInAudience, Slot, World};

/// The client, tenant and API that were asked for, or the first ones that go together.
pub(super) struct Chosen<'w> {
    pub(super) client: &'w Application,
    pub(super) kind: ClientKind,
    pub(super) api: &'w Application,
    pub(super) slot: Slot<'w>,
}

/// What was chosen, and what of it will not work.
pub(super) fn choose<'w>(
    world: &'w World,
    asked: &Asked,
) -> Result<(Chosen<'w>, Option<String>), &'static str> {
    let (client, kind) = client(world, &asked.app).ok_or("There is no client application in this world.")?;
    let api = api(world, client, &asked.api).ok_or("There is no API with a scope in this world.")?;
    let wanted = asked.tenant.trim();
    let slot = world.slot(wanted).filter(|slot| is_possible(*slot, client, kind));
    let slot = slot.or_else(|| world.slot(&usual_place(client, kind)));
    let slot = slot.ok_or("The application's home tenant is not in this world.")?;
    let problem = match world.slot(wanted) {
        None if !wanted.is_empty() => {
            Some("No such tenant: give an id, a domain, organizations or common.".to_owned())
        }
        _ => misfit(client, slot),
    };
    Ok((Chosen { client, kind, api, slot }, problem))
}

/// How an application signs in; `None` for APIs.
pub(super) fn client_kind(app: &Application) -> Option<ClientKind> {
    match app.kind {
        ApplicationKind::Spa => Some(ClientKind::Spa),
        ApplicationKind::Native => Some(ClientKind::Native),
        ApplicationKind::Web => Some(ClientKind::Web),
        ApplicationKind::Daemon => Some(ClientKind::Daemon),
        ApplicationKind::Api => None,
    }
}

pub(super) fn is_api(app: &Application) -> bool {
    app.scopes.iter().any(|scope| scope.enabled)
}

/// The one asked for, else the first single-page application, else the first of any kind.
fn client<'w>(world: &'w World, asked: &str) -> Option<(&'w Application, ClientKind)> {
    let clients = || world.applications().filter_map(|app| Some((app, client_kind(app)?)));
    clients()
        .find(|(app, _)| app.app_id.to_string() == asked)
        .or_else(|| clients().find(|(_, kind)| *kind == ClientKind::Spa))
        .or_else(|| clients().next())
}

/// The one asked for, else the one that the client uses, else the first.
fn api<'w>(world: &'w World, client: &Application, asked: &str) -> Option<&'w Application> {
    let apis = || world.applications().filter(|app| is_api(app));
    let usual = usual_api(world, client);
    apis()
        .find(|app| app.app_id.to_string() == asked)
        .or_else(|| apis().find(|app| Some(app.app_id) == usual))
        .or_else(|| apis().next())
}

/// The API that a client asks for in advance, or was granted at home.
fn usual_api(world: &World, client: &Application) -> Option<AppId> {
    let required = client.required_permissions.iter().map(|required| required.resource);
    let home = world.tenant_by_id(client.home_tenant)?;
    let principal = home.service_principal(client.app_id);
    let granted = principal.into_iter().flat_map(|principal| &principal.grants).map(|grant| grant.resource);
    required.chain(granted).find(|id| world.client(*id).is_some_and(is_api))
}

/// Clients of one tenant, and programs as themselves, sign in at a tenant; an alias would be refused.
fn is_possible(slot: Slot<'_>, client: &Application, kind: ClientKind) -> bool {
    matches!(slot, Slot::Tenant(_) | Slot::Consumers(_)) || !signs_in_at_one_tenant(client, kind)
}

fn signs_in_at_one_tenant(client: &Application, kind: ClientKind) -> bool {
    client.sign_in_audience == SignInAudience::MyOrg || kind == ClientKind::Daemon
}

/// Multi-tenant clients find the tenant by the user name.
fn usual_place(client: &Application, kind: ClientKind) -> String {
    match signs_in_at_one_tenant(client, kind) {
        true => client.home_tenant.to_string(),
        false => "organizations".to_owned(),
    }
}

fn misfit(client: &Application, slot: Slot<'_>) -> Option<String> {
    let (Slot::Tenant(tenant) | Slot::Consumers(tenant)) = slot else { return None };
    (!client.admits(tenant)).then(|| {
        let (client, tenant) = (&client.display_name, &tenant.name);
        format!("{client} does not admit accounts of {tenant}: a sign-in will be refused.")
    })
}
