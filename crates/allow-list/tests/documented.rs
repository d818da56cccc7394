//! The reference, `docs/reference/allow-list.md`, is true: its samples are read and verified, its codes are the code's.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use tenantry_allow_list::{ApprovedKeys, Draft, Lock};
use tenantry_token::UnixTime;

const REFERENCE: &str = include_str!("../../../docs/reference/allow-list.md");
const GUIDE: &str = include_str!("../../../docs/guide/allow-list.md");
const FAULTS: &str = include_str!("../src/fault.rs");
/// 2026-03-05T09:00:00Z, a day after the sample's removal.
const NOW: UnixTime = UnixTime::from_secs(1_772_701_200);

/// The first block of that language that has `what` in it.
fn block(document: &'static str, language: &str, what: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let blocks = document.split(&fence).skip(1).filter_map(|rest| rest.split("```").next());
    blocks.into_iter().find(|block| block.contains(what)).unwrap()
}

#[test]
fn the_samples_verify() {
    let approved = ApprovedKeys::parse(block(REFERENCE, "toml", "[[key]]")).unwrap();
    let text = block(REFERENCE, "toml", "[proposer]");
    let lock = Lock::parse(text).unwrap();
    assert_eq!(lock.to_string(), text, "as we write it today");
    let list = lock.verify(&approved, NOW).unwrap();
    assert_eq!((list.revision(), list.entries().len(), list.removals().len()), (3, 1, 1));
    let content = block(REFERENCE, "json", "review-by").trim();
    assert_eq!(String::from_utf8(list.statement().canonical()).unwrap(), content);
    assert!(REFERENCE.contains(&list.statement().head().digest.to_string()));
    let draft = Draft::parse(block(GUIDE, "toml", "user-type")).unwrap();
    assert_eq!(draft.entries(), list.statement().entries(), "the guide's list is the reference's");
}

/// The fuzzers' first inputs, so that their targets are right where no fuzzer is installed.
#[test]
fn the_fuzzers_seeds_are_what_they_are_called() {
    let seed = |name: &str| {
        std::fs::read_to_string(format!("{}/fuzz/seeds/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let approved = ApprovedKeys::parse(&seed("approved_keys/two")).unwrap();
    let one_person = ApprovedKeys::parse(&seed("approved_keys/one_person")).unwrap();
    assert!(ApprovedKeys::parse(&seed("approved_keys/none")).is_err());
    let judged = |name: &str, approved: &ApprovedKeys| {
        Lock::parse(&seed(name)).unwrap().verify(approved, NOW).map_or_else(|fault| fault.code(), |_| "")
    };
    assert_eq!(judged("lock/reviewed", &approved), "");
    assert_eq!(judged("lock/removed", &approved), "");
    assert_eq!(judged("lock/removed", &one_person), "signer_name");
    assert_eq!(judged("lock/proposed", &approved), "half_signed");
    let lengths =
        ["two", "empty", "personal"].map(|name| Draft::parse(&seed(&format!("draft/{name}"))).unwrap());
    assert_eq!(lengths.map(|draft| draft.entries().len()), [2, 0, 2]);
}

#[test]
fn every_code_is_in_the_table_and_no_other() {
    let of_code = FAULTS.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next());
    let table = REFERENCE.split("## Faults").nth(1).unwrap().split("The command line").next().unwrap();
    let of_table = table.split("\n| `").skip(1).filter_map(|rest| rest.split('`').next());
    let sorted = |codes: Vec<&'static str>| {
        let mut codes = codes;
        codes.sort_unstable();
        codes
    };
    assert_eq!(sorted(of_code.collect()), sorted(of_table.collect()));
}
