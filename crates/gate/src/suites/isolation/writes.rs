//! Changing and deleting what is another's, and what the refusal tells.

use super::case;
use crate::GateError;
use crate::case::{Answer, Case, Expect, Observed, Severity};
use crate::isolation::{Ground, Sight, alike, broken};
use crate::report::Finding;
use crate::target::Call;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("isolation/change", Severity::Critical)
            .says(
                "another tenant's person and Admin change the thing by its id",
                "who may not read may not write",
            )
            .by("OWASP API1:2023; seed 001", &["T-101"])
            .script(Expect::Forbidden, |stage| {
                Box::pin(Ground::over(stage, |ground| Box::pin(change(ground))))
            }),
        case("isolation/delete", Severity::Critical)
            .says(
                "another tenant's person and Admin delete the thing by its id",
                "who may not read may not delete",
            )
            .by("OWASP API1:2023; seed 001", &["T-101"])
            .script(Expect::Forbidden, |stage| {
                Box::pin(Ground::over(stage, |ground| Box::pin(delete(ground))))
            }),
        case("isolation/error-text", Severity::Medium)
            .says(
                "another tenant's person and Admin ask for the thing's id, and for one that nobody has",
                "an answer that differs tells strangers what exists",
            )
            .by("CWE-203; threat model T-020", &["T-020", "T-101"])
            .script(Expect::Forbidden, |stage| {
                Box::pin(Ground::over(stage, |ground| Box::pin(error_text(ground))))
            }),
    ]
}

async fn change(ground: &Ground<'_>) -> Result<Observed, GateError> {
    tried(ground, &ground.plan.edits()).await
}

async fn delete(ground: &Ground<'_>) -> Result<Observed, GateError> {
    tried(ground, &ground.plan.deletes()).await
}

/// Tries the calls as another tenant's person and Admin; the owner looks afterwards.
async fn tried(ground: &Ground<'_>, calls: &[&Call]) -> Result<Observed, GateError> {
    if calls.is_empty() {
        return Ok(Observed::Unclear("`[isolation]` names no such request".to_owned()));
    }
    let Some(before) = Owned::read(ground).await? else {
        return Ok(Observed::Unclear("the tenant itself does not find its own thing".to_owned()));
    };
    let strangers = [
        ("another tenant's person", ground.person(ground.stranger()).await?),
        ("another tenant's Admin", ground.admin(ground.stranger()).await?),
    ];
    let mut told = Vec::new();
    for call in calls {
        for (who, token) in &strangers {
            let named = format!("{} {}", call.method, call.path);
            match ground.stage.send(&ground.canary.shot(call).bearer(token)).await? {
                Ok(answer) if answer.status >= 500 => {
                    return Ok(broken(&named, &format!("answered {}", answer.status)));
                }
                Ok(answer) => told.push(format!("{who} {named}: {}", answer.status)),
                Err(silence) => return Ok(broken(&named, &silence)),
            }
            if !before.is_as_it_was(ground).await? {
                return Ok(Observed::Otherwise(
                    Finding::Accepted,
                    format!("{who} did `{named}`, and it was done"),
                ));
            }
        }
    }
    Ok(Observed::AsExpected(told.join("; ")))
}

/// The thing as its owner sees it.
struct Owned<'t> {
    template: &'t str,
    /// Absent where two looks in a row differ, as they would where the answer tells the time.
    body: Option<String>,
}

impl<'t> Owned<'t> {
    async fn read(ground: &'t Ground<'_>) -> Result<Option<Self>, GateError> {
        let templates = [ground.plan.by_id(), ground.plan.lists()].concat();
        let Some(template) = ground.telling(&templates).await?.first().copied() else { return Ok(None) };
        let (one, two) = (body(ground, template).await?, body(ground, template).await?);
        Ok(Some(Self { template, body: one.filter(|one| Some(one) == two.as_ref()) }))
    }

    async fn is_as_it_was(&self, ground: &Ground<'_>) -> Result<bool, GateError> {
        if ground.sight(self.template, &ground.owner).await? != Sight::Canary {
            return Ok(false);
        }
        Ok(self.body.is_none() || body(ground, self.template).await? == self.body)
    }
}

async fn body(ground: &Ground<'_>, template: &str) -> Result<Option<String>, GateError> {
    let answer = ground.stage.send(&ground.canary.get(template).bearer(&ground.owner)).await?;
    Ok(answer.ok().map(|answer| answer.body))
}

async fn error_text(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let strangers = [ground.person(ground.stranger()).await?, ground.admin(ground.stranger()).await?];
    let invented = ground.canary.invented();
    let get = |path: &str| Call { method: "GET".to_owned(), path: path.to_owned(), body: None };
    let calls: Vec<_> = ground.plan.by_id().into_iter().map(get).chain(ground.plan.changes.clone()).collect();
    if calls.is_empty() || ground.canary.id.is_empty() {
        return Ok(Observed::Unclear("`[isolation]` names no request with an id".to_owned()));
    }
    let mut told = Vec::new();
    for at in 0..calls.len() * strangers.len() {
        let (call, stranger) = (&calls[at / strangers.len()], &strangers[at % strangers.len()]);
        let named = &format!("{} {}", call.method, call.path);
        let theirs = ground.stage.send(&ground.canary.shot(call).bearer(stranger)).await?;
        let nobodys = ground.stage.send(&invented.shot(call).bearer(stranger)).await?;
        let (Ok(theirs), Ok(nobodys)) = (theirs, nobodys) else { return Ok(broken(named, "no answer")) };
        if !looks_alike(&theirs, &nobodys) {
            let detail = format!(
                "`{named}` answers {} to another tenant's id and {} to an id of nobody's",
                words(&theirs),
                words(&nobodys)
            );
            return Ok(Observed::Otherwise(Finding::Told, detail));
        }
        told.push(format!("{named}: {}", theirs.status));
    }
    Ok(Observed::AsExpected(format!("the same answers as to an id of nobody's: {}", told.join("; "))))
}

fn looks_alike(one: &Answer, other: &Answer) -> bool {
    alike((one.status, &one.body), (other.status, &other.body))
}

/// Status and the beginning of the text. The text is the target's: the report escapes it.
fn words(answer: &Answer) -> String {
    let text: String = answer.body.chars().filter(|c| !c.is_control()).take(60).collect();
    format!("{} `{text}`", answer.status)
}
