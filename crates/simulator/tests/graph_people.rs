//! People, groups, organisations and invitations through Microsoft Graph.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::graph::{Graph, at};
use tenantry_simulator::{Simulator, builtin};

#[tokio::test]
async fn a_person_reads_themselves_and_a_program_has_no_self() {
    let simulator = Simulator::start().await.unwrap();
    let rita = Graph::person(&simulator, builtin::CONTOSO, builtin::CONTOSO_READER, &["User.Read"]);
    let me = rita.get("/me").await;
    assert_eq!(
        (&me["id"], &me["userPrincipalName"]),
        (&json!(builtin::CONTOSO_READER), &json!("rita@contoso.example"))
    );
    assert_eq!((&me["givenName"], &me["surname"]), (&json!("Rita"), &json!("Reader")));
    assert!(me.get("accountEnabled").is_none(), "only on request");
    assert_eq!(rita.get("/me?$select=accountEnabled,userType").await["userType"], "Member");
    assert_eq!(rita.get("/organization").await["value"][0]["id"], builtin::CONTOSO);
    assert_eq!(rita.refused("GET", "/users", None).await.0, 403);
    let program = Graph::provisioning(&simulator).await;
    assert_eq!(program.refused("GET", "/me", None).await.0, 400);
}

#[tokio::test]
async fn people_are_found_made_changed_and_removed() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let body = json!({ "accountEnabled": true, "displayName": "Nadia New", "mailNickname": "nadia",
        "userPrincipalName": "nadia@contoso.example", "jobTitle": "Clerk",
        "passwordProfile": { "password": "not-a-real-password-nadia" } });
    let made = graph.post("/users", &body).await;
    let read = graph.get("/users/nadia@contoso.example").await;
    assert_eq!((&read["id"], &read["jobTitle"]), (&made["id"], &json!("Clerk")));
    let filter = "/users?$filter=userPrincipalName eq 'nadia@contoso.example'";
    assert_eq!(graph.get(filter).await["value"][0]["id"], made["id"]);
    let mut browser = support::Browser::new();
    let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    let parameters = [
        ("client_id", builtin::SPA),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:5173"),
        ("scope", "openid"),
        ("code_challenge", support::CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let page = browser.authorize(&authority, &parameters).await;
    assert_eq!(page.status, 200, "{:?} {}", page.location, page.body);
    let answer = browser.submit(&page, "nadia@contoso.example", "not-a-real-password-nadia").await;
    assert!(answer.parameter("code").is_some(), "{:?} {}", answer.location, answer.body);
    let path = at("users", &made);
    graph
        .patch(&path, &json!({ "jobTitle": null, "displayName": "Nadia Newer", "accountEnabled": false }))
        .await;
    let read = graph.get(&format!("{path}?$select=jobTitle,displayName,accountEnabled")).await;
    assert_eq!(
        (&read["jobTitle"], &read["displayName"], &read["accountEnabled"]),
        (&Value::Null, &json!("Nadia Newer"), &json!(false))
    );
    graph.delete(&path).await;
    assert_eq!(graph.refused("GET", &path, None).await.0, 404);
    for (name, value) in [
        ("userPrincipalName", json!("nadia@fabrikam.example")),
        ("userPrincipalName", json!("rita@contoso.example")),
        ("displayName", json!(null)),
        ("passwordProfile", json!({ "password": "short" })),
        ("colour", json!("red")),
    ] {
        let mut wrong = body.clone();
        wrong[name] = value;
        assert_eq!(
            graph.refused("POST", "/users", Some(&wrong)).await,
            (400, "Request_BadRequest".to_owned()),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn an_invitation_makes_a_guest_who_can_sign_in() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let body = json!({ "invitedUserEmailAddress": "ruben@fabrikam.example", "inviteRedirectUrl": "https://contoso.example" });
    let made = graph.post("/invitations", &body).await;
    assert_eq!(made["status"], "Completed");
    let guest = graph
        .get(&format!(
            "/users/{}?$select=userPrincipalName,userType,mail",
            made["invitedUser"]["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(guest["userPrincipalName"], "ruben_fabrikam.example#EXT#@contoso.example");
    assert_eq!((&guest["userType"], &guest["mail"]), (&json!("Guest"), &json!("ruben@fabrikam.example")));
    assert!(simulator.world().user(builtin::CONTOSO, "ruben@fabrikam.example").is_some());
    assert_eq!(
        graph.post("/invitations", &body).await["invitedUser"],
        made["invitedUser"],
        "invited twice, one guest"
    );
    let stranger = json!({ "invitedUserEmailAddress": "somebody@nowhere.example", "inviteRedirectUrl": "https://contoso.example" });
    assert_eq!(graph.post("/invitations", &stranger).await["status"], "PendingAcceptance");
    for address in ["rita@contoso.example", "nobody", "@x", "a b@c.example"] {
        let wrong =
            json!({ "invitedUserEmailAddress": address, "inviteRedirectUrl": "https://contoso.example" });
        assert_eq!(graph.refused("POST", "/invitations", Some(&wrong)).await.0, 400, "{address}");
    }
}

#[tokio::test]
async fn memberships_are_told_and_overage_points_somewhere() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let names = |answer: &Value| {
        let list = answer["value"].as_array().unwrap();
        list.iter().map(|one| one["displayName"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let rita = format!("/users/{}", builtin::CONTOSO_READER);
    assert_eq!(names(&graph.get(&format!("{rita}/memberOf")).await), ["Engineering"]);
    assert_eq!(
        names(&graph.get(&format!("{rita}/transitiveMemberOf/microsoft.graph.group")).await),
        ["Engineering", "Everybody in Contoso"]
    );
    let alice = graph.get("/users/alice@contoso.example/memberOf").await;
    assert!(names(&alice).contains(&"Global Administrator".to_owned()), "{alice}");
    let path = format!("/users/{}/getMemberObjects", builtin::CONTOSO_NO_ROLE);
    let all = graph.post(&path, &json!({ "securityEnabledOnly": true })).await;
    assert_eq!(all["value"].as_array().unwrap().len(), 250);
    let group =
        graph.get("/groups?$filter=displayName eq 'Engineering'&$select=id").await["value"][0].clone();
    let members = graph.get(&format!("{}/members", at("groups", &group))).await;
    assert_eq!(members["value"][0]["@odata.type"], "#microsoft.graph.user");
}

#[tokio::test]
async fn another_tenant_is_known_by_id_or_domain() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let root = "/tenantRelationships/findTenantInformationBy";
    for path in [
        format!("{root}DomainName(domainName='fabrikam.example')"),
        format!("{root}TenantId(tenantId='{}')", builtin::FABRIKAM),
    ] {
        let found = graph.get(&path).await;
        assert_eq!(
            (&found["tenantId"], &found["defaultDomainName"]),
            (&json!(builtin::FABRIKAM), &json!("fabrikam.example"))
        );
    }
    assert_eq!(
        graph.refused("GET", &format!("{root}DomainName(domainName='nowhere.example')"), None).await.0,
        404
    );
    assert_eq!(graph.refused("GET", &format!("{root}TenantId(tenantId='x')"), None).await.0, 400);
}

#[tokio::test]
async fn an_administrator_of_people_does_not_take_over_those_who_manage_more() {
    let simulator = Simulator::start().await.unwrap();
    let norman =
        format!("{}/sim/tenants/{}/users/norman@contoso.example", simulator.base(), builtin::CONTOSO);
    let role = json!({ "directory_roles": ["user-administrator"] });
    assert_eq!(support::client().patch(&norman).json(&role).send().await.unwrap().status(), 200);
    let scopes = &["User.ReadWrite.All"];
    let norman = Graph::person(&simulator, builtin::CONTOSO, "norman@contoso.example", scopes);
    let (alice, rita) = ("/users/alice@contoso.example", "/users/rita@contoso.example");
    for taken in [
        json!({ "passwordProfile": { "password": "not-a-real-password-x" } }),
        json!({ "accountEnabled": false }),
    ] {
        assert_eq!(norman.refused("PATCH", alice, Some(&taken)).await.0, 403, "{taken}");
        norman.patch(rita, &taken).await;
    }
    assert_eq!(norman.refused("DELETE", alice, None).await.0, 403);
    norman.patch(alice, &json!({ "jobTitle": "Head" })).await;
    let alice_herself = Graph::person(&simulator, builtin::CONTOSO, builtin::CONTOSO_ADMIN, scopes);
    alice_herself.patch("/users/norman@contoso.example", &json!({ "accountEnabled": false })).await;
}
