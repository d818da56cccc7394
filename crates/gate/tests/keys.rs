#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
//! T-160: each way of handling keys badly is noticed, by a case that is about it; a validator that handles them well passes.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tenantry_gate::{Issuer, Outcome, Quiet, Report, Selection, Suite, Target, run};
use tenantry_simulator::{Simulator, builtin};

/// What is wrong with a validator's handling of keys.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Flaw {
    #[default]
    None,
    /// Keys of the start for ever.
    NeverAsks,
    /// A fetch for each unknown key.
    AsksEachTime,
    /// A fetch for each bad signature.
    AsksForForgeries,
    /// Keys before the tenant: a fetch for whoever the token says.
    AsksForStrangers,
    /// The token's issuer is where keys are.
    AsksTheTokensIssuer,
    /// Whatever was answered replaces what was known.
    ForgetsOnTrouble,
    /// Keys are added and never dropped.
    NeverForgets,
    /// A failed fetch is a fault of the server.
    BreaksOnTrouble,
    /// One lock around cache and fetch.
    LocksWhileFetching,
    /// A failed fetch is never tried again.
    GivesUp,
}

type KeySet = HashMap<String, (Vec<u8>, Vec<u8>)>;

struct Validator {
    flaw: Flaw,
    authority: String,
    http: reqwest::Client,
    sets: Mutex<HashMap<String, KeySet>>,
    fetched: Mutex<HashMap<String, Instant>>,
    failed: Mutex<HashSet<String>>,
    fetching: tokio::sync::Mutex<()>,
}

const COOL_DOWN: Duration = Duration::from_millis(400);

fn part(token: &str, at: usize) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(at)?).ok()?).ok()
}

fn verifies(token: &str, (n, e): &(Vec<u8>, Vec<u8>)) -> bool {
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
    let Some((signed, signature)) = token.rsplit_once('.') else { return false };
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    let public = RsaPublicKeyComponents { n, e };
    public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).is_ok()
}

/// The keys of organisations; those of personal accounts have an issuer of their own.
fn key_set(document: &Value) -> Option<KeySet> {
    let bytes = |value: &Value| URL_SAFE_NO_PAD.decode(value.as_str()?).ok();
    let is_for_organisations =
        |key: &&Value| key["issuer"].as_str().is_some_and(|issuer| issuer.contains("{tenantid}"));
    let keys = document["keys"].as_array()?.iter().filter(is_for_organisations);
    keys.map(|key| Some((key["kid"].as_str()?.to_owned(), (bytes(&key["n"])?, bytes(&key["e"])?)))).collect()
}

impl Validator {
    /// The answer to one token.
    async fn judge(&self, token: &str) -> StatusCode {
        let (Some(header), Some(claims)) = (part(token, 0), part(token, 1)) else {
            return StatusCode::UNAUTHORIZED;
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (kid, tenant, issuer) = (text(&header["kid"]), text(&claims["tid"]), text(&claims["iss"]));
        let listed = [builtin::CONTOSO, builtin::FABRIKAM].contains(&&*tenant);
        if !listed && self.flaw != Flaw::AsksForStrangers {
            return StatusCode::UNAUTHORIZED;
        }
        let known = format!("{}/{tenant}/v2.0", self.authority);
        let base = if self.flaw == Flaw::AsksTheTokensIssuer { issuer.clone() } else { known.clone() };
        let _one_at_a_time = match self.flaw {
            Flaw::LocksWhileFetching => Some(self.fetching.lock().await),
            _ => None,
        };
        if self.find(&tenant, &kid).is_none() && self.fetch(&tenant, &base).await.is_err() {
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        match self.find(&tenant, &kid) {
            Some(key) if listed && issuer == known && verifies(token, &key) => StatusCode::OK,
            Some(_) if self.flaw == Flaw::AsksForForgeries => {
                let _later = self.document(&base).await;
                StatusCode::UNAUTHORIZED
            }
            _ => StatusCode::UNAUTHORIZED,
        }
    }

    fn find(&self, tenant: &str, kid: &str) -> Option<(Vec<u8>, Vec<u8>)> {
        self.sets.lock().unwrap().get(tenant)?.get(kid).cloned()
    }

    /// `Err` where trouble becomes the caller's.
    async fn fetch(&self, tenant: &str, base: &str) -> Result<(), ()> {
        if !self.may_fetch(tenant) {
            return Ok(());
        }
        let document = self.document(base).await;
        let mut sets = self.sets.lock().unwrap();
        match document.as_ref().and_then(key_set) {
            Some(fresh) if self.flaw == Flaw::NeverForgets => {
                sets.entry(tenant.to_owned()).or_default().extend(fresh);
            }
            Some(fresh) => drop(sets.insert(tenant.to_owned(), fresh)),
            None if self.flaw == Flaw::ForgetsOnTrouble => drop(sets.remove(tenant)),
            None if self.flaw == Flaw::BreaksOnTrouble => return Err(()),
            None => drop(self.failed.lock().unwrap().insert(tenant.to_owned())),
        }
        Ok(())
    }

    fn may_fetch(&self, tenant: &str) -> bool {
        let mut fetched = self.fetched.lock().unwrap();
        let before = fetched.get(tenant).copied();
        let may = match self.flaw {
            Flaw::AsksEachTime => true,
            Flaw::NeverAsks => before.is_none(),
            Flaw::GivesUp if self.failed.lock().unwrap().contains(tenant) => false,
            _ => before.is_none_or(|before| before.elapsed() >= COOL_DOWN),
        };
        if may {
            fetched.insert(tenant.to_owned(), Instant::now());
        }
        may
    }

    async fn document(&self, base: &str) -> Option<Value> {
        let url = match base.strip_suffix("/v2.0") {
            Some(tenant) => format!("{tenant}/discovery/v2.0/keys"),
            None => base.to_owned(),
        };
        self.http.get(url).send().await.ok()?.json().await.ok()
    }
}

async fn answer(State(validator): State<Arc<Validator>>, headers: HeaderMap) -> StatusCode {
    let field = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    validator.judge(field.trim_start_matches("Bearer ")).await
}

async fn attack(flaw: Flaw, cases: &[&str]) -> Report {
    attack_with(flaw, cases, "").await
}

/// `promise` is what the API's team writes about keys, under `[api]`.
async fn attack_with(flaw: Flaw, cases: &[&str], promise: &str) -> Report {
    let simulator = Simulator::start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build().unwrap();
    let validator = Validator {
        flaw,
        authority: simulator.base().to_owned(),
        http,
        sets: Mutex::default(),
        fetched: Mutex::default(),
        failed: Mutex::default(),
        fetching: tokio::sync::Mutex::default(),
    };
    let api = Router::new().route("/api/me", get(answer)).with_state(Arc::new(validator));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, api).await.unwrap() });
    let text = format!(
        "name = \"keys\"\nurl = \"{url}\"\n[api]\nclient-id = \"{}\"\n{promise}\n[limits]\nkey-refresh-s = 2\n\
         [[probe]]\npath = \"/api/me\"\n",
        builtin::API
    );
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    let selection = Selection { only: cases.iter().map(|case| (*case).to_owned()).collect(), seed: 7 };
    let report = run(Target::parse(&text).unwrap(), issuer, &selection, &Quiet).await.unwrap();
    let faults = reqwest::Client::new().get(format!("{}/sim/faults", simulator.base())).send().await.unwrap();
    assert_eq!(
        faults.json::<Value>().await.unwrap()["faults"],
        json!([]),
        "{flaw:?}: the authority is as it was"
    );
    report
}

fn failed(report: &Report) -> Vec<&str> {
    report.failures().iter().map(|result| result.id.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_one_passes() {
    let report = attack(Flaw::None, &["keys"]).await;
    // It promises nothing, so that one case has nothing to say.
    let unlike_held = report.results.iter().filter(|result| {
        result.suite == Suite::Keys
            && result.outcome != Outcome::Held
            && result.id != "keys/withdrawal-unasked"
    });
    let told: Vec<_> = unlike_held.map(|result| (&result.id, &result.detail)).collect();
    assert!(told.is_empty(), "{told:?}");
}

/// Each flaw, and the cases that must notice it.
const NOTICED: &[(Flaw, &[&str])] = &[
    (Flaw::AsksEachTime, &["keys/flood-kid"]),
    (Flaw::AsksForForgeries, &["keys/flood-signature"]),
    (
        Flaw::AsksForStrangers,
        &["keys/flood-tid", "keys/unlisted-tenant-asked", "keys/personal-key", "keys/tenant-as-path"],
    ),
    (Flaw::AsksTheTokensIssuer, &["keys/issuer-elsewhere"]),
    (Flaw::ForgetsOnTrouble, &["keys/outage-new-key", "keys/provider-error", "keys/provider-nonsense"]),
    (Flaw::NeverForgets, &["keys/withdrawal"]),
    (Flaw::BreaksOnTrouble, &["keys/outage-new-key", "keys/provider-error", "keys/provider-nonsense"]),
    (Flaw::LocksWhileFetching, &["keys/provider-slow"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_flaw_is_noticed() {
    for (flaw, cases) in NOTICED {
        let report = attack(*flaw, cases).await;
        let failed = failed(&report);
        let details: Vec<_> = report.results.iter().map(|r| (&*r.id, &*r.detail)).collect();
        for case in *cases {
            assert!(failed.contains(case), "{flaw:?} passes {case}: {details:#?}");
        }
    }
}

/// Who never asks, or never again, may only be resting: that is said, and is no pass.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_told_is_skipped_visibly() {
    for (flaw, case) in [(Flaw::NeverAsks, "keys/new-key"), (Flaw::GivesUp, "keys/outage-new-key")] {
        let report = attack(flaw, &[case]).await;
        let result = report.results.iter().find(|result| result.id == case).unwrap();
        assert!(
            matches!(&result.outcome, Outcome::Skipped(why) if why.contains("cool-down")),
            "{flaw:?} {result:?}"
        );
        assert_eq!(failed(&report), Vec::<&str>::new(), "{flaw:?}");
    }
}

/// A promise makes the same silence a failure.
#[tokio::test(flavor = "multi_thread")]
async fn who_promises_and_does_not_ask_fails() {
    for (flaw, case) in [(Flaw::NeverAsks, "keys/new-key"), (Flaw::NeverForgets, "keys/withdrawal-unasked")] {
        let report = attack_with(flaw, &[case], "keys-within-s = 2").await;
        assert_eq!(failed(&report), [case], "{flaw:?}");
    }
}
