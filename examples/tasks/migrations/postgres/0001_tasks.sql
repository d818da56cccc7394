-- Runs as the role that owns the table. The application never acts as that role: see `src/store/postgres.rs`.

CREATE TABLE tasks (
    tenant_id  uuid    NOT NULL,
    id         uuid    NOT NULL,
    title      text    NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    completed  boolean NOT NULL,
    owner_id   text    NOT NULL,  -- within the tenant; means nothing without it
    owner_name text    NOT NULL,  -- as the token said when the task was made; for display only
    created_at bigint  NOT NULL,  -- microseconds since 1970-01-01 UTC
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX tasks_by_age ON tasks (tenant_id, created_at, id);
CREATE INDEX tasks_by_owner ON tasks (tenant_id, owner_id, created_at, id);

-- A transaction that names no tenant gets an error for its first row: an unset parameter is unknown, and one that an
-- earlier transaction of the session had set is now the empty text, which is no uuid.
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
CREATE POLICY tasks_of_the_tenant ON tasks FOR ALL
    USING (tenant_id = current_setting('tasks.tenant')::uuid)
    WITH CHECK (tenant_id = current_setting('tasks.tenant')::uuid);

-- The role that the application acts as. Roles belong to the cluster, so another database may have made it already.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tasks_app') THEN
        CREATE ROLE tasks_app NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;  -- made at this very moment by another database's migration
    WHEN insufficient_privilege THEN
        RAISE insufficient_privilege USING
            MESSAGE = 'the role "tasks_app" is missing and this role may not create it',
            HINT = 'let an administrator run: CREATE ROLE tasks_app NOLOGIN; GRANT tasks_app TO the owner of this database';
END
$$;

-- Whoever migrates may also be who connects (`SET ROLE`); membership alone does not tell, so try it.
DO $$
BEGIN
    PERFORM set_config('role', 'tasks_app', true);
    PERFORM set_config('role', 'none', true);
EXCEPTION
    WHEN insufficient_privilege THEN
        EXECUTE format('GRANT tasks_app TO %I', current_user);
END
$$;

DO $$
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO tasks_app', current_schema());
END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE ON tasks TO tasks_app;
