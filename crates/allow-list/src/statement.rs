//! What two people sign: a revision of the list, its dates, and the revision before it.

use serde::Serialize;
use tenantry_token::{Guests, TenantId, UnixTime};

use crate::{Digest, Entry, Head, LockFault, TenantKind};

/// Most tenants of a list.
pub(crate) const ENTRIES_MAX: usize = 10_000;
/// Integers above are not exact in every JSON reader (RFC 8785 §3.2.2.3, RFC 7493 §2.2).
const REVISION_MAX: u64 = (1 << 53) - 1;
/// The format that this crate reads and writes.
pub(crate) const FORMAT: u64 = 1;
const DAY_S: i64 = 86_400;
/// Longest life of a list. A year, and a month to be late.
const LIFETIME_DAYS_MAX: i64 = 400;
/// 9999-12-31T23:59:59Z, the last second that the files can spell.
const TIME_MAX: i64 = 253_402_300_799;

/// When a list counts, and by when it has to be reviewed and locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// When it was proposed.
    pub issued: UnixTime,
    /// From when on it no longer counts. At most 400 days after `issued`.
    pub expires: UnixTime,
    /// Until when the proposal can be reviewed and locked. Not after `expires`.
    pub review_by: UnixTime,
}

impl Term {
    /// A list issued now, for `valid_days`, to be reviewed within `review_days`.
    pub fn days(issued: UnixTime, valid_days: u16, review_days: u16) -> Self {
        let after = |days: u16| issued.plus_secs(i64::from(days) * DAY_S);
        Self { issued, expires: after(valid_days), review_by: after(review_days.min(valid_days)) }
    }

    fn check(self) -> Result<(), LockFault> {
        let in_order = self.issued <= self.review_by && self.review_by <= self.expires;
        let can_be_spelled = self.issued.as_secs() >= 0 && self.expires.as_secs() <= TIME_MAX;
        if !in_order || !can_be_spelled || self.issued == self.expires {
            return Err(LockFault::malformed("`issued`, `review-by` and `expires` are not in this order"));
        }
        let life_s = self.expires.as_secs() - self.issued.as_secs();
        match life_s > LIFETIME_DAYS_MAX * DAY_S {
            true => Err(LockFault::LifetimeTooLong(life_s / DAY_S)),
            false => Ok(()),
        }
    }
}

/// A revision of the list: everything that signatures cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub(crate) head: Head,
    pub(crate) previous: Option<Digest>,
    pub(crate) term: Term,
    pub(crate) entries: Vec<Entry>,
}

impl Statement {
    /// The revision after `previous`, or the first.
    ///
    /// # Errors
    /// [`LockFault::Entry`], [`LockFault::LifetimeTooLong`], or [`LockFault::Malformed`] for duplicates, dates out of
    /// order and lists of more than 10 000 tenants.
    pub fn new(previous: Option<Head>, mut entries: Vec<Entry>, term: Term) -> Result<Self, LockFault> {
        entries.sort_by_key(|entry| entry.id);
        let revision = previous.map_or(Some(1), |head| head.revision.checked_add(1));
        let revision = revision.ok_or_else(|| LockFault::malformed("there is no revision after the last"))?;
        Self::from_parts(revision, previous.map(|head| head.digest), term, entries)
    }

    /// The statement that a file spells out, if it is one.
    pub(crate) fn from_parts(
        revision: u64,
        previous: Option<Digest>,
        term: Term,
        entries: Vec<Entry>,
    ) -> Result<Self, LockFault> {
        check_place(revision, previous)?;
        term.check()?;
        check_entries(&entries)?;
        let digest = Digest::of(&canonical(revision, previous, term, &entries));
        Ok(Self { head: Head { revision, digest }, previous, term, entries })
    }

    /// Its revision, and the digest of [`Statement::canonical`].
    pub fn head(&self) -> Head {
        self.head
    }

    /// Of the revision before; none before the first.
    pub fn previous(&self) -> Option<Digest> {
        self.previous
    }

    /// Whether it says that it is the very next revision after `in_force`, or the first after none.
    pub(crate) fn follows(&self, in_force: Option<Head>) -> bool {
        let expected = in_force.map_or(Some(1), |head| head.revision.checked_add(1));
        expected == Some(self.head.revision) && self.previous == in_force.map(|head| head.digest)
    }

    /// Its dates.
    pub fn term(&self) -> Term {
        self.term
    }

    /// The tenants, sorted by id.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The bytes that are signed: JSON after RFC 8785, as `docs/reference/allow-list.md` lays down.
    pub fn canonical(&self) -> Vec<u8> {
        canonical(self.head.revision, self.previous, self.term, &self.entries)
    }
}

fn check_place(revision: u64, previous: Option<Digest>) -> Result<(), LockFault> {
    let message = match (revision, previous) {
        (0, _) => "revisions are counted from 1",
        (1, Some(_)) => "revision 1 has no `previous`",
        (2.., None) => "a revision after the first needs `previous`",
        (REVISION_MAX.., _) => "the revision is too large",
        _ => return Ok(()),
    };
    Err(LockFault::malformed(message))
}

fn check_entries(entries: &[Entry]) -> Result<(), LockFault> {
    if entries.len() > ENTRIES_MAX {
        return Err(LockFault::malformed(format!("lists more than {ENTRIES_MAX} tenants")));
    }
    if !entries.is_sorted_by(|one, next| one.id < next.id) {
        return Err(LockFault::malformed("the tenants are not sorted by id, each once"));
    }
    entries.iter().try_for_each(Entry::check).map_err(LockFault::Entry)
}

// Members are declared in the order of RFC 8785 §3.2.3, and serde_json escapes strings as §3.2.2.2 does.

#[derive(Serialize)]
struct CanonicalStatement<'a> {
    expires: UnixTime,
    format: u64,
    issued: UnixTime,
    previous: Option<Digest>,
    #[serde(rename = "review-by")]
    review_by: UnixTime,
    revision: u64,
    tenants: Vec<CanonicalEntry<'a>>,
}

#[derive(Serialize)]
struct CanonicalEntry<'a> {
    guests: bool,
    id: TenantId,
    kind: TenantKind,
    name: &'a str,
    notes: &'a str,
    #[serde(rename = "user-type")]
    user_type: &'a str,
}

fn canonical(revision: u64, previous: Option<Digest>, term: Term, entries: &[Entry]) -> Vec<u8> {
    to_json(&CanonicalStatement {
        expires: term.expires,
        format: FORMAT,
        issued: term.issued,
        previous,
        review_by: term.review_by,
        revision,
        tenants: entries.iter().map(CanonicalEntry::of).collect(),
    })
}

impl<'a> CanonicalEntry<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            guests: entry.guests == Guests::Allowed,
            id: entry.id,
            kind: entry.kind,
            name: &entry.name,
            notes: &entry.notes,
            user_type: &entry.user_type,
        }
    }
}

/// JSON without white space.
pub(crate) fn to_json<T: Serialize>(content: &T) -> Vec<u8> {
    serde_json::to_vec(content).expect("strings, numbers and structs with fixed names always are JSON")
}
