//! Who may do what at Microsoft Graph: the token, then the permission matrix, operation by operation.
//!
//! `docs/reference/simulator-graph.md` shows the same matrix.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::graph::{GRAPH, Graph, at};
use tenantry_simulator::{SignWith, Simulator, TokenRequest, builtin};

/// A stranger to the directory: no token, or none that proves anything, is 401 with a challenge.
#[tokio::test]
async fn a_token_must_be_graphs_and_proven() {
    let simulator = Simulator::start().await.unwrap();
    let valid = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(GRAPH);
    let minted = |change: &dyn Fn(&mut TokenRequest)| {
        let mut request = valid.clone();
        change(&mut request);
        simulator.mint(&request).unwrap().token
    };
    let good = minted(&|_| {});
    Graph::with_token(simulator.base(), &good).get("/organization").await;
    let unsigned = good.rsplit_once('.').unwrap().0.to_owned() + ".";
    for (why, token) in [
        ("nothing", String::new()),
        ("no JWT", "hello".to_owned()),
        ("another audience", minted(&|request| request.audience = Some(builtin::API.to_owned()))),
        ("expired", minted(&|request| request.lifetime_s = Some(-60))),
        ("no signature", unsigned),
        ("cut off", good[..good.len() - 10].to_owned()),
        ("an unknown key", minted(&|request| request.sign_with = SignWith::Unpublished)),
        (
            "another tenant's issuer",
            minted(&|request| {
                request.claims.insert("tid".to_owned(), json!(builtin::FABRIKAM));
            }),
        ),
        (
            "a person who is not there",
            minted(&|request| {
                request.claims.insert("oid".to_owned(), json!(builtin::FABRIKAM_ADMIN));
            }),
        ),
        ("far too long", "a".repeat(7_000)),
    ] {
        let graph = Graph::with_token(simulator.base(), &token);
        let response = graph.raw("GET", "/me", None).await;
        assert_eq!(response.status(), 401, "{why}");
        let challenge = response.headers()["www-authenticate"].to_str().unwrap().to_owned();
        assert!(challenge.starts_with("Bearer "), "{why}: {challenge}");
        let body: Value = response.json().await.unwrap();
        let code = body["error"]["code"].as_str().unwrap();
        assert!(
            matches!(code, "InvalidAuthenticationToken" | "Authorization_IdentityNotFound"),
            "{why}: {body}"
        );
        assert!(!body.to_string().contains(&token) || token.is_empty(), "{why}: the token is not repeated");
    }
}

#[tokio::test]
async fn a_token_ends_with_the_simulators_clock() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    graph.get("/organization").await;
    simulator.set_clock_offset_s(7_200);
    assert_eq!(graph.refused("GET", "/organization", None).await.0, 401);
}

/// Operations, and the permission that is enough for each. The last column: a person also needs this directory role.
const MATRIX: [(&str, &str, &[&str], Needs); 14] = [
    (
        "GET",
        "/applications",
        &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"],
        Needs::Nothing,
    ),
    ("POST", "/applications", &["Application.ReadWrite.All"], Needs::Nothing),
    ("PATCH", "/applications/{api}", &["Application.ReadWrite.All"], Needs::ApplicationAdministrator),
    (
        "POST",
        "/applications/{api}/addPassword",
        &["Application.ReadWrite.All"],
        Needs::ApplicationAdministrator,
    ),
    (
        "GET",
        "/servicePrincipals",
        &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"],
        Needs::Nothing,
    ),
    (
        "PATCH",
        "/servicePrincipals(appId='{api_app}')",
        &["Application.ReadWrite.All"],
        Needs::ApplicationAdministrator,
    ),
    (
        "GET",
        "/oauth2PermissionGrants",
        &["DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All"],
        Needs::Nothing,
    ),
    (
        "POST",
        "/oauth2PermissionGrants",
        &["DelegatedPermissionGrant.ReadWrite.All"],
        Needs::ApplicationAdministrator,
    ),
    (
        "POST",
        "/servicePrincipals(appId='{api_app}')/appRoleAssignedTo",
        &["AppRoleAssignment.ReadWrite.All"],
        Needs::ApplicationAdministrator,
    ),
    ("GET", "/users", &["User.Read.All", "Directory.Read.All"], Needs::Nothing),
    ("POST", "/users", &["User.ReadWrite.All"], Needs::UserAdministrator),
    ("POST", "/invitations", &["User.Invite.All", "User.ReadWrite.All"], Needs::Nothing),
    ("GET", "/groups", &["Group.Read.All", "Directory.Read.All"], Needs::Nothing),
    ("GET", "/organization", &["Organization.Read.All", "Directory.Read.All"], Needs::Nothing),
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Needs {
    Nothing,
    ApplicationAdministrator,
    UserAdministrator,
}

/// Every permission of the matrix, so that each operation is tried with all the others.
const ALL: [&str; 11] = [
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "User.Invite.All",
    "Group.Read.All",
    "Organization.Read.All",
    "CrossTenantInformation.ReadBasic.All",
];

/// Permissions that also cover an operation by containing one of the matrix.
fn covers(permission: &str, operation: (&str, &str)) -> bool {
    matches!((permission, operation), ("User.ReadWrite.All", ("GET", "/users")))
}

/// Any body: an empty one is refused with 400, which is past the permission.
fn was_let_in(status: u16) -> bool {
    matches!(status, 200 | 201 | 204 | 400)
}

fn path(template: &str, api: &Value) -> String {
    template.replace("{api}", api["id"].as_str().unwrap()).replace("{api_app}", builtin::API)
}

#[tokio::test]
async fn programs_need_the_permission_and_nothing_else() {
    let simulator = Simulator::start().await.unwrap();
    let client = Graph::provisioning(&simulator).await;
    let api = client.get(&format!("/applications(appId='{}')", builtin::API)).await;
    for (method, template, enough, _) in MATRIX {
        for permission in ALL {
            let program = client.of(Graph::program_token(&simulator, builtin::CONTOSO_DAEMON, &[permission]));
            let (status, answer) = program.send(method, &path(template, &api), Some(&json!({}))).await;
            let wanted = enough.contains(&permission) || covers(permission, (method, template));
            assert_eq!(
                was_let_in(status),
                wanted,
                "{method} {template} with {permission}: {status} {answer}"
            );
            assert!(wanted || answer["error"]["code"] == "Authorization_RequestDenied", "{answer}");
        }
        let nobody = client.of(Graph::program_token(&simulator, builtin::CONTOSO_DAEMON, &[]));
        assert_eq!(
            nobody.refused(method, &path(template, &api), Some(&json!({}))).await.0,
            403,
            "{method} {template}"
        );
    }
}

#[tokio::test]
async fn people_need_the_permission_and_the_role() {
    let simulator = Simulator::start().await.unwrap();
    let client = Graph::provisioning(&simulator).await;
    let api = client.get(&format!("/applications(appId='{}')", builtin::API)).await;
    for (method, template, enough, needs) in MATRIX {
        for (user, is_administrator) in [(builtin::CONTOSO_ADMIN, true), (builtin::CONTOSO_READER, false)] {
            let token = Graph::person_token(&simulator, builtin::CONTOSO, user, &enough[..1]);
            let person = client.of(token);
            let (status, answer) = person.send(method, &path(template, &api), Some(&json!({}))).await;
            let wanted = is_administrator || needs == Needs::Nothing;
            assert_eq!(was_let_in(status), wanted, "{method} {template} by {user}: {status} {answer}");
        }
        let token = Graph::person_token(&simulator, builtin::CONTOSO, builtin::CONTOSO_ADMIN, &["openid"]);
        let without = client.of(token);
        assert_eq!(
            without.refused(method, &path(template, &api), Some(&json!({}))).await.0,
            403,
            "{method} {template}"
        );
    }
}

#[tokio::test]
async fn people_may_change_what_they_registered() {
    let simulator = Simulator::start().await.unwrap();
    let scopes = ["Application.ReadWrite.All"];
    let rita = Graph::person(&simulator, builtin::CONTOSO, builtin::CONTOSO_READER, &scopes);
    let edgar = Graph::person(&simulator, builtin::CONTOSO, builtin::CONTOSO_EDITOR, &scopes);
    let made = rita.application("Rita's").await;
    let path = at("applications", &made);
    let body = json!({ "description": "mine" });
    rita.patch(&path, &body).await;
    assert_eq!(edgar.refused("PATCH", &path, Some(&body)).await.0, 403);
    let owner = json!({ "@odata.id": format!("{}/directoryObjects/{}", rita.root, builtin::CONTOSO_EDITOR) });
    rita.post_nothing(&format!("{path}/owners/$ref"), &owner).await;
    assert_eq!(rita.refused("POST", &format!("{path}/owners/$ref"), Some(&owner)).await.0, 400);
    edgar.patch(&path, &body).await;
    assert_eq!(rita.get(&format!("{path}/owners")).await["value"].as_array().unwrap().len(), 2);
    rita.delete(&format!("{path}/owners/{}/$ref", builtin::CONTOSO_EDITOR)).await;
    assert_eq!(edgar.refused("PATCH", &path, Some(&body)).await.0, 403);
}

#[tokio::test]
async fn owned_by_reaches_own_applications_only() {
    let simulator = Simulator::start().await.unwrap();
    let owner = Graph::program(&simulator, builtin::CONTOSO_DAEMON, &["Application.ReadWrite.OwnedBy"]);
    let other = Graph::provisioning(&simulator).await.application("Somebody else's").await;
    let own = owner.application("Own").await;
    owner.patch(&at("applications", &own), &json!({ "tags": ["t"] })).await;
    owner.post(&format!("{}/addPassword", at("applications", &own)), &json!({})).await;
    let listed = owner.get("/applications").await;
    assert_eq!(listed["value"].as_array().unwrap().len(), 1, "{listed}");
    for (method, suffix) in [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/addPassword")] {
        let path = format!("{}{suffix}", at("applications", &other));
        assert_eq!(owner.refused(method, &path, Some(&json!({}))).await.0, 403, "{method}{suffix}");
    }
    owner.post("/servicePrincipals", &json!({ "appId": own["appId"] })).await;
    let refused =
        owner.refused("POST", "/servicePrincipals", Some(&json!({ "appId": other["appId"] }))).await;
    assert_eq!(refused.0, 403);
    owner.delete(&at("applications", &own)).await;
}

/// Granting Graph's own application permissions is for privileged roles.
#[tokio::test]
async fn graphs_own_permissions_are_granted_by_few() {
    let simulator = Simulator::start().await.unwrap();
    let provisioning = Graph::provisioning(&simulator).await;
    let find = |app: &str| format!("/servicePrincipals(appId='{app}')");
    let (itself, daemon) =
        (provisioning.get(&find(GRAPH)).await, provisioning.get(&find(builtin::DAEMON_WITHOUT_ROLE)).await);
    let role =
        itself["appRoles"].as_array().unwrap().iter().find(|role| role["value"] == "User.Read.All").unwrap();
    let body = json!({ "principalId": daemon["id"], "resourceId": itself["id"], "appRoleId": role["id"] });
    let path = format!("{}/appRoleAssignedTo", at("servicePrincipals", &itself));
    let alice = Graph::person(
        &simulator,
        builtin::CONTOSO,
        builtin::CONTOSO_ADMIN,
        &["AppRoleAssignment.ReadWrite.All"],
    );
    let rita = Graph::person(
        &simulator,
        builtin::CONTOSO,
        builtin::CONTOSO_READER,
        &["AppRoleAssignment.ReadWrite.All"],
    );
    assert_eq!(rita.refused("POST", &path, Some(&body)).await.0, 403);
    alice.post(&path, &body).await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", builtin::DAEMON_WITHOUT_ROLE),
        ("client_secret", builtin::DAEMON_WITHOUT_ROLE_SECRET),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    let (_, answer) =
        support::token(&format!("{}/{}", simulator.base(), builtin::CONTOSO), &form, None).await;
    let graph = Graph::with_token(simulator.base(), answer["access_token"].as_str().unwrap());
    assert!(!graph.get("/users").await["value"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn guests_neither_register_nor_invite() {
    let simulator = Simulator::start().await.unwrap();
    let scopes = ["Application.ReadWrite.All", "User.Invite.All"];
    let guest = builtin::FABRIKAM_GUEST_IN_CONTOSO;
    let guest = Graph::person(&simulator, builtin::CONTOSO, guest, &scopes);
    let invitation =
        json!({ "invitedUserEmailAddress": "a@b.example", "inviteRedirectUrl": "https://contoso.example" });
    for (path, body) in [("/applications", json!({ "displayName": "x" })), ("/invitations", invitation)] {
        assert_eq!(guest.refused("POST", path, Some(&body)).await.0, 403, "{path}");
    }
}

#[tokio::test]
async fn a_new_object_may_name_its_owners_and_members() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let link = |id: &str| json!([format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}")]);
    let body = json!({ "displayName": "Rita's", "owners@odata.bind": link(builtin::CONTOSO_READER) });
    let made = graph.post("/applications", &body).await;
    let owners = graph.get(&format!("{}/owners", at("applications", &made))).await;
    assert_eq!(
        (&owners["value"][0]["id"], owners["value"].as_array().unwrap().len()),
        (&json!(builtin::CONTOSO_READER), 1)
    );
    let rita =
        Graph::person(&simulator, builtin::CONTOSO, builtin::CONTOSO_READER, &["Application.ReadWrite.All"]);
    rita.patch(&at("applications", &made), &json!({ "tags": ["t"] })).await;
    for (id, status) in [(builtin::FABRIKAM_ADMIN, 404), ("x", 400)] {
        let body = json!({ "displayName": "Nobody's", "owners@odata.bind": link(id) });
        assert_eq!(graph.refused("POST", "/applications", Some(&body)).await.0, status, "{id}");
    }
    let ids = json!({ "ids": [builtin::CONTOSO_READER, builtin::FABRIKAM_ADMIN, "x"], "types": ["user"] });
    let found = graph.post("/directoryObjects/getByIds", &ids).await;
    assert_eq!(found["value"].as_array().unwrap().len(), 1);
    let team = json!({ "displayName": "Team", "mailEnabled": false, "securityEnabled": true, "mailNickname": "t",
                       "members@odata.bind": link(builtin::CONTOSO_READER) });
    let groups = Graph::program(&simulator, builtin::CONTOSO_DAEMON, &["Group.ReadWrite.All"]);
    let made = groups.post("/groups", &team).await;
    let path = format!("{}/members", at("groups", &made));
    assert_eq!(groups.get(&path).await["value"][0]["id"], builtin::CONTOSO_READER);
    groups.delete(&format!("{path}/{}/$ref", builtin::CONTOSO_READER)).await;
    assert!(groups.get(&path).await["value"].as_array().unwrap().is_empty());
    groups.delete(&at("groups", &made)).await;
}
