//! Proof that a form was shown to the browser session that sends it back, so that no other site can fill it in.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign, verify};

use crate::encoding::{base64url, from_base64url};
use crate::random::Random;

/// Makes and checks the hidden `ticket` of forms that decide something. Stateless: the ticket is a code over what was
/// shown and to whom.
pub(crate) struct Tickets(Key);

impl Tickets {
    pub(crate) fn new(random: &Random) -> Self {
        Self(Key::new(HMAC_SHA256, &random.bytes::<32>()))
    }

    /// A ticket for a page. `shown` starts with the browser's session handle and holds everything that the form's answer
    /// depends on.
    pub(crate) fn issue(&self, shown: &[impl AsRef<str>]) -> String {
        base64url(sign(&self.0, &message(shown)).as_ref())
    }

    /// Whether the ticket was issued for exactly this.
    pub(crate) fn is_valid(&self, ticket: &str, shown: &[impl AsRef<str>]) -> bool {
        from_base64url(ticket).is_some_and(|tag| verify(&self.0, &message(shown), &tag).is_ok())
    }
}

/// The parts with their lengths, so that nothing can move from one to the next.
fn message(parts: &[impl AsRef<str>]) -> Vec<u8> {
    let mut message = Vec::new();
    for part in parts {
        let part = part.as_ref();
        message.extend_from_slice(&(part.len() as u64).to_be_bytes());
        message.extend_from_slice(part.as_bytes());
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_good_for_one_page_of_one_session() {
        let tickets = Tickets::new(&Random::new(None));
        let ticket = tickets.issue(&["session", "alice", "scope=a"]);
        assert!(tickets.is_valid(&ticket, &["session", "alice", "scope=a"]));
        for other in [
            &["another", "alice", "scope=a"][..],
            &["session", "alice", "scope=b"],
            &["sessiona", "lice", "scope=a"],
            &["session", "alice"],
        ] {
            assert!(!tickets.is_valid(&ticket, other), "{other:?}");
        }
        assert!(!tickets.is_valid("", &["session", "alice", "scope=a"]));
        let elsewhere = Tickets::new(&Random::new(None));
        assert!(!elsewhere.is_valid(&ticket, &["session", "alice", "scope=a"]));
    }
}
