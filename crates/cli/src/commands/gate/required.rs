//! Which gates have to be proven, and what a report comes to by that.

use std::collections::BTreeSet;

use tenantry_gate::{Report, Verdict};

use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub(super) struct RequiredArgs {
    /// Gates that have to be proven, beside the first: 2, 3. Default: those for which there is input; of a report, those that
    /// had to be proven when it was made.
    #[arg(long, value_delimiter = ',', value_name = "N", value_parser = clap::value_parser!(u8).range(1..=3))]
    gate: Vec<u8>,
    /// All three gates have to be proven.
    #[arg(long, conflicts_with = "gate")]
    all_gates: bool,
}

/// Numbers of gates; the first is always among them.
#[derive(Clone, Debug)]
pub(super) struct Required(BTreeSet<u8>);

impl RequiredArgs {
    /// What the flags say, or `usual` beside the first gate.
    pub(super) fn or(&self, usual: impl IntoIterator<Item = u8>) -> Required {
        let mut gates = BTreeSet::from([1]);
        match (self.all_gates, self.gate.is_empty()) {
            (true, _) => gates.extend([2, 3]),
            (false, false) => gates.extend(&self.gate),
            (false, true) => gates.extend(usual),
        }
        Required(gates)
    }
}

impl Required {
    /// Their numbers, the lowest first.
    pub(super) fn numbers(&self) -> Vec<u8> {
        self.0.iter().copied().collect()
    }

    /// Failed if any gate failed, required or not; not proven if a required one is not; passed otherwise.
    pub(super) fn verdict(&self, report: &Report) -> Verdict {
        let passed = |number: &u8| {
            let of_number = report.gates.iter().filter(|gate| gate.number == *number);
            of_number.map(|gate| gate.verdict).max() == Some(Verdict::Passed)
        };
        match report.gates.iter().any(|gate| gate.verdict == Verdict::Failed) {
            true => Verdict::Failed,
            false if !self.0.iter().all(passed) => Verdict::NotProven,
            false => Verdict::Passed,
        }
    }
}

/// As scripts know it.
pub(super) fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Passed => Exit::Ok,
        Verdict::NotProven => Exit::Failed,
        Verdict::Failed => Exit::Refused,
    }
}

#[cfg(test)]
mod tests {
    use tenantry_gate::{PromotionGate, Report, Verdict};

    use super::RequiredArgs;

    fn report(verdicts: &[Verdict]) -> Report {
        let mut report = Report::parse(include_str!("../../../tests/data/gate-report.json")).unwrap();
        let gates = (1..).zip(verdicts).map(|(number, verdict)| PromotionGate {
            number,
            title: "a gate".to_owned(),
            verdict: *verdict,
            reasons: vec!["so".to_owned()],
        });
        report.gates = gates.collect();
        report
    }

    /// T-162: absence is no pass, and a failure is one whether it was asked for or not.
    #[test]
    fn only_what_has_to_be_proven_and_is_passes() {
        use Verdict::{Failed, NotProven, Passed};
        let first = RequiredArgs { gate: vec![], all_gates: false };
        let all = RequiredArgs { gate: vec![], all_gates: true };
        for (args, verdicts, expected) in [
            (&first, &[Passed, NotProven, NotProven][..], Passed),
            (&all, &[Passed, NotProven, Passed], NotProven),
            (&all, &[Passed, Passed, Passed], Passed),
            (&all, &[Passed, Passed], NotProven),
            (&first, &[NotProven, Passed, Passed], NotProven),
            (&first, &[Passed, NotProven, Failed], Failed),
            (&first, &[], NotProven),
        ] {
            assert_eq!(args.or([]).verdict(&report(verdicts)), expected, "{args:?} {verdicts:?}");
        }
        assert_eq!(first.or([2]).verdict(&report(&[Passed, NotProven, Passed])), NotProven);
    }
}
