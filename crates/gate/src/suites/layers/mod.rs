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
    let number = case.id.strip_prefix("layers/").and_then(|number| number.parse::<usize>().ok());
    number.is_none_or(|number| number == 1 || number <= target.layers.len())
}

async fn all_on(stage: &Stage) -> Result<Observed, GateError> {
    with_list(stage, true, stops::matrix(stage, "nothing")).await
}

async fn issuer_list(stage: &Stage) -> Result<Observed, GateError> {
    with_list(stage, false, stops::matrix(stage, "the issuer's list")).await
}

/// Starts the target without the layer, and looks who stops the rogue then.
async fn off(stage: &Stage, number: usize) -> Result<Observed, GateError> {
    let Some(layer) = stage.target().layers.get(number) else {
        return Ok(Observed::Unclear("gate.toml has no `[[layer]]`".to_owned()));
    };
    let running = Running::start(stage.target(), &stage.scene().authority, &layer.off).await?;
    let seen = without(stage, &running, layer).await;
    running.end().await;
    seen
}

async fn without(stage: &Stage, running: &Running, layer: &Layer) -> Result<Observed, GateError> {
    let beside = stage.beside(running.target().clone());
    with_list(stage, true, stops::matrix(&beside, &layer.name)).await
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
