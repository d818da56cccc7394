//! Permissions are granted by name here and by id at Microsoft Graph: a new name must reach those who hold the old one.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Application, Tenant, World};
use crate::ids::AppId;

/// What became of the permissions of one API: a new name, or `None` for removed app roles.
#[derive(Default)]
struct Renamed<'a> {
    scopes: HashMap<&'a str, &'a str>,
    roles: HashMap<&'a str, Option<&'a str>>,
}

impl<'a> Renamed<'a> {
    fn between(before: &'a Application, after: &'a Application) -> Self {
        let mut renamed = Self::default();
        for old in &before.scopes {
            let new = after.scopes.iter().find(|scope| scope.id == old.id).map(|scope| scope.value.as_str());
            renamed.scopes.extend(new.filter(|new| *new != old.value).map(|new| (old.value.as_str(), new)));
        }
        for old in &before.app_roles {
            let new = after.app_roles.iter().find(|role| role.id == old.id).map(|role| role.value.as_str());
            if new != Some(old.value.as_str()) {
                renamed.roles.insert(&old.value, new);
            }
        }
        renamed
    }

    fn is_empty(&self) -> bool {
        self.scopes.is_empty() && self.roles.is_empty()
    }

    fn scopes(&self, names: &mut [String]) {
        for name in names {
            if let Some(new) = self.scopes.get(name.as_str()) {
                *name = (*new).to_owned();
            }
        }
    }

    fn roles(&self, names: &mut Vec<String>) {
        let new = |name: String| match self.roles.get(name.as_str()) {
            Some(new) => new.map(ToOwned::to_owned),
            None => Some(name),
        };
        *names = std::mem::take(names).into_iter().filter_map(new).collect();
    }
}

impl World {
    /// Carries new names of scopes and app roles to grants, assignments and requirements, and drops removed roles.
    pub(crate) fn follow_renamed_permissions(&mut self, before: &Application, after: &Application) {
        let renamed = Renamed::between(before, after);
        if renamed.is_empty() {
            return;
        }
        for tenant in &mut self.tenants {
            if tenant.service_principal(before.app_id).is_some() {
                in_tenant(Arc::make_mut(tenant), before.app_id, &renamed);
            }
        }
        for application in &mut self.applications {
            if application.required_permissions.iter().any(|one| one.resource == before.app_id) {
                in_requirements(Arc::make_mut(application), before.app_id, &renamed);
            }
        }
    }
}

fn in_tenant(tenant: &mut Tenant, api: AppId, renamed: &Renamed<'_>) {
    for principal in &mut tenant.service_principals {
        for grant in principal.grants.iter_mut().filter(|grant| grant.resource == api) {
            renamed.scopes(&mut grant.scopes);
            renamed.roles(&mut grant.roles);
        }
        if principal.app_id == api {
            principal.assignments = std::mem::take(&mut principal.assignments)
                .into_iter()
                .filter_map(|mut assignment| {
                    let mut names: Vec<String> = assignment.role.take().into_iter().collect();
                    let had_role = !names.is_empty();
                    renamed.roles(&mut names);
                    assignment.role = names.pop();
                    (assignment.role.is_some() == had_role).then_some(assignment)
                })
                .collect();
        }
    }
}

fn in_requirements(application: &mut Application, api: AppId, renamed: &Renamed<'_>) {
    for required in application.required_permissions.iter_mut().filter(|one| one.resource == api) {
        renamed.scopes(&mut required.scopes);
        renamed.roles(&mut required.roles);
    }
}
