//! Tasks in memory, and whose they are. Every question names its tenant, unless a hole forgets it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use uuid::Uuid;

use super::{Hole, Holes};

/// One row.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Task {
    pub(super) id: Uuid,
    #[serde(skip)]
    tenant: String,
    owner_id: String,
    pub(super) title: String,
    completed: bool,
}

/// On whose behalf.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) tenant: String,
    pub(super) user: String,
    /// Sees the whole tenant's.
    pub(super) admin: bool,
}

/// Why there is no such task.
#[derive(Debug)]
pub(super) enum Missing {
    /// Nobody has it, or another tenant has: one answer.
    NoSuchTask,
    /// A hole: another tenant's, and what it says.
    NotYours(String),
}

#[derive(Debug)]
pub(super) struct Data {
    tasks: Mutex<Vec<Task>>,
    holes: Holes,
}

impl Data {
    pub(super) fn new(holes: Holes) -> Self {
        Self { tasks: Mutex::default(), holes }
    }

    pub(super) fn create(&self, caller: &Caller, title: &str) -> Task {
        let task = Task {
            id: Uuid::new_v4(),
            tenant: caller.tenant.clone(),
            owner_id: caller.user.clone(),
            title: title.to_owned(),
            completed: false,
        };
        self.tasks().push(task.clone());
        task
    }

    pub(super) fn list(&self, caller: &Caller) -> Vec<Task> {
        self.seen(caller, Hole::ListsEveryTenant, "")
    }

    pub(super) fn search(&self, caller: &Caller, text: &str) -> Vec<Task> {
        self.seen(caller, Hole::SearchesEveryTenant, text)
    }

    pub(super) fn export(&self, caller: &Caller) -> Vec<Task> {
        self.seen(caller, Hole::ExportsEveryTenant, "")
    }

    pub(super) fn find(&self, caller: &Caller, id: Uuid) -> Result<Task, Missing> {
        let tasks = self.tasks();
        let task = tasks.iter().find(|task| task.id == id).ok_or(Missing::NoSuchTask)?;
        self.reach(caller, task, Hole::OpensAnyId).map(|()| task.clone())
    }

    pub(super) fn delete(&self, caller: &Caller, id: Uuid) -> Result<(), Missing> {
        let mut tasks = self.tasks();
        let at = tasks.iter().position(|task| task.id == id).ok_or(Missing::NoSuchTask)?;
        self.reach(caller, &tasks[at], Hole::DeletesAnyId)?;
        tasks.remove(at);
        Ok(())
    }

    fn seen(&self, caller: &Caller, forgets: Hole, text: &str) -> Vec<Task> {
        let seen = |task: &&Task| (self.holes.has(forgets) || caller.sees(task)) && task.title.contains(text);
        self.tasks().iter().filter(seen).cloned().collect()
    }

    fn reach(&self, caller: &Caller, task: &Task, forgets: Hole) -> Result<(), Missing> {
        if caller.sees(task) || self.holes.has(forgets) {
            return Ok(());
        }
        if self.holes.has(Hole::TellsExistence) {
            return Err(Missing::NotYours(format!("`{}` belongs to somebody else", task.title)));
        }
        Err(Missing::NoSuchTask)
    }

    fn tasks(&self) -> MutexGuard<'_, Vec<Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Caller {
    fn sees(&self, task: &Task) -> bool {
        task.tenant == self.tenant && (self.admin || task.owner_id == self.user)
    }
}
