//! Where to begin reading, as it is typed; and times, as they are shown.

use std::fmt;
use std::str::FromStr;

use client::Start;
use model::{Offset, Timestamp};

/// `beginning`, `end`, an offset or a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(pub(crate) Start);

/// A text that is none of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected 'beginning', 'end', an offset, or a time such as 2026-01-31T12:00:00Z, @1767225600000 (milliseconds) or -15m (ago: s, m, h, d)"
)]
pub(crate) struct NotAPlace;

impl FromStr for Place {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let start = match text {
            "beginning" | "earliest" => Start::Beginning,
            "end" | "latest" => Start::End,
            _ if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                let offset = text.parse().ok().and_then(Offset::from_wire);
                Start::At(offset.ok_or(NotAPlace)?)
            }
            _ => Start::Time(parse_time(text, now_millis()).ok_or(NotAPlace)?),
        };
        Ok(Self(start))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Start::Beginning => formatter.write_str("beginning"),
            Start::End => formatter.write_str("end"),
            Start::At(offset) => offset.fmt(formatter),
            Start::Time(time) => formatter.write_str(&show_time(time)),
            Start::Ago(ago) => write!(formatter, "-{}s", ago.as_secs()),
        }
    }
}

pub(crate) fn now_millis() -> i64 {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// `@` and milliseconds since 1970, a date with or without a time and an offset from UTC, or a minus and how long ago.
pub(crate) fn parse_time(text: &str, now: i64) -> Option<Timestamp> {
    let millis = if let Some(millis) = text.strip_prefix('@') {
        millis.parse().ok()?
    } else if let Some(ago) = text.strip_prefix('-') {
        now.checked_sub(parse_span(ago)?)?
    } else {
        parse_date_time(text)?
    };
    Timestamp::from_millis(millis)
}

fn parse_span(text: &str) -> Option<i64> {
    let unit_at = text.find(|character: char| !character.is_ascii_digit())?;
    let (count, unit) = text.split_at(unit_at);
    let unit = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    count.parse::<i64>().ok()?.checked_mul(unit)
}

fn parse_date_time(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00Z"));
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let in_range =
        (1..=12).contains(&month) && (1..=31).contains(&day) && (1970..=9999).contains(&year);
    if !in_range || parts.next().is_some() {
        return None;
    }
    let (clock, shift) = match time.find(['Z', '+', '-']) {
        None => (time, 0),
        Some(at) if &time[at..] == "Z" => (&time[..at], 0),
        Some(at) => {
            let (hours, minutes) = time[at + 1..].split_once(':')?;
            let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            let sign = if time[at..].starts_with('-') { -1 } else { 1 };
            (&time[..at], sign * minutes * 60_000)
        }
    };
    let mut parts = clock.split(':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
    if !(0..24).contains(&hours) || !(0..60).contains(&minutes) || !(0.0..60.0).contains(&seconds) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, reason = "below 60,000")]
    let millis = (seconds * 1_000.0).round() as i64;
    Some(
        days_since_1970(year, month, day) * 86_400_000
            + hours * 3_600_000
            + minutes * 60_000
            + millis
            - shift,
    )
}

/// Days of the Gregorian calendar, with years that begin in March so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// As `2026-01-31T12:00:00.000Z`.
pub(crate) fn show_time(time: Timestamp) -> String {
    let millis = time.as_millis();
    let (days, rest) = (millis.div_euclid(86_400_000) + 719_468, millis.rem_euclid(86_400_000));
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hours, minutes, seconds) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60);
    format!(
        "{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{:03}Z",
        rest % 1_000
    )
}

/// A span of milliseconds in its two largest units, as `4m 05s`.
pub(crate) fn show_span(millis: i64) -> String {
    let seconds = millis / 1_000;
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    if millis < 1_000 {
        return format!("{millis}ms");
    }
    match seconds {
        0..10 => format!("{seconds}.{}s", millis % 1_000 / 100),
        10..60 => format!("{seconds}s"),
        60..3_600 => format!("{minutes}m {:02}s", seconds % 60),
        3_600..86_400 => format!("{hours}h {:02}m", minutes % 60),
        _ => format!("{}d {:02}h", hours / 24, hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Option<i64> {
        parse_time(text, 1_000_000_000).map(Timestamp::as_millis)
    }

    #[test]
    fn times_are_read_in_each_of_their_forms() {
        assert_eq!(time("@12"), Some(12));
        assert_eq!(time("-15m"), Some(1_000_000_000 - 900_000));
        assert_eq!(time("1970-01-02"), Some(86_400_000));
        assert_eq!(time("2000-02-29T12:00:00Z"), Some(951_825_600_000));
        assert_eq!(time("2000-02-29T12:00:00.250Z"), Some(951_825_600_250));
        assert_eq!(time("2000-02-29 13:00+01:00"), Some(951_825_600_000));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "soon", "-5", "-5y", "2000-13-01", "2000-01-01T25:00", "@x", "12:00"] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn shown_times_are_read_back() {
        for millis in [0, 951_782_400_123, 951_868_799_999, 1_798_761_600_000, 4_102_444_800_001] {
            let shown = show_time(Timestamp::from_millis(millis).unwrap());
            assert_eq!(time(&shown), Some(millis), "{shown}");
        }
    }

    #[test]
    fn spans_are_shown_in_their_two_largest_units() {
        let shown = [
            (0, "0ms"),
            (999, "999ms"),
            (1_250, "1.2s"),
            (10_999, "10s"),
            (245_000, "4m 05s"),
            (7_380_000, "2h 03m"),
            (273_600_000, "3d 04h"),
        ];
        for (millis, text) in shown {
            assert_eq!(show_span(millis), text);
        }
    }

    #[test]
    fn digits_are_an_offset() {
        let place = "42".parse::<Place>().unwrap();
        assert_eq!(place.0, Start::At(Offset::from_wire(42).unwrap()));
        assert_eq!("beginning".parse(), Ok(Place(Start::Beginning)));
        assert_eq!("x".parse::<Place>(), Err(NotAPlace));
    }
}
