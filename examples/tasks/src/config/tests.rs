use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Config, ConfigError, Tenants, VARIABLES};

const CLIENT: &str = "11111111-2222-4333-8444-555555555555";
const TENANT: &str = "aaaaaaaa-0000-4000-8000-000000000001";

/// The least that must be set, with `more` over it; an empty value unsets.
fn read(more: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let least = [
        ("AZURE_API_CLIENT_ID", CLIENT),
        ("ALLOWED_TENANT_IDS", TENANT),
        ("DATABASE_URL", "sqlite::memory:"),
    ];
    let all: BTreeMap<&str, &str> = least.iter().chain(more).copied().collect();
    Config::from_variables(&|name| all.get(name).map(ToString::to_string))
}

#[test]
fn defaults_are_those_of_the_table() {
    let config = read(&[("DATABASE_URL", "")]).unwrap();
    let shown = config.to_string();
    for line in [
        "AZURE_AUTHORITY_HOST=https://login.microsoftonline.com",
        "DATABASE_URL=sqlite:tasks-data",
        "TASKS_LISTEN=127.0.0.1:3000",
        "ALLOWED_ORIGINS=",
        "TASKS_DEFAULT_ROLE=",
        "TASKS_UNLISTED_TENANT_STATUS=401",
        "TASKS_VERDICT_CACHE_BYTES=8388608",
        "TASKS_WELL_KNOWN=false",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line} in\n{shown}");
    }
}

#[test]
fn every_variable_is_in_the_table_and_in_the_guide() {
    let asked = RefCell::new(BTreeSet::new());
    let least: BTreeMap<&str, &str> =
        [("AZURE_API_CLIENT_ID", CLIENT), ("ALLOWED_TENANT_IDS", TENANT)].into();
    let config = Config::from_variables(&|name| {
        asked.borrow_mut().insert(name.to_owned());
        least.get(name).map(ToString::to_string)
    });
    let table: BTreeSet<String> = VARIABLES.iter().map(|variable| variable.name.to_owned()).collect();
    assert_eq!(asked.into_inner(), table);
    let shown: BTreeSet<String> =
        config.unwrap().to_string().lines().map(|line| line.split('=').next().unwrap().to_owned()).collect();
    assert_eq!(shown, table);
    let guide = include_str!("../../../../docs/guide/tasks.md");
    for name in table {
        assert!(guide.contains(&format!("`{name}`")), "{name} in the guide");
    }
}

/// T-043: an empty list is an error, not everybody; and two answers to one question are none.
#[test]
fn who_may_enter_is_said_exactly_once() {
    assert!(matches!(read(&[]).unwrap().tenants, Tenants::Listed(listed) if listed.len() == 1));
    let open = [("ALLOWED_TENANT_IDS", ""), ("ALLOW_ANY_TENANT", "true")];
    assert_eq!(read(&open).unwrap().tenants, Tenants::EveryTenantOfTheAuthority);
    for (wrong, variable) in [
        (&[("ALLOWED_TENANT_IDS", "")][..], "ALLOWED_TENANT_IDS"),
        (&[("ALLOWED_TENANT_IDS", " , ,")], "ALLOWED_TENANT_IDS"),
        (&[("ALLOWED_TENANT_IDS", ""), ("ALLOW_ANY_TENANT", "false")], "ALLOWED_TENANT_IDS"),
        (&[("ALLOW_ANY_TENANT", "true")], "ALLOW_ANY_TENANT"),
        (&[("ALLOW_ANY_TENANT", "yes")], "ALLOW_ANY_TENANT"),
        (&[("ALLOW_LIST_KEYS", "k")], "ALLOW_LIST_KEYS"),
        (&[("ALLOW_LIST_SEEN", "s")], "ALLOW_LIST_SEEN"),
        (&[("ALLOWED_TENANT_IDS", ""), ("ALLOW_LIST_FILE", "f")], "ALLOW_LIST_KEYS"),
        (
            &[("ALLOWED_TENANT_IDS", ""), ("ALLOW_LIST_FILE", "f"), ("ALLOW_LIST_KEYS", "/nowhere")],
            "ALLOW_LIST_KEYS",
        ),
    ] {
        assert_eq!(read(wrong).unwrap_err().variable(), variable, "{wrong:?}");
    }
}

/// One person's key approves: the file may have any tenants, and still says alone who may enter.
#[test]
fn a_locked_list_excludes_the_other_two_answers() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("approved-keys.toml");
    let key = "[[key]]\nname = \"ada\"\npublic = \"ed25519:Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\"\n";
    std::fs::write(&keys, key).unwrap();
    let locked = [("ALLOW_LIST_FILE", "/etc/allow-list.lock"), ("ALLOW_LIST_KEYS", keys.to_str().unwrap())];
    let with = |more: &[(&'static str, &'static str)]| read(&[&locked, more].concat());
    let Tenants::Locked(tenants) = with(&[("ALLOWED_TENANT_IDS", "")]).unwrap().tenants else {
        panic!("not locked")
    };
    assert_eq!(
        (tenants.keys_file, tenants.approved_keys.keys().len(), tenants.seen_file),
        (keys.clone(), 1, None)
    );
    for wrong in [
        &[][..],
        &[("ALLOW_ANY_TENANT", "true")],
        &[("ALLOWED_TENANT_IDS", ""), ("ALLOW_ANY_TENANT", "true")],
    ] {
        let error = with(wrong).unwrap_err();
        assert!(
            error.variable() == "ALLOW_LIST_FILE" && error.to_string().contains("unset all but one"),
            "{error}"
        );
    }
}

#[test]
fn an_error_names_the_variable_its_value_and_what_to_do() {
    for (variable, value, advice) in [
        ("AZURE_AUTHORITY_HOST", "http://login.example", "https://host"),
        ("AZURE_API_CLIENT_ID", "tasks", "GUID"),
        ("ALLOWED_TENANT_IDS", "contoso.example", "GUID"),
        ("ALLOWED_TENANT_IDS", "common", "GUID"),
        ("ALLOWED_CLIENT_IDS", "my app", "GUID"),
        ("TASKS_LISTEN", "3000", "127.0.0.1:3000"),
        ("ALLOWED_ORIGINS", "*", "no `*`"),
        ("TASKS_DEFAULT_ROLE", "admin", "`Admin`"),
        ("TASKS_UNLISTED_TENANT_STATUS", "404", "`403`"),
        ("TASKS_KEY_REFRESH", "soon", "`24h`"),
        ("TASKS_KEY_COOL_DOWN", "10ms", "a second or more"),
        ("TASKS_CA_FILE", "/nowhere/ca.pem", "No such file"),
        ("TASKS_VERDICT_CACHE_BYTES", "8M", "number of bytes"),
        ("TASKS_WELL_KNOWN", "yes", "`true` or `false`"),
    ] {
        let text = read(&[(variable, value)]).unwrap_err().to_string();
        assert!(text.starts_with(variable) && text.contains(value) && text.contains(advice), "{text}");
    }
}

/// Row 101: walls come down by name, and only beside a simulator.
#[cfg(feature = "test-layers")]
#[test]
fn layers_are_off_only_where_a_test_says_so() {
    let variable = "TASKS_TEST_LAYERS_OFF";
    assert!(read(&[]).unwrap().layers_off.is_none());
    let here = ("AZURE_AUTHORITY_HOST", "http://127.0.0.1:9400");
    let off = read(&[here, (variable, "database-wall, tenant-column")]).unwrap().layers_off;
    assert_eq!(off.to_string(), "tenant-column,database-wall");
    for (wrong, advice) in [
        (&[here, (variable, "everything")][..], "`tenant-column`"),
        (&[here, (variable, "tenant-column,")], "`database-wall`"),
        (&[(variable, "tenant-column")], "a simulator on this machine"),
    ] {
        let error = read(wrong).unwrap_err();
        assert!(error.variable() == variable && error.to_string().contains(advice), "{error}");
    }
}

/// A URL in the wrong form may still hold a password.
#[test]
fn an_unusable_database_url_is_not_shown() {
    let text = read(&[("DATABASE_URL", "mysql://u:s3cret@h/d")]).unwrap_err().to_string();
    assert!(text.starts_with("DATABASE_URL") && !text.contains("s3cret"), "{text}");
}

#[test]
fn the_authority_may_be_written_as_entras_own_tools_write_it() {
    for (text, base) in [
        ("https://login.microsoftonline.com/", "https://login.microsoftonline.com"),
        ("login.microsoftonline.us", "https://login.microsoftonline.us"),
        ("http://127.0.0.1:9400", "http://127.0.0.1:9400"),
    ] {
        assert_eq!(read(&[("AZURE_AUTHORITY_HOST", text)]).unwrap().authority.base(), base);
    }
}
