//! What `allow-list.toml` and `approved-keys.toml` may say, and what the errors say. T-093's input matrix.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use tenantry_allow_list::{ApprovedKeys, Draft, SecretKey};
use tenantry_token::TenantId;

const GOOD: &str = "\
[[tenant]]
id = \"aaaaaaaa-0000-4000-8000-00000000000b\"
name = \"Contoso\"
kind = \"home\"
user-type = \"employee\"
guests = true
notes = \"ours\"

[[tenant]]
id = \"aaaaaaaa-0000-4000-8000-00000000000a\"
name = \"Fabrikam\"
kind = \"partner\"
user-type = \"partner\"
guests = false
";

/// The error for the good file with one thing replaced.
fn refused(from: &str, to: &str) -> String {
    let text = GOOD.replacen(from, to, 1);
    assert_ne!(text, GOOD, "{from}");
    Draft::parse(&text).expect_err(&text).to_string()
}

#[test]
fn a_draft_is_read_and_sorted() {
    let draft = Draft::parse(GOOD).unwrap();
    let names: Vec<_> = draft.entries().iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["Fabrikam", "Contoso"]);
    assert_eq!(Draft::parse(&GOOD.replace('\n', "\r\n")).unwrap(), draft);
}

#[test]
fn ids_have_one_spelling() {
    const ID: &str = "aaaaaaaa-0000-4000-8000-00000000000b";
    for (spelling, advice) in [
        (ID.to_uppercase(), "lower case, with nothing around it: `aaaaaaaa-0000-4000-8000-00000000000b`"),
        (format!("{{{ID}}}"), "with nothing around it: `aaaaaaaa-0000-4000-8000-00000000000b`"),
        (format!(" {ID}"), "with nothing around it: `aaaaaaaa-0000-4000-8000-00000000000b`"),
        (ID.replace('-', ""), "expected a GUID of 36 characters"),
        ("common".into(), "`common` is no tenant but any number of them"),
        ("organizations".into(), "is no tenant but any number"),
        ("Consumers".into(), "`consumers` is no tenant but any number"),
        ("contoso.onmicrosoft.com".into(), "a domain can be moved to another tenant"),
        ("*".into(), "expected a GUID"),
        (String::new(), "expected a GUID"),
        ("00000000-0000-0000-0000-000000000000".into(), "is a placeholder"),
        ("ffffffff-ffff-ffff-ffff-ffffffffffff".into(), "is a placeholder"),
    ] {
        let error = refused(ID, &spelling);
        assert!(error.starts_with("line 2, column 6: ") && error.contains(advice), "{spelling}: {error}");
    }
}

#[test]
fn a_tenant_is_listed_once() {
    let error = refused("00000000000a", "00000000000b");
    assert!(error.starts_with("line 10, column 6: ") && error.contains("twice, first in line 2"), "{error}");
    assert!(error.ends_with("   |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"), "{error}");
}

#[test]
fn personal_accounts_and_empty_lists_are_meant_or_refused() {
    let personal = TenantId::PERSONAL_ACCOUNTS.to_string();
    let error = refused("aaaaaaaa-0000-4000-8000-00000000000b", &personal);
    assert!(error.contains("all personal Microsoft accounts"), "{error}");
    let listed = GOOD.replacen("aaaaaaaa-0000-4000-8000-00000000000b", &personal, 1);
    let word = "personal-accounts = \"anyone-with-a-microsoft-account\"\n";
    assert!(Draft::parse(&format!("{word}{listed}")).is_ok());
    assert!(Draft::parse(&format!("{word}{GOOD}")).is_err(), "a flag without its tenant is a mistake");
    assert!(Draft::parse(&format!("personal-accounts = \"yes\"\n{listed}")).is_err());

    assert!(Draft::parse("").unwrap_err().message().contains("lists no tenant"));
    assert!(Draft::parse("empty-list = \"nobody-gets-in\"").unwrap().entries().is_empty());
    assert!(Draft::parse("empty-list = true").is_err());
    assert!(Draft::parse(&format!("empty-list = \"nobody-gets-in\"\n{GOOD}")).is_err());
}

#[test]
fn everything_else_is_named_with_its_line() {
    for (from, to, line, what) in [
        ("[[tenant]]", "[[tenants]]", 1, "unknown field `tenants`"),
        ("notes =", "note =", 7, "unknown field `note`"),
        ("kind = \"home\"", "kind = \"Home\"", 4, "unknown variant `Home`"),
        ("guests = true", "guests = \"yes\"", 6, "invalid type"),
        ("guests = true\n", "", 1, "missing field `guests`"),
        ("\"Contoso\"", "\"\"", 3, "must not be empty"),
        ("\"Contoso\"", "\"Con\\u202Etoso\"", 3, "U+202E"),
        ("\"Contoso\"", "\"Con\\ntoso\"", 3, "U+000A"),
        ("\"Contoso\"", "\" Contoso\"", 3, "white space"),
        ("\"employee\"", "\"Admin\"", 5, "a user type has"),
        ("\"employee\"", "\"\"", 5, "a user type has"),
        ("\"ours\"", "\"a\\u200bb\"", 7, "U+200B"),
        ("kind = \"home\"", "kind = \"home\"\nkind = \"home\"", 5, "duplicate key"),
    ] {
        let error = refused(from, to);
        assert!(error.starts_with(&format!("line {line}, ")) && error.contains(what), "{to}: {error}");
    }
    let escape = refused("notes =", "\"\\u001b[31mnotes\" =");
    assert!(escape.contains("unknown field") && !escape.contains('\u{1b}'), "{escape:?}");
    let long = refused("Contoso", &"x".repeat(201));
    assert!(long.contains("more than 200 characters"), "{long}");
}

fn keys(pairs: &[(&str, &str)]) -> Result<ApprovedKeys, String> {
    let text: String =
        pairs.iter().map(|(name, key)| format!("[[key]]\nname = \"{name}\"\npublic = \"{key}\"\n")).collect();
    ApprovedKeys::parse(&text).map_err(|fault| fault.to_string())
}

#[test]
fn approved_keys_are_one_persons_each() {
    let [one, two] = [(); 2].map(|()| SecretKey::generate().unwrap().public().to_string());
    assert_eq!(keys(&[("ada", &one), ("ben", &two)]).unwrap().keys().len(), 2);
    assert!(keys(&[("ada", &one), ("ada", &two)]).is_ok(), "while one key replaces another");
    let error = keys(&[("ada", &one), ("ben", &one)]).unwrap_err();
    assert!(error.starts_with("line 6, ") && error.contains("`ada` and `ben` have the same key"), "{error}");
    assert!(keys(&[]).unwrap_err().contains("approves no key"));
    assert!(keys(&[("", &one)]).unwrap_err().contains("must not be empty"));
    assert!(keys(&[("a\\u202eda", &one)]).unwrap_err().contains("U+202E"));
    assert!(ApprovedKeys::parse("[[keys]]").unwrap_err().message().contains("unknown field"));
}

/// A key under which anybody can sign would make every signature good.
#[test]
fn keys_that_are_none_are_refused() {
    let encode = |first: u8, middle: u8, last: u8| {
        let bytes: Vec<u8> = (0..32)
            .map(|at| [middle, first, last][usize::from(at == 0) + 2 * usize::from(at == 31)])
            .collect();
        format!("ed25519:{}", base64_simd::STANDARD.encode_to_string(bytes))
    };
    for weak in
        [encode(0, 0, 0), encode(1, 0, 0), encode(0, 0, 0x80), encode(1, 0, 0x80), encode(0xec, 0xff, 0x7f)]
    {
        assert!(keys(&[("ada", &weak)]).unwrap_err().contains("anybody can sign"), "{weak}");
    }
    let short = format!("ed25519:{}", base64_simd::STANDARD.encode_to_string([7; 31]));
    for none in ["", "AAAA", "rsa:AAAA", "ed25519:", "ed25519:!!!!", short.as_str()] {
        assert!(keys(&[("ada", none)]).unwrap_err().contains("expected `ed25519:`"), "{none}");
    }
}
