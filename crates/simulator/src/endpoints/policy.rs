//! Who may have which token: registration, presence in the tenant, native allow-list, consent. The same rules hold
//! at the authorize and at the token endpoint.

use super::aadsts::{
    Aadsts, CLIENT_NOT_ALLOWED, CLIENT_NOT_IN_TENANT, CONSENT_REQUIRED, Cause, INVALID_SCOPE,
    PRINCIPAL_MISSING, RESOURCE_NOT_ALLOWED, RESOURCE_NOT_FOUND, RESOURCE_NOT_IN_TENANT, USER_NOT_IN_TENANT,
};
use super::scope::{Asked, Scope};
use crate::ids::{ObjectId, TenantId};
use crate::state::State;
use crate::world::{Account, Application, GRAPH, ServicePrincipal, Slot, Tenant, TenantKind, World, graph};

/// Whether a person or a program signs in: some causes have other numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Delegated,
    AppOnly,
}

/// What a client gets at one API.
#[derive(Debug, Clone)]
pub(super) struct Granted<'w> {
    pub(super) resource: &'w Application,
    /// The API as the client wrote it.
    pub(super) asked_as: String,
    pub(super) scopes: Vec<String>,
    pub(super) default: bool,
}

/// The policies over one snapshot of the world.
pub(super) struct Policy<'w> {
    world: &'w World,
    native_allow_list: bool,
}

impl<'w> Policy<'w> {
    pub(super) fn new(state: &State, world: &'w World) -> Self {
        Self { world, native_allow_list: state.native_allow_list() }
    }

    /// The client of a request, wherever it is registered.
    pub(super) fn client(&self, client_id: &str) -> Result<&'w Application, Aadsts> {
        let client = client_id.parse().ok().and_then(|id| self.world.client(id));
        client.ok_or_else(|| {
            let shown: String = client_id.chars().take(64).collect();
            CLIENT_NOT_IN_TENANT
                .because(format!("Application with identifier '{shown}' was not found in the directory."))
        })
    }

    /// The account in the tenant that the path addresses: at home for an alias, a guest where another is named.
    pub(super) fn account(
        &self,
        slot: Slot<'w>,
        home: TenantId,
        user: ObjectId,
    ) -> Result<Account<'w>, Aadsts> {
        let home_tenant = self.world.tenant_by_id(home).ok_or_else(|| not_in_tenant("this simulator"))?;
        let personal = home_tenant.kind == TenantKind::Personal;
        let tenant = match slot {
            Slot::Tenant(tenant) | Slot::Consumers(tenant) => tenant,
            Slot::Organizations if personal => return Err(not_in_tenant("organizations")),
            Slot::Common | Slot::Organizations => home_tenant,
        };
        self.world.seen_from(tenant, home, user).ok_or_else(|| not_in_tenant(&tenant.name))
    }

    /// Whether the client may sign anybody in to `tenant`; its local half if so.
    pub(super) fn admit(
        &self,
        client: &Application,
        tenant: &'w Tenant,
        flow: Flow,
    ) -> Result<&'w ServicePrincipal, Aadsts> {
        let id = client.app_id;
        let missing = |cause: Cause| {
            cause.because(format!(
                "Application with identifier '{id}' was not found in the directory '{}'. \
                It may not have been installed by an administrator or allowed by any user there.",
                tenant.name
            ))
        };
        if !client.admits(tenant) {
            return Err(missing(CLIENT_NOT_IN_TENANT));
        }
        let cause = if flow == Flow::AppOnly { PRINCIPAL_MISSING } else { CLIENT_NOT_IN_TENANT };
        let principal = tenant.service_principal(id).ok_or_else(|| missing(cause))?;
        match self.native_allow_list && !client.natively_allows(tenant.id) {
            true => Err(CLIENT_NOT_ALLOWED
                .because(format!("Application '{id}' is not allowed for tenant '{}'.", tenant.id))),
            false => Ok(principal),
        }
    }

    /// The API a client asks for, if it may be called from `tenant` at all.
    pub(super) fn resource(
        &self,
        asked: &Asked,
        tenant: &Tenant,
        flow: Flow,
    ) -> Result<&'w Application, Aadsts> {
        let shown: String = asked.resource.chars().take(200).collect();
        let unknown = |cause: Cause| {
            cause.because(format!(
                "The resource principal named '{shown}' was not found in the tenant '{}'.",
                tenant.name
            ))
        };
        let resource = self.world.resource(&asked.resource).ok_or_else(|| unknown(RESOURCE_NOT_FOUND))?;
        if resource.app_id == graph().app_id {
            return Ok(resource);
        }
        let absent = if flow == Flow::AppOnly { RESOURCE_NOT_FOUND } else { RESOURCE_NOT_IN_TENANT };
        if tenant.service_principal(resource.app_id).is_none() {
            return Err(unknown(absent));
        }
        match self.native_allow_list && !resource.natively_allows(tenant.id) {
            true => Err(RESOURCE_NOT_ALLOWED.because(format!(
                "Resource '{}' is not allowed for tenant '{}'.",
                resource.app_id, tenant.id
            ))),
            false => Ok(resource),
        }
    }

    /// What a delegated request gets: of every API for the checks, of the first for the token.
    pub(super) fn delegated(
        &self,
        scope: &Scope,
        client: &Application,
        account: &Account<'w>,
    ) -> Result<Granted<'w>, Aadsts> {
        let tenant = account.tenant;
        let principal = self.admit(client, tenant, Flow::Delegated)?;
        let mut granted =
            scope.resources().iter().map(|asked| self.grant(asked, client, (tenant, principal)));
        let first = granted.next().unwrap_or_else(|| Ok(sign_in_only()))?;
        granted.try_for_each(|other| other.map(drop))?;
        Ok(first)
    }

    fn grant(
        &self,
        asked: &Asked,
        client: &Application,
        (tenant, principal): (&'w Tenant, &ServicePrincipal),
    ) -> Result<Granted<'w>, Aadsts> {
        let resource = self.resource(asked, tenant, Flow::Delegated)?;
        if let Some(unknown) = asked.names.iter().find(|name| resource.scope(name).is_none()) {
            let shown: String = unknown.chars().take(120).collect();
            return Err(INVALID_SCOPE.because(format!(
                "The provided value for scope '{shown}' is not valid at '{}'.",
                resource.display_name
            )));
        }
        let allowed = consented(resource, client, principal);
        let lacking =
            asked.names.iter().any(|name| !allowed.contains(name)) || (asked.default && allowed.is_empty());
        if lacking {
            return Err(CONSENT_REQUIRED.because(format!(
                "The user or administrator has not consented to use the application \
                with ID '{}' named '{}'.",
                client.app_id, client.display_name
            )));
        }
        let scopes = if asked.default { allowed } else { asked.names.clone() };
        Ok(Granted { resource, asked_as: asked.resource.clone(), scopes, default: asked.default })
    }
}

/// Scopes of an API that the tenant granted to a client, or that need no grant.
fn consented(resource: &Application, client: &Application, principal: &ServicePrincipal) -> Vec<String> {
    if resource.app_id == graph().app_id {
        return resource
            .scopes
            .iter()
            .filter(|scope| !scope.admin_only)
            .map(|scope| scope.value.clone())
            .collect();
    }
    let grant = principal.grant(resource.app_id);
    let granted = |scope: &str| grant.is_some_and(|grant| grant.scopes.iter().any(|name| name == scope));
    let offered = resource.scopes.iter().filter(|scope| scope.enabled).map(|scope| &scope.value);
    let free = |scope: &str| resource.pre_authorizes(client.app_id, scope);
    offered.filter(|scope| free(scope) || granted(scope)).cloned().collect()
}

/// A request for nothing but a sign-in gets an access token for Microsoft Graph, as at Entra.
fn sign_in_only() -> Granted<'static> {
    Granted { resource: graph(), asked_as: GRAPH.to_owned(), scopes: Vec::new(), default: false }
}

fn not_in_tenant(tenant: &str) -> Aadsts {
    USER_NOT_IN_TENANT.because(format!(
        "User account does not exist in tenant '{tenant}' and cannot access the application there. \
        The account needs to be added as an external user in the tenant first."
    ))
}
