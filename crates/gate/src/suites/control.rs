//! *control*: good tokens pass, and without one nobody does. If either fails, nothing else means anything (T-161).

use crate::case::{Attempt, Case, Expect, Need, Severity, Suite};
use crate::token::Recipe;

const fn case(id: &'static str) -> Case {
    Case::new(id, Suite::Control, Severity::Critical).everywhere()
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("control/good-token")
            .says(
                "a good token of the home tenant",
                "an API that refuses everything proves nothing by refusing attacks",
            )
            .by("threat model T-161", &["T-161"])
            .attempt(Expect::Passes, |scene| Recipe::good(scene).into()),
        case("control/partner-token")
            .says("a good token of the second listed tenant", "one API serves several organisations")
            .by("seed 000; seed 004", &["T-161"])
            .needs(&[Need::Partner])
            .attempt(Expect::Passes, |scene| {
                let partner = scene.partner.as_ref().unwrap_or(&scene.home);
                Recipe::of_member(scene, partner).into()
            }),
        case("control/application-token")
            .says("a good token of a program", "where programs may call, they have to be able to")
            .by("Entra: access token claims, `idtyp`", &["T-018", "T-161"])
            .needs(&[Need::Applications, Need::Program])
            .attempt(Expect::Passes, |scene| Recipe::of_application(scene, &scene.home).into()),
        case("control/no-token")
            .says("no token at all", "a probe that is open to everybody shows nothing")
            .by("RFC 6750 §3", &["T-020", "T-161"])
            .attempt(Expect::Refused, |_| Attempt::placed([], |_, shot| shot)),
    ]
}
