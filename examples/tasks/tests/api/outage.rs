//! The database goes away. T-020: nothing internal is told, and callers learn whether to come again.

use tenantry_simulator::builtin;

use crate::postgres::Database;
use crate::world::{Api, user};

#[tokio::test]
async fn a_lost_connection_is_replaced() {
    let Some(database) = Database::fresh().await else { return };
    let api = Api::on(&database.url().parse().unwrap()).await;
    let admin = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    api.create(&admin, "kept").await;
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.run(others).await;
    assert_eq!(api.call("GET /api/tasks", &admin).await.titles(), ["kept"]);
    api.store.close().await;
    database.remove().await;
}

#[tokio::test]
async fn without_a_database_callers_are_told_to_come_again() {
    let Some(database) = Database::fresh().await else { return };
    let api = Api::on(&database.url().parse().unwrap()).await;
    api.store.close().await;
    let answer = api.call("GET /api/tasks", &user(builtin::CONTOSO, builtin::CONTOSO_ADMIN)).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "temporarily_unavailable"));
    assert!(answer.headers.contains_key("retry-after"));
    assert!(!answer.body.contains("pool") && !answer.body.contains("detail"), "{answer:?}");
    assert_eq!(api.call("GET /healthz", "").await.status, 200, "alive, though not able");
    database.remove().await;
}
