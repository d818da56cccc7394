//! Optional claims: what a registration asks for beyond the usual (Entra, "Optional claims reference").

use serde_json::{Value, json};

use super::claims::{Circumstances, login_hint};
use crate::world::{Account, OptionalClaim, Tenant};

/// Where every directory of the simulator lies, as its metadata says.
const REGION: &str = "WW";
/// Whence every sign-in comes.
pub(super) const ADDRESS: &str = "127.0.0.1";

/// What a token about a person says for `claim`; nothing when the fact is not known, or the claim is not about people.
pub(super) fn of_person(
    claim: OptionalClaim,
    account: &Account<'_>,
    at: &Circumstances,
) -> Option<(&'static str, Value)> {
    let value = match claim {
        OptionalClaim::Acct => ("acct", json!(u8::from(account.is_guest()))),
        OptionalClaim::AuthTime => ("auth_time", json!(at.auth_time?)),
        OptionalClaim::Ctry => ("ctry", json!(account.country()?)),
        OptionalClaim::Email => ("email", json!(account.email())),
        OptionalClaim::FamilyName => ("family_name", json!(names(account).1)),
        OptionalClaim::GivenName => ("given_name", json!(names(account).0)),
        OptionalClaim::Ipaddr => ("ipaddr", json!(ADDRESS)),
        OptionalClaim::LoginHint => ("login_hint", json!(login_hint(account))),
        OptionalClaim::Sid => ("sid", json!(at.session_id.as_ref()?)),
        OptionalClaim::Upn if account.is_guest() => return None,
        OptionalClaim::Upn | OptionalClaim::UpnWithGuests => ("upn", json!(account.user.upn)),
        OptionalClaim::UpnWithGuestsWithoutHash => ("upn", json!(without_hash(&account.user.upn))),
        OptionalClaim::VerifiedPrimaryEmail if !account.email_is_verified() => return None,
        OptionalClaim::VerifiedPrimaryEmail => ("verified_primary_email", json!([account.email()])),
        OptionalClaim::XmsEdov => ("xms_edov", json!(account.email_is_verified())),
        OptionalClaim::Acrs if !at.auth_contexts.is_empty() => ("acrs", json!(at.auth_contexts)),
        claim => return of_anybody(claim, account.tenant, at),
    };
    Some(value)
}

/// What a token about a person or a program says for `claim`.
pub(super) fn of_anybody(
    claim: OptionalClaim,
    tenant: &Tenant,
    at: &Circumstances,
) -> Option<(&'static str, Value)> {
    match claim {
        OptionalClaim::TenantCtry => Some(("tenant_ctry", json!(tenant.country.as_ref()?))),
        OptionalClaim::TenantRegionScope => Some(("tenant_region_scope", json!(REGION))),
        OptionalClaim::XmsCc if !at.client_capabilities.is_empty() => {
            Some(("xms_cc", json!(at.client_capabilities)))
        }
        _ => None,
    }
}

/// First name, and the rest.
pub(super) fn names<'w>(account: &Account<'w>) -> (&'w str, &'w str) {
    let name = account.user.display_name.as_str();
    name.split_once(' ').unwrap_or((name, ""))
}

/// `…_EXT_@…` instead of `…#EXT#@…`.
fn without_hash(upn: &str) -> String {
    upn.replace('#', "_")
}
