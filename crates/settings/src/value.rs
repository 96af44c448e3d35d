//! A value of a setting, read and written by Kafka's rules.

use std::fmt::{Display, Formatter, Result as FormatResult};

use crate::Kind;

/// A value that was read from text and fits the type of its setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Boolean(bool),
    Int(i32),
    Short(i16),
    Long(i64),
    Double(f64),
    Text(String),
    List(Vec<String>),
    Class(String),
    Password(String),
}

impl Value {
    /// Reads `raw` as Java's ConfigDef does: outer blanks do not count, `true` and `false` in any case, a list is
    /// split at commas. `None` if it is no value of that type.
    pub(crate) fn parse(kind: Kind, raw: &str) -> Option<Self> {
        let trimmed = java_trim(raw);
        Some(match kind {
            Kind::Boolean if trimmed.eq_ignore_ascii_case("true") => Self::Boolean(true),
            Kind::Boolean if trimmed.eq_ignore_ascii_case("false") => Self::Boolean(false),
            Kind::Boolean => return None,
            Kind::Int => Self::Int(trimmed.parse().ok()?),
            Kind::Short => Self::Short(trimmed.parse().ok()?),
            Kind::Long => Self::Long(trimmed.parse().ok()?),
            Kind::Double => Self::Double(parse_double(trimmed)?),
            Kind::Text => Self::Text(trimmed.to_owned()),
            Kind::Class => Self::Class(trimmed.to_owned()),
            Kind::Password => Self::Password(trimmed.to_owned()),
            Kind::List if trimmed.is_empty() => Self::List(Vec::new()),
            Kind::List => {
                Self::List(trimmed.split(',').map(|item| item.trim().to_owned()).collect())
            }
        })
    }

    /// The whole number that this is, of whichever width.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(i64::from(*number)),
            Self::Short(number) => Some(i64::from(*number)),
            Self::Long(number) => Some(*number),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Boolean(flag) = self { Some(*flag) } else { None }
    }

    pub fn as_double(&self) -> Option<f64> {
        if let Self::Double(number) = self { Some(*number) } else { None }
    }

    /// Text, the name of a class or a secret.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Class(text) | Self::Password(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[String]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }
}

/// As Kafka writes it in a DescribeConfigs answer. A secret is written as well: hiding it is the caller's.
impl Display for Value {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> FormatResult {
        match self {
            Self::Boolean(flag) => write!(formatter, "{flag}"),
            Self::Int(number) => write!(formatter, "{number}"),
            Self::Short(number) => write!(formatter, "{number}"),
            Self::Long(number) => write!(formatter, "{number}"),
            Self::Double(number) => formatter.write_str(&java_double(*number)),
            Self::Text(text) | Self::Class(text) | Self::Password(text) => {
                formatter.write_str(text)
            }
            Self::List(items) => formatter.write_str(&items.join(",")),
        }
    }
}

/// Java's `String.trim`: everything up to and including the space goes, control characters too.
fn java_trim(raw: &str) -> &str {
    raw.trim_matches(|character| character <= ' ')
}

fn parse_double(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if plain { text.parse().ok() } else { None }
}

/// Java's `Double.toString`: plain from 0.001 up to ten million, else one digit before the point and an exponent.
fn java_double(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{number:?}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if digits.contains('.') => format!("{digits}E{exponent}"),
        Some((digits, exponent)) => format!("{digits}.0E{exponent}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_written_as_java_writes_them() {
        for (number, text) in [
            (0.5, "0.5"),
            (1.0, "1.0"),
            (0.0, "0.0"),
            (f64::MAX, "1.7976931348623157E308"),
            (1e7, "1.0E7"),
            (9_999_999.5, "9999999.5"),
            (0.0005, "5.0E-4"),
        ] {
            assert_eq!(Value::Double(number).to_string(), text);
        }
    }

    #[test]
    fn lists_lose_blanks_around_commas_and_keep_empty_items() {
        let list = |raw| Value::parse(Kind::List, raw);
        let items =
            |items: &[&str]| Some(Value::List(items.iter().map(ToString::to_string).collect()));
        assert_eq!(list("  "), items(&[]));
        assert_eq!(list(" a , b,c "), items(&["a", "b", "c"]));
        assert_eq!(list("a,,b,"), items(&["a", "", "b", ""]));
    }

    #[test]
    fn booleans_know_two_words_in_any_case() {
        assert_eq!(Value::parse(Kind::Boolean, " TRUE\t"), Some(Value::Boolean(true)));
        assert_eq!(Value::parse(Kind::Boolean, "False"), Some(Value::Boolean(false)));
        for wrong in ["1", "yes", "", "on", "t"] {
            assert_eq!(Value::parse(Kind::Boolean, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_beyond_their_width_are_no_values() {
        assert_eq!(Value::parse(Kind::Int, "2147483648"), None);
        assert_eq!(Value::parse(Kind::Short, "32768"), None);
        assert_eq!(Value::parse(Kind::Long, "9223372036854775808"), None);
        assert_eq!(Value::parse(Kind::Int, " +7 "), Some(Value::Int(7)));
        assert_eq!(Value::parse(Kind::Double, "inf"), None);
        assert_eq!(Value::parse(Kind::Double, "NaN"), None);
    }
}
