//! The second wall, with the first one left out on purpose: statements that forget their tenant. Row 40; T-140 to T-146.

use sqlx::AssertSqlSafe;
use tenantry_simulator::builtin;

use super::{Page, StoreError, Task, TenantStore, Title, Whose};
use crate::test_simulator::principal;
use crate::{DatabaseUrl, Store};

impl TenantStore<'_> {
    /// Reads with `sql`, which says nothing of a tenant.
    async fn read_forgetfully(&self, sql: &'static str) -> Result<Vec<Task>, StoreError> {
        Ok(transaction!(self, |connection| sqlx::query_as(sql).fetch_all(connection).await?))
    }

    /// Writes with `sql`; answers how many rows it touched.
    async fn write_forgetfully(&self, sql: String) -> Result<u64, StoreError> {
        Ok(transaction!(self, |connection| {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?.rows_affected()
        }))
    }
}

fn title(text: &str) -> Title {
    text.parse().unwrap()
}

async fn a_forgotten_where_shows_and_touches_nothing_of_another_tenant(url: &DatabaseUrl) {
    let store = Store::open(url).await.unwrap();
    let contoso = principal(builtin::CONTOSO, builtin::CONTOSO_ADMIN).await;
    let fabrikam = principal(builtin::FABRIKAM, builtin::FABRIKAM_ADMIN).await;
    let (contoso, fabrikam) = (store.of(&contoso), store.of(&fabrikam));
    let ours = contoso.create(&title("same title"), false).await.unwrap();
    let theirs = fabrikam.create(&title("same title"), false).await.unwrap();

    for sql in ["SELECT * FROM tasks", "SELECT * FROM tasks WHERE title = 'same title' OR 1 = 1"] {
        assert_eq!(contoso.read_forgetfully(sql).await.unwrap(), std::slice::from_ref(&ours), "{sql}");
    }
    for sql in ["UPDATE tasks SET title = 'stolen', owner_id = 'me'", "DELETE FROM tasks"] {
        assert_eq!(contoso.write_forgetfully(sql.to_owned()).await.unwrap(), 1, "{sql}");
    }
    let everyones = fabrikam.list(Whose::Everyones, &Page::default()).await.unwrap();
    assert_eq!(everyones, [theirs], "as it was");
}

/// Nor can a row be planted in, or moved to, another tenant.
async fn a_row_cannot_be_given_to_another_tenant(url: &DatabaseUrl) {
    let store = Store::open(url).await.unwrap();
    let contoso = principal(builtin::CONTOSO, builtin::CONTOSO_ADMIN).await;
    let fabrikam = principal(builtin::FABRIKAM, builtin::FABRIKAM_ADMIN).await;
    let (contoso, fabrikam) = (store.of(&contoso), store.of(&fabrikam));
    let ours = contoso.create(&title("t"), false).await.unwrap();

    let id = literal(store_is_sqlite(url), fabrikam.tenant);
    for sql in [
        format!("UPDATE tasks SET tenant_id = {id}"),
        format!(
            "INSERT INTO tasks (tenant_id, id, title, completed, owner_id, owner_name, created_at) \
             SELECT {id}, id, title, completed, owner_id, owner_name, created_at FROM tasks"
        ),
    ] {
        assert!(contoso.write_forgetfully(sql.clone()).await.is_err(), "{sql}");
    }
    assert_eq!(fabrikam.list(Whose::Everyones, &Page::default()).await.unwrap(), []);
    assert_eq!(contoso.list(Whose::Everyones, &Page::default()).await.unwrap(), [ours], "as it was");
}

fn store_is_sqlite(url: &DatabaseUrl) -> bool {
    url.to_string().starts_with("sqlite")
}

fn literal(sqlite: bool, tenant: uuid::Uuid) -> String {
    if sqlite { format!("x'{}'", tenant.simple()) } else { format!("'{tenant}'") }
}

/// T-144: the primary key begins with the tenant, so another's id is free, and no error tells that it is taken.
async fn the_same_id_may_exist_in_two_tenants(url: &DatabaseUrl) {
    let store = Store::open(url).await.unwrap();
    let contoso = principal(builtin::CONTOSO, builtin::CONTOSO_ADMIN).await;
    let fabrikam = principal(builtin::FABRIKAM, builtin::FABRIKAM_ADMIN).await;
    let id = "'00000000-0000-4000-8000-00000000000a'";
    let id = if store_is_sqlite(url) {
        "x'00000000000040008000_0000_0000_000a'".replace('_', "")
    } else {
        id.to_owned()
    };
    for tenant in [store.of(&contoso), store.of(&fabrikam)] {
        let own = literal(store_is_sqlite(url), tenant.tenant);
        let sql = format!("INSERT INTO tasks VALUES ({own}, {id}, 't', false, 'o', 'n', 0)");
        assert_eq!(tenant.write_forgetfully(sql).await.unwrap(), 1);
        assert_eq!(tenant.list(Whose::Everyones, &Page::default()).await.unwrap().len(), 1);
    }
}

macro_rules! on_both_stores {
    ($($check:ident),*) => {$(
        mod $check {
            #[cfg(feature = "sqlite")]
            #[tokio::test]
            async fn sqlite() {
                super::$check(&"sqlite::memory:".parse().unwrap()).await;
            }

            #[cfg(feature = "postgres")]
            #[tokio::test]
            async fn postgres() {
                let Some(database) = crate::test_postgres::Database::fresh().await else { return };
                super::$check(&database.url().parse().unwrap()).await;
                database.remove().await;
            }
        }
    )*};
}

on_both_stores!(
    a_forgotten_where_shows_and_touches_nothing_of_another_tenant,
    a_row_cannot_be_given_to_another_tenant,
    the_same_id_may_exist_in_two_tenants
);
