//! Roles × routes, written out. Rows 33, 34, 111; T-018.

use tasks::{Config, DatabaseUrl, Role};
use tenantry_simulator::{TokenRequest, builtin};

use crate::simulator::token;
use crate::world::{Api, config, on_both_stores, user, user_as};

/// What callers get, in the order of [`calls`]; the first column is what they see of two tasks, their own and a colleague's.
const MATRIX: &str = "
                     | list | create | read own, other's | change own, other's | delete own, other's | me
    admin            | 2    | 201    | 200 200           | 200 200             | 204 204             | 200
    editor           | 1    | 201    | 200 404           | 200 404             | 403 403             | 200
    reader           | 1    | 403    | 200 404           | 403 403             | 403 403             | 200
    admin-and-reader | 2    | 201    | 200 200           | 200 200             | 204 204             | 200
    guest-editor     | 1    | 201    | 200 404           | 200 404             | 403 403             | 200
    no-role          | 403  | 403    | 403 403           | 403 403             | 403 403             | 200
    unknown-role     | 403  | 403    | 403 403           | 403 403             | 403 403             | 200
    role-in-capitals | 403  | 403    | 403 403           | 403 403             | 403 403             | 200
    other-scope      | 403  | 403    | 403 403           | 403 403             | 403 403             | 403
    app-admin        | 2    | 201    | 200 200           | 200 200             | 204 204             | 200
    app-editor       | 1    | 201    | 200 404           | 200 404             | 403 403             | 200
    app-reader       | 1    | 403    | 200 404           | 403 403             | 403 403             | 200
    app-unknown-role | 403  | 403    | 403 403           | 403 403             | 403 403             | 403
    app-no-role      | 403  | 403    | 403 403           | 403 403             | 403 403             | 403
";

/// The same with `TASKS_DEFAULT_ROLE=Reader`: it is for people whose token names no role at all, and for nobody else.
const MATRIX_WITH_DEFAULT_READER: &str = "
    no-role          | 1    | 403    | 200 404           | 403 403             | 403 403             | 200
    unknown-role     | 403  | 403    | 403 403           | 403 403             | 403 403             | 200
    other-scope      | 403  | 403    | 403 403           | 403 403             | 403 403             | 403
    editor           | 1    | 201    | 200 404           | 200 404             | 403 403             | 200
    app-no-role      | 403  | 403    | 403 403           | 403 403             | 403 403             | 403
";

/// With `TASKS_DEFAULT_ROLE=Editor`.
const MATRIX_WITH_DEFAULT_EDITOR: &str = "
    no-role          | 1    | 201    | 200 404           | 200 404             | 403 403             | 200
    reader           | 1    | 403    | 200 404           | 403 403             | 403 403             | 200
";

/// A caller's token, and one of the same identity that may create tasks.
fn caller(name: &str) -> (String, String) {
    let person = |id, roles: &[&str]| {
        (user_as(builtin::CONTOSO, id, roles), user_as(builtin::CONTOSO, id, &["Editor"]))
    };
    let program = |roles: &[&str]| {
        let request =
            TokenRequest::for_application(builtin::CONTOSO, builtin::CONTOSO_DAEMON).audience(builtin::API);
        (token(&request.clone().roles(roles)), token(&request.roles(&["Editor"])))
    };
    match name {
        "admin" => person(builtin::CONTOSO_ADMIN, &["Admin"]),
        "editor" => person(builtin::CONTOSO_READER, &["Editor"]),
        "reader" => person(builtin::CONTOSO_READER, &["Reader"]),
        "admin-and-reader" => person(builtin::CONTOSO_READER, &["Reader", "Admin"]),
        "guest-editor" => person(builtin::FABRIKAM_GUEST_IN_CONTOSO, &["Editor"]),
        "no-role" => person(builtin::CONTOSO_NO_ROLE, &[]),
        "unknown-role" => person(builtin::CONTOSO_NO_ROLE, &["Owner"]),
        "role-in-capitals" => person(builtin::CONTOSO_NO_ROLE, &["ADMIN"]),
        "other-scope" => {
            let request =
                TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(builtin::API);
            let narrow = token(&request.clone().scopes(&["access_as_user.read"]));
            (narrow, token(&request))
        }
        "app-admin" => program(&["Admin"]),
        "app-editor" => program(&["Editor"]),
        "app-reader" => program(&["Reader"]),
        "app-unknown-role" => program(&["Owner"]),
        "app-no-role" => program(&[]),
        _ => panic!("{name}"),
    }
}

/// The calls of one row, each on tasks of its own.
async fn row(config: &Config, name: &str) -> String {
    let api = Api::start(config).await;
    let (caller, creator) = caller(name);
    let colleague = user(builtin::CONTOSO, builtin::CONTOSO_EDITOR);
    let own = api.create(&creator, "own").await;
    let other = api.create(&colleague, "colleague's").await;

    let list = api.call("GET /api/tasks", &caller).await;
    let seen = if list.status == 200 { list.titles().len().to_string() } else { list.status.to_string() };
    let create = api.call_with("POST /api/tasks", &caller, r#"{"title":"new"}"#).await.status;
    let mut on_tasks = Vec::new();
    for (method, body) in [("GET", ""), ("PATCH", r#"{"completed":true}"#), ("DELETE", "")] {
        for id in [&own, &other] {
            on_tasks.push(api.call_with(&format!("{method} /api/tasks/{id}"), &caller, body).await.status);
        }
    }
    let me = api.call("GET /api/me", &caller).await.status;
    let [r1, r2, c1, c2, d1, d2] = on_tasks[..] else { unreachable!() };
    format!("{name}|{seen}|{create}|{r1} {r2}|{c1} {c2}|{d1} {d2}|{me}")
}

async fn compare(config: &Config, matrix: &str) {
    for expected in matrix.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('|')) {
        let cells: Vec<_> = expected.split('|').map(str::trim).collect();
        assert_eq!(row(config, cells[0]).await, cells.join("|"));
    }
}

async fn matrix(database: &DatabaseUrl) {
    // One database for all rows would let them see each other's tasks; in PostgreSQL they are one organisation's anyway.
    for line in MATRIX.lines().filter(|line| line.contains('|')) {
        let fresh = Config { database: database.clone(), ..config() };
        clear(&fresh).await;
        compare(&fresh, line).await;
    }
}

/// Removes all tasks of Contoso, as its Admin.
async fn clear(config: &Config) {
    let api = Api::start(config).await;
    let admin = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    for task in api.call("GET /api/tasks", &admin).await.json().as_array().unwrap() {
        let id = task["id"].as_str().unwrap();
        assert_eq!(api.call(&format!("DELETE /api/tasks/{id}"), &admin).await.status, 204);
    }
}

on_both_stores!(matrix);

#[tokio::test]
async fn a_default_role_is_for_people_without_any() {
    compare(&Config { default_role: Some(Role::Reader), ..config() }, MATRIX_WITH_DEFAULT_READER).await;
    compare(&Config { default_role: Some(Role::Editor), ..config() }, MATRIX_WITH_DEFAULT_EDITOR).await;
}

/// Row 111: what a page shows of the person who signed in.
#[tokio::test]
async fn me_is_what_the_token_says() {
    let api = Api::start(&config()).await;
    let me = api.call("GET /api/me", &user(builtin::FABRIKAM, builtin::FABRIKAM_EDITOR)).await.json();
    for (member, value) in [
        ("tenant_id", builtin::FABRIKAM),
        ("object_id", builtin::FABRIKAM_EDITOR),
        ("display_name", "Emil Editor"),
        ("kind", "user"),
        ("membership", "member"),
    ] {
        assert_eq!(me[member], value, "{me}");
    }
    assert_eq!(me["roles"], serde_json::json!(["Editor"]));
    assert_eq!(me["scopes"], serde_json::json!(["access_as_user"]));
    assert_eq!(me["permissions"], serde_json::json!(["tasks.read.own", "tasks.create", "tasks.change.own"]));
    assert!(me["expires_at"].as_str().unwrap().ends_with('Z'), "{me}");

    let guest =
        api.call("GET /api/me", &user(builtin::CONTOSO, builtin::FABRIKAM_GUEST_IN_CONTOSO)).await.json();
    assert_eq!((&guest["membership"], &guest["tenant_id"]), (&"guest".into(), &builtin::CONTOSO.into()));

    let daemon =
        TokenRequest::for_application(builtin::CONTOSO, builtin::CONTOSO_DAEMON).audience(builtin::API);
    let program = api.call("GET /api/me", &token(&daemon)).await.json();
    assert_eq!(
        (&program["kind"], &program["client_id"]),
        (&"application".into(), &builtin::CONTOSO_DAEMON.into())
    );
}
