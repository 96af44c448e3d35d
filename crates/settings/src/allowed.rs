//! Which values of its type a setting may have.

use crate::{Kind, Value};

/// Bounds of a setting's value, beside its type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Allowed {
    Any,
    /// Both ends belong to it.
    Whole(i64, i64),
    Real(f64, f64),
    OneOf(&'static [&'static str]),
    OneOfAnyCase(&'static [&'static str]),
    NotEmpty,
    /// gzip's levels, or -1 for its own choice.
    GzipLevel,
    /// A list without empty or repeated items (KIP-1161), perhaps only of these words, perhaps with one at least.
    Items {
        of: &'static [&'static str],
        one_at_least: bool,
    },
    /// PARTITION:BROKER items, or `*`.
    ThrottledReplicas,
    /// ID@HOST:PORT items.
    Voters,
    /// HOST:PORT items.
    Addresses,
    /// `latest`, `earliest` or `by_duration:` with a duration as ISO 8601 writes it.
    OffsetReset,
    /// KEY=PATTERN items that select clients (KIP-714).
    ClientPatterns,
    /// HOST:PORT, HOST may be left out; `off` for none.
    HttpAddress,
}

impl Allowed {
    /// Whether a value of the right type lies within.
    pub(crate) fn admits(self, value: &Value) -> bool {
        let text = value.as_text().unwrap_or_default();
        let items = value.as_list().unwrap_or_default();
        match self {
            Self::Any => true,
            Self::Whole(least, most) => {
                value.as_integer().is_some_and(|number| (least..=most).contains(&number))
            }
            Self::Real(least, most) => {
                value.as_double().is_some_and(|number| (least..=most).contains(&number))
            }
            Self::OneOf(words) => words.contains(&text),
            Self::OneOfAnyCase(words) => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
            Self::NotEmpty => !text.is_empty(),
            Self::GzipLevel => {
                value.as_integer().is_some_and(|level| level == -1 || (1..=9).contains(&level))
            }
            Self::Items { of, one_at_least } => {
                (!one_at_least || !items.is_empty())
                    && distinct_and_filled(items)
                    && (of.is_empty() || items.iter().all(|item| of.contains(&item.as_str())))
            }
            Self::ThrottledReplicas => items == ["*"] || items.iter().all(|item| is_replica(item)),
            Self::Voters => items.iter().all(|item| is_voter(item)),
            Self::Addresses => items.iter().all(|item| is_address(item)),
            Self::OffsetReset => matches!(text, "latest" | "earliest") || is_duration_reset(text),
            Self::ClientPatterns => items.iter().all(|item| is_client_pattern(item)),
            Self::HttpAddress => text == "off" || is_http_address(text),
        }
    }

    /// In words, for a person who got it wrong.
    pub(crate) fn describe(self, kind: Kind) -> String {
        match self {
            Self::Any => match kind {
                Kind::Boolean => "true or false".to_owned(),
                Kind::Int => "a whole number of 32 bits".to_owned(),
                Kind::Short => "a whole number of 16 bits".to_owned(),
                Kind::Long => "a whole number of 64 bits".to_owned(),
                Kind::Double => "a number".to_owned(),
                Kind::List => "a list with commas".to_owned(),
                Kind::Class => "the name of a class".to_owned(),
                Kind::Text | Kind::Password => "any text".to_owned(),
            },
            Self::Whole(least, most) if most == i64::MAX || most == i64::from(i32::MAX) => {
                format!("a whole number from {least}")
            }
            Self::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Self::Real(least, most) => format!("a number from {least} to {most}"),
            Self::OneOf(words) => format!("one of {}", words.join(", ")),
            Self::OneOfAnyCase(words) => format!("one of {}, in any case", words.join(", ")),
            Self::NotEmpty => "any text but an empty one".to_owned(),
            Self::GzipLevel => "a whole number from 1 to 9, or -1".to_owned(),
            Self::Items { of, one_at_least } => {
                let least = if one_at_least { ", one at least" } else { "" };
                let words =
                    if of.is_empty() { String::new() } else { format!(" of {}", of.join(", ")) };
                format!("a list{words} with commas, no item empty or twice{least}")
            }
            Self::ThrottledReplicas => "* or a list of PARTITION:BROKER".to_owned(),
            Self::Voters => "a list of ID@HOST:PORT".to_owned(),
            Self::Addresses => "a list of HOST:PORT".to_owned(),
            Self::OffsetReset => {
                "latest, earliest or by_duration: and a duration such as PT1H30M".to_owned()
            }
            Self::ClientPatterns => {
                format!("a list of KEY=PATTERN, KEY one of {}", CLIENT_KEYS.join(", "))
            }
            Self::HttpAddress => "HOST:PORT, :PORT or off".to_owned(),
        }
    }
}

fn distinct_and_filled(items: &[String]) -> bool {
    items.iter().enumerate().all(|(index, item)| {
        !item.is_empty() && !items.iter().take(index).any(|other| other == item)
    })
}

fn is_replica(item: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    item.split_once(':').is_some_and(|(partition, broker)| number(partition) && number(broker))
}

fn is_voter(item: &str) -> bool {
    item.split_once('@')
        .is_some_and(|(id, address)| id.parse::<u32>().is_ok() && is_address(address))
}

fn is_address(item: &str) -> bool {
    item.rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

/// What clients can be selected by.
const CLIENT_KEYS: &[&str] = &[
    "client_instance_id",
    "client_id",
    "client_software_name",
    "client_software_version",
    "client_source_address",
    "client_source_port",
];

fn is_client_pattern(item: &str) -> bool {
    item.split_once('=').is_some_and(|(key, pattern)| {
        CLIENT_KEYS.contains(&key.trim()) && !pattern.trim().is_empty()
    })
}

fn is_http_address(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok())
}

/// `by_duration:PnDTnHnMn.nS`, not negative.
fn is_duration_reset(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("by_duration:") else { return false };
    let Some(rest) = rest.strip_prefix(['P', 'p']) else { return false };
    let (days, time) = match rest.split_once(['T', 't']) {
        Some((days, time)) => (days, Some(time)),
        None => (rest, None),
    };
    let days_fit = takes_units(days, &['D']);
    match time {
        None => !days.is_empty() && days_fit,
        Some(time) => days_fit && !time.is_empty() && takes_units(time, &['H', 'M', 'S']),
    }
}

/// Whether `text` is numbers with these units, each at most once and in this order; a fraction only for seconds.
fn takes_units(text: &str, units: &[char]) -> bool {
    let mut rest = text;
    for unit in units {
        let Some(end) = rest.find([*unit, unit.to_ascii_lowercase()]) else { continue };
        let (number, after) = rest.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fraction_fits = !number.contains('.') || (*unit == 'S' && fraction.len() <= 9);
        if whole.is_empty() || !digits(whole) || !digits(fraction) || !fraction_fits {
            return false;
        }
        rest = after.get(1..).unwrap_or_default();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(allowed: Allowed, kind: Kind, raw: &str) -> bool {
        Value::parse(kind, raw).is_some_and(|value| allowed.admits(&value))
    }

    #[test]
    fn lists_refuse_empty_and_repeated_items() {
        let any = Allowed::Items { of: &[], one_at_least: false };
        assert!(admits(any, Kind::List, "a,b"));
        assert!(admits(any, Kind::List, ""));
        assert!(!admits(any, Kind::List, "a,a"));
        assert!(!admits(any, Kind::List, "a,,b"));
        let roles = Allowed::Items { of: &["broker", "controller"], one_at_least: true };
        assert!(admits(roles, Kind::List, "controller , broker"));
        assert!(!admits(roles, Kind::List, ""));
        assert!(!admits(roles, Kind::List, "observer"));
    }

    #[test]
    fn share_groups_begin_at_a_duration_only_if_it_is_one() {
        for right in
            ["latest", "earliest", "by_duration:P1D", "by_duration:PT1H30M", "by_duration:P2DT0.5S"]
        {
            assert!(admits(Allowed::OffsetReset, Kind::Text, right), "{right}");
        }
        for wrong in [
            "",
            "none",
            "by_duration:",
            "by_duration:P",
            "by_duration:PT",
            "by_duration:P1H",
            "by_duration:-PT1H",
        ] {
            assert!(!admits(Allowed::OffsetReset, Kind::Text, wrong), "{wrong}");
        }
    }

    #[test]
    fn throttled_replicas_are_pairs_or_all() {
        for right in ["", "*", "0:1", "0:1,1:2"] {
            assert!(admits(Allowed::ThrottledReplicas, Kind::List, right), "{right}");
        }
        for wrong in ["*,0:1", "0", "0:", "a:b", "0:1:2"] {
            assert!(!admits(Allowed::ThrottledReplicas, Kind::List, wrong), "{wrong}");
        }
    }

    #[test]
    fn voters_are_id_at_address() {
        assert!(admits(Allowed::Voters, Kind::List, "1@localhost:9093,2@[::1]:9093"));
        assert!(!admits(Allowed::Voters, Kind::List, "localhost:9093"));
        assert!(!admits(Allowed::Addresses, Kind::List, "localhost"));
    }
}
