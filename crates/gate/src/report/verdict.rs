//! What a run comes to. Nothing passes here by being absent (T-162).

use serde::{Deserialize, Serialize};

use super::{PromotionGate, Report};
use crate::Severity;

/// What a gate, or a whole run, came to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Shown to hold.
    Passed,
    /// It could not be told. Never as good as passed.
    NotProven,
    /// Shown not to hold.
    Failed,
}

impl PromotionGate {
    fn failed(&self) -> bool {
        self.verdict == Verdict::Failed
    }
}

impl Report {
    /// Whether the target may be promoted: failed if one gate failed, a critical case, or any case where gate 1 did not judge the
    /// failures; passed if gates 1, 2 and 3 each passed and at least one case held; not proven otherwise.
    pub fn verdict(&self) -> Verdict {
        let gates = (1..=3).map(|number| self.gate_verdict(number)).max();
        match gates {
            _ if self.gates.iter().any(PromotionGate::failed) || self.fails_by_its_cases() => Verdict::Failed,
            Some(Verdict::Passed) if self.counts().held == 0 => Verdict::NotProven,
            gates => gates.unwrap_or(Verdict::NotProven),
        }
    }

    /// Gate 1 may have been told to let minor failures pass; never critical ones.
    fn fails_by_its_cases(&self) -> bool {
        let judged = self.gates.iter().any(|gate| gate.number == 1);
        self.failures().first().is_some_and(|worst| !judged || worst.severity == Severity::Critical)
    }

    /// The worst of what is said of a gate; not proven if nothing is.
    fn gate_verdict(&self, number: u8) -> Verdict {
        let of_number = self.gates.iter().filter(|gate| gate.number == number);
        of_number.map(|gate| gate.verdict).max().unwrap_or(Verdict::NotProven)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn a_release_needs_all_three_gates_and_attacks() {
        assert_eq!(samples::passed().verdict(), Verdict::Passed);
        for gate in 0..3 {
            let mut report = samples::passed();
            report.gates[gate].verdict = Verdict::NotProven;
            assert_eq!(report.verdict(), Verdict::NotProven);
            report.gates.remove(gate);
            assert_eq!(report.verdict(), Verdict::NotProven, "a gate that was not asked");
        }
    }

    /// T-162.
    #[test]
    fn nothing_passes_by_being_absent() {
        let nothing_ran = Report { results: Vec::new(), ..samples::passed() };
        assert_eq!(nothing_ran.verdict(), Verdict::NotProven);
        let no_gates = Report { gates: Vec::new(), ..samples::passed() };
        assert_eq!(no_gates.verdict(), Verdict::NotProven);
    }

    #[test]
    fn one_failure_is_enough() {
        let failed = Report { gates: samples::passed().gates, ..samples::failed() };
        assert_eq!(failed.verdict(), Verdict::Failed, "a critical one, whatever the gates say");
        let mut minor = Report { gates: Vec::new(), ..samples::tolerated() };
        assert_eq!(minor.verdict(), Verdict::Failed, "any, where gate 1 did not judge it");
        minor.gates = samples::tolerated().gates;
        assert_eq!(minor.verdict(), Verdict::Passed);
        let mut twice = samples::passed();
        twice.gates.push(PromotionGate { verdict: Verdict::Failed, ..twice.gates[0].clone() });
        assert_eq!(twice.verdict(), Verdict::Failed, "the worst that is said of a gate");
    }
}
