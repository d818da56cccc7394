//! Layers that a test takes down, to show that another one still holds (row 101). In builds with the feature
//! `test-layers` only, and those are never releases: see `not_in_a_release.rs`.

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::str::FromStr;
use std::sync::LazyLock;

use super::statements::{CHANGE, DELETE, FIND, LIST};

/// Which walls of the store are down. None by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayersOff {
    /// Statements forget their tenant: no `WHERE tenant_id = …`.
    pub tenant_column: bool,
    /// All tenants share one file (SQLite), or the role that signed in passes by row-level security (PostgreSQL, as a
    /// superuser).
    pub database_wall: bool,
}

/// A name that is no layer's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write `tenant-column`, `database-wall`, or both with a comma between")]
pub struct UnknownLayer;

impl LayersOff {
    /// Whether everything stands.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl FromStr for LayersOff {
    type Err = UnknownLayer;

    fn from_str(text: &str) -> Result<Self, UnknownLayer> {
        text.split(',').map(str::trim).try_fold(Self::default(), |off, name| match name {
            "tenant-column" => Ok(Self { tenant_column: true, ..off }),
            "database-wall" => Ok(Self { database_wall: true, ..off }),
            _ => Err(UnknownLayer),
        })
    }
}

impl Display for LayersOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [(self.tenant_column, "tenant-column"), (self.database_wall, "database-wall")];
        let off: Vec<_> = all.into_iter().filter(|(off, _)| *off).map(|(_, name)| name).collect();
        f.write_str(&off.join(","))
    }
}

/// Every statement without its condition on the tenant. `$1` stays, so that the arguments stay what they are.
static FORGETFUL: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let both = [LIST, FIND, CHANGE].map(|statement| [statement.everyones, statement.own]);
    let all = both.as_flattened().iter().copied().chain([DELETE]);
    all.map(|sql| (sql, &*sql.replace("tenant_id = $1", "$1 IS NOT NULL").leak())).collect()
});

pub(super) fn forgetting_the_tenant(sql: &'static str) -> &'static str {
    FORGETFUL.get(sql).copied().unwrap_or(sql)
}
