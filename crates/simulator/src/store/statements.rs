//! All the SQL.

/// Which program wrote the file; 0 for a new one.
pub(super) const VERSION: &str = "PRAGMA user_version";

pub(super) const CREATE: &str = "\
BEGIN IMMEDIATE;
-- One row for each thing: `value` is JSON, or null for something of the world that was taken away.
CREATE TABLE IF NOT EXISTS things (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT,
    PRIMARY KEY (kind, name)
) STRICT;
PRAGMA user_version = 1;
COMMIT";

/// In the order of their making.
pub(super) const READ: &str = "SELECT kind, name, value FROM things ORDER BY rowid";

pub(super) const UPSERT: &str = "\
INSERT INTO things (kind, name, value) VALUES ($1, $2, $3)
ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value";

pub(super) const DELETE: &str = "DELETE FROM things WHERE kind = $1 AND name = $2";

pub(super) const CLEAR: &str = "DELETE FROM things WHERE kind = $1";
