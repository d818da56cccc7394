//! Versions that can be put in order.

use std::cmp::Ordering;

/// Numbers, and perhaps a pre-release: `1.2.3`, `v0.4.0`, `2.0.0-rc.1`. Nothing else can be ordered without knowing whose it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Version {
    numbers: Vec<u64>,
    pre_release: Option<String>,
}

impl Version {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let bare = text.strip_prefix('v').unwrap_or(text);
        let (numbers, pre_release) = match bare.split_once('-') {
            Some((numbers, pre)) => (numbers, Some(pre)),
            None => (bare, None),
        };
        let of_number = |part: &str| match part.bytes().all(|byte| byte.is_ascii_digit()) {
            true => part.parse().ok(),
            false => None,
        };
        let mut numbers: Vec<u64> = numbers.split('.').map(of_number).collect::<Option<_>>()?;
        let has_form = |pre: &str| {
            !pre.is_empty()
                && pre.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        };
        if numbers.len() > 4 || !pre_release.is_none_or(has_form) {
            return None;
        }
        numbers.resize(4, 0);
        Some(Self { numbers, pre_release: pre_release.map(str::to_owned) })
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_pre_release = || match (&self.pre_release, &other.pre_release) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(one), Some(other)) => pre_release(one, other),
        };
        self.numbers.cmp(&other.numbers).then_with(by_pre_release)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Semantic Versioning 2.0.0 §11.4: numbers below words, fewer parts below more.
fn pre_release(one: &str, other: &str) -> Ordering {
    let mut others = other.split('.');
    for part in one.split('.') {
        let Some(other) = others.next() else { return Ordering::Greater };
        let by_part = match (part.parse::<u64>(), other.parse::<u64>()) {
            (Ok(one), Ok(other)) => one.cmp(&other),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => part.cmp(other),
        };
        if by_part != Ordering::Equal {
            return by_part;
        }
    }
    if others.next().is_some() { Ordering::Less } else { Ordering::Equal }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn they_are_in_order() {
        let sorted = ["0.9", "0.9.1", "0.10.0", "v1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-rc.1", "1.0.0"];
        for (lower, higher) in sorted.iter().zip(&sorted[1..]) {
            let (lower, higher) = (Version::parse(lower).unwrap(), Version::parse(higher).unwrap());
            assert!(lower < higher, "{lower:?} {higher:?}");
        }
    }

    #[test]
    fn what_cannot_be_ordered_is_no_version() {
        for text in
            ["", "latest", "1.x", ">=1", "1..2", "1.2.3.4.5", "1.0-", "1.0.RELEASE", "1.0-ä", "+1", "1 "]
        {
            assert!(Version::parse(text).is_none(), "{text}");
        }
    }
}
