use std::time::Duration;

use model::{Offset, Timestamp};

/// Where a share group starts in a partition of which it knows nothing yet (`share.auto.offset.reset`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AutoOffsetReset {
    #[default]
    Latest,
    Earliest,
    /// At the first record that is not older than this.
    ByDuration(Duration),
}

/// What to look up in the log to know the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartFrom {
    /// The share coordinator knows it.
    Offset(Offset),
    /// The end that readers see.
    LogEnd,
    LogStart,
    /// The first record with this timestamp or a later one; the end if there is none.
    Time(Timestamp),
}

impl AutoOffsetReset {
    /// `latest`, `earliest` or `by_duration:PnDTnHnMn.nS`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "latest" => Some(Self::Latest),
            "earliest" => Some(Self::Earliest),
            _ => parse_duration(text.strip_prefix("by_duration:")?).map(Self::ByDuration),
        }
    }

    /// `persisted` is the start offset that the share coordinator has.
    pub fn start_from(self, persisted: Option<Offset>, wall: Timestamp) -> StartFrom {
        match (persisted, self) {
            (Some(offset), _) => StartFrom::Offset(offset),
            (None, Self::Latest) => StartFrom::LogEnd,
            (None, Self::Earliest) => StartFrom::LogStart,
            (None, Self::ByDuration(ago)) => {
                let ago = i64::try_from(ago.as_millis()).unwrap_or(i64::MAX);
                let time = Timestamp::from_millis(wall.as_millis().saturating_sub(ago));
                time.map_or(StartFrom::LogStart, StartFrom::Time)
            }
        }
    }
}

/// ISO 8601 as Java's `Duration` reads it, without signs: days, then after a `T` hours, minutes, seconds.
fn parse_duration(text: &str) -> Option<Duration> {
    let rest = text.strip_prefix(['P', 'p'])?;
    let (days, time) = match rest.split_once(['T', 't']) {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None if rest.is_empty() => return None,
        None => (rest, ""),
    };
    let (days, after_days) = take_unit(days, 'D')?;
    let (hours, time) = take_unit(time, 'H')?;
    let (minutes, time) = take_unit(time, 'M')?;
    let (seconds, rest) = take_unit(time, 'S')?;
    if !after_days.is_empty() || !rest.is_empty() || [days, hours, minutes].iter().any(Part::is_cut)
    {
        return None;
    }
    let whole = days.whole.checked_mul(24)?.checked_add(hours.whole)?.checked_mul(60)?;
    let whole = whole.checked_add(minutes.whole)?.checked_mul(60)?.checked_add(seconds.whole)?;
    Some(Duration::new(whole, seconds.nanos))
}

#[derive(Clone, Copy, Default)]
struct Part {
    whole: u64,
    nanos: u32,
    has_fraction: bool,
}

impl Part {
    /// Only seconds may have a fraction.
    fn is_cut(&self) -> bool {
        self.has_fraction
    }
}

/// The number before `unit`, and what follows; nothing is taken when the unit does not occur.
fn take_unit(text: &str, unit: char) -> Option<(Part, &str)> {
    let Some((number, after)) = text.split_once([unit, unit.to_ascii_lowercase()]) else {
        return Some((Part::default(), text));
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let nanos = format!("{fraction:0<9}").parse().ok()?;
    let part = Part { whole: whole.parse().ok()?, nanos, has_fraction: number.contains('.') };
    Some((part, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::offset;

    fn duration(text: &str) -> Option<Duration> {
        match AutoOffsetReset::parse(text)? {
            AutoOffsetReset::ByDuration(duration) => Some(duration),
            AutoOffsetReset::Latest | AutoOffsetReset::Earliest => None,
        }
    }

    #[test]
    fn durations_are_read_as_java_reads_them() {
        assert_eq!(duration("by_duration:P1D"), Some(Duration::from_secs(86_400)));
        assert_eq!(duration("by_duration:PT1H30M"), Some(Duration::from_secs(5_400)));
        let both = Duration::from_secs(2 * 86_400) + Duration::from_millis(500);
        assert_eq!(duration("by_duration:P2DT0.5S"), Some(both));
        assert_eq!(duration("by_duration:pt0.000000001s"), Some(Duration::from_nanos(1)));
    }

    #[test]
    fn what_java_refuses_is_refused() {
        let refused = [
            "",
            "Latest",
            "by_duration:",
            "by_duration:P",
            "by_duration:PT",
            "by_duration:P1H",
            "by_duration:-PT1H",
            "by_duration:PT1M1H",
            "by_duration:PT1.5H",
            "by_duration:PT.5S",
            "by_duration:P99999999999999999999D",
            "by_duration:PT1.0000000001S",
            "by_duration:P1DT",
        ];
        for text in refused {
            assert_eq!(AutoOffsetReset::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_the_coordinator_knows_goes_before_the_reset() {
        let wall = Timestamp::from_millis(100_000).unwrap();
        let known = AutoOffsetReset::Earliest.start_from(Some(offset(7)), wall);
        assert_eq!(known, StartFrom::Offset(offset(7)));
        assert_eq!(AutoOffsetReset::Latest.start_from(None, wall), StartFrom::LogEnd);
        assert_eq!(AutoOffsetReset::Earliest.start_from(None, wall), StartFrom::LogStart);
    }

    #[test]
    fn a_duration_before_1970_is_the_start_of_the_log() {
        let wall = Timestamp::from_millis(100_000).unwrap();
        let ago = |secs| AutoOffsetReset::ByDuration(Duration::from_secs(secs));
        let at = Timestamp::from_millis(60_000).unwrap();
        assert_eq!(ago(40).start_from(None, wall), StartFrom::Time(at));
        assert_eq!(ago(101).start_from(None, wall), StartFrom::LogStart);
    }
}
