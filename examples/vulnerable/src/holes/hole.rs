//! Every hole: its name, what is wrong, who says so, and the case of the gate that must see it.

use std::str::FromStr;

use crate::KnownHole;

/// One enum and one table from one list, so that neither can have what the other has not.
macro_rules! holes {
    ($($hole:ident $name:literal $found_by:literal $source:literal $wrong:literal)*) => {
        /// A check that is taken out, or something foolish that is added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Hole { $(#[doc = $wrong] $hole,)* }

        impl Hole {
            /// All of them, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$hole,)*];
        }

        /// The table, in the order of [`Hole::ALL`].
        pub(crate) const KNOWN: &[KnownHole] =
            &[$(KnownHole { name: $name, wrong: $wrong, source: $source, found_by: $found_by },)*];
    };
}

holes! {
    IgnoresAllowList "ignores-allow-list" "tenancy/rogue-tenant" "T-011" "any tenant of the authority is let in"
    FoldsTenant "folds-tenant" "tenancy/tid-upper-case" "T-011" "`tid` in capitals is the same tenant"
    StrangersGet403 "strangers-get-403" "tenancy/unknown-tenant" "T-020" "an unlisted tenant gets another answer than a bad token: who is a customer shows"
    IgnoresIssuer "ignores-issuer" "tenancy/issuer-other-host" "T-012, RFC 7519 §4.1.1" "`iss` is not read"
    IssuerByPrefix "issuer-by-prefix" "tenancy/issuer-longer" "T-012, RFC 8725 §3.8" "`iss` need only begin as it should"
    IssuerOfAnyListed "issuer-of-any-listed" "tenancy/both-listed-and-not-the-same" "T-012, CVE-2025-55241" "`iss` may be another listed tenant's than `tid`"
    IgnoresKeyIssuer "ignores-key-issuer" "tenancy/key-for-personal-accounts" "T-013, Storm-0558" "a key published for others signs for everybody"
    AdmitsGuests "admits-guests" "tenancy/guest-where-none-may" "T-011" "guests come in although they are not let in"
    AcceptsIdTokens "accepts-id-tokens" "kind/nonce" "T-016, RFC 8725 §3.11" "an ID token is as good as an access token"
    AcceptsAppOnly "accepts-app-only" "kind/program-where-people-are-due" "T-018" "a program with a role passes where a person is due"
    AcceptsBoundTokens "accepts-bound-tokens" "kind/bound-to-key" "T-016, RFC 7800 §3.1" "a proof-of-possession token passes as a bearer's"
    AcceptsAnyTyp "accepts-any-typ" "kind/unknown-type" "T-016, RFC 8725 §3.11" "`typ` is not read"
    AcceptsNobody "accepts-nobody" "kind/nobody" "T-017" "`oid` may be missing"
    IgnoresScopes "ignores-scopes" "kind/person-without-scope" "T-018, RFC 6750 §3.1" "`scp` is not read"
    ScopeByPart "scope-by-part" "kind/scope-longer" "T-018" "a scope that contains the right one is enough"
    IgnoresRoles "ignores-roles" "kind/person-without-role" "T-018" "`roles` is not read"
    AcceptsNone "accepts-none" "forgery/none" "T-005, CVE-2015-9235" "`alg: none` needs no signature"
    HmacWithPublicKey "hmac-with-public-key" "forgery/hmac-with-pem" "T-005, CVE-2022-29217" "HS256 with the public key as the secret"
    ObeysJwk "obeys-jwk" "forgery/unknown-key-in-header" "T-007, CVE-2018-0114" "the header brings the key along"
    ObeysJku "obeys-jku" "forgery/key-address" "T-007, RFC 8725 §3.10" "the header says where the keys are (here: on this machine alone)"
    IgnoresKid "ignores-kid" "forgery/key-id-missing" "T-009" "every published key is tried"
    SkipsSignature "skips-signature" "forgery/unpublished-key" "T-010" "the signature is not looked at"
    IgnoresCrit "ignores-crit" "forgery/critical-extension" "T-008, CVE-2025-59420" "critical header parameters are not understood, and accepted"
    LooseBase64 "loose-base64" "forgery/padding" "T-002, RFC 4648 §3.5" "one token has many spellings"
    IgnoresExp "ignores-exp" "lifetime/expired" "T-015, RFC 7519 §4.1.4" "tokens live for ever"
    IgnoresNbf "ignores-nbf" "lifetime/not-yet-valid" "T-015, RFC 7519 §4.1.5" "tokens may be used before their time"
    ExpiryOptional "expiry-optional" "lifetime/no-end" "T-015" "without `exp` a token lives for ever"
    SkipsIllTypedExp "skips-ill-typed-exp" "lifetime/text" "T-015, CVE-2026-25537" "`exp` as a text is as good as none"
    ForgivesADay "forgives-a-day" "lifetime/expired" "T-015" "clocks may differ by a day"
    NoLifetimeCap "no-lifetime-cap" "lifetime/ten-years" "T-015" "a token may live ten years"
    IgnoresAudience "ignores-audience" "audience/another-api" "T-014, RFC 8725 §3.9" "`aud` is not read"
    AudienceOptional "audience-optional" "audience/missing" "T-014" "without `aud` a token is for everybody"
    AudienceByPrefix "audience-by-prefix" "audience/longer" "T-014, CVE-2024-5798" "`aud` need only begin as it should"
    FoldsAudience "folds-audience" "audience/case" "T-014" "`aud` in capitals is the same API"
    OneAudienceOfMany "one-audience-of-many" "audience/ours-last" "T-014" "a list counts if one entry fits"
    IgnoresVersion "ignores-version" "version/one-where-two-is-due" "T-012" "the other token version passes as well"
    LastDuplicateWins "last-duplicate-wins" "shape/tenant-twice-last-good" "T-004, RFC 8725 §3.7" "of two members with one name the last counts"
    FirstDuplicateWins "first-duplicate-wins" "shape/tenant-twice-first-good" "T-004, RFC 8725 §3.7" "of two members with one name the first counts"
    AcceptsTwins "accepts-twins" "shape/twin-beside-tenant" "T-027" "`Tid` beside `tid` is accepted: who folds case reads the other"
    RolesAsText "roles-as-text" "kind/roles-as-text" "T-018" "`roles` may be a text, which is searched"
    NoSizeLimit "no-size-limit" "shape/of-20-kib" "T-003, CVE-2025-30204" "tokens of any length are read"
    OddInputIs500 "odd-input-is-500" "shape/tenant-list" "T-020" "claims of odd types raise what nobody catches"
    ReadsQuery "reads-query" "placement/query" "T-021, RFC 9700 §4.3.2" "`?access_token=` is read: it ends up in logs"
    ReadsCookie "reads-cookie" "placement/cookie" "T-021" "a cookie is read: other sites can send it"
    ReadsLookalikes "reads-lookalikes" "placement/x-access-token" "T-021" "`X-Access-Token` and its like are read"
    FirstHeaderWins "first-header-wins" "placement/good-then-forged" "T-021, CVE-2021-32777" "of two `Authorization` fields the first counts"
    LastHeaderWins "last-header-wins" "placement/forged-then-good" "T-021, CVE-2021-32777" "of two `Authorization` fields the last counts"
    AnyScheme "any-scheme" "placement/no-scheme" "T-021, RFC 6750 §2.1" "the scheme need not be `Bearer`"
    RefusalEchoes "refusal-echoes" "answers/echo-of-issuer" "T-020" "refusals repeat claims and tell the cause"
    NoChallenge "no-challenge" "answers/challenge" "T-020, RFC 6750 §3" "401 without `WWW-Authenticate`"
    RemembersBySignature "remembers-by-signature" "memory/other-claims" "T-022" "a token with a remembered signature is not looked at again"
    RemembersByClaims "remembers-by-claims" "memory/other-signature" "T-022, CVE-2026-33496" "a token with remembered claims is not looked at again"
    RemembersByTokenId "remembers-by-token-id" "memory/same-token-id" "T-022" "a token with a remembered `uti` is not looked at again"
    RefetchesWithoutBound "refetches-without-bound" "keys/flood-kid" "T-023" "every unknown `kid` is a request to the provider"
    FetchesForStrangers "fetches-for-strangers" "keys/unlisted-tenant-asked" "T-007, T-024" "keys are fetched for tenants that nobody listed"
    KeepsWithdrawnKeys "keeps-withdrawn-keys" "keys/withdrawal" "T-023" "a withdrawn key works for ever"
    NeverRefreshes "never-refreshes" "keys/new-key" "T-023, OIDC Core §10.1.1" "keys are fetched once: rotation locks everybody out"
    MissEvicts "miss-evicts" "keys/outage-new-key" "T-023" "an unknown `kid` throws the good keys away"
    LowerCaseBearerRefused "lower-case-bearer-refused" "oddities/bearer-in-lower-case" "RFC 9110 §11.1" "`bearer` is not `Bearer`"
    LongTokensRefused "long-tokens-refused" "oddities/many-groups" "T-003" "tokens of more than 4 KiB are refused: Entra makes such"
    OtherAlphabetsRefused "other-alphabets-refused" "oddities/name-with-everything" "T-004" "names outside ASCII are refused"
    ListsEveryTenant "lists-every-tenant" "isolation/list" "T-140" "an Admin's list shows all tenants' tasks"
    OpensAnyId "opens-any-id" "isolation/by-id" "T-140, CWE-639" "whoever knows an id reads the task"
    DeletesAnyId "deletes-any-id" "isolation/delete" "T-140, CWE-639" "whoever knows an id deletes the task"
    SearchesEveryTenant "searches-every-tenant" "isolation/search" "T-140" "the search finds all tenants' tasks"
    ExportsEveryTenant "exports-every-tenant" "isolation/export" "T-140" "the export has all tenants' tasks"
    TellsExistence "tells-existence" "isolation/error-text" "T-144" "another tenant's id is 403 and quoted, nobody's is 404"
    BelievesTenantHeader "believes-tenant-header" "isolation/tenant-header" "T-011" "`X-Tenant-Id` says whose tasks they are"
}

/// Which holes are open. None by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holes(u128);

/// A name that no hole has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("VULNERABLE_HOLES: there is no hole `{0}`; README.md lists them")]
pub struct UnknownHole(String);

impl Hole {
    /// Its name and what is wrong.
    pub fn known(self) -> &'static KnownHole {
        &KNOWN[self as usize]
    }
}

impl Holes {
    /// These, and `hole` as well.
    #[must_use]
    pub fn with(self, hole: Hole) -> Self {
        Self(self.0 | 1 << hole as u128)
    }

    /// Whether `hole` is open.
    pub fn has(self, hole: Hole) -> bool {
        self.0 & 1 << hole as u128 != 0
    }
}

/// Names with commas, as in `VULNERABLE_HOLES`.
impl FromStr for Holes {
    type Err = UnknownHole;

    fn from_str(names: &str) -> Result<Self, UnknownHole> {
        let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(named).try_fold(Self::default(), |holes, hole| Ok(holes.with(hole?)))
    }
}

fn named(name: &str) -> Result<Hole, UnknownHole> {
    let found = Hole::ALL.iter().find(|hole| hole.known().name == name);
    found.copied().ok_or_else(|| UnknownHole(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Hole, Holes};

    #[test]
    fn names_are_read_and_slips_named() {
        let holes: Holes = "accepts-none, ignores-exp,".parse().unwrap();
        assert!(holes.has(Hole::AcceptsNone) && holes.has(Hole::IgnoresExp));
        assert!(!holes.has(Hole::IgnoresNbf));
        assert_eq!(Ok(Holes::default()), "".parse());
        let slip = "acepts-none".parse::<Holes>().unwrap_err();
        assert!(slip.to_string().contains("`acepts-none`"), "{slip}");
    }

    #[test]
    fn each_has_a_bit_and_a_name_of_its_own() {
        assert!(Hole::ALL.len() <= 128);
        let mut names: Vec<_> = Hole::ALL.iter().map(|hole| hole.known().name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Hole::ALL.len());
    }
}
