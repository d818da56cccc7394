//! What a consent adds to a tenant.

use super::{Account, RequiredPermissions, Tenant};
use crate::ids::{AppId, ObjectId};

/// What one answer of yes brings about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Granting {
    /// Applications that are known in the tenant from now on.
    pub(crate) principals: Vec<AppId>,
    /// What each client may do at an API.
    pub(crate) permissions: Vec<(AppId, RequiredPermissions)>,
}

/// For whom a consent speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// For one person: delegated permissions only.
    Person(ObjectId),
    /// For everybody in the tenant, application permissions included.
    Everybody,
}

impl Account<'_> {
    /// Whether the person may consent for everybody in this tenant. Guests may not, whatever they are at home.
    pub(crate) fn may_consent_for_all(&self) -> bool {
        !self.is_guest() && self.user.is_administrator()
    }
}

impl Tenant {
    /// Adds service principals and grants; what is there stays.
    pub(crate) fn accept(&mut self, granting: &Granting, extent: Extent) {
        for app_id in &granting.principals {
            self.service_principal_mut(*app_id);
        }
        for (client, RequiredPermissions { resource, scopes, roles }) in &granting.permissions {
            let principal = self.service_principal_mut(*client);
            let person = match extent {
                Extent::Person(user) => Some(user),
                Extent::Everybody => None,
            };
            if !scopes.is_empty() {
                principal.add_scopes(*resource, person, scopes);
            }
            if person.is_none() && !roles.is_empty() {
                principal.add_roles(*resource, roles);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{World, builtin};
    use super::*;

    #[test]
    fn a_person_grants_scopes_for_themselves_and_nobody_grants_roles_that_way() {
        let mut world = World::builtin();
        let (client, api) = (builtin::UNCONSENTED.parse().unwrap(), builtin::OTHER_API.parse().unwrap());
        let rita = builtin::CONTOSO_READER.parse().unwrap();
        let required = RequiredPermissions {
            resource: api,
            scopes: vec!["invoices.read".to_owned()],
            roles: vec!["Accountant".to_owned()],
        };
        let granting = Granting { principals: vec![client], permissions: vec![(client, required)] };
        let tenant = world.tenant_mut(builtin::CONTOSO.parse().unwrap()).unwrap();
        tenant.accept(&granting, Extent::Person(rita));
        let principal = tenant.service_principal(client).unwrap();
        assert!(principal.scopes_for(api, rita).contains("invoices.read"));
        assert!(principal.grant(api).is_none());

        tenant.accept(&granting, Extent::Everybody);
        let grant = tenant.service_principal(client).unwrap().grant(api).unwrap();
        assert_eq!((grant.scopes.len(), grant.roles.as_slice()), (1, &["Accountant".to_owned()][..]));
        let before = tenant.clone();
        tenant.accept(&granting, Extent::Everybody);
        assert_eq!(*tenant, before, "a second yes changes nothing");
    }
}
