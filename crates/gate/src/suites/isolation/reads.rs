//! Looking: lists, ids, searches, exports, as a person, as an Admin, as a program.

use futures_util::{TryStreamExt, stream};

use super::case;
use crate::case::{Case, Expect, Need, Observed, Severity};
use crate::isolation::{Ground, Sight, broken, leaked};
use crate::report::Finding;
use crate::token::Recipe;
use crate::{GateError, Stage};

/// Calls of each tenant that run among the other's.
const INTERLEAVED: usize = 12;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("isolation/planted", Severity::High)
            .says(
                "a tenant looks for what it made itself",
                "where the owner finds nothing, nothing is proved by strangers who find nothing",
            )
            .by("threat model T-161", &["T-161"])
            .script(Expect::Passes, |stage| Box::pin(planted(stage))),
        case("isolation/list", Severity::Critical)
            .says("another tenant's person reads the lists", "each query is by the verified tenant")
            .by("OWASP API1:2023; seed 001, seed 002", &["T-101"])
            .script(Expect::Forbidden, |stage| Box::pin(Ground::over(stage, |ground| Box::pin(list(ground))))),
        case("isolation/by-id", Severity::Critical)
            .says("another tenant's person asks for the thing by its id", "an id is no permission")
            .by("OWASP API1:2023; ZITADEL CVE-2025-64431", &["T-101"])
            .script(Expect::Forbidden, |stage| Box::pin(Ground::over(stage, |ground| Box::pin(by_id(ground))))),
        case("isolation/search", Severity::Critical)
            .says("another tenant's person searches for its text", "an index is shared sooner than a table")
            .by("OWASP API1:2023", &["T-101"])
            .script(Expect::Forbidden, |stage| Box::pin(Ground::over(stage, |ground| Box::pin(search(ground))))),
        case("isolation/export", Severity::Critical)
            .says("another tenant's person exports", "exports are written later, by other hands, past the usual query")
            .by("OWASP API1:2023", &["T-101"])
            .script(Expect::Forbidden, |stage| Box::pin(Ground::over(stage, |ground| Box::pin(export(ground))))),
        case("isolation/admin", Severity::Critical)
            .says(
                "another tenant's Admin looks everywhere",
                "an Admin sees everything of one organisation; without a tenant in the query, everything there is",
            )
            .by("seed 001, seed 002; threat model T-018", &["T-101"])
            .script(Expect::Forbidden, |stage| Box::pin(Ground::over(stage, |ground| Box::pin(admin(ground))))),
        case("isolation/program", Severity::Critical)
            .says("another tenant's program looks everywhere", "programs have no person whose tenant could be asked for")
            .by("OWASP API1:2023; Entra: `idtyp`", &["T-018", "T-101"])
            .needs(&[Need::Partner, Need::Applications])
            .script(Expect::Forbidden, |stage| Box::pin(Ground::over(stage, |ground| Box::pin(program(ground))))),
        case("isolation/colleague", Severity::High)
            .says("a colleague with the same role looks everywhere", "what is one person's is not the organisation's")
            .by("OWASP API1:2023; seed 001", &["T-101"])
            .script(Expect::Forbidden, |stage| Box::pin(Ground::over(stage, |ground| Box::pin(colleague(ground))))),
        case("isolation/interleaved", Severity::Critical)
            .says(
                "two tenants read their lists at the same time",
                "a tenant that is kept in a connection or a thread is the next caller's too",
            )
            .by("threat model T-001; OWASP multi-tenant", &["T-001", "T-101"])
            .script(Expect::Forbidden, |stage| Box::pin(Ground::over(stage, |ground| Box::pin(interleaved(ground))))),
    ]
}

async fn planted(stage: &Stage) -> Result<Observed, GateError> {
    let ground = match Ground::lay(stage).await? {
        Ok(ground) => ground,
        // A plan that does not work is the target's failure to be tested, or ours: never a silent pass.
        Err(why) if stage.target().isolation.is_some() => {
            return Ok(Observed::Otherwise(Finding::RefusedGood, why));
        }
        Err(why) => return Ok(Observed::Unclear(why)),
    };
    let reads = ground.plan.all_reads();
    let telling = ground.telling(&reads).await?;
    ground.clear().await?;
    let made = format!("{} {}", ground.plan.create.method, ground.plan.create.path);
    if telling.is_empty() {
        let detail = format!("made by `{made}` and found nowhere: {}", reads.join(", "));
        return Ok(Observed::Otherwise(Finding::RefusedGood, detail));
    }
    let blind: Vec<_> = reads.iter().filter(|read| !telling.contains(read)).copied().collect();
    let mut detail = format!("made by `{made}`, found by its owner in {}", telling.join(", "));
    if !blind.is_empty() {
        detail.push_str(&format!("; not in {}, of which only numbers are watched", blind.join(", ")));
    }
    if !ground.plan.not_covered.is_empty() {
        detail.push_str(&format!("; {}", ground.plan.not_covered));
    }
    Ok(Observed::AsExpected(detail))
}

async fn list(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let person = ground.person(ground.stranger()).await?;
    ground.look_everywhere(&ground.plan.lists(), &[("another tenant's person", person)]).await
}

async fn by_id(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let person = ground.person(ground.stranger()).await?;
    ground.look_everywhere(&ground.plan.by_id(), &[("another tenant's person", person)]).await
}

async fn search(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let (person, admin) = (ground.person(ground.stranger()).await?, ground.admin(ground.stranger()).await?);
    let seekers = [("another tenant's person", person), ("another tenant's Admin", admin)];
    ground.look_everywhere(&ground.plan.searches(), &seekers).await
}

async fn export(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let (person, admin) = (ground.person(ground.stranger()).await?, ground.admin(ground.stranger()).await?);
    let seekers = [("another tenant's person", person), ("another tenant's Admin", admin)];
    let exports: Vec<_> = ground.plan.exports.iter().map(String::as_str).collect();
    ground.look_everywhere(&exports, &seekers).await
}

async fn admin(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let admin = ground.admin(ground.stranger()).await?;
    ground.look_everywhere(&ground.plan.all_reads(), &[("another tenant's Admin", admin)]).await
}

async fn program(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let stranger = ground.stranger();
    if stranger.program.is_none() {
        return Ok(Observed::Unclear("the second listed tenant has no program".to_owned()));
    }
    let program = ground.stage.token(&Recipe::of_application(ground.stage.scene(), stranger)).await?;
    ground.look_everywhere(&ground.plan.all_reads(), &[("another tenant's program", program)]).await
}

async fn colleague(ground: &Ground<'_>) -> Result<Observed, GateError> {
    if !ground.plan.personal {
        let why = "things belong to the organisation, as far as gate.toml says (`isolation.personal`)";
        return Ok(Observed::Unclear(why.to_owned()));
    }
    let home = &ground.stage.scene().home;
    let directory = ground.stage.issuer().directory().await?;
    let people = directory.tenant(&home.tenant).map(|tenant| &tenant.users[..]).unwrap_or_default();
    let is_another = |id: &str| home.member.as_deref() != Some(id);
    let Some(other) = people.iter().find(|user| user.home_tenant == home.tenant && is_another(&user.id))
    else {
        return Ok(Observed::Unclear("the home tenant has one person only".to_owned()));
    };
    let cast = crate::Cast { member: Some(other.id.clone()), ..home.clone() };
    let token = ground.person(&cast).await?;
    ground.look_everywhere(&ground.plan.all_reads(), &[("a colleague", token)]).await
}

async fn interleaved(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let lists = ground.telling(&ground.plan.lists()).await?;
    let Some(list) = lists.first() else {
        return Ok(Observed::Unclear("the tenant itself does not find its own thing in any list".to_owned()));
    };
    let stranger = ground.person(ground.stranger()).await?;
    let sights = (0..2 * INTERLEAVED).map(|n| {
        let token = if n % 2 == 0 { &ground.owner } else { &stranger };
        Ok(ground.sight(list, token))
    });
    let width = ground.stage.target().limits.concurrency;
    let sights: Vec<Sight> = stream::iter(sights).try_buffered(width).try_collect().await?;
    // What another tenant saw is worse than what the owner did not, whichever came first.
    if sights.iter().skip(1).step_by(2).any(|sight| *sight == Sight::Canary) {
        return Ok(leaked("another tenant's person, at the same time,", &format!("GET {list}")));
    }
    for (n, sight) in sights.into_iter().enumerate() {
        match (n % 2 == 0, sight) {
            (_, Sight::Broken(why)) => return Ok(broken(&format!("GET {list}"), &why)),
            (true, Sight::Nothing(status)) => {
                let detail = format!("the owner did not find it in `GET {list}` while others read: {status}");
                return Ok(Observed::Otherwise(Finding::WrongStatus, detail));
            }
            _ => {}
        }
    }
    Ok(Observed::AsExpected(format!("{} readings by two tenants, each saw its own", 2 * INTERLEAVED)))
}
