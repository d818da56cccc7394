//! The app roles that the API's registration defines.

use std::fmt;
use std::str::FromStr;

use tenantry::{Principal, PrincipalKind};

/// What a caller may do, always within the own organisation. Source: the app roles of the API's registration in Entra.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads their own tasks.
    Reader,
    /// Also creates tasks, and changes their own.
    Editor,
    /// Also reads, changes and deletes everybody's in the organisation.
    Admin,
}

/// A text that is none of the three names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `Admin`, `Editor` or `Reader`")]
pub struct ParseRoleError;

impl Role {
    /// All of them, the mightiest first.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Editor, Self::Reader];

    /// As in the claim `roles`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "Admin",
            Self::Editor => "Editor",
            Self::Reader => "Reader",
        }
    }

    /// The mightiest role of `caller`; `default` for a person whose token names no role at all.
    pub(crate) fn of(caller: &Principal, default: Option<Self>) -> Option<Self> {
        let is_unassigned = caller.kind() == PrincipalKind::User && caller.roles().next().is_none();
        let held = Self::ALL.into_iter().find(|role| caller.has_role(role.name()));
        held.or(default.filter(|_| is_unassigned))
    }

    /// What the role permits, as `GET /api/me` lists it.
    pub(crate) fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Reader => &["tasks.read.own"],
            Self::Editor => &["tasks.read.own", "tasks.create", "tasks.change.own"],
            Self::Admin => &["tasks.read.all", "tasks.create", "tasks.change.all", "tasks.delete.all"],
        }
    }
}

impl FromStr for Role {
    type Err = ParseRoleError;

    fn from_str(name: &str) -> Result<Self, ParseRoleError> {
        Self::ALL.into_iter().find(|role| role.name() == name).ok_or(ParseRoleError)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
