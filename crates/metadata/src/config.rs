use std::fmt;

/// What kind of thing has settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigKind {
    Topic,
    Broker,
    BrokerLogger,
    ClientMetrics,
    Group,
}

impl ConfigKind {
    /// `None` for a number that Kafka does not use (0 means "unknown").
    pub const fn from_wire(raw: i8) -> Option<Self> {
        match raw {
            2 => Some(Self::Topic),
            4 => Some(Self::Broker),
            8 => Some(Self::BrokerLogger),
            16 => Some(Self::ClientMetrics),
            32 => Some(Self::Group),
            _ => None,
        }
    }

    pub const fn to_wire(self) -> i8 {
        match self {
            Self::Topic => 2,
            Self::Broker => 4,
            Self::BrokerLogger => 8,
            Self::ClientMetrics => 16,
            Self::Group => 32,
        }
    }
}

impl fmt::Display for ConfigKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Topic => "topic",
            Self::Broker => "broker",
            Self::BrokerLogger => "broker logger",
            Self::ClientMetrics => "client metrics",
            Self::Group => "group",
        })
    }
}

/// One thing that has settings. A broker's name is its id as text, or empty for the default of all brokers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigResource {
    pub kind: ConfigKind,
    pub name: String,
}

impl ConfigResource {
    pub fn topic(name: &str) -> Self {
        Self { kind: ConfigKind::Topic, name: name.to_owned() }
    }

    pub fn broker(id: model::BrokerId) -> Self {
        Self { kind: ConfigKind::Broker, name: id.to_string() }
    }

    /// The settings that hold for every broker without one of its own.
    pub const fn broker_default() -> Self {
        Self { kind: ConfigKind::Broker, name: String::new() }
    }
}

impl fmt::Display for ConfigResource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} '{}'", self.kind, self.name)
    }
}
