//! Two claims that must agree, `iss` and `tid`, and the key that must be the issuer's.

use super::case;
use super::strangers::or_rogue;
use crate::case::{Case, Expect, Need, Severity};
use crate::scene::Scene;
use crate::token::{Recipe, Signer};

pub(super) fn cases() -> Vec<Case> {
    [issuer_and_tenant(), keys()].concat()
}

fn issuer_and_tenant() -> Vec<Case> {
    vec![
        case("tenancy/tid-listed-issuer-not", Severity::Critical)
            .says(
                "an unlisted organisation's issuer, and a listed tenant's `tid`",
                "`tid` is a word in a token; only the issuer is checked against a key",
            )
            .by("CVE-2025-55241; Entra: Claims validation", &["T-012"])
            .everywhere()
            .attempt(Expect::Refused, |scene| {
                Recipe::good(scene).claim("iss", issuer(scene, &scene.rogue.tenant)).into()
            }),
        case("tenancy/issuer-listed-tid-not", Severity::Critical)
            .says(
                "a listed tenant's issuer, and an unlisted organisation's `tid`",
                "who checks the issuer and keys data by `tid` serves one tenant with another's data",
            )
            .by("CVE-2025-55241; OWASP: Multi-tenant security", &["T-011", "T-012"])
            .everywhere()
            .attempt(Expect::Forbidden, |scene| {
                Recipe::good(scene).claim("tid", scene.rogue.tenant.clone()).into()
            }),
        case("tenancy/both-listed-and-not-the-same", Severity::Critical)
            .says(
                "the issuer of one listed tenant, and the `tid` of another",
                "two checks that each find their claim on a list do not make one check that they agree",
            )
            .by("RFC 8725 §3.8; Entra: Claims validation", &["T-012"])
            .needs(&[Need::Partner])
            .everywhere()
            .attempt(Expect::Refused, |scene| {
                let partner = or_rogue(scene.partner.as_ref(), scene);
                Recipe::good(scene).claim("tid", partner.tenant.clone()).into()
            }),
        case("tenancy/version-one-disagreement", Severity::Critical)
            .says(
                "a version 1 token with a listed `tid` and an unlisted organisation's issuer",
                "the old issuer has another form, and its tenant is compared as exactly as the new one's",
            )
            .by("Entra: Access token claims reference, `iss`", &["T-012"])
            .needs(&[Need::VersionOne, Need::VersionTwo])
            .attempt(Expect::Refused, |scene| {
                let issuer = scene.issuer_of(&scene.rogue.tenant, 1);
                Recipe::good(scene).of_version(scene, 1).claim("iss", issuer).into()
            }),
    ]
}

fn keys() -> Vec<Case> {
    vec![
        case("tenancy/key-for-personal-accounts", Severity::Critical)
            .says(
                "a listed tenant's token, signed by the key for personal accounts",
                "the key is published and truthfully named: only its own issuer shows that it may not sign this",
            )
            .by("Storm-0558; Entra: Access tokens, validate the signing key issuer", &["T-013"])
            .everywhere()
            .attempt(Expect::Refused, |scene| {
                Recipe::good(scene).signed_by(Signer::KeyOf("personal")).into()
            }),
        case("tenancy/key-for-personal-accounts-version-one", Severity::Critical)
            .says(
                "a listed tenant's version 1 token, signed by the key for personal accounts",
                "the version 1 key document names no issuers, so that a check by it finds nothing to compare",
            )
            .by("Storm-0558; Entra: Access tokens, signing keys", &["T-013"])
            .needs(&[Need::VersionOne, Need::VersionTwo])
            .attempt(Expect::Refused, |scene| {
                Recipe::good(scene).of_version(scene, 1).signed_by(Signer::KeyOf("personal")).into()
            }),
        case("tenancy/key-of-a-customer-directory", Severity::Critical)
            .says(
                "a listed tenant's token, signed by another directory's own key",
                "a key that is good for one issuer says nothing in the name of another",
            )
            .by("RFC 8725 §3.8; Entra: External ID", &["T-013"])
            .needs(&[Need::External])
            .attempt(Expect::Refused, |scene| {
                Recipe::of_member(scene, or_rogue(scene.external.as_ref(), scene))
                    .of_tenant(scene, &scene.home.tenant)
                    .into()
            }),
    ]
}

fn issuer(scene: &Scene, tenant: &str) -> String {
    scene.issuer_of(tenant, scene.api.version())
}
