-- One file per tenant: see `src/store/sqlite.rs`.

-- Whose file this is. One row, written when the file is made.
CREATE TABLE tenant (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    id       BLOB NOT NULL UNIQUE
);

CREATE TABLE tasks (
    tenant_id  BLOB    NOT NULL REFERENCES tenant (id),  -- so that no row of another tenant can be written here
    id         BLOB    NOT NULL,
    title      TEXT    NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    completed  BOOLEAN NOT NULL,
    owner_id   TEXT    NOT NULL,                         -- within the tenant; means nothing without it
    owner_name TEXT    NOT NULL,                         -- as the token said when the task was made; for display only
    created_at BIGINT  NOT NULL,                         -- microseconds since 1970-01-01 UTC
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

CREATE INDEX tasks_by_age ON tasks (tenant_id, created_at, id);
CREATE INDEX tasks_by_owner ON tasks (tenant_id, owner_id, created_at, id);
