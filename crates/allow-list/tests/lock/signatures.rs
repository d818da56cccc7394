//! Who may sign what: two people, each in their own role, over one content. Row 27; T-090, T-092.

use crate::edited;
use crate::people::{DAY_S, NOW, People, entries, tenant, term};
use tenantry_allow_list::{ApprovedKeys, Lock, LockFault, SecretKey, Statement, Term};
use tenantry_token::{Guests, UnixTime};
use toml::{Table, Value};

#[test]
fn two_people_make_a_list() {
    let people = People::new();
    let lock = people.first(3);
    let list = people.judge(&lock.to_string()).unwrap();
    assert_eq!((list.revision(), list.proposer().name(), list.reviewer().name()), (1, "ada", "ben"));
    assert_eq!((list.entries().len(), list.expires_at()), (3, NOW.plus_secs(90 * DAY_S)));
    assert_eq!(list.entries()[0].guests, Guests::Refused);
    assert_eq!(Lock::parse(&lock.to_string()).unwrap().to_string(), lock.to_string(), "text is stable");
}

#[test]
fn fewer_than_two_signatures_are_not_enough() {
    let people = People::new();
    let lock = people.first(3);
    let without = |names: &[&str]| {
        people.judge(&edited(&lock, |table| names.iter().for_each(|name| drop(table.remove(*name)))))
    };
    assert_eq!(without(&["reviewer"]), Err("half_signed"));
    assert_eq!(without(&["proposer"]), Err("half_signed"));
    assert_eq!(without(&["proposer", "reviewer"]), Err("unsigned"));
}

/// One signature cannot stand in two places, nor can two change places: the role is signed.
#[test]
fn a_signature_serves_in_its_own_role_alone() {
    let people = People::new();
    let lock = people.first(3);
    let swapped = edited(&lock, |table| {
        let proposer = table.remove("proposer").unwrap();
        let reviewer = table.insert("reviewer".into(), proposer).unwrap();
        table.insert("proposer".into(), reviewer);
    });
    assert_eq!(people.judge(&swapped), Err("bad_signature"));
    for (from, to) in [("proposer", "reviewer"), ("reviewer", "proposer")] {
        let doubled = edited(&lock, |table| {
            let signature = table[from].clone();
            table.insert(to.into(), signature);
        });
        assert_eq!(people.judge(&doubled), Err("bad_signature"), "{from} as {to}");
    }
}

#[test]
fn nobody_reviews_their_own_proposal() {
    let people = People::new();
    let second = SecretKey::generate().unwrap();
    for (first, name, code) in [
        ("ada", "ada", "same_person"),
        ("ada", "ADA", "same_person"),
        ("ada", "\u{ff41}da", "same_person"),
        ("Ada L.", "Ada  L.", "same_person"),
        ("Ada L.", "Ada\u{a0}L.", "same_person"),
        ("Ren\u{e9}", "RENE\u{301}", "same_person"),
        ("Ada Stra\u{df}e", "ada strasse", "same_person"),
        ("\u{3c3}\u{3c2}", "\u{3c3}\u{3c3}", "same_person"),
        ("ada", "Ada L.", ""),
    ] {
        let keys = [(first, people.ada.public()), (name, second.public())];
        let approved = ApprovedKeys::new(keys).unwrap();
        let statement = Statement::new(None, entries(1), term()).unwrap();
        let proposed = Lock::propose(statement, &approved.signer(&people.ada).unwrap()).unwrap();
        let same_key = proposed.clone().review(&approved.signer(&people.ada).unwrap(), NOW).unwrap_err();
        assert_eq!(same_key.code(), "same_key");
        let reviewed = proposed.review(&approved.signer(&second).unwrap(), NOW);
        assert_eq!(reviewed.map_or_else(|fault| fault.code(), |_| ""), code, "{name}");
    }
}

/// Approved under two names when it was signed, and under one when it is read.
#[test]
fn two_people_are_two_when_the_lock_is_read() {
    let people = People::new();
    let lock = people.first(1);
    let one = ApprovedKeys::new([("ada", people.ada.public()), ("ada", people.ben.public())]).unwrap();
    // The name beside ben's signature is no longer the holder's: said first, since it was asked first.
    assert_eq!(lock.verify(&one, NOW).unwrap_err().code(), "signer_name");
    let renamed = edited(&lock, |table| table["reviewer"]["name"] = "ada".into());
    assert_eq!(Lock::parse(&renamed).unwrap().verify(&one, NOW).unwrap_err().code(), "same_person");
}

#[test]
fn keys_that_are_not_approved_count_for_nothing() {
    let people = People::new();
    assert_eq!(people.approved.signer(&people.mallory).unwrap_err().code(), "unknown_key");
    let theirs = ApprovedKeys::new([("ada", people.mallory.public()), ("ben", people.ben.public())]).unwrap();
    let statement = Statement::new(None, entries(1), term()).unwrap();
    let proposed = Lock::propose(statement, &theirs.signer(&people.mallory).unwrap()).unwrap();
    let forged = proposed.review(&theirs.signer(&people.ben).unwrap(), NOW).unwrap();
    assert_eq!(people.judge(&forged.to_string()), Err("unknown_key"));
    // The right key's name beside a signature of another key.
    let dressed = edited(&forged, |table| table["proposer"]["key"] = people.ada.public().to_string().into());
    assert_eq!(people.judge(&dressed), Err("bad_signature"));
}

/// Taking a key off the approved ones voids what it signed.
#[test]
fn a_key_taken_off_no_longer_counts() {
    let people = People::new();
    let lock = people.first(1);
    for (kept, name) in [(&people.ada, "ada"), (&people.ben, "ben")] {
        let fewer = ApprovedKeys::new([(name, kept.public()), ("cleo", people.cleo.public())]).unwrap();
        assert_eq!(lock.verify(&fewer, NOW).unwrap_err().code(), "unknown_key");
    }
}

/// A signature of an earlier revision, of the very same tenants, is not one of this revision.
#[test]
fn a_signature_of_an_earlier_revision_does_not_count() {
    let people = People::new();
    let first = people.first(2);
    let next = people.next(&first, 2);
    for part in ["proposer", "reviewer"] {
        let reused = edited(&next, |table| {
            let old: Table = first.to_string().parse().unwrap();
            table.insert(part.into(), old[part].clone());
        });
        assert_eq!(people.judge(&reused), Err("bad_signature"), "{part}");
    }
}

/// T-092: approval covers one exact content.
#[test]
fn an_edited_proposal_cannot_be_reviewed() {
    let people = People::new();
    let ada = people.approved.signer(&people.ada).unwrap();
    let proposed = Lock::propose(Statement::new(None, entries(2), term()).unwrap(), &ada).unwrap();
    let altered = edited(&proposed, |table| table["tenant"][1]["guests"] = true.into());
    let altered = Lock::parse(&altered).unwrap();
    let ben = people.approved.signer(&people.ben).unwrap();
    assert_eq!(altered.clone().review(&ben, NOW).unwrap_err().code(), "bad_signature");
    assert_eq!(altered.verify_proposal(&people.approved, NOW).unwrap_err().code(), "bad_signature");
    assert_eq!(proposed.verify_proposal(&people.approved, NOW).unwrap().name(), "ada");
}

/// T-092: proposals expire.
#[test]
fn a_proposal_waits_for_a_week() {
    let people = People::new();
    let ada = people.approved.signer(&people.ada).unwrap();
    let ben = people.approved.signer(&people.ben).unwrap();
    let proposed = Lock::propose(Statement::new(None, entries(2), term()).unwrap(), &ada).unwrap();
    let late = NOW.plus_secs(7 * DAY_S);
    assert!(proposed.clone().review(&ben, late).is_ok());
    assert_eq!(proposed.clone().review(&ben, late.plus_secs(1)).unwrap_err().code(), "proposal_expired");
    let early = proposed.verify_proposal(&people.approved, NOW.plus_secs(-301)).unwrap_err();
    assert_eq!(early.code(), "not_yet_valid");
}

#[test]
fn a_list_counts_from_its_issue_to_its_expiry() {
    let people = People::new();
    let lock = people.first(1);
    let code = |at: UnixTime| lock.verify(&people.approved, at).map_or_else(|fault| fault.code(), |_| "");
    let expires = NOW.plus_secs(90 * DAY_S);
    assert_eq!(code(NOW), "");
    assert_eq!(code(NOW.plus_secs(-300)), "", "a signer's clock may be five minutes ahead");
    assert_eq!(code(NOW.plus_secs(-301)), "not_yet_valid");
    assert_eq!(code(expires.plus_secs(-1)), "");
    assert_eq!(code(expires), "expired");
    assert_eq!(code(UnixTime::from_secs(i64::MAX)), "expired");
    assert_eq!(code(UnixTime::from_secs(i64::MIN)), "not_yet_valid");
    assert!(lock.verify_signatures(&people.approved).is_ok(), "an expired list can still be shown");
}

#[test]
fn nobody_signs_for_longer_than_400_days() {
    assert!(Statement::new(None, entries(1), Term::days(NOW, 400, 7)).is_ok());
    let long = Statement::new(None, entries(1), Term::days(NOW, 401, 7)).unwrap_err();
    assert_eq!(long, LockFault::LifetimeTooLong(401));
    let never = Term { issued: NOW, expires: NOW, review_by: NOW };
    assert_eq!(Statement::new(None, entries(1), never).unwrap_err().code(), "malformed");
}

#[test]
fn content_that_cannot_be_signed_is_refused() {
    let twice = [entries(2), entries(1)].concat();
    assert_eq!(Statement::new(None, twice, term()).unwrap_err().code(), "malformed");
    let mut deceptive = entries(1);
    deceptive[0].name = "Contoso\u{202e}".to_owned();
    assert_eq!(Statement::new(None, deceptive, term()).unwrap_err().code(), "malformed");
}

/// Names are printed before anything is proven.
#[test]
fn a_signers_name_is_fit_to_be_printed() {
    let people = People::new();
    let escape = edited(&people.first(1), |table| table["reviewer"]["name"] = "\u{1b}[2J".into());
    let fault = Lock::parse(&escape).unwrap_err().to_string();
    assert!(fault.contains("U+001B") && !fault.contains('\u{1b}'), "{fault:?}");
}

/// Every value of the file, changed: none goes through.
#[test]
fn every_altered_value_is_refused() {
    let people = People::new();
    let lock = people.without(people.next(&people.first(3), 3), 2);
    let table: Table = lock.to_string().parse().unwrap();
    let mut paths = Vec::new();
    collect(&Value::Table(table.clone()), &mut Vec::new(), &mut paths);
    assert!(paths.len() > 35, "{}", paths.len());
    for path in paths {
        let mut altered = Value::Table(table.clone());
        let at = path.iter().fold(&mut altered, |value, step| match step.parse::<usize>() {
            Ok(index) => &mut value[index],
            Err(_) => &mut value[step.as_str()],
        });
        *at = other(at);
        let text = altered.as_table().unwrap().to_string();
        assert!(people.judge(&text).is_err(), "{path:?} in\n{text}");
    }
}

fn collect(value: &Value, path: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(array) => array.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => return paths.push(path.clone()),
    };
    for (step, child) in children {
        path.push(step);
        collect(child, path, paths);
        path.pop();
    }
}

/// Another value of the same shape, so that the signatures and not the parser have to see it.
fn other(value: &Value) -> Value {
    match value {
        Value::Integer(n) => Value::Integer(n + 1),
        Value::Boolean(b) => Value::Boolean(!b),
        Value::Datetime(_) => Value::Datetime("2026-03-02T09:00:01Z".parse().unwrap()),
        Value::String(text) if text.parse::<tenantry_token::TenantId>().is_ok() => {
            tenant(9).to_string().into()
        }
        Value::String(text) if text == "partner" => "customer".into(),
        Value::String(text) if text.starts_with("sha256:") => format!("sha256:{}", "0".repeat(64)).into(),
        Value::String(text) => format!("{}x", &text[..text.len() - 1]).into(),
        other => other.clone(),
    }
}
