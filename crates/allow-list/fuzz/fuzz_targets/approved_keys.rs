//! T-090: any text as approved keys. No key has two holders.
#![no_main]

use tenantry_allow_list::ApprovedKeys;

libfuzzer_sys::fuzz_target!(|text: &str| if let Ok(approved) = ApprovedKeys::parse(text) {
    for key in approved.keys() {
        assert_eq!(approved.find(key.public()), Some(key));
    }
});
