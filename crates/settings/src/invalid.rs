//! Why a value was refused.

use crate::{InvalidListeners, Setting};

/// A value that its setting may not have. Says which setting, which value and what is allowed; a secret stays hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    pub name: String,
    /// The value as it was written, or `[hidden]`.
    pub shown: String,
    pub allowed: String,
}

impl InvalidValue {
    pub(crate) fn new(setting: &Setting, raw: &str) -> Self {
        let shown = match raw {
            _ if setting.is_sensitive() => "[hidden]".to_owned(),
            "" => "(empty)".to_owned(),
            raw => raw.to_owned(),
        };
        Self { name: setting.name.to_owned(), shown, allowed: setting.allowed_text() }
    }

    /// Listeners that do not hold together: the error's own text says all.
    pub(crate) fn listeners(error: &InvalidListeners) -> Self {
        let text = error.to_string();
        let (name, reason) = text.split_once(": ").unwrap_or(("listeners", &text));
        Self { name: name.to_owned(), shown: String::new(), allowed: reason.to_owned() }
    }

    /// For rules that concern more than one setting.
    pub(crate) fn because(name: &str, shown: impl ToString, allowed: impl Into<String>) -> Self {
        Self { name: name.to_owned(), shown: shown.to_string(), allowed: allowed.into() }
    }
}

impl std::error::Error for InvalidValue {}

impl std::fmt::Display for InvalidValue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, shown, allowed } = self;
        if shown.is_empty() {
            write!(formatter, "Invalid configuration {name}: {allowed}")
        } else {
            write!(
                formatter,
                "Invalid value {shown} for configuration {name}: allowed is {allowed}"
            )
        }
    }
}
