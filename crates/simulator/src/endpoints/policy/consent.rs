//! What a client wants that somebody has to agree to, and who may.

use super::{Policy, check_assignment, check_names, in_effect, lacking, no_resource};
use crate::endpoints::aadsts::{
    ADMIN_NEEDED, ADMIN_REQUEST_NEEDED, Aadsts, RESOURCE_NOT_IN_TENANT, RESOURCE_NOT_LISTED,
};
use crate::endpoints::admin_consent::Wish;
use crate::endpoints::scope::{Asked, Scope};
use crate::ids::AppId;
use crate::world::{Account, Application, Granting, RequiredPermissions, Tenant, UserConsent, graph};

/// What one dialog asks for.
#[derive(Debug, Clone)]
pub(in crate::endpoints) struct Consent<'w> {
    /// What each client gets of each API; with combined consent there are two clients.
    pub(in crate::endpoints) permissions: Vec<Permissions<'w>>,
    /// Whose local halves must be there afterwards.
    principals: Vec<&'w Application>,
    /// Whether the request cannot go on without.
    pub(in crate::endpoints) lacking: bool,
}

/// What a client gets of one API.
#[derive(Debug, Clone)]
pub(in crate::endpoints) struct Permissions<'w> {
    pub(in crate::endpoints) client: &'w Application,
    pub(in crate::endpoints) resource: &'w Application,
    pub(in crate::endpoints) scopes: Vec<String>,
    pub(in crate::endpoints) roles: Vec<String>,
}

impl<'w> Policy<'w> {
    /// What somebody must consent to before the person gets what the client asks for. `again`: ask even for what is
    /// granted already.
    pub(in crate::endpoints) fn consent(
        &self,
        scope: &Scope,
        client: &'w Application,
        (account, again): (&Account<'w>, bool),
    ) -> Result<Consent<'w>, Aadsts> {
        self.entitle(client, account.tenant)?;
        check_assignment(client, account)?;
        let mut consent = Consent::of(client, account.tenant);
        for asked in scope.resources() {
            self.add(asked, (client, account, again), &mut consent)?;
        }
        if consent.lacking || again {
            consent.want_sign_in(client, scope);
        }
        Ok(consent)
    }

    /// What an administrator is asked to grant to everybody, whatever is granted already.
    pub(in crate::endpoints) fn admin_consent(
        &self,
        wish: Wish<'_>,
        client: &'w Application,
        tenant: &'w Tenant,
    ) -> Result<Consent<'w>, Aadsts> {
        self.entitle(client, tenant)?;
        let mut consent = Consent::of(client, tenant);
        let Wish::Scope(scope) = wish else {
            self.add_static(client, tenant, &mut consent)?;
            return Ok(consent);
        };
        for asked in scope.resources() {
            let resource = self.resource_named(&asked.resource, tenant)?;
            let combined = asked.default && is_combined(client, resource, tenant);
            let itself = resource.app_id == client.app_id;
            self.check_presence(resource, tenant, combined || itself)?;
            check_names(asked, resource)?;
            if !asked.default {
                let (scopes, roles) = (asked.names.clone(), Vec::new());
                consent.want(Permissions { client, resource, scopes, roles });
                continue;
            }
            // Microsoft Graph's is asked for by everybody, to mean whatever the registration lists.
            if !itself && resource.app_id != graph().app_id {
                check_listed(client, resource)?;
            }
            self.add_static(client, tenant, &mut consent)?;
        }
        consent.want_sign_in(client, scope);
        Ok(consent)
    }

    fn add(
        &self,
        asked: &Asked,
        (client, account, again): (&'w Application, &Account<'w>, bool),
        consent: &mut Consent<'w>,
    ) -> Result<(), Aadsts> {
        let tenant = account.tenant;
        let resource = self.resource_named(&asked.resource, tenant)?;
        let combined = asked.default && is_combined(client, resource, tenant);
        self.check_presence(resource, tenant, combined)?;
        check_assignment(resource, account)?;
        check_names(asked, resource)?;
        let principal = tenant.service_principal(client.app_id);
        let allowed = in_effect(resource, client, (principal, account.user.id));
        let lacks = lacking(asked, &allowed);
        consent.lacking |= lacks;
        if !asked.default {
            let (scopes, roles) = (asked.names.clone(), Vec::new());
            consent.want(Permissions { client, resource, scopes, roles });
            return Ok(());
        }
        if !lacks && !again {
            return Ok(());
        }
        check_listed(client, resource)?;
        self.add_static(client, tenant, consent)
    }

    /// Everything that the registration lists, of every API; and what those APIs need that are consented to together
    /// with it.
    fn add_static(
        &self,
        client: &'w Application,
        tenant: &'w Tenant,
        consent: &mut Consent<'w>,
    ) -> Result<(), Aadsts> {
        let mut together = Vec::new();
        for required in &client.required_permissions {
            let resource = self.resource_named(&required.resource.to_string(), tenant)?;
            if is_combined(client, resource, tenant) {
                together.push(resource);
            }
        }
        self.add_required(client, (tenant, &together), consent)?;
        for resource in together {
            consent.principals.push(resource);
            self.add_required(resource, (tenant, &[]), consent)?;
        }
        Ok(())
    }

    /// The static permissions of one registration. `made`: APIs that the same consent brings into the tenant.
    fn add_required(
        &self,
        client: &'w Application,
        (tenant, made): (&'w Tenant, &[&Application]),
        consent: &mut Consent<'w>,
    ) -> Result<(), Aadsts> {
        for RequiredPermissions { resource, scopes, roles } in &client.required_permissions {
            let resource = self.resource_named(&resource.to_string(), tenant)?;
            let is_made = made.iter().any(|made| made.app_id == resource.app_id);
            self.check_presence(resource, tenant, is_made)?;
            let (scopes, roles) = (scopes.clone(), roles.clone());
            consent.want(Permissions { client, resource, scopes, roles });
        }
        Ok(())
    }

    fn check_presence(&self, resource: &Application, tenant: &Tenant, made: bool) -> Result<(), Aadsts> {
        match made || tenant.has_resource(resource) {
            true => self.usable(resource, tenant),
            false => Err(no_resource(RESOURCE_NOT_IN_TENANT, &resource.app_id.to_string(), tenant)),
        }
    }
}

/// `/.default` needs an API that the registration lists.
fn check_listed(client: &Application, resource: &Application) -> Result<(), Aadsts> {
    let mut listed = client.required_permissions.iter().map(|required| required.resource);
    match listed.any(|listed| listed == resource.app_id) {
        true => Ok(()),
        false => Err(RESOURCE_NOT_LISTED.because(format!(
            "The client has requested access to a resource which is not listed in the requested permissions \
            in the client's application registration. Client app ID: {}. Resource: {}.",
            client.app_id, resource.app_id
        ))),
    }
}

/// Whether client and API are consented to in one step: the API lists the client, and both have one publisher.
fn is_combined(client: &Application, resource: &Application, tenant: &Tenant) -> bool {
    resource.known_clients.contains(&client.app_id)
        && resource.home_tenant == client.home_tenant
        && resource.admits(tenant)
}

impl<'w> Consent<'w> {
    fn of(client: &'w Application, tenant: &Tenant) -> Self {
        let lacking = tenant.service_principal(client.app_id).is_none();
        Self { permissions: Vec::new(), principals: vec![client], lacking }
    }

    /// `openid` and its like are written down as permissions of Microsoft Graph.
    fn want_sign_in(&mut self, client: &'w Application, scope: &Scope) {
        let scopes = scope.oidc().map(ToOwned::to_owned).collect();
        self.want(Permissions { client, resource: graph(), scopes, roles: Vec::new() });
    }

    fn want(&mut self, wanted: Permissions<'w>) {
        let same = |known: &&mut Permissions<'w>| {
            known.client.app_id == wanted.client.app_id && known.resource.app_id == wanted.resource.app_id
        };
        match self.permissions.iter_mut().find(same) {
            Some(known) => {
                add_new(&mut known.scopes, wanted.scopes);
                add_new(&mut known.roles, wanted.roles);
            }
            None if wanted.scopes.is_empty() && wanted.roles.is_empty() => {}
            None => self.permissions.push(wanted),
        }
    }

    /// Whether `account` may agree: for themselves at least.
    pub(in crate::endpoints) fn check_right(&self, account: &Account<'_>) -> Result<(), Aadsts> {
        if account.may_consent_for_all() {
            return Ok(());
        }
        let asks_administrator = self.permissions.iter().any(|wanted| wanted.needs_administrator(account));
        let text =
            "needs permission to access resources in the organization that only an administrator can grant.";
        let client = self.principals.first().map_or("The application", |client| &client.display_name);
        match account.tenant.user_consent {
            UserConsent::Allowed if !asks_administrator => Ok(()),
            UserConsent::Request => Err(ADMIN_REQUEST_NEEDED.because(format!("{client} {text}"))),
            UserConsent::Allowed | UserConsent::Disabled => {
                Err(ADMIN_NEEDED.because(format!("{client} {text}")))
            }
        }
    }

    /// Whether `account` may agree for everybody in the tenant.
    pub(in crate::endpoints) fn check_right_for_all(&self, account: &Account<'_>) -> Result<(), Aadsts> {
        let graph_roles = self
            .permissions
            .iter()
            .any(|wanted| wanted.resource.app_id == graph().app_id && !wanted.roles.is_empty());
        match account.may_consent_for_all() && (!graph_roles || account.user.may_grant_graph_roles()) {
            true => Ok(()),
            false => Err(ADMIN_NEEDED.because(format!(
                "'{}' is no administrator of '{}' who may grant all of these permissions.",
                account.user.upn, account.tenant.name
            ))),
        }
    }

    /// What is written down when the answer is yes.
    pub(in crate::endpoints) fn granting(&self) -> Granting {
        Granting {
            principals: self.principals.iter().map(|application| application.app_id).collect(),
            permissions: self
                .permissions
                .iter()
                .map(|wanted| {
                    let required = RequiredPermissions {
                        resource: wanted.resource.app_id,
                        scopes: wanted.scopes.clone(),
                        roles: wanted.roles.clone(),
                    };
                    (wanted.client.app_id, required)
                })
                .collect(),
        }
    }
}

impl Permissions<'_> {
    /// What it is about, to recognise it again.
    pub(in crate::endpoints) fn names(&self) -> (AppId, AppId, &[String], &[String]) {
        (self.client.app_id, self.resource.app_id, &self.scopes, &self.roles)
    }

    /// Whether something in it is not granted yet and beyond what people may grant.
    fn needs_administrator(&self, account: &Account<'_>) -> bool {
        let principal = account.tenant.service_principal(self.client.app_id);
        let allowed = in_effect(self.resource, self.client, (principal, account.user.id));
        let reserved = |name: &String| {
            !allowed.contains(name) && self.resource.scope(name).is_some_and(|scope| scope.admin_only)
        };
        let roles = principal
            .and_then(|principal| principal.grant(self.resource.app_id))
            .map_or(&[][..], |grant| &grant.roles);
        self.scopes.iter().any(reserved) || self.roles.iter().any(|role| !roles.contains(role))
    }
}

fn add_new(known: &mut Vec<String>, more: Vec<String>) {
    for name in more {
        if !known.contains(&name) {
            known.push(name);
        }
    }
}
