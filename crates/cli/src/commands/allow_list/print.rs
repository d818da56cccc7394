//! Lists and differences on a terminal, and as JSON.

use anstyle::Style;
use serde_json::{Value, json};
use tenantry::{Guests, TenantId, UnixTime};
use tenantry_allow_list::{Difference, Entry, LockedList, Removal, Statement, rfc3339};

use crate::terminal::{BAD, BOLD, CHANGED, GOOD, QUIET, styled};

const DAY_S: i64 = 86_400;

/// What changes, a tenant to a paragraph: `+` added, `-` removed, `~` changed.
pub(super) fn difference(difference: &Difference) {
    difference.added.iter().for_each(|entry| whole("+", GOOD, entry));
    difference.removed.iter().for_each(|entry| whole("-", BAD, entry));
    difference.changed.iter().for_each(|(before, after)| changed(before, after));
}

/// What `statement` changes of the list in force, set apart by empty lines.
pub(super) fn changes(in_force: Option<&LockedList>, statement: &Statement) {
    let before = in_force.map(LockedList::entries).unwrap_or_default();
    let changes = Difference::between(before, statement.entries());
    println!();
    difference(&changes);
    if changes.is_empty() {
        anstream::println!("  {}", styled("the same tenants: this renews the list", CHANGED));
    }
    returning(in_force, &changes);
    println!();
}

/// Tenants that were removed in an emergency, and come back.
fn returning(in_force: Option<&LockedList>, changes: &Difference) {
    for removal in in_force.map(LockedList::removals).unwrap_or_default() {
        for entry in changes.added.iter().filter(|entry| removal.tenants().contains(&entry.id)) {
            let (who, why) = (removal.remover().name(), removal.reason());
            let removed = format!("`{}` was removed by `{who}`: {why}", entry.name);
            anstream::println!("  {}", styled(&removed, BAD));
        }
    }
}

fn whole(sign: &str, style: Style, entry: &Entry) {
    title(sign, style, entry);
    let guests = guests(entry);
    anstream::println!("    {}, user type `{}`, guests {guests}", entry.kind, entry.user_type);
    if !entry.notes.is_empty() {
        anstream::println!("    {}", styled(&entry.notes, QUIET));
    }
}

fn changed(before: &Entry, after: &Entry) {
    title("~", CHANGED, after);
    for (what, before, after) in fields(before)
        .iter()
        .zip(fields(after))
        .filter_map(|(before, after)| (before.1 != after.1).then(|| (before.0, before.1.clone(), after.1)))
    {
        anstream::println!("    {what}: {before} {} {after}", styled("→", BOLD));
    }
}

fn title(sign: &str, style: Style, entry: &Entry) {
    anstream::println!("  {} {}  {}", styled(sign, style), styled(&entry.name, style), entry.id);
    if entry.id == TenantId::PERSONAL_ACCOUNTS {
        anstream::println!("    {}", styled("anyone with a personal Microsoft account", BAD));
    }
}

fn fields(entry: &Entry) -> [(&'static str, String); 5] {
    [
        ("name", format!("`{}`", entry.name)),
        ("kind", entry.kind.to_string()),
        ("user type", format!("`{}`", entry.user_type)),
        ("guests", guests(entry).to_owned()),
        ("notes", format!("`{}`", entry.notes)),
    ]
}

fn guests(entry: &Entry) -> &'static str {
    match entry.guests {
        Guests::Allowed => "let in",
        Guests::Refused => "refused",
    }
}

/// The tenants as a table.
pub(super) fn table(entries: &[Entry]) {
    let width = |of: fn(&Entry) -> &str, least: usize| {
        entries.iter().map(|entry| of(entry).chars().count()).chain([least]).max().unwrap_or(least).min(40)
    };
    let (name, user_type) = (width(|entry| &entry.name, 4), width(|entry| &entry.user_type, 9));
    let head = format!("{:name$}  {:36}  {:8}  {:user_type$}  GUESTS", "NAME", "TENANT", "KIND", "USER TYPE");
    anstream::println!("{}", styled(&head, QUIET));
    for entry in entries {
        let guests = guests(entry);
        let row =
            format!("{:name$}  {}  {:8}  {:user_type$}", entry.name, entry.id, entry.kind, entry.user_type);
        match entry.notes.as_str() {
            "" => anstream::println!("{row}  {guests}"),
            notes => anstream::println!("{row}  {guests:8}  {}", styled(notes, QUIET)),
        }
    }
}

/// Revision, dates and signers of a list.
pub(super) fn provenance(list: &LockedList, now: UnixTime) {
    line("revision", &format!("{}, {}", list.revision(), list.digest()));
    line("proposed", &format!("{} by `{}`", date(list.issued_at()), list.proposer().name()));
    line("reviewed", &format!("by `{}`", list.reviewer().name()));
    line("expires", &format!("{}, {}", date(list.expires_at()), days_left(list.expires_at(), now)));
    list.removals().iter().for_each(|removal| removed(list, removal));
}

fn removed(list: &LockedList, removal: &Removal) {
    let (when, who, why) = (date(removal.issued_at()), removal.remover().name(), removal.reason());
    line("removed", &format!("{when} by `{who}`: {why}"));
    for entry in list.statement().entries().iter().filter(|entry| removal.tenants().contains(&entry.id)) {
        title("-", BAD, entry);
    }
}

fn line(what: &str, value: &str) {
    anstream::println!("{} {value}", styled(&format!("{what:<9}"), QUIET));
}

/// `2026-03-01 09:00 UTC`.
pub(super) fn date(time: UnixTime) -> String {
    let text = rfc3339(time);
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute} UTC"),
        _ => text,
    }
}

/// Whole days until `then`; negative when it is over.
pub(super) fn days_until(then: UnixTime, now: UnixTime) -> i64 {
    then.as_secs().saturating_sub(now.as_secs()).div_euclid(DAY_S)
}

fn days_left(then: UnixTime, now: UnixTime) -> String {
    match days_until(then, now) {
        ..0 => "which is over".to_owned(),
        0 => "in less than a day".to_owned(),
        1 => "in 1 day".to_owned(),
        days => format!("in {days} days"),
    }
}

/// `1 tenant`, `2 tenants`.
pub(super) fn tenants(n: usize) -> String {
    match n {
        0 => "no tenants (nobody gets in)".to_owned(),
        1 => "1 tenant".to_owned(),
        _ => format!("{n} tenants"),
    }
}

/// Everything about a proven list.
pub(super) fn list_json(list: &LockedList) -> Value {
    json!({
        "valid": true,
        "revision": list.revision(),
        "digest": list.digest(),
        "issued": rfc3339(list.issued_at()),
        "expires": rfc3339(list.expires_at()),
        "proposer": list.proposer().name(),
        "reviewer": list.reviewer().name(),
        "tenants": list.entries().iter().map(entry_json).collect::<Vec<_>>(),
        "removals": list.removals().iter().map(|removal| json!({
            "revision": removal.head().revision,
            "issued": rfc3339(removal.issued_at()),
            "remover": removal.remover().name(),
            "reason": removal.reason(),
            "tenants": removal.tenants(),
        })).collect::<Vec<_>>(),
    })
}

pub(super) fn difference_json(difference: &Difference) -> Value {
    let all = |entries: &[Entry]| entries.iter().map(entry_json).collect::<Vec<_>>();
    let changed = difference.changed.iter();
    json!({
        "same": difference.is_empty(),
        "added": all(&difference.added),
        "removed": all(&difference.removed),
        "changed": changed
            .map(|(before, after)| json!({ "before": entry_json(before), "after": entry_json(after) }))
            .collect::<Vec<_>>(),
    })
}

fn entry_json(entry: &Entry) -> Value {
    json!({
        "id": entry.id,
        "name": entry.name,
        "kind": entry.kind,
        "user-type": entry.user_type,
        "guests": entry.guests == Guests::Allowed,
        "notes": entry.notes,
    })
}
