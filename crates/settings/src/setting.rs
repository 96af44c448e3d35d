//! One setting: what is known of it before anybody gives it a value.

use crate::{Allowed, InvalidValue, Value};

/// A setting as it is declared.
#[derive(Debug)]
pub struct Setting {
    pub name: &'static str,
    pub scope: Scope,
    pub kind: Kind,
    pub default: DefaultText,
    pub allowed: Allowed,
    pub dynamic: Dynamic,
    pub effect: Effect,
    /// For Kafka's own tests: taken, but not described unless somebody set it.
    pub internal: bool,
    /// Broker settings that a topic or group setting takes its default from, the one that wins first.
    pub from: &'static [&'static str],
    /// One line: what it says.
    pub text: &'static str,
}

impl Setting {
    /// The value that `raw` stands for, by Kafka's rules for its type, if it is one that this setting may have.
    pub fn parse(&self, raw: &str) -> Result<Value, InvalidValue> {
        let invalid = || InvalidValue::new(self, raw);
        let value = Value::parse(self.kind, raw).ok_or_else(invalid)?;
        if self.allowed.admits(&value) { Ok(value) } else { Err(invalid()) }
    }

    /// The value of a setting that nobody set; `None` if it has none.
    pub fn default_value(&self) -> Option<Value> {
        match self.default {
            DefaultText::Null | DefaultText::Required => None,
            DefaultText::Text(text) => Value::parse(self.kind, text),
        }
    }

    /// The value must not be shown, logged or answered.
    pub fn is_sensitive(&self) -> bool {
        self.kind == Kind::Password
    }

    /// Names a Java class, which no program but Java can load: without effect for ever.
    pub fn is_java_class(&self) -> bool {
        self.kind == Kind::Class || self.name.contains(".class.") || JAVA_NAMES.contains(&self.name)
    }

    /// What a person may write, for messages and the page of settings.
    pub fn allowed_text(&self) -> String {
        self.allowed.describe(self.kind)
    }
}

/// Settings of type string or list that hold names of Java classes, or parts of their loading.
const JAVA_NAMES: &[&str] = &[
    "config.providers",
    "kafka.metrics.reporters",
    "metric.reporters",
    "remote.log.metadata.manager.impl.prefix",
    "remote.log.storage.manager.impl.prefix",
    "replica.selector.class",
    "security.providers",
];

/// Which kind of thing the setting belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    Broker,
    Topic,
    Group,
    /// One subscription to metrics of clients (KIP-714).
    ClientMetrics,
}

/// Kafka's types of settings. The numbers are those of DescribeConfigs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Boolean,
    Text,
    Int,
    Short,
    Long,
    Double,
    List,
    /// Name of a Java class.
    Class,
    Password,
}

impl Kind {
    /// Number of the type in a DescribeConfigs answer (KIP-569).
    pub fn wire_code(self) -> i8 {
        match self {
            Self::Boolean => 1,
            Self::Text => 2,
            Self::Int => 3,
            Self::Short => 4,
            Self::Long => 5,
            Self::Double => 6,
            Self::List => 7,
            Self::Class => 8,
            Self::Password => 9,
        }
    }

    /// Kafka's word for the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Text => "string",
            Self::Int => "int",
            Self::Short => "short",
            Self::Long => "long",
            Self::Double => "double",
            Self::List => "list",
            Self::Class => "class",
            Self::Password => "password",
        }
    }
}

/// What a setting is when nobody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultText {
    /// No value at all.
    Null,
    /// Kafka refuses to start without one; Ottla fills in that of a single node (see crate `node`).
    Required,
    /// As a person would write it.
    Text(&'static str),
}

/// How a setting may be changed while the broker runs (KIP-226).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dynamic {
    ReadOnly,
    /// For one broker at a time.
    PerBroker,
    /// For one broker or for all.
    ClusterWide,
    PerTopic,
    PerGroup,
    PerSubscription,
}

impl Dynamic {
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::PerBroker => "per broker",
            Self::ClusterWide => "cluster-wide",
            Self::PerTopic => "per topic",
            Self::PerGroup => "per group",
            Self::PerSubscription => "per subscription",
        }
    }
}

/// What a value does in this version of Ottla.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Counts at once when it changes.
    Live,
    /// Counts from the next start.
    Restart,
    /// Taken, checked, described, and without effect so far. The start says so of each that is set.
    NoneYet,
}

impl Effect {
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Restart => "restart",
            Self::NoneYet => "none yet",
        }
    }
}
