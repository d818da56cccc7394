//! Fresh databases on the server that `TEST_POSTGRES_URL` names: a superuser's URL of a maintenance database.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]
#![allow(dead_code, reason = "not every test needs all of it")]

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

/// A database of one test's own.
pub(crate) struct Database {
    pub(crate) name: String,
    server: String,
}

impl Database {
    /// A new one; `None`, with the reason printed, where there is no server. In CI that is a failure.
    pub(crate) async fn fresh() -> Option<Self> {
        let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "TEST_POSTGRES_URL is not set");
            eprintln!("skipped: TEST_POSTGRES_URL is not set, so there is no PostgreSQL to test with");
            return None;
        };
        let database = Self { name: format!("tasks_{}", uuid::Uuid::new_v4().simple()), server };
        // template0: nobody can be connected to it, so that tests may create databases at the same time.
        database.on_the_server(&format!("CREATE DATABASE {} TEMPLATE template0", database.name)).await;
        Some(database)
    }

    /// A URL for `role`, which needs no password on a server for tests.
    pub(crate) fn url_for(&self, role: &str) -> String {
        let options = PgConnectOptions::from_str(&self.server).unwrap();
        format!("postgres://{role}@{}:{}/{}", options.get_host(), options.get_port(), self.name)
    }

    /// The superuser's URL.
    pub(crate) fn url(&self) -> String {
        let mut server = self.server.clone();
        let end = server.find('?').unwrap_or(server.len());
        let start = server[..end].rfind('/').unwrap() + 1;
        server.replace_range(start..end, &self.name);
        server
    }

    /// The superuser, connected to this database.
    pub(crate) async fn superuser(&self) -> PgConnection {
        PgConnectOptions::from_str(&self.url()).unwrap().connect().await.unwrap()
    }

    /// Runs statements as the superuser in this database.
    pub(crate) async fn run(&self, sql: &str) {
        let mut connection = self.superuser().await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Removes the database. A test that failed leaves it for inspection.
    pub(crate) async fn remove(self) {
        self.on_the_server(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }

    async fn on_the_server(&self, sql: &str) {
        let mut connection = PgConnectOptions::from_str(&self.server).unwrap().connect().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}
