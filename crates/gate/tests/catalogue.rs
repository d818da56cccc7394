#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
//! The cases as a whole: no two of them are the same, and what they cite is there (T-160).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::any};
use tenantry_gate::{CaseResult, Issuer, Make, Observer, Selection, Target, all_cases, run};
use tenantry_simulator::{Simulator, builtin};

const THREAT_MODEL: &str = include_str!("../../../docs/threat-model.md");

/// Requirements of parts that do not exist here: proofs of a bound token's key, a gateway, an administration interface.
const UNHELD: [&str; 5] = ["T-029", "T-031", "T-035", "T-101", "T-103"];

#[test]
fn names_are_kebab_case() {
    for case in all_cases() {
        let name = case.id.split_once('/').map(|(_, name)| name).unwrap_or_default();
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        assert!(name.split('-').all(is_word), "{} is not `suite/kebab-case`", case.id);
    }
}

#[test]
fn requirements_are_those_of_the_threat_model() {
    for case in all_cases() {
        for threat in case.threats {
            let has_row = THREAT_MODEL.contains(&format!("| {threat} |"));
            assert!(has_row || UNHELD.contains(threat), "{}: {threat} is in no row", case.id);
        }
    }
}

#[test]
fn each_text_is_a_line_of_a_report() {
    for case in all_cases() {
        for text in [case.title, case.reason, case.source] {
            assert!(!text.ends_with('.') && text.len() <= 200, "{}: {text}", case.id);
        }
    }
}

/// Every need but a suspended tenant is met by one of these.
const TARGETS: [&str; 3] = [
    "role = \"Editor\"\napplications = true\nversions = [1, 2]",
    "role = \"Editor\"\nguests = false\nversions = [2]\nclient = \"a0000000-0000-4000-8000-000000000010\"",
    "scope = \"\"\nrole = \"Editor\"\nversions = [1]",
];

/// T-160: what reaches the target differs in some byte. The same token request is answered with the same token here, and RSA
/// signatures of the same text are the same, so that two names for one attack come out as one request.
#[tokio::test]
async fn no_case_is_a_copy_of_another() {
    let simulator = Simulator::start().await.unwrap();
    let issuer = serve(Router::new().fallback(any(remembering)).with_state(Memory::of(&simulator))).await;
    for api in TARGETS {
        let requests = requests_of_all_cases(&issuer, api).await;
        assert!(requests.len() > 100, "only {} cases were recorded", requests.len());
        let mut seen = BTreeMap::new();
        for (id, request) in &requests {
            assert!(!request.is_empty(), "{id} sent nothing");
            if let Some(other) = seen.insert(request, id) {
                panic!("{id} sends the same as {other}");
            }
        }
    }
}

/// Runs every case of one request, one after the other, and tells what each sent.
async fn requests_of_all_cases(issuer: &str, api: &str) -> Vec<Recorded> {
    let recorder = Recorder::default();
    let url = serve(Router::new().fallback(any(recording)).with_state(recorder.clone())).await;
    let text = format!(
        "name = \"recorder\"\nurl = \"{url}\"\n[api]\nclient-id = \"{}\"\n{api}\n\
         [limits]\nconcurrency = 1\n[[probe]]\npath = \"/api/me\"\n",
        builtin::API,
    );
    let single = all_cases().into_iter().filter(|case| matches!(case.make, Make::Attempt(_)));
    let selection = Selection { only: single.map(|case| case.id.to_owned()).collect(), seed: 1 };
    let issuer = Issuer::connect(issuer, None).await.unwrap();
    recorder.sent.lock().unwrap().clear();
    run(Target::parse(&text).unwrap(), issuer, &selection, &recorder).await.unwrap();
    let by_case = recorder.by_case.lock().unwrap();
    by_case.clone()
}

/// Id of a case, and the requests that it sent.
type Recorded = (String, Vec<String>);

/// A target that lets in whoever has some `Authorization`, and remembers what was sent since the last case.
#[derive(Clone, Default)]
struct Recorder {
    sent: Arc<Mutex<Vec<String>>>,
    by_case: Arc<Mutex<Vec<Recorded>>>,
}

impl Observer for Recorder {
    fn planned(&self, _cases: usize) {
        // What was sent until now asked only whether the target is there.
        self.sent.lock().unwrap().clear();
    }

    fn finished(&self, result: &CaseResult) {
        let sent = std::mem::take(&mut *self.sent.lock().unwrap());
        if result.status.is_some() {
            self.by_case.lock().unwrap().push((result.id.clone(), sent));
        }
    }
}

async fn recording(State(recorder): State<Recorder>, request: Request) -> StatusCode {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let fields: Vec<_> = head.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    recorder.sent.lock().unwrap().push(format!("{} {} {fields:?} {body:?}", head.method, head.uri));
    let is_let_in = head.headers.contains_key(header::AUTHORIZATION);
    if is_let_in { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
}

/// Stands before the simulator, and gives the same token for the same request.
#[derive(Clone)]
struct Memory {
    simulator: String,
    http: reqwest::Client,
    tokens: Arc<Mutex<BTreeMap<Vec<u8>, Vec<u8>>>>,
}

impl Memory {
    fn of(simulator: &Simulator) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { simulator: simulator.base().to_owned(), http, tokens: Arc::default() }
    }

    async fn ask(&self, request: Request) -> (StatusCode, Vec<u8>) {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        let url = format!("{}{}", self.simulator, head.uri);
        let asked =
            self.http.request(head.method, url).header(header::CONTENT_TYPE, "application/json").body(body);
        let answer = asked.send().await.unwrap();
        (answer.status(), answer.bytes().await.unwrap().to_vec())
    }
}

async fn remembering(State(memory): State<Memory>, request: Request) -> Response {
    if request.uri().path() != "/sim/tokens" {
        return memory.ask(request).await.into_response();
    }
    let (head, body) = request.into_parts();
    let wanted = to_bytes(body, 1 << 20).await.unwrap().to_vec();
    let known = memory.tokens.lock().unwrap().get(&wanted).cloned();
    if let Some(token) = known {
        return token.into_response();
    }
    let answer = memory.ask(Request::from_parts(head, Body::from(wanted.clone()))).await;
    if answer.0.is_success() {
        memory.tokens.lock().unwrap().insert(wanted, answer.1.clone());
    }
    answer.into_response()
}

async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}
