//! Points in time as the files spell them: TOML date-times in UTC, to the second.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use tenantry_token::UnixTime;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use toml::value::{Datetime, Offset};

/// A point in time as RFC 3339 spells it in UTC, such as `2026-03-01T09:00:00Z`; years outside 0 to 9999 as a number.
pub fn rfc3339(time: UnixTime) -> String {
    let date = OffsetDateTime::from_unix_timestamp(time.as_secs()).ok();
    date.and_then(|date| date.format(&Rfc3339).ok()).unwrap_or_else(|| time.to_string())
}

/// For `#[serde(with = …)]`.
pub(crate) fn serialize<S: Serializer>(time: &UnixTime, to: S) -> Result<S::Ok, S::Error> {
    let date: Datetime = rfc3339(*time).parse().map_err(serde::ser::Error::custom)?;
    date.serialize(to)
}

/// For `#[serde(with = …)]`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<UnixTime, D::Error> {
    let date = Datetime::deserialize(from)?;
    unix_time(&date)
        .ok_or_else(|| D::Error::custom("expected a time in UTC to the second, such as 2026-03-01T09:00:00Z"))
}

fn unix_time(date: &Datetime) -> Option<UnixTime> {
    // A leap second would be read as the second before it: two spellings of one time.
    let whole_second =
        date.time.is_some_and(|time| time.second.is_some_and(|s| s < 60) && time.nanosecond.is_none());
    let utc = date.offset == Some(Offset::Z);
    let parsed = OffsetDateTime::parse(&date.to_string(), &Rfc3339).ok()?;
    (whole_second && utc && date.date.is_some()).then(|| UnixTime::from_secs(parsed.unix_timestamp()))
}
