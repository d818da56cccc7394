//! JSON objects whose members have one name each, or not.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Hole, Holes};
use crate::jose::Object;

/// One object and nothing after it. Of the top level alone: what is inside is nobody's business here (RFC 8725 §3.7).
pub(super) fn object(bytes: &[u8], holes: Holes) -> Option<Object> {
    let Members(mut members) = serde_json::from_slice(bytes).ok()?;
    if holes.has(Hole::FirstDuplicateWins) {
        members.reverse();
    }
    let count = members.len();
    let object: Object = members.into_iter().collect();
    let tolerated = holes.has(Hole::FirstDuplicateWins) || holes.has(Hole::LastDuplicateWins);
    (tolerated || object.len() == count).then_some(object)
}

/// All members, repeated ones as often as they are there.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Every;
        impl<'de> Visitor<'de> for Every {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Every)
    }
}

#[cfg(test)]
mod tests {
    use super::{Hole, Holes, object};

    #[test]
    fn twins_are_refused_or_one_of_them_wins() {
        let twins = br#"{"a":1,"a":2}"#;
        assert_eq!(object(twins, Holes::default()), None);
        for (hole, wins) in [(Hole::FirstDuplicateWins, 1), (Hole::LastDuplicateWins, 2)] {
            assert_eq!(object(twins, Holes::default().with(hole)).unwrap()["a"], wins);
        }
        assert!(object(br#"{"a":{"b":1,"b":2}}"#, Holes::default()).is_some(), "inside");
        assert!(object(b"{} {}", Holes::default()).is_none());
        assert!(object(b"[]", Holes::default()).is_none());
    }
}
