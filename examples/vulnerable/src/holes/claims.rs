//! Checks of claims, each a step of `validator.rs`.

use serde_json::Value;

use super::validator::{Denied, denied};
use super::{Hole, Holes};
use crate::Config;
use crate::jose::Object;

/// Clocks may differ by this much, in seconds.
const LEEWAY_S: f64 = 60.0;
/// The longest life of a token, in seconds: two days. Entra's longest live 28 hours.
const LIFETIME_MAX_S: f64 = 48.0 * 3600.0;
/// The delegated scope that the registration defines.
const SCOPE: &str = "access_as_user";

/// Claims that decide something.
const COUNT: &[&str] = &[
    "acct", "appid", "aud", "azp", "cnf", "exp", "iat", "idp", "idtyp", "iss", "nbf", "oid", "roles", "scp",
    "sub", "tid", "ver",
];

/// What is looked at.
pub(super) struct Checks<'t> {
    pub(super) config: &'t Config,
    pub(super) holes: Holes,
    pub(super) claims: &'t Object,
}

impl<'t> Checks<'t> {
    /// A claim that is text.
    pub(super) fn text(&self, name: &str) -> Option<&'t str> {
        self.claims.get(name)?.as_str()
    }

    /// No name that differs from one that counts in letter case alone (T-027).
    pub(super) fn twins(&self) -> Result<(), Denied> {
        let is_twin =
            |name: &String| COUNT.iter().any(|counts| name != counts && name.eq_ignore_ascii_case(counts));
        if self.claims.keys().any(is_twin) && !self.holes.has(Hole::AcceptsTwins) {
            return Err(denied("a claim has a twin in other letters"));
        }
        Ok(())
    }

    /// Whose organisation: before any key is looked for (T-011).
    pub(super) fn tenant(&self) -> Result<&'t str, Denied> {
        let is_odd = |name: &&str| self.claims.get(*name).is_some_and(|claim| !claim.is_string());
        if self.holes.has(Hole::OddInputIs500) && ["tid", "iss", "oid", "sub", "scp"].iter().any(is_odd) {
            return Err(Denied::Uncaught);
        }
        if self.holes.has(Hole::OtherAlphabetsRefused) && !self.text("name").unwrap_or_default().is_ascii() {
            return Err(denied("the name has strange letters"));
        }
        let tenant = self.text("tid").ok_or_else(|| denied("there is no tenant"))?;
        let folded = tenant.to_ascii_lowercase();
        let spelled = if self.holes.has(Hole::FoldsTenant) { &folded } else { tenant };
        if self.config.lists(spelled) || self.holes.has(Hole::IgnoresAllowList) {
            return Ok(tenant);
        }
        if self.holes.has(Hole::StrangersGet403) {
            return Err(Denied::Stranger);
        }
        Err(denied(format!("tenant {tenant} is not on the list")))
    }

    pub(super) fn version(&self) -> Result<(), Denied> {
        let expected = format!("{}.0", self.config.token_version);
        if self.text("ver") == Some(&expected) || self.holes.has(Hole::IgnoresVersion) {
            return Ok(());
        }
        Err(denied("another token version"))
    }

    /// `iss` belongs to `tid` (T-012).
    pub(super) fn issuer(&self, tenant: &str) -> Result<(), Denied> {
        let found = self.text("iss").unwrap_or_default();
        let tenant_as_listed = tenant.to_ascii_lowercase();
        let fits = |config: &Config, tenant: &str| {
            let expected = config.issuer_of(tenant);
            let folded = self.holes.has(Hole::FoldsTenant)
                && found.eq_ignore_ascii_case(&config.issuer_of(&tenant_as_listed));
            found == expected
                || folded
                || (self.holes.has(Hole::IssuerByPrefix) && found.starts_with(&expected))
        };
        let other_listed = || {
            let listed = match &self.config.tenants {
                crate::Tenants::Listed(listed) => &listed[..],
                crate::Tenants::Any => &[],
            };
            self.holes.has(Hole::IssuerOfAnyListed) && listed.iter().any(|tenant| fits(self.config, tenant))
        };
        let other_version = || self.holes.has(Hole::IgnoresVersion) && fits(&self.other_version(), tenant);
        if fits(self.config, tenant)
            || self.holes.has(Hole::IgnoresIssuer)
            || other_listed()
            || other_version()
        {
            return Ok(());
        }
        Err(denied(format!("issuer {found} is not {tenant}'s")))
    }

    fn other_version(&self) -> Config {
        Config { token_version: 3 - self.config.token_version, ..self.config.clone() }
    }

    /// `exp` and `nbf` (T-015).
    pub(super) fn lifetime(&self) -> Result<(), Denied> {
        #[allow(clippy::cast_precision_loss, reason = "exact for the next 285 million years")]
        let now = jsonwebtoken::get_current_timestamp() as f64;
        let leeway = if self.holes.has(Hole::ForgivesADay) { 86_400.0 } else { LEEWAY_S };
        let exp = self.time("exp")?;
        if exp.is_none() && !self.holes.has(Hole::ExpiryOptional) && !self.holes.has(Hole::SkipsIllTypedExp) {
            return Err(denied("there is no expiry"));
        }
        if exp.is_some_and(|exp| exp + leeway <= now) && !self.holes.has(Hole::IgnoresExp) {
            return Err(denied("the token has expired"));
        }
        if exp.is_some_and(|exp| exp > now + LIFETIME_MAX_S) && !self.holes.has(Hole::NoLifetimeCap) {
            return Err(denied("the token lives too long"));
        }
        let (nbf, iat) = (self.time("nbf")?, self.time("iat")?);
        let early = [nbf, iat].into_iter().flatten().any(|time| time > now + leeway);
        if early && !self.holes.has(Hole::IgnoresNbf) {
            return Err(denied("the token is not valid yet"));
        }
        if exp.zip(nbf).is_some_and(|(exp, nbf)| exp <= nbf) {
            return Err(denied("the token ends before it begins"));
        }
        Ok(())
    }

    /// A number, or nothing. A wrong type is a refusal, never "absent" (CVE-2026-25537).
    fn time(&self, name: &str) -> Result<Option<f64>, Denied> {
        match self.claims.get(name) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(number.as_f64()),
            Some(_) if name == "exp" && self.holes.has(Hole::SkipsIllTypedExp) => Ok(None),
            Some(_) => Err(denied(format!("{name} is no number"))),
        }
    }

    /// Exactly this API (T-014).
    pub(super) fn audience(&self) -> Result<(), Denied> {
        let expected = self.config.audience();
        let is_ours = |found: &str| {
            found == expected
                || (self.holes.has(Hole::AudienceByPrefix) && found.starts_with(&expected))
                || (self.holes.has(Hole::FoldsAudience) && found.eq_ignore_ascii_case(&expected))
                || (self.holes.has(Hole::IgnoresVersion) && found == self.other_version().audience())
        };
        let fits = match self.claims.get("aud") {
            Some(Value::String(found)) => is_ours(found),
            Some(Value::Array(list)) => {
                let mut ours = list.iter().map(|found| found.as_str().is_some_and(is_ours));
                if self.holes.has(Hole::OneAudienceOfMany) {
                    ours.any(|o| o)
                } else {
                    list.len() == 1 && ours.all(|o| o)
                }
            }
            None => self.holes.has(Hole::AudienceOptional),
            Some(_) => false,
        };
        if fits || self.holes.has(Hole::IgnoresAudience) {
            Ok(())
        } else {
            Err(denied("the audience is another"))
        }
    }

    /// An access token of somebody, for a bearer (T-016, T-017).
    pub(super) fn kind(&self) -> Result<(), Denied> {
        let has = |names: &[&str]| names.iter().any(|name| self.claims.contains_key(*name));
        let client = if self.text("ver") == Some("1.0") { "appid" } else { "azp" };
        let id_token = !has(&[client]) || has(&["nonce", "at_hash", "c_hash", "events"]);
        if id_token && !self.holes.has(Hole::AcceptsIdTokens) {
            return Err(denied("this is no access token"));
        }
        if has(&["cnf"]) && !self.holes.has(Hole::AcceptsBoundTokens) {
            return Err(denied("the token is bound to a key"));
        }
        let nobody = !self.text("oid").is_some_and(is_guid) || self.text("sub").is_none_or(str::is_empty);
        if nobody && !self.holes.has(Hole::AcceptsNobody) {
            return Err(denied("there is no object id, or no subject"));
        }
        Ok(())
    }

    /// Somebody else's people.
    pub(super) fn guest(&self) -> Result<(), Denied> {
        let guest = self.claims.contains_key("idp") || self.claims.get("acct").is_some_and(|acct| *acct != 0);
        if guest && !self.holes.has(Hole::AdmitsGuests) {
            return Err(denied("guests are not let in"));
        }
        Ok(())
    }

    /// The scope as a word, and one of `roles` as an entry of the list (T-018).
    pub(super) fn permission(&self, roles: &[&str]) -> Result<(), Denied> {
        let scopes = self.text("scp");
        let has_scope = scopes.is_some_and(|scopes| {
            scopes.split(' ').any(|s| s == SCOPE)
                || (self.holes.has(Hole::ScopeByPart) && scopes.contains(SCOPE))
        });
        // A program with a scope beside it is a program: nobody is behind it.
        let program = scopes.is_none() || self.text("idtyp") == Some("app");
        let due = if program { self.holes.has(Hole::AcceptsAppOnly) } else { has_scope };
        if !due && !self.holes.has(Hole::IgnoresScopes) {
            return Err(Denied::Permission("the scope is missing"));
        }
        let has_role = match self.claims.get("roles") {
            Some(Value::Array(held)) => held.iter().any(|role| roles.iter().any(|wanted| role == wanted)),
            Some(Value::String(text)) if self.holes.has(Hole::RolesAsText) => {
                roles.iter().any(|r| text.contains(r))
            }
            _ => false,
        };
        if !has_role && !self.holes.has(Hole::IgnoresRoles) {
            return Err(Denied::Permission("the role is missing"));
        }
        Ok(())
    }
}

/// 8-4-4-4-12 hexadecimal digits.
fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}
