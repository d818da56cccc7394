//! The verdict told step by step, for operators: what was expected, what was seen.

use serde::Serialize;

use crate::{
    AuthorityKind, Credentials, KeyAnswer, Rejection, Step, UnixTime, Untrusted, Verifier, advice,
    checks::client_claim,
    claims::Claims,
    issuer::Origin,
    jws::{
        Compact, Header,
        json::{Member, OneOrList, Text},
    },
};

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing to object.
    Passed,
    /// This step refused the token.
    Refused,
    /// An earlier step had refused it.
    NotReached,
}

/// One of the ten steps.
#[derive(Clone, Debug, Serialize)]
pub struct StepReport {
    /// 1 to 10.
    pub number: u8,
    /// One or two words.
    pub title: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// What the verifier's configuration asks for.
    pub expected: String,
    /// What the token says: a stranger's word until step 6 has passed. Cut and escaped.
    pub seen: String,
}

/// Why a token is accepted or refused, step by step. For operators only: callers learn nothing of it (T-020).
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// `accepted`, or the stable code of the rejection.
    pub verdict: &'static str,
    /// The rejection in one sentence.
    pub reason: Option<String>,
    /// What to do about it.
    pub advice: Option<&'static str>,
    /// All ten, in order.
    pub steps: Vec<StepReport>,
}

impl Verifier {
    /// The same verdict as [`Verifier::verify`], told at length. Its facts are text: no claim leaves as data.
    pub fn explain(&self, credentials: Credentials<'_>, now: UnixTime) -> Explanation {
        let refused = self.verify(credentials, now).err();
        let facts = Facts::gather(self, credentials, now);
        let step = |step: Step| {
            let (expected, seen) = facts.of(step);
            StepReport {
                number: step.number(),
                title: step.title(),
                outcome: outcome(step, refused.as_ref()),
                expected,
                seen,
            }
        };
        Explanation {
            verdict: refused.as_ref().map_or("accepted", Rejection::code),
            reason: refused.as_ref().map(ToString::to_string),
            advice: refused.as_ref().map(|rejection| advice::on(rejection.code())),
            steps: Step::ALL.into_iter().map(step).collect(),
        }
    }
}

impl Explanation {
    /// Whether all ten steps passed.
    pub fn is_accepted(&self) -> bool {
        self.reason.is_none()
    }
}

fn outcome(step: Step, refused: Option<&Rejection>) -> Outcome {
    match refused.map(|rejection| step.cmp(&rejection.step())) {
        None | Some(std::cmp::Ordering::Less) => Outcome::Passed,
        Some(std::cmp::Ordering::Equal) => Outcome::Refused,
        Some(std::cmp::Ordering::Greater) => Outcome::NotReached,
    }
}

const NOTHING: &str = "(nothing readable)";

/// Expected and seen, as far as the token can be read at all.
struct Facts([(String, String); 10]);

impl Facts {
    fn of(&self, step: Step) -> (String, String) {
        self.0[usize::from(step.number()) - 1].clone()
    }

    fn gather(verifier: &Verifier, credentials: Credentials<'_>, now: UnixTime) -> Self {
        let token = credentials.token();
        let parts = token.and_then(|token| Compact::decode(token, verifier.policy().limits));
        let header = parts.as_ref().ok().and_then(|parts| Header::parse(parts.header()).ok());
        let claims = parts.as_ref().ok().and_then(|parts| Claims::parse(parts.payload()).ok());
        let read = Read { verifier, header: header.as_ref(), claims: claims.as_ref(), now };
        let form = match credentials.token() {
            Ok(token) => format!("{} bytes, {} parts", token.len(), token.split('.').count()),
            Err(rejection) => rejection.to_string(),
        };
        let form_expected = format!(
            "one bearer token, at most {} bytes, 3 parts",
            verifier.policy().limits.token_bytes_max()
        );
        Self([
            (form_expected, form),
            read.header(),
            read.issuer(),
            read.tenant(),
            read.key(),
            ("a good signature over the received bytes".into(), read.claimed_key_id()),
            read.lifetime(),
            read.audience(),
            read.kind(),
            read.client(),
        ])
    }
}

struct Read<'r> {
    verifier: &'r Verifier,
    header: Option<&'r Header<'r>>,
    claims: Option<&'r Claims<'r>>,
    now: UnixTime,
}

impl Read<'_> {
    fn origin(&self) -> Option<Origin<'_>> {
        Origin::claimed(self.claims?, self.verifier.policy().authorities()).ok()
    }

    fn claim(&self, of: impl Fn(&Claims<'_>) -> String) -> String {
        self.claims.map_or_else(|| NOTHING.to_owned(), of)
    }

    fn claimed_key_id(&self) -> String {
        let key_id = self.header.and_then(|header| header.key_id().ok());
        key_id.map_or_else(|| NOTHING.to_owned(), |key_id| format!("kid {}", Untrusted::new(key_id)))
    }

    fn header(&self) -> (String, String) {
        let algorithms =
            self.verifier.policy().authorities().iter().flat_map(|authority| authority.algorithms());
        let mut names: Vec<_> = algorithms.map(|algorithm| algorithm.name()).collect();
        names.dedup();
        let algorithm = self.header.and_then(Header::claimed_algorithm).map_or("(none)".to_owned(), shown);
        let seen = self
            .header
            .map_or_else(|| NOTHING.to_owned(), |_| format!("alg {algorithm}, {}", self.claimed_key_id()));
        (format!("alg {}, a kid, no keys, no extensions", names.join(" or ")), seen)
    }

    fn issuer(&self) -> (String, String) {
        let bases: Vec<_> = self.verifier.policy().authorities().iter().map(ToString::to_string).collect();
        let seen = self.claim(|claims| {
            format!("iss {}, tid {}, ver {}", text(&claims.iss), text(&claims.tid), text(&claims.ver))
        });
        (format!("an exact issuer of {}", bases.join(" or ")), seen)
    }

    fn tenant(&self) -> (String, String) {
        let seen = match self.origin() {
            None => self.claim(|claims| text(&claims.tid)),
            Some(origin) => {
                let admitted = self.verifier.tenants().admit(origin.claimed_tenant).is_some();
                format!(
                    "{} is {}",
                    origin.claimed_tenant,
                    if admitted { "on the list" } else { "not on the list, or not active" }
                )
            }
        };
        ("a tenant on the allow-list, and active".into(), seen)
    }

    fn key(&self) -> (String, String) {
        let expected = "a published key for this algorithm and issuer".to_owned();
        let (Some(origin), Some(Ok(key_id))) = (self.origin(), self.header.map(Header::key_id)) else {
            return (expected, NOTHING.into());
        };
        // As in the verdict: keys are not asked for strangers.
        if self.verifier.tenants().admit(origin.claimed_tenant).is_none() {
            return (expected, format!("kid {}, not looked up for this tenant", Untrusted::new(key_id)));
        }
        let seen = match self.verifier.keys().key(origin.authority, origin.claimed_tenant, key_id) {
            KeyAnswer::Key(key) => {
                let issuer = key
                    .issuer()
                    .map_or("no issuer named".to_owned(), |issuer| format!("issuer {}", shown(issuer)));
                format!("kid {}, {}, {issuer}", Untrusted::new(key_id), key.algorithm())
            }
            KeyAnswer::Unknown => format!("kid {} is not published", Untrusted::new(key_id)),
            KeyAnswer::Unavailable => "no key set at hand".into(),
        };
        (expected, seen)
    }

    fn lifetime(&self) -> (String, String) {
        let policy = self.verifier.policy();
        let expected =
            format!("now {} before exp and not before nbf, {} s of leeway", self.now, policy.leeway_s());
        let seen = self.claim(|claims| {
            format!("nbf {}, iat {}, exp {}", number(&claims.nbf), number(&claims.iat), number(&claims.exp))
        });
        (expected, seen)
    }

    fn audience(&self) -> (String, String) {
        let expected: Vec<_> = self.verifier.policy().audiences().iter().map(ToString::to_string).collect();
        let seen = self.claim(|claims| match &claims.aud {
            Member::Is(OneOrList::One(audience)) => shown(audience),
            Member::Is(OneOrList::List(list)) => {
                list.iter().map(|audience| shown(audience)).collect::<Vec<_>>().join(", ")
            }
            Member::IllTyped => "(not a text)".into(),
            Member::Absent => "(missing)".into(),
        });
        (expected.join(" or "), seen)
    }

    fn kind(&self) -> (String, String) {
        let seen = self.claim(|claims| {
            let marks = [
                ("idtyp", claims.idtyp.is_present()),
                ("scp", claims.scp.is_present()),
                ("roles", claims.roles.is_present()),
                ("oid", claims.oid.is_present()),
                ("nonce", claims.nonce.is_present()),
                ("cnf", claims.cnf.is_present()),
                ("acct", claims.acct.is_present()),
                ("idp", claims.idp.is_present()),
            ];
            let there: Vec<_> = marks.into_iter().filter_map(|(name, there)| there.then_some(name)).collect();
            format!("has {}", if there.is_empty() { "none of its marks".into() } else { there.join(", ") })
        });
        ("an access token: user (scp) or application, with oid, no nonce".into(), seen)
    }

    fn client(&self) -> (String, String) {
        let expected = match &self.verifier.policy().clients {
            None => "any client application".into(),
            Some(clients) if clients.len() > 5 => format!("one of {} client applications", clients.len()),
            Some(clients) => {
                let mut names: Vec<_> = clients.iter().map(ToString::to_string).collect();
                names.sort();
                names.join(" or ")
            }
        };
        let from_entra = self.origin().is_none_or(|origin| origin.authority.kind() != AuthorityKind::OpenId);
        let seen = self.claim(|claims| {
            let (claim, client) = client_claim(claims, from_entra);
            format!("{claim} {}", text(client))
        });
        (expected, seen)
    }
}

fn shown(text: &str) -> String {
    Untrusted::new(text).to_string()
}

fn text(member: &Member<Text<'_>>) -> String {
    match member {
        Member::Is(text) => shown(text),
        Member::IllTyped => "(not a text)".into(),
        Member::Absent => "(missing)".into(),
    }
}

fn number(member: &Member<f64>) -> String {
    match member {
        Member::Is(number) => number.to_string(),
        Member::IllTyped => "(not a number)".into(),
        Member::Absent => "(missing)".into(),
    }
}
