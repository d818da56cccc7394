//! Where in a request a token may be: in one `Authorization` field, and nowhere else (T-021).

use axum::http::{HeaderMap, HeaderValue, Uri, header};

use super::{Hole, Holes};
use crate::jose;

/// The token of a request. `Err`: something is there that cannot be read.
pub(super) fn token<'r>(uri: &'r Uri, headers: &'r HeaderMap, holes: Holes) -> Result<Option<&'r str>, ()> {
    let mut fields: Vec<&HeaderValue> = headers.get_all(header::AUTHORIZATION).iter().collect();
    if holes.has(Hole::LastHeaderWins) {
        fields.drain(..fields.len().saturating_sub(1));
    }
    if holes.has(Hole::FirstHeaderWins) {
        fields.truncate(1);
    }
    match fields[..] {
        [] => Ok(elsewhere(uri, headers, holes)),
        [field] => of_field(field, holes).map(Some),
        _ => Err(()),
    }
}

/// `Bearer`, in any case, spaces, one token.
fn of_field(field: &HeaderValue, holes: Holes) -> Result<&str, ()> {
    let text = field.to_str().map_err(|_| ())?;
    if holes.has(Hole::LowerCaseBearerRefused) && !text.starts_with("Bearer ") {
        return Err(());
    }
    if holes.has(Hole::AnyScheme) {
        return text.rsplit(' ').next().ok_or(());
    }
    jose::of_scheme_bearer(field).filter(|token| !token.contains([' ', ','])).ok_or(())
}

/// Places that only a hole reads.
fn elsewhere<'r>(uri: &'r Uri, headers: &'r HeaderMap, holes: Holes) -> Option<&'r str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let query = || {
        let pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(name, _)| matches!(*name, "access_token" | "token")).map(|(_, value)| value).next()
    };
    let cookie = || {
        let pairs = text("cookie")?.split("; ").filter_map(|pair| pair.split_once('='));
        pairs.map(|(_, value)| value).find(|value| value.starts_with("eyJ"))
    };
    let lookalike = || {
        let names = ["x-access-token", "x-authorization", "x-forwarded-access-token", "proxy-authorization"];
        let found = names.into_iter().find_map(text)?;
        Some(found.strip_prefix("Bearer ").unwrap_or(found))
    };
    let read = |hole, place: &dyn Fn() -> Option<&'r str>| if holes.has(hole) { place() } else { None };
    read(Hole::ReadsQuery, &query)
        .or_else(|| read(Hole::ReadsCookie, &cookie))
        .or_else(|| read(Hole::ReadsLookalikes, &lookalike))
}
