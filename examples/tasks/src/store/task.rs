//! A task, and what may be asked about tasks.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer, ser::Error as _};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

/// One task, as it stands in the database and in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Random (UUID version 4), so that nobody counts or guesses another's (T-144).
    pub id: Uuid,
    /// 1 to 200 characters; see [`Title`].
    pub title: String,
    /// Whether it is done.
    pub completed: bool,
    /// Who made it: `id()` of the [`tenantry::Principal`], unique within the tenant.
    pub owner_id: String,
    /// What their tenant called them then. For display only.
    pub owner_name: String,
    /// Whose it is: the `tid` of the token that made it.
    pub tenant_id: Uuid,
    /// When it was made, to the microsecond. RFC 3339 in JSON.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: OffsetDateTime,
}

fn rfc3339<S: Serializer>(time: &OffsetDateTime, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&time.format(&Rfc3339).map_err(S::Error::custom)?)
}

impl<'r, R: Row> FromRow<'r, R> for Task
where
    &'static str: ColumnIndex<R>,
    Uuid: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            title: row.try_get("title")?,
            completed: row.try_get("completed")?,
            owner_id: row.try_get("owner_id")?,
            owner_name: row.try_get("owner_name")?,
            tenant_id: row.try_get("tenant_id")?,
            created_at: from_micros(row.try_get("created_at")?)?,
        })
    }
}

/// Microseconds since 1970, as stored.
pub(super) fn micros(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}

pub(super) fn from_micros(micros: i64) -> Result<OffsetDateTime, sqlx::Error> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000)
        .map_err(|out_of_range| sqlx::Error::Decode(Box::new(out_of_range)))
}

/// What a task is called: 1 to 200 characters, without white space around them and control characters among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title(String);

/// Text that cannot be a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`title` must have 1 to 200 characters besides white space around them, and no control characters")]
pub struct TitleError;

impl Title {
    const CHARACTERS_MAX: usize = 200;

    /// The title as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Title {
    type Err = TitleError;

    /// Trims, then counts characters (Unicode scalar values, as both databases do).
    fn from_str(text: &str) -> Result<Self, TitleError> {
        let title = text.trim();
        let sound = (1..=Self::CHARACTERS_MAX).contains(&title.chars().count());
        if sound && !title.contains(char::is_control) { Ok(Self(title.to_owned())) } else { Err(TitleError) }
    }
}

/// What becomes of a task; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The new title.
    pub title: Option<Title>,
    /// Done, or not done after all.
    pub completed: Option<bool>,
}

/// Whose tasks a question is about. Never reaches beyond the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's in the tenant.
    Everyones,
    /// The caller's own.
    Own,
}

/// Which part of a list: oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Number of tasks at most. Default 100.
    pub limit: u8,
    /// Start after this task; `None` for the start of the list.
    pub after: Option<Cursor>,
}

impl Page {
    /// The longest page.
    pub const LIMIT_MAX: u8 = 200;
}

impl Default for Page {
    fn default() -> Self {
        Self { limit: 100, after: None }
    }
}

/// A place in a list, right after one task. Written `{microseconds}.{id}`; callers need not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(super) created_at: i64,
    pub(super) id: Uuid,
}

impl Cursor {
    /// Before every task.
    pub(super) const START: Self = Self { created_at: i64::MIN, id: Uuid::nil() };

    /// Right after `task`.
    pub fn after(task: &Task) -> Self {
        Self { created_at: micros(task.created_at), id: task.id }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.created_at, self.id)
    }
}

/// Text that marks no place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list; take it from the page before")]
pub struct CursorError;

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (created_at, id) = text.split_once('.').ok_or(CursorError)?;
        let created_at = created_at.parse().map_err(|_| CursorError)?;
        let id = id.parse().map_err(|_| CursorError)?;
        Ok(Self { created_at, id })
    }
}

#[cfg(test)]
mod unit_tests {
    use super::{Cursor, Title};

    #[test]
    fn titles_are_trimmed_and_bounded() {
        assert_eq!(" buy milk\n".parse::<Title>().unwrap().as_str(), "buy milk");
        assert!("ü".repeat(200).parse::<Title>().is_ok());
        for refused in ["", " \t ", "a\0b", "a\nb", "a\u{1b}[2J", &"ü".repeat(201)] {
            assert!(refused.parse::<Title>().is_err(), "{refused:?}");
        }
    }

    #[test]
    fn a_cursor_reads_back_as_it_was_written() {
        let cursor = Cursor { created_at: -5, id: uuid::Uuid::from_u128(7) };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for refused in
            ["", "1", "1.", ".x", "1.2", "9999999999999999999999.00000000-0000-0000-0000-000000000007"]
        {
            assert!(refused.parse::<Cursor>().is_err(), "{refused:?}");
        }
    }
}
