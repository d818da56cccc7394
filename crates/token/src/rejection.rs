//! Why a token was refused: a stable code, facts as fields, and one text for us. Callers learn none of it.

use crate::{Authority, TenantId, UnixTime, Untrusted};

/// The ten steps of the verdict, in their order. The number is the one of the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Step {
    /// One bearer token, bounded, three strict base64url parts.
    Form = 1,
    /// The JOSE header: algorithm, key id, nothing foreign.
    Header = 2,
    /// Claims name one authority and one tenant.
    Issuer = 3,
    /// The tenant is on the allow-list and active.
    Tenant = 4,
    /// A published key that belongs to the issuer.
    Key = 5,
    /// The signature.
    Signature = 6,
    /// `exp`, `nbf` and `iat`.
    Lifetime = 7,
    /// Issued for this resource.
    Audience = 8,
    /// An access token of a user or an application, with an identity.
    Kind = 9,
    /// A calling application that may call.
    Client = 10,
}

impl Step {
    /// All steps in order.
    pub const ALL: [Self; 10] = [
        Self::Form,
        Self::Header,
        Self::Issuer,
        Self::Tenant,
        Self::Key,
        Self::Signature,
        Self::Lifetime,
        Self::Audience,
        Self::Kind,
        Self::Client,
    ];

    /// Its number, 1 to 10.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// Its name, one or two words, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Header => "header",
            Self::Issuer => "issuer",
            Self::Tenant => "tenant gate",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Lifetime => "lifetime",
            Self::Audience => "audience",
            Self::Kind => "kind",
            Self::Client => "client",
        }
    }
}

/// Why a token was refused. `Display` is for the operator's log: what the token said is cut and escaped there. Callers
/// get the same generic answer for all of them (T-020).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// No `Authorization` field, or one of another scheme.
    #[error("no bearer token was sent")]
    NoToken,
    /// More than one `Authorization` field (RFC 6750 §2).
    #[error("more than one `Authorization` field was sent")]
    SeveralCredentials,
    /// Not `Bearer` and one token (RFC 6750 §2.1).
    #[error("the `Authorization` field is not `Bearer` followed by one token")]
    MalformedCredentials,
    /// Longer than [`crate::Limits`] allows.
    #[error("the token has {bytes} bytes, at most {bytes_max} are looked at")]
    TokenTooLarge {
        /// Its length.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// Not three non-empty parts of strict base64url.
    #[error("not a signed token in compact form: {problem}")]
    MalformedToken {
        /// Which rule it breaks.
        problem: &'static str,
    },
    /// The header is not one JSON object with each member once.
    #[error("the header is {problem}")]
    MalformedHeader {
        /// Which rule it breaks.
        problem: &'static str,
    },
    /// `crit`, `b64`, or a member that belongs to encryption or compression.
    #[error("the header has `{member}`, which is not supported")]
    ForbiddenHeader {
        /// The member.
        member: &'static str,
    },
    /// A key, or a link to one, in the header. It is not followed.
    #[error("the header brings its own key in `{member}`")]
    KeyInHeader {
        /// The member.
        member: &'static str,
    },
    /// `alg` is not on the authority's list.
    #[error("algorithm `{found}` is not on the list")]
    Algorithm {
        /// What the header says.
        found: Untrusted,
    },
    /// `kid` is not a bounded text.
    #[error("the key id is {problem}")]
    KeyId {
        /// Which rule it breaks.
        problem: &'static str,
    },
    /// The payload is not one JSON object with each member once.
    #[error("the claims are {problem}")]
    MalformedClaims {
        /// Which rule it breaks.
        problem: &'static str,
    },
    /// `tid` is not a GUID in canonical spelling.
    #[error("`tid` is `{found}`, expected a GUID in lower case")]
    TenantId {
        /// What the token says.
        found: Untrusted,
    },
    /// `ver` is neither `1.0` nor `2.0`.
    #[error("`ver` is `{found}`, expected `1.0` or `2.0`")]
    Version {
        /// What the token says.
        found: Untrusted,
    },
    /// `iss` is not the exact issuer of any authority, for this `tid` and `ver`.
    #[error("issuer `{found}` is not one of the configured authorities' for this tenant and version")]
    Issuer {
        /// What the token says.
        found: Untrusted,
    },
    /// The tenant is not on the allow-list, or not active.
    #[error("tenant `{claimed}` is not active here")]
    Tenant {
        /// The tenant that the token claims.
        claimed: TenantId,
    },
    /// The authority publishes no such key for the tenant.
    #[error("`{authority}` publishes no key `{key_id}` for tenant `{tenant}`")]
    UnknownKey {
        /// The authority.
        authority: Authority,
        /// An allowed tenant: it has passed the gate.
        tenant: TenantId,
        /// The key id in the header.
        key_id: Untrusted,
    },
    /// No key set is at hand: the one rejection that is not the token's fault.
    #[error("no keys of `{authority}` for tenant `{tenant}` are at hand")]
    KeysUnavailable {
        /// The authority.
        authority: Authority,
        /// An allowed tenant: it has passed the gate.
        tenant: TenantId,
    },
    /// The key is published for another issuer.
    #[error("key `{key_id}` is published for another issuer than tenant `{tenant}`'s")]
    KeyIssuer {
        /// The key id in the header.
        key_id: Untrusted,
        /// The tenant that the token claims.
        tenant: TenantId,
    },
    /// The key is for another algorithm than the header's.
    #[error("key `{key_id}` is not for algorithm `{found}`")]
    KeyAlgorithm {
        /// The key id in the header.
        key_id: Untrusted,
        /// The header's algorithm.
        found: &'static str,
    },
    /// The signature does not verify.
    #[error("the signature does not verify with key `{key_id}`")]
    Signature {
        /// The key that was tried.
        key_id: Untrusted,
    },
    /// Past its `exp`.
    #[error("expired at {at}, it is {now}")]
    Expired {
        /// `exp`.
        at: UnixTime,
        /// When it was judged.
        now: UnixTime,
    },
    /// Before its `nbf`, or issued in the future.
    #[error("not valid before {at}, it is {now}")]
    NotYetValid {
        /// `nbf` or `iat`.
        at: UnixTime,
        /// When it was judged.
        now: UnixTime,
    },
    /// A time claim is missing, ill-typed, out of range, or the three do not make a sensible span.
    #[error("`{claim}` {problem}")]
    Lifetime {
        /// The claim.
        claim: &'static str,
        /// Which rule it breaks.
        problem: &'static str,
    },
    /// Issued for somebody else.
    #[error("the token is for `{found}`, which is not this resource")]
    Audience {
        /// What the token says.
        found: Untrusted,
    },
    /// Not an access token, or neither a user's nor an application's.
    #[error("not an access token for an API: {problem}")]
    Kind {
        /// What gives it away.
        problem: &'static str,
    },
    /// A claim that says who is calling is missing or ill-typed.
    #[error("`{claim}` {problem}")]
    Identity {
        /// The claim.
        claim: &'static str,
        /// Which rule it breaks.
        problem: &'static str,
    },
    /// A guest, in a tenant whose guests are not let in.
    #[error("guests of tenant `{tenant}` are not let in")]
    Guest {
        /// The tenant that invited the guest.
        tenant: TenantId,
    },
    /// The calling application is not on the list.
    #[error("application `{found}` is not one of the allowed clients")]
    Client {
        /// What the token says.
        found: Untrusted,
    },
}

impl Rejection {
    /// Stable name of the reason: tests, metrics, vectors and the audit log key on it. Not for callers.
    pub fn code(&self) -> &'static str {
        self.code_and_step().0
    }

    /// The step that refused.
    pub fn step(&self) -> Step {
        self.code_and_step().1
    }

    /// Every code with its step, in order: the documentation and the vectors are checked against it.
    pub const CODES: [(&'static str, Step); 28] = [
        ("no_token", Step::Form),
        ("several_credentials", Step::Form),
        ("malformed_credentials", Step::Form),
        ("token_too_large", Step::Form),
        ("malformed_token", Step::Form),
        ("malformed_header", Step::Header),
        ("forbidden_header", Step::Header),
        ("key_in_header", Step::Header),
        ("algorithm", Step::Header),
        ("key_id", Step::Header),
        ("malformed_claims", Step::Issuer),
        ("tenant_id", Step::Issuer),
        ("version", Step::Issuer),
        ("issuer", Step::Issuer),
        ("tenant", Step::Tenant),
        ("unknown_key", Step::Key),
        ("keys_unavailable", Step::Key),
        ("key_issuer", Step::Key),
        ("key_algorithm", Step::Key),
        ("signature", Step::Signature),
        ("expired", Step::Lifetime),
        ("not_yet_valid", Step::Lifetime),
        ("lifetime", Step::Lifetime),
        ("audience", Step::Audience),
        ("kind", Step::Kind),
        ("identity", Step::Kind),
        ("guest", Step::Kind),
        ("client", Step::Client),
    ];

    fn code_and_step(&self) -> (&'static str, Step) {
        Self::CODES[match self {
            Self::NoToken => 0,
            Self::SeveralCredentials => 1,
            Self::MalformedCredentials => 2,
            Self::TokenTooLarge { .. } => 3,
            Self::MalformedToken { .. } => 4,
            Self::MalformedHeader { .. } => 5,
            Self::ForbiddenHeader { .. } => 6,
            Self::KeyInHeader { .. } => 7,
            Self::Algorithm { .. } => 8,
            Self::KeyId { .. } => 9,
            Self::MalformedClaims { .. } => 10,
            Self::TenantId { .. } => 11,
            Self::Version { .. } => 12,
            Self::Issuer { .. } => 13,
            Self::Tenant { .. } => 14,
            Self::UnknownKey { .. } => 15,
            Self::KeysUnavailable { .. } => 16,
            Self::KeyIssuer { .. } => 17,
            Self::KeyAlgorithm { .. } => 18,
            Self::Signature { .. } => 19,
            Self::Expired { .. } => 20,
            Self::NotYetValid { .. } => 21,
            Self::Lifetime { .. } => 22,
            Self::Audience { .. } => 23,
            Self::Kind { .. } => 24,
            Self::Identity { .. } => 25,
            Self::Guest { .. } => 26,
            Self::Client { .. } => 27,
        }]
    }
}
