//! T-021: any bytes as `Authorization` fields, one per line. What comes out is one token of the token alphabet.
#![no_main]

use tenantry_token::Credentials;

libfuzzer_sys::fuzz_target!(|fields: &[u8]| {
    let fields = || fields.split(|byte| *byte == b'\n');
    if let Ok(token) = Credentials::from_fields(fields()).token() {
        assert_eq!(fields().count(), 1);
        assert!(!token.is_empty());
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)));
    }
});
