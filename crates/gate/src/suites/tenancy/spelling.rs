//! `tid` in other spellings: a tenant's id is one canonical text, and the list is a list (T-011).

use serde_json::json;

use super::case;
use crate::case::{Attempt, Case, Expect, Need, Severity};
use crate::scene::Scene;
use crate::token::Recipe;

pub(super) fn cases() -> Vec<Case> {
    [absent(), parts_of_a_list(), one_tenant()].concat()
}

fn tid(id: &'static str, severity: Severity, make: fn(&Scene) -> Attempt) -> Case {
    case(id, severity)
        .by("Entra: Claims validation, `tid` is a GUID", &["T-011"])
        .attempt(Expect::Forbidden, make)
}

fn absent() -> Vec<Case> {
    vec![
        tid("tenancy/tid-missing", Severity::High, |scene| {
            Recipe::of_member(scene, &scene.rogue).without("tid").into()
        })
        .says(
            "an unlisted organisation's token without `tid`",
            "a gate that only looks at a `tid` that is there stands open without one",
        ),
        tid("tenancy/tid-empty", Severity::High, |scene| Recipe::good(scene).of_tenant(scene, "").into())
            .says(
                "an empty `tid`, and the issuer that goes with it",
                "an empty text is in every list that is kept as one text",
            ),
        tid("tenancy/tid-null", Severity::High, |scene| {
            Recipe::of_member(scene, &scene.rogue).claim("tid", json!(null)).into()
        })
        .says(
            "an unlisted organisation's token whose `tid` is null",
            "where null becomes the word `null`, or nothing, the comparison is with something else",
        ),
        tid("tenancy/tid-list", Severity::High, |scene| {
            Recipe::good(scene).claim("tid", json!([scene.home.tenant, scene.rogue.tenant])).into()
        })
        .says(
            "a list of a listed and an unlisted tenant as `tid`",
            "a token has one tenant; in a list each reader picks its own",
        ),
    ]
}

fn parts_of_a_list() -> Vec<Case> {
    vec![
        tid("tenancy/tid-part", Severity::High, |scene| {
            let part = scene.home.tenant[..8].to_owned();
            Recipe::good(scene).of_tenant(scene, &part).into()
        })
        .says(
            "the first eight characters of a listed tenant's id",
            "who searches a text of tenants, and not a list, finds parts of them",
        ),
        tid("tenancy/tid-joined", Severity::High, |scene| {
            let joined = format!("{}{}", scene.home.tenant, scene.rogue.tenant);
            Recipe::good(scene).of_tenant(scene, &joined).into()
        })
        .says(
            "a listed tenant's id with an unlisted one's behind it",
            "who compares the beginning accepts every end",
        ),
        tid("tenancy/tid-behind-another", Severity::High, |scene| {
            let joined = format!("{}{}", scene.rogue.tenant, scene.home.tenant);
            Recipe::good(scene).of_tenant(scene, &joined).into()
        })
        .says(
            "an unlisted tenant's id with a listed one's behind it",
            "who compares the end accepts every beginning",
        ),
        tid("tenancy/tid-ends-alike", Severity::High, |scene| {
            let (home, other) = (&scene.home.tenant, scene.guid("a tenant of similar id"));
            let alike = format!("{}{}{}", &home[..9], &other[9..23], &home[23..]);
            Recipe::good(scene).of_tenant(scene, &alike).into()
        })
        .says(
            "a tenant's id that begins and ends as a listed one's does",
            "a column that is too short, or a short form for people, takes many tenants for one",
        ),
        tid("tenancy/tid-pattern", Severity::High, |scene| Recipe::good(scene).of_tenant(scene, ".*").into())
            .says(
                "a pattern in the place of a tenant's id",
                "where a token's text becomes a pattern, it matches the whole list",
            ),
    ]
}

fn one_tenant() -> Vec<Case> {
    vec![
        tid("tenancy/tid-upper-case", Severity::Medium, |scene| {
            Recipe::good(scene).claim("tid", scene.home.tenant.to_uppercase()).into()
        })
        .needs(&[Need::Letters])
        .says(
            "a listed tenant's id in capital letters",
            "two spellings of one tenant are two tenants to a database, or one to a cache",
        ),
        tid("tenancy/tid-braces", Severity::Medium, |scene| {
            Recipe::good(scene).claim("tid", format!("{{{}}}", scene.home.tenant)).into()
        })
        .says(
            "a listed tenant's id in braces",
            "lenient readers of GUIDs take several forms, and data is kept under whichever came first",
        ),
        tid("tenancy/tid-line-break", Severity::Medium, |scene| {
            Recipe::good(scene).claim("tid", format!("{}\n", scene.home.tenant)).into()
        })
        .says(
            "a listed tenant's id with a line break behind it",
            "`$` in a pattern stands before a last line break too, and logs are read by lines",
        ),
        tid("tenancy/tid-upper-case-throughout", Severity::Medium, |scene| {
            Recipe::good(scene).of_tenant(scene, &scene.home.tenant.to_uppercase()).into()
        })
        .needs(&[Need::Letters])
        .says(
            "a listed tenant's id in capital letters, and the issuer that goes with it",
            "where the issuer is made of `tid`, it agrees with every spelling: the list alone can refuse it",
        ),
        tid("tenancy/tid-line-break-throughout", Severity::Medium, |scene| {
            Recipe::good(scene).of_tenant(scene, &format!("{}\n", scene.home.tenant)).into()
        })
        .says(
            "a listed tenant's id with a line break behind it, and the issuer that goes with it",
            "a comparison that trims lets through what data is then kept under",
        ),
        tid("tenancy/tid-without-hyphens", Severity::Medium, |scene| {
            Recipe::good(scene).of_tenant(scene, &scene.home.tenant.replace('-', "")).into()
        })
        .says(
            "a listed tenant's id without hyphens, and the issuer that goes with it",
            "who reads it as a GUID and keeps it as a text has one tenant twice",
        ),
        tid("tenancy/tid-domain", Severity::High, |scene| {
            let domain = scene.home.domain.clone();
            Recipe::good(scene).of_tenant(scene, &domain).into()
        })
        .says(
            "a listed tenant's domain as `tid`, and the issuer that goes with it",
            "domains move between tenants; authorities take them in addresses and never put them into tokens",
        ),
        tid("tenancy/tid-alias", Severity::High, |scene| {
            Recipe::good(scene).of_tenant(scene, "common").into()
        })
        .says(
            "`common` as `tid`, and the issuer that goes with it",
            "who signs people in at an alias easily lists it, and then everybody is in it",
        ),
        tid("tenancy/tid-path", Severity::High, |scene| {
            let path = format!("{}/../{}", scene.rogue.tenant, scene.home.tenant);
            Recipe::good(scene).claim("tid", path).into()
        })
        .says(
            "a path that leads from an unlisted tenant's id to a listed one's as `tid`",
            "`tid` gets into addresses of keys and into folders; unverified text has no business there",
        )
        .by("RFC 8725 §3.10", &["T-007", "T-011"]),
    ]
}
