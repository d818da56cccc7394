//! `holes`: right while none is open, and wrong in exactly one way with each.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use axum::{Json, Router, routing::get};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use support::{Api, admin, config, simulator, token};
use tenantry_simulator::{
    Endpoint, Fault, FaultKind, KeyRotation, SignWith, Simulator, TokenRequest, builtin,
};
use vulnerable::{Config, Hole, Holes, Program};

const ME: &str = "GET /api/me";

async fn start(holes: &[Hole]) -> Api {
    at(simulator(), holes).await
}

async fn at(simulator: &Simulator, holes: &[Hole]) -> Api {
    let holes = holes.iter().fold(Holes::default(), |holes, hole| holes.with(*hole));
    Api::start(Program::Holes(holes), config(simulator)).await
}

fn user(tenant: &str, user: &str) -> TokenRequest {
    TokenRequest::for_user(tenant, user).audience(builtin::API)
}

#[tokio::test]
async fn good_tokens_pass() {
    let api = start(&[]).await;
    assert_eq!(api.call("GET /healthz", "").await.status, 200);
    for (name, good) in [
        ("plain", admin()),
        ("partner", user(builtin::FABRIKAM, builtin::FABRIKAM_EDITOR)),
        ("reader", user(builtin::CONTOSO, builtin::CONTOSO_READER)),
        ("at+jwt", admin().header("typ", json!("at+jwt"))),
        ("no typ", admin().header("typ", json!(null))),
        ("fractions", admin().claim("nbf", json!(1.5))),
        ("long", admin().claim("groups", json!(vec![builtin::CONTOSO; 200]))),
        ("other alphabets", admin().claim("name", json!("Ἀλίκη 😀"))),
        ("one audience in a list", admin().claim("aud", json!([builtin::API]))),
        ("28 hours", admin().lifetime_s(28 * 3600)),
        ("unknown header", admin().header("x", json!({ "y": 1 }))),
    ] {
        assert_eq!(api.call(ME, &token(&good)).await.status, 200, "{name}");
    }
    let old = Config { client_id: builtin::API_V1.to_owned(), token_version: 1, ..config(simulator()) };
    let old = Api::start(Program::Holes(Holes::default()), old).await;
    assert_eq!(old.call(ME, &token(&admin().audience(builtin::API_V1_URI).version(1))).await.status, 200);
}

/// Once good, and no more.
fn expired(seconds_ago: i64) -> TokenRequest {
    let exp = simulator().now() - seconds_ago;
    let begun = json!(exp - 3600);
    admin().claim("nbf", begun.clone()).claim("iat", begun).claim("exp", json!(exp))
}

/// A token that only this hole lets in. `None`: it is about something else, which the other tests show.
fn token_for(hole: Hole) -> Option<TokenRequest> {
    let daemon =
        TokenRequest::for_application(builtin::CONTOSO, builtin::CONTOSO_DAEMON).audience(builtin::API);
    Some(match hole {
        Hole::IgnoresAllowList => user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN),
        Hole::FoldsTenant => admin().claim("tid", json!(builtin::CONTOSO.to_uppercase())),
        Hole::IgnoresIssuer => admin().claim("iss", json!("https://attacker.example/")),
        Hole::IssuerByPrefix => {
            let good = format!("{}/{}/v2.0", simulator().base(), builtin::CONTOSO);
            admin().claim("iss", json!(format!("{good}.attacker.example")))
        }
        Hole::IssuerOfAnyListed => {
            admin().claim("iss", json!(format!("{}/{}/v2.0", simulator().base(), builtin::FABRIKAM)))
        }
        Hole::IgnoresKeyIssuer => admin().sign_with(SignWith::OtherKey),
        Hole::AdmitsGuests => user(builtin::CONTOSO, builtin::FABRIKAM_GUEST_IN_CONTOSO),
        Hole::AcceptsIdTokens => {
            admin().id_token().claim("aud", json!(builtin::API)).claim("scp", json!("access_as_user")).roles(&["Admin"])
        }
        Hole::AcceptsAppOnly => daemon,
        Hole::AcceptsBoundTokens => admin().claim("cnf", json!({ "jkt": "x" })),
        Hole::AcceptsAnyTyp => admin().header("typ", json!("logout+jwt")),
        Hole::AcceptsNobody => admin().claim("oid", json!(null)),
        Hole::IgnoresScopes => admin().scopes(&[]),
        Hole::ScopeByPart => admin().scopes(&["access_as_user.read"]),
        Hole::IgnoresRoles => admin().roles(&[]),
        Hole::AcceptsNone => admin().sign_with(SignWith::None),
        Hole::HmacWithPublicKey => admin().sign_with(SignWith::HmacPublicKey),
        Hole::IgnoresKid => admin().header("kid", json!(null)),
        Hole::SkipsSignature => admin().sign_with(SignWith::Unpublished),
        Hole::IgnoresCrit => admin().header("crit", json!(["exp"])),
        Hole::IgnoresExp => expired(3 * 86_400),
        Hole::IgnoresNbf => admin().claim("nbf", json!(simulator().now() + 1800)),
        Hole::ExpiryOptional => admin().claim("exp", json!(null)),
        Hole::SkipsIllTypedExp => admin().claim("exp", json!("soon")),
        Hole::ForgivesADay => expired(3600),
        Hole::NoLifetimeCap => admin().lifetime_s(10 * 365 * 86_400),
        Hole::IgnoresAudience => admin().claim("aud", json!(builtin::OTHER_API)),
        Hole::AudienceOptional => admin().claim("aud", json!(null)),
        Hole::AudienceByPrefix => admin().claim("aud", json!(format!("{}.attacker", builtin::API))),
        Hole::FoldsAudience => admin().claim("aud", json!(builtin::API.to_uppercase())),
        Hole::OneAudienceOfMany => admin().claim("aud", json!([builtin::OTHER_API, builtin::API])),
        Hole::IgnoresVersion => admin().version(1).audience(builtin::API_URI),
        Hole::AcceptsTwins => admin().claim("Tid", json!(builtin::FABRIKAM)),
        Hole::RolesAsText => admin().claim("roles", json!("NotAnAdminAtAll")),
        Hole::NoSizeLimit => admin().claim("groups", json!(vec![builtin::CONTOSO; 400])),
        // In `headers_that_bring_keys`, `spellings`, `twins`:
        Hole::ObeysJwk | Hole::ObeysJku | Hole::LooseBase64 | Hole::LastDuplicateWins | Hole::FirstDuplicateWins
        // In `memories`:
        | Hole::RemembersBySignature | Hole::RemembersByClaims | Hole::RemembersByTokenId
        // In `places`:
        | Hole::ReadsQuery | Hole::ReadsCookie | Hole::ReadsLookalikes
        | Hole::FirstHeaderWins | Hole::LastHeaderWins | Hole::AnyScheme
        // In `answers`:
        | Hole::StrangersGet403 | Hole::OddInputIs500 | Hole::RefusalEchoes | Hole::NoChallenge
        // In the tests of keys:
        | Hole::RefetchesWithoutBound | Hole::FetchesForStrangers | Hole::KeepsWithdrawnKeys | Hole::NeverRefreshes
        | Hole::MissEvicts
        // In `oddities`:
        | Hole::LowerCaseBearerRefused | Hole::LongTokensRefused | Hole::OtherAlphabetsRefused
        // In the tests of tasks:
        | Hole::ListsEveryTenant | Hole::OpensAnyId | Hole::DeletesAnyId | Hole::SearchesEveryTenant
        | Hole::ExportsEveryTenant | Hole::TellsExistence | Hole::BelievesTenantHeader => return None,
    })
}

/// T-160: nobody else notices what one check does.
#[tokio::test]
async fn each_check_is_the_only_one_that_refuses_its_token() {
    let closed = start(&[]).await;
    for &hole in Hole::ALL {
        let Some(request) = token_for(hole) else { continue };
        let token = token(&request);
        let refused = closed.call(ME, &token).await;
        assert!(matches!(refused.status, 401 | 403), "{hole:?}: {refused:?}");
        let let_in = start(&[hole]).await.call(ME, &token).await;
        assert_eq!(let_in.status, 200, "{hole:?}: {let_in:?}");
    }
}

#[tokio::test]
async fn headers_that_bring_keys() {
    let keys: Value = reqwest::Client::new()
        .get(format!("{}/sim/keys", simulator().base()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let own = keys["keys"].as_array().unwrap().iter().find(|key| key["state"] == "unpublished").unwrap();
    let jwk = json!({ "kty": "RSA", "kid": own["kid"], "n": own["n"], "e": own["e"] });
    let document = json!({ "keys": [jwk] });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/keys", listener.local_addr().unwrap());
    let router = Router::new().route("/keys", get(async move || Json(document)));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let forged =
        |member: &str, value: Value| token(&admin().sign_with(SignWith::Unpublished).header(member, value));
    let closed = start(&[]).await;
    for (hole, token) in
        [(Hole::ObeysJwk, forged("jwk", jwk)), (Hole::ObeysJku, forged("jku", json!(address)))]
    {
        assert_eq!(closed.call(ME, &token).await.status, 401, "{hole:?}");
        assert_eq!(start(&[hole]).await.call(ME, &token).await.status, 200, "{hole:?}");
    }
    let elsewhere = forged("jku", json!("https://attacker.example/keys"));
    assert_eq!(start(&[Hole::ObeysJku]).await.call(ME, &elsewhere).await.status, 401, "not even on purpose");
}

#[tokio::test]
async fn spellings() {
    let padded = format!("{}==", token(&admin()));
    assert_eq!(start(&[]).await.call(ME, &padded).await.status, 401);
    assert_eq!(start(&[Hole::LooseBase64]).await.call(ME, &padded).await.status, 200);
}

/// Only those who hold keys can sign twins, so the signature has to be out of the way.
#[tokio::test]
async fn twins() {
    let claims = simulator().mint(&admin()).unwrap().claims;
    let mut claims = serde_json::to_value(claims).unwrap();
    let roles = |first: &str, last: &str| {
        let mut text = claims.clone();
        text.as_object_mut().unwrap().remove("roles");
        text.to_string().replacen('{', &format!(r#"{{"roles":["{first}"],"roles":["{last}"],"#), 1)
    };
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    let token = |claims: &str| format!("{}.{}.AA", part(r#"{"alg":"RS256","kid":"x"}"#), part(claims));
    let (first, last) = (token(&roles("Admin", "Nobody")), token(&roles("Nobody", "Admin")));
    claims["roles"] = json!(["Admin"]);
    let closed = start(&[Hole::SkipsSignature]).await;
    assert_eq!(closed.call(ME, &token(&claims.to_string())).await.status, 200, "one of each");
    for (hole, token) in [(Hole::FirstDuplicateWins, first), (Hole::LastDuplicateWins, last)] {
        assert_eq!(closed.call(ME, &token).await.status, 401, "{hole:?}");
        assert_eq!(start(&[Hole::SkipsSignature, hole]).await.call(ME, &token).await.status, 200, "{hole:?}");
    }
}

/// T-022.
#[tokio::test]
async fn memories() {
    let good = token(&admin().claim("uti", json!("once")));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let other_id = token(&admin().claim("uti", json!("once")).sign_with(SignWith::Unpublished));
    for (hole, copy) in [
        (Hole::RemembersBySignature, format!("{header}.e30.{signature}")),
        (Hole::RemembersByClaims, format!("e30.{claims}.AA")),
        (Hole::RemembersByTokenId, other_id),
    ] {
        for (api, status) in [(start(&[]).await, 401), (start(&[hole]).await, 200)] {
            assert_eq!(api.call(ME, &copy).await.status, 401, "{hole:?}: there is nothing to remember yet");
            assert_eq!(api.call(ME, &good).await.status, 200);
            assert_eq!(api.call(ME, &copy).await.status, status, "{hole:?}");
        }
    }
}

/// T-021.
#[tokio::test]
async fn places() {
    let good = token(&admin());
    let field = |scheme: &str| format!("{scheme} {good}");
    let closed = start(&[]).await;
    for hole in [
        Hole::ReadsQuery,
        Hole::ReadsCookie,
        Hole::ReadsLookalikes,
        Hole::FirstHeaderWins,
        Hole::LastHeaderWins,
        Hole::AnyScheme,
    ] {
        let open = start(&[hole]).await;
        let request = |api: &Api| match hole {
            Hole::ReadsQuery => api.request(&format!("{ME}?access_token={good}"), &[]),
            Hole::ReadsCookie => api.request(ME, &[]).header("cookie", format!("a=b; session={good}")),
            Hole::ReadsLookalikes => api.request(ME, &[]).header("x-access-token", &good),
            Hole::FirstHeaderWins => api.request(ME, &[field("Bearer"), "Bearer x".to_owned()]),
            Hole::LastHeaderWins => api.request(ME, &["Bearer x".to_owned(), field("Bearer")]),
            _ => api.request(ME, &[field("Token")]),
        };
        assert_eq!(closed.send(request(&closed)).await.status, 401, "{hole:?}");
        assert_eq!(open.send(request(&open)).await.status, 200, "{hole:?}");
    }
}

/// T-020.
#[tokio::test]
async fn answers() {
    let stranger = token(&user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN));
    let odd = token(&admin().claim("tid", json!([builtin::CONTOSO])));
    let closed = start(&[]).await;
    let refused = closed.call(ME, &stranger).await;
    assert_eq!(refused.status, 401);
    assert!(!refused.body.contains(builtin::NORTHWIND), "{refused:?}");
    assert_eq!(closed.call(ME, &odd).await.status, 401);
    assert_eq!(closed.call(ME, &odd).await.body, refused.body, "the same for all causes");
    assert_eq!(start(&[Hole::StrangersGet403]).await.call(ME, &stranger).await.status, 403);
    assert_eq!(start(&[Hole::OddInputIs500]).await.call(ME, &odd).await.status, 500);
    let echo = start(&[Hole::RefusalEchoes]).await.call(ME, &stranger).await;
    assert!(echo.body.contains(builtin::NORTHWIND), "{echo:?}");
    let challenge = async |api: &Api| {
        let response = api.request(ME, &["Bearer x".to_owned()]).send().await.unwrap();
        response.headers().get("www-authenticate").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(challenge(&closed).await.as_deref(), Some(r#"Bearer error="invalid_token""#));
    assert_eq!(challenge(&start(&[Hole::NoChallenge]).await).await, None);
}

#[tokio::test]
async fn oddities() {
    let good = token(&admin());
    let long = token(&admin().claim("groups", json!(vec![builtin::CONTOSO; 100])));
    let greek = token(&admin().claim("name", json!("Ἀλίκη")));
    for (hole, scheme, token) in [
        (Hole::LowerCaseBearerRefused, "bearer", good),
        (Hole::LongTokensRefused, "Bearer", long),
        (Hole::OtherAlphabetsRefused, "Bearer", greek),
    ] {
        let fields = [format!("{scheme} {token}")];
        let (closed, open) = (start(&[]).await, start(&[hole]).await);
        assert_eq!(closed.send(closed.request(ME, &fields)).await.status, 200, "{hole:?}");
        assert_eq!(open.send(open.request(ME, &fields)).await.status, 401, "{hole:?}");
    }
}

/// T-023: what an API asks its provider for, with one hole or none.
#[tokio::test]
async fn unknown_keys_are_asked_for_once_in_a_pause() {
    let simulator = Simulator::builder().seed(21).start().await.unwrap();
    let fetches = || simulator.requests().by_endpoint.get(&Endpoint::Keys).copied().unwrap_or_default();
    let mint = |request: TokenRequest| simulator.mint(&request).unwrap().token;
    for (hole, most) in [(None, 2), (Some(Hole::RefetchesWithoutBound), 6), (Some(Hole::MissEvicts), 6)] {
        let api = at(&simulator, hole.as_slice()).await;
        assert_eq!(api.call(ME, &mint(admin())).await.status, 200);
        simulator.clear_requests();
        for n in 0..6 {
            let unknown = admin().sign_with(SignWith::Unpublished).header("kid", json!(format!("k{n}")));
            assert_eq!(api.call(ME, &mint(unknown)).await.status, 401);
        }
        let stranger = user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN);
        assert_eq!(api.call(ME, &mint(stranger)).await.status, 401);
        if hole.is_none() { assert!(fetches() <= most) } else { assert!(fetches() >= most, "{hole:?}") }
    }
    let strangers = at(&simulator, &[Hole::FetchesForStrangers]).await;
    let stranger = mint(user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN));
    assert_eq!(strangers.call(ME, &stranger).await.status, 401);
    let asked = |tenant| simulator.requests().requests.iter().any(|request| request.path.contains(tenant));
    assert!(asked(builtin::NORTHWIND));
}

/// T-023: rotation, withdrawal and outage.
#[tokio::test]
async fn keys_come_and_go() {
    let simulator = Simulator::builder().seed(22).start().await.unwrap();
    let mint = |request: TokenRequest| simulator.mint(&request).unwrap().token;
    let holes = [None, Some(Hole::KeepsWithdrawnKeys), Some(Hole::NeverRefreshes), Some(Hole::MissEvicts)];
    let mut apis = Vec::new();
    for hole in holes {
        let holes = hole.iter().fold(Holes::default(), |holes, hole| holes.with(*hole));
        let short = std::time::Duration::from_millis(200);
        let config = Config { key_refresh: short, key_cool_down: short, ..config(&simulator) };
        apis.push((hole, Api::start(Program::Holes(holes), config).await));
    }
    let old = mint(admin());
    for (_, api) in &apis {
        assert_eq!(api.call(ME, &old).await.status, 200);
    }
    simulator.rotate_keys(KeyRotation { withdraw: true, ..KeyRotation::default() }).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    let new = mint(admin());
    for (hole, api) in &apis {
        let rotated = if *hole == Some(Hole::NeverRefreshes) { 401 } else { 200 };
        assert_eq!(api.call(ME, &new).await.status, rotated, "{hole:?}");
        let keeps = matches!(hole, Some(Hole::KeepsWithdrawnKeys | Hole::NeverRefreshes));
        assert_eq!(api.call(ME, &old).await.status, if keeps { 200 } else { 401 }, "{hole:?}");
    }
    simulator.set_faults(vec![Fault { kind: Some(FaultKind::Outage), ..Fault::default() }]).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    let unknown = mint(admin().sign_with(SignWith::Unpublished));
    for (hole, api) in &apis {
        api.call(ME, &unknown).await;
        let expected = match hole {
            None | Some(Hole::KeepsWithdrawnKeys) => 200,
            Some(Hole::MissEvicts) => 503,
            _ => continue,
        };
        assert_eq!(api.call(ME, &new).await.status, expected, "{hole:?}");
    }
}
