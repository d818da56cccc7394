//! Numbers that change when another tenant makes something: how much somebody has is theirs as well.

use super::case;
use crate::GateError;
use crate::case::{Case, Expect, Observed, Severity};
use crate::isolation::{Canary, Ground};
use crate::report::Finding;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("isolation/count", Severity::Medium)
            .says(
                "another tenant's person and Admin watch the answers that count things while the owner makes one",
                "a total over all tenants tells each how the others fare",
            )
            .by("CWE-203; CWE-359; threat model T-101", &["T-101"])
            .script(Expect::Forbidden, |stage| {
                Box::pin(Ground::over(stage, |ground| Box::pin(count(ground))))
            }),
    ]
}

async fn count(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let all = ground.plan.all_reads();
    let telling = ground.telling(&all).await?;
    let silent = |path: &&str| !telling.contains(path) && !path.contains('{');
    let paths: Vec<&str> = all.into_iter().filter(silent).collect();
    if paths.is_empty() {
        return Ok(Observed::Unclear("`[isolation]` names no request that only counts things".to_owned()));
    }
    let people = [
        ("its owner", ground.owner.clone()),
        ("another tenant's person", ground.person(ground.stranger()).await?),
        ("another tenant's Admin", ground.admin(ground.stranger()).await?),
    ];
    let before = [seen(ground, &paths, &people).await?, seen(ground, &paths, &people).await?];
    let one_more = match Canary::plant(ground.stage, &ground.plan, &ground.owner).await? {
        Ok(canary) => canary,
        Err(why) => return Ok(Observed::Unclear(why)),
    };
    let after = seen(ground, &paths, &people).await?;
    ground.clean(&one_more, &ground.stage.scene().home).await?;
    // What differs twice in a row tells the time, or counts something else.
    let changed = |at: usize| before[0][at] == before[1][at] && before[1][at] != after[at];
    Ok(compared(&paths, &people, changed))
}

fn compared(paths: &[&str], people: &[(&str, String); 3], changed: impl Fn(usize) -> bool) -> Observed {
    let counting: Vec<usize> = (0..paths.len()).filter(|path| changed(path * people.len())).collect();
    for path in &counting {
        for (person, (who, _)) in people.iter().enumerate().skip(1) {
            if changed(path * people.len() + person) {
                let detail = format!("`GET {}` changed for {who} when the owner made a thing", paths[*path]);
                return Observed::Otherwise(Finding::Leaked, detail);
            }
        }
    }
    match counting.is_empty() {
        true => Observed::Unclear(format!("nothing changed for the owner either in {}", paths.join(", "))),
        false => Observed::AsExpected(format!("{} answers changed for the owner alone", counting.len())),
    }
}

/// Status and body of each path for each person, path by path.
async fn seen(
    ground: &Ground<'_>,
    paths: &[&str],
    people: &[(&str, String)],
) -> Result<Vec<(u16, String)>, GateError> {
    let mut seen = Vec::with_capacity(paths.len() * people.len());
    for path in paths {
        for (_, token) in people {
            let answer = ground.stage.send(&ground.canary.get(path).bearer(token)).await?;
            seen.push(answer.map_or((0, String::new()), |answer| (answer.status, answer.body)));
        }
    }
    Ok(seen)
}
