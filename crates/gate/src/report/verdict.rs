//! What a run comes to. Nothing passes here by being absent (T-162).

use serde::{Deserialize, Serialize};

use super::{PromotionGate, Report};

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
    /// Whether the target may be promoted: failed if one case or one gate failed; passed if gates 1, 2 and 3 each passed and
    /// at least one attack was held off; not proven otherwise.
    pub fn verdict(&self) -> Verdict {
        let counts = self.counts();
        let gates = (1..=3).map(|number| self.gate_verdict(number)).max();
        match gates {
            _ if counts.failed > 0 || self.gates.iter().any(PromotionGate::failed) => Verdict::Failed,
            Some(Verdict::Passed) if counts.held == 0 => Verdict::NotProven,
            gates => gates.unwrap_or(Verdict::NotProven),
        }
    }

    /// The worst of what is said of a gate; not proven if nothing is.
    fn gate_verdict(&self, number: u8) -> Verdict {
        let of_number = self.gates.iter().filter(|gate| gate.number == number);
        of_number.map(|gate| gate.verdict).max().unwrap_or(Verdict::NotProven)
    }
}
