//! What a lock must prove before it counts: rows 27 and 28.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod bytes;
mod chain;
mod people;
mod signatures;

use tenantry_allow_list::Lock;

/// The text of `lock` after `edit`.
fn edited(lock: &Lock, edit: impl FnOnce(&mut toml::Table)) -> String {
    let mut table: toml::Table = lock.to_string().parse().unwrap();
    edit(&mut table);
    table.to_string()
}
