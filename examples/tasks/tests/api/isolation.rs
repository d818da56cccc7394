//! Two organisations side by side. Rows 34, 40, 111; T-140, T-144, T-146.

use serde_json::json;
use tasks::DatabaseUrl;
use tenantry_simulator::{TokenRequest, builtin};

use crate::simulator::token;
use crate::world::{Api, on_both_stores, user};

async fn tenants_never_meet(database: &DatabaseUrl) {
    let api = Api::on(database).await;
    let contoso = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let fabrikam = user(builtin::FABRIKAM, builtin::FABRIKAM_ADMIN);
    let theirs = api.create(&fabrikam, "same title").await;
    let ours = api.create(&contoso, "same title").await;
    assert_ne!(ours, theirs);

    let list = api.call("GET /api/tasks", &contoso).await.json();
    assert_eq!(list.as_array().unwrap().len(), 1, "an Admin sees all of one organisation");
    assert_eq!((&list[0]["id"], &list[0]["tenant_id"]), (&json!(ours), &json!(builtin::CONTOSO)));

    // Each method on another tenant's id answers what an id that nobody has would get, to the byte.
    let nobodys = "00000000-0000-4000-8000-000000000000";
    for (method, body) in [("GET", ""), ("PATCH", r#"{"title":"stolen"}"#), ("DELETE", "")] {
        let foreign = api.call_with(&format!("{method} /api/tasks/{theirs}"), &contoso, body).await;
        let unknown = api.call_with(&format!("{method} /api/tasks/{nobodys}"), &contoso, body).await;
        assert_eq!((foreign.status, foreign.code().as_str()), (404, "not_found"), "{method}");
        assert_eq!((foreign.headers, foreign.body), (unknown.headers, unknown.body), "{method}");
    }
    assert_eq!(api.call("GET /api/tasks", &fabrikam).await.json()[0]["title"], "same title");
}

/// Object ids are unique within a tenant only: a person with the same one elsewhere is somebody else (T-017, T-146).
async fn the_same_object_id_elsewhere_is_somebody_else(database: &DatabaseUrl) {
    let api = Api::on(database).await;
    let shared = json!("eeeeeeee-0000-4000-8000-00000000000e");
    let in_tenant = |tenant, person| {
        let request = TokenRequest::for_user(tenant, person).audience(builtin::API).roles(&["Editor"]);
        token(&request.claim("oid", shared.clone()))
    };
    let contoso = in_tenant(builtin::CONTOSO, builtin::CONTOSO_EDITOR);
    let fabrikam = in_tenant(builtin::FABRIKAM, builtin::FABRIKAM_EDITOR);
    let id = api.create(&contoso, "Contoso's").await;
    api.create(&fabrikam, "Fabrikam's").await;

    assert_eq!(api.call("GET /api/tasks", &contoso).await.titles(), ["Contoso's"]);
    assert_eq!(api.call("GET /api/tasks", &fabrikam).await.titles(), ["Fabrikam's"]);
    assert_eq!(api.call(&format!("GET /api/tasks/{id}"), &fabrikam).await.status, 404);
    let changed = api.call_with(&format!("PATCH /api/tasks/{id}"), &fabrikam, r#"{"completed":true}"#).await;
    assert_eq!(changed.status, 404);
}

/// T-011: only the token says which tenant; hints elsewhere are ignored or refused.
async fn hints_about_the_tenant_change_nothing(database: &DatabaseUrl) {
    let api = Api::on(database).await;
    let contoso = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    api.create(&user(builtin::FABRIKAM, builtin::FABRIKAM_ADMIN), "Fabrikam's").await;

    let path = format!("GET /api/tasks?tenant_id={0}&tid={0}", builtin::FABRIKAM);
    let mut hinted = crate::world::request(&path, &contoso);
    for header in ["x-tenant-id", "x-tenantry-tenant", "x-ms-client-principal-id"] {
        hinted = hinted.header(header, builtin::FABRIKAM);
    }
    let answer = api.send(hinted.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(answer.titles(), Vec::<String>::new());

    let body = format!(r#"{{"title":"t","tenant_id":"{}"}}"#, builtin::FABRIKAM);
    assert_eq!(api.call_with("POST /api/tasks", &contoso, &body).await.code(), "invalid_task");
}

/// Row 111: create, complete, delete; a task has the documented members and no others.
async fn a_task_lives_and_ends(database: &DatabaseUrl) {
    let api = Api::on(database).await;
    let admin = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let created = api.call_with("POST /api/tasks", &admin, r#"{"title":"  buy milk "}"#).await;
    assert_eq!(created.status, 201);
    let task = created.json();
    let path = format!("/api/tasks/{}", task["id"].as_str().unwrap());
    assert_eq!(created.headers["location"], path.as_str());
    let members: Vec<_> = task.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["completed", "created_at", "id", "owner_id", "owner_name", "tenant_id", "title"]);
    assert_eq!((&task["title"], &task["completed"]), (&json!("buy milk"), &json!(false)));
    assert_eq!(
        (&task["owner_id"], &task["owner_name"]),
        (&json!(builtin::CONTOSO_ADMIN), &json!("Alice Admin"))
    );
    assert_eq!(
        api.call(&format!("GET {path}"), &admin).await.json(),
        task,
        "as it was created, time included"
    );

    let done = api.call_with(&format!("PATCH {path}"), &admin, r#"{"completed":true}"#).await.json();
    assert_eq!((&done["completed"], &done["title"]), (&json!(true), &json!("buy milk")));
    let renamed = api.call_with(&format!("PATCH {path}"), &admin, r#"{"title":"buy oats"}"#).await.json();
    assert_eq!((&renamed["completed"], &renamed["title"]), (&json!(true), &json!("buy oats")));

    assert_eq!(api.call(&format!("DELETE {path}"), &admin).await.status, 204);
    assert_eq!(api.call(&format!("DELETE {path}"), &admin).await.status, 404);
    assert_eq!(api.call("GET /api/tasks", &admin).await.json(), json!([]));
}

/// Lists are bounded, and their pages put together are the whole.
async fn lists_come_in_pages(database: &DatabaseUrl) {
    let api = Api::on(database).await;
    let editor = user(builtin::CONTOSO, builtin::CONTOSO_EDITOR);
    for number in 0..7 {
        api.create(&editor, &format!("task {number}")).await;
    }
    let mut next = Some("/api/tasks?limit=3".to_owned());
    let mut pages = Vec::new();
    while let Some(path) = next.take() {
        let page = api.call(&format!("GET {path}"), &editor).await;
        let link = page.headers.get("link").map(|link| link.to_str().unwrap());
        next = link.map(|link| link.strip_prefix('<').unwrap().split_once('>').unwrap().0.to_owned());
        pages.push(page.titles());
        assert!(pages.len() <= 3);
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    assert_eq!(
        pages.concat(),
        (0..7).map(|number| format!("task {number}")).collect::<Vec<_>>(),
        "oldest first"
    );
}

on_both_stores!(
    tenants_never_meet,
    the_same_object_id_elsewhere_is_somebody_else,
    hints_about_the_tenant_change_nothing,
    a_task_lives_and_ends,
    lists_come_in_pages
);
