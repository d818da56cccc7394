//! The holes of the two articles' programs, by name. `README.md` repeats the tables; a test keeps both equal.

/// One thing that is wrong, and what of the gate must see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownHole {
    /// Short and stable.
    pub name: &'static str,
    /// What happens.
    pub wrong: &'static str,
    /// Requirement of the threat model, CVE or RFC.
    pub source: &'static str,
    /// Case of the gate that fails; `nobody` where no request of the gate's shows it.
    pub found_by: &'static str,
}

const fn hole(
    name: &'static str,
    found_by: &'static str,
    source: &'static str,
    wrong: &'static str,
) -> KnownHole {
    KnownHole { name, wrong, source, found_by }
}

/// Of `tenant-peek`, with a list of tenants.
pub(crate) const TENANT_PEEK: &[KnownHole] = &[
    hole(
        "refusal-names-the-tenant",
        "answers/unlisted-like-forged",
        "T-020, RFC 6750 §3.1",
        "an unlisted tenant gets 403 with its id, before the signature is looked at: anybody learns who is a customer",
    ),
    hole(
        "key-issuer-not-checked",
        "tenancy/key-for-personal-accounts",
        "T-013, Storm-0558",
        "a key published for others signs for the tenant",
    ),
    hole(
        "id-tokens-accepted",
        "kind/id-token-with-role",
        "T-016, RFC 8725 §3.11",
        "an ID token with the right audience is as good as an access token",
    ),
    hole(
        "app-only-accepted",
        "kind/program-where-people-are-due",
        "T-018",
        "a program with a role passes where people are meant",
    ),
    hole("scopes-not-asked", "kind/person-without-scope", "T-018, RFC 6750 §3.1", "`scp` is not read"),
    hole("no-object-id", "kind/nobody", "T-017", "callers without `oid` share one list of tasks"),
    hole(
        "proof-of-possession-as-bearer",
        "kind/bound-to-key",
        "T-016, RFC 7800 §3.1",
        "`cnf` is not read: a stolen bound token works",
    ),
    hole("any-typ", "kind/unknown-type", "T-016, RFC 8725 §3.11", "`typ` is not read"),
    hole(
        "crit-ignored",
        "forgery/critical-extension",
        "T-008, RFC 7515 §4.1.11, CVE-2025-59420",
        "critical header parameters are not understood, and accepted",
    ),
    hole("loose-base64", "forgery/padding", "T-002, RFC 4648 §3.5", "one token has many spellings"),
    hole(
        "expiry-optional",
        "lifetime/no-end",
        "T-015, RFC 7519 §4.1.4",
        "without `exp` a token lives for ever",
    ),
    hole("times-as-text", "lifetime/text", "T-015, RFC 7519 §2", "`exp` may be a text"),
    hole("no-lifetime-cap", "lifetime/ten-years", "T-015", "a token may live ten years"),
    hole(
        "audience-optional",
        "audience/missing",
        "T-014, RFC 8725 §3.9",
        "without `aud` a token is for everybody",
    ),
    hole(
        "one-audience-of-many",
        "audience/ours-last",
        "T-014",
        "a list counts if one entry fits: the other audiences can replay the token",
    ),
    hole("version-not-read", "version/number-of-the-other", "T-012", "`ver` may contradict the issuer"),
    hole(
        "role-found-in-text",
        "kind/roles-as-text",
        "T-018",
        "`roles` as a text is searched for the role: `NotAnAdminAtAll` is one",
    ),
    hole("500-on-odd-input", "shape/tenant-list", "T-020", "claims of odd types raise what nobody catches"),
    hole(
        "duplicate-members",
        "shape/tenant-twice-last-good",
        "T-004, RFC 8725 §3.7",
        "the last of two members counts, for others the first",
    ),
    hole(
        "first-of-two-headers",
        "placement/good-then-forged",
        "T-021",
        "two `Authorization` fields: the first counts",
    ),
    hole(
        "fetch-per-unknown-kid",
        "keys/flood-kid",
        "T-023",
        "every invented `kid` is a request to the provider, for anybody",
    ),
    hole(
        "miss-evicts",
        "keys/outage-new-key",
        "T-023",
        "an unknown `kid` throws the good keys away; in an outage that stops everybody",
    ),
    hole(
        "withdrawn-keys-live-on",
        "keys/withdrawal-unasked",
        "T-023",
        "keys are kept until an unknown `kid` comes",
    ),
    hole("500-in-an-outage", "keys/provider-error", "T-020", "no keys: 500 instead of 503"),
    hole(
        "guessable-ids",
        "nobody",
        "T-144",
        "ids count up over all tenants: they tell how much others write",
    ),
    hole(
        "open-fetches-for-strangers",
        "keys/flood-tid",
        "T-007, T-024",
        "with ALLOW_ANY_TENANT: a request, and a cache entry, for every invented `tid`",
    ),
    hole(
        "open-tid-in-the-path",
        "keys/tenant-as-path",
        "T-007, T-011",
        "with ALLOW_ANY_TENANT: unverified text in the provider's URL, `organizations` and personal accounts included",
    ),
];

/// Of `two-tenants`.
pub(crate) const TWO_TENANTS: &[KnownHole] = &[
    hole(
        "issuer-not-checked",
        "tenancy/issuer-other-host",
        "T-012, RFC 7519 §4.1.1",
        "issuer validation is off",
    ),
    hole(
        "any-organisation",
        "tenancy/rogue-tenant",
        "T-011",
        "any tenant whose key `organizations` publishes is in: the button was the only gate",
    ),
    hole("tid-not-read", "tenancy/tid-missing", "T-011", "a token without a tenant passes"),
    hole(
        "guests-of-strangers",
        "tenancy/guest-where-none-may",
        "T-011",
        "guests pass unseen, whoever invited them",
    ),
    hole(
        "address-decides-the-role",
        "isolation/delete",
        "T-011, T-018",
        "`?userType=employee` makes an employee of a partner and of a stranger",
    ),
    hole("one-list-per-button", "isolation/list", "T-140", "rows belong to the button, not to the tenant"),
    hole(
        "id-tokens-accepted",
        "kind/id-token-with-role",
        "T-016, RFC 8725 §3.11",
        "an ID token with the right audience is as good as an access token",
    ),
    hole(
        "app-only-accepted",
        "kind/program-where-people-are-due",
        "T-018",
        "a program passes where people are meant",
    ),
    hole("scopes-not-asked", "kind/person-without-scope", "T-018, RFC 6750 §3.1", "`scp` is not read"),
    hole("roles-not-asked", "kind/person-without-permission", "T-018", "`roles` is not read"),
    hole("no-object-id", "kind/nobody", "T-017", "nobody in particular is let in"),
    hole("proof-of-possession-as-bearer", "kind/bound-to-key", "T-016, RFC 7800 §3.1", "`cnf` is not read"),
    hole("any-typ", "kind/unknown-type", "T-016, RFC 8725 §3.11", "`typ` is not read"),
    hole(
        "crit-ignored",
        "forgery/critical-extension",
        "T-008, RFC 7515 §4.1.11",
        "critical header parameters are not understood, and accepted",
    ),
    hole(
        "kid-not-needed",
        "forgery/key-id-missing",
        "T-009",
        "an unknown `kid` means that every key is tried",
    ),
    hole("no-lifetime-cap", "lifetime/ten-years", "T-015", "a token may live ten years"),
    hole("one-audience-of-many", "audience/ours-last", "T-014", "a list counts if one entry fits"),
    hole("version-not-read", "version/number-of-the-other", "T-012", "version 1 and 2 are one to it"),
    hole("500-on-odd-input", "nobody", "T-020", "an address without a button raises what nobody catches"),
    hole(
        "withdrawn-keys-live-on",
        "keys/withdrawal-unasked",
        "T-023",
        "keys are kept until an unknown `kid` comes",
    ),
];
