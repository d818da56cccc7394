//! Roles, row-level security and the check at start. T-141 to T-144.

use sqlx::Connection as _;

use super::*;
use crate::test_postgres::Database;

const ONE: Uuid = Uuid::from_u128(1);
const TWO: Uuid = Uuid::from_u128(2);

async fn add(server: &Server, tenant: Uuid) {
    let mut transaction = server.begin(tenant).await.unwrap();
    let insert = "INSERT INTO tasks VALUES ($1, gen_random_uuid(), 't', false, 'o', 'n', 0)";
    sqlx::query(insert).bind(tenant).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn seen(connection: &mut sqlx::PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) FROM tasks").fetch_one(connection).await
}

async fn connect(url: &str) -> Result<Server, StoreError> {
    Server::connect(url, Walls::default()).await
}

/// Why the store did not open.
async fn refusal(url: &str) -> String {
    connect(url).await.map(|_| "opened").unwrap_err().to_string()
}

/// T-141: even a superuser's URL ends in a role that row-level security binds.
#[tokio::test]
async fn a_superuser_acts_as_a_role_that_owns_nothing() {
    let Some(database) = Database::fresh().await else { return };
    let server = connect(&database.url()).await.unwrap();
    assert_eq!(server.acts_as, Role::TasksApp);
    let mut transaction = server.begin(ONE).await.unwrap();
    let who: String =
        sqlx::query_scalar("SELECT current_user::text").fetch_one(&mut *transaction).await.unwrap();
    assert_eq!(who, "tasks_app");
    for sql in [
        "DROP TABLE tasks",
        "ALTER TABLE tasks DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tasks_of_the_tenant ON tasks",
    ] {
        let mut savepoint = transaction.begin().await.unwrap();
        assert!(sqlx::query(sql).execute(&mut *savepoint).await.is_err(), "{sql}");
        savepoint.rollback().await.unwrap();
    }
    drop(transaction);
    server.close().await;
    database.remove().await;
}

/// T-142: no tenant, no rows, and an error; also on a connection that served a tenant before.
#[tokio::test]
async fn a_transaction_without_a_tenant_sees_nothing() {
    let Some(database) = Database::fresh().await else { return };
    let mut server = connect(&database.url()).await.unwrap();
    // One connection, so that each transaction comes right after another tenant's.
    server.pool = PgPoolOptions::new().max_connections(1).connect(&database.url()).await.unwrap();
    for tenant in [ONE, TWO, TWO] {
        add(&server, tenant).await;
    }
    for (tenant, rows) in [(ONE, 1), (TWO, 2), (ONE, 1), (Uuid::nil(), 0)] {
        assert_eq!(seen(&mut server.begin(tenant).await.unwrap()).await.unwrap(), rows);
    }
    for empty in ["", "x", "00000000-0000-0000-0000-000000000001 OR true"] {
        assert!(seen(&mut server.transaction(empty).await.unwrap()).await.is_err(), "{empty:?}");
    }

    let mut fresh = database.superuser().await;
    sqlx::query("SET ROLE tasks_app").execute(&mut fresh).await.unwrap();
    assert!(seen(&mut fresh).await.is_err(), "never set");
    sqlx::query("RESET ROLE").execute(&mut fresh).await.unwrap();
    assert_eq!(seen(&mut fresh).await.unwrap(), 3, "they are there");
    fresh.close().await.unwrap();
    server.close().await;
    database.remove().await;
}

/// Forced, so that the owner is bound as well: here one that is no superuser, and is asked directly.
#[tokio::test]
async fn an_owner_without_other_rights_migrates_and_is_bound() {
    let Some(database) = Database::fresh().await else { return };
    let owner = format!("owner_{}", database.name);
    database
        .run(&format!(
            "CREATE ROLE {owner} LOGIN CREATEROLE; ALTER DATABASE {} OWNER TO {owner}",
            database.name
        ))
        .await;
    // Another test's migration may have made the role, which then is not the owner's to give.
    database.run(&format!("DO $$ BEGIN CREATE ROLE tasks_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; GRANT tasks_app TO {owner}")).await;
    let url = database.url_for(&owner);
    let server = connect(&url).await.unwrap();
    assert_eq!(server.acts_as, Role::TasksApp);
    add(&server, ONE).await;
    assert!(seen(&mut server.pool.acquire().await.unwrap()).await.is_err(), "the owner itself");
    server.close().await;
    database
        .run(&format!(
            "DROP OWNED BY {owner} CASCADE; ALTER DATABASE {} OWNER TO CURRENT_USER; DROP ROLE {owner}",
            database.name
        ))
        .await;
    database.remove().await;
}

/// The strict set-up of the guide: a login that never could migrate.
#[tokio::test]
async fn a_login_without_rights_serves_what_another_role_migrated() {
    let Some(database) = Database::fresh().await else { return };
    let login = format!("login_{}", database.name);
    database.run(&format!("CREATE ROLE {login} LOGIN")).await;
    let url = database.url_for(&login);
    assert!(
        refusal(&url).await.contains("permission denied"),
        "nothing there yet, and nothing it could make"
    );

    connect(&database.url()).await.unwrap().close().await;
    database.run(&format!("GRANT tasks_app TO {login}")).await;
    let server = connect(&url).await.unwrap();
    assert_eq!(server.acts_as, Role::SignedIn);
    add(&server, ONE).await;
    assert_eq!(seen(&mut server.begin(ONE).await.unwrap()).await.unwrap(), 1);
    assert_eq!(seen(&mut server.begin(TWO).await.unwrap()).await.unwrap(), 0);
    server.close().await;
    database.run(&format!("DROP ROLE {login}")).await;
    database.remove().await;
}

/// T-141, T-143: each way to take the wall down is found at start.
#[tokio::test]
async fn the_store_does_not_open_without_protection() {
    let Some(database) = Database::fresh().await else { return };
    let url = database.url();
    connect(&url).await.unwrap().close().await;
    for (damage, repair, reason) in [
        (
            "ALTER TABLE tasks DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE tasks ENABLE ROW LEVEL SECURITY",
            "is off",
        ),
        (
            "ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE tasks FORCE ROW LEVEL SECURITY",
            "not forced",
        ),
        ("CREATE POLICY wide ON tasks USING (true)", "DROP POLICY wide ON tasks", "a second one"),
        (
            "ALTER POLICY tasks_of_the_tenant ON tasks USING (true)",
            "ALTER POLICY tasks_of_the_tenant ON tasks USING (tenant_id = current_setting('tasks.tenant')::uuid)",
            "does not tie",
        ),
        (
            "ALTER POLICY tasks_of_the_tenant ON tasks WITH CHECK (true)",
            "ALTER POLICY tasks_of_the_tenant ON tasks WITH CHECK (tenant_id = current_setting('tasks.tenant')::uuid)",
            "does not tie",
        ),
        ("CREATE VIEW all_tasks AS SELECT * FROM tasks", "DROP VIEW all_tasks", "security_invoker"),
    ] {
        database.run(damage).await;
        let found = refusal(&url).await;
        assert!(found.starts_with("refusing to start") && found.contains(reason), "{damage}: {found}");
        database.run(repair).await;
    }
    database.run("CREATE VIEW all_tasks WITH (security_invoker = true) AS SELECT * FROM tasks").await;
    connect(&url).await.unwrap().close().await;
    database.remove().await;
}

/// T-140: the tenant leads every key.
#[tokio::test]
async fn every_key_and_index_begins_with_the_tenant() {
    let Some(database) = Database::fresh().await else { return };
    connect(&database.url()).await.unwrap().close().await;
    let mut connection = database.superuser().await;
    let firsts: Vec<(String, String)> = sqlx::query_as(
        "SELECT i.indexrelid::regclass::text, a.attname::text FROM pg_index i \
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indrelid = 'tasks'::regclass",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert_eq!(firsts.len(), 3);
    assert!(firsts.iter().all(|(_, first)| first == "tenant_id"), "{firsts:?}");
    connection.close().await.unwrap();
    database.remove().await;
}

/// Several processes may start at once on an empty database.
#[tokio::test]
async fn processes_that_start_together_migrate_once() {
    let Some(database) = Database::fresh().await else { return };
    let url = database.url();
    let (one, two, three) = tokio::join!(connect(&url), connect(&url), connect(&url));
    for server in [one, two, three] {
        server.unwrap().close().await;
    }
    database.remove().await;
}
