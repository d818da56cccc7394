#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
//! Targets that are wrong in one way each, and what the gate finds there (T-160): without these, cases that hold everywhere would
//! prove nothing. And a hostile one, which must not hurt the gate (T-164).

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::any};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tenantry_gate::{
    Expect, Finding, Issuer, Make, Outcome, Quiet, Report, Selection, Suite, Target, all_cases, run,
};
use tenantry_simulator::{Simulator, builtin};

const GOOD: &str = r#"{"tasks":["one"]}"#;

/// What a target does about a request that it refuses; the text is the cause.
type Refuse = fn(&Request, &'static str) -> Response;

/// A small API: some checks, and its own way to refuse.
#[derive(Clone)]
struct Weak {
    keys: Arc<Value>,
    refuse: Refuse,
    follows: bool,
}

async fn attacked(refuse: Refuse, follows: bool, only: &[&str]) -> Report {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/common/discovery/v2.0/keys", simulator.base());
    let keys = client().get(url).send().await.unwrap().json().await.unwrap();
    let api = Router::new().fallback(any(answer)).with_state(Weak { keys: Arc::new(keys), refuse, follows });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, api).await.unwrap() });
    let target = format!(
        "name = \"weak\"\nurl = \"{url}\"\n[api]\nclient-id = \"{}\"\n[limits]\nanswer-s = 3\n[[probe]]\npath = \"/api/me\"\n",
        builtin::API
    );
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    let selection = Selection { only: only.iter().map(|&name| name.to_owned()).collect(), seed: 1 };
    run(Target::parse(&target).unwrap(), issuer, &selection, &Quiet).await.unwrap()
}

async fn answer(State(api): State<Weak>, request: Request) -> Response {
    let token = bearer(&request).unwrap_or_default().to_owned();
    if api.follows {
        follow(&token).await;
    }
    match api.fault(&token) {
        None => GOOD.into_response(),
        Some(cause) => (api.refuse)(&request, cause),
    }
}

impl Weak {
    /// The first thing that is wrong with a token. The tenant comes before the signature, which tells who is listed.
    fn fault(&self, token: &str) -> Option<&'static str> {
        let Some((signed, signature)) = token.rsplit_once('.') else { return Some("malformed") };
        let (header, claims) = (part(token, 0), part(token, 1));
        let listed = [builtin::CONTOSO, builtin::FABRIKAM];
        let checks = [
            ("malformed", !claims.is_object()),
            ("tenant", !listed.iter().any(|tenant| claims["tid"] == *tenant)),
            ("signature", !self.is_signed(&header, signed, signature)),
            ("issuer", !claims["iss"].as_str().is_some_and(|issuer| issuer.ends_with("/v2.0"))),
            ("audience", claims["aud"] != builtin::API),
            ("expired", claims["exp"].as_u64() <= claims["iat"].as_u64()),
            ("permission", claims["scp"].is_null()),
        ];
        checks.iter().find(|(_, wrong)| *wrong).map(|(cause, _)| *cause)
    }

    fn is_signed(&self, header: &Value, signed: &str, signature: &str) -> bool {
        let keys = self.keys["keys"].as_array().unwrap();
        let Some(key) = keys.iter().find(|key| key["kid"] == header["kid"]) else { return false };
        let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
        let key = RsaPublicKeyComponents { n: number("n"), e: number("e") };
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).is_ok()
    }
}

fn bearer(request: &Request) -> Option<&str> {
    request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn part(token: &str, at: usize) -> Value {
    let bytes = token.split('.').nth(at).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    serde_json::from_slice(&bytes.unwrap_or_default()).unwrap_or_default()
}

/// Asks every address that a token names.
async fn follow(token: &str) {
    let (header, claims) = (part(token, 0), part(token, 1));
    let metadata = claims["iss"].as_str().map(|iss| json!(format!("{iss}/.well-known/openid-configuration")));
    let source = &claims["_claim_sources"]["src1"]["endpoint"];
    for url in [&header["jku"], &header["x5u"], &header["kid"], source, &metadata.unwrap_or_default()] {
        if let Some(url) = url.as_str().filter(|url| url.starts_with("http://")) {
            drop(client().get(url).send().await);
        }
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn found(report: &Report) -> BTreeMap<&str, Finding> {
    let finding = |outcome: &Outcome| match outcome {
        Outcome::Failed(finding) => Some(*finding),
        _ => None,
    };
    report.results.iter().filter_map(|result| Some((&*result.id, finding(&result.outcome)?))).collect()
}

/// Says nothing but the status; 403 where the permission is missing.
fn mute(_: &Request, cause: &'static str) -> Response {
    let status = if cause == "permission" { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
    status.into_response()
}

/// Tells the cause, the token and the list, with a stack trace; sets cookies, sends pages elsewhere, forgets other methods.
fn talkative(request: &Request, cause: &'static str) -> Response {
    if [Method::HEAD, Method::OPTIONS].contains(request.method()) {
        return GOOD.into_response();
    }
    if request.headers().get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"))
    {
        return (StatusCode::FOUND, [(header::LOCATION, "/sign-in")]).into_response();
    }
    let token = bearer(request).unwrap_or_default();
    let body = format!(
        "{cause}: {token} {} {}\nTraceback (most recent call last):\nlisted: {}",
        part(token, 0),
        part(token, 1),
        builtin::CONTOSO
    );
    let origin =
        request.headers().get(header::ORIGIN).cloned().unwrap_or(header::HeaderValue::from_static("*"));
    let fields = [
        (header::WWW_AUTHENTICATE, format!("Bearer error=\"{cause}\"").parse().unwrap()),
        (header::SET_COOKIE, header::HeaderValue::from_static("guest=1")),
        (header::CACHE_CONTROL, header::HeaderValue::from_static("public, max-age=60")),
        (header::ACCESS_CONTROL_ALLOW_CREDENTIALS, header::HeaderValue::from_static("true")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, origin),
    ];
    (StatusCode::UNAUTHORIZED, fields, body).into_response()
}

/// T-020, T-160: each case of *answers* fails somewhere.
#[tokio::test]
async fn whoever_tells_too_much_or_nothing_is_found_out() {
    let (mute, talkative) =
        (attacked(mute, false, &["answers"]).await, attacked(talkative, false, &["answers"]).await);
    let (mute, talkative) = (found(&mute), found(&talkative));
    for case in all_cases().iter().filter(|case| case.suite == Suite::Answers) {
        // Nobody is suspended here.
        let is_found = mute.contains_key(case.id) || talkative.contains_key(case.id);
        assert_eq!(is_found, case.id != "answers/suspended-like-unlisted", "{}", case.id);
    }
    assert_eq!(mute.len(), 4, "{mute:?}");
    assert_eq!(talkative["answers/echo-of-person"], Finding::Told);
    assert_eq!(talkative["answers/head"], Finding::Accepted);
}

/// T-007, T-025: a refusal is no excuse for having asked.
#[tokio::test]
async fn whoever_follows_addresses_is_found_out() {
    let report = attacked(mute, true, &["forgery"]).await;
    let asked: Vec<_> =
        found(&report).into_iter().filter(|(_, finding)| *finding == Finding::AskedTooMuch).collect();
    let ids: Vec<_> = asked.iter().map(|(id, _)| *id).collect();
    assert_eq!(
        ids,
        [
            "forgery/certificate-address",
            "forgery/claim-source",
            "forgery/issuer-of-the-attacker",
            "forgery/key-address",
            "forgery/key-address-like-ours",
            "forgery/key-id-address",
        ]
    );
}

/// T-160: whoever lets in what says more than a plain request fails every case.
#[tokio::test]
async fn whoever_believes_everything_fails_everything() {
    fn believing(request: &Request, _: &'static str) -> Response {
        let is_plain = |name: &header::HeaderName| [header::HOST, header::ACCEPT].contains(name);
        let says_more =
            request.headers().keys().any(|name| !is_plain(name)) || request.uri().query().is_some();
        if says_more { GOOD.into_response() } else { StatusCode::UNAUTHORIZED.into_response() }
    }
    let report = attacked(believing, false, &["forgery", "shape", "placement"]).await;
    let found = found(&report);
    let cases = all_cases();
    let attacks = cases.iter().filter(|case| {
        let is_single = matches!(case.make, Make::Attempt(_)) && case.expect != Expect::Passes;
        is_single && [Suite::Forgery, Suite::Shape, Suite::Placement].contains(&case.suite)
    });
    for case in attacks {
        assert_eq!(found.get(case.id), Some(&Finding::Accepted), "{}", case.id);
    }
}

/// T-163, T-164: endless bodies, control characters and absurd fields end in bounded, printable lines.
#[tokio::test]
async fn hostile_answers_do_not_hurt() {
    fn hostile(_: &Request, _: &'static str) -> Response {
        let chunk = Bytes::from("\u{1b}[2J</script>]]>\u{0}\u{202e}".repeat(2000));
        let body = futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone()));
        let quotes = header::HeaderValue::try_from("\"\\,= ".repeat(3000)).unwrap();
        (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, quotes)], Body::from_stream(body))
            .into_response()
    }
    let begun = std::time::Instant::now();
    let report = attacked(hostile, false, &["answers", "placement"]).await;
    assert!(begun.elapsed().as_secs() < 60);
    assert_eq!(found(&report).get("answers/challenge"), Some(&Finding::WrongStatus));
    for result in &report.results {
        assert!(
            result.detail.chars().count() <= 300 && !result.detail.contains(char::is_control),
            "{}",
            result.id
        );
    }
}
