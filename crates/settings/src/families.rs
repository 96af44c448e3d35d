//! Settings that say one thing in different units, and which of them wins.

/// Broker settings that stand for each other, the one that wins first. `name` is among them; a setting without such
/// neighbours is alone.
pub(crate) fn family(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "log.roll.ms" | "log.roll.hours" => Some(&["log.roll.ms", "log.roll.hours"]),
        "log.roll.jitter.ms" | "log.roll.jitter.hours" => {
            Some(&["log.roll.jitter.ms", "log.roll.jitter.hours"])
        }
        // The other way round it is not so: the scheduler's interval is a setting of its own as well.
        "log.flush.interval.ms" => {
            Some(&["log.flush.interval.ms", "log.flush.scheduler.interval.ms"])
        }
        "log.retention.ms" | "log.retention.minutes" | "log.retention.hours" => {
            Some(&["log.retention.ms", "log.retention.minutes", "log.retention.hours"])
        }
        _ => None,
    }
}

/// How many milliseconds one unit of this broker setting is.
pub(crate) fn unit_ms(name: &str) -> i64 {
    if name.ends_with(".hours") {
        3_600_000
    } else if name.ends_with(".minutes") {
        60_000
    } else {
        1
    }
}
