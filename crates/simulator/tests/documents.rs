//! Metadata, keys, discovery, over both listeners (capability rows 88 to 90; T-151).

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod support;

use serde_json::{Value, json};
use support::{client, get_json, trusting};
use tenantry_simulator::{Simulator, TokenRequest, builtin};

fn strings(value: &Value, name: &str) -> Vec<String> {
    value["keys"].as_array().unwrap().iter().map(|key| key[name].as_str().unwrap_or("-").to_owned()).collect()
}

#[tokio::test]
async fn metadata_names_the_listener_and_templates_the_issuer() {
    let simulator = Simulator::start().await.unwrap();
    let base = simulator.base();
    let template = format!("{base}/{{tenantid}}/v2.0");
    for (segment, issuer, in_urls) in [
        ("common", template.clone(), "common"),
        ("organizations", template, "organizations"),
        ("consumers", format!("{base}/{}/v2.0", builtin::PERSONAL_ACCOUNTS), "consumers"),
        (builtin::CONTOSO, format!("{base}/{}/v2.0", builtin::CONTOSO), builtin::CONTOSO),
        ("ConToso.Example", format!("{base}/{}/v2.0", builtin::CONTOSO), builtin::CONTOSO),
        (
            "C0000000-0000-4000-A000-000000000001",
            format!("{base}/{}/v2.0", builtin::CONTOSO),
            builtin::CONTOSO,
        ),
    ] {
        let url = format!("{base}/{segment}/v2.0/.well-known/openid-configuration?x-client-SKU=any");
        let document = get_json(&url).await;
        assert_eq!(document["issuer"], issuer, "{segment}");
        assert_eq!(document["token_endpoint"], format!("{base}/{in_urls}/oauth2/v2.0/token"));
        assert_eq!(document["jwks_uri"], format!("{base}/{in_urls}/discovery/v2.0/keys"));
        for name in ["authorization_endpoint", "device_authorization_endpoint", "end_session_endpoint"] {
            assert!(
                document[name].as_str().unwrap().starts_with(&format!("{base}/{in_urls}/oauth2/v2.0/")),
                "{name}"
            );
        }
        assert_eq!(document["id_token_signing_alg_values_supported"], json!(["RS256"]));
    }
    let v1 = get_json(&format!("{base}/contoso.example/.well-known/openid-configuration")).await;
    assert_eq!(v1["issuer"], format!("https://sts.windows.net/{}/", builtin::CONTOSO));
    assert_eq!(v1["jwks_uri"], format!("{base}/{}/discovery/keys", builtin::CONTOSO));
    let with_app =
        get_json(&format!("{base}/common/v2.0/.well-known/openid-configuration?appid={}", builtin::API))
            .await;
    assert_eq!(with_app["jwks_uri"], format!("{base}/common/discovery/v2.0/keys?appid={}", builtin::API));
}

#[tokio::test]
async fn unknown_tenants_are_refused_everywhere() {
    let simulator = Simulator::start().await.unwrap();
    for path in [
        "v2.0/.well-known/openid-configuration",
        ".well-known/openid-configuration",
        "discovery/v2.0/keys",
        "discovery/keys",
    ] {
        for (tenant, code) in [
            ("nowhere.example", 90002),
            ("c0000000-0000-4000-a000-0000000000ff", 90002),
            ("00000000-0000-0000-0000-000000000000", 900021),
            ("nowhere", 900023),
            ("..%2fcommon", 900023),
            ("contoso..example", 900023),
        ] {
            let response =
                client().get(format!("{}/{tenant}/{path}", simulator.base())).send().await.unwrap();
            assert_eq!(response.status(), 400, "{tenant}/{path}");
            let answer: Value = response.json().await.unwrap();
            assert_eq!(
                (&answer["error"], &answer["error_codes"]),
                (&json!("invalid_tenant"), &json!([code]))
            );
        }
    }
}

#[tokio::test]
async fn each_key_says_whom_it_signs_for() {
    let simulator = Simulator::start().await.unwrap();
    let base = simulator.base();
    let v2 = get_json(&format!("{base}/common/discovery/v2.0/keys")).await;
    let template = format!("{base}/{{tenantid}}/v2.0");
    let personal = format!("{base}/{}/v2.0", builtin::PERSONAL_ACCOUNTS);
    assert_eq!(strings(&v2, "issuer"), [template.clone(), template, personal]);
    for key in v2["keys"].as_array().unwrap() {
        assert_eq!((&key["kty"], &key["use"], &key["e"]), (&json!("RSA"), &json!("sig"), &json!("AQAB")));
        assert_eq!(
            (key.get("alg"), &key["x5t"], key["kid"].as_str().unwrap().len()),
            (None, &key["kid"], 27)
        );
        assert_eq!(key["kid"], thumbprint(key["x5c"][0].as_str().unwrap()));
    }
    let v1 = get_json(&format!("{base}/common/discovery/keys")).await;
    assert_eq!(strings(&v1, "issuer"), ["-", "-"]);
    // Organisations share their keys.
    let contoso = get_json(&format!("{base}/{}/discovery/v2.0/keys", builtin::CONTOSO)).await;
    assert_eq!(strings(&contoso, "kid"), strings(&v2, "kid"));
}

/// base64url(SHA-1(DER)), by another library than the simulator's.
fn thumbprint(certificate: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    let der = STANDARD.decode(certificate).unwrap();
    URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, &der))
}

#[tokio::test]
async fn signatures_verify_with_the_published_keys() {
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let simulator = Simulator::start().await.unwrap();
    let keys = get_json(&format!("{}/common/discovery/v2.0/keys", simulator.base())).await;
    for (tenant, user) in
        [(builtin::CONTOSO, builtin::CONTOSO_ADMIN), (builtin::PERSONAL_ACCOUNTS, builtin::PERSONAL_USER)]
    {
        let token = simulator.mint(&TokenRequest::for_user(tenant, user)).unwrap().token;
        let kid = support::header_of(&token)["kid"].clone();
        let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == kid).unwrap();
        let part = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let public = RsaPublicKeyComponents { n: part("n"), e: part("e") };
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).unwrap();
        assert!(public.verify(&RSA_PKCS1_2048_8192_SHA256, b"another text", &signature).is_err());
    }
}

#[tokio::test]
async fn each_listener_is_its_own_authority() {
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let simulator = Simulator::builder().http(any).https(any).start().await.unwrap();
    let (http, https) = (simulator.http_base().unwrap(), simulator.https_base().unwrap());
    let client = trusting(&simulator.ca_pem().unwrap());
    let issuer = async |base: &str| {
        let url = format!("{base}/contoso.example/v2.0/.well-known/openid-configuration");
        // The Host header is the client's word, and no issuer.
        let response = client.get(url).header("host", "localhost:1").send().await.unwrap();
        response.json::<Value>().await.unwrap()["issuer"].clone()
    };
    assert_eq!(issuer(http).await, format!("{http}/{}/v2.0", builtin::CONTOSO));
    assert_eq!(issuer(https).await, format!("{https}/{}/v2.0", builtin::CONTOSO));
    let pem = client.get(format!("{http}/sim/ca.pem")).send().await.unwrap().text().await.unwrap();
    assert_eq!(pem, simulator.ca_pem().unwrap());
    let body = json!({"tenant": builtin::CONTOSO, "user": builtin::CONTOSO_ADMIN});
    let minted: Value =
        client.post(format!("{https}/sim/tokens")).json(&body).send().await.unwrap().json().await.unwrap();
    assert_eq!(minted["claims"]["iss"], format!("{https}/{}/v2.0", builtin::CONTOSO));
    // Without the authority nobody is fooled.
    let stranger = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(stranger.get(format!("{https}/sim/health")).send().await.is_err());
}

#[tokio::test]
async fn discovery_and_user_realm_answer_as_clients_expect() {
    let simulator = Simulator::start().await.unwrap();
    let base = simulator.base();
    let asked = format!(
        "{base}/common/discovery/instance?api-version=1.1&authorization_endpoint=https%3A%2F%2Flocalhost%2Fcontoso.example%2Foauth2%2Fv2.0%2Fauthorize"
    );
    let answer = get_json(&asked).await;
    let document = answer["tenant_discovery_endpoint"].as_str().unwrap();
    assert_eq!(get_json(document).await["issuer"], format!("{base}/{}/v2.0", builtin::CONTOSO));
    let host = base.strip_prefix("http://").unwrap();
    assert_eq!(answer["metadata"][0]["aliases"], json!([host]));
    let bad = client().get(format!("{base}/common/discovery/instance?api-version=1.1")).send().await.unwrap();
    assert_eq!(
        (bad.status().as_u16(), bad.json::<Value>().await.unwrap()["error"].clone()),
        (400, json!("invalid_instance"))
    );
    let realm = get_json(&format!("{base}/common/userrealm/alice@contoso.example?api-version=1.0")).await;
    assert_eq!((&realm["ver"], &realm["account_type"]), (&json!("1.0"), &json!("Managed")));
}

#[tokio::test]
async fn documents_can_be_read_across_origins() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/common/discovery/v2.0/keys", simulator.base());
    let response = client().get(&url).header("origin", "http://localhost:5173").send().await.unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let preflight =
        client().request(reqwest::Method::OPTIONS, &url).header("origin", "http://localhost:5173");
    let preflight = preflight.header("access-control-request-headers", "x-client-sku").send().await.unwrap();
    assert_eq!(
        (preflight.status().as_u16(), &preflight.headers()["access-control-allow-headers"]),
        (204, &"x-client-sku".parse().unwrap())
    );
}
