//! T-092: any text as a lock. It is read as what it is written as, and under the seeds' keys nothing verifies but the
//! seeds' lists.
#![no_main]

use tenantry_allow_list::{ApprovedKeys, Lock};
use tenantry_token::UnixTime;

const KEYS: &str = include_str!("../seeds/approved_keys/two");
const SEEDS: [&str; 2] = [include_str!("../seeds/lock/reviewed"), include_str!("../seeds/lock/removed")];

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(lock) = Lock::parse(text) else { return };
    assert_eq!(Lock::parse(&lock.to_string()).as_ref(), Ok(&lock));
    let approved = ApprovedKeys::parse(KEYS).expect("a seed");
    if lock.verify(&approved, UnixTime::from_secs(1_772_701_200)).is_ok() {
        let digests = SEEDS.map(|seed| Lock::parse(seed).expect("a seed").head());
        assert!(digests.contains(&lock.head()));
    }
});
