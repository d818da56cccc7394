//! Who may have which token: registration, presence in the tenant, native allow-list, assignment, consent. The same
//! rules hold at the authorize and at the token endpoint; what a consent page asks is in `consent.rs`.

mod consent;

pub(super) use self::consent::{Consent, Permissions};
use super::aadsts::{
    APPLICATION_DISABLED, APPLICATION_NARROWED, Aadsts, CLIENT_DISABLED, CLIENT_NOT_ALLOWED,
    CLIENT_NOT_ASSIGNED, CLIENT_NOT_IN_TENANT, CONSENT_REQUIRED, Cause, INVALID_SCOPE, PRINCIPAL_MISSING,
    RESOURCE_DISABLED, RESOURCE_NOT_ALLOWED, RESOURCE_NOT_FOUND, RESOURCE_NOT_IN_TENANT, USER_DISABLED,
    USER_NOT_ASSIGNED, USER_NOT_IN_TENANT,
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
        let tenant = match (slot, home_tenant.kind) {
            (Slot::Tenant(tenant) | Slot::Consumers(tenant), _) => tenant,
            (Slot::Organizations, TenantKind::Personal) => return Err(not_in_tenant("organizations")),
            // Customers sign in at their own directory and nowhere else.
            (Slot::Common | Slot::Organizations, TenantKind::External) => {
                return Err(not_in_tenant("common"));
            }
            (Slot::Common | Slot::Organizations, _) => home_tenant,
        };
        let account = self.world.seen_from(tenant, home, user).ok_or_else(|| not_in_tenant(&tenant.name))?;
        match account.home_user.enabled && account.user.enabled {
            true => Ok(account),
            false => Err(USER_DISABLED.because("The user account is disabled.")),
        }
    }

    /// Whether the client may be used in `tenant` at all, once it is consented to.
    fn entitle(&self, client: &Application, tenant: &Tenant) -> Result<(), Aadsts> {
        let id = client.app_id;
        if !client.enabled {
            return Err(APPLICATION_DISABLED.because(format!("Application '{id}' is disabled.")));
        }
        if !client.admits(tenant) {
            return Err(match tenant.service_principal(id) {
                Some(_) => APPLICATION_NARROWED.because(format!(
                    "Application '{id}' was configured for use by accounts of its home tenant only, and '{}' is another.",
                    tenant.name
                )),
                None => not_installed(CLIENT_NOT_IN_TENANT, client, tenant),
            });
        }
        if tenant.service_principal(id).is_some_and(|principal| !principal.enabled) {
            return Err(
                CLIENT_DISABLED.because(format!("Application '{id}' is disabled in '{}'.", tenant.name))
            );
        }
        match self.native_allow_list && !client.natively_allows(tenant.id) {
            true => Err(CLIENT_NOT_ALLOWED
                .because(format!("Application '{id}' is not allowed for tenant '{}'.", tenant.id))),
            false => Ok(()),
        }
    }

    /// Whether the client may sign anybody in to `tenant`; its local half if so.
    pub(super) fn admit(
        &self,
        client: &Application,
        tenant: &'w Tenant,
        flow: Flow,
    ) -> Result<&'w ServicePrincipal, Aadsts> {
        self.entitle(client, tenant)?;
        let cause = if flow == Flow::AppOnly { PRINCIPAL_MISSING } else { CLIENT_NOT_IN_TENANT };
        tenant.service_principal(client.app_id).ok_or_else(|| not_installed(cause, client, tenant))
    }

    /// The API a client asks for, if it may be called from `tenant` at all.
    pub(super) fn resource(
        &self,
        asked: &Asked,
        tenant: &Tenant,
        flow: Flow,
    ) -> Result<&'w Application, Aadsts> {
        let resource = self.resource_named(&asked.resource, tenant)?;
        if !tenant.has_resource(resource) {
            let absent = if flow == Flow::AppOnly { RESOURCE_NOT_FOUND } else { RESOURCE_NOT_IN_TENANT };
            return Err(no_resource(absent, &asked.resource, tenant));
        }
        self.usable(resource, tenant)?;
        Ok(resource)
    }

    fn resource_named(&self, name: &str, tenant: &Tenant) -> Result<&'w Application, Aadsts> {
        self.world.resource(name).ok_or_else(|| no_resource(RESOURCE_NOT_FOUND, name, tenant))
    }

    /// Whether an API that is there, or will be, is switched off or kept from the tenant.
    fn usable(&self, resource: &Application, tenant: &Tenant) -> Result<(), Aadsts> {
        let off = tenant.service_principal(resource.app_id).is_some_and(|principal| !principal.enabled);
        if off || !resource.enabled {
            return Err(RESOURCE_DISABLED
                .because(format!("The service principal for resource '{}' is disabled.", resource.app_id)));
        }
        match self.native_allow_list && !resource.natively_allows(tenant.id) {
            true => Err(RESOURCE_NOT_ALLOWED.because(format!(
                "Resource '{}' is not allowed for tenant '{}'.",
                resource.app_id, tenant.id
            ))),
            false => Ok(()),
        }
    }

    /// What an application gets by itself at an API: the roles that were granted to it.
    pub(super) fn app_only(
        &self,
        principal: &ServicePrincipal,
        resource: &Application,
        tenant: &Tenant,
    ) -> Result<Vec<String>, Aadsts> {
        let roles = principal.grant(resource.app_id).map(|grant| grant.roles.clone()).unwrap_or_default();
        match requires_assignment(resource, tenant) && roles.is_empty() {
            true => Err(CLIENT_NOT_ASSIGNED.because(format!(
                "Application '{}' is not assigned to a role for the application '{}'.",
                principal.app_id, resource.app_id
            ))),
            false => Ok(roles),
        }
    }

    /// What a delegated request gets: of every API for the checks, of the first for the token.
    pub(super) fn delegated(
        &self,
        scope: &Scope,
        client: &Application,
        account: &Account<'w>,
    ) -> Result<Granted<'w>, Aadsts> {
        let principal = self.admit(client, account.tenant, Flow::Delegated)?;
        check_assignment(client, account)?;
        let mut granted =
            scope.resources().iter().map(|asked| self.grant(asked, client, (account, principal)));
        let first = granted.next().unwrap_or_else(|| Ok(sign_in_only()))?;
        granted.try_for_each(|other| other.map(drop))?;
        Ok(first)
    }

    fn grant(
        &self,
        asked: &Asked,
        client: &Application,
        (account, principal): (&Account<'w>, &ServicePrincipal),
    ) -> Result<Granted<'w>, Aadsts> {
        let resource = self.resource(asked, account.tenant, Flow::Delegated)?;
        check_assignment(resource, account)?;
        check_names(asked, resource)?;
        let allowed = in_effect(resource, client, (Some(principal), account.user.id));
        if lacking(asked, &allowed) {
            return Err(not_consented(client));
        }
        let scopes = if asked.default { allowed } else { asked.names.clone() };
        Ok(Granted { resource, asked_as: asked.resource.clone(), scopes, default: asked.default })
    }
}

/// Named permissions must exist; `/.default` already means them all.
fn check_names(asked: &Asked, resource: &Application) -> Result<(), Aadsts> {
    if asked.default && !asked.names.is_empty() {
        return Err(INVALID_SCOPE.because(format!(
            "The .default scope can't be combined with resource-specific scopes of '{}'.",
            resource.display_name
        )));
    }
    match asked.names.iter().find(|name| resource.scope(name).is_none()) {
        Some(unknown) => {
            let shown: String = unknown.chars().take(120).collect();
            Err(INVALID_SCOPE.because(format!(
                "The provided value for scope '{shown}' is not valid at '{}'.",
                resource.display_name
            )))
        }
        None => Ok(()),
    }
}

/// Scopes of an API in a client's hands: granted by the person or for everybody, or free of consent.
fn in_effect(
    resource: &Application,
    client: &Application,
    (principal, user): (Option<&ServicePrincipal>, ObjectId),
) -> Vec<String> {
    let granted = principal.map(|principal| principal.scopes_for(resource.app_id, user)).unwrap_or_default();
    let offered = resource.scopes.iter().filter(|scope| scope.enabled).map(|scope| &scope.value);
    offered
        .filter(|scope| granted.contains(scope.as_str()) || resource.pre_authorizes(client.app_id, scope))
        .cloned()
        .collect()
}

/// Whether somebody has to consent first. `/.default` is content with any grant.
fn lacking(asked: &Asked, allowed: &[String]) -> bool {
    match asked.default {
        true => allowed.is_empty(),
        false => asked.names.iter().any(|name| !allowed.contains(name)),
    }
}

fn requires_assignment(application: &Application, tenant: &Tenant) -> bool {
    tenant.service_principal(application.app_id).is_some_and(|principal| principal.assignment_required)
}

fn check_assignment(application: &Application, account: &Account<'_>) -> Result<(), Aadsts> {
    match requires_assignment(application, account.tenant) && !account.is_assigned_to(application) {
        true => Err(USER_NOT_ASSIGNED.because(format!(
            "The signed in user '{}' is not assigned to a role for the application '{}' ({}).",
            account.user.upn, application.app_id, application.display_name
        ))),
        false => Ok(()),
    }
}

/// A request for nothing but a sign-in gets an access token for Microsoft Graph, as at Entra.
fn sign_in_only() -> Granted<'static> {
    Granted { resource: graph(), asked_as: GRAPH.to_owned(), scopes: Vec::new(), default: false }
}

/// Somebody has to agree first.
pub(super) fn not_consented(client: &Application) -> Aadsts {
    CONSENT_REQUIRED.because(format!(
        "The user or administrator has not consented to use the application with ID '{}' named '{}'. \
        Send an interactive authorization request for this user and resource.",
        client.app_id, client.display_name
    ))
}

fn not_installed(cause: Cause, client: &Application, tenant: &Tenant) -> Aadsts {
    cause.because(format!(
        "Application with identifier '{}' was not found in the directory '{}'. \
        It may not have been installed by an administrator or allowed by any user there.",
        client.app_id, tenant.name
    ))
}

fn no_resource(cause: Cause, name: &str, tenant: &Tenant) -> Aadsts {
    let shown: String = name.chars().take(200).collect();
    cause.because(format!(
        "The resource principal named '{shown}' was not found in the tenant '{}'.",
        tenant.name
    ))
}

fn not_in_tenant(tenant: &str) -> Aadsts {
    USER_NOT_IN_TENANT.because(format!(
        "User account does not exist in tenant '{tenant}' and cannot access the application there. \
        The account needs to be added as an external user in the tenant first."
    ))
}
