//! An unlisted organisation's genuine token among hints at a listed one. The tenant is what `tid` says, and nothing else
//! (T-011).

use serde_json::json;

use super::case;
use crate::case::{Attempt, Case, Expect, Severity};
use crate::scene::Scene;
use crate::token::Recipe;

fn hint(id: &'static str, title: &'static str, reason: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    case(id, Severity::Critical)
        .says(title, reason)
        .by("Entra: Claims validation", &["T-011", "T-017"])
        .attempt(Expect::TenantRefused, make)
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        hint(
            "tenancy/hint-identity-provider",
            "a guest of an unlisted organisation who comes from a listed one",
            "`idp` says where the person signed in; the organisation that vouches for them is `tid`",
            |scene| {
                let home = scene.issuer_of(&scene.home.tenant, 1);
                Recipe::of_member(scene, &scene.rogue).claim("idp", home).into()
            },
        ),
        hint(
            "tenancy/hint-mail",
            "an unlisted organisation's member with a listed one's e-mail address and names",
            "every administrator writes what they like into these (nOAuth)",
            |scene| {
                let name = format!("attacker@{}", scene.home.domain);
                let named = ["email", "upn", "preferred_username", "unique_name"].iter();
                named.fold(Recipe::of_member(scene, &scene.rogue), |r, claim| r.claim(claim, &*name)).into()
            },
        )
        .by("nOAuth; Entra: Migrate away from using email claims", &["T-011", "T-017"]),
        hint(
            "tenancy/hint-mapped-name",
            "a listed tenant's id under the names that frameworks give to `tid`",
            "frameworks rename claims; who reads the long name must not find a claim of that very name first",
            |scene| {
                let home = &*scene.home.tenant;
                Recipe::of_member(scene, &scene.rogue)
                    .claim("http://schemas.microsoft.com/identity/claims/tenantid", home)
                    .claim("tenant_id", home)
                    .claim("tenantid", home)
                    .into()
            },
        ),
        hint(
            "tenancy/hint-in-other-case",
            "a listed tenant's id and issuer as `TID` and `ISS`, beside the real ones",
            "readers that fold letter case find two of each, and take the last",
            |scene| {
                let issuer = scene.issuer_of(&scene.home.tenant, scene.api.version());
                let twins = format!(",\"TID\":{},\"ISS\":{}}}", json!(scene.home.tenant), json!(issuer));
                Recipe::of_member(scene, &scene.rogue)
                    .claims_text(move |text| text.strip_suffix('}').unwrap_or(&text).to_owned() + &twins)
                    .into()
            },
        )
        .by("threat model T-027; RFC 7519 §4", &["T-011", "T-027"]),
        hint(
            "tenancy/hint-in-the-header",
            "a listed tenant's `tid` and `iss` in the token's header",
            "claims may be repeated in a header, and count in the claims alone",
            |scene| {
                let issuer = scene.issuer_of(&scene.home.tenant, scene.api.version());
                Recipe::of_member(scene, &scene.rogue)
                    .header("tid", &*scene.home.tenant)
                    .header("iss", issuer)
                    .into()
            },
        )
        .by("RFC 7519 §5.3", &["T-011"]),
        hint(
            "tenancy/hint-nested",
            "a listed tenant's `tid` and `iss` in an object beside the real ones",
            "only members of the token's own object are its claims",
            |scene| {
                let issuer = scene.issuer_of(&scene.home.tenant, scene.api.version());
                let inner = json!({"tid": scene.home.tenant, "iss": issuer});
                Recipe::of_member(scene, &scene.rogue)
                    .claim("act", inner.clone())
                    .claim("claims", inner)
                    .into()
            },
        )
        .by("RFC 7519 §4; RFC 8693 §4.1", &["T-004", "T-011"]),
        hint(
            "tenancy/hint-in-the-request",
            "a listed tenant's id in header fields, a cookie and the query beside the token",
            "what a caller writes into a request is a wish",
            |scene| {
                let home = scene.home.tenant.clone();
                Attempt::placed([Recipe::of_member(scene, &scene.rogue)], move |tokens, mut shot| {
                    let mark = if shot.path.contains('?') { '&' } else { '?' };
                    shot.path = format!("{}{mark}tenant={home}&tid={home}", shot.path);
                    ["x-tenant-id", "x-tenant", "x-ms-tenant-id", "tid"]
                        .iter()
                        .fold(shot, |shot, name| shot.field(name, &*home))
                        .field("cookie", format!("tenant={home}; tid={home}"))
                        .bearer(&tokens[0])
                })
            },
        )
        .by("OWASP: Multi-tenant security", &["T-011", "T-021"]),
    ]
}
