//! What names a report, and what names its results.

use aws_lc_rs::digest::{SHA256, digest};

use super::{CaseResult, Report, hex};

impl Report {
    /// `sha256:` and the SHA-256 of [`Report::json`], in hexadecimal: this report and no other.
    pub fn digest(&self) -> String {
        sha256(self.json().as_bytes())
    }

    /// The same for what was found, whenever and however fast: `sha256:` over one line for each result, sorted, of id,
    /// probe and outcome (`held`, `skipped`, or the finding), parted by tabs. Two runs that find the same have the same (T-165).
    pub fn results_digest(&self) -> String {
        let report = self.printable();
        let line =
            |result: &CaseResult| format!("{}\t{}\t{}\n", result.id, result.probe, result.outcome.code());
        let mut lines: Vec<_> = report.results.iter().map(line).collect();
        lines.sort();
        sha256(lines.concat().as_bytes())
    }
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(digest(&SHA256, bytes).as_ref()))
}

#[cfg(test)]
mod tests {
    use crate::Outcome;
    use crate::report::samples;

    /// T-165.
    #[test]
    fn times_do_not_change_what_was_found() {
        let first = samples::failed();
        let mut second = first.clone();
        (second.started_at, second.took_ms, second.waited_ms) = (1, 2, 3);
        second.results.iter_mut().for_each(|result| result.took_ms += 1);
        second.results.reverse();
        assert_ne!(second.digest(), first.digest());
        assert_eq!(second.results_digest(), first.results_digest());
        second.results[0].outcome = Outcome::Skipped("not today".to_owned());
        assert_ne!(second.results_digest(), first.results_digest());
    }
}
