//! Who has which role and which permission, and who may grant them.

use std::collections::BTreeSet;

use super::{
    Account, Application, DirectoryRole, Grant, Group, ServicePrincipal, Tenant, TenantKind, User, World,
    graph,
};
use crate::ids::{AppId, ObjectId};
use crate::keys::KeyOwner;

impl User {
    /// Whether the person may consent for everybody in the tenant.
    pub(crate) fn is_administrator(&self) -> bool {
        self.directory_roles.iter().any(|role| {
            matches!(
                role,
                DirectoryRole::GlobalAdministrator
                    | DirectoryRole::PrivilegedRoleAdministrator
                    | DirectoryRole::ApplicationAdministrator
                    | DirectoryRole::CloudApplicationAdministrator
            )
        })
    }

    /// Whether the person may grant application permissions of Microsoft Graph.
    pub(crate) fn may_grant_graph_roles(&self) -> bool {
        self.directory_roles.iter().any(|role| {
            matches!(role, DirectoryRole::GlobalAdministrator | DirectoryRole::PrivilegedRoleAdministrator)
        })
    }
}

impl Account<'_> {
    /// App roles at an application, sorted: assigned everywhere, to the person, or to a group of theirs.
    pub(crate) fn roles_at(&self, application: &Application) -> Vec<String> {
        let groups = self.group_ids();
        let everywhere = self.user.roles.iter().map(String::as_str);
        let principal = self.tenant.service_principal(application.app_id);
        let assigned = principal.into_iter().flat_map(|principal| &principal.assignments);
        let here = assigned
            .filter(|one| one.principal == self.user.id || groups.contains(&one.principal))
            .filter_map(|one| one.role.as_deref());
        let names: BTreeSet<&str> = everywhere.chain(here).collect();
        let defined = application.app_roles.iter().filter(|role| role.is_for_people());
        defined.map(|role| &role.value).filter(|value| names.contains(value.as_str())).cloned().collect()
    }

    /// Whether the person may use an application that demands an assignment.
    pub(crate) fn is_assigned_to(&self, application: &Application) -> bool {
        let groups = self.group_ids();
        let principal = self.tenant.service_principal(application.app_id);
        let mut assigned = principal.into_iter().flat_map(|principal| &principal.assignments);
        !self.roles_at(application).is_empty()
            || assigned.any(|one| one.principal == self.user.id || groups.contains(&one.principal))
    }

    /// Groups the person is in, directly or through another group; made-up ones left out.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group> {
        let ids = self.group_ids();
        self.tenant.groups.iter().filter(move |group| ids.contains(&group.id))
    }

    /// Ids of every group the person is in, made-up ones included, sorted: what `groups` and `getMemberObjects` tell.
    pub(crate) fn group_claims(&self) -> Vec<ObjectId> {
        let made_up = (0..self.user.more_groups).map(|number| {
            // The same in all of a tenant: groups have more members than one.
            ObjectId::derived(&format!("{}|group {number}", self.tenant.id))
        });
        let mut ids: Vec<_> = self.group_ids().into_iter().chain(made_up).collect();
        ids.sort();
        ids
    }

    /// Those of the person's groups that were assigned to an application, sorted.
    pub(crate) fn groups_assigned_to(&self, application: &Application) -> Vec<ObjectId> {
        let principal = self.tenant.service_principal(application.app_id);
        let assigned = principal.into_iter().flat_map(|principal| &principal.assignments);
        let assigned: BTreeSet<ObjectId> = assigned.map(|assignment| assignment.principal).collect();
        self.group_ids().intersection(&assigned).copied().collect()
    }

    fn group_ids(&self) -> BTreeSet<ObjectId> {
        let mut found = BTreeSet::new();
        let mut looking_for = vec![self.user.id];
        while let Some(member) = looking_for.pop() {
            for group in self.tenant.groups.iter().filter(|group| group.members.contains(&member)) {
                if found.insert(group.id) {
                    looking_for.push(group.id);
                }
            }
        }
        found
    }
}

impl World {
    /// Everybody who has signing keys.
    pub(crate) fn key_owners(&self) -> Vec<KeyOwner> {
        let external = self.tenants().filter(|tenant| tenant.kind == TenantKind::External);
        let external = external.map(|tenant| KeyOwner::ExternalTenant(tenant.id));
        let own = self.applications().filter(|application| application.own_signing_key);
        let own = own.map(|application| KeyOwner::Application(application.app_id));
        [KeyOwner::Organizations, KeyOwner::Personal].into_iter().chain(external).chain(own).collect()
    }
}

impl ServicePrincipal {
    /// What was granted for everybody on an API.
    pub(crate) fn grant(&self, resource: AppId) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.resource == resource && grant.user.is_none())
    }

    /// Delegated permissions on an API in the hands of one person: granted for everybody, or by that person.
    pub(crate) fn scopes_for(&self, resource: AppId, user: ObjectId) -> BTreeSet<&str> {
        let fitting = self.grants.iter().filter(|grant| grant.resource == resource);
        let fitting = fitting.filter(|grant| grant.user.is_none_or(|granted| granted == user));
        fitting.flat_map(|grant| grant.scopes.iter().map(String::as_str)).collect()
    }

    /// Adds delegated permissions, for one person or for everybody; those there stay.
    pub(crate) fn add_scopes(&mut self, resource: AppId, user: Option<ObjectId>, scopes: &[String]) {
        let grant = self.grant_mut(resource, user);
        let new: Vec<_> = scopes.iter().filter(|scope| !grant.scopes.contains(scope)).cloned().collect();
        grant.scopes.extend(new);
    }

    /// Adds application permissions; those there stay.
    pub(crate) fn add_roles(&mut self, resource: AppId, roles: &[String]) {
        let grant = self.grant_mut(resource, None);
        let new: Vec<_> = roles.iter().filter(|role| !grant.roles.contains(role)).cloned().collect();
        grant.roles.extend(new);
    }

    fn grant_mut(&mut self, resource: AppId, user: Option<ObjectId>) -> &mut Grant {
        let place = self.grants.iter().position(|grant| grant.resource == resource && grant.user == user);
        let place = place.unwrap_or_else(|| {
            self.grants.push(Grant { resource, user, scopes: Vec::new(), roles: Vec::new() });
            self.grants.len() - 1
        });
        &mut self.grants[place]
    }
}

impl Tenant {
    /// The local half of an application; `None` means that nobody consented here.
    pub fn service_principal(&self, app_id: AppId) -> Option<&ServicePrincipal> {
        self.service_principals.iter().find(|principal| principal.app_id == app_id)
    }

    /// The local half of an application, made now if nobody consented before.
    pub(crate) fn service_principal_mut(&mut self, app_id: AppId) -> &mut ServicePrincipal {
        let place = self.service_principals.iter().position(|principal| principal.app_id == app_id);
        let place = place.unwrap_or_else(|| {
            let id = self.principal_id(app_id);
            self.service_principals.push(ServicePrincipal {
                id,
                app_id,
                enabled: true,
                assignment_required: false,
                grants: Vec::new(),
                assignments: Vec::new(),
                graph: serde_json::Map::new(),
            });
            self.service_principals.len() - 1
        });
        &mut self.service_principals[place]
    }

    /// Object id that the local half of an application has, or would have.
    pub(crate) fn principal_id(&self, app_id: AppId) -> ObjectId {
        let there = self.service_principal(app_id).map(|principal| principal.id);
        there.unwrap_or_else(|| ObjectId::derived(&format!("{}|{app_id}", self.id)))
    }

    /// Whether an API can be called from here: consented to, or there by nature as Microsoft Graph is.
    pub(crate) fn has_resource(&self, resource: &Application) -> bool {
        resource.app_id == graph().app_id || self.service_principal(resource.app_id).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Assignment, World, builtin};

    #[test]
    fn roles_come_from_the_person_and_from_groups_and_only_as_far_as_the_api_knows_them() {
        let mut world = World::builtin();
        let contoso = builtin::CONTOSO.parse().unwrap();
        let api = builtin::API.parse().unwrap();
        let engineering = world.tenant_by_id(contoso).unwrap().groups[0].id;
        let role = |role: &str| Assignment { principal: engineering, role: Some(role.to_owned()) };
        let assignments = vec![role("Admin"), role("Nonsense")];
        world.tenant_mut(contoso).unwrap().service_principal_mut(api).assignments = assignments;
        world.settle().unwrap();
        let tenant = world.tenant_by_id(contoso).unwrap();
        let roles = |user| world.account(tenant, user).unwrap().roles_at(world.client(api).unwrap());
        assert_eq!(roles(builtin::CONTOSO_READER), ["Admin", "Reader"]);
        assert_eq!(roles(builtin::CONTOSO_ADMIN), ["Admin"]);
        assert!(roles(builtin::CONTOSO_NO_ROLE).is_empty());
    }

    #[test]
    fn groups_hold_groups() {
        let world = World::builtin();
        let tenant = world.tenant(builtin::CONTOSO).unwrap();
        let names = |user| {
            let account = world.account(tenant, user).unwrap();
            account.groups().map(|group| group.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(builtin::CONTOSO_READER), ["Engineering", "Everybody in Contoso"]);
        assert_eq!(names(builtin::CONTOSO_ADMIN), ["Everybody in Contoso"]);
    }

    #[test]
    fn one_persons_consent_is_not_anothers() {
        let mut world = World::builtin();
        let (contoso, api) = (builtin::CONTOSO.parse().unwrap(), builtin::API.parse().unwrap());
        let alice = builtin::CONTOSO_ADMIN.parse().unwrap();
        let rita = builtin::CONTOSO_READER.parse().unwrap();
        let tenant = world.tenant_mut(contoso).unwrap();
        let principal = tenant.service_principal_mut(builtin::UNCONSENTED.parse().unwrap());
        principal.add_scopes(api, Some(alice), &["access_as_user".to_owned()]);
        assert!(principal.scopes_for(api, alice).contains("access_as_user"));
        assert!(principal.scopes_for(api, rita).is_empty());
        assert!(principal.grant(api).is_none());
    }
}
