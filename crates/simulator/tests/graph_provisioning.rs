//! From nothing to a signed-in person with Microsoft Graph alone: the sequence that sets up an API of one tenant with a
//! front end of another (§5.7 of the protocol reference), and what ends it again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::graph::{GRAPH, Graph, at};
use support::{Browser, CHALLENGE, VERIFIER, claims_of, code_of};
use tenantry_simulator::{Simulator, builtin};

const SCOPE: &str = "5ad0e1f0-0000-4000-8000-000000000001";
const ROLE: &str = "5ad0e1f0-0000-4000-8000-000000000002";
const REDIRECT: &str = "http://localhost:5999/";

/// The provider's half: an API for allowed tenants only.
async fn api(simulator: &Simulator) -> Value {
    let graph = Graph::provisioning(simulator).await.beta().header("prefer", "create-if-missing");
    let upsert = "/applications(uniqueName='orders-api')";
    let body = json!({ "displayName": "Orders API", "signInAudience": "AzureADMultipleOrgs",
        "signInAudienceRestrictions": { "kind": "allowedTenants", "allowedTenantIds": [builtin::FABRIKAM] } });
    let (status, made) = graph.send("PATCH", upsert, Some(&body)).await;
    assert_eq!(status, 201, "{made}");
    let body = json!({
        "identifierUris": [format!("api://{}", made["appId"].as_str().unwrap())],
        "api": { "requestedAccessTokenVersion": 2, "oauth2PermissionScopes": [{
            "id": SCOPE, "value": "access_as_user", "type": "User", "isEnabled": true,
            "adminConsentDisplayName": "Orders", "adminConsentDescription": "Orders" }] },
        "appRoles": [{ "id": ROLE, "value": "Clerk", "displayName": "Clerk", "description": "Clerk", "isEnabled": true,
                       "allowedMemberTypes": ["User"] }],
        "optionalClaims": { "accessToken": [{ "name": "acct", "additionalProperties": [] }] },
        "web": { "redirectUris": ["https://orders.example/consented"] },
        "requiredResourceAccess": [{ "resourceAppId": GRAPH, "resourceAccess": [
            { "id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope" }] }],
    });
    assert_eq!(graph.send("PATCH", upsert, Some(&body)).await.0, 204);
    graph.post("/servicePrincipals", &json!({ "appId": made["appId"] })).await;
    made
}

/// The customer's half: a front end of its own, consent for everybody, a role for one person.
async fn front_end(graph: &Graph, api: &Value) -> (Value, Value) {
    let api_there = graph.post("/servicePrincipals", &json!({ "appId": api["appId"] })).await;
    let body = json!({ "displayName": "Orders front end", "spa": { "redirectUris": [REDIRECT] },
        "requiredResourceAccess": [{ "resourceAppId": api["appId"], "resourceAccess": [{ "id": SCOPE, "type": "Scope" }] }] });
    let front = graph.post("/applications", &body).await;
    let front_there = graph.post("/servicePrincipals", &json!({ "appId": front["appId"] })).await;
    let grant = json!({ "clientId": front_there["id"], "consentType": "AllPrincipals", "resourceId": api_there["id"],
                        "scope": "access_as_user" });
    let grant = graph.post("/oauth2PermissionGrants", &grant).await;
    let assignment =
        json!({ "principalId": builtin::FABRIKAM_READER, "resourceId": api_there["id"], "appRoleId": ROLE });
    graph.post(&format!("{}/appRoleAssignedTo", at("servicePrincipals", &api_there)), &assignment).await;
    (front, grant)
}

#[tokio::test]
async fn an_api_and_a_foreign_front_end_are_set_up_used_and_ended() {
    let simulator = Simulator::start().await.unwrap();
    let api = api(&simulator).await;
    let scopes = [
        "Application.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "DelegatedPermissionGrant.ReadWrite.All",
    ];
    let fabrikam = Graph::person(&simulator, builtin::FABRIKAM, builtin::FABRIKAM_ADMIN, &scopes);
    let (front, grant) = front_end(&fabrikam, &api).await;

    let client = front["appId"].as_str().unwrap();
    let scope = format!("api://{}/access_as_user offline_access", api["appId"].as_str().unwrap());
    let authority = format!("{}/{}", simulator.base(), builtin::FABRIKAM);
    let parameters = [
        ("client_id", client),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", &scope),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code = Browser::new().sign_in(&authority, &parameters, "ruben@fabrikam.example").await.code();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", &code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let (status, answer) = support::token(&authority, &form, Some("http://localhost:5999")).await;
    assert_eq!(status, 200, "{answer}");
    let claims = claims_of(answer["access_token"].as_str().unwrap());
    assert_eq!((&claims["aud"], &claims["tid"]), (&api["appId"], &json!(builtin::FABRIKAM)));
    assert_eq!(
        (&claims["scp"], &claims["roles"], &claims["acct"]),
        (&json!("access_as_user"), &json!(["Clerk"]), &json!(0))
    );

    let refresh = answer["refresh_token"].as_str().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", client),
        ("refresh_token", refresh),
        ("scope", &scope),
    ];
    assert_eq!(support::token(&authority, &form, Some("http://localhost:5999")).await.0, 200);
    fabrikam.delete(&at("oauth2PermissionGrants", &grant)).await;
    let (status, answer) = support::token(&authority, &form, Some("http://localhost:5999")).await;
    assert_eq!((status, code_of(&answer)), (400, 65_001), "revoked: {answer}");
}

#[tokio::test]
async fn tenants_outside_the_restriction_get_no_token() {
    let simulator = Simulator::start().await.unwrap();
    let api = api(&simulator).await;
    let scopes = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];
    let northwind = Graph::person(&simulator, builtin::NORTHWIND, builtin::NORTHWIND_ADMIN, &scopes);
    northwind.post("/servicePrincipals", &json!({ "appId": api["appId"] })).await;
    let scope = format!("api://{}/.default", api["appId"].as_str().unwrap());
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", builtin::NORTHWIND_DAEMON),
        ("client_secret", builtin::NORTHWIND_DAEMON_SECRET),
        ("scope", &scope),
    ];
    let (_, answer) =
        support::token(&format!("{}/{}", simulator.base(), builtin::NORTHWIND), &form, None).await;
    assert_eq!(code_of(&answer), 7_000_118, "{answer}");
}

#[tokio::test]
async fn a_deleted_registration_waits_in_the_bin() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let made = graph.application("Temporary").await;
    graph.post("/servicePrincipals", &json!({ "appId": made["appId"] })).await;
    let (path, bin) = (at("applications", &made), at("directory/deletedItems", &made));
    graph.delete(&path).await;
    assert_eq!(graph.refused("GET", &path, None).await.0, 404);
    let deleted = graph.get(&bin).await;
    assert_eq!(deleted["@odata.type"], "#microsoft.graph.application");
    assert!(deleted["deletedDateTime"].is_string());
    assert_eq!(
        graph.get("/directory/deletedItems/microsoft.graph.application").await["value"][0]["id"],
        made["id"]
    );
    assert_eq!(graph.post(&format!("{bin}/restore"), &json!({})).await["id"], made["id"]);
    graph.get(&format!("/servicePrincipals(appId='{}')", made["appId"].as_str().unwrap())).await;
    graph.delete(&path).await;
    graph.delete(&bin).await;
    assert_eq!(graph.refused("GET", &bin, None).await.0, 404);
    assert_eq!(graph.refused("POST", &format!("{bin}/restore"), Some(&json!({}))).await.0, 404);
}

#[tokio::test]
async fn federated_credentials_are_kept_by_their_rules() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let all = format!("{}/federatedIdentityCredentials", at("applications", &graph.application("CI").await));
    let body = json!({ "name": "main-branch", "issuer": "https://token.ci.example", "subject": "repo:a/b:ref:refs/heads/main",
        "audiences": ["api://AzureADTokenExchange"], "description": "main" });
    let made = graph.post(&all, &body).await;
    for name in ["name", "issuer", "subject", "audiences", "description"] {
        assert_eq!(made[name], body[name], "{name}");
    }
    assert_eq!(graph.refused("POST", &all, Some(&body)).await.0, 409);
    let path = format!("{all}/{}", made["id"].as_str().unwrap());
    graph.patch(&path, &json!({ "subject": "repo:a/b:environment:x", "description": null })).await;
    let read = graph.get(&path).await;
    assert_eq!(
        (&read["subject"], &read["description"], &read["id"]),
        (&json!("repo:a/b:environment:x"), &Value::Null, &made["id"])
    );
    for wrong in [
        json!({ "name": "x y" }),
        json!({ "audiences": [] }),
        json!({ "audiences": ["a", "b"] }),
        json!({ "issuer": "ftp://x" }),
    ] {
        let mut body = body.clone();
        body.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        assert_eq!(graph.refused("POST", &all, Some(&body)).await.0, 400, "{wrong}");
    }
    graph.delete(&path).await;
    assert!(graph.get(&all).await["value"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn userinfo_is_the_subject_of_the_id_token() {
    let simulator = Simulator::start().await.unwrap();
    let rita = Graph::person(&simulator, builtin::CONTOSO, builtin::CONTOSO_READER, &["openid", "profile"]);
    let info = rita.get(&format!("{}/oidc/userinfo", simulator.base())).await;
    let request = tenantry_simulator::TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_READER);
    let request = tenantry_simulator::TokenRequest {
        kind: tenantry_simulator::TokenKind::Id,
        audience: Some(builtin::SPA.to_owned()),
        ..request
    };
    assert_eq!(info["sub"], simulator.mint(&request).unwrap().claims["sub"]);
    assert_eq!(info["name"], "Rita Reader");
    let nobody = Graph::with_token(simulator.base(), "x");
    assert_eq!(nobody.refused("GET", &format!("{}/oidc/userinfo", simulator.base()), None).await.0, 401);
}

#[tokio::test]
async fn what_graph_made_is_written_down_with_the_world() {
    let simulator = Simulator::start().await.unwrap();
    let api = api(&simulator).await;
    let graph = Graph::provisioning(&simulator).await;
    let path = at("applications", &api);
    graph
        .post(&format!("{path}/addPassword"), &json!({ "passwordCredential": { "displayName": null } }))
        .await;
    let info = json!({ "info": { "supportUrl": null, "marketingUrl": "https://x.example" }, "notes": null, "tags": ["a"] });
    graph.patch(&path, &info).await;
    graph.delete(&at("applications", &graph.application("Binned").await)).await;
    let written = toml::to_string(&*simulator.world()).unwrap();
    let again = tenantry_simulator::World::from_toml(&written).unwrap();
    assert_eq!(toml::to_string(&again).unwrap(), written);
    let app_id = api["appId"].as_str().unwrap();
    assert_eq!(again.application(app_id), simulator.world().application(app_id));
}
