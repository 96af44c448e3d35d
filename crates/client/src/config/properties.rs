//! Settings by Kafka's names: read, checked each and against each other, and turned into typed ones.

use std::collections::BTreeMap;

use super::declared::{self, STREAMS};
use super::nearest::nearest;
use super::{ConfigError, Role, Setting, Value, rules};

/// The settings of one client by the names that Apache Kafka's clients give them. Each has a value that it may have, and
/// they do not contradict each other. What was not given has Apache Kafka 4.4's default.
#[derive(Clone, Debug)]
pub struct Properties {
    role: Role,
    given: BTreeMap<&'static str, Value>,
}

impl Role {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Producer => "a producer",
            Self::Consumer => "a consumer",
            Self::Admin => "an admin client",
        }
    }

    const ALL: [Self; 3] = [Self::Producer, Self::Consumer, Self::Admin];
}

impl Properties {
    /// Fails for the first name that is not known, value that is not allowed, setting that is not supported here, or pair
    /// of settings that contradict each other.
    pub fn new<K: AsRef<str>, V: AsRef<str>>(
        role: Role,
        given: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, ConfigError> {
        let mut properties = Self { role, given: BTreeMap::new() };
        for (name, raw) in given {
            let setting = find(role, name.as_ref())?;
            properties.given.insert(setting.name, setting.parse(raw.as_ref())?);
        }
        rules::check(&properties)?;
        Ok(properties)
    }

    pub fn role(&self) -> Role {
        self.role
    }

    /// Every setting that a client in this role may be given, also those that are refused.
    pub fn settings(role: Role) -> impl Iterator<Item = &'static Setting> {
        declared::settings(role)
    }

    pub(super) fn must_be(&self, role: Role) -> Result<(), ConfigError> {
        if self.role == role {
            return Ok(());
        }
        Err(ConfigError::Role { found: self.role.name(), wanted: role.name() })
    }

    pub(super) fn is_given(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    fn value(&self, name: &'static str) -> Option<Value> {
        if let Some(value) = self.given.get(name) {
            return Some(value.clone());
        }
        declared::settings(self.role).find(|it| it.name == name)?.default_value()
    }

    fn required<T>(&self, name: &'static str, value: Option<T>) -> Result<T, ConfigError> {
        value.ok_or(ConfigError::Missing { name })
    }

    pub(super) fn whole(&self, name: &'static str) -> Result<i64, ConfigError> {
        self.required(name, self.value(name).and_then(|it| it.whole()))
    }

    pub(super) fn switch(&self, name: &'static str) -> Result<bool, ConfigError> {
        self.required(name, self.value(name).and_then(|it| it.boolean()))
    }

    /// `None` where nothing was said and there is no default.
    pub(super) fn optional_text(&self, name: &'static str) -> Option<String> {
        self.value(name).and_then(|it| it.text().map(str::to_owned))
    }

    pub(super) fn text(&self, name: &'static str) -> Result<String, ConfigError> {
        self.required(name, self.optional_text(name))
    }

    pub(super) fn list(&self, name: &'static str) -> Result<Vec<String>, ConfigError> {
        self.required(name, self.value(name).and_then(|it| it.list().map(<[_]>::to_vec)))
    }
}

fn find(role: Role, name: &str) -> Result<&'static Setting, ConfigError> {
    if let Some(setting) = declared::settings(role).find(|it| it.name == name) {
        return Ok(setting);
    }
    let has = |other: &Role| declared::settings(*other).any(|it| it.name == name);
    let whose = match Role::ALL.iter().find(|other| has(other)) {
        Some(other) => Some(other.name()),
        None => STREAMS.contains(&name).then_some("Kafka Streams"),
    };
    let name = name.to_owned();
    if let Some(whose) = whose {
        return Err(ConfigError::Elsewhere { name, whose, role: role.name() });
    }
    let nearest = nearest(&name, declared::settings(role).map(|it| it.name));
    Err(ConfigError::Unknown { name, nearest })
}
