//! What names a report, and what names its results.

use aws_lc_rs::digest::{SHA256, digest};

use super::{Report, hex};

impl Report {
    /// `sha256:` and the SHA-256 of [`Report::json`], in hexadecimal: this report and no other.
    pub fn digest(&self) -> String {
        sha256(self.json().as_bytes())
    }
}

fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(digest(&SHA256, bytes).as_ref()))
}
