//! `auto.offset.reset`: where reading begins without an offset.

use std::time::Duration;

/// What `auto.offset.reset` may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetReset {
    /// Fail: the application decides.
    None,
    Earliest,
    Latest,
    /// The first record that is not older than so long ago (KIP-1106).
    Ago(Duration),
}

pub(super) fn parse(text: &str) -> Option<OffsetReset> {
    Some(match text {
        "none" => OffsetReset::None,
        "earliest" => OffsetReset::Earliest,
        "latest" => OffsetReset::Latest,
        text => OffsetReset::Ago(duration(text.strip_prefix("by_duration:")?)?),
    })
}

/// `PnDTnHnMn.nS`, not negative, one part at least.
fn duration(text: &str) -> Option<Duration> {
    let upper = text.to_ascii_uppercase();
    let rest = upper.strip_prefix('P')?;
    let (days, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None if rest.is_empty() => return None,
        None => (rest, ""),
    };
    let mut total = Duration::ZERO;
    let mut take = |text: &mut &str, unit: char, seconds: u64| -> Option<()> {
        let Some((number, after)) = text.split_once(unit) else { return Some(()) };
        *text = after;
        let (whole, fraction) = match number.split_once('.') {
            Some((whole, fraction)) if unit == 'S' && fraction.len() <= 9 => (whole, fraction),
            Some(_) => return None,
            None => (number, ""),
        };
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return None;
        }
        let seconds = whole.parse::<u64>().ok()?.checked_mul(seconds)?;
        let nanos = if fraction.is_empty() { 0 } else { format!("{fraction:0<9}").parse().ok()? };
        total = total.checked_add(Duration::new(seconds, nanos))?;
        Some(())
    };
    let (mut days, mut time) = (days, time);
    take(&mut days, 'D', 86_400)?;
    take(&mut time, 'H', 3_600)?;
    take(&mut time, 'M', 60)?;
    take(&mut time, 'S', 1)?;
    (days.is_empty() && time.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_iso_8601_writes_them() {
        for (text, millis) in [
            ("PT0S", 0),
            ("PT1H30M", 5_400_000),
            ("P1DT0.25S", 86_400_250),
            ("p2d", 172_800_000),
            ("PT1.000000001S", 1_000),
        ] {
            let found = parse(&format!("by_duration:{text}"));
            let Some(OffsetReset::Ago(found)) = found else { panic!("{text}: {found:?}") };
            assert_eq!(found.as_millis(), millis, "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in
            ["", "P", "PT", "P1DT", "-PT1H", "PT-1H", "PT1.5H", "PT1M1H", "P1H", "1D", "PT1"]
        {
            assert_eq!(parse(&format!("by_duration:{text}")), None, "{text}");
        }
        assert_eq!(parse("newest"), None);
    }
}
