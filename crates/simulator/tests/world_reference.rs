//! `docs/reference/world-file.md` has every key, and its samples are worlds.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use serde::de::DeserializeOwned;
use serde_json::json;
use tenantry_simulator::{
    Application, ApplicationKind, Assignment, ClientSecret, DirectoryRole, FederatedCredential, Grant, Group,
    GroupClaims, OptionalClaim, Platform, PreAuthorizedClient, RequiredPermissions, RoleMembers, Scope,
    ServicePrincipal, SignInAudience, TaggedRedirect, Tenant, TenantKind, User, UserConsent, World,
};

const PAGE: &str = include_str!("../../../docs/reference/world-file.md");

/// The text below a heading, up to the next one.
fn section(heading: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no `{heading}`"));
    rest.split("\n#").next().unwrap()
}

/// Names that a type knows, from what it says about one that it does not know.
fn names<T: DeserializeOwned>(wrong: &serde_json::Value) -> Vec<String> {
    let error = serde_json::from_value::<T>(wrong.clone()).err().unwrap().to_string();
    let known: Vec<_> = error.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect();
    assert!(known.len() > 1, "{error}");
    known.into_iter().filter(|name| name != "zzz").collect()
}

fn keys<T: DeserializeOwned>() -> Vec<String> {
    names::<T>(&json!({ "zzz": 1 }))
}

fn values<T: DeserializeOwned>() -> Vec<String> {
    names::<T>(&json!("zzz"))
}

#[test]
fn every_key_is_explained_in_its_section() {
    for (heading, keys) in [
        ("## Top level", keys::<World>()),
        ("## `[[tenants]]`", keys::<Tenant>()),
        ("## `[[tenants.users]]`", keys::<User>()),
        ("## `[[tenants.groups]]`", keys::<Group>()),
        ("## `[[tenants.service_principals]]`", keys::<ServicePrincipal>()),
        ("### `[[tenants.service_principals.grants]]`", keys::<Grant>()),
        ("### `[[tenants.service_principals.assignments]]`", keys::<Assignment>()),
        ("## `[[applications]]`", keys::<Application>()),
        ("### `scopes`", keys::<Scope>()),
        ("### `app_roles`", keys::<tenantry_simulator::AppRole>()),
        ("### `redirect_uris`", keys::<TaggedRedirect>()),
        ("### `secrets`", keys::<ClientSecret>()),
        ("### `federated_credentials`", keys::<FederatedCredential>()),
        ("### `required_permissions`", keys::<RequiredPermissions>()),
        ("### `pre_authorized`", keys::<PreAuthorizedClient>()),
    ] {
        let section = section(heading);
        let listed: Vec<&str> = section
            .lines()
            .filter_map(|line| line.strip_prefix("| "))
            .filter_map(|row| row.split(" | ").next())
            .flat_map(|cell| cell.split('`').skip(1).step_by(2))
            .collect();
        for key in &keys {
            assert!(listed.contains(&key.as_str()), "`{key}` is not in `{heading}`");
        }
        for key in listed {
            assert!(keys.iter().any(|known| known == key), "`{heading}` has `{key}`, which is no key");
        }
    }
}

#[test]
fn every_value_is_named() {
    for (heading, values) in [
        ("## `[[tenants]]`", values::<TenantKind>()),
        ("## `[[tenants]]`", values::<UserConsent>()),
        ("## `[[tenants.users]]`", values::<DirectoryRole>()),
        ("## `[[applications]]`", values::<ApplicationKind>()),
        ("## `[[applications]]`", values::<SignInAudience>()),
        ("## `[[applications]]`", values::<GroupClaims>()),
        ("## `[[applications]]`", values::<OptionalClaim>()),
        ("### `app_roles`", values::<RoleMembers>()),
        ("### `redirect_uris`", values::<Platform>()),
    ] {
        for value in values {
            assert!(section(heading).contains(&format!("`{value}`")), "`{value}` is not in `{heading}`");
        }
    }
}

#[test]
fn every_sample_is_a_world() {
    let samples: Vec<_> =
        PAGE.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(!samples.is_empty());
    for sample in samples {
        let world = World::from_toml(sample).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(world.warnings(), Vec::<String>::new());
    }
}
