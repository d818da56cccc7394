//! A bounded set of things behind handles, that knows what changed in it since it was last written down.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Things by handle. Beyond the bound the oldest are forgotten.
pub(crate) struct Kept<T> {
    by_handle: HashMap<String, T>,
    order: VecDeque<String>,
    max: usize,
    /// Handles to write down; `None` where nobody writes.
    changed: Option<HashSet<String>>,
}

/// What is written down of a thing: its handle, and the thing as JSON, or nothing if it is gone.
pub(crate) type Row = (String, Option<String>);

/// Something that a store keeps across a restart.
pub(crate) trait Persist: Sync {
    /// What changed since the last time.
    fn take_changes(&self) -> Vec<Row>;
    /// Makes everything count as changed: what was taken could not be written.
    fn rewrite(&self);
    /// Takes what was written down, and notes changes from now on. What cannot be read any more is left out.
    fn restore(&self, rows: Vec<(String, String)>);
}

impl<T> Kept<T> {
    pub(crate) fn new(max: usize) -> Self {
        Self { by_handle: HashMap::new(), order: VecDeque::new(), max, changed: None }
    }

    pub(crate) fn get(&self, handle: &str) -> Option<&T> {
        self.by_handle.get(handle)
    }

    /// The thing, to be changed.
    pub(crate) fn get_mut(&mut self, handle: &str) -> Option<&mut T> {
        let found = self.by_handle.get_mut(handle)?;
        if let Some(changed) = &mut self.changed {
            changed.insert(handle.to_owned());
        }
        Some(found)
    }

    /// Adds a thing; gives the one that had to go for it.
    pub(crate) fn add(&mut self, handle: String, value: T) -> Option<T> {
        self.note(&handle);
        self.order.push_back(handle.clone());
        self.by_handle.insert(handle, value);
        if self.order.len() <= self.max {
            return None;
        }
        let oldest = self.order.pop_front().unwrap_or_default();
        self.note(&oldest);
        self.by_handle.remove(&oldest)
    }

    pub(crate) fn remove(&mut self, handle: &str) -> Option<T> {
        let removed = self.by_handle.remove(handle)?;
        self.note(handle);
        Some(removed)
    }

    pub(crate) fn clear(&mut self) {
        let handles: Vec<String> = self.by_handle.drain().map(|(handle, _)| handle).collect();
        handles.iter().for_each(|handle| self.note(handle));
        self.order.clear();
    }

    fn note(&mut self, handle: &str) {
        if let Some(changed) = &mut self.changed {
            changed.insert(handle.to_owned());
        }
    }
}

impl<T: Serialize + DeserializeOwned> Kept<T> {
    pub(crate) fn take_changes(&mut self) -> Vec<Row> {
        let changed = self.changed.as_mut().map(std::mem::take).unwrap_or_default();
        let row = |handle: String| {
            let value = self.by_handle.get(&handle).and_then(|value| serde_json::to_string(value).ok());
            (handle, value)
        };
        changed.into_iter().map(row).collect()
    }

    pub(crate) fn rewrite(&mut self) {
        self.changed = Some(self.by_handle.keys().cloned().collect());
    }

    pub(crate) fn restore(&mut self, rows: Vec<(String, String)>) {
        for (handle, text) in rows {
            match serde_json::from_str(&text) {
                Ok(value) => drop(self.add(handle, value)),
                Err(error) => tracing::warn!(%error, "left out of the kept state"),
            }
        }
        self.changed = Some(HashSet::new());
    }

    /// Everything with its handle.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        self.by_handle.iter()
    }
}

impl<T: Serialize + DeserializeOwned + Send> Persist for Mutex<Kept<T>> {
    fn take_changes(&self) -> Vec<Row> {
        self.lock().unwrap_or_else(PoisonError::into_inner).take_changes()
    }

    fn rewrite(&self) {
        self.lock().unwrap_or_else(PoisonError::into_inner).rewrite();
    }

    fn restore(&self, rows: Vec<(String, String)>) {
        self.lock().unwrap_or_else(PoisonError::into_inner).restore(rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_written() {
        let mut kept = Kept::new(2);
        kept.add("before".to_owned(), 0);
        assert!(kept.take_changes().is_empty(), "nobody writes yet");
        kept.restore(vec![("one".to_owned(), "1".to_owned()), ("bad".to_owned(), "{".to_owned())]);
        assert!(kept.take_changes().is_empty());
        *kept.get_mut("one").unwrap() = 2;
        assert_eq!(kept.take_changes(), [("one".to_owned(), Some("2".to_owned()))]);
        assert!(kept.take_changes().is_empty());
        assert_eq!(kept.add("two".to_owned(), 3), Some(0), "the oldest goes");
        let mut changes = kept.take_changes();
        changes.sort();
        assert_eq!(changes, [("before".to_owned(), None), ("two".to_owned(), Some("3".to_owned()))]);
        kept.clear();
        assert_eq!(kept.take_changes().len(), 2);
    }
}
