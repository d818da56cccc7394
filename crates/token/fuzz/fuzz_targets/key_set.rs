//! T-006, T-013: any bytes as a published key document.
#![no_main]

use tenantry_token::{Authority, Cloud, KeySet};

libfuzzer_sys::fuzz_target!(|json: &[u8]| {
    if let Ok(set) = KeySet::parse(json, &Authority::entra(Cloud::Worldwide)) {
        for key in set.keys() {
            assert!(set.get(key.id()).is_some_and(|same| same == key));
        }
        assert!(set.require_key_issuer().keys().all(|key| key.issuer().is_some()));
    }
});
