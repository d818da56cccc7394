//! Members that are there twice. Some parsers keep the first, some the last (which RFC 7519 §4 permits), and an API often has both:
//! one that looks for the tenant or the key, one that verifies.

use super::{case, first, last};
use crate::Scene;
use crate::case::{Attempt, Case, Expect, Severity};
use crate::token::Recipe;

const TWICE: &str = "two values are two meanings, one for each parser that reads them";
const SOURCE: &str = "RFC 7519 §4, §10.1: must be unique; RFC 7515 §4; RFC 8725 §2.4";

pub(super) fn cases() -> Vec<Case> {
    [last_is_bad(), first_is_bad(), respelled_cases(), twin_cases()].concat()
}

fn twice(id: &'static str, severity: Severity, title: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    case(id, severity).says(title, TWICE).by(SOURCE, &["T-004"]).attempt(Expect::Malformed, make)
}

fn claims_end_with(scene: &Scene, member: String) -> Attempt {
    Recipe::good(scene).claims_text(move |claims| last(&member, &claims)).into()
}

fn claims_begin_with(scene: &Scene, member: String) -> Attempt {
    Recipe::good(scene).claims_text(move |claims| first(&member, &claims)).into()
}

fn rogue_tenant(scene: &Scene) -> String {
    format!(r#""tid":"{}""#, scene.rogue.tenant)
}

fn rogue_issuer(scene: &Scene) -> String {
    format!(r#""iss":"{}""#, scene.issuer_of(&scene.rogue.tenant, scene.api.version()))
}

fn other_audience(scene: &Scene) -> String {
    format!(r#""aud":"{}""#, scene.guid("shape/other-audience"))
}

/// Long ago.
const EXPIRED: &str = r#""exp":1000000000"#;

/// For parsers that keep the first value. The specifications permit none of them.
fn last_is_bad() -> Vec<Case> {
    let of = |id, title, make| twice(id, Severity::Medium, title, make);
    vec![
        of("shape/tenant-twice-first-good", "`tid` twice: a listed tenant, then another", |scene| {
            claims_end_with(scene, rogue_tenant(scene))
        }),
        of("shape/issuer-twice-first-good", "`iss` twice: the right one, then another", |scene| {
            claims_end_with(scene, rogue_issuer(scene))
        }),
        of("shape/audience-twice-first-good", "`aud` twice: this API, then another", |scene| {
            claims_end_with(scene, other_audience(scene))
        }),
        of("shape/expiry-twice-first-good", "`exp` twice: later, then long ago", |scene| {
            claims_end_with(scene, EXPIRED.to_owned())
        }),
        of("shape/algorithm-twice-first-good", "`alg` twice: `RS256`, then `none`", |scene| {
            Recipe::good(scene).header_text(|header| last(r#""alg":"none""#, &header)).into()
        }),
        of("shape/key-id-twice-first-good", "`kid` twice: the right one, then another", |scene| {
            Recipe::good(scene).header_text(|header| last(r#""kid":"another""#, &header)).into()
        }),
    ]
}

/// For parsers that keep the last value: permitted, and still read otherwise by the next parser.
fn first_is_bad() -> Vec<Case> {
    let of = |id, title, make| twice(id, Severity::Low, title, make);
    vec![
        of("shape/tenant-twice-last-good", "`tid` twice: another tenant, then a listed one", |scene| {
            claims_begin_with(scene, rogue_tenant(scene))
        }),
        of("shape/issuer-twice-last-good", "`iss` twice: another, then the right one", |scene| {
            claims_begin_with(scene, rogue_issuer(scene))
        }),
        of("shape/audience-twice-last-good", "`aud` twice: another API, then this one", |scene| {
            claims_begin_with(scene, other_audience(scene))
        }),
        of("shape/expiry-twice-last-good", "`exp` twice: long ago, then later", |scene| {
            claims_begin_with(scene, EXPIRED.to_owned())
        }),
        of("shape/algorithm-twice-last-good", "`alg` twice: `none`, then `RS256`", |scene| {
            Recipe::good(scene).header_text(|header| first(r#""alg":"none""#, &header)).into()
        }),
        of("shape/key-id-twice-last-good", "`kid` twice: another, then the right one", |scene| {
            Recipe::good(scene).header_text(|header| first(r#""kid":"another""#, &header)).into()
        }),
    ]
}

fn respelled_cases() -> Vec<Case> {
    vec![
        twice(
            "shape/tenant-twice-by-escape",
            Severity::Medium,
            "`tid` of another tenant, then `\\u0074id` of a listed one",
            |scene| {
                let good = format!(r#""\u0074id":"{}""#, scene.home.tenant);
                let rogue = rogue_tenant(scene);
                let recipe = Recipe::good(scene).without("tid");
                recipe.claims_text(move |claims| last(&good, &first(&rogue, &claims))).into()
            },
        ),
        twice("shape/tenant-twice-alike", Severity::Low, "`tid` twice, of one value", |scene| {
            claims_end_with(scene, format!(r#""tid":"{}""#, scene.home.tenant))
        }),
    ]
}

/// Names that differ in letter case only. Parsers that fold it see one member twice.
fn twin_cases() -> Vec<Case> {
    const FOLDED: &str =
        "names are case-sensitive: a parser that folds them takes a stranger's claim for the real one";
    let source = "RFC 7515 §5.3; RFC 8259 §8.3; threat model T-027";
    let twin = |id, severity, title| case(id, severity).says(title, FOLDED).by(source, &["T-004", "T-027"]);
    vec![
        twin(
            "shape/twin-of-tenant",
            Severity::High,
            "an unlisted organisation's token with `TID` and `ISS` of a listed one",
        )
        .attempt(Expect::Malformed, |scene| {
            let (tenant, version) = (&scene.home.tenant, scene.api.version());
            let twins = format!(r#""ISS":"{}","TID":"{tenant}""#, scene.issuer_of(tenant, version));
            let recipe = Recipe::of_member(scene, &scene.rogue);
            recipe.claims_text(move |claims| last(&twins, &claims)).into()
        }),
        twin("shape/twin-of-expiry", Severity::High, "an expired token with an `Exp` in the future").attempt(
            Expect::Malformed,
            |scene| {
                let recipe = Recipe::good(scene).claim("exp", 1_000_000_000);
                recipe.claims_text(|claims| last(r#""Exp":4000000000"#, &claims)).into()
            },
        ),
        twin(
            "shape/twin-beside-tenant",
            Severity::Low,
            "a good token with a `Tid` of another tenant beside its `tid`",
        )
        .attempt(Expect::Malformed, |scene| {
            claims_end_with(scene, format!(r#""Tid":"{}""#, scene.rogue.tenant))
        }),
    ]
}
