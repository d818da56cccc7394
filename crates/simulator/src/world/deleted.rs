//! The bin: registrations that were deleted and can be brought back (Microsoft Graph, `/directory/deletedItems`).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Application, PreAuthorized, ServicePrincipal, World};
use crate::ids::{AppId, ObjectId, TenantId};

/// A registration in the bin, with the service principals that went with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deleted {
    pub(crate) application: Application,
    /// When it was deleted. Unix seconds.
    pub(crate) deleted_at: i64,
    #[serde(default)]
    principals: Vec<DeletedPrincipal>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeletedPrincipal {
    tenant: TenantId,
    principal: ServicePrincipal,
}

impl World {
    /// The bin of a tenant.
    pub(crate) fn deleted(&self, home: TenantId) -> impl Iterator<Item = &Deleted> {
        self.deleted.iter().map(|deleted| &**deleted).filter(move |one| one.application.home_tenant == home)
    }

    /// Moves a registration to the bin, and with it every trace of it in every tenant.
    pub(crate) fn delete_application(&mut self, app_id: AppId, now: i64) {
        let Some(application) = self.client(app_id).cloned() else { return };
        let there = |tenant: &super::Tenant| {
            let principal = tenant.service_principal(app_id)?.clone();
            Some(DeletedPrincipal { tenant: tenant.id, principal })
        };
        let principals = self.tenants().filter_map(there).collect();
        self.remove_application(app_id);
        self.forget_mentions(app_id);
        self.deleted.push(Arc::new(Deleted { application, deleted_at: now, principals }));
    }

    /// Brings a registration back. What others said about it stays lost.
    pub(crate) fn restore_application(&mut self, home: TenantId, id: ObjectId) -> Option<Application> {
        let Deleted { application, principals, .. } = self.purge_application(home, id)?;
        for DeletedPrincipal { tenant, mut principal } in principals {
            principal.grants.retain(|grant| {
                grant.resource == application.app_id || self.resource(&grant.resource.to_string()).is_some()
            });
            let Some(tenant) = self.tenant_mut(tenant) else { continue };
            let present = |id: ObjectId| tenant.has_member(id);
            principal.assignments.retain(|assignment| present(assignment.principal));
            tenant.service_principals.push(principal);
        }
        self.add_application(application.clone());
        Some(application)
    }

    /// Removes a registration from the bin for good.
    pub(crate) fn purge_application(&mut self, home: TenantId, id: ObjectId) -> Option<Deleted> {
        let fits =
            |one: &Arc<Deleted>| one.application.home_tenant == home && one.application.object_id() == id;
        let place = self.deleted.iter().position(fits)?;
        Some(Arc::unwrap_or_clone(self.deleted.remove(place)))
    }

    /// No registration may name one that is gone.
    fn forget_mentions(&mut self, gone: AppId) {
        let mentions = |application: &Application| {
            application.required_permissions.iter().any(|required| required.resource == gone)
                || application.known_clients.contains(&gone)
                || application.pre_authorized.iter().map(PreAuthorized::client).any(|client| client == gone)
        };
        for application in self.applications.iter_mut().filter(|application| mentions(application)) {
            let application = Arc::make_mut(application);
            application.required_permissions.retain(|required| required.resource != gone);
            application.known_clients.retain(|client| *client != gone);
            application.pre_authorized.retain(|client| client.client() != gone);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{World, builtin};

    #[test]
    fn a_registration_comes_back_from_the_bin_with_its_consent() {
        let mut world = World::builtin();
        let (contoso, api) = (builtin::CONTOSO.parse().unwrap(), builtin::API.parse().unwrap());
        let before = world.clone();
        let id = world.client(api).unwrap().object_id();
        world.delete_application(api, 7);
        world.settle().unwrap();
        assert!(
            world.client(api).is_none()
                && world.tenant_by_id(contoso).unwrap().service_principal(api).is_none()
        );
        assert_eq!(world.deleted(contoso).next().unwrap().deleted_at, 7);
        assert!(world.restore_application(builtin::FABRIKAM.parse().unwrap(), id).is_none());
        world.restore_application(contoso, id).unwrap();
        world.settle().unwrap();
        let principal = |world: &World| world.tenant_by_id(contoso).unwrap().service_principal(api).cloned();
        assert_eq!(principal(&world), principal(&before));
        assert!(world.deleted(contoso).next().is_none());
    }
}
