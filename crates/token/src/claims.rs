//! The claims set as received: parsed once, proven by nobody yet. Private to this crate.

use serde::de::{IgnoredAny, MapAccess};

use crate::{
    Rejection,
    jws::json::{self, Anything, Member, Members, Names, OneOrList, Text},
};

macro_rules! claims {
    ($($(#[$doc:meta])* $name:literal => $field:ident: $type:ty,)*) => {
        /// The claims that the verdict looks at (Entra, "Access token claims reference"). Others are skipped.
        #[derive(Debug, Default)]
        pub(crate) struct Claims<'t> {
            $($(#[$doc])* pub(crate) $field: Member<$type>,)*
        }

        /// A claim that differs from one of these by letter case only is a trap for the next parser (T-027).
        const KNOWN: &[&str] = &[$($name),*];

        impl<'t> Members<'t> for Claims<'t> {
            fn set<A: MapAccess<'t>>(
                &mut self,
                name: Text<'t>,
                others: &mut Names<'t>,
                from: &mut A,
            ) -> Result<(), A::Error> {
                match &*name {
                    $($name if self.$field.is_present() => return Err(json::repeated()),
                    $name => self.$field = from.next_value()?,)*
                    other => {
                        refuse_twin(other)?;
                        others.note(name)?;
                        from.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(())
            }
        }
    };
}

claims! {
    "iss" => iss: Text<'t>,
    "tid" => tid: Text<'t>,
    "ver" => ver: Text<'t>,
    "aud" => aud: OneOrList<'t>,
    "exp" => exp: f64,
    "nbf" => nbf: f64,
    "iat" => iat: f64,
    "oid" => oid: Text<'t>,
    "sub" => sub: Text<'t>,
    "idp" => idp: Text<'t>,
    "acct" => acct: f64,
    "azp" => azp: Text<'t>,
    "appid" => appid: Text<'t>,
    "client_id" => client_id: Text<'t>,
    "azpacr" => azpacr: Text<'t>,
    "appidacr" => appidacr: Text<'t>,
    "scp" => scp: Text<'t>,
    "scope" => scope: Text<'t>,
    "roles" => roles: Vec<Text<'t>>,
    "idtyp" => idtyp: Text<'t>,
    "auth_time" => auth_time: f64,
    "amr" => amr: Vec<Text<'t>>,
    "acrs" => acrs: Vec<Text<'t>>,
    "uti" => uti: Text<'t>,
    "jti" => jti: Text<'t>,
    "name" => name: Text<'t>,
    "nonce" => nonce: Anything,
    "at_hash" => at_hash: Anything,
    "c_hash" => c_hash: Anything,
    "cnf" => cnf: Anything,
    "events" => events: Anything,
}

impl<'t> Claims<'t> {
    /// Reads the payload: one object, each member once (RFC 7519 §4, T-004).
    pub(crate) fn parse(bytes: &'t [u8]) -> Result<Self, Rejection> {
        json::object(bytes).map_err(|problem| Rejection::MalformedClaims { problem })
    }
}

fn refuse_twin<E: serde::de::Error>(name: &str) -> Result<(), E> {
    // Real claim names are lower case: most skip the comparison.
    if name.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Ok(());
    }
    let folds_to =
        |known: &&str| name.to_lowercase() == **known || name.to_uppercase().eq_ignore_ascii_case(known);
    match KNOWN.iter().find(|known| folds_to(known)) {
        Some(_) => Err(E::custom("a claim differs from a known one by letter case only")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::Claims;
    use crate::jws::json::Member;

    /// T-004: legal oddities pass.
    #[test]
    fn legal_oddities_parse() {
        for good in [
            "{}",
            " {\t\"iss\"\r\n: \"x\" } ",
            r#"{"\u0069ss":"x"}"#,
            r#"{"x":null,"big":1e999,"n":123456789012345678901234567890}"#,
            r#"{"name":"Zoë 🦀 \u00e9\ud83e\udd80"}"#,
            r#"{"nested":{"iss":1,"iss":2}}"#,
            r#"{"Groups":["a"],"XMS":1}"#,
        ] {
            assert!(Claims::parse(good.as_bytes()).is_ok(), "{good}");
        }
        assert_eq!(Claims::parse(br#"{"\u0069ss":"x"}"#).unwrap().iss, Member::Is("x".into()));
    }

    /// T-003, T-004, T-027.
    #[test]
    fn ambiguous_or_broken_claims_do_not_parse() {
        for bad in [
            "",
            "[]",
            "1",
            "{\"iss\":\"x\"",
            "{}{}",
            r#"{"iss":"a","iss":"a"}"#,
            r#"{"x":1,"x":1}"#,
            r#"{"tid":"a","\u0074id":"b"}"#,
            r#"{"Tid":"a"}"#,
            r#"{"TID":"a","tid":"a"}"#,
            r#"{"scp":"a","SCP":"b"}"#,
            "{\"i\u{17f}s\":\"x\"}",
            r#"{"a":01}"#,
            r#"{"a":+1}"#,
            r#"{'a':1}"#,
            r#"{"a":1,}"#,
            "{\"a\":\"\n\"}",
            "{\"a\":Infinity}",
        ] {
            assert!(Claims::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        let many = format!("{{{}}}", (0..5000).map(|i| format!("\"m{i}\":1")).collect::<Vec<_>>().join(","));
        assert!(Claims::parse(many.as_bytes()).is_err());
        let legal = format!("{{{}}}", (0..2000).map(|i| format!("\"m{i}\":1")).collect::<Vec<_>>().join(","));
        assert!(Claims::parse(legal.as_bytes()).is_ok());
        let repeats = legal.replacen("\"m1999\"", "\"m1500\"", 1);
        assert!(Claims::parse(repeats.as_bytes()).is_err());
        let deep = |levels: usize| format!("{{\"x\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(Claims::parse(deep(60).as_bytes()).is_ok());
        assert!(Claims::parse(deep(64).as_bytes()).is_err() && Claims::parse(deep(7000).as_bytes()).is_err());
        let wide = format!("{{\"x\":[{}],\"y\":\"{}\"}}", vec!["[]"; 500].join(","), "[\\\"".repeat(100));
        assert!(
            Claims::parse(wide.as_bytes()).is_ok(),
            "many lists beside each other, and brackets in a text"
        );
    }

    /// T-015, T-018: a wrong type is not an absence.
    #[test]
    fn types_are_kept_apart() {
        let claims =
            Claims::parse(br#"{"exp":"1","scp":["a"],"roles":"Admin","tid":null,"nbf":1.5,"aud":["a"]}"#)
                .unwrap();
        assert_eq!((claims.exp, claims.nbf), (Member::IllTyped, Member::Is(1.5)));
        assert_eq!((claims.scp, claims.roles), (Member::IllTyped, Member::IllTyped));
        assert_eq!((claims.tid, claims.iss), (Member::IllTyped, Member::Absent));
    }
}
