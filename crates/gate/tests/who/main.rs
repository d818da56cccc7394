#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
//! T-160: for each check there is an attack that a validator without it lets through; T-161: and a good token that one that is
//! too strict refuses. `validator.rs` is a sound API, `tenancy.rs`, `rest.rs` and `bytes.rs` weaken one rule of it at a time.

mod bytes;
mod rest;
mod tenancy;
mod validator;

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use serde_json::Value;
use tenantry_gate::{Issuer, Outcome, Quiet, Report, Selection, Target, all_cases, run};
use tenantry_simulator::{Simulator, builtin};
use validator::{Rules, Setting, served};

const SUITES: [&str; 6] = ["tenancy", "kind", "lifetime", "audience", "version", "oddities"];

/// A validator with a mistake, and the cases that have to notice.
pub(crate) struct Mutant {
    api: &'static Api,
    noticed_by: &'static [&'static str],
    weaken: fn(&mut Rules),
}

/// What an API accepts, in its own words and in those of `gate.toml`.
struct Api {
    client_id: &'static str,
    setting: fn(String) -> Setting,
    target: &'static str,
}

/// Both versions, people and programs, guests.
const OPEN: Api = Api {
    client_id: builtin::API,
    setting: |authority| Setting {
        authority,
        listed: vec![builtin::CONTOSO, builtin::FABRIKAM],
        versions: &[1, 2],
        applications: true,
        guests: true,
        client: None,
    },
    target: "versions = [1, 2]\nrole = \"Editor\"\napplications = true\n",
};

/// Version 2, people of one organisation, one client, no guests.
const STRICT: Api = Api {
    client_id: builtin::API,
    setting: |authority| Setting {
        authority,
        listed: vec![builtin::CONTOSO],
        versions: &[2],
        applications: false,
        guests: false,
        client: Some(builtin::SPA),
    },
    target: "role = \"Editor\"\nguests = false\nclient = \"a0000000-0000-4000-8000-000000000010\"\n\
             [tenants]\nlisted = [\"contoso.example\"]\nsuspended = \"fabrikam.example\"\n",
};

/// Version 1 alone.
const OLD: Api = Api {
    client_id: builtin::API,
    setting: |authority| Setting { versions: &[1], ..(OPEN.setting)(authority) },
    target: "versions = [1]\nrole = \"Editor\"\napplications = true\n",
};

impl Mutant {
    const fn new(noticed_by: &'static [&'static str], weaken: fn(&mut Rules)) -> Self {
        Self { api: &OPEN, noticed_by, weaken }
    }

    const fn strict_api(noticed_by: &'static [&'static str], weaken: fn(&mut Rules)) -> Self {
        Self { api: &STRICT, noticed_by, weaken }
    }

    const fn old_api(noticed_by: &'static [&'static str], weaken: fn(&mut Rules)) -> Self {
        Self { api: &OLD, noticed_by, weaken }
    }
}

const MUTANTS: [&[Mutant]; 10] = [
    bytes::OPENED,
    tenancy::TENANT,
    tenancy::ISSUER,
    tenancy::KEY,
    rest::KIND,
    rest::PERMISSION,
    rest::TIME,
    rest::AUDIENCE,
    rest::VERSION,
    rest::TOO_STRICT,
];

/// One simulator for many APIs.
struct World {
    simulator: Simulator,
    keys: Arc<Value>,
}

impl World {
    async fn new() -> Self {
        let simulator = Simulator::start().await.unwrap();
        let url = format!("{}/sim/keys", simulator.base());
        let keys = reqwest::Client::new().get(&url).send().await.unwrap().json().await.unwrap();
        Self { keys: Arc::new(keys), simulator }
    }

    async fn attack(&self, api: &Api, rules: Rules, only: &[&str]) -> Report {
        let base = self.simulator.base().to_owned();
        let url = served(rules, (api.setting)(base.clone()), Arc::clone(&self.keys)).await;
        let (before, after) = api.target.split_once("[tenants]").unwrap_or((api.target, ""));
        let text = format!(
            "name = \"x\"\nurl = \"{url}\"\nready = \"/ready\"\n[api]\nclient-id = \"{}\"\n{before}\n[tenants]{after}\n\
             [[probe]]\npath = \"/\"\n",
            api.client_id
        );
        let issuer = Issuer::connect(&base, None).await.unwrap();
        let only = only.iter().map(|name| (*name).to_owned()).collect();
        run(Target::parse(&text).unwrap(), issuer, &Selection { only, seed: 7 }, &Quiet).await.unwrap()
    }
}

impl World {
    /// Cases that did not notice. A mutant that refuses good tokens shows nothing, which is a mistake of its own.
    async fn missed_by(&self, mutant: &Mutant) -> Vec<&'static str> {
        let mut rules = Rules::strict();
        (mutant.weaken)(&mut rules);
        let report = self.attack(mutant.api, rules, mutant.noticed_by).await;
        let failed = failed(&report);
        assert!(!failed.iter().any(|id| id.starts_with("control/")), "{:?}", mutant.noticed_by);
        mutant.noticed_by.iter().filter(|id| !failed.contains(id)).copied().collect()
    }
}

fn failed(report: &Report) -> Vec<&str> {
    report.results.iter().filter(|result| result.failed()).map(|result| &*result.id).collect()
}

/// A sound API holds every case, whatever it accepts; and between them, the three APIs meet every case.
#[tokio::test(flavor = "multi_thread")]
async fn a_sound_api_holds_all() {
    let world = World::new().await;
    let mut skipped = Vec::new();
    for api in [&OPEN, &STRICT, &OLD] {
        let report = world.attack(api, Rules::strict(), &SUITES).await;
        assert_eq!(failed(&report), [""; 0], "{}", api.target);
        let of_this =
            report.results.into_iter().filter(|result| matches!(result.outcome, Outcome::Skipped(_)));
        skipped.push(of_this.map(|result| result.id).collect::<Vec<_>>());
    }
    let by_all = skipped[0].iter().filter(|id| skipped[1].contains(id) && skipped[2].contains(id));
    assert_eq!(by_all.collect::<Vec<_>>(), [""; 0], "nobody meets these");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_is_noticed() {
    let world = World::new().await;
    let tried = stream::iter(MUTANTS.iter().copied().flatten()).map(|mutant| world.missed_by(mutant));
    let missed: Vec<_> = tried.buffer_unordered(4).collect::<Vec<_>>().await.concat();
    assert_eq!(missed, [""; 0], "these did not notice");
}

/// A case that no mistake would trip over is not worth its request.
#[test]
fn every_case_has_its_mistake() {
    let noticed: HashSet<_> =
        MUTANTS.iter().copied().flatten().flat_map(|mutant| mutant.noticed_by).collect();
    let cases = all_cases();
    let of_ours = cases.iter().filter(|case| SUITES.contains(&case.suite.name()));
    let idle: Vec<_> = of_ours.filter(|case| !noticed.contains(&case.id)).map(|case| case.id).collect();
    assert_eq!(idle, [""; 0]);
}

/// An id of digits only looks the same in capital letters: the case would present a good token, and blame the API.
#[tokio::test(flavor = "multi_thread")]
async fn letter_case_needs_letters() {
    let digits = Api { client_id: "11111111-1111-4111-8111-111111111111", ..OPEN };
    let rules = Rules { audience: |_| true, ..Rules::strict() };
    let report = World::new().await.attack(&digits, rules, &["audience/case"]).await;
    let case = report.results.iter().find(|result| result.id == "audience/case").unwrap();
    assert!(matches!(&case.outcome, Outcome::Skipped(why) if why.contains("digits")), "{:?}", case.outcome);
}
