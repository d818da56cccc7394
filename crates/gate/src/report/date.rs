//! Points in time, as machines and as people read them. Always UTC.

use time::{
    OffsetDateTime,
    format_description::{BorrowedFormatItem, well_known::Rfc3339},
    macros::format_description,
};

const TO_THE_MINUTE: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
const TO_THE_DAY: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year]");

/// `2026-03-01T09:00:00Z`; years after 9999 as a number.
pub(super) fn rfc3339(unix_s: u64) -> String {
    let formatted = date(unix_s).and_then(|date| date.format(&Rfc3339).ok());
    formatted.unwrap_or_else(|| unix_s.to_string())
}

/// `1 March 2026, 09:00 UTC`.
pub(super) fn minute(unix_s: u64) -> String {
    shown(unix_s, TO_THE_MINUTE)
}

/// `1 March 2026`.
pub(super) fn day(unix_s: u64) -> String {
    shown(unix_s, TO_THE_DAY)
}

/// `0.4 s`, `21 s`, `2 min 5 s`.
pub(super) fn span(ms: u64) -> String {
    match ms / 1000 {
        0..10 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        s @ 10..60 => format!("{s} s"),
        s => format!("{} min {} s", s / 60, s % 60),
    }
}

fn shown(unix_s: u64, format: &[BorrowedFormatItem<'_>]) -> String {
    let formatted = date(unix_s).and_then(|date| date.format(&format).ok());
    formatted.unwrap_or_else(|| format!("{unix_s} seconds after 1970"))
}

fn date(unix_s: u64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(i64::try_from(unix_s).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_spans() {
        assert_eq!(rfc3339(1_772_355_600), "2026-03-01T09:00:00Z");
        assert_eq!(minute(1_772_355_600), "1 March 2026, 09:00 UTC");
        assert_eq!(day(1_772_355_600), "1 March 2026");
        assert_eq!(
            [rfc3339(u64::MAX), day(u64::MAX)],
            ["18446744073709551615", "18446744073709551615 seconds after 1970"]
        );
        assert_eq!([span(420), span(21_480), span(125_000)], ["0.4 s", "21 s", "2 min 5 s"]);
    }
}
