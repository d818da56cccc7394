//! Genuine tokens of those who are not let in, without a byte changed.

use serde_json::json;

use super::case;
use crate::case::{Case, Expect, Need, Severity};
use crate::scene::{Cast, Scene};
use crate::token::{Recipe, Signer};

pub(super) fn cases() -> Vec<Case> {
    [rogue(), others(), personal(), customers()].concat()
}

fn rogue() -> Vec<Case> {
    vec![
        case("tenancy/rogue-tenant", Severity::Critical)
            .says(
                "a genuine token of an organisation that is not listed",
                "tenants of a cloud share signing keys, so that a good signature proves no tenant",
            )
            .by("seed 000, gate 1", &["T-011"])
            .everywhere()
            .attempt(Expect::TenantRefused, |scene| Recipe::of_member(scene, &scene.rogue).into()),
        case("tenancy/rogue-tenant-version-one", Severity::Critical)
            .says(
                "a genuine version 1 token of an organisation that is not listed",
                "version 1 tokens name another issuer, whose check is often an afterthought",
            )
            .by("Entra: Access token claims reference, `iss`", &["T-011", "T-012"])
            .needs(&[Need::VersionOne, Need::VersionTwo])
            .everywhere()
            .attempt(Expect::TenantRefused, |scene| {
                Recipe::of_member(scene, &scene.rogue).of_version(scene, 1).into()
            }),
        case("tenancy/rogue-program", Severity::Critical)
            .says(
                "a genuine token of an unlisted organisation's program",
                "programs come by another path than people, and the tenant gate must stand before both",
            )
            .by("seed 000, gate 1; Entra: Claims validation", &["T-011", "T-018"])
            .needs(&[Need::Applications, Need::Program])
            .everywhere()
            .attempt(Expect::TenantRefused, |scene| rogue_program(scene).into()),
        case("tenancy/rogue-program-version-one", Severity::Critical)
            .says(
                "a genuine version 1 token of an unlisted organisation's program",
                "two rare paths at once: an application, and the old issuer",
            )
            .by("Entra: Access token claims reference, `iss`, `appid`", &["T-011", "T-012"])
            .needs(&[Need::Applications, Need::Program, Need::VersionOne, Need::VersionTwo])
            .attempt(Expect::TenantRefused, |scene| rogue_program(scene).of_version(scene, 1).into()),
    ]
}

/// The rogue tenant's own program; the home tenant's, as it appears there, where it has none.
fn rogue_program(scene: &Scene) -> Recipe {
    let program = scene.rogue.program.as_ref().or(scene.home.program.as_ref());
    Recipe::of_application(scene, &scene.rogue).asking("application", json!(program))
}

fn others() -> Vec<Case> {
    vec![
        case("tenancy/unknown-tenant", Severity::Critical)
            .says(
                "a token of a tenant that nobody has heard of",
                "a list of those who are kept out lets everybody else in",
            )
            .by("seed 000: `tid` is on the list", &["T-011"])
            .attempt(Expect::TenantRefused, |scene| {
                let tenant = scene.guid("a tenant that nobody has heard of");
                Recipe::good(scene).of_tenant(scene, &tenant).into()
            }),
        case("tenancy/suspended-tenant", Severity::Critical)
            .says(
                "a genuine token of an organisation that was let in once and is suspended",
                "keys and caches of former customers are still warm; what counts is the list as it is now",
            )
            .by("threat model T-028", &["T-011", "T-028"])
            .needs(&[Need::Suspended])
            .everywhere()
            .attempt(Expect::TenantRefused, |scene| {
                Recipe::of_member(scene, scene.suspended.as_ref().unwrap_or(&scene.rogue)).into()
            }),
        case("tenancy/guest-where-none-may", Severity::High)
            .says(
                "a genuine token of somebody whom the home tenant invited",
                "its `tid` is the home tenant's: only `acct` and `idp` tell that the person is another's",
            )
            .by("Entra: External ID user tokens; optional claims reference, `acct`", &["T-011"])
            .needs(&[Need::NoGuests])
            .everywhere()
            .attempt(Expect::Forbidden, |scene| Recipe::of_guest(scene).into()),
    ]
}

fn personal() -> Vec<Case> {
    vec![
        case("tenancy/personal-account", Severity::Critical)
            .says(
                "a genuine token of a personal account",
                "everybody can have one, and the tenant of all of them is published",
            )
            .by("Entra: Claims validation; ID token claims reference, `tid`", &["T-011"])
            .needs(&[Need::Personal])
            .attempt(Expect::TenantRefused, |scene| {
                Recipe::of_member(scene, or_rogue(scene.personal.as_ref(), scene)).into()
            }),
        case("tenancy/personal-account-by-another-key", Severity::High)
            .says(
                "a personal account's token under the organisations' key",
                "who keeps personal accounts out only because their key is missing has no tenant gate",
            )
            .by("Entra: Access tokens, signing keys' `issuer`", &["T-011", "T-013"])
            .needs(&[Need::Personal])
            .attempt(Expect::TenantRefused, |scene| {
                Recipe::of_member(scene, or_rogue(scene.personal.as_ref(), scene))
                    .signed_by(Signer::KeyOf("organizations"))
                    .into()
            }),
    ]
}

fn customers() -> Vec<Case> {
    vec![
        case("tenancy/customer", Severity::Critical)
            .says(
                "a genuine token of a directory of customers, issued by its own host",
                "a host name with the tenant's id in it proves no more than the id does",
            )
            .by("Entra: External ID, authority and issuer", &["T-011", "T-012"])
            .needs(&[Need::External])
            .attempt(Expect::TenantRefused, |scene| {
                customer(scene).asking("at_own_host", json!(true)).into()
            }),
        case("tenancy/customer-by-the-usual-host", Severity::Critical)
            .says(
                "a genuine token of a directory of customers, issued by the host of organisations",
                "one directory has two issuers, of which this one looks like any organisation's",
            )
            .by("Entra: External ID, authority and issuer", &["T-011", "T-013"])
            .needs(&[Need::External])
            .attempt(Expect::TenantRefused, |scene| customer(scene).into()),
    ]
}

fn customer(scene: &Scene) -> Recipe {
    Recipe::of_member(scene, or_rogue(scene.external.as_ref(), scene))
}

/// A case whose need is not met is skipped, and makes no token.
pub(super) fn or_rogue<'s>(cast: Option<&'s Cast>, scene: &'s Scene) -> &'s Cast {
    cast.unwrap_or(&scene.rogue)
}
