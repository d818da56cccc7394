//! Where every generated value comes from: the system's generator, or a seed that repeats itself.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{SHA256, digest};
use uuid::Uuid;

use crate::encoding::base64url;

/// Source of ids, codes and lifetimes of one simulator.
#[derive(Debug)]
pub(crate) struct Random {
    seed: Option<u64>,
    drawn: AtomicU64,
}

impl Random {
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }

    /// The next `N` bytes. With a seed the n-th draw is the same in every run.
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match self.seed {
            Some(seed) => {
                let draw = self.drawn.fetch_add(1, Ordering::Relaxed);
                Stream::new(seed, &format!("draw {draw}")).fill(&mut bytes);
            }
            None => system_bytes(&mut bytes),
        }
        bytes
    }

    /// 22 characters, the shape of `uti`.
    pub(crate) fn token_id(&self) -> String {
        base64url(&self.bytes::<16>())
    }

    /// 43 characters: codes, refresh tokens, session cookies.
    pub(crate) fn handle(&self) -> String {
        base64url(&self.bytes::<32>())
    }

    /// A version 4 GUID: trace ids, session ids.
    pub(crate) fn guid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// A number below `bound`. The modulo's bias is of no consequence for a lifetime.
    pub(crate) fn below(&self, bound: u32) -> u32 {
        u32::from_be_bytes(self.bytes()) % bound.max(1)
    }
}

/// An endless, repeatable stream of bytes: SHA-256 over seed, purpose and a counter.
///
/// For keys that must come out the same in every run. Whoever knows the seed knows the bytes.
pub(crate) struct Stream {
    prefix: Vec<u8>,
    counter: u64,
    block: Vec<u8>,
}

impl Stream {
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        let mut prefix = b"tenantry-simulator".to_vec();
        prefix.extend_from_slice(&seed.to_be_bytes());
        prefix.extend_from_slice(purpose.as_bytes());
        Self { prefix, counter: 0, block: Vec::new() }
    }

    pub(crate) fn fill(&mut self, target: &mut [u8]) {
        for byte in target {
            *byte = self.next_byte();
        }
    }

    fn next_byte(&mut self) -> u8 {
        if self.block.is_empty() {
            let mut input = self.prefix.clone();
            input.extend_from_slice(&self.counter.to_be_bytes());
            self.counter += 1;
            self.block = digest(&SHA256, &input).as_ref().to_vec();
        }
        self.block.pop().unwrap_or_default()
    }
}

/// Fills `target` from the system's generator.
fn system_bytes(target: &mut [u8]) {
    // aws-lc aborts the process itself when the system has no entropy; there is no error left to handle.
    let _ = aws_lc_rs::rand::fill(target);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_another_does_not() {
        let (one, two, other) = (Random::new(Some(7)), Random::new(Some(7)), Random::new(Some(8)));
        let first = one.token_id();
        assert_eq!(first, two.token_id());
        assert_ne!(first, other.token_id());
        assert_ne!(first, one.token_id());
        assert_eq!(first.len(), 22);
    }

    #[test]
    fn without_a_seed_nothing_repeats() {
        assert_ne!(Random::new(None).handle(), Random::new(None).handle());
    }
}
