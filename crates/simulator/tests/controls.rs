//! The simulator's own controls: minting, keys, faults, clock, requests, directory (capability rows 88, 90, 92, 95, 96).

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod support;

use serde_json::{Value, json};
use support::{claims_of, get_json, header_of, post_json};
use tenantry_simulator::{
    Fault, FaultEndpoint, FaultKind, KeyRotation, SignWith, Simulator, SimulatorError, TokenRequest, World,
    builtin,
};

#[tokio::test]
async fn minted_tokens_have_entras_shapes() {
    let simulator = Simulator::start().await.unwrap();
    let user = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(builtin::API);
    let minted = simulator.mint(&user).unwrap();
    assert_eq!(claims_of(&minted.token), Value::Object(minted.claims.clone()));
    let claims = &minted.claims;
    assert_eq!(claims["aud"], builtin::API);
    assert_eq!(claims["iss"], format!("{}/{}/v2.0", simulator.base(), builtin::CONTOSO));
    assert_eq!(claims["azp"], builtin::SPA);
    assert_eq!(
        (&claims["azpacr"], &claims["scp"], &claims["roles"]),
        (&json!("0"), &json!("access_as_user"), &json!(["Admin"]))
    );
    assert_eq!((claims["uti"].as_str().unwrap().len(), claims["sub"].as_str().unwrap().len()), (22, 43));
    let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert!((3_600..=5_400).contains(&lifetime), "{lifetime}");
    assert_eq!((&claims["acct"], &claims["xms_sim"], claims.get("idp")), (&json!(0), &json!(true), None));
    let header = header_of(&minted.token);
    assert_eq!((&header["typ"], &header["alg"], header.get("x5t")), (&json!("JWT"), &json!("RS256"), None));
}

#[tokio::test]
async fn version_1_tokens_follow_the_apis_registration() {
    let simulator = Simulator::start().await.unwrap();
    let user =
        TokenRequest::for_user("contoso.example", "rita@contoso.example").audience(builtin::API_V1_URI);
    let minted = simulator.mint(&user).unwrap();
    let claims = &minted.claims;
    assert_eq!(claims["iss"], format!("https://sts.windows.net/{}/", builtin::CONTOSO));
    assert_eq!(claims["aud"], builtin::API_V1_URI);
    assert_eq!(
        (&claims["ver"], &claims["appid"], &claims["appidacr"]),
        (&json!("1.0"), &json!(builtin::SPA), &json!("0"))
    );
    assert_eq!(
        (&claims["upn"], &claims["acr"], &claims["amr"]),
        (&json!("rita@contoso.example"), &json!("1"), &json!(["pwd"]))
    );
    let header = header_of(&minted.token);
    assert_eq!(header["x5t"], header["kid"]);
}

#[tokio::test]
async fn applications_and_guests_are_told_apart() {
    let simulator = Simulator::start().await.unwrap();
    let daemon = TokenRequest::for_application(builtin::FABRIKAM, builtin::FABRIKAM_DAEMON);
    let daemon = simulator.mint(&daemon).unwrap().claims;
    assert_eq!(
        (&daemon["idtyp"], &daemon["azpacr"], &daemon["roles"]),
        (&json!("app"), &json!("1"), &json!(["Editor"]))
    );
    assert_eq!((daemon.get("scp"), &daemon["oid"]), (None, &daemon["sub"]));

    let idle = TokenRequest::for_application(builtin::CONTOSO, builtin::DAEMON_WITHOUT_ROLE);
    assert_eq!(simulator.mint(&idle).unwrap().claims.get("roles"), None);

    let guest = TokenRequest::for_user(builtin::CONTOSO, builtin::NORTHWIND_GUEST_IN_CONTOSO);
    let guest = simulator.mint(&guest).unwrap().claims;
    assert_eq!(guest["tid"], builtin::CONTOSO);
    assert_eq!(guest["oid"], builtin::NORTHWIND_GUEST_IN_CONTOSO);
    assert_eq!(guest["idp"], format!("https://sts.windows.net/{}/", builtin::NORTHWIND));
    assert_eq!((&guest["email"], &guest["acct"]), (&json!("esther@northwind.example"), &json!(1)));

    let personal = TokenRequest::for_user(builtin::CONTOSO, builtin::PERSONAL_GUEST_IN_CONTOSO)
        .audience(builtin::API_V1);
    let personal = simulator.mint(&personal).unwrap().claims;
    assert_eq!(
        (&personal["idp"], &personal["unique_name"]),
        (&json!("live.com"), &json!("live.com#casey@outlook.example"))
    );

    let id = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).id_token();
    let id = simulator.mint(&id).unwrap().claims;
    assert_eq!(
        (&id["aud"], id.get("scp"), id.get("azp"), &id["ver"]),
        (&json!(builtin::SPA), None, None, &json!("2.0"))
    );
}

#[tokio::test]
async fn tokens_can_be_wrong_on_purpose() {
    let simulator = Simulator::start().await.unwrap();
    let keys = get_json(&format!("{}/sim/keys", simulator.base())).await;
    let key = |owner: &str, state: &str| {
        let fits = |key: &&Value| key["owner"] == owner && key["state"] == state;
        keys["keys"].as_array().unwrap().iter().find(fits).unwrap().clone()
    };
    let base = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let header = |sign_with| header_of(&simulator.mint(&base.clone().sign_with(sign_with)).unwrap().token);
    assert_eq!(header(SignWith::Tenant)["kid"], key("organizations", "current")["kid"]);
    assert_eq!(header(SignWith::OtherKey)["kid"], key("personal", "current")["kid"]);
    assert_eq!(header(SignWith::Unpublished)["kid"], key("organizations", "unpublished")["kid"]);
    assert_eq!(header(SignWith::HmacPublicKey)["alg"], "HS256");
    assert!(simulator.mint(&base.clone().sign_with(SignWith::None)).unwrap().token.ends_with('.'));
    assert_eq!(
        header(SignWith::Jwk(key("organizations", "retired")))["kid"],
        key("organizations", "retired")["kid"]
    );

    let overridden =
        base.claim("tid", json!(builtin::FABRIKAM)).claim("scp", Value::Null).header("alg", json!("PS256"));
    let minted =
        simulator.mint(&overridden.sign_with(SignWith::Jwk(key("organizations", "current")))).unwrap();
    assert_eq!((&minted.claims["tid"], minted.claims.get("scp")), (&json!(builtin::FABRIKAM), None));
    assert_eq!(header_of(&minted.token)["alg"], "PS256");
}

#[tokio::test]
async fn mint_requests_that_make_no_sense_name_the_field() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/sim/tokens", simulator.base());
    for (body, field) in [
        (json!({"tenant": "nowhere.example", "user": "x"}), "tenant"),
        (json!({"tenant": builtin::CONTOSO, "user": "nobody@contoso.example"}), "user"),
        (json!({"tenant": builtin::CONTOSO}), "user"),
        (json!({"tenant": builtin::CONTOSO, "application": "nothing"}), "application"),
        (json!({"tenant": builtin::CONTOSO, "user": builtin::CONTOSO_ADMIN, "version": 3}), "version"),
        (
            json!({"tenant": builtin::CONTOSO, "user": builtin::CONTOSO_ADMIN, "sign_with": {"jwk": {"kty": "RSA"}}}),
            "sign_with",
        ),
        (json!({"tenant": builtin::CONTOSO, "usr": "x"}), "body"),
        (json!("x"), "body"),
    ] {
        let (status, answer) = post_json(&url, &body).await;
        assert_eq!((status, &answer["field"]), (400, &json!(field)), "{body}: {answer}");
    }
    let good = json!({"tenant": builtin::CONTOSO, "user": builtin::CONTOSO_ADMIN});
    assert_eq!(post_json(&url, &good).await.0, 200);
}

#[tokio::test]
async fn the_directory_has_the_documented_shape() {
    let simulator = Simulator::start().await.unwrap();
    let directory = get_json(&format!("{}/sim/directory", simulator.base())).await;
    assert_eq!(directory["authorities"], json!({"http": simulator.base(), "https": null}));
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let contoso = &directory["tenants"][0];
    assert_eq!(keys(contoso), ["domains", "id", "kind", "name", "service_principals", "users"]);
    assert_eq!(keys(&contoso["users"][0]), ["display_name", "home_tenant", "id", "password", "roles", "upn"]);
    let application = [
        "allowed_tenants",
        "app_id",
        "app_roles",
        "display_name",
        "home_tenant",
        "identifier_uris",
        "kind",
        "redirect_uris",
        "scopes",
        "secrets",
        "sign_in_audience",
        "token_version",
    ];
    assert_eq!(keys(&directory["applications"][0]), application);
    let guests =
        contoso["users"].as_array().unwrap().iter().filter(|user| user["home_tenant"] != contoso["id"]);
    assert!(
        guests.clone().count() == 3
            && guests.clone().all(|guest| !guest["password"].as_str().unwrap().is_empty())
    );
}

#[tokio::test]
async fn rotation_publishes_and_withdrawal_removes() {
    let simulator = Simulator::start().await.unwrap();
    let document = format!("{}/{}/discovery/v2.0/keys", simulator.base(), builtin::CONTOSO);
    let kids = async || {
        let keys = get_json(&document).await["keys"].clone();
        keys.as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let request = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let current = || header_of(&simulator.mint(&request).unwrap().token)["kid"].as_str().unwrap().to_owned();
    let (before, old) = (kids().await, current());

    let ahead =
        simulator.rotate_keys(KeyRotation { publish_only: true, ..KeyRotation::default() }).await.unwrap();
    assert_eq!((current(), ahead.next.len()), (old.clone(), 1));
    let rotated = simulator.rotate_keys(KeyRotation::default()).await.unwrap();
    assert_eq!((&current(), &rotated.current), (&ahead.next[0], &ahead.next[0]));
    assert!(kids().await.contains(&old) && kids().await.len() == before.len() + 1);

    let (status, answer) =
        post_json(&format!("{}/sim/keys/rotate", simulator.base()), &json!({"withdraw": true})).await;
    assert_eq!(status, 200, "{answer}");
    let after = kids().await;
    assert!(!after.contains(&old) && after.contains(&current()), "{after:?}");
    assert_eq!(answer["retired"], json!([]));
}

#[tokio::test]
async fn faults_hit_what_they_name_and_stop() {
    let simulator = Simulator::start().await.unwrap();
    let keys = format!("{}/{}/discovery/v2.0/keys", simulator.base(), builtin::CONTOSO);
    let outage = Fault {
        endpoint: FaultEndpoint::Keys,
        tenant: Some(builtin::CONTOSO.to_owned()),
        kind: Some(FaultKind::Outage),
        ..Fault::default()
    };
    simulator.set_faults(vec![outage]).unwrap();
    assert!(support::client().get(&keys).send().await.is_err());
    let other = keys.replace(builtin::CONTOSO, builtin::FABRIKAM);
    assert_eq!(support::client().get(&other).send().await.unwrap().status(), 200);

    let url = format!("{}/sim/faults", simulator.base());
    let once = json!([{"endpoint": "keys", "status": 503, "count": 1}]);
    assert_eq!(post_json(&url, &once).await.0, 200);
    assert_eq!(support::client().get(&keys).send().await.unwrap().status(), 503);
    assert_eq!(support::client().get(&keys).send().await.unwrap().status(), 200);
    assert_eq!(post_json(&url, &json!([{"endpoint": "nothing"}])).await.0, 400);
    assert_eq!(post_json(&url, &json!([])).await.0, 200);

    let recorded = simulator.requests();
    let statuses: Vec<_> = recorded.requests.iter().map(|request| (request.status, request.fault)).collect();
    assert_eq!(statuses, [(0, true), (200, false), (503, true), (200, false)]);
    let filtered =
        get_json(&format!("{}/sim/requests?endpoint=keys&tenant=fabrikam.example", simulator.base())).await;
    assert_eq!((&filtered["total"], &filtered["by_endpoint"]["keys"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn the_clock_moves_minted_times() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/sim/clock", simulator.base());
    assert_eq!(post_json(&url, &json!({"now": "2030-01-01T00:00:00Z"})).await.0, 200);
    let minted = simulator.mint(&TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN)).unwrap();
    let issued = minted.claims["iat"].as_i64().unwrap();
    assert!((1_893_456_000..1_893_456_010).contains(&issued), "{issued}");
    assert_eq!(post_json(&url, &json!({"offset_s": 5, "now": 5})).await.0, 400);
    assert_eq!(post_json(&url, &json!({"offset_s": i64::MIN})).await.0, 400);
}

#[tokio::test]
async fn a_seed_repeats_keys_certificates_and_token_ids() {
    let start = async || Simulator::builder().seed(42).https_on_any_port().start().await.unwrap();
    let request = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let witness = async |simulator: &Simulator| {
        let keys = post_json_get_keys(simulator).await;
        (keys, simulator.ca_pem().unwrap(), simulator.mint(&request).unwrap().claims["uti"].clone())
    };
    let (one, two) = (start().await, start().await);
    assert_eq!(witness(&one).await, witness(&two).await);
}

async fn post_json_get_keys(simulator: &Simulator) -> Vec<Value> {
    let pem = simulator.ca_pem().unwrap();
    let client = support::trusting(&pem);
    let url = format!("{}/common/discovery/v2.0/keys", simulator.https_base().unwrap());
    let document: Value = client.get(url).send().await.unwrap().json().await.unwrap();
    document["keys"].as_array().unwrap().iter().map(|key| key["x5c"].clone()).collect()
}

#[tokio::test]
async fn starting_twice_on_a_port_names_it_and_shutdown_frees_it() {
    let simulator = Simulator::start().await.unwrap();
    let port = simulator.base().rsplit_once(':').unwrap().1.parse().unwrap();
    let addr = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let taken = Simulator::builder().http(addr).start().await.unwrap_err();
    assert!(matches!(taken, SimulatorError::PortTaken { addr: named } if named == addr), "{taken}");
    simulator.shutdown().await;
    Simulator::builder().http(addr).start().await.unwrap();
}

#[tokio::test]
async fn it_stays_on_loopback_and_poses_as_nobody() {
    // T-150
    let everywhere = std::net::SocketAddr::from(([0, 0, 0, 0], 0));
    let refused = Simulator::builder().http(everywhere).start().await.unwrap_err();
    assert!(matches!(refused, SimulatorError::NotLoopback { .. }));
    for base in [
        "https://login.microsoftonline.com",
        "https://x.ciamlogin.com",
        "ftp://localhost",
        "http://localhost/x",
    ] {
        let refused = Simulator::builder().public_base(base).start().await.unwrap_err();
        assert!(matches!(refused, SimulatorError::PublicBase { .. }), "{base}");
    }
    let posing = Simulator::builder().public_base("https://entra.test:8443").start().await.unwrap();
    assert_eq!(posing.base(), "https://entra.test:8443");
}

#[tokio::test]
async fn web_pages_of_other_origins_may_not_use_the_controls() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/sim/keys", simulator.base());
    // A stranger's server may have no name and the same port.
    let nameless = simulator.base().replace("localhost", "203.0.113.7");
    for (header, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", &nameless),
        ("host", "rebound.example:80"),
    ] {
        let answer = support::client().get(&url).header(header, value).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{header}: {value}");
    }
    assert_eq!(
        support::client().get(&url).header("origin", simulator.base()).send().await.unwrap().status(),
        200
    );
}

#[tokio::test]
async fn a_world_file_is_played_and_a_broken_one_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("world.toml");
    let small = "applications = []\n[[tenants]]\nid = 'c0000000-0000-4000-a000-00000000000f'\nname = 'A'\ndomains = ['a.example']\n";
    std::fs::write(&path, small).unwrap();
    let simulator = Simulator::builder().world_file(&path).start().await.unwrap();
    assert!(simulator.world().tenant("a.example").is_some());
    std::fs::write(&path, "colour = 'red'").unwrap();
    assert!(matches!(
        Simulator::builder().world_file(&path).start().await,
        Err(SimulatorError::WorldRefused(_))
    ));
    assert!(World::from_toml("").is_err());
}

#[tokio::test]
async fn a_state_directory_keeps_keys_and_their_rotation() {
    let directory = tempfile::tempdir().unwrap();
    let start = async || Simulator::builder().state_dir(directory.path()).start().await.unwrap();
    let kids = async |simulator: &Simulator| {
        let keys = get_json(&format!("{}/sim/keys", simulator.base())).await;
        keys["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| (key["kid"].clone(), key["state"].clone()))
            .collect::<Vec<_>>()
    };
    let first = start().await;
    first.rotate_keys(KeyRotation { withdraw: true, ..KeyRotation::default() }).await.unwrap();
    let before = kids(&first).await;
    first.shutdown().await;
    let started = std::time::Instant::now();
    let second = start().await;
    println!("started again in {:?}", started.elapsed());
    assert_eq!(kids(&second).await, before);
    // A simulator without the directory must not share its keys.
    assert!(!kids(&Simulator::start().await.unwrap()).await.iter().any(|key| before.contains(key)));
}

#[tokio::test]
async fn mistakes_are_refused_and_not_read_as_something_else() {
    let simulator = Simulator::start().await.unwrap();
    let user = json!({"tenant": builtin::CONTOSO, "user": builtin::CONTOSO_ADMIN});
    let ahead = simulator.now() + 101 * 366 * 86_400;
    for (path, body, field) in [
        // A list of members in order is no object, though it would fit.
        ("native-allow-list", json!([false]), "body"),
        ("clock", json!([60, null]), "body"),
        ("keys/rotate", json!(["organizations", true, false]), "body"),
        ("tokens", json!([builtin::CONTOSO, builtin::CONTOSO_ADMIN]), "body"),
        ("faults", json!([["all", null, "outage"]]), "body"),
        ("faults", json!({"faults": {"kind": "outage"}}), "body"),
        ("faults", json!({"kind": "latency", "latency_ms": 1, "status": 503}), "faults"),
        ("clock", json!({"now": ahead}), "now"),
        ("clock", json!({"now": "2226-01-01T00:00:00Z"}), "now"),
        ("clock", json!({"now": i64::MIN}), "now"),
    ] {
        let (status, answer) = post_json(&format!("{}/sim/{path}", simulator.base()), &body).await;
        assert_eq!((status, &answer["field"]), (400, &json!(field)), "{path} {body}: {answer}");
    }
    assert_eq!(get_json(&format!("{}/sim/clock", simulator.base())).await["offset_s"], 0);
    // One rule, a list, and a list in an object are all fine.
    let rule = json!({"endpoint": "keys", "kind": "outage"});
    for body in [rule.clone(), json!([rule.clone()]), json!({"faults": [rule]})] {
        let (status, answer) = post_json(&format!("{}/sim/faults", simulator.base()), &body).await;
        assert_eq!((status, answer["faults"].as_array().map(Vec::len)), (200, Some(1)), "{answer}");
    }
    assert_eq!(post_json(&format!("{}/sim/tokens", simulator.base()), &user).await.0, 200);
}

#[tokio::test]
async fn a_private_jwk_needs_its_primes_and_no_more() {
    let simulator = Simulator::start().await.unwrap();
    let keys = get_json(&format!("{}/sim/keys", simulator.base())).await;
    let whole = keys["keys"][0].clone();
    let without = |names: &[&str]| {
        let mut jwk = whole.clone();
        names.iter().for_each(|name| drop(jwk.as_object_mut().unwrap().remove(*name)));
        jwk
    };
    let sign = |jwk| {
        let request = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN)
            .claim("iat", json!(0))
            .claim("nbf", json!(0))
            .claim("exp", json!(1))
            .claim("uti", json!("-"))
            .claim("aio", json!("-"))
            .claim("rh", json!("-"));
        simulator.mint(&request.sign_with(SignWith::Jwk(jwk)))
    };
    let signed = sign(whole.clone()).unwrap().token;
    assert_eq!(sign(without(&["dp", "dq", "qi"])).unwrap().token, signed);
    let problem = sign(without(&["dp", "dq", "qi", "p"])).unwrap_err();
    assert!(problem.field == "sign_with" && problem.problem.contains("`p`"), "{problem}");
}
