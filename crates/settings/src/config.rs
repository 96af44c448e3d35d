//! The layers of a node's settings over each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::families::{family, unit_ms};
use crate::table::base_name;
use crate::values::Values;
use crate::{
    BrokerSettings, Described, InvalidValue, Kind, Setting, Source, Synonym, Table, TopicSettings,
    Value, broker, client_metrics, group, rules, topic,
};

/// Values as text, by name, from one place.
pub type RawSettings = BTreeMap<String, String>;

/// The settings of a node: default, then what it was started with, then what was set for all brokers while they ran,
/// then what was set for this one. A topic's own come over these. It never changes: a change makes another.
#[derive(Clone, Debug)]
pub struct BrokerConfig {
    started_with: Arc<RawSettings>,
    all_brokers: RawSettings,
    this_broker: RawSettings,
    values: Values,
    settings: Arc<BrokerSettings>,
    topic_defaults: Arc<TopicSettings>,
}

impl BrokerConfig {
    /// A node that was started with these values (file, environment and command line together).
    pub fn new(mut started_with: RawSettings) -> Result<Self, InvalidValue> {
        agree_on_id(&mut started_with)?;
        Self::layered(Arc::new(started_with), RawSettings::new(), RawSettings::new())
    }

    /// What a node is when nobody says anything: broker and controller in one, with the data in `data_dir`.
    pub fn single_node_defaults(data_dir: &str) -> RawSettings {
        [("process.roles", "broker,controller"), ("node.id", "1"), ("log.dirs", data_dir)]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// The same node after settings were changed while it runs. A value that this program cannot take (another
    /// version wrote it) is left out and given back, so that one of them does not hold up the others.
    pub fn with_dynamic(
        &self,
        all_brokers: &RawSettings,
        this_broker: &RawSettings,
    ) -> (Self, Vec<InvalidValue>) {
        let mut ignored = Vec::new();
        let all_brokers = usable(all_brokers, &mut ignored);
        let this_broker = usable(this_broker, &mut ignored);
        match Self::layered(Arc::clone(&self.started_with), all_brokers, this_broker) {
            Ok(config) => (config, ignored),
            Err(invalid) => {
                ignored.push(invalid);
                (self.clone(), ignored)
            }
        }
    }

    pub(crate) fn layered(
        started_with: Arc<RawSettings>,
        all_brokers: RawSettings,
        this_broker: RawSettings,
    ) -> Result<Self, InvalidValue> {
        let raw = overlay(&started_with, [&all_brokers, &this_broker]);
        for (name, value) in raw.iter().filter(|(name, _)| broker().find_exact(name).is_none()) {
            if let Some(setting) = broker().find(name) {
                setting.parse(value)?;
            }
        }
        let of_setting = |setting: &'static Setting| raw.get(setting.name).map(|value| &***value);
        let values = Values::resolve(broker(), of_setting, Setting::default_value)?;
        let settings = BrokerSettings::from_values(&values)?;
        rules::check(&values, &settings)?;
        let topic_defaults =
            TopicSettings::from_values(&topic_values(&values, &RawSettings::new())?)?;
        Ok(Self {
            started_with,
            all_brokers,
            this_broker,
            values,
            settings: Arc::new(settings),
            topic_defaults: Arc::new(topic_defaults),
        })
    }

    pub fn settings(&self) -> &Arc<BrokerSettings> {
        &self.settings
    }

    /// The settings of a topic that says nothing for itself.
    pub fn topic_defaults(&self) -> &Arc<TopicSettings> {
        &self.topic_defaults
    }

    /// The settings of a topic with these of its own.
    pub fn topic_settings(&self, own: &RawSettings) -> Result<Arc<TopicSettings>, InvalidValue> {
        if own.is_empty() {
            return Ok(Arc::clone(&self.topic_defaults));
        }
        topic_values(&self.values, own)
            .and_then(|values| TopicSettings::from_values(&values))
            .map(Arc::new)
    }

    /// What the node was started with.
    pub fn started_with(&self) -> &RawSettings {
        &self.started_with
    }

    /// What was set for all brokers while they ran.
    pub fn all_brokers(&self) -> &RawSettings {
        &self.all_brokers
    }

    /// What was set for this broker while it ran.
    pub fn this_broker(&self) -> &RawSettings {
        &self.this_broker
    }

    /// The value of a broker's setting, as DescribeConfigs writes it; `None` without one.
    pub fn value_text(&self, name: &str) -> Option<String> {
        self.values.get(name).map(ToString::to_string)
    }

    /// Every setting of this broker: what DescribeConfigs of its own id answers.
    pub fn describe_broker(&self) -> Vec<Described> {
        let mut described: Vec<Described> = broker()
            .iter()
            .filter(|setting| !setting.internal || self.is_set(setting.name))
            .map(|setting| self.describe_one(setting, |_| true))
            .collect();
        let unlisted = overlay(&self.started_with, [&self.all_brokers, &self.this_broker]);
        for name in unlisted.keys().filter(|name| broker().find_exact(name).is_none()) {
            described.push(self.describe_unlisted(name));
        }
        described
    }

    /// What was set for all brokers: what DescribeConfigs of the nameless broker answers.
    pub fn describe_all_brokers(&self) -> Vec<Described> {
        let of_all = |source| source == Source::DynamicDefaultBroker;
        let one = |name: &String| match broker().find_exact(name) {
            Some(setting) => {
                let mut described = self.describe_one(setting, of_all);
                // The value for all, though this broker may have another.
                described.value = described.synonyms.first().and_then(|first| first.value.clone());
                described
            }
            None => self.describe_unlisted(name),
        };
        self.all_brokers.keys().map(one).collect()
    }

    /// Every setting of a topic with these of its own.
    pub fn describe_topic(&self, own: &RawSettings) -> Result<Vec<Described>, InvalidValue> {
        let values = topic_values(&self.values, own)?;
        Ok(self.describe_over(topic(), &values, own, Source::Topic))
    }

    /// Every setting of a group with these of its own.
    pub fn describe_group(&self, own: &RawSettings) -> Result<Vec<Described>, InvalidValue> {
        let values = over_broker(group(), &self.values, own)?;
        Ok(self.describe_over(group(), &values, own, Source::Group))
    }

    /// Every setting of a subscription to metrics of clients.
    pub fn describe_client_metrics(
        &self,
        own: &RawSettings,
    ) -> Result<Vec<Described>, InvalidValue> {
        let values = over_broker(client_metrics(), &self.values, own)?;
        Ok(self.describe_over(client_metrics(), &values, own, Source::ClientMetrics))
    }

    /// Settings that were given a value, and are without effect: for the start to say so.
    pub fn without_effect(&self) -> Vec<&'static Setting> {
        let set = self.started_with.keys().filter_map(|name| broker().find(name));
        set.filter(|setting| setting.effect == crate::Effect::NoneYet).collect()
    }

    fn is_set(&self, name: &str) -> bool {
        [&*self.started_with, &self.all_brokers, &self.this_broker]
            .iter()
            .any(|layer| layer.contains_key(name))
    }

    fn describe_one(&self, setting: &'static Setting, shown: impl Fn(Source) -> bool) -> Described {
        let alone = [setting.name];
        let names = family(setting.name).unwrap_or(&alone);
        let mut synonyms = self.synonyms(setting.name, names, setting.is_sensitive());
        synonyms.retain(|synonym| shown(synonym.source));
        let read_only = setting.dynamic == crate::Dynamic::ReadOnly;
        Described::new(setting, self.values.get(setting.name), read_only, synonyms)
    }

    /// A name with a listener's in front, or one that nobody declared.
    fn describe_unlisted(&self, name: &str) -> Described {
        let Some(setting) = broker().find(name) else {
            return Described::unknown(name, self.synonyms(name, &[name], true));
        };
        let base = base_name(name).unwrap_or(name);
        let synonyms = self.synonyms(name, &[name, base], setting.is_sensitive());
        let raw = synonyms.first().and_then(|first| first.value.clone());
        let value = raw.and_then(|raw| setting.parse(&raw).ok());
        let read_only = setting.dynamic == crate::Dynamic::ReadOnly;
        let mut described = Described::new(setting, value.as_ref(), read_only, synonyms);
        name.clone_into(&mut described.name);
        described
    }

    /// Places that give `names` a value, layer by layer, beginning with the first that says `name` itself.
    fn synonyms(&self, name: &str, names: &[&str], is_sensitive: bool) -> Vec<Synonym> {
        let layers = [
            (&self.this_broker, Source::DynamicBroker),
            (&self.all_brokers, Source::DynamicDefaultBroker),
            (&*self.started_with, Source::StaticBroker),
        ];
        let mut synonyms = Vec::new();
        let mut push = |name: &str, value: String, source| {
            let value = (!is_sensitive).then_some(value);
            synonyms.push(Synonym { name: name.to_owned(), value, source });
        };
        for (layer, source) in layers {
            for name in names {
                if let Some(value) = layer.get(*name) {
                    push(name, value.clone(), source);
                }
            }
        }
        for name in names {
            if let Some(value) = broker().find_exact(name).and_then(Setting::default_value) {
                push(name, value.to_string(), Source::Default);
            }
        }
        let first = synonyms.iter().position(|synonym| synonym.name == name);
        first.map(|first| synonyms.split_off(first)).unwrap_or_default()
    }

    /// Settings whose own values lie over a broker's.
    fn describe_over(
        &self,
        table: &'static Table,
        values: &Values,
        own: &RawSettings,
        source: Source,
    ) -> Vec<Described> {
        let listed =
            table.iter().filter(|setting| !setting.internal || own.contains_key(setting.name));
        listed
            .map(|setting| {
                let value = values.get(setting.name);
                let mut synonyms = Vec::new();
                if own.contains_key(setting.name) {
                    let value = value.filter(|_| !setting.is_sensitive()).map(ToString::to_string);
                    synonyms.push(Synonym { name: setting.name.to_owned(), value, source });
                }
                if setting.from.is_empty() && source == Source::Group {
                    let default = setting.default_value().map(|value| value.to_string());
                    synonyms.extend(default.map(|value| Synonym {
                        name: setting.name.to_owned(),
                        value: Some(value),
                        source: Source::Default,
                    }));
                }
                if let Some(first) = setting.from.first() {
                    let alone = [*first];
                    let names = family(first).unwrap_or(&alone);
                    synonyms.extend(self.synonyms(first, names, setting.is_sensitive()));
                }
                Described::new(setting, value, false, synonyms)
            })
            .collect()
    }

    pub(crate) fn values(&self) -> &Values {
        &self.values
    }
}

/// `node.id` and `broker.id` are two names of one thing: either gives the other.
fn agree_on_id(started_with: &mut RawSettings) -> Result<(), InvalidValue> {
    let of = |name: &str| started_with.get(name).filter(|id| id.trim() != "-1").cloned();
    let (node_id, broker_id) = (of("node.id"), of("broker.id"));
    if let (Some(node_id), Some(broker_id)) = (&node_id, &broker_id)
        && node_id.trim() != broker_id.trim()
    {
        return Err(InvalidValue::because(
            "broker.id",
            broker_id,
            format!("the same as node.id, {node_id}"),
        ));
    }
    if let Some(id) = node_id.or(broker_id) {
        started_with.insert("node.id".to_owned(), id.clone());
        started_with.insert("broker.id".to_owned(), id);
    }
    Ok(())
}

/// Later layers over earlier ones. A value takes the others of its family out, so that hours set later win over
/// milliseconds set earlier.
fn overlay<'a>(
    started_with: &'a RawSettings,
    layers: [&'a RawSettings; 2],
) -> BTreeMap<&'a str, &'a String> {
    let mut merged: BTreeMap<&str, &String> =
        started_with.iter().map(|(name, value)| (name.as_str(), value)).collect();
    for layer in layers {
        for (name, value) in layer {
            for relative in family(name).unwrap_or_default() {
                merged.remove(relative);
            }
            merged.insert(name, value);
        }
    }
    merged
}

fn usable(layer: &RawSettings, ignored: &mut Vec<InvalidValue>) -> RawSettings {
    let mut usable = RawSettings::new();
    for (name, value) in layer {
        match broker().find(name).map(|setting| setting.parse(value)) {
            Some(Err(invalid)) => ignored.push(invalid),
            Some(Ok(_)) | None => {
                usable.insert(name.clone(), value.clone());
            }
        }
    }
    usable
}

/// A topic's settings: its own, else its broker's in milliseconds, else the default.
pub(crate) fn topic_values(
    broker_values: &Values,
    own: &RawSettings,
) -> Result<Values, InvalidValue> {
    over_broker(topic(), broker_values, own)
}

pub(crate) fn over_broker(
    table: &'static Table,
    broker_values: &Values,
    own: &RawSettings,
) -> Result<Values, InvalidValue> {
    let raw = |setting: &'static Setting| own.get(setting.name).map(String::as_str);
    Values::resolve(table, raw, |setting| {
        from_broker(broker_values, setting).or_else(|| setting.default_value())
    })
}

fn from_broker(values: &Values, setting: &Setting) -> Option<Value> {
    let (name, value) = setting.from.iter().find_map(|name| Some((*name, values.get(name)?)))?;
    if let (Kind::Text, Value::List(items)) = (setting.kind, value) {
        return items.first().cloned().map(Value::Text);
    }
    match (unit_ms(name), value.as_integer()) {
        (1, _) | (_, None) => Some(value.clone()),
        (_, Some(number)) if number < 0 => Some(Value::Long(-1)),
        (unit, Some(number)) => Some(Value::Long(number.saturating_mul(unit))),
    }
}
