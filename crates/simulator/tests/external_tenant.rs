//! A directory of customers at hosts of its own: another authority shape, issuer and key set (capability row 90;
//! T-151; Entra External ID).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::{Browser, CHALLENGE, VERIFIER, claims_of, code_of, header_of};
use tenantry_simulator::{Simulator, TokenRequest, builtin};

const LABEL: &str = "fabrikamcustomers";
const REDIRECT: &str = "http://localhost:5176/";

/// A simulator with HTTPS, its port, and a client that finds the tenant's hosts and trusts nothing but the simulator.
struct Shop {
    simulator: Simulator,
    client: reqwest::Client,
    port: u16,
}

impl Shop {
    async fn open() -> Self {
        let simulator = Simulator::builder().https_on_any_port().start().await.unwrap();
        let base = url::Url::parse(simulator.https_base().unwrap()).unwrap();
        let port = base.port().unwrap();
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
        let certificate = reqwest::Certificate::from_pem(simulator.ca_pem().unwrap().as_bytes()).unwrap();
        let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        for label in [LABEL, builtin::CUSTOMERS, "nobody", builtin::CONTOSO] {
            builder = builder.resolve(&format!("{label}.localhost"), address);
        }
        let client = builder.tls_certs_only([certificate]).build().unwrap();
        Self { simulator, client, port }
    }

    /// Base of a host below the simulator's.
    fn host(&self, label: &str) -> String {
        format!("https://{label}.localhost:{}", self.port)
    }

    fn issuer(&self) -> String {
        format!("{}/{}/v2.0", self.host(builtin::CUSTOMERS), builtin::CUSTOMERS)
    }

    async fn get(&self, url: &str) -> (u16, Value) {
        let response = self.client.get(url).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn keys(&self, document: &Value) -> Vec<(String, String)> {
        let (_, keys) = self.get(document["jwks_uri"].as_str().unwrap()).await;
        let text = |key: &Value, name: &str| key[name].as_str().unwrap().to_owned();
        keys["keys"].as_array().unwrap().iter().map(|key| (text(key, "kid"), text(key, "issuer"))).collect()
    }
}

#[tokio::test]
async fn each_host_has_its_metadata_and_one_issuer() {
    let shop = Shop::open().await;
    for (label, segment) in [
        (LABEL, builtin::CUSTOMERS),
        (LABEL, "FabrikamCustomers.onsimulator.example"),
        (builtin::CUSTOMERS, builtin::CUSTOMERS),
    ] {
        let base = shop.host(label);
        let (status, document) =
            shop.get(&format!("{base}/{segment}/v2.0/.well-known/openid-configuration")).await;
        assert_eq!((status, &document["issuer"]), (200, &json!(shop.issuer())), "{label} {document}");
        let endpoint = format!("{base}/{}/oauth2/v2.0/token", builtin::CUSTOMERS);
        assert_eq!(document["token_endpoint"], endpoint);
        let keys = shop.keys(&document).await;
        assert_eq!(keys.iter().map(|(_, issuer)| issuer.clone()).collect::<Vec<_>>(), [shop.issuer()]);
    }
    // By path at the simulator's own host the same directory looks like any other, with another issuer.
    let base = format!("https://localhost:{}", shop.port);
    let address = format!("{base}/{}/v2.0/.well-known/openid-configuration", builtin::CUSTOMERS);
    let (_, document) = shop.get(&address).await;
    let issuer = format!("{base}/{}/v2.0", builtin::CUSTOMERS);
    assert_eq!(document["issuer"], issuer);
    let keys = shop.keys(&document).await;
    assert_eq!(keys.iter().map(|(_, issuer)| issuer.as_str()).collect::<Vec<_>>(), [issuer.as_str()]);
    // Its keys are nobody else's.
    let (_, shared) = shop.get(&format!("{base}/common/discovery/v2.0/keys")).await;
    assert!(!shared.to_string().contains(&keys[0].0));
}

#[tokio::test]
async fn an_external_host_knows_its_tenant_and_no_other() {
    let shop = Shop::open().await;
    let base = shop.host(LABEL);
    for path in [
        "common/v2.0/.well-known/openid-configuration",
        "organizations/v2.0/.well-known/openid-configuration",
        "consumers/discovery/v2.0/keys",
        "contoso.example/v2.0/.well-known/openid-configuration",
        "%63ommon/v2.0/.well-known/openid-configuration",
        &format!("{}/oauth2/v2.0/authorize?client_id={}", builtin::CONTOSO, builtin::SPA),
        &format!(
            "common/discovery/instance?authorization_endpoint={base}/{}/oauth2/v2.0/authorize",
            builtin::CUSTOMERS
        ),
        &format!(
            "{0}/discovery/instance?authorization_endpoint={base}/{0}/oauth2/v2.0/authorize",
            builtin::CUSTOMERS
        ),
    ] {
        let (status, answer) = shop.get(&format!("{base}/{path}")).await;
        assert_eq!((status, code_of(&answer)), (400, 90002), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_host_header_chooses_among_known_hosts_and_adds_none() {
    let shop = Shop::open().await;
    let own = format!("https://localhost:{}", shop.port);
    let url = format!("{own}/{}/v2.0/.well-known/openid-configuration", builtin::CUSTOMERS);
    for host in
        ["nobody.localhost", "fabrikamcustomers.attacker.example", "evil-localhost", builtin::CUSTOMERS]
    {
        let response = shop.client.get(&url).header("host", host).send().await.unwrap();
        let document: Value = response.json().await.unwrap();
        assert_eq!(document["issuer"], format!("{own}/{}/v2.0", builtin::CUSTOMERS), "{host}");
    }
    // A workforce tenant has no host, and the certificate names none for it.
    for label in ["nobody", builtin::CONTOSO] {
        assert!(shop.client.get(shop.host(label)).send().await.is_err(), "{label}");
    }
}

#[tokio::test]
async fn customers_sign_in_at_their_host() {
    let shop = Shop::open().await;
    let authority = format!("{}/{}", shop.host(LABEL), builtin::CUSTOMERS);
    let scope = format!("api://{}/shop.use openid offline_access", builtin::SHOP_API);
    let asked = [
        ("client_id", builtin::SHOP_SPA),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", scope.as_str()),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let mut browser = Browser { client: shop.client.clone(), cookie: None };
    let page = browser.authorize(&authority, &asked).await;
    assert!(page.body.contains(&format!("action=\"{authority}/login\"")), "{}", page.body);
    let code = browser.submit(&page, "carla@mail.example", &builtin::password("carla")).await.code();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", builtin::SHOP_SPA),
        ("redirect_uri", REDIRECT),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    let request = shop.client.post(format!("{authority}/oauth2/v2.0/token")).form(&form);
    let response = request.header("origin", "http://localhost:5176").send().await.unwrap();
    let answer: Value = response.json().await.unwrap();
    let (_, document) = shop.get(&format!("{authority}/v2.0/.well-known/openid-configuration")).await;
    let known = shop.keys(&document).await;
    for name in ["access_token", "id_token"] {
        let token = answer[name].as_str().unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(claims_of(token)["iss"], shop.issuer(), "{name}");
        assert_eq!(claims_of(token)["tid"], builtin::CUSTOMERS);
        assert_eq!(header_of(token)["kid"], known[0].0);
    }
}

#[tokio::test]
async fn controls_mint_for_either_host() {
    let shop = Shop::open().await;
    let carla = TokenRequest::for_user(builtin::CUSTOMERS, builtin::CUSTOMER)
        .audience(builtin::SHOP_API)
        .client(builtin::SHOP_SPA);
    let own = TokenRequest { at_own_host: true, ..carla.clone() };
    assert_eq!(shop.simulator.mint(&own).unwrap().claims["iss"], shop.issuer());
    let workforce = format!("{}/{}/v2.0", shop.simulator.base(), builtin::CUSTOMERS);
    assert_eq!(shop.simulator.mint(&carla).unwrap().claims["iss"], workforce);
    // The host that is asked decides, for its own tenant only.
    let mint = async |tenant: &str, user: &str| {
        let request = shop.client.post(format!("{}/sim/tokens", shop.host(LABEL)));
        let response = request.json(&json!({"tenant": tenant, "user": user})).send().await.unwrap();
        response.json::<Value>().await.unwrap()["claims"]["iss"].clone()
    };
    assert_eq!(mint(builtin::CUSTOMERS, builtin::CUSTOMER).await, shop.issuer());
    let contoso = format!("https://localhost:{}/{}/v2.0", shop.port, builtin::CONTOSO);
    assert_eq!(mint(builtin::CONTOSO, builtin::CONTOSO_ADMIN).await, contoso);
    let alice = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let refused = shop.simulator.mint(&TokenRequest { at_own_host: true, ..alice }).unwrap_err();
    assert_eq!(refused.field, "at_own_host");
}

#[tokio::test]
async fn controls_keep_strangers_out_of_external_hosts_too() {
    let shop = Shop::open().await;
    let url = format!("{}/sim/keys", shop.host(LABEL));
    let status = async |origin: &str| {
        shop.client.get(&url).header("origin", origin).send().await.unwrap().status().as_u16()
    };
    assert_eq!(status(&shop.host(LABEL)).await, 200);
    for stranger in ["https://attacker.example", &format!("https://nobody.localhost:{}", shop.port)] {
        assert_eq!(status(stranger).await, 403, "{stranger}");
    }
    let rebound = shop.client.get(format!("https://localhost:{}/sim/keys", shop.port));
    let rebound = rebound.header("host", format!("nobody.localhost:{}", shop.port)).send().await.unwrap();
    assert_eq!(rebound.status(), 403);
}
