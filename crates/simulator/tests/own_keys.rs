//! Keys that not all of an organisation shares: an application's own, and an external tenant's (capability row 90; T-151).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::{get_json, header_of, post_json};
use tenantry_simulator::{Simulator, TokenRequest, builtin};

async fn kids(url: &str) -> Vec<String> {
    let keys = get_json(url).await["keys"].clone();
    keys.as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn kid(simulator: &Simulator, request: &TokenRequest) -> String {
    header_of(&simulator.mint(request).unwrap().token)["kid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_applications_own_key_is_found_by_its_id_alone() {
    let simulator = Simulator::start().await.unwrap();
    let documents = format!("{}/{}/discovery", simulator.base(), builtin::CONTOSO);
    let alice = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let own = kid(&simulator, &alice.clone().audience(builtin::LEDGER_API));
    let shared = kid(&simulator, &alice.clone().audience(builtin::API));
    assert_ne!(own, shared);
    let asked = format!("appid={}", builtin::LEDGER_API);
    for document in ["v2.0/keys", "keys"] {
        assert_eq!(kids(&format!("{documents}/{document}?{asked}")).await, [own.as_str()]);
        assert!(!kids(&format!("{documents}/{document}")).await.contains(&own), "{document}");
        // Others have no key of their own: everybody's are shown.
        let other = kids(&format!("{documents}/{document}?appid={}", builtin::API)).await;
        assert!(other.contains(&shared) && !other.contains(&own));
        assert!(kids(&format!("{documents}/{document}?appid=nonsense")).await.contains(&shared));
    }
    let metadata =
        format!("{}/{}/v2.0/.well-known/openid-configuration?{asked}", simulator.base(), builtin::CONTOSO);
    let address = get_json(&metadata).await["jwks_uri"].as_str().unwrap().to_owned();
    assert_eq!(kids(&address).await, [own.as_str()]);
    let key = &get_json(&address).await["keys"][0];
    assert_eq!(key["issuer"], format!("{}/{{tenantid}}/v2.0", simulator.base()));
    // The ID tokens of an application with a key of its own are signed by it too.
    assert_eq!(kid(&simulator, &alice.audience(builtin::LEDGER_API).id_token()), own);
}

#[tokio::test]
async fn own_keys_are_listed_and_rotated_like_others() {
    let simulator = Simulator::start().await.unwrap();
    let owner = json!({"application": builtin::LEDGER_API});
    let listed = async || {
        let keys = get_json(&format!("{}/sim/keys", simulator.base())).await["keys"].clone();
        let own = keys.as_array().unwrap().iter().filter(|key| key["owner"] == owner).cloned();
        own.map(|key| (key["kid"].as_str().unwrap().to_owned(), key["state"].clone())).collect::<Vec<_>>()
    };
    // Nobody used it so far; it is there all the same.
    let [(first, state)]: [(String, Value); 1] = listed().await.try_into().unwrap();
    assert_eq!(state, "current");
    let url = format!("{}/sim/keys/rotate", simulator.base());
    let (status, rotated) = post_json(&url, &json!({"owner": owner})).await;
    assert_eq!((status, &rotated["retired"]), (200, &json!([first])), "{rotated}");
    let ledger =
        TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(builtin::LEDGER_API);
    assert_eq!(rotated["current"], kid(&simulator, &ledger));
    assert_eq!(listed().await.len(), 2);
    for stranger in [json!({"application": builtin::API}), json!({"external-tenant": builtin::CONTOSO})] {
        let (status, answer) = post_json(&url, &json!({"owner": stranger})).await;
        assert_eq!((status, &answer["field"]), (400, &json!("owner")), "{answer}");
    }
    let (status, answer) = post_json(&url, &json!({"owner": "nobody"})).await;
    assert_eq!((status, &answer["field"]), (400, &json!("body")), "{answer}");
}

#[tokio::test]
async fn own_keys_survive_a_restart() {
    let state = tempfile::tempdir().unwrap();
    let ledger =
        TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(builtin::LEDGER_API);
    let start = async || Simulator::builder().state_dir(state.path()).start().await.unwrap();
    let before = kid(&start().await, &ledger);
    assert_eq!(kid(&start().await, &ledger), before);
}
