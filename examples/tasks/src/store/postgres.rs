//! PostgreSQL: one table, with row-level security forced on it.
//!
//! Two roles (T-141). Whoever owns the table migrates it. The application acts as a role that owns nothing: the one it
//! signs in with, or, if that one could pass by row-level security, `tasks_app`. [`protection`] reads from the
//! catalogue that the wall stands, and the store does not open otherwise.
//!
//! Role and tenant are set inside each transaction and end with it, so this works behind a transaction pooler, and a
//! pooled connection keeps nothing of the last request (T-142).

mod protection;
#[cfg(test)]
mod tests;

use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Postgres, SqlSafeStr as _, Transaction};
use uuid::Uuid;

use super::{StoreError, walls::Walls};
use protection::Standing;

/// Connections to the server.
const CONNECTIONS_MAX: u32 = 8;

/// A database that keeps tenants apart.
#[derive(Debug)]
pub(super) struct Server {
    pool: PgPool,
    acts_as: Role,
}

/// Whom the application acts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// The role that it signed in with.
    SignedIn,
    /// `tasks_app`, which the migration makes.
    TasksApp,
}

impl Role {
    /// A value for the parameter `role`.
    fn name(self) -> &'static str {
        match self {
            Self::SignedIn => "none",
            Self::TasksApp => "tasks_app",
        }
    }
}

impl Server {
    /// Connects, migrates if the role may, and checks the protection.
    pub(super) async fn connect(url: &str, walls: Walls) -> Result<Self, StoreError> {
        let options: PgConnectOptions = url.parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options.disable_statement_logging())
            .await?;
        if Standing::of(&pool).await?.migrates() {
            migrator().run(&pool).await?;
        }
        let standing = Standing::of(&pool).await?;
        if !walls.database() {
            return standing.exempted().map(|acts_as| Self { pool, acts_as });
        }
        let server = Self { pool, acts_as: standing.acts_as() };
        protection::verify(&mut *server.transaction("").await?).await?;
        Ok(server)
    }

    /// A transaction that sees the rows of `tenant` and no others.
    pub(super) async fn begin(&self, tenant: Uuid) -> Result<Transaction<'static, Postgres>, StoreError> {
        Ok(self.transaction(&tenant.to_string()).await?)
    }

    /// Ends all connections.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    async fn transaction(&self, tenant: &str) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        // `true`: until the end of the transaction.
        sqlx::query("SELECT set_config('role', $1, true), set_config('tasks.tenant', $2, true)")
            .bind(self.acts_as.name())
            .bind(tenant)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction)
    }
}

fn migrator() -> Migrator {
    let tasks = include_str!("../../migrations/postgres/0001_tasks.sql").into_sql_str();
    Migrator::with_migrations(vec![Migration::new(1, "tasks".into(), MigrationType::Simple, tasks, false)])
}
