//! Gate 3: the allow-list is reviewed, locked, unexpired, and the one that the target enforces.

use super::{LISTED_MAX, ModuleReport};
use crate::report::{AllowListFacts, PromotionGate, Verdict};

/// What a reviewed and locked list says, as far as this crate has to know. Signatures are for the caller to verify.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReviewedList {
    /// What reports tell of it.
    pub facts: AllowListFacts,
    /// Who may come in.
    pub tenants: Vec<ReviewedTenant>,
    /// Tenants that an earlier revision let in and this one does not, by id.
    pub removed: Vec<String>,
}

/// One tenant of such a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReviewedTenant {
    /// Tenant id, lower-case GUID.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether people whom it invited may come in.
    pub guests: bool,
}

/// What somebody handed in as the locked list.
#[derive(Clone, Debug)]
pub enum ListEvidence {
    /// Nothing.
    None,
    /// A file that does not count, and why: unsigned, half-signed, altered, expired.
    Unsound(String),
    /// A list that two people signed.
    Reviewed(ReviewedList),
}

impl ReviewedList {
    /// The tenants whose tokens are tried: all, or of a long list the first two, who play parts in attacks, and more at even distances.
    pub fn tried(&self) -> impl Iterator<Item = &ReviewedTenant> {
        let step = self.tenants.len().div_ceil(LISTED_MAX - 2).max(1);
        let tried = self.tenants.iter().enumerate().filter(move |(at, _)| *at < 2 || at % step == 0);
        tried.map(|(_, tenant)| tenant)
    }
}

/// What the target did with one good token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Enforced {
    /// Whose token it was: `a member of Contoso (c000…)`.
    pub whose: String,
    /// Whether the list lets them in.
    pub listed: bool,
    /// Whether the target did as the list says, and in which words.
    pub held: bool,
    /// What it answered.
    pub detail: String,
}

/// How many deviations are named.
const NAMED_MAX: usize = 5;

/// What gate 3 came to. `now` in Unix seconds.
pub(super) fn judge(
    list: &ListEvidence,
    enforced: &[Enforced],
    told: Option<&ModuleReport>,
    now: u64,
) -> PromotionGate {
    let list = match list {
        ListEvidence::None => {
            let reason = "nobody handed in the locked list (`--allow-list`, `--approved-keys`)";
            return gate(Verdict::NotProven, vec![reason.to_owned()]);
        }
        ListEvidence::Unsound(why) => {
            return gate(Verdict::Failed, vec![format!("the list does not count: {why}")]);
        }
        ListEvidence::Reviewed(list) => list,
    };
    let faults: Vec<_> =
        expired(list, now).into_iter().chain(contradicted(list, told)).chain(deviations(enforced)).collect();
    let missing = missing(enforced);
    match (faults.is_empty(), missing) {
        (false, _) => gate(Verdict::Failed, faults),
        (true, Some(missing)) => gate(Verdict::NotProven, vec![missing]),
        (true, None) => gate(Verdict::Passed, passed(list, enforced)),
    }
}

fn expired(list: &ReviewedList, now: u64) -> Option<String> {
    (list.facts.expires_at <= now).then(|| "the list has expired".to_owned())
}

/// The target's own word against the file's.
fn contradicted(list: &ReviewedList, told: Option<&ModuleReport>) -> Option<String> {
    let told = told?.allow_list.as_ref()?;
    let same = told.revision == list.facts.revision && told.digest == list.facts.digest;
    (!same).then(|| {
        let (told, ours) = (told.revision, list.facts.revision);
        format!("the target says that it enforces another list: revision {told}, and revision {ours} was handed in")
    })
}

fn deviations(enforced: &[Enforced]) -> Vec<String> {
    let all: Vec<_> = enforced.iter().filter(|one| !one.held).collect();
    let mut told: Vec<_> =
        all.iter().take(NAMED_MAX).map(|one| format!("{}: {}", one.whose, one.detail)).collect();
    if all.len() > NAMED_MAX {
        told.push(format!("and {} more", all.len() - NAMED_MAX));
    }
    told
}

fn missing(enforced: &[Enforced]) -> Option<String> {
    let both = [true, false].map(|listed| enforced.iter().any(|one| one.listed == listed));
    match both {
        [true, true] => None,
        [false, _] => Some("no tenant of the list was tried".to_owned()),
        [_, false] => Some("no tenant outside the list was tried".to_owned()),
    }
}

fn passed(list: &ReviewedList, enforced: &[Enforced]) -> Vec<String> {
    let facts = &list.facts;
    let [inside, outside] =
        [true, false].map(|listed| enforced.iter().filter(|one| one.listed == listed).count());
    vec![
        format!(
            "revision {}, proposed by {} and reviewed by {}, {} tenants",
            facts.revision, facts.proposer, facts.reviewer, facts.tenants
        ),
        format!(
            "{inside} good tokens of listed tenants passed, {outside} of others were refused{}",
            sampled(facts)
        ),
    ]
}

/// A long list is not tried as a whole, and says so.
fn sampled(facts: &AllowListFacts) -> String {
    match facts.tenants > LISTED_MAX as u64 - 2 {
        true => format!("; of {} tenants, at most {LISTED_MAX} at even distances were tried", facts.tenants),
        false => String::new(),
    }
}

fn gate(verdict: Verdict, reasons: Vec<String>) -> PromotionGate {
    let title = "The allow-list is reviewed, locked, and enforced".to_owned();
    PromotionGate { number: 3, title, verdict, reasons }
}

#[cfg(test)]
mod tests {
    use super::super::ModuleReport;
    use super::{Enforced, ListEvidence, ReviewedList, ReviewedTenant, judge};
    use crate::report::{AllowListFacts, Verdict};

    fn reviewed() -> ListEvidence {
        let facts = AllowListFacts {
            revision: 7,
            digest: "sha256:aa".to_owned(),
            expires_at: 1000,
            proposer: "one".to_owned(),
            reviewer: "two".to_owned(),
            tenants: 2,
            removals: 0,
        };
        ListEvidence::Reviewed(ReviewedList { facts, tenants: Vec::new(), removed: Vec::new() })
    }

    fn seen(listed: bool, held: bool) -> Enforced {
        Enforced { whose: "a member".to_owned(), listed, held, detail: "did".to_owned() }
    }

    #[test]
    fn of_a_long_list_a_part_is_tried() {
        let tenant = |at: usize| ReviewedTenant { id: at.to_string(), name: String::new(), guests: true };
        for (tenants, tried) in
            [(0, 0..=0), (1, 1..=1), (2, 2..=2), (198, 198..=198), (201, 100..=200), (10_000, 190..=200)]
        {
            let ListEvidence::Reviewed(mut list) = reviewed() else { unreachable!() };
            list.tenants = (0..tenants).map(tenant).collect();
            assert!(tried.contains(&list.tried().count()), "{tenants}: {}", list.tried().count());
        }
    }

    #[test]
    fn only_a_list_that_counts_and_is_enforced_passes() {
        let good = [seen(true, true), seen(false, true)];
        let told = |digest: &str| {
            let body = format!(
                r#"{{"module":"m","version":"1","allow_list":{{"revision":7,"digest":"{digest}","expires_at":"x"}}}}"#
            );
            ModuleReport::parse(&body)
        };
        let (same, other) = (told("sha256:aa"), told("sha256:bb"));
        for (list, enforced, told, now, verdict) in [
            (reviewed(), &good[..], same.as_ref(), 999, Verdict::Passed),
            (reviewed(), &good[..], None, 999, Verdict::Passed),
            (reviewed(), &good[..], other.as_ref(), 999, Verdict::Failed),
            (reviewed(), &good[..], None, 1000, Verdict::Failed),
            (reviewed(), &[seen(true, true), seen(false, false)], None, 999, Verdict::Failed),
            (reviewed(), &[seen(true, false), seen(false, true)], None, 999, Verdict::Failed),
            (reviewed(), &[seen(true, true)], None, 999, Verdict::NotProven),
            (reviewed(), &[seen(false, true)], None, 999, Verdict::NotProven),
            (reviewed(), &[], None, 999, Verdict::NotProven),
            (ListEvidence::None, &good[..], None, 999, Verdict::NotProven),
            (ListEvidence::Unsound("half-signed".to_owned()), &good[..], None, 999, Verdict::Failed),
        ] {
            assert_eq!(judge(&list, enforced, told, now).verdict, verdict, "{list:?} {enforced:?} {now}");
        }
    }
}
