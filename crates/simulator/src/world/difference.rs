//! What a world has become since it was read, so that only that needs to be kept.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::World;

/// Something that was made, changed or taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) kind: &'static str,
    /// Its id.
    pub(crate) name: String,
    /// As it is now, JSON; nothing if it is gone.
    pub(crate) value: Option<String>,
}

const TENANT: &str = "tenant";
const APPLICATION: &str = "application";
const DELETED: &str = "deleted";

impl Difference {
    pub(crate) const KINDS: [&'static str; 3] = [TENANT, APPLICATION, DELETED];
}

impl World {
    /// What leads from `base` to this world.
    pub(crate) fn difference(&self, base: &Self) -> Vec<Difference> {
        let mut rows = Vec::new();
        between(TENANT, &base.tenants, &self.tenants, |tenant| tenant.id.to_string(), &mut rows);
        between(APPLICATION, &base.applications, &self.applications, |one| one.app_id.to_string(), &mut rows);
        between(DELETED, &base.deleted, &self.deleted, |one| one.application.app_id.to_string(), &mut rows);
        rows
    }

    /// This world, and what became of it.
    ///
    /// # Errors
    /// What cannot be read, or a rule of the world that is broken.
    pub(crate) fn with_difference<'r>(
        mut self,
        rows: impl Iterator<Item = &'r (String, String, Option<String>)>,
    ) -> Result<Self, String> {
        for (kind, name, value) in rows {
            let value = value.as_ref();
            let put = match kind.as_str() {
                TENANT => put(&mut self.tenants, |one| one.id.to_string() == *name, value),
                APPLICATION => put(&mut self.applications, |one| one.app_id.to_string() == *name, value),
                _ => put(&mut self.deleted, |one| one.application.app_id.to_string() == *name, value),
            };
            put?;
        }
        self.settle().map_err(|error| error.to_string())?;
        Ok(self)
    }
}

fn between<T: Serialize + PartialEq>(
    kind: &'static str,
    base: &[Arc<T>],
    now: &[Arc<T>],
    name: impl Fn(&T) -> String,
    rows: &mut Vec<Difference>,
) {
    // Nearly everything is shared, at the same place.
    let is_shared =
        |position: usize, one: &Arc<T>| base.get(position).is_some_and(|old| Arc::ptr_eq(old, one));
    let unshared: Vec<&Arc<T>> = now
        .iter()
        .enumerate()
        .filter(|(position, one)| !is_shared(*position, one))
        .map(|(_, one)| one)
        .collect();
    if unshared.is_empty() && base.len() == now.len() {
        return;
    }
    let before: HashMap<String, &Arc<T>> = base.iter().map(|one| (name(one), one)).collect();
    for one in unshared {
        let same = before.get(&name(one)).is_some_and(|old| Arc::ptr_eq(old, one) || *old == one);
        if !same {
            rows.push(Difference { kind, name: name(one), value: serde_json::to_string(one).ok() });
        }
    }
    let now: HashSet<String> = now.iter().map(|one| name(one)).collect();
    let gone = base.iter().map(|one| name(one)).filter(|name| !now.contains(name));
    rows.extend(gone.map(|name| Difference { kind, name, value: None }));
}

fn put<T: DeserializeOwned>(
    things: &mut Vec<Arc<T>>,
    is_it: impl Fn(&T) -> bool,
    value: Option<&String>,
) -> Result<(), String> {
    let Some(text) = value else {
        things.retain(|thing| !is_it(thing));
        return Ok(());
    };
    let read = Arc::new(serde_json::from_str(text).map_err(|error| error.to_string())?);
    match things.iter_mut().find(|thing| is_it(thing)) {
        Some(thing) => *thing = read,
        None => things.push(read),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::builtin;
    use super::*;

    fn rows(differences: &[Difference]) -> Vec<(String, String, Option<String>)> {
        differences.iter().map(|one| (one.kind.to_owned(), one.name.clone(), one.value.clone())).collect()
    }

    #[test]
    fn a_world_is_itself_again_after_its_difference() {
        let base = World::builtin();
        assert!(base.difference(&base).is_empty());
        let mut world = base.clone();
        world.forget_tenant(builtin::NORTHWIND.parse().unwrap(), 0);
        world.delete_application(builtin::WEB.parse().unwrap(), 7);
        world.tenant_mut(builtin::CONTOSO.parse().unwrap()).unwrap().name = "Renamed".to_owned();
        world.settle().unwrap();
        let difference = world.difference(&base);
        let again = base.clone().with_difference(rows(&difference).iter()).unwrap();
        assert_eq!(again.to_toml(), world.to_toml());
        assert_eq!(again.deleted(builtin::CONTOSO.parse().unwrap()).count(), 1);
        assert_eq!(rows(&again.difference(&base)).len(), difference.len());
        assert!(difference.iter().any(|one| one.name == builtin::NORTHWIND && one.value.is_none()));
    }

    #[test]
    fn only_what_changed_is_in_it() {
        let base = World::builtin();
        let mut world = base.clone();
        world.tenant_mut(builtin::CONTOSO.parse().unwrap()).unwrap().name = "Renamed".to_owned();
        let names: Vec<_> = world.difference(&base).into_iter().map(|one| one.name).collect();
        assert_eq!(names, [builtin::CONTOSO]);
    }

    #[test]
    fn a_difference_that_breaks_the_rules_is_refused() {
        let gone = [("tenant".to_owned(), builtin::CONTOSO.to_owned(), None)];
        assert!(World::builtin().with_difference(gone.iter()).unwrap_err().contains("does not exist"));
        let bad = [("tenant".to_owned(), builtin::CONTOSO.to_owned(), Some("{".to_owned()))];
        assert!(World::builtin().with_difference(bad.iter()).is_err());
    }
}
