//! Which list a target enforces, found out by what it does with good tokens: those of listed tenants pass, those of removed
//! and unlisted ones do not.

use std::time::Duration;

use futures_util::{StreamExt, stream};

use super::well_known::{ModuleReport, PATH};
use super::{Enforced, ListEvidence, ReviewedList};
use crate::case::{Attempt, Expect, Shot};
use crate::issuer::Directory;
use crate::run::{Observer, judge};
use crate::scene;
use crate::token::Recipe;
use crate::{GateError, Issuer, Outcome, Scene, Stage, Target};

/// Most tenants outside the list that are tried, removed ones first.
const OUTSIDE_MAX: usize = 200;

/// What a target said of itself, and did with good tokens.
#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    /// Its `/.well-known/tenantry`, if it has one.
    pub told: Option<ModuleReport>,
    /// Good tokens of tenants on the list and of others.
    pub enforced: Vec<Enforced>,
    /// Requests that it took.
    pub requests: u64,
}

/// Asks the target what it is built with, and tries the tenants of the list, if there is one.
///
/// # Errors
/// [`GateError`] when nothing can be said about the target; [`GateError::OutOfTime`] after `limits.run_s`.
pub async fn behaviour(
    target: Target,
    issuer: Issuer,
    list: &ListEvidence,
    seed: u64,
    observer: &dyn Observer,
) -> Result<Behaviour, GateError> {
    let run_s = target.limits.run_s;
    let seen = seen(Stage::set(target, issuer, seed), list, observer);
    let in_time = tokio::time::timeout(Duration::from_secs(run_s), seen).await;
    in_time.unwrap_or(Err(GateError::OutOfTime(run_s)))
}

async fn seen(
    stage: impl Future<Output = Result<Stage, GateError>>,
    list: &ListEvidence,
    observer: &dyn Observer,
) -> Result<Behaviour, GateError> {
    let stage = stage.await?;
    let told = told(&stage).await?;
    let enforced = match list {
        ListEvidence::Reviewed(list) => enforced(&stage, list, observer).await?,
        _ => Vec::new(),
    };
    Ok(Behaviour { told, enforced, requests: stage.requests() })
}

async fn told(stage: &Stage) -> Result<Option<ModuleReport>, GateError> {
    let shot = Shot {
        method: "GET".to_owned(),
        path: PATH.to_owned(),
        fields: vec![("accept".to_owned(), b"application/json".to_vec())],
        body: None,
    };
    let answer = stage.send(&shot).await?.ok().filter(|answer| answer.status == 200);
    Ok(answer.and_then(|answer| ModuleReport::parse(&answer.body)))
}

/// One token to try.
struct Trial {
    whose: String,
    listed: bool,
    expect: Expect,
    attempt: Attempt,
}

async fn enforced(
    stage: &Stage,
    list: &ReviewedList,
    observer: &dyn Observer,
) -> Result<Vec<Enforced>, GateError> {
    let directory = stage.issuer().directory().await?;
    let mut trials = listed(stage.scene(), &directory, list);
    trials.extend(others(stage.scene(), &directory, list));
    observer.enforcing(trials.len());
    let width = stage.target().limits.concurrency;
    let tried = stream::iter(trials).map(|trial| async move {
        let tried = attempt(stage, trial).await;
        observer.enforced();
        tried
    });
    let tried: Vec<_> = tried.buffered(width).collect().await;
    tried.into_iter().collect()
}

async fn attempt(stage: &Stage, trial: Trial) -> Result<Enforced, GateError> {
    let probe = &stage.scene().probe;
    let (held, detail) = match stage.present(&trial.attempt, probe).await? {
        Ok(answer) => {
            let (outcome, detail) = judge(trial.expect, &answer, probe, &stage.scene().api);
            (outcome == Outcome::Held, detail)
        }
        Err(silence) => (false, silence),
    };
    Ok(Enforced { whose: trial.whose, listed: trial.listed, held, detail })
}

/// A member of each listed tenant, and a guest where there is one.
fn listed(scene: &Scene, directory: &Directory, list: &ReviewedList) -> Vec<Trial> {
    let mut trials = Vec::new();
    for tenant in list.tried() {
        let Some(cast) = scene::cast(directory, scene.api.role.as_deref(), &tenant.id) else { continue };
        let named = format!("{} ({})", tenant.name, tenant.id);
        trials.push(trial(format!("a member of {named}"), Expect::Passes, Recipe::of_member(scene, &cast)));
        if cast.guest.is_some() {
            let expect = if tenant.guests { Expect::Passes } else { Expect::Forbidden };
            trials.push(trial(format!("a guest of {named}"), expect, Recipe::of_guest_in(scene, &cast)));
        }
    }
    trials
}

/// Removed tenants, every other organisation of the simulator's world, and one that nobody has heard of.
fn others(scene: &Scene, directory: &Directory, list: &ReviewedList) -> Vec<Trial> {
    let refused = |whose: String, recipe| trial(whose, Expect::TenantRefused, recipe);
    let of = |id: &str| {
        let cast = scene::cast(directory, scene.api.role.as_deref(), id);
        let cast = cast.filter(|cast| cast.member.is_some());
        cast.map_or_else(|| invented(scene, id), |cast| Recipe::of_member(scene, &cast))
    };
    let removed =
        list.removed.iter().map(|id| refused(format!("a member of {id}, which was removed"), of(id)));
    let strangers = strangers(directory, list).map(|id| {
        let whose = format!("a member of {id}, which is not listed");
        refused(whose, of(id))
    });
    let nobody = scene.guid("a tenant that nobody has heard of");
    let nobody = refused(format!("a member of {nobody}, which nobody has"), invented(scene, &nobody));
    std::iter::once(nobody).chain(removed).chain(strangers).take(OUTSIDE_MAX).collect()
}

/// Organisations of the world that are neither listed nor removed: one of them may be on the list that the target has instead.
fn strangers<'d>(directory: &'d Directory, list: &'d ReviewedList) -> impl Iterator<Item = &'d str> {
    let is_named = |id: &str| {
        list.tenants.iter().any(|tenant| tenant.id == id) || list.removed.iter().any(|removed| removed == id)
    };
    let organisations = directory.tenants.iter().filter(|tenant| tenant.kind == "workforce");
    organisations.map(|tenant| tenant.id.as_str()).filter(move |id| !is_named(id))
}

fn trial(whose: String, expect: Expect, recipe: Recipe) -> Trial {
    Trial { whose, listed: expect == Expect::Passes, expect, attempt: recipe.into() }
}

/// A genuine signature over a tenant that the simulator does not have.
fn invented(scene: &Scene, tenant: &str) -> Recipe {
    let issuer = scene.issuer_of(tenant, scene.api.version());
    Recipe::good(scene).claim("tid", tenant).claim("iss", issuer)
}
