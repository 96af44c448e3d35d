/// Why properties, or typed settings, are not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No client of Apache Kafka 4.4 in this role knows the name.
    #[error("unknown setting '{name}'{}", .nearest.map(|it| format!("; did you mean '{it}'?")).unwrap_or_default())]
    Unknown { name: String, nearest: Option<&'static str> },
    /// Of another kind of client, and so a mistake here.
    #[error("'{name}' is a setting of {whose}, not of {role}")]
    Elsewhere { name: String, whose: &'static str, role: &'static str },
    /// A secret is shown as `[hidden]`.
    #[error("invalid value '{shown}' for setting '{name}': allowed is {allowed}")]
    Invalid { name: &'static str, shown: String, allowed: String },
    /// Known to Apache Kafka, and not here.
    #[error(
        "setting '{name}' is not supported{}: {reason}",
        .except.as_ref().map(|it| format!(", except as {it}")).unwrap_or_default()
    )]
    Refused { name: &'static str, except: Option<String>, reason: &'static str },
    #[error("setting '{name}' is required")]
    Missing { name: &'static str },
    /// Settings that do not hold together.
    #[error("setting '{name}' {reason}")]
    Contradiction { name: &'static str, reason: String },
    /// Asked of the properties of another kind of client.
    #[error("properties of {found} were asked for {wanted}")]
    Role { found: &'static str, wanted: &'static str },
}

impl ConfigError {
    pub(crate) fn contradiction(name: &'static str, reason: impl Into<String>) -> Self {
        Self::Contradiction { name, reason: reason.into() }
    }
}
