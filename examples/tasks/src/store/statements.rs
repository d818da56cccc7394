//! All SQL on tasks. One text serves both databases; `$1` is always the tenant.
//!
//! Every statement names its tenant, although the database would keep to it unasked.

use super::Whose;

/// One statement, for everybody's tasks and for one owner's.
pub(super) struct Statement {
    pub(super) everyones: &'static str,
    pub(super) own: &'static str,
}

impl Statement {
    pub(super) fn about(&self, whose: Whose) -> &'static str {
        match whose {
            Whose::Everyones => self.everyones,
            Whose::Own => self.own,
        }
    }
}

macro_rules! columns {
    () => {
        "id, title, completed, owner_id, owner_name, tenant_id, created_at"
    };
}

macro_rules! statement {
    ($start:expr, own: $owner:literal, $end:expr) => {
        Statement { everyones: concat!($start, $end), own: concat!($start, $owner, $end) }
    };
}

/// `$2`, `$3`: creation time and id to start after; `$4`: how many; `$5`: owner.
pub(super) const LIST: Statement = statement!(
    concat!(
        "SELECT ", columns!(), " FROM tasks WHERE tenant_id = $1 AND (created_at, id) > ($2, $3)"
    ),
    own: " AND owner_id = $5",
    " ORDER BY created_at, id LIMIT $4"
);

/// `$2`: id; `$3`: owner.
pub(super) const FIND: Statement = statement!(
    concat!("SELECT ", columns!(), " FROM tasks WHERE tenant_id = $1 AND id = $2"),
    own: " AND owner_id = $3",
    ""
);

/// `$2`: id; `$3`, `$4`: new title and state, null to keep; `$5`: owner.
pub(super) const CHANGE: Statement = statement!(
    "UPDATE tasks SET title = COALESCE($3, title), completed = COALESCE($4, completed) \
     WHERE tenant_id = $1 AND id = $2",
    own: " AND owner_id = $5",
    concat!(" RETURNING ", columns!())
);

/// The columns of a row, in order, after the tenant.
pub(super) const CREATE: &str = "INSERT INTO tasks (tenant_id, id, title, completed, owner_id, owner_name, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// `$2`: id.
pub(super) const DELETE: &str = "DELETE FROM tasks WHERE tenant_id = $1 AND id = $2";

#[cfg(test)]
mod tests {
    use super::{CHANGE, CREATE, DELETE, FIND, LIST};

    /// T-140: the second wall is no excuse to forget the first.
    #[test]
    fn every_statement_names_its_tenant() {
        let reading = [&LIST, &FIND, &CHANGE].map(|both| [both.everyones, both.own]);
        for sql in reading.as_flattened().iter().chain([&DELETE]) {
            assert!(sql.contains("WHERE tenant_id = $1"), "{sql}");
        }
        assert!(CREATE.contains("(tenant_id,") && CREATE.contains("VALUES ($1,"));
        for own in [LIST.own, FIND.own, CHANGE.own] {
            assert!(own.contains("AND owner_id = $"), "{own}");
        }
    }
}
