//! Registrations through Microsoft Graph: create, read, change, delete, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::graph::{Graph, at};
use tenantry_simulator::{Simulator, builtin};

const SCOPE: &str = "5ad0e1f0-0000-4000-8000-000000000001";
const ROLE: &str = "5ad0e1f0-0000-4000-8000-000000000002";

#[tokio::test]
async fn what_was_written_is_read_back() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let body = json!({
        "displayName": "Orders API", "signInAudience": "AzureADMultipleOrgs", "description": "keeps orders",
        "tags": ["one"], "notes": "n",
        "api": {
            "requestedAccessTokenVersion": 2, "acceptMappedClaims": null,
            "oauth2PermissionScopes": [{
                "id": SCOPE, "value": "orders.read", "type": "Admin", "isEnabled": true,
                "adminConsentDisplayName": "Read orders", "adminConsentDescription": "Reads them",
                "userConsentDisplayName": "Read your orders", "userConsentDescription": "Reads yours",
            }],
        },
        "appRoles": [{ "id": ROLE, "value": "Clerk", "displayName": "Clerk", "description": "d",
                       "isEnabled": true, "allowedMemberTypes": ["User", "Application"] }],
        "web": { "redirectUris": ["https://orders.example/cb"], "homePageUrl": "https://orders.example",
                 "implicitGrantSettings": { "enableIdTokenIssuance": true, "enableAccessTokenIssuance": false } },
        "spa": { "redirectUris": ["http://localhost:3000"] },
        "publicClient": { "redirectUris": ["myapp://auth"] },
        "groupMembershipClaims": "SecurityGroup",
        "optionalClaims": { "accessToken": [
            { "name": "idtyp", "source": null, "essential": false, "additionalProperties": ["include_user_token"] },
            { "name": "acct", "source": null, "essential": false, "additionalProperties": [] } ] },
        "requiredResourceAccess": [{ "resourceAppId": support::graph::GRAPH, "resourceAccess": [
            { "id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope" },
            { "id": "11111111-2222-4333-8444-555555555555", "type": "Role" } ] }],
    });
    let made = graph.post("/applications", &body).await;
    let read = graph.get(&at("applications", &made)).await;
    for name in
        ["displayName", "signInAudience", "description", "tags", "notes", "appRoles", "groupMembershipClaims"]
    {
        let mut wanted = body[name].clone();
        if name == "appRoles" {
            wanted[0]["origin"] = json!("Application");
        }
        assert_eq!(read[name], wanted, "{name}");
    }
    assert_eq!(read["api"]["oauth2PermissionScopes"], body["api"]["oauth2PermissionScopes"]);
    assert_eq!(read["api"]["requestedAccessTokenVersion"], 2);
    assert_eq!(read["requiredResourceAccess"], body["requiredResourceAccess"]);
    assert_eq!(read["web"]["redirectUris"], body["web"]["redirectUris"]);
    assert_eq!(read["web"]["implicitGrantSettings"], body["web"]["implicitGrantSettings"]);
    assert_eq!((&read["spa"], &read["publicClient"]), (&body["spa"], &body["publicClient"]));
    assert_eq!(read["optionalClaims"]["accessToken"][0]["name"], "idtyp");
    assert_eq!(read["publisherDomain"], "contoso.example");
    assert!(read["@odata.context"].as_str().unwrap().ends_with("/graph/v1.0/$metadata#applications/$entity"));
    for key in ["(appId='%')", "('%')", "/%"] {
        let id = if key.contains("appId") { &made["appId"] } else { &made["id"] };
        let found = graph.get(&format!("/applications{}", key.replace('%', id.as_str().unwrap()))).await;
        assert_eq!(found["id"], made["id"], "{key}");
    }
}

#[tokio::test]
async fn collections_are_replaced_and_objects_merged() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let path = at("applications", &graph.application("Shop").await);
    graph
        .patch(&path, &json!({ "web": { "redirectUris": ["https://a.example/cb", "https://b.example/cb"] } }))
        .await;
    graph.patch(&path, &json!({ "web": { "logoutUrl": "https://a.example/out" }, "tags": ["x"] })).await;
    graph.patch(&path, &json!({ "web": { "redirectUris": ["https://c.example/cb"] } })).await;
    let read = graph.get(&path).await;
    assert_eq!(read["web"]["redirectUris"], json!(["https://c.example/cb"]));
    assert_eq!(read["web"]["logoutUrl"], "https://a.example/out");
    graph.patch(&path, &json!({ "tags": [], "description": "d" })).await;
    graph.patch(&path, &json!({ "description": null })).await;
    let read = graph.get(&path).await;
    assert_eq!((&read["tags"], &read["description"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn an_upsert_creates_updates_and_never_without_being_told() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let path = "/applications(uniqueName='orders-api')";
    let body = json!({ "displayName": "Orders" });
    assert_eq!(graph.refused("PATCH", path, Some(&body)).await, (404, "Request_ResourceNotFound".to_owned()));
    let upsert = Graph::provisioning(&simulator).await.header("prefer", "create-if-missing");
    let (status, made) = upsert.send("PATCH", path, Some(&body)).await;
    assert_eq!((status, &made["uniqueName"]), (201, &json!("orders-api")));
    let (status, _) = upsert.send("PATCH", path, Some(&json!({ "displayName": "Orders 2" }))).await;
    assert_eq!(status, 204);
    let read = graph.get(path).await;
    assert_eq!((&read["id"], &read["displayName"]), (&made["id"], &json!("Orders 2")));
    let rename = json!({ "uniqueName": "other" });
    assert_eq!(graph.refused("PATCH", &at("applications", &made), Some(&rename)).await.0, 400);
}

#[tokio::test]
async fn a_scope_or_role_is_disabled_before_it_is_removed() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let path = at("applications", &graph.application("API").await);
    let role = |enabled: bool| {
        json!({ "appRoles": [{ "id": ROLE, "value": "Clerk", "displayName": "Clerk", "description": "d",
                               "isEnabled": enabled, "allowedMemberTypes": ["User"] }] })
    };
    graph.patch(&path, &role(true)).await;
    let removal = json!({ "appRoles": [] });
    let refused = graph.refused("PATCH", &path, Some(&removal)).await;
    assert_eq!(refused, (400, "CannotDeleteOrUpdateEnabledEntitlement".to_owned()));
    graph.patch(&path, &role(false)).await;
    graph.patch(&path, &removal).await;
    let scope = |enabled: bool| {
        json!({ "api": { "oauth2PermissionScopes": [{ "id": SCOPE, "value": "s", "type": "User", "isEnabled": enabled,
                "adminConsentDisplayName": "s", "adminConsentDescription": "s" }] } })
    };
    graph.patch(&path, &scope(true)).await;
    let removal = json!({ "api": { "oauth2PermissionScopes": [] } });
    assert_eq!(graph.refused("PATCH", &path, Some(&removal)).await.0, 400);
    graph.patch(&path, &scope(false)).await;
    graph.patch(&path, &removal).await;
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_changes_nothing() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let path = at("applications", &graph.application("Rules").await);
    let before = graph.get(&path).await;
    let scope = |id: &str, value: &str| {
        json!({ "id": id, "value": value, "type": "User", "isEnabled": true,
                "adminConsentDisplayName": "s", "adminConsentDescription": "s" })
    };
    for body in [
        json!({ "displayName": "" }),
        json!({ "displayName": null }),
        json!({ "displayName": "x".repeat(121) }),
        json!({ "displayName": 7 }),
        json!({ "colour": "red" }),
        json!({ "appId": "a0000000-0000-4000-8000-000000000001" }),
        json!({ "signInAudience": "Everybody" }),
        json!({ "signInAudience": "AzureADandPersonalMicrosoftAccount" }),
        json!({ "signInAudienceRestrictions": { "kind": "allowedTenants", "allowedTenantIds": [builtin::FABRIKAM] } }),
        json!({ "identifierUris": ["api://free-text"] }),
        json!({ "identifierUris": ["https://fabrikam.example/api"] }),
        json!({ "identifierUris": ["https://contoso.example/api/"] }),
        json!({ "identifierUris": ["urn:x"] }),
        json!({ "identifierUris": [builtin::API_URI] }),
        json!({ "identifierUris": "api://x" }),
        json!({ "web": { "redirectUris": ["http://orders.example/cb"] } }),
        json!({ "web": { "redirectUris": ["https://orders.example/cb#x"] } }),
        json!({ "web": { "redirectUris": ["https://orders.example/a(b)"] } }),
        json!({ "web": { "redirectUris": ["not a uri"] } }),
        json!({ "web": { "redirectUris": ["myapp://auth"] } }),
        json!({ "web": { "redirectUris": ["https://x.example"] }, "spa": { "redirectUris": ["https://x.example"] } }),
        json!({ "spa": { "redirectUris": ["javascript:alert(1)"] } }),
        json!({ "web": { "redirectUris": (0..257).map(|n| format!("https://x.example/{n}")).collect::<Vec<_>>() } }),
        json!({ "api": { "requestedAccessTokenVersion": 3 } }),
        json!({ "api": { "oauth2PermissionScopes": [scope(SCOPE, "a"), scope(SCOPE, "b")] } }),
        json!({ "api": { "oauth2PermissionScopes": [scope(SCOPE, "a b")] } }),
        json!({ "api": { "oauth2PermissionScopes": [scope("x", "a")] } }),
        json!({ "api": { "oauth2PermissionScopes": [scope(SCOPE, &"x".repeat(121))] } }),
        json!({ "api": { "knownClientApplications": ["11111111-2222-4333-8444-555555555555"] } }),
        json!({ "api": { "preAuthorizedApplications": [{ "appId": builtin::SPA, "delegatedPermissionIds": [SCOPE] }] } }),
        json!({ "appRoles": [{ "id": ROLE, "value": "r", "displayName": "r", "isEnabled": true, "allowedMemberTypes": ["Robot"] }] }),
        json!({ "appRoles": [{ "id": ROLE, "value": "r", "displayName": "r", "isEnabled": true, "allowedMemberTypes": [] }] }),
        json!({ "passwordCredentials": [{ "displayName": "x" }] }),
        json!({ "keyCredentials": [{ "type": "AsymmetricX509Cert", "usage": "Verify", "key": "bm90IGEgY2VydA==" }] }),
        json!({ "requiredResourceAccess": [{ "resourceAppId": "x", "resourceAccess": [] }] }),
        json!({ "groupMembershipClaims": "Some" }),
        json!({ "web": [] }),
        json!({ "api": null }),
    ] {
        let (status, code) = graph.refused("PATCH", &path, Some(&body)).await;
        assert_eq!(status, 400, "{body}: {code}");
        assert_eq!(graph.get(&path).await, before, "{body}");
    }
}

#[tokio::test]
async fn app_id_uris_take_entras_forms() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let made = graph.application("URIs").await;
    let (path, app_id) = (at("applications", &made), made["appId"].as_str().unwrap());
    for uri in [
        format!("api://{app_id}"),
        format!("api://{}/{app_id}", builtin::CONTOSO),
        format!("api://{}/orders", builtin::CONTOSO),
        format!("api://orders/{app_id}"),
        "https://contoso.example/orders".to_owned(),
        "https://orders.contoso.example".to_owned(),
    ] {
        graph.patch(&path, &json!({ "identifierUris": [uri] })).await;
        let filter = format!("/applications?$filter=identifierUris/any(u:u eq '{uri}')");
        assert_eq!(graph.get(&filter).await["value"][0]["appId"], app_id, "{uri}");
    }
    graph
        .patch(
            &path,
            &json!({ "identifierUris": ["api://free-text"], "api": { "requestedAccessTokenVersion": 2 } }),
        )
        .await;
}

#[tokio::test]
async fn only_certain_tenants_is_for_beta_and_on_request() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await.beta();
    let restriction = json!({ "@odata.type": "#microsoft.graph.allowedTenantsAudience",
        "isHomeTenantAllowed": true, "allowedTenantIds": [builtin::FABRIKAM] });
    let body = json!({ "displayName": "R", "signInAudience": "AzureADMultipleOrgs", "signInAudienceRestrictions": restriction });
    let made = graph.post("/applications", &body).await;
    let path = at("applications", &made);
    assert!(made.get("signInAudienceRestrictions").is_none());
    let select = format!("{path}?$select=id,signInAudience,signInAudienceRestrictions");
    let read = graph.get(&select).await;
    assert_eq!(read["signInAudienceRestrictions"]["allowedTenantIds"], json!([builtin::FABRIKAM]));
    assert_eq!(read["signInAudienceRestrictions"]["kind"], "allowedTenants");
    let tenants = |count: usize| vec![builtin::FABRIKAM; count];
    for (audience, tenants) in [
        ("AzureADMyOrg", tenants(1)),
        ("AzureADMultipleOrgs", tenants(0)),
        ("AzureADMultipleOrgs", tenants(21)),
    ] {
        let body = json!({ "signInAudience": audience,
            "signInAudienceRestrictions": { "kind": "allowedTenants", "allowedTenantIds": tenants } });
        assert_eq!(graph.refused("PATCH", &path, Some(&body)).await.0, 400, "{body}");
    }
    let narrow = json!({ "signInAudience": "AzureADMyOrg" });
    assert_eq!(graph.refused("PATCH", &path, Some(&narrow)).await.0, 400);
    graph.patch(&path, &json!({ "signInAudienceRestrictions": { "kind": "unrestricted" } })).await;
    graph.patch(&path, &narrow).await;
    let v1 = Graph::provisioning(&simulator).await;
    assert_eq!(v1.refused("GET", &select, None).await.0, 400);
}

#[tokio::test]
async fn tenants_do_not_see_each_others_registrations() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let scopes = ["Application.ReadWrite.All"];
    let fabrikam = Graph::person(&simulator, builtin::FABRIKAM, builtin::FABRIKAM_ADMIN, &scopes);
    let path = at("applications", &graph.application("Ours").await);
    for method in ["GET", "PATCH", "DELETE"] {
        let body = json!({ "displayName": "Theirs" });
        let refused = fabrikam.refused(method, &path, Some(&body)).await;
        assert_eq!(refused, (404, "Request_ResourceNotFound".to_owned()), "{method}");
    }
    assert_eq!(graph.get(&path).await["displayName"], "Ours");
    let theirs = fabrikam.get("/applications?$select=displayName").await;
    assert!(theirs["value"].as_array().unwrap().iter().all(|one| one["displayName"] != "Ours"));
}
