//! What DescribeConfigs says of a setting: value, where it comes from, and every other place that names it.

use crate::{Kind, Setting, Value};

/// Where a value comes from. The numbers are those of DescribeConfigs (KIP-226).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    Topic,
    DynamicBroker,
    DynamicDefaultBroker,
    /// File, environment or command line, or Ottla's own choice for a single node.
    StaticBroker,
    Default,
    DynamicBrokerLogger,
    ClientMetrics,
    Group,
}

impl Source {
    pub fn wire_code(self) -> i8 {
        match self {
            Self::Topic => 1,
            Self::DynamicBroker => 2,
            Self::DynamicDefaultBroker => 3,
            Self::StaticBroker => 4,
            Self::Default => 5,
            Self::DynamicBrokerLogger => 6,
            Self::ClientMetrics => 7,
            Self::Group => 8,
        }
    }
}

/// One entry of a DescribeConfigs answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    pub name: String,
    /// `None` when there is no value, or it must not be shown.
    pub value: Option<String>,
    pub source: Source,
    pub is_sensitive: bool,
    /// Cannot be changed while the broker runs.
    pub read_only: bool,
    /// Every place that gives a value, the one that wins first.
    pub synonyms: Vec<Synonym>,
    /// `None` for a name that nobody declared.
    pub kind: Option<Kind>,
    pub text: Option<&'static str>,
}

/// A place that gives a value for a setting, perhaps under another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synonym {
    pub name: String,
    pub value: Option<String>,
    pub source: Source,
}

impl Described {
    /// The source is that of the first synonym; without any, the default's.
    pub(crate) fn new(
        setting: &Setting,
        value: Option<&Value>,
        read_only: bool,
        synonyms: Vec<Synonym>,
    ) -> Self {
        let is_sensitive = setting.is_sensitive();
        Self {
            name: setting.name.to_owned(),
            value: value.filter(|_| !is_sensitive).map(ToString::to_string),
            source: synonyms.first().map_or(Source::Default, |first| first.source),
            is_sensitive,
            read_only,
            synonyms,
            kind: Some(setting.kind),
            text: Some(setting.text),
        }
    }

    /// For a name that nobody declared: it may be a secret, so its value is not shown.
    pub(crate) fn unknown(name: &str, synonyms: Vec<Synonym>) -> Self {
        Self {
            name: name.to_owned(),
            value: None,
            source: synonyms.first().map_or(Source::Default, |first| first.source),
            is_sensitive: true,
            read_only: true,
            synonyms,
            kind: None,
            text: None,
        }
    }
}
