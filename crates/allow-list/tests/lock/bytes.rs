//! Every byte of a lock, flipped; and texts of any kind. Row 27; T-092.

use crate::people::{NOW, People};
use proptest::prelude::*;
use tenantry_allow_list::{ApprovedKeys, Draft, Entry, Lock, Statement, TenantKind, Term};
use tenantry_token::{Guests, TenantId, UnixTime};

/// No change of one byte makes another list of it. Changes in comments and white space make none at all.
#[test]
fn no_flipped_byte_verifies_to_another_list() {
    let people = People::new();
    let text = people.without(people.next(&people.first(1), 2), 1).to_string();
    let original = people.judge(&text).unwrap();
    let mut harmless = 0;
    for at in 0..text.len() {
        for mask in [0x01, 0x02, 0x04, 0x10, 0x20, 0x7f] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= mask;
            let Ok(flipped) = String::from_utf8(bytes) else { continue };
            if let Ok(list) = people.judge(&flipped) {
                assert_eq!(list, original, "byte {at}, mask {mask:#x}");
                harmless += 1;
            }
        }
    }
    let comments: usize = text.lines().filter(|line| line.starts_with('#')).map(str::len).sum();
    assert!(harmless > 0 && harmless < 6 * (comments + 60), "{harmless}");
}

/// A lock cut short is none.
#[test]
fn no_beginning_of_a_lock_is_a_lock_with_fewer_tenants() {
    let people = People::new();
    let text = people.without(people.first(3), 1).to_string();
    let whole = people.judge(&text).unwrap();
    for end in 0..text.len() {
        match people.judge(&text[..end]) {
            // The last removal as a whole is cut off: an older revision, which `follows` refuses.
            Ok(list) if list != whole => assert_eq!(whole.follows(&list), Ok(())),
            _ => {}
        }
    }
}

#[test]
fn bounds_hold_before_anything_is_parsed() {
    let padded = |bytes: usize| format!("{}#{}", "format = 1\n", "x".repeat(bytes));
    assert_eq!(Lock::parse(&padded(Lock::BYTES_MAX)).unwrap_err().code(), "malformed");
    assert!(Draft::parse(&padded(Draft::BYTES_MAX)).unwrap_err().message().contains("more than"));
    assert!(
        ApprovedKeys::parse(&padded(ApprovedKeys::BYTES_MAX)).unwrap_err().message().contains("more than")
    );
    let deep = format!("format = 1\nx = {}", "[".repeat(100_000));
    assert_eq!(Lock::parse(&deep).unwrap_err().code(), "malformed");
}

/// No second spelling by a leap second, an offset or a fraction.
#[test]
fn a_time_is_in_utc_and_to_the_second() {
    let people = People::new();
    let term = Term::days(NOW.plus_secs(-9 * 3600 - 1), 90, 7);
    let text = people.lock(Statement::new(None, Vec::new(), term).unwrap()).to_string();
    let (good, list) = ("2026-02-28T23:59:59Z", people.judge(&text).unwrap());
    assert_eq!(people.judge(&text.replace(good, "2026-02-28 23:59:59z")), Ok(list), "TOML's own freedom");
    for other in ["2026-02-28T23:59:60Z", "2026-02-28T23:59:59+00:00", "2026-02-28T23:59:59.0Z", "2026-02-28"]
    {
        assert!(text.contains(good));
        assert_eq!(people.judge(&text.replace(good, other)), Err("malformed"), "{other}");
    }
}

#[test]
fn a_later_format_is_named() {
    let people = People::new();
    let later = people.first(1).to_string().replace("format = 1", "format = 2\nnew-thing = true");
    assert_eq!(people.judge(&later), Err("unknown_format"));
}

/// The canonical form that `docs/reference/allow-list.md` shows.
#[test]
fn the_canonical_form_is_as_documented() {
    let draft = "[[tenant]]\nid = \"aaaaaaaa-0000-4000-8000-000000000001\"\nname = \"Contoso \\\"A\\\"\"\n\
                 kind = \"home\"\nuser-type = \"employee\"\nguests = true\n";
    let term = Term { issued: NOW, expires: NOW.plus_secs(7_776_000), review_by: NOW.plus_secs(604_800) };
    let statement = Statement::new(None, Draft::parse(draft).unwrap().into_entries(), term).unwrap();
    let expected = "{\"expires\":1780131600,\"format\":1,\"issued\":1772355600,\"previous\":null,\
                    \"review-by\":1772960400,\"revision\":1,\"tenants\":[{\"guests\":true,\
                    \"id\":\"aaaaaaaa-0000-4000-8000-000000000001\",\"kind\":\"home\",\"name\":\"Contoso \\\"A\\\"\",\
                    \"notes\":\"\",\"user-type\":\"employee\"}]}";
    assert_eq!(String::from_utf8(statement.canonical()).unwrap(), expected);
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let word = "[\\PC]{1,20}".prop_filter("can be signed", |text| text.trim() == text);
    (any::<u64>(), word, "[a-z][a-z0-9-]{0,31}", any::<bool>(), "([!-~][ -~]{0,40}[!-~])?").prop_map(
        |(n, name, user_type, guests, notes)| Entry {
            id: id(n),
            name,
            kind: [TenantKind::Home, TenantKind::Partner, TenantKind::Customer][n as usize % 3],
            user_type,
            guests: if guests { Guests::Allowed } else { Guests::Refused },
            notes,
        },
    )
}

fn id(n: u64) -> TenantId {
    format!("aaaaaaaa-0000-4000-{:04x}-{:012x}", n >> 48, n & 0xffff_ffff_ffff).parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What was signed is what is read, whatever the names are.
    #[test]
    fn any_list_survives_its_file(entries in prop::collection::vec(any_entry(), 0..12), days in 1u16..400) {
        let people = People::new();
        let term = Term::days(UnixTime::from_secs(NOW.as_secs()), days, 1);
        if let Ok(statement) = Statement::new(None, entries, term) {
            let lock = people.lock(statement.clone());
            let read = Lock::parse(&lock.to_string()).unwrap();
            prop_assert_eq!(&read, &lock);
            let list = read.verify(&people.approved, NOW).unwrap();
            prop_assert_eq!(list.entries(), statement.entries());
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,200}|(\\[\\[(tenant|key|removal)\\]\\]|[a-z-]+ = [\"0-9a-f{}\\[:TZ-]*|\n|é|\u{202e}){0,30}") {
        let _ = (Lock::parse(&text), Draft::parse(&text).map_err(|it| it.to_string()), ApprovedKeys::parse(&text));
    }
}
