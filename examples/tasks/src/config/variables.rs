//! The table of environment variables.

use std::fmt::Write as _;

/// One environment variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What holds without it; `None` where it must be set.
    pub default: Option<&'static str>,
    /// What it is, and how to write it.
    pub meaning: &'static str,
}

const fn required(name: &'static str, meaning: &'static str) -> Variable {
    Variable { name, default: None, meaning }
}

const fn optional(name: &'static str, default: &'static str, meaning: &'static str) -> Variable {
    Variable { name, default: Some(default), meaning }
}

/// All variables that are read, in the order in which they matter.
pub const VARIABLES: &[Variable] = &[
    optional(
        "AZURE_AUTHORITY_HOST",
        "https://login.microsoftonline.com",
        "who issues the tokens: a cloud of Entra, or the address of a simulator",
    ),
    required("AZURE_API_CLIENT_ID", "client id of this API's registration: a GUID"),
    required("ALLOWED_TENANT_IDS", "organisations to accept: tenant ids, comma-separated"),
    optional(
        "ALLOW_LIST_FILE",
        "none",
        "allow-list.lock, signed by two people; instead of ALLOWED_TENANT_IDS",
    ),
    optional("ALLOW_LIST_KEYS", "none", "approved-keys.toml: whose signatures count; with ALLOW_LIST_FILE"),
    optional(
        "ALLOW_LIST_SEEN",
        "none",
        "file that keeps the highest revision, so that a restart takes no older one",
    ),
    optional("ALLOW_ANY_TENANT", "false", "true accepts every organisation; instead of ALLOWED_TENANT_IDS"),
    optional("ALLOWED_CLIENT_IDS", "any", "applications that may call: client ids, comma-separated"),
    optional(
        "DATABASE_URL",
        "sqlite:tasks-data",
        "sqlite:DIRECTORY, sqlite::memory: or postgres://user@host/database",
    ),
    optional("TASKS_LISTEN", "127.0.0.1:3000", "address and port to listen on"),
    optional(
        "ALLOWED_ORIGINS",
        "none",
        "origins of pages that may call: https://app.example, comma-separated",
    ),
    optional("TASKS_DEFAULT_ROLE", "none", "role of people whose token names none: Admin, Editor or Reader"),
    optional(
        "TASKS_UNLISTED_TENANT_STATUS",
        "401",
        "answer to a token of a tenant that is not listed: 401 or 403",
    ),
    optional("TASKS_KEY_REFRESH", "by authority", "age at which signing keys are fetched again, e.g. 24h"),
    optional("TASKS_KEY_COOL_DOWN", "by authority", "pause after a fetch for an unknown key, e.g. 5m"),
    optional("TASKS_KEY_CACHE_DIR", "none", "directory that keeps signing keys over a restart"),
    optional("TASKS_CA_FILE", "none", "PEM file of a certificate authority to trust besides the public ones"),
    optional("TASKS_VERDICT_CACHE_BYTES", "8388608", "memory for verdicts on tokens seen before; 0 for none"),
    optional(
        "TASKS_WELL_KNOWN",
        "false",
        "true tells module version and allow-list at /.well-known/tenantry",
    ),
    #[cfg(feature = "test-layers")]
    optional(
        "TASKS_TEST_LAYERS_OFF",
        "none",
        "walls between tenants to take down: tenant-column, database-wall",
    ),
];

/// Those of `names` that look like ours and are not: slips, most likely (T-170).
///
/// No error, because platforms set such variables too: Kubernetes for a service that is called `tasks`.
pub fn unknown_variables(names: impl Iterator<Item = String>) -> Vec<String> {
    let is_known = |name: &String| VARIABLES.iter().any(|variable| variable.name == name);
    names.filter(|name| name.starts_with("TASKS_") && !is_known(name)).collect()
}

/// What `tasks --help` prints.
pub fn help() -> String {
    let mut text = String::from(
        "The multi-tenant tasks API.\n\n\
         tasks             serves until Ctrl-C\n\
         tasks --check     checks the configuration and prints it, without secrets\n\
         tasks --migrate   brings the database up to date and ends\n\
         tasks --version\n\n\
         Ends with 0; with 1 when it could not run; with 2 when it was told something impossible.\n\n\
         Environment variables:\n",
    );
    for Variable { name, default, meaning } in VARIABLES {
        let default = default.map_or_else(|| "required".to_owned(), |value| format!("default: {value}"));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name}\n      {meaning} ({default})");
    }
    text
}
