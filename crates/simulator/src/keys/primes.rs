//! RSA keys from a seed, so that a run can be repeated to the byte.
//!
//! aws-lc-rs has no way to seed its generator. The keys made here are as public as the seed: fine for a simulator,
//! unfit for anything else.

use num_bigint::BigUint;

use super::rsa::RsaPrivate;
use crate::random::Stream;

/// Bits of each of the two primes of a 2048-bit key.
const PRIME_BYTES: usize = 128;
/// Rounds of Miller-Rabin. FIPS 186-5 table B.1 asks for 5 at this size.
const ROUNDS: u64 = 8;
/// Trial division goes to this bound before the dear test.
const SMALL_PRIME_MAX: u32 = 5_000;

/// The 2048-bit key that belongs to `seed` and `label`.
pub(super) fn seeded_key(seed: u64, label: &str) -> RsaPrivate {
    let mut stream = Stream::new(seed, &format!("rsa {label}"));
    let small = small_primes();
    loop {
        let (p, q) = (prime(&mut stream, &small), prime(&mut stream, &small));
        // CRT form wants p > q (RFC 8017 §3.2 does not, several readers do).
        let (p, q) = if p > q { (p, q) } else { (q, p) };
        if let Some(key) = assemble(&p, &q) {
            return key;
        }
    }
}

fn assemble(p: &BigUint, q: &BigUint) -> Option<RsaPrivate> {
    let one = BigUint::from(1_u8);
    let e = BigUint::from(65_537_u32);
    let (p1, q1) = (p - &one, q - &one);
    let d = e.modinv(&(&p1 * &q1))?;
    let qi = q.modinv(p)?;
    let bytes = |number: &BigUint| number.to_bytes_be();
    Some(RsaPrivate {
        n: bytes(&(p * q)),
        e: bytes(&e),
        dp: bytes(&(&d % &p1)),
        dq: bytes(&(&d % &q1)),
        d: bytes(&d),
        p: bytes(p),
        q: bytes(q),
        qi: bytes(&qi),
    })
}

/// The next prime with its two highest bits set, so that the product of two has 2048 bits.
fn prime(stream: &mut Stream, small: &[u32]) -> BigUint {
    let mut bytes = [0; PRIME_BYTES];
    loop {
        stream.fill(&mut bytes);
        bytes[0] |= 0xc0;
        bytes[PRIME_BYTES - 1] |= 1;
        let candidate = BigUint::from_bytes_be(&bytes);
        if has_no_small_factor(&candidate, small) && is_probably_prime(&candidate) {
            return candidate;
        }
    }
}

fn has_no_small_factor(candidate: &BigUint, small: &[u32]) -> bool {
    let zero = BigUint::ZERO;
    small.iter().all(|prime| candidate % *prime != zero)
}

/// Miller-Rabin with the bases 2, 3, 4, … : the candidates are not chosen by an adversary.
fn is_probably_prime(candidate: &BigUint) -> bool {
    let one = BigUint::from(1_u8);
    let last = candidate - &one;
    let twos = last.trailing_zeros().unwrap_or(0);
    let odd = &last >> twos;
    (2..2 + ROUNDS).all(|base| {
        let mut power = BigUint::from(base).modpow(&odd, candidate);
        if power == one || power == last {
            return true;
        }
        (1..twos).any(|_| {
            power = &power * &power % candidate;
            power == last
        })
    })
}

fn small_primes() -> Vec<u32> {
    let mut primes: Vec<u32> = vec![2];
    for number in (3..SMALL_PRIME_MAX).step_by(2) {
        if primes.iter().take_while(|prime| **prime * **prime <= number).all(|prime| number % prime != 0) {
            primes.push(number);
        }
    }
    primes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes_are_told_from_composites() {
        for (number, prime) in [
            (5_003_u64, true),
            (5_009, true),
            (25_010_009, true),
            (25_025_009, false),
            (5_011 * 5_021, false),
        ] {
            let composite_known = (2..number).take_while(|d| d * d <= number).all(|d| number % d != 0);
            assert_eq!(is_probably_prime(&BigUint::from(number)), composite_known, "{number} {prime}");
        }
    }

    #[test]
    fn the_same_seed_and_label_give_the_same_key() {
        let (one, two) = (seeded_key(1, "a"), seeded_key(1, "a"));
        assert_eq!(one.n, two.n);
        assert_eq!(one.n.len(), 256);
        assert_ne!(one.n, seeded_key(1, "b").n);
        assert!(one.key_pair().is_ok());
    }
}
