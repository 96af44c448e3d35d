//! A value of a setting, read by Kafka's rules.

use super::Kind;

/// A value that was read from text and fits the type of its setting.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Boolean(bool),
    Whole(i64),
    Real(f64),
    Text(String),
    List(Vec<String>),
}

impl Value {
    /// As Java's ConfigDef reads it: outer blanks do not count, `true` and `false` in any case, a list is split at
    /// commas. `None` if it is no value of that type.
    pub(super) fn parse(kind: Kind, raw: &str) -> Option<Self> {
        let trimmed = raw.trim_matches(|character| character <= ' ');
        Some(match kind {
            Kind::Boolean if trimmed.eq_ignore_ascii_case("true") => Self::Boolean(true),
            Kind::Boolean if trimmed.eq_ignore_ascii_case("false") => Self::Boolean(false),
            Kind::Boolean => return None,
            Kind::Whole => Self::Whole(trimmed.parse().ok()?),
            Kind::Real => Self::Real(trimmed.parse().ok().filter(|it: &f64| it.is_finite())?),
            Kind::Text | Kind::Password => Self::Text(trimmed.to_owned()),
            Kind::List if trimmed.is_empty() => Self::List(Vec::new()),
            Kind::List => {
                Self::List(trimmed.split(',').map(|item| item.trim().to_owned()).collect())
            }
        })
    }

    pub(super) fn whole(&self) -> Option<i64> {
        if let Self::Whole(number) = self { Some(*number) } else { None }
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        if let Self::Boolean(flag) = self { Some(*flag) } else { None }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn list(&self) -> Option<&[String]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }
}
