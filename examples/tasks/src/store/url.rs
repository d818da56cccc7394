//! `DATABASE_URL`.

use std::fmt;
#[cfg(feature = "sqlite")]
use std::path::PathBuf;
use std::str::FromStr;

/// Where the store is. Its `Display` shows no password.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseUrl {
    /// `sqlite:DIR`: a directory with one SQLite file per tenant, made if missing. It is this process's alone.
    #[cfg(feature = "sqlite")]
    Directory(PathBuf),
    /// `sqlite::memory:`: a new temporary directory, removed at the end.
    #[cfg(feature = "sqlite")]
    Temporary,
    /// `postgres://…`: a PostgreSQL database, shared by any number of processes.
    #[cfg(feature = "postgres")]
    Postgres(Box<str>),
}

/// Text that is no address of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseUrlError {
    /// Another scheme, or none.
    #[error("write `sqlite:DIRECTORY`, `sqlite::memory:` or `postgres://user@host/database`")]
    Scheme,
    /// A backend that this build does not have.
    #[error("this build has no such backend; build with feature `{0}`")]
    NotBuilt(&'static str),
    /// Parameters after a directory.
    #[error("a directory takes no parameters; write `sqlite:DIRECTORY`")]
    Parameters,
    /// Parts that the PostgreSQL driver does not understand.
    #[error("not a PostgreSQL URL; write `postgres://user:password@host:port/database`")]
    Postgres,
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, DatabaseUrlError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            sqlite(path)
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            postgres(text)
        } else {
            Err(DatabaseUrlError::Scheme)
        }
    }
}

#[cfg(feature = "sqlite")]
fn sqlite(path: &str) -> Result<DatabaseUrl, DatabaseUrlError> {
    // `?mode=rwc` ("make it if missing") is what we do anyway, and what many a `DATABASE_URL` ends in.
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.strip_suffix("?mode=rwc").unwrap_or(path);
    match path {
        ":memory:" => Ok(DatabaseUrl::Temporary),
        "" => Err(DatabaseUrlError::Scheme),
        _ if path.contains('?') => Err(DatabaseUrlError::Parameters),
        _ => Ok(DatabaseUrl::Directory(path.into())),
    }
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(_: &str) -> Result<DatabaseUrl, DatabaseUrlError> {
    Err(DatabaseUrlError::NotBuilt("sqlite"))
}

#[cfg(feature = "postgres")]
fn postgres(text: &str) -> Result<DatabaseUrl, DatabaseUrlError> {
    match text.parse::<sqlx::postgres::PgConnectOptions>() {
        Ok(_) => Ok(DatabaseUrl::Postgres(text.into())),
        Err(_) => Err(DatabaseUrlError::Postgres),
    }
}

#[cfg(not(feature = "postgres"))]
fn postgres(_: &str) -> Result<DatabaseUrl, DatabaseUrlError> {
    Err(DatabaseUrlError::NotBuilt("postgres"))
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Directory(path) => write!(f, "sqlite:{}", path.display()),
            #[cfg(feature = "sqlite")]
            Self::Temporary => f.write_str("sqlite::memory:"),
            #[cfg(feature = "postgres")]
            Self::Postgres(url) => f.write_str(&without_secrets(url)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// Host, port and database only: both the user part and the parameters may hold a password.
#[cfg(feature = "postgres")]
fn without_secrets(url: &str) -> String {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let end = rest.rfind('@').map_or(rest, |at| &rest[at + 1..]);
    format!("postgres://{}", end.split('?').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::DatabaseUrl;

    #[test]
    #[cfg(feature = "sqlite")]
    fn sqlite_is_a_directory_however_it_is_written() {
        for (text, shown) in [
            ("sqlite:tasks-data", "sqlite:tasks-data"),
            ("sqlite://tasks-data", "sqlite:tasks-data"),
            ("sqlite:///srv/tasks", "sqlite:/srv/tasks"),
            ("sqlite:/srv/tasks?mode=rwc", "sqlite:/srv/tasks"),
            ("sqlite::memory:", "sqlite::memory:"),
            ("sqlite://:memory:", "sqlite::memory:"),
        ] {
            assert_eq!(text.parse::<DatabaseUrl>().unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "sqlite:", "tasks.db", "mysql://h/d", "sqlite:d?mode=ro", "postgres://[/d"] {
            assert!(text.parse::<DatabaseUrl>().is_err(), "{text}");
        }
    }

    /// T-170: the effective configuration can be printed.
    #[test]
    #[cfg(feature = "postgres")]
    fn a_password_is_never_shown() {
        for text in [
            "postgres://u:s3cret@db.example:5432/tasks",
            "postgres://u:s3cret%40x@db.example:5432/tasks?password=s3cret",
            "postgresql://db.example:5432/tasks?user=u&password=s3cret",
        ] {
            let url: DatabaseUrl = text.parse().unwrap();
            assert_eq!(format!("{url}"), "postgres://db.example:5432/tasks");
            assert!(!format!("{url:?}").contains("s3cret"));
        }
    }
}
