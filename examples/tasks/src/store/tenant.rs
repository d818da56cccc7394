//! One tenant's part of the store.

use tenantry::Principal;
use time::OffsetDateTime;
use uuid::Uuid;

use super::statements::{CHANGE, CREATE, DELETE, FIND, LIST};
use super::task::{from_micros, micros};
use super::walls::Walls;
use super::{Backend, Change, Cursor, Page, Store, StoreError, Task, Title, Whose};

/// The tasks of one verified caller's tenant. Only [`super::Store::of`] makes one.
#[derive(Clone, Debug)]
pub struct TenantStore<'s> {
    backend: &'s Backend,
    walls: Walls,
    tenant: Uuid,
    owner_id: String,
    owner_name: String,
}

/// Does `$work` with `$connection`, in one transaction that sees this tenant and no other.
macro_rules! transaction {
    ($store:expr, |$connection:ident| $work:expr) => {
        match $store.backend {
            #[cfg(feature = "sqlite")]
            $crate::store::Backend::Sqlite(files) => {
                let mut transaction = files.begin($store.tenant).await?;
                let $connection = &mut *transaction;
                let outcome = $work;
                transaction.commit().await?;
                outcome
            }
            #[cfg(feature = "postgres")]
            $crate::store::Backend::Postgres(server) => {
                let mut transaction = server.begin($store.tenant).await?;
                let $connection = &mut *transaction;
                let outcome = $work;
                transaction.commit().await?;
                outcome
            }
        }
    };
}
#[cfg(test)]
mod tests;

impl<'s> TenantStore<'s> {
    pub(super) fn new(store: &'s Store, caller: &Principal) -> Self {
        let tenant = Uuid::parse_str(&caller.tenant().to_string()).expect("a tenant id is a GUID");
        let (owner_id, owner_name) = (caller.id(), owner_name(caller));
        Self { backend: &store.backend, walls: store.walls, tenant, owner_id, owner_name }
    }

    /// Tasks, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the database does not answer; so for all methods here.
    pub async fn list(&self, whose: Whose, page: &Page) -> Result<Vec<Task>, StoreError> {
        let after = page.after.unwrap_or(Cursor::START);
        Ok(transaction!(self, |connection| {
            let list = sqlx::query_as(self.walls.statement(LIST.about(whose))).bind(self.tenant);
            let everyones = list.bind(after.created_at).bind(after.id).bind(i64::from(page.limit));
            let list = if whose == Whose::Own { everyones.bind(&self.owner_id) } else { everyones };
            list.fetch_all(connection).await?
        }))
    }

    /// One task, if it is there for the caller to see.
    ///
    /// # Errors
    /// See [`TenantStore::list`].
    pub async fn find(&self, whose: Whose, id: Uuid) -> Result<Option<Task>, StoreError> {
        Ok(transaction!(self, |connection| {
            let everyones =
                sqlx::query_as(self.walls.statement(FIND.about(whose))).bind(self.tenant).bind(id);
            let find = if whose == Whose::Own { everyones.bind(&self.owner_id) } else { everyones };
            find.fetch_optional(connection).await?
        }))
    }

    /// A new task of the caller's.
    ///
    /// # Errors
    /// See [`TenantStore::list`].
    pub async fn create(&self, title: &Title, completed: bool) -> Result<Task, StoreError> {
        let task = self.new_task(title, completed);
        transaction!(self, |connection| {
            let create = sqlx::query(CREATE).bind(self.tenant).bind(task.id).bind(&task.title);
            let create = create.bind(task.completed).bind(&task.owner_id).bind(&task.owner_name);
            create.bind(micros(task.created_at)).execute(connection).await?;
        });
        Ok(task)
    }

    /// Changes one task, if it is there for the caller to see; answers what it is then.
    ///
    /// # Errors
    /// See [`TenantStore::list`].
    pub async fn change(&self, whose: Whose, id: Uuid, change: &Change) -> Result<Option<Task>, StoreError> {
        let title = change.title.as_ref().map(Title::as_str);
        Ok(transaction!(self, |connection| {
            let set = sqlx::query_as(self.walls.statement(CHANGE.about(whose))).bind(self.tenant).bind(id);
            let everyones = set.bind(title).bind(change.completed);
            let change = if whose == Whose::Own { everyones.bind(&self.owner_id) } else { everyones };
            change.fetch_optional(connection).await?
        }))
    }

    /// Removes one task of anybody's in the tenant. Whether it was there.
    ///
    /// # Errors
    /// See [`TenantStore::list`].
    pub async fn delete(&self, id: Uuid) -> Result<bool, StoreError> {
        Ok(transaction!(self, |connection| {
            let delete = sqlx::query(self.walls.statement(DELETE)).bind(self.tenant).bind(id);
            delete.execute(connection).await?.rows_affected() == 1
        }))
    }

    fn new_task(&self, title: &Title, completed: bool) -> Task {
        Task {
            id: Uuid::new_v4(),
            title: title.as_str().to_owned(),
            completed,
            owner_id: self.owner_id.clone(),
            owner_name: self.owner_name.clone(),
            tenant_id: self.tenant,
            created_at: now(),
        }
    }
}

/// As precise as it will be read back.
fn now() -> OffsetDateTime {
    from_micros(micros(OffsetDateTime::now_utc())).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// What to show for the caller. The tenant chose the name, so its length and characters are bounded here.
fn owner_name(caller: &Principal) -> String {
    const CHARACTERS_MAX: usize = 200;
    let name = caller.display_name().unwrap_or_else(|| caller.client_id().as_str());
    name.chars().filter(|c| !c.is_control()).take(CHARACTERS_MAX).collect()
}
