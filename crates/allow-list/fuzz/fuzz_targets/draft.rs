//! T-093: any text as a draft. What is taken can be signed, and errors can be printed.
#![no_main]

use tenantry_allow_list::{Draft, Statement, Term};
use tenantry_token::UnixTime;

libfuzzer_sys::fuzz_target!(|text: &str| match Draft::parse(text) {
    Ok(draft) => {
        let term = Term::days(UnixTime::from_secs(1_772_701_200), 90, 7);
        assert!(Statement::new(None, draft.into_entries(), term).is_ok());
    }
    Err(fault) => assert!(fault.to_string().chars().all(|c| c == '\n' || !c.is_control())),
});
