//! Strict reading of one JSON object: members once, types kept, the rest skipped (RFC 8259, T-004).

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::limits::{MEMBERS_MAX, NESTING_MAX};

/// A member as it was found. A wrong type is never the same as "absent" (T-015, CVE-2026-25537).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Member<T> {
    /// Not in the object.
    #[default]
    Absent,
    /// There, of the type that it must have.
    Is(T),
    /// There, of another type; `null` included.
    IllTyped,
}

impl<T> Member<T> {
    pub(crate) fn is_present(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    pub(crate) fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::IllTyped => None,
        }
    }
}

/// Text that stands in the object without escapes is borrowed from it.
pub(crate) type Text<'t> = Cow<'t, str>;

/// The types that members of interest have.
pub(crate) trait MemberType<'t>: Sized {
    fn text(_: Text<'t>) -> Option<Self> {
        None
    }
    fn number(_: f64) -> Option<Self> {
        None
    }
    fn list<A: SeqAccess<'t>>(mut items: A) -> Result<Option<Self>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl<'t> MemberType<'t> for Text<'t> {
    fn text(text: Text<'t>) -> Option<Self> {
        Some(text)
    }
}

impl<'t> MemberType<'t> for f64 {
    fn number(number: f64) -> Option<Self> {
        Some(number)
    }
}

impl<'t> MemberType<'t> for Vec<Text<'t>> {
    fn list<A: SeqAccess<'t>>(mut items: A) -> Result<Option<Self>, A::Error> {
        let mut texts = Some(Self::new());
        while let Some(item) = items.next_element::<Member<Text<'t>>>()? {
            match (item, &mut texts) {
                (Member::Is(text), Some(texts)) => texts.push(text),
                _ => texts = None,
            }
        }
        Ok(texts)
    }
}

/// One text, or a list of texts: the two forms of `aud` (RFC 7519 §4.1.3).
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OneOrList<'t> {
    One(Text<'t>),
    List(Vec<Text<'t>>),
}

impl<'t> MemberType<'t> for OneOrList<'t> {
    fn text(text: Text<'t>) -> Option<Self> {
        Some(Self::One(text))
    }
    fn list<A: SeqAccess<'t>>(items: A) -> Result<Option<Self>, A::Error> {
        Ok(<Vec<Text<'t>>>::list(items)?.map(Self::List))
    }
}

/// A member of which only the presence counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Anything;

impl<'t> MemberType<'t> for Anything {}

impl<'t, T: MemberType<'t>> Deserialize<'t> for Member<T> {
    fn deserialize<D: Deserializer<'t>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(MemberVisitor(std::marker::PhantomData))
    }
}

struct MemberVisitor<T>(std::marker::PhantomData<T>);

impl<'t, T: MemberType<'t>> Visitor<'t> for MemberVisitor<T> {
    type Value = Member<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Member<T>, E> {
        Ok(or_ill_typed(T::text(Cow::Borrowed(text))))
    }
    fn visit_str<E>(self, text: &str) -> Result<Member<T>, E> {
        Ok(or_ill_typed(T::text(Cow::Owned(text.to_owned()))))
    }
    // Exact for every whole number up to 2^53; anything larger fails the range checks just the same.
    fn visit_u64<E>(self, number: u64) -> Result<Member<T>, E> {
        Ok(or_ill_typed(T::number(number as f64)))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Member<T>, E> {
        Ok(or_ill_typed(T::number(number as f64)))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Member<T>, E> {
        Ok(or_ill_typed(T::number(number)))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Member<T>, E> {
        Ok(Member::IllTyped)
    }
    fn visit_unit<E>(self) -> Result<Member<T>, E> {
        Ok(Member::IllTyped)
    }
    fn visit_seq<A: SeqAccess<'t>>(self, items: A) -> Result<Member<T>, A::Error> {
        Ok(or_ill_typed(T::list(items)?))
    }
    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<Member<T>, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Member::IllTyped)
    }
}

fn or_ill_typed<T>(value: Option<T>) -> Member<T> {
    value.map_or(Member::IllTyped, Member::Is)
}

/// A member's name, borrowed where it has no escapes. Compared after unescaping (RFC 8259 §8.3).
struct Name<'t>(Text<'t>);

impl<'t> Deserialize<'t> for Name<'t> {
    fn deserialize<D: Deserializer<'t>>(from: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'t> Visitor<'t> for NameVisitor {
            type Value = Name<'t>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }
            fn visit_borrowed_str<E>(self, name: &'t str) -> Result<Name<'t>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }
            fn visit_str<E>(self, name: &str) -> Result<Name<'t>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        from.deserialize_str(NameVisitor)
    }
}

/// Names seen so far in one object: refuses repeats, in time linear in their number (T-003, T-004).
#[derive(Default)]
pub(crate) struct Names<'t> {
    few: Vec<Text<'t>>,
    more: Option<HashSet<Text<'t>>>,
}

/// Up to this many names a look at each is cheaper than a hash.
const FEW: usize = 24;

impl<'t> Names<'t> {
    /// Takes note of `name`.
    pub(crate) fn note<E: serde::de::Error>(&mut self, name: Text<'t>) -> Result<(), E> {
        if self.few.contains(&name) {
            return Err(repeated());
        }
        if self.few.len() < FEW {
            self.few.reserve_exact(FEW - self.few.len());
            self.few.push(name);
            return Ok(());
        }
        let more = self.more.get_or_insert_default();
        if more.len() >= MEMBERS_MAX {
            return Err(E::custom("too many members"));
        }
        if more.insert(name) { Ok(()) } else { Err(repeated()) }
    }
}

/// The refusal of a name that stands twice.
pub(crate) fn repeated<E: serde::de::Error>() -> E {
    E::custom("a member is repeated")
}

/// Whether objects and lists stand within each other beyond the limit (T-003). Skipped values are walked without
/// recursion; the limit is for whoever parses the token after us.
fn is_nested_too_deeply(json: &[u8]) -> bool {
    // Mostly there are few brackets at all. `[` and `{` differ in one bit, and pieces of 128 are counted in bytes: both
    // let the count be vectorised.
    let opens_in = |piece: &[u8]| piece.iter().map(|byte| u8::from(byte | 0x20 == b'{')).sum::<u8>();
    let opens: usize = json.chunks(128).map(|piece| usize::from(opens_in(piece))).sum();
    opens > NESTING_MAX && depth(json) > NESTING_MAX
}

/// The deepest nesting, brackets within texts left out.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// An object that is read member by member.
pub(crate) trait Members<'t>: Default {
    /// Takes one member. A known one that is present already is a repeat; of the others the names are kept.
    fn set<A: MapAccess<'t>>(
        &mut self,
        name: Text<'t>,
        others: &mut Names<'t>,
        from: &mut A,
    ) -> Result<(), A::Error>;
}

struct Object<T>(T);

impl<'t, T: Members<'t>> Deserialize<'t> for Object<T> {
    fn deserialize<D: Deserializer<'t>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(ObjectVisitor(std::marker::PhantomData))
    }
}

struct ObjectVisitor<T>(std::marker::PhantomData<T>);

impl<'t, T: Members<'t>> Visitor<'t> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<Object<T>, A::Error> {
        let (mut object, mut others) = (T::default(), Names::default());
        while let Some(Name(name)) = members.next_key()? {
            object.set(name, &mut others, &mut members)?;
        }
        Ok(Object(object))
    }
}

/// Reads one object and nothing after it.
pub(crate) fn object<'t, T: Members<'t>>(bytes: &'t [u8]) -> Result<T, &'static str> {
    // The whole text first: skipped strings are not looked into again.
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
    if is_nested_too_deeply(bytes) {
        return Err("nested too deeply");
    }
    let object: Result<Object<T>, _> = serde_json::from_str(text);
    object.map(|Object(object)| object).map_err(|fault| match fault.classify() {
        serde_json::error::Category::Eof => "ends too early",
        serde_json::error::Category::Syntax => "not one JSON object",
        _ => "not an object with each member once",
    })
}
