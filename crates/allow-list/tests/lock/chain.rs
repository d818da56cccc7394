//! Revisions after revisions, and what one person alone can do: take tenants off. Row 28; T-097, roll-back.

use crate::edited;
use crate::people::{DAY_S, NOW, People, entries, tenant, term};
use tenantry_allow_list::{ApprovedKeys, Lock, LockedList, Statement};
use toml::{Table, Value};

fn follows(later: &LockedList, earlier: &LockedList) -> &'static str {
    later.follows(earlier).map_or_else(|fault| fault.code(), |()| "")
}

#[test]
fn revisions_follow_each_other_and_never_go_back() {
    let people = People::new();
    let first = people.first(1);
    let second = people.next(&first, 2);
    let third = people.next(&second, 3);
    let [first, second, third] = [first, second, third].map(|lock| people.list(&lock));
    assert_eq!((first.revision(), second.revision(), third.revision()), (1, 2, 3));
    assert_eq!(follows(&second, &first), "");
    assert_eq!(follows(&third, &first), "", "a reader may have missed one");
    assert_eq!(follows(&second, &second), "", "the same again");
    assert_eq!(follows(&first, &second), "older_revision");
}

#[test]
fn two_pasts_are_a_fork() {
    let people = People::new();
    let first = people.first(1);
    let [one, other] = [2, 3].map(|n| people.next(&first, n));
    let after_other = people.next(&other, 4);
    let later = people.next(&after_other, 5);
    let [one, other, after_other, later] = [one, other, after_other, later].map(|lock| people.list(&lock));
    assert_eq!(follows(&other, &one), "forked", "same revision, other content");
    assert_eq!(follows(&after_other, &one), "forked", "direct successor of another list");
    assert_eq!(follows(&later, &one), "", "signed by two, and its past is out of sight");
}

#[test]
fn one_person_takes_tenants_off() {
    let people = People::new();
    let first = people.first(3);
    let removed = people.without(people.without(first.clone(), 2), 1);
    let list = people.judge(&removed.to_string()).unwrap();
    assert_eq!(list.entries().iter().map(|entry| entry.id).collect::<Vec<_>>(), [tenant(3)]);
    assert_eq!((list.revision(), list.statement().entries().len()), (3, 3));
    assert_eq!(list.expires_at(), people.list(&first).expires_at(), "not prolonged");
    let removals: Vec<_> =
        list.removals().iter().map(|it| (it.remover().name(), it.reason(), it.tenants())).collect();
    assert_eq!(removals, [("cleo", "keys stolen", &[tenant(2)][..]), ("cleo", "keys stolen", &[tenant(1)])]);
    assert_eq!(follows(&list, &people.list(&first)), "");
    // Two people may let it in again.
    let again = people.list(&people.next(&removed, 3));
    assert_eq!((again.revision(), again.entries().len(), follows(&again, &list)), (4, 3, ""));
}

#[test]
fn a_removal_taken_out_again_is_a_roll_back() {
    let people = People::new();
    let first = people.first(3);
    let removed = people.without(first.clone(), 2);
    let seen = people.list(&removed);
    assert_eq!(follows(&people.list(&first), &seen), "older_revision");
    // Nor does another removal in its place, of somebody who is in the way, hide that.
    let replaced = people.without(people.without(first.clone(), 1), 3);
    assert_eq!(follows(&people.list(&replaced), &seen), "forked");
    // Nor an old list, with removals to make its number larger than that of the list in force.
    let second = people.list(&people.next(&first, 1));
    let puffed_up = people.list(&people.without(people.without(first, 2), 3));
    assert!(puffed_up.revision() > second.revision());
    assert_eq!(follows(&puffed_up, &second), "forked");
}

#[test]
fn removals_out_of_order_or_of_another_list_do_not_count() {
    let people = People::new();
    let first = people.first(3);
    let removed = people.without(people.without(first.clone(), 2), 1);
    let swapped = edited(&removed, |table| table["removal"].as_array_mut().unwrap().swap(0, 1));
    assert_eq!(people.judge(&swapped), Err("broken_chain"));
    let beheaded = edited(&removed, |table| drop(table["removal"].as_array_mut().unwrap().remove(0)));
    assert_eq!(people.judge(&beheaded), Err("broken_chain"));
    let doubled = edited(&removed, |table| {
        let removals = table["removal"].as_array_mut().unwrap();
        let again = removals[1].clone();
        removals.push(again);
    });
    assert_eq!(people.judge(&doubled), Err("broken_chain"));
    let elsewhere = edited(&people.next(&first, 3), |table| {
        let theirs: Table = removed.to_string().parse().unwrap();
        table.insert("removal".into(), theirs["removal"].clone());
    });
    assert_eq!(people.judge(&elsewhere), Err("broken_chain"));
}

#[test]
fn forged_removals_do_not_count() {
    let people = People::new();
    let first = people.first(3);
    let theirs =
        [("ada", people.ada.public()), ("ben", people.ben.public()), ("cleo", people.mallory.public())];
    let theirs = ApprovedKeys::new(theirs).unwrap();
    let mallory = theirs.signer(&people.mallory).unwrap();
    let forged = first.clone().remove(&[tenant(1)], "for fun", &mallory, NOW).unwrap();
    assert_eq!(people.judge(&forged.to_string()), Err("unknown_key"));
    let dressed = edited(&forged, |table| {
        table["removal"][0]["remover"]["key"] = people.cleo.public().to_string().into();
    });
    assert_eq!(people.judge(&dressed), Err("bad_signature"));
    // A proposal's or a review's signature is none of a removal, nor the other way round.
    let removed = people.without(first, 2);
    for (from, to) in [("proposer", "removal"), ("reviewer", "removal"), ("removal", "reviewer")] {
        let crossed = edited(&removed, |table| {
            let signature = if from == "removal" { &table[from][0]["remover"] } else { &table[from] }.clone();
            *(if to == "removal" { &mut table[to][0]["remover"] } else { &mut table[to] }) = signature;
        });
        assert_eq!(people.judge(&crossed), Err("bad_signature"), "{from} as {to}");
    }
}

/// There is no record by which one person adds: whatever a removal says besides is refused by name.
#[test]
fn a_removal_can_only_remove() {
    let people = People::new();
    let removed = people.without(people.first(3), 2);
    for (key, value) in [
        ("expires", Value::Datetime("2030-01-01T00:00:00Z".parse().unwrap())),
        ("tenant", Value::Array(vec![])),
        ("guests", true.into()),
        ("name", "Other".into()),
    ] {
        let text = edited(&removed, |table| {
            table["removal"][0].as_table_mut().unwrap().insert(key.into(), value);
        });
        assert_eq!(people.judge(&text), Err("malformed"), "{key}");
    }
    let cleo = people.approved.signer(&people.cleo).unwrap();
    let lock = || people.first(3);
    let refused = |tenants: &[_], reason| lock().remove(tenants, reason, &cleo, NOW).unwrap_err().code();
    assert_eq!(refused(&[tenant(9)], "not there"), "removes_unlisted");
    assert_eq!(refused(&[], "nobody"), "malformed");
    assert_eq!(refused(&[tenant(1)], ""), "malformed");
    assert_eq!(refused(&[tenant(1)], "two\nlines"), "malformed");
    let twice = removed.remove(&[tenant(2)], "again", &cleo, NOW).unwrap_err();
    assert_eq!(twice.code(), "removes_unlisted");
}

#[test]
fn a_removal_does_not_mend_a_lock() {
    let people = People::new();
    let (ada, cleo) =
        (people.approved.signer(&people.ada).unwrap(), people.approved.signer(&people.cleo).unwrap());
    let proposed = Lock::propose(Statement::new(None, entries(2), term()).unwrap(), &ada).unwrap();
    assert_eq!(proposed.remove(&[tenant(1)], "x", &cleo, NOW).unwrap_err().code(), "half_signed");
    let expired = people.without(people.first(2), 1);
    assert_eq!(expired.verify(&people.approved, NOW.plus_secs(90 * DAY_S)).unwrap_err().code(), "expired");
    let early = people.without(people.first(2), 1);
    assert_eq!(early.verify(&people.approved, NOW.plus_secs(-301)).unwrap_err().code(), "not_yet_valid");
}
