//! T-004, T-008: any bytes as a JOSE header.
#![no_main]

libfuzzer_sys::fuzz_target!(|json: &[u8]| {
    tenantry_token::fuzzing::header(json);
});
