//! *layers*: an organisation that is not let in tries everything, while one layer of defence after the other is off. No layer may be the
//! only one (row 101; "zero reliance on a single point of failure").
//!
//! `rogue.rs` is who tries: the organisation's program and person, who really ask the issuer, and tokens as if the issuer had failed.
//! `stops.rs` is what stopped them.

mod rogue;
mod stops;

use serde_json::{Value, json};

use crate::case::{Case, Expect, Observed, Severity, Suite};
use crate::run::Running;
use crate::target::Layer;
use crate::{GateError, Stage, Target};
use stops::Matrix;

const WHY: &str = "each layer fails one day, and on that day another has to hold";
const SOURCE: &str = "seed 000: zero reliance on a single point of failure";

const fn case(id: &'static str, title: &'static str, script: crate::Script) -> Case {
    Case::new(id, Suite::Layers, Severity::Critical)
        .says(title, WHY)
        .by(SOURCE, &["T-001", "T-011"])
        .script(Expect::TenantRefused, script)
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("layers/all-on", "a rogue organisation with every layer on", |stage| Box::pin(all_on(stage))),
        case("layers/issuer-list", "a rogue organisation with the issuer's own list off", |stage| {
            Box::pin(issuer_list(stage))
        }),
        Case::new("layers/all-off", Suite::Layers, Severity::Medium)
            .says(
                "a rogue organisation with every layer off at once, which has to get through",
                "if it is stopped all the same, a switch does nothing, and the other results show less than they say",
            )
            .by("threat model T-161", &["T-161"])
            .script(Expect::Passes, |stage| Box::pin(all_off(stage))),
        case("layers/1", "a rogue organisation with the first layer of gate.toml off", |stage| {
            Box::pin(off(stage, 0))
        }),
        case("layers/2", "a rogue organisation with the second layer of gate.toml off", |stage| {
            Box::pin(off(stage, 1))
        }),
        case("layers/3", "a rogue organisation with the third layer of gate.toml off", |stage| {
            Box::pin(off(stage, 2))
        }),
        case("layers/4", "a rogue organisation with the fourth layer of gate.toml off", |stage| {
            Box::pin(off(stage, 3))
        }),
        case("layers/5", "a rogue organisation with the fifth layer of gate.toml off", |stage| {
            Box::pin(off(stage, 4))
        }),
        case("layers/6", "a rogue organisation with the sixth layer of gate.toml off", |stage| {
            Box::pin(off(stage, 5))
        }),
    ]
}

/// Whether a case has a layer to switch off. The first is planned in any event, so that a report shows that there is none.
pub(crate) fn concerns(case: &Case, target: &Target) -> bool {
    let layers = target.layers.len();
    match case.id.strip_prefix("layers/") {
        Some("all-off") => layers > 1,
        Some(number) => number.parse::<usize>().map_or(true, |number| number == 1 || number <= layers),
        None => true,
    }
}

async fn all_on(stage: &Stage) -> Result<Observed, GateError> {
    let matrix = with_list(stage, true, stops::matrix(stage, "nothing")).await?;
    Ok(matrix.all_stopped())
}

async fn issuer_list(stage: &Stage) -> Result<Observed, GateError> {
    let matrix = with_list(stage, false, stops::matrix(stage, "the issuer's list")).await?;
    Ok(matrix.all_stopped())
}

/// Who stops the rogue without the layer of that number.
async fn off(stage: &Stage, number: usize) -> Result<Observed, GateError> {
    let Some(layer) = stage.target().layers.get(number) else {
        return Ok(Observed::Unclear("gate.toml has no `[[layer]]`".to_owned()));
    };
    Ok(without(stage, layer, true).await?.all_stopped())
}

/// The counter-check: without any layer the rogue gets through. Of two layers that set the same variable the later one counts.
async fn all_off(stage: &Stage) -> Result<Observed, GateError> {
    let layers = stage.target().layers.iter().flat_map(|layer| layer.off.clone());
    let everything = Layer { name: "everything".to_owned(), off: layers.collect() };
    Ok(without(stage, &everything, false).await?.none_stopped())
}

/// Starts the target without the layer, and lets the rogue try.
async fn without(stage: &Stage, layer: &Layer, list: bool) -> Result<Matrix, GateError> {
    let running = Running::start(stage.target(), &stage.scene().authority, &layer.off).await?;
    let beside = stage.beside(running.target().clone());
    let matrix = with_list(stage, list, stops::matrix(&beside, &layer.name)).await;
    running.end().await;
    matrix
}

/// Runs `script` with the issuer's list obeyed or not. Afterwards it is as it was, whatever came of it.
async fn with_list<T>(
    stage: &Stage,
    obeyed: bool,
    script: impl Future<Output = Result<T, GateError>>,
) -> Result<T, GateError> {
    let before: Value = stage.issuer().get("/sim/native-allow-list").await?;
    stage.issuer().native_allow_list(obeyed).await?;
    let came = script.await;
    stage.issuer().native_allow_list(before["enabled"] != json!(false)).await?;
    came
}
