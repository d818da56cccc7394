//! The end of a change: fresh index, and the rules of a world. Where only the inside of some tenants and applications
//! changed, only they are looked at: consent must not take longer because ten thousand others are there.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Application, Tenant, World, WorldError};

impl World {
    /// Ends a change of `before`, which was settled.
    ///
    /// # Errors
    /// [`WorldError`]: the change would make the world contradict itself.
    pub(crate) fn settle_after(&mut self, before: &Self) -> Result<(), WorldError> {
        let tenants = changed(&before.tenants, &self.tenants, is_found_alike);
        let applications = changed(&before.applications, &self.applications, is_named_alike);
        match (tenants, applications) {
            (Some(tenants), Some(applications)) => {
                self.index = Arc::clone(&before.index);
                tenants.into_iter().try_for_each(|place| self.check_tenant(&self.tenants[place]))?;
                let mut applications = applications.into_iter();
                applications.try_for_each(|place| self.check_application(&self.applications[place]))
            }
            _ => self.settle(),
        }
    }
}

/// Places of what changed on the inside; `None` where others may feel the change.
fn changed<T>(before: &[Arc<T>], now: &[Arc<T>], alike: impl Fn(&T, &T) -> bool) -> Option<Vec<usize>> {
    if before.len() != now.len() {
        return None;
    }
    let pairs = before.iter().zip(now).enumerate();
    let unshared = pairs.filter(|(_, (before, now))| !Arc::ptr_eq(before, now));
    unshared.map(|(place, (before, now))| alike(before, now).then_some(place)).collect()
}

/// Whether a tenant is found by the same names as before, and nobody left who may be a guest elsewhere.
fn is_found_alike(before: &Tenant, now: &Tenant) -> bool {
    let people: HashSet<_> = now.users.iter().map(|user| user.id).collect();
    before.id == now.id
        && before.kind == now.kind
        && before.domains == now.domains
        && before.subdomain == now.subdomain
        && before.users.iter().all(|user| people.contains(&user.id))
}

fn is_named_alike(before: &Application, now: &Application) -> bool {
    before.app_id == now.app_id
        && before.identifier_uris == now.identifier_uris
        && before.unique_name == now.unique_name
}

#[cfg(test)]
mod tests {
    use super::super::{Grant, builtin};
    use super::*;

    /// What both ways of settling say about a change.
    fn both(change: impl Fn(&mut World)) -> [Result<(), String>; 2] {
        let before = World::builtin();
        let (mut quick, mut whole) = (before.clone(), before.clone());
        change(&mut quick);
        change(&mut whole);
        let said = [quick.settle_after(&before), whole.settle()];
        said.map(|said| said.map_err(|error| error.to_string()))
    }

    #[test]
    fn the_quick_way_says_what_the_whole_one_says() {
        let contoso = builtin::CONTOSO.parse().unwrap();
        let with_contoso =
            |change: &dyn Fn(&mut Tenant)| both(|world| change(world.tenant_mut(contoso).unwrap()));
        let stranger = "c0000000-0000-4000-8000-0000000000ff".parse().unwrap();
        let grant = Grant { resource: stranger, user: None, scopes: Vec::new(), roles: Vec::new() };
        for (said, is_refused) in [
            (with_contoso(&|tenant| tenant.name = "Renamed".to_owned()), false),
            (with_contoso(&|tenant| tenant.users[0].upn = tenant.users[1].upn.clone()), true),
            (with_contoso(&|tenant| tenant.domains.push("FABRIKAM.example".to_owned())), true),
            (with_contoso(&|tenant| tenant.domains.push("new.example".to_owned())), false),
            (with_contoso(&|tenant| tenant.groups[0].members.push(crate::ids::ObjectId::derived("x"))), true),
            (with_contoso(&|tenant| tenant.service_principals[0].grants.push(grant.clone())), true),
            // Somebody's home account.
            (
                both(|world| {
                    world.tenant_mut(builtin::FABRIKAM.parse().unwrap()).unwrap().users.clear();
                }),
                true,
            ),
            (both(|world| world.remove_application(builtin::UNCONSENTED.parse().unwrap())), false),
            (
                both(|world| world.application_mut(builtin::WEB.parse().unwrap()).unwrap().token_version = 3),
                true,
            ),
            (
                both(|world| {
                    world
                        .application_mut(builtin::WEB.parse().unwrap())
                        .unwrap()
                        .identifier_uris
                        .push(builtin::API_URI.to_owned());
                }),
                true,
            ),
        ] {
            assert_eq!(said[0], said[1]);
            assert_eq!(said[0].is_err(), is_refused, "{said:?}");
        }
    }

    #[test]
    fn what_is_found_by_a_new_name_is_found() {
        let before = World::builtin();
        let mut world = before.clone();
        let id = builtin::CONTOSO.parse().unwrap();
        world.tenant_mut(id).unwrap().domains.push("New.example".to_owned());
        world.settle_after(&before).unwrap();
        assert_eq!(world.tenant("new.example").unwrap().id, id);
    }
}
