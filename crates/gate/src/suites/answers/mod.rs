//! *answers*: what a refusal tells. It names the scheme and a code, the same for all causes, and nothing else (T-020).
//!
//! `challenge.rs` is the `WWW-Authenticate` field, read by `field.rs`; `alike.rs` compares refusals of different causes, `told.rs`
//! looks for what nobody may be told, `closed.rs` tries what else opens a door or keeps an answer. Time is not measured.

mod alike;
mod challenge;
mod closed;
mod field;
mod told;

use crate::case::{Answer, Attempt, Case, Observed, Severity, Suite};
use crate::report::Finding;
use crate::token::{Recipe, Signer};
use crate::{GateError, Scene, Stage};

const fn case(id: &'static str, severity: Severity) -> Case {
    Case::new(id, Suite::Answers, severity)
}

pub(super) fn cases() -> Vec<Case> {
    [challenge::cases(), alike::cases(), told::cases(), closed::cases()].concat()
}

/// What a good token says, signed by the attacker: the refusal that all others are compared with.
fn forged(scene: &Scene) -> Recipe {
    Recipe::good(scene).signed_by(Signer::Attacker)
}

/// No token, and nothing else either.
fn nothing() -> Attempt {
    Attempt::placed([], |_, shot| shot)
}

/// An answer that refused, or what there is to say instead.
type Refusal = Result<Answer, Observed>;

/// Presents what has to be refused, at the first probe.
async fn refusal(stage: &Stage, attempt: impl Into<Attempt>) -> Result<Refusal, GateError> {
    let answer = stage.present(&attempt.into(), &stage.scene().probe).await?;
    if stage.lets_in(&answer) {
        return Ok(Err(Observed::Unclear("it was let in, which other cases report".to_owned())));
    }
    Ok(answer.map_err(|silence| Observed::Otherwise(Finding::ServerError, silence)))
}

/// Presents what has to be refused, and looks at the answer.
async fn looked_at(
    stage: &Stage,
    attempt: impl Into<Attempt>,
    look: impl FnOnce(&Answer) -> Observed,
) -> Result<Observed, GateError> {
    Ok(refusal(stage, attempt).await?.map_or_else(|instead| instead, |answer| look(&answer)))
}

fn expected(what: &str) -> Observed {
    Observed::AsExpected(what.to_owned())
}

fn told(what: impl Into<String>) -> Observed {
    Observed::Otherwise(Finding::Told, what.into())
}
