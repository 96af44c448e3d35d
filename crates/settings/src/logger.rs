//! Loggers and their levels, as the resource `broker-loggers` names them (KIP-412).

/// How important a log line is. Kafka's words; FATAL lines do not exist here, so it silences all but errors' equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Fatal,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl Level {
    pub const ALL: [Self; 6] =
        [Self::Fatal, Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    /// In any case, as `ottla.log.level` allows.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(text.trim()))
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Fatal => "FATAL",
            Self::Error => "ERROR",
            Self::Warn => "WARN",
            Self::Info => "INFO",
            Self::Debug => "DEBUG",
            Self::Trace => "TRACE",
        }
    }
}

/// The logger whose level counts where no nearer one has its own. It cannot be unset.
pub const ROOT_LOGGER: &str = "root";

/// Every logger: the root and one for each crate that logs.
pub const LOGGERS: &[&str] = &[
    ROOT_LOGGER,
    "broker",
    "controller",
    "group",
    "metadata",
    "node",
    "ottla",
    "quorum",
    "raft",
    "replica",
    "storage",
    "telemetry",
    "transport",
];
