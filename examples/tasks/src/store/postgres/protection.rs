//! Reads from PostgreSQL's catalogue whether it keeps tenants apart.

use sqlx::postgres::{PgConnection, PgPool};

use super::{Role, StoreError};

/// What the role that signed in may do with the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    table_exists: bool,
    owns_table: bool,
    exempt: bool,
}

impl Standing {
    pub(super) async fn of(pool: &PgPool) -> Result<Self, sqlx::Error> {
        let (table_exists, owns_table, exempt) = sqlx::query_as(
            "SELECT c.oid IS NOT NULL, COALESCE(pg_has_role(r.oid, c.relowner, 'MEMBER'), false), \
                    r.rolsuper OR r.rolbypassrls \
             FROM pg_roles r LEFT JOIN pg_class c ON c.oid = to_regclass('tasks') WHERE r.rolname = current_user",
        )
        .fetch_one(pool)
        .await?;
        Ok(Self { table_exists, owns_table, exempt })
    }

    /// The owner's business; and of the first to come.
    pub(super) fn migrates(self) -> bool {
        !self.table_exists || self.owns_table
    }

    /// A role that could pass by the policy is not the one to act as.
    pub(super) fn acts_as(self) -> Role {
        if self.owns_table || self.exempt { Role::TasksApp } else { Role::SignedIn }
    }

    /// Where the wall is to be down, a role that does pass by it: a wall that stands must not look as if it were down.
    pub(super) fn exempted(self) -> Result<Role, StoreError> {
        let bound = "`database-wall` is to be off, but row-level security binds the role of DATABASE_URL; name a superuser";
        if self.exempt { Ok(Role::SignedIn) } else { Err(StoreError::Unprotected(bound)) }
    }
}

/// What must be true of the role that `connection` acts as, and of the table; the first column that is not, refuses.
const DEMANDS: &str = "SELECT \
    c.relkind = 'r', \
    NOT (r.rolsuper OR r.rolbypassrls), \
    NOT pg_has_role(r.oid, c.relowner, 'MEMBER'), \
    c.relrowsecurity, \
    c.relforcerowsecurity, \
    (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive) = 1, \
    EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd = '*' \
        AND pg_get_expr(p.polqual, c.oid) = $1 AND pg_get_expr(p.polwithcheck, c.oid) = $1), \
    NOT EXISTS (SELECT FROM pg_depend d JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid \
        JOIN pg_class v ON v.oid = w.ev_class \
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND v.oid <> c.oid \
        AND NOT COALESCE('security_invoker=true' = ANY (v.reloptions), false)) \
    FROM pg_roles r, pg_class c WHERE r.rolname = current_user AND c.oid = to_regclass('tasks')";

/// The policy's expression, as PostgreSQL writes it back.
const POLICY: &str = "(tenant_id = (current_setting('tasks.tenant'::text))::uuid)";

/// Errors unless row-level security binds the role that `connection` acts as (T-141, T-143).
pub(super) async fn verify(connection: &mut PgConnection) -> Result<(), StoreError> {
    type Row = (bool, bool, bool, bool, bool, bool, bool, bool);
    let row: Option<Row> = sqlx::query_as(DEMANDS).bind(POLICY).fetch_optional(connection).await?;
    let (table, bound, stranger, enabled, forced, single, exact, views) = row.ok_or(
        StoreError::Unprotected("table `tasks` is missing; start once as the role that shall own it"),
    )?;
    let failed = [
        (table, "`tasks` is not a plain table"),
        (bound, "the role to act as is a superuser or has BYPASSRLS"),
        (stranger, "the role to act as owns table `tasks`"),
        (enabled, "row-level security of table `tasks` is off"),
        (forced, "row-level security of table `tasks` is not forced"),
        (single, "table `tasks` has no policy, or a second one that widens it"),
        (
            exact,
            "the policy of table `tasks` does not tie reading and writing to the tenant of the transaction",
        ),
        (views, "a view shows table `tasks` without `security_invoker`"),
    ]
    .into_iter()
    .find(|(holds, _)| !holds);
    failed.map_or(Ok(()), |(_, why)| Err(StoreError::Unprotected(why)))
}
