//! Bounds on what a stranger can make us do before anything is proven (T-003).

/// Longest token that is looked at. Bytes.
pub(crate) const TOKEN_BYTES_MAX: usize = 16 * 1024;
/// Longest token that can be configured: beyond it no header section would carry it. Bytes.
pub(crate) const TOKEN_BYTES_CEILING: usize = 256 * 1024;
/// Longest key id. Bytes; Entra's have 27.
pub(crate) const KEY_ID_BYTES_MAX: usize = 256;
/// Unknown members of one object: more than fit into a token of default size, fewer than could cost us time.
pub(crate) const MEMBERS_MAX: usize = 4096;
/// Objects and lists within each other in a header or a claims set. Real tokens have three.
pub(crate) const NESTING_MAX: usize = 64;
/// Signing keys in one published set. Entra publishes about ten.
pub(crate) const KEYS_MAX: usize = 1000;

/// Bounds that an operator may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    token_bytes_max: usize,
}

impl Limits {
    /// The longest token, in bytes, that is looked at. Default 16 384; below 8 192 is raised to it, because real
    /// tokens with many groups get that long, and above 262 144 is lowered to it.
    pub fn with_token_bytes_max(self, bytes: usize) -> Self {
        Self { token_bytes_max: bytes.clamp(8 * 1024, TOKEN_BYTES_CEILING) }
    }

    /// The longest token that is looked at. Bytes.
    pub fn token_bytes_max(&self) -> usize {
        self.token_bytes_max
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { token_bytes_max: TOKEN_BYTES_MAX }
    }
}
