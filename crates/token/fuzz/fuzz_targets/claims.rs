//! T-004, T-027: any bytes as a claims set.
#![no_main]

libfuzzer_sys::fuzz_target!(|json: &[u8]| {
    tenantry_token::fuzzing::claims(json);
});
