//! What changes from one list to another: what a reviewer reads.

use crate::Entry;

/// Tenants added, removed and changed, each sorted by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// On the second list alone.
    pub added: Vec<Entry>,
    /// On the first list alone.
    pub removed: Vec<Entry>,
    /// On both, with something said differently: before, after.
    pub changed: Vec<(Entry, Entry)>,
}

impl Difference {
    /// From `before` to `after`, both sorted by id.
    pub fn between(before: &[Entry], after: &[Entry]) -> Self {
        let mut difference = Self::default();
        for entry in after {
            match find(before, entry) {
                None => difference.added.push(entry.clone()),
                Some(old) if old != entry => difference.changed.push((old.clone(), entry.clone())),
                Some(_) => {}
            }
        }
        difference.removed = before.iter().filter(|old| find(after, old).is_none()).cloned().collect();
        difference
    }

    /// Whether the lists say the same.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

fn find<'e>(list: &'e [Entry], entry: &Entry) -> Option<&'e Entry> {
    list.binary_search_by_key(&entry.id, |listed| listed.id).ok().map(|at| &list[at])
}
