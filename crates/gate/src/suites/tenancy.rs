//! *tenancy*: whose organisation. Genuine tokens of tenants that are not let in, and tenants that are not who they say.

use crate::case::{Case, Expect, Severity, Suite};
use crate::token::Recipe;

const fn case(id: &'static str, severity: Severity) -> Case {
    Case::new(id, Suite::Tenancy, severity)
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("tenancy/rogue-tenant", Severity::Critical)
            .says(
                "a genuine token of an organisation that is not listed",
                "tenants of a cloud share signing keys, so that a good signature proves no tenant",
            )
            .by("seed 000, gate 1", &["T-011"])
            .everywhere()
            .attempt(Expect::TenantRefused, |scene| Recipe::of_member(scene, &scene.rogue).into()),
    ]
}
