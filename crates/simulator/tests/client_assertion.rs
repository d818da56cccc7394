//! Clients that prove themselves with a certificate or by another's token (capability rows 90 and 94).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::assertions::{Certified, proof, world_with};
use support::{Browser, CHALLENGE, VERIFIER, claims_of, code_of, token};
use tenantry_simulator::{Simulator, TokenRequest, builtin};

const DAEMON: &str = builtin::CONTOSO_DAEMON;
const WEB_REDIRECT: &str = "http://localhost:3000/auth/callback";

async fn start(client: &str, certified: &Certified) -> Simulator {
    let world = world_with(client, &format!("certificates = [\"{}\"]", certified.base64()));
    Simulator::builder().world(world).start().await.unwrap()
}

async fn ask(simulator: &Simulator, tenant: &str, client: &str, assertion: &str) -> (u16, Value) {
    let scope = format!("{}/.default", builtin::API_URI);
    let mut form = vec![("client_id", client), ("grant_type", "client_credentials"), ("scope", &scope)];
    form.extend(proof(assertion));
    token(&format!("{}/{tenant}", simulator.base()), &form, None).await
}

fn endpoint(simulator: &Simulator, tenant: &str) -> String {
    format!("{}/{tenant}/oauth2/v2.0/token", simulator.base())
}

/// Header and claims as each client library writes them.
fn dialects(certified: &Certified, audience: &str, now: i64) -> Vec<(&'static str, Value, Value, bool)> {
    let who = json!({ "aud": audience, "iss": DAEMON, "sub": DAEMON, "jti": "a" });
    let with = |times: Value| {
        let mut claims = who.clone();
        claims.as_object_mut().unwrap().extend(times.as_object().unwrap().clone());
        claims
    };
    let (sha1, sha256) = (certified.sha1(), certified.sha256());
    let seconds = i32::try_from(now).map(f64::from).unwrap();
    let fractions = with(json!({ "iat": seconds + 0.25, "exp": seconds + 600.25 }));
    let numbers = with(json!({ "nbf": now, "iat": now, "exp": now + 600 }));
    let texts = with(json!({ "nbf": now.to_string(), "exp": (now + 600).to_string() }));
    let broken_x5c = json!(["MIIB\nAAAA\n"]);
    vec![
        (
            "python, thumbprint",
            json!({ "alg": "RS256", "typ": "JWT", "x5t": format!("{sha1}="), "x5c": broken_x5c }),
            fractions.clone(),
            false,
        ),
        (
            "python, certificate",
            json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": format!("{sha256}=") }),
            fractions,
            false,
        ),
        (
            "azure-identity, asynchronous",
            json!({ "alg": "PS256", "x5t#S256": format!("{sha256}=") }),
            with(json!({ "exp": now + 1800 })),
            true,
        ),
        ("node", json!({ "alg": "RS256", "x5t": sha1 }), numbers.clone(), false),
        ("node, SHA-256", json!({ "alg": "PS256", "x5t#S256": sha256 }), numbers.clone(), false),
        (".NET", json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": sha256 }), texts, false),
        ("kid alone", json!({ "alg": "RS256", "kid": sha1 }), numbers, false),
    ]
}

#[tokio::test]
async fn every_clients_assertion_is_understood() {
    let certified = Certified::new();
    let simulator = start(DAEMON, &certified).await;
    let audience = endpoint(&simulator, builtin::CONTOSO);
    for (name, header, claims, padded) in dialects(&certified, &audience, simulator.now()) {
        let assertion = certified.sign(&header, &claims, padded);
        // Twice: clients keep an assertion until it expires.
        for _ in 0..2 {
            let (status, answer) = ask(&simulator, "contoso.example", DAEMON, &assertion).await;
            assert_eq!(status, 200, "{name}: {answer}");
            let claims = claims_of(answer["access_token"].as_str().unwrap());
            assert_eq!((&claims["azpacr"], &claims["azp"]), (&json!("2"), &json!(DAEMON)), "{name}");
        }
    }
}

#[tokio::test]
async fn the_audience_is_the_token_endpoint_by_any_of_its_names() {
    let certified = Certified::new();
    let simulator = start(DAEMON, &certified).await;
    let (base, now) = (simulator.base(), simulator.now());
    for audience in [
        endpoint(&simulator, builtin::CONTOSO),
        endpoint(&simulator, "Contoso.Example"),
        endpoint(&simulator, "organizations"),
        format!("{base}/{}/oauth2/token", builtin::CONTOSO),
        format!("{base}/{}/v2.0", builtin::CONTOSO),
        format!("https://sts.windows.net/{}/", builtin::CONTOSO),
    ] {
        let (status, answer) =
            ask(&simulator, builtin::CONTOSO, DAEMON, &certified.assertion(DAEMON, &audience, now)).await;
        assert_eq!(status, 200, "{audience}: {answer}");
    }
    for audience in [
        endpoint(&simulator, builtin::FABRIKAM),
        format!("{base}/{}/oauth2/v2.0/authorize", builtin::CONTOSO),
        format!("{base}.attacker.example/{}/oauth2/v2.0/token", builtin::CONTOSO),
        "https://login.microsoftonline.com/common/oauth2/v2.0/token".to_owned(),
        base.to_owned(),
        String::new(),
    ] {
        let (status, answer) =
            ask(&simulator, builtin::CONTOSO, DAEMON, &certified.assertion(DAEMON, &audience, now)).await;
        assert_eq!((status, code_of(&answer)), (401, 700_023), "{audience}: {answer}");
    }
}

#[tokio::test]
async fn a_wrong_assertion_is_refused_with_its_code() {
    let certified = Certified::new();
    let simulator = start(DAEMON, &certified).await;
    let now = simulator.now();
    let header = json!({ "alg": "PS256", "x5t#S256": certified.sha256() });
    let claims = json!({ "aud": endpoint(&simulator, builtin::CONTOSO), "iss": DAEMON, "sub": DAEMON, "exp": now + 600 });
    let changed = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        certified.sign(&header, &claims, false)
    };
    let stranger = Certified::new();
    let good = certified.sign(&header, &claims, false);
    let none = certified.sign(&json!({ "alg": "none", "x5t#S256": certified.sha256() }), &claims, false);
    let hmac = certified.sign(&json!({ "alg": "HS256", "x5t#S256": certified.sha256() }), &claims, false);
    let swapped = certified.sign(&json!({ "alg": "RS256", "x5t#S256": certified.sha256() }), &claims, false);
    let swapped = format!("{}.{}", good.rsplit_once('.').unwrap().0, swapped.rsplit_once('.').unwrap().1);
    for (what, assertion, code) in [
        ("nothing of the kind", "x.y.z".to_owned(), 50_027),
        ("no algorithm", none, 50_027),
        ("a shared secret", hmac, 50_027),
        (
            "unknown certificate",
            stranger.assertion(DAEMON, &endpoint(&simulator, builtin::CONTOSO), now),
            700_027,
        ),
        ("another's signature", stranger.sign(&header, &claims, false), 700_027),
        ("RS256 under a PS256 header", swapped, 700_027),
        ("expired", changed("exp", json!(now - 301)), 700_024),
        ("no end", changed("exp", Value::Null), 700_024),
        ("no end in sight", changed("exp", json!(now + 200_000)), 700_024),
        ("from the future", changed("nbf", json!(now + 360)), 700_024),
        ("another issuer", changed("iss", json!(builtin::FABRIKAM_DAEMON)), 700_021),
        ("another subject", changed("sub", json!(builtin::FABRIKAM_DAEMON)), 700_021),
    ] {
        let (status, answer) = ask(&simulator, builtin::CONTOSO, DAEMON, &assertion).await;
        assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")), "{what}: {answer}");
        assert_eq!(code_of(&answer), code, "{what}: {answer}");
    }
    let mut form = vec![("client_id", DAEMON), ("grant_type", "client_credentials"), ("scope", "x/.default")];
    form.push(("client_assertion", &good));
    let (status, answer) = token(&format!("{}/{}", simulator.base(), builtin::CONTOSO), &form, None).await;
    assert_eq!((status, code_of(&answer)), (400, 9_002_313), "without its type: {answer}");
    simulator.set_clock_offset_s(1_000);
    assert_eq!(code_of(&ask(&simulator, builtin::CONTOSO, DAEMON, &good).await.1), 700_024);
}

#[tokio::test]
async fn a_web_application_redeems_and_renews_with_its_certificate() {
    let certified = Certified::new();
    let simulator = start(builtin::WEB, &certified).await;
    let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    let scope = format!("{} openid offline_access", builtin::API_SCOPE);
    let parameters = [
        ("client_id", builtin::WEB),
        ("response_type", "code"),
        ("redirect_uri", WEB_REDIRECT),
        ("scope", scope.as_str()),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code = Browser::new().sign_in(&authority, &parameters, "alice@contoso.example").await.code();
    let audience = endpoint(&simulator, builtin::CONTOSO);
    let assertion = certified.assertion(builtin::WEB, &audience, simulator.now());
    let mut redeem = vec![
        ("client_id", builtin::WEB),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", WEB_REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    redeem.extend(proof(&assertion));
    let (status, tokens) = token(&authority, &redeem, None).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(claims_of(tokens["access_token"].as_str().unwrap())["azpacr"], "2");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let mut renew =
        vec![("client_id", builtin::WEB), ("grant_type", "refresh_token"), ("refresh_token", refresh)];
    assert_eq!(code_of(&token(&authority, &renew, None).await.1), 7_000_218);
    renew.extend(proof(&assertion));
    assert_eq!(token(&authority, &renew, None).await.0, 200);
}

#[tokio::test]
async fn a_public_client_has_nothing_to_assert() {
    let certified = Certified::new();
    let simulator = Simulator::start().await.unwrap();
    let assertion =
        certified.assertion(builtin::NATIVE, &endpoint(&simulator, builtin::CONTOSO), simulator.now());
    let (status, answer) = ask(&simulator, builtin::CONTOSO, builtin::NATIVE, &assertion).await;
    assert_eq!((status, code_of(&answer)), (401, 700_025));
}

#[tokio::test]
async fn an_expired_secret_is_told_from_a_wrong_one() {
    let lines = "secrets = [{ text = \"old\", expires_at = 1700000000 }, \"new\"]";
    let text = format!("{lines}\n# ");
    let world = include_str!("../src/world/builtin.toml").replacen(
        "secrets = [\"not-a-real-secret-contoso-daemon\"]",
        &text,
        1,
    );
    let world = tenantry_simulator::World::from_toml(&world).unwrap();
    let simulator = Simulator::builder().world(world).start().await.unwrap();
    let scope = format!("{}/.default", builtin::API_URI);
    let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    for (secret, status, code) in
        [("new", 200, None), ("old", 401, Some(7_000_222)), ("older", 401, Some(7_000_215))]
    {
        let form = [
            ("client_id", DAEMON),
            ("client_secret", secret),
            ("grant_type", "client_credentials"),
            ("scope", &scope),
        ];
        let (seen, answer) = token(&authority, &form, None).await;
        assert_eq!((seen, answer["error_codes"][0].as_u64()), (status, code), "{answer}");
    }
}

#[tokio::test]
async fn a_federated_credential_takes_this_simulators_own_tokens_and_no_others() {
    let issuer = "https://issuer.example";
    // The port is known only after the start, so that the record names the version 1 issuer.
    let own = format!("https://sts.windows.net/{}/", builtin::FABRIKAM);
    let workload = "fab00000-0000-4000-9000-000000000041";
    let record =
        |issuer: &str| format!("{{ name = \"{issuer}\", issuer = \"{issuer}\", subject = \"{workload}\" }}");
    let lines = format!("federated_credentials = [{}, {}]", record(&own), record(issuer));
    let simulator = Simulator::builder().world(world_with(DAEMON, &lines)).start().await.unwrap();
    let mint = |claims: Value| {
        let request = json!({
            "tenant": builtin::FABRIKAM, "application": builtin::FABRIKAM_DAEMON, "version": 1,
            "audience": "api://AzureADTokenExchange", "claims": claims,
        });
        let request: TokenRequest = serde_json::from_value(request).unwrap();
        simulator.mint(&request).unwrap().token
    };
    let right = json!({ "sub": workload });
    let (status, answer) = ask(&simulator, builtin::CONTOSO, DAEMON, &mint(right)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(claims_of(answer["access_token"].as_str().unwrap())["azpacr"], "2");
    let stranger = Certified::new();
    let forged = stranger.sign(
        &json!({ "alg": "RS256", "kid": "x" }),
        &json!({ "iss": issuer, "sub": workload, "aud": "api://AzureADTokenExchange", "exp": simulator.now() + 600 }),
        false,
    );
    for assertion in [
        mint(json!({ "sub": "another" })),
        mint(json!({ "sub": workload, "aud": "api://other" })),
        mint(json!({ "sub": workload, "iss": "https://other.example" })),
        forged,
    ] {
        let (status, answer) = ask(&simulator, builtin::CONTOSO, DAEMON, &assertion).await;
        assert_eq!(
            (status, &answer["error"], code_of(&answer)),
            (401, &json!("unauthorized_client"), 70_021),
            "{answer}"
        );
    }
}
