//! Service principals, role assignments and delegated grants through Microsoft Graph, and what they do to the next token.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::assertions::Certified;
use support::graph::{GRAPH, Graph, at};
use support::{claims_of, code_of};
use tenantry_simulator::{Simulator, builtin};

const ROLE: &str = "5ad0e1f0-0000-4000-8000-000000000002";
const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

async fn principal(graph: &Graph, app_id: &str) -> Value {
    graph.get(&format!("/servicePrincipals(appId='{app_id}')")).await
}

#[tokio::test]
async fn a_tenant_takes_an_application_in_once() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let made = graph.application("Web").await;
    let body = json!({ "appId": made["appId"], "tags": ["WindowsAzureActiveDirectoryIntegratedApp"] });
    let there = graph.post("/servicePrincipals", &body).await;
    assert_eq!((&there["appId"], &there["displayName"]), (&made["appId"], &json!("Web")));
    assert_eq!((&there["tags"], &there["accountEnabled"]), (&body["tags"], &json!(true)));
    let refused = graph.refused("POST", "/servicePrincipals", Some(&body)).await;
    assert_eq!(refused, (409, "Request_MultipleObjectsWithSameKeyValue".to_owned()));
    for app_id in ["11111111-2222-4333-8444-555555555555", builtin::FABRIKAM_SPA] {
        let refused = graph.refused("POST", "/servicePrincipals", Some(&json!({ "appId": app_id }))).await;
        assert_eq!(refused, (400, "NoBackingApplicationObject".to_owned()), "{app_id}");
    }
    let filter = format!("/servicePrincipals?$filter=appId eq '{}'", made["appId"].as_str().unwrap());
    assert_eq!(graph.get(&filter).await["value"][0]["id"], there["id"]);
    let path = at("servicePrincipals", &there);
    graph
        .patch(&path, &json!({ "accountEnabled": false, "appRoleAssignmentRequired": true, "notes": "n" }))
        .await;
    let read = graph.get(&path).await;
    assert_eq!(
        (&read["accountEnabled"], &read["appRoleAssignmentRequired"], &read["notes"]),
        (&json!(false), &json!(true), &json!("n"))
    );
    assert_eq!(graph.refused("PATCH", &path, Some(&json!({ "appId": GRAPH }))).await.0, 400);
    graph.delete(&path).await;
    assert_eq!(graph.refused("GET", &path, None).await.0, 404);
}

#[tokio::test]
async fn graph_itself_is_in_every_tenant_and_nobodys_to_change() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let itself = principal(&graph, GRAPH).await;
    let scopes = itself["oauth2PermissionScopes"].as_array().unwrap();
    assert!(scopes.iter().any(|scope| scope["id"] == "e1fe6dd8-ba31-4d61-89e7-88639da4683d"));
    let path = at("servicePrincipals", &itself);
    assert_eq!(graph.refused("DELETE", &path, None).await.0, 403);
    let by_name = graph
        .get("/servicePrincipals?$filter=servicePrincipalNames/any(n:n eq 'https://graph.microsoft.com')")
        .await;
    assert_eq!(by_name["value"][0]["appId"], GRAPH);
}

#[tokio::test]
async fn roles_are_assigned_to_people_groups_and_clients() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let api = principal(&graph, builtin::API).await;
    let path = format!("{}/appRoleAssignedTo", at("servicePrincipals", &api));
    let role = |value: &str| {
        let roles = api["appRoles"].as_array().unwrap();
        roles.iter().find(|role| role["value"] == value).unwrap()["id"].clone()
    };
    let groups = graph.get("/groups?$filter=displayName eq 'Engineering'").await;
    let daemon = principal(&graph, builtin::DAEMON_WITHOUT_ROLE).await;
    for (principal, kind) in [
        (json!(builtin::CONTOSO_NO_ROLE), "User"),
        (groups["value"][0]["id"].clone(), "Group"),
        (daemon["id"].clone(), "ServicePrincipal"),
    ] {
        let body = json!({ "principalId": principal, "resourceId": api["id"], "appRoleId": role("Reader") });
        let made = graph.post(&path, &body).await;
        assert_eq!(
            (&made["principalType"], &made["resourceDisplayName"]),
            (&json!(kind), &api["displayName"])
        );
        let (status, answer) = graph.send("POST", &path, Some(&body)).await;
        assert_eq!(status, 400, "{kind}");
        assert!(
            answer["error"]["message"]
                .as_str()
                .unwrap()
                .starts_with("Permission being assigned already exists")
        );
        let collection = match kind {
            "User" => "users",
            "Group" => "groups",
            _ => "servicePrincipals",
        };
        let own = format!("/{collection}/{}/appRoleAssignments", principal.as_str().unwrap());
        let listed = graph.get(&own).await;
        assert!(listed["value"].as_array().unwrap().iter().any(|one| one["id"] == made["id"]), "{kind}");
        assert_eq!(graph.get(&format!("{path}/{}", made["id"].as_str().unwrap())).await["id"], made["id"]);
    }
    let body = |principal: Value, resource: &Value, role: Value| json!({ "principalId": principal, "resourceId": resource, "appRoleId": role });
    for body in [
        body(json!(builtin::CONTOSO_NO_ROLE), &api["id"], json!(DEFAULT_ACCESS)),
        body(json!(builtin::CONTOSO_NO_ROLE), &api["id"], json!(ROLE)),
        body(json!(ROLE), &api["id"], role("Reader")),
        body(json!(builtin::FABRIKAM_ADMIN), &api["id"], role("Reader")),
        body(json!(builtin::CONTOSO_NO_ROLE), &daemon["id"], role("Reader")),
        json!({ "principalId": "x" }),
    ] {
        assert_eq!(graph.refused("POST", &path, Some(&body)).await.0, 400, "{body}");
    }
}

#[tokio::test]
async fn a_secret_and_a_role_show_in_the_next_token_and_vanish_from_the_one_after() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let made = graph.application("Daemon").await;
    let client = graph.post("/servicePrincipals", &json!({ "appId": made["appId"] })).await;
    let application = at("applications", &made);
    let secret = graph
        .post(&format!("{application}/addPassword"), &json!({ "passwordCredential": { "displayName": "s" } }))
        .await;
    let api = principal(&graph, builtin::API).await;
    let role = api["appRoles"][0]["id"].clone();
    let body = json!({ "principalId": client["id"], "resourceId": api["id"], "appRoleId": role });
    let assigned =
        graph.post(&format!("{}/appRoleAssignments", at("servicePrincipals", &client)), &body).await;
    let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    let scope = format!("{}/.default", builtin::API_URI);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", made["appId"].as_str().unwrap()),
        ("client_secret", secret["secretText"].as_str().unwrap()),
        ("scope", &scope),
    ];
    let (status, answer) = support::token(&authority, &form, None).await;
    assert_eq!(status, 200, "{answer}");
    let claims = claims_of(answer["access_token"].as_str().unwrap());
    assert_eq!(claims["roles"], json!([api["appRoles"][0]["value"]]));

    let assignment =
        format!("{}/appRoleAssignedTo/{}", at("servicePrincipals", &api), assigned["id"].as_str().unwrap());
    graph.delete(&assignment).await;
    let (_, answer) = support::token(&authority, &form, None).await;
    assert_eq!(claims_of(answer["access_token"].as_str().unwrap()).get("roles"), None);

    graph.post_nothing(&format!("{application}/removePassword"), &json!({ "keyId": secret["keyId"] })).await;
    let (status, answer) = support::token(&authority, &form, None).await;
    assert_eq!((status, code_of(&answer)), (401, 7_000_215));
}

#[tokio::test]
async fn a_secret_is_shown_once_and_hinted_at() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let path = at("applications", &graph.application("Secretive").await);
    let body =
        json!({ "passwordCredential": { "displayName": "ci", "endDateTime": "2099-01-01T00:00:00Z" } });
    let made = graph.post(&format!("{path}/addPassword"), &body).await;
    let text = made["secretText"].as_str().unwrap();
    assert!((16..=64).contains(&text.len()) && text.starts_with(made["hint"].as_str().unwrap()));
    assert_eq!(made["endDateTime"], "2099-01-01T00:00:00Z");
    let read = graph.get(&path).await;
    assert_eq!(read["passwordCredentials"][0]["secretText"], Value::Null);
    assert_eq!(read["passwordCredentials"][0]["keyId"], made["keyId"]);
    assert_eq!(read["passwordCredentials"][0]["startDateTime"], made["startDateTime"]);
    let unknown = json!({ "keyId": ROLE });
    assert_eq!(graph.refused("POST", &format!("{path}/removePassword"), Some(&unknown)).await.0, 400);
    for dates in [json!({ "endDateTime": "2001-01-01T00:00:00Z" }), json!({ "endDateTime": "soon" })] {
        let body = json!({ "passwordCredential": dates });
        assert_eq!(graph.refused("POST", &format!("{path}/addPassword"), Some(&body)).await.0, 400, "{body}");
    }
}

#[tokio::test]
async fn grants_are_made_widened_and_revoked() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let client = principal(&graph, builtin::REPORTS_WEB).await;
    let api = principal(&graph, builtin::OTHER_API).await;
    let body = json!({ "clientId": client["id"], "consentType": "AllPrincipals", "principalId": null,
                       "resourceId": api["id"], "scope": "invoices.read" });
    let made = graph.post("/oauth2PermissionGrants", &body).await;
    for name in ["clientId", "consentType", "principalId", "resourceId", "scope"] {
        assert_eq!(made[name], body[name], "{name}");
    }
    let refused = graph.refused("POST", "/oauth2PermissionGrants", Some(&body)).await;
    assert_eq!(refused.0, 409);
    let mut own = body.clone();
    own["consentType"] = json!("Principal");
    own["principalId"] = json!(builtin::CONTOSO_READER);
    graph.post("/oauth2PermissionGrants", &own).await;
    let filter = format!(
        "/oauth2PermissionGrants?$filter=clientId eq '{}' and resourceId eq '{}'",
        client["id"].as_str().unwrap(),
        api["id"].as_str().unwrap()
    );
    assert_eq!(graph.get(&filter).await["value"].as_array().unwrap().len(), 2);
    let path = at("oauth2PermissionGrants", &made);
    graph.patch(&path, &json!({ "scope": "invoices.read invoices.write" })).await;
    assert_eq!(graph.get(&path).await["scope"], "invoices.read invoices.write");
    graph.delete(&path).await;
    assert_eq!(graph.refused("GET", &path, None).await.0, 404);
    for (name, value) in [
        ("consentType", json!("Everybody")),
        ("clientId", json!(ROLE)),
        ("scope", json!(null)),
        ("principalId", json!(ROLE)),
    ] {
        let mut wrong = body.clone();
        wrong[name] = value;
        assert_eq!(graph.refused("POST", "/oauth2PermissionGrants", Some(&wrong)).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_certificate_proves_the_next_one() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let made = graph.application("Rolling").await;
    let (path, app_id) = (at("applications", &made), made["appId"].as_str().unwrap());
    let [first, second, stranger] = [Certified::new(), Certified::new(), Certified::new()];
    let key = |certificate: &Certified| json!({ "type": "AsymmetricX509Cert", "usage": "Verify", "key": certificate.base64() });
    let now = simulator.now();
    let proof = |by: &Certified, claims: Value| {
        let mut all = json!({ "aud": "00000002-0000-0000-c000-000000000000", "iss": app_id, "nbf": now, "exp": now + 600 });
        all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        json!(by.sign(&json!({ "alg": "RS256" }), &all, false))
    };
    let add =
        |proof: Value| json!({ "keyCredential": key(&second), "passwordCredential": null, "proof": proof });
    let good = add(proof(&first, json!({})));
    let url = format!("{path}/addKey");
    assert_eq!(graph.refused("POST", &url, Some(&good)).await.0, 400, "no key to prove with yet");
    graph.patch(&path, &json!({ "keyCredentials": [key(&first)] })).await;
    for (why, body) in [
        ("none", add(Value::Null)),
        ("a stranger's", add(proof(&stranger, json!({})))),
        ("of another application", add(proof(&first, json!({ "iss": builtin::API })))),
        ("for somebody else", add(proof(&first, json!({ "aud": GRAPH })))),
        ("too long", add(proof(&first, json!({ "exp": now + 3_600 })))),
        ("over", add(proof(&first, json!({ "nbf": now - 600, "exp": now - 1 })))),
    ] {
        assert_eq!(graph.refused("POST", &url, Some(&body)).await.0, 400, "{why}");
    }
    let added = graph.post(&url, &good).await;
    let listed = graph.get(&path).await["keyCredentials"].clone();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["key"]), (2, &Value::Null));
    let with_keys = graph.get(&format!("{path}?$select=keyCredentials")).await;
    assert_eq!(with_keys["keyCredentials"][1]["key"], second.base64());
    let removal = json!({ "keyId": added["keyId"], "proof": proof(&first, json!({})) });
    graph.post_nothing(&format!("{path}/removeKey"), &removal).await;
    assert_eq!(graph.get(&path).await["keyCredentials"].as_array().unwrap().len(), 1);
}
