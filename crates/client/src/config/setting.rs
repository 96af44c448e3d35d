//! One setting: what is known of it before anybody gives it a value.

use super::{ConfigError, Value};

/// Whose properties they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Producer,
    Consumer,
    Admin,
}

/// A setting as it is declared.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Kafka's name.
    pub name: &'static str,
    pub kind: Kind,
    /// What Apache Kafka 4.4 takes where nobody says anything; `None` for nothing.
    pub default: Option<&'static str>,
    pub allowed: Allowed,
    pub support: Support,
    /// One line: what it says.
    pub text: &'static str,
}

/// What this library does with a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// What Apache Kafka's clients do with it.
    Honoured,
    /// Only these values, which say what happens anyway; others are refused for the reason.
    Only(&'static [&'static str], &'static str),
    /// No value at all, for the reason.
    Refused(&'static str),
}

/// Kafka's types of settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    /// A whole number; its width is in [`Allowed::Whole`].
    Whole,
    Real,
    Text,
    List,
    /// Never shown.
    Password,
}

/// Which values of its type a setting may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Allowed {
    Any,
    /// Both ends belong to it.
    Whole(i64, i64),
    /// Both ends belong to it.
    Real(f64, f64),
    OneOf(&'static [&'static str]),
    OneOfAnyCase(&'static [&'static str]),
    NotEmpty,
    /// gzip's levels, or -1 for its own choice.
    GzipLevel,
    /// `latest`, `earliest`, `none`, or `by_duration:` with a duration as ISO 8601 writes it.
    OffsetReset,
}

impl Setting {
    /// The value that `raw` stands for, by Kafka's rules for its type.
    pub(super) fn parse(&self, raw: &str) -> Result<Value, ConfigError> {
        let shown = if self.kind == Kind::Password { "[hidden]" } else { raw };
        let invalid = || ConfigError::Invalid {
            name: self.name,
            shown: shown.to_owned(),
            allowed: self.allowed_text(),
        };
        let value = Value::parse(self.kind, raw).ok_or_else(invalid)?;
        if !self.allowed.admits(&value) {
            return Err(invalid());
        }
        match self.support {
            Support::Honoured => Ok(value),
            Support::Only(values, _)
                if values.iter().any(|it| it.eq_ignore_ascii_case(raw.trim())) =>
            {
                Ok(value)
            }
            Support::Only(values, reason) => Err(ConfigError::Refused {
                name: self.name,
                except: Some(values.join(", ")),
                reason,
            }),
            Support::Refused(reason) => {
                Err(ConfigError::Refused { name: self.name, except: None, reason })
            }
        }
    }

    /// The value of a setting that nobody set; `None` if it has none.
    pub(super) fn default_value(&self) -> Option<Value> {
        Value::parse(self.kind, self.default?)
    }

    /// What a person may write, for messages.
    pub fn allowed_text(&self) -> String {
        match self.allowed {
            Allowed::Any => match self.kind {
                Kind::Boolean => "true or false".to_owned(),
                Kind::Whole => "a whole number".to_owned(),
                Kind::Real => "a number".to_owned(),
                Kind::List => "a list with commas".to_owned(),
                Kind::Text | Kind::Password => "any text".to_owned(),
            },
            Allowed::Whole(least, most) if most == i64::MAX => {
                format!("a whole number from {least}")
            }
            Allowed::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Allowed::Real(least, most) => format!("a number from {least} to {most}"),
            Allowed::OneOf(words) => format!("one of {}", words.join(", ")),
            Allowed::OneOfAnyCase(words) => format!("one of {}, in any case", words.join(", ")),
            Allowed::NotEmpty => "any text but an empty one".to_owned(),
            Allowed::GzipLevel => "a whole number from 1 to 9, or -1".to_owned(),
            Allowed::OffsetReset => {
                "latest, earliest, none, or by_duration: and a duration such as PT1H30M".to_owned()
            }
        }
    }
}

impl Allowed {
    fn admits(self, value: &Value) -> bool {
        let text = value.text().unwrap_or_default();
        match self {
            Self::Any => true,
            Self::Whole(least, most) => {
                value.whole().is_some_and(|number| (least..=most).contains(&number))
            }
            Self::Real(least, most) => {
                matches!(value, Value::Real(number) if (least..=most).contains(number))
            }
            Self::OneOf(words) => words.contains(&text),
            Self::OneOfAnyCase(words) => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
            Self::NotEmpty => !text.is_empty(),
            Self::GzipLevel => {
                value.whole().is_some_and(|level| level == -1 || (1..=9).contains(&level))
            }
            Self::OffsetReset => super::reset::parse(text).is_some(),
        }
    }
}
