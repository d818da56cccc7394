//! Which cases run, where, and in which order.

use crate::case::{Case, Make, Need, Suite};
use crate::{Cast, GateError, Probe, Scene, Stage};

/// What somebody asked for.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Suites or ids of cases. Empty: everything.
    pub only: Vec<String>,
    /// Number from which everything invented is derived. The same number gives the same attacks.
    pub seed: u64,
}

/// One case at one probe.
pub(crate) struct Scheduled {
    pub(crate) case: Case,
    pub(crate) probe: Probe,
    /// Why it is skipped, if it is.
    pub(crate) skipped: Option<String>,
}

/// Cases at probes, in the order in which they run.
pub struct Plan(Vec<Vec<Scheduled>>);

/// The order of suites. Rotation comes before anything that makes the target ask for unknown keys, because many rest between two
/// refreshes; `control` comes first, so that a target that refuses everything is found out at once (T-161).
const ORDER: &[Suite] = &[
    Suite::Control,
    Suite::Keys,
    Suite::Oddities,
    Suite::Memory,
    Suite::Tenancy,
    Suite::Kind,
    Suite::Lifetime,
    Suite::Audience,
    Suite::Version,
    Suite::Forgery,
    Suite::Shape,
    Suite::Placement,
    Suite::Answers,
    Suite::Isolation,
    Suite::Layers,
];

impl Plan {
    /// The plan for `cases`, as far as `selection` names them. `control` always runs.
    pub(crate) fn of(cases: &[Case], stage: &Stage, selection: &Selection) -> Result<Self, GateError> {
        if let Some(unknown) =
            selection.only.iter().find(|name| !cases.iter().any(|case| case.is_named(name)))
        {
            return Err(GateError::NothingSelected(unknown.clone()));
        }
        let chosen = |case: &&Case| {
            case.suite == Suite::Control
                || selection.only.is_empty()
                || selection.only.iter().any(|name| case.is_named(name))
        };
        let has_a_part = |case: &&Case| crate::suites::concerns(case, stage.target());
        let chosen: Vec<_> = cases.iter().filter(chosen).filter(has_a_part).collect();
        let acts = ORDER.iter().map(|suite| act(*suite, &chosen, stage)).filter(|act| !act.is_empty());
        Ok(Self(acts.collect()))
    }

    /// How many results there will be.
    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    pub(crate) fn acts(&self) -> impl Iterator<Item = &Vec<Scheduled>> {
        self.0.iter()
    }
}

fn act(suite: Suite, cases: &[&Case], stage: &Stage) -> Vec<Scheduled> {
    let of_suite = cases.iter().filter(|case| case.suite == suite);
    of_suite.flat_map(|case| at_probes(case, stage)).collect()
}

fn at_probes(case: &Case, stage: &Stage) -> Vec<Scheduled> {
    let probes = if case.everywhere { &stage.target().probes[..] } else { &stage.target().probes[..1] };
    let skipped = stage.target().skip_reason(case.id).map(str::to_owned);
    let skipped = skipped.or_else(|| case.missing(stage.scene()).map(str::to_owned));
    let schedule =
        |probe: &Probe| Scheduled { case: case.clone(), probe: probe.clone(), skipped: skipped.clone() };
    probes.iter().map(schedule).collect()
}

impl Scheduled {
    pub(crate) fn is_script(&self) -> bool {
        matches!(self.case.make, Make::Script(_))
    }
}

impl Case {
    fn is_named(&self, name: &str) -> bool {
        self.id == name || self.suite.name() == name
    }

    /// What the target lacks for this case, in words for the report.
    fn missing(&self, scene: &Scene) -> Option<&'static str> {
        self.needs.iter().find_map(|need| need.missing(scene))
    }
}

impl Need {
    fn missing(self, scene: &Scene) -> Option<&'static str> {
        let api = &scene.api;
        let guest = scene.home.guest.is_some();
        let somebody = |cast: &Option<Cast>| cast.as_ref().is_some_and(|cast| cast.member.is_some());
        let (met, otherwise) = match self {
            Self::Scope => (!api.scope.is_empty(), "the API asks for no scope"),
            Self::Role => (api.role.is_some(), "the API asks for no app role"),
            Self::UsersOnly => (!api.applications, "programs may call this API for themselves"),
            Self::Applications => (api.applications, "programs may not call this API for themselves"),
            Self::Program => (scene.home.program.is_some(), "the home tenant has no program"),
            Self::Guests => (api.guests && guest, "guests are not let in, or the home tenant has none"),
            Self::NoGuests => (!api.guests && guest, "guests are let in, or the home tenant has none"),
            Self::VersionOne => (api.versions.contains(&1), "version 1 tokens are not accepted"),
            Self::NoVersionOne => (!api.versions.contains(&1), "version 1 tokens are accepted"),
            Self::VersionTwo => (api.versions.contains(&2), "version 2 tokens are not accepted"),
            Self::NoVersionTwo => (!api.versions.contains(&2), "version 2 tokens are accepted"),
            Self::Partner => (scene.partner.is_some(), "there is no second listed tenant"),
            Self::Personal => (somebody(&scene.personal), "the world has no personal accounts"),
            Self::External => (somebody(&scene.external), "the world has no directory of customers"),
            Self::Letters => (
                [&scene.home.tenant, &api.client_id].iter().all(|id| **id != id.to_uppercase()),
                "the ids are digits only, which have no letter case",
            ),
            Self::Suspended => (scene.suspended.is_some(), "no suspended tenant is named"),
            Self::KeyPromise => (api.keys_within_s.is_some(), "the API does not say how soon it drops keys"),
            Self::OneClient => (api.client.is_some(), "any client application may call"),
        };
        (!met).then_some(otherwise)
    }
}
