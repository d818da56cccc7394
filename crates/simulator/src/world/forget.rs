//! Taking things away for good, with every mention of them: so that no rule of the world keeps a test from tidying up.

use std::sync::Arc;

use super::{Tenant, World};
use crate::ids::{AppId, ObjectId, TenantId};

impl World {
    /// Removes a tenant, the applications registered there, and its people who are guests elsewhere.
    pub(crate) fn forget_tenant(&mut self, id: TenantId, now: i64) {
        let registered = self.applications().filter(|application| application.home_tenant == id);
        let registered: Vec<AppId> = registered.map(|application| application.app_id).collect();
        registered.into_iter().for_each(|app_id| self.forget_application(app_id, now));
        self.forget_guests(id, None);
        self.remove_tenant(id);
    }

    /// Removes a registration from every tenant, and from the bin as well.
    pub(crate) fn forget_application(&mut self, app_id: AppId, now: i64) {
        let Some(application) = self.client(app_id) else { return };
        let (home, id) = (application.home_tenant, application.object_id());
        self.delete_application(app_id, now);
        self.purge_application(home, id);
    }

    /// Removes every mention of a user, group or service principal that is no longer there.
    pub(crate) fn forget_object(&mut self, tenant: TenantId, id: ObjectId) {
        self.tenant_mut(tenant).into_iter().for_each(|tenant| tenant.forget(id));
        self.forget_guests(tenant, Some(id));
    }

    /// Removes the guests from a tenant, or those of one account there.
    fn forget_guests(&mut self, home: TenantId, account: Option<ObjectId>) {
        for tenant in &mut self.tenants {
            let guests = tenant.users.iter().filter(|user| user.home_tenant == Some(home));
            let guests = guests.filter(|user| account.is_none() || user.home_user == account);
            let guests: Vec<ObjectId> = guests.map(|user| user.id).collect();
            if !guests.is_empty() {
                let tenant = Arc::make_mut(tenant);
                tenant.users.retain(|user| !guests.contains(&user.id));
                guests.into_iter().for_each(|id| tenant.forget(id));
            }
        }
    }
}

impl Tenant {
    fn forget(&mut self, id: ObjectId) {
        self.groups.iter_mut().for_each(|group| group.members.retain(|member| *member != id));
        for principal in &mut self.service_principals {
            principal.grants.retain(|grant| grant.user != Some(id));
            principal.assignments.retain(|assignment| assignment.principal != id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{World, builtin};

    #[test]
    fn any_tenant_and_any_application_can_go() {
        for tenant in World::builtin().tenants() {
            let mut world = World::builtin();
            world.forget_tenant(tenant.id, 0);
            world.settle().unwrap();
            assert!(world.tenant_by_id(tenant.id).is_none());
        }
        for application in World::builtin().applications() {
            let mut world = World::builtin();
            world.forget_application(application.app_id, 0);
            world.settle().unwrap();
            assert!(world.client(application.app_id).is_none());
        }
    }

    #[test]
    fn who_goes_is_nobodys_guest_any_more() {
        let mut world = World::builtin();
        let (fabrikam, emil) =
            (builtin::FABRIKAM.parse().unwrap(), builtin::FABRIKAM_EDITOR.parse().unwrap());
        world.tenant_mut(fabrikam).unwrap().users.retain(|user| user.id != emil);
        world.forget_object(fabrikam, emil);
        world.settle().unwrap();
        assert!(world.user(builtin::CONTOSO, builtin::FABRIKAM_GUEST_IN_CONTOSO).is_none());
        assert!(world.user(builtin::CONTOSO, builtin::NORTHWIND_GUEST_IN_CONTOSO).is_some());
    }
}
