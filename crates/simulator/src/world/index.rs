//! Where things are in a world, so that ten thousand tenants are found as fast as three.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Application, Tenant, World, WorldError};
use crate::ids::{AppId, TenantId};

/// Positions by id and name.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    tenants: HashMap<TenantId, usize>,
    domains: HashMap<String, usize>,
    subdomains: HashMap<String, usize>,
    applications: HashMap<AppId, usize>,
    identifier_uris: HashMap<String, usize>,
}

impl Index {
    fn of(world: &World) -> Self {
        let mut index = Self::default();
        world.tenants().enumerate().for_each(|(position, tenant)| index.add_tenant(position, tenant));
        world.applications().enumerate().for_each(|(position, one)| index.add_application(position, one));
        index
    }

    fn add_tenant(&mut self, position: usize, tenant: &Tenant) {
        self.tenants.insert(tenant.id, position);
        self.domains.extend(tenant.domains.iter().map(|domain| (domain.clone(), position)));
        self.subdomains.extend(tenant.subdomain.iter().map(|name| (name.clone(), position)));
    }

    fn add_application(&mut self, position: usize, application: &Application) {
        self.applications.insert(application.app_id, position);
        let uris = application.identifier_uris.iter().map(|uri| (bare(uri).to_owned(), position));
        self.identifier_uris.extend(uris);
    }
}

/// An App ID URI without the slash that some clients put behind it.
fn bare(uri: &str) -> &str {
    uri.strip_suffix('/').unwrap_or(uri)
}

impl World {
    pub(crate) fn tenant_by_id(&self, id: TenantId) -> Option<&Tenant> {
        self.index.tenants.get(&id).map(|position| &*self.tenants[*position])
    }

    /// `domain` in lower case.
    pub(super) fn tenant_by_domain(&self, domain: &str) -> Option<&Tenant> {
        self.index.domains.get(domain).map(|position| &*self.tenants[*position])
    }

    /// The external tenant behind the first label of a host, in lower case.
    pub(crate) fn tenant_by_subdomain(&self, label: &str) -> Option<&Tenant> {
        self.index.subdomains.get(label).map(|position| &*self.tenants[*position])
    }

    pub(crate) fn client(&self, app_id: AppId) -> Option<&Application> {
        self.index.applications.get(&app_id).map(|position| &*self.applications[*position])
    }

    pub(super) fn application_by_uri(&self, uri: &str) -> Option<&Application> {
        self.index.identifier_uris.get(bare(uri)).map(|position| &*self.applications[*position])
    }

    /// Changes a tenant. What it is found by takes effect with [`World::settle`].
    pub(crate) fn tenant_mut(&mut self, id: TenantId) -> Option<&mut Tenant> {
        let position = *self.index.tenants.get(&id)?;
        self.tenants.get_mut(position).map(Arc::make_mut)
    }

    /// Changes an application. What it is found by takes effect with [`World::settle`].
    pub(crate) fn application_mut(&mut self, app_id: AppId) -> Option<&mut Application> {
        let position = *self.index.applications.get(&app_id)?;
        self.applications.get_mut(position).map(Arc::make_mut)
    }

    pub(crate) fn add_tenant(&mut self, tenant: Tenant) {
        Arc::make_mut(&mut self.index).add_tenant(self.tenants.len(), &tenant);
        self.tenants.push(Arc::new(tenant));
    }

    pub(crate) fn add_application(&mut self, application: Application) {
        Arc::make_mut(&mut self.index).add_application(self.applications.len(), &application);
        self.applications.push(Arc::new(application));
    }

    /// Removes a tenant and the applications registered in it; guests and principals elsewhere must be gone before.
    pub(crate) fn remove_tenant(&mut self, id: TenantId) {
        self.tenants.retain(|tenant| tenant.id != id);
        self.applications.retain(|application| application.home_tenant != id);
        self.index = Arc::new(Index::of(self));
    }

    /// Removes a registration, and every trace of it in every tenant.
    pub(crate) fn remove_application(&mut self, app_id: AppId) {
        self.applications.retain(|application| application.app_id != app_id);
        // Positions moved, and whoever changes on must find what they mean.
        self.index = Arc::new(Index::of(self));
        for tenant in &mut self.tenants {
            let concerned = tenant.service_principals.iter().any(|principal| {
                principal.app_id == app_id || principal.grants.iter().any(|grant| grant.resource == app_id)
            });
            if concerned {
                let tenant = Arc::make_mut(tenant);
                tenant.service_principals.retain(|principal| principal.app_id != app_id);
                for principal in &mut tenant.service_principals {
                    principal.grants.retain(|grant| grant.resource != app_id);
                }
            }
        }
    }

    /// Ends a change: lower-case domains, fresh index, and the rules of a world file.
    ///
    /// # Errors
    /// [`WorldError`]: the change would make the world contradict itself.
    pub(crate) fn settle(&mut self) -> Result<(), WorldError> {
        for tenant in &mut self.tenants {
            if tenant.domains.iter().any(|domain| domain.bytes().any(|byte| byte.is_ascii_uppercase())) {
                Arc::make_mut(tenant).domains.iter_mut().for_each(|domain| domain.make_ascii_lowercase());
            }
        }
        self.index = Arc::new(Index::of(self));
        self.check()
    }
}
