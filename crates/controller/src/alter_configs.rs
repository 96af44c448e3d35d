use std::collections::BTreeMap;

use metadata::{ConfigKind, ConfigResource, ConfigValues, MetadataRecord};
use model::{BrokerId, TopicName};

use crate::controller::Controller;
use crate::create_topics::check_value_sizes;
use crate::operation::{Context, Decision, Operation};
use crate::refusal::Refusal;

/// What happens to one setting (KIP-339).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigOp {
    Set(String),
    /// Goes back to what holds without it.
    Delete,
    /// Adds comma-separated items to a list.
    Append(String),
    /// Takes comma-separated items out of a list.
    Subtract(String),
}

/// Changes single settings. Each resource is changed or refused by itself.
#[derive(Clone, Debug)]
pub struct IncrementalAlterConfigs {
    pub resources: Vec<(ConfigResource, Vec<(String, ConfigOp)>)>,
    pub validate_only: bool,
}

/// Settings as a request carries them; `None` for one without a value.
pub type GivenConfigs = Vec<(String, Option<String>)>;

/// Gives resources exactly these settings and takes away all others.
#[derive(Clone, Debug)]
pub struct AlterConfigs {
    pub resources: Vec<(ConfigResource, GivenConfigs)>,
    pub validate_only: bool,
}

/// What became of each resource, in the request's order.
pub type AlterConfigsReply = Vec<(ConfigResource, Result<(), Refusal>)>;

impl Operation for IncrementalAlterConfigs {
    type Reply = AlterConfigsReply;

    fn decide(&self, controller: &Controller, context: &mut Context<'_>) -> Decision<Self::Reply> {
        decide_each(&self.resources, self.validate_only, |resource, operations| {
            refuse_repeated(operations.iter().map(|(name, _)| name))?;
            let before = controller.image().config(resource).cloned().unwrap_or_default();
            let mut after = before.clone();
            let mut touched = Vec::new();
            for (name, operation) in operations {
                let value = apply(resource, name, before.get(name), operation, context)?;
                match value {
                    Some(value) => drop(after.insert(name.clone(), value)),
                    None => drop(after.remove(name)),
                }
                touched.push(name.clone());
            }
            decide_one(controller, context, resource, &before, &after, touched)
        })
    }
}

impl Operation for AlterConfigs {
    type Reply = AlterConfigsReply;

    fn decide(&self, controller: &Controller, context: &mut Context<'_>) -> Decision<Self::Reply> {
        decide_each(&self.resources, self.validate_only, |resource, settings| {
            refuse_repeated(settings.iter().map(|(name, _)| name))?;
            let before = controller.image().config(resource).cloned().unwrap_or_default();
            let mut after = ConfigValues::new();
            for (name, value) in settings {
                let Some(value) = value else {
                    let why = format!("null value not supported for: {name}");
                    return Err(Refusal::InvalidRequest(why));
                };
                after.insert(name.clone(), value.clone());
            }
            let touched = after.keys().cloned().collect();
            decide_one(controller, context, resource, &before, &after, touched)
        })
    }
}

/// Decides each resource by itself; one that is named twice is refused each time.
fn decide_each<T>(
    resources: &[(ConfigResource, T)],
    validate_only: bool,
    mut decide: impl FnMut(&ConfigResource, &T) -> Result<Vec<MetadataRecord>, Refusal>,
) -> Decision<AlterConfigsReply> {
    let mut counts: BTreeMap<&ConfigResource, usize> = BTreeMap::new();
    for (resource, _) in resources {
        *counts.entry(resource).or_default() += 1;
    }
    let mut records = Vec::new();
    let mut reply = Vec::with_capacity(resources.len());
    for (resource, wanted) in resources {
        let repeated = counts.get(resource).is_some_and(|count| *count > 1);
        let result = if repeated {
            let why = "each resource must appear at most once".to_owned();
            Err(Refusal::InvalidRequest(why))
        } else {
            decide(resource, wanted).map(|new| records.extend(new))
        };
        reply.push((resource.clone(), result));
    }
    if validate_only {
        records.clear();
    }
    Decision { records, reply }
}

fn refuse_repeated<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), Refusal> {
    let mut names: Vec<&String> = names.collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    if names.len() == count {
        return Ok(());
    }
    Err(Refusal::InvalidRequest("a setting is named more than once for one resource".to_owned()))
}

/// The new value of a setting; `None` when it has none of its own any more.
fn apply(
    resource: &ConfigResource,
    name: &str,
    current: Option<&String>,
    operation: &ConfigOp,
    context: &Context<'_>,
) -> Result<Option<String>, Refusal> {
    let (items, adds) = match operation {
        ConfigOp::Set(value) => return Ok(Some(value.clone())),
        ConfigOp::Delete => return Ok(None),
        ConfigOp::Append(items) => (items, true),
        ConfigOp::Subtract(items) => (items, false),
    };
    if !context.rules.is_list(resource.kind, name) {
        let verb = if adds { "append" } else { "subtract" };
        let why = format!("can't {verb} to key {name} because its type is not LIST");
        return Err(Refusal::InvalidConfig(why));
    }
    let base = current.cloned().or_else(|| context.rules.default_value(resource.kind, name));
    let base = base.unwrap_or_default();
    let mut list: Vec<&str> =
        base.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
    for item in items.split(',') {
        let present = list.iter().position(|other| *other == item);
        match (adds, present) {
            (true, None) => list.push(item),
            (false, Some(place)) => drop(list.remove(place)),
            _ => {}
        }
    }
    Ok(Some(list.join(",")))
}

fn decide_one(
    controller: &Controller,
    context: &Context<'_>,
    resource: &ConfigResource,
    before: &ConfigValues,
    after: &ConfigValues,
    touched: Vec<String>,
) -> Result<Vec<MetadataRecord>, Refusal> {
    check_name(resource)?;
    check_value_sizes(after)?;
    context.rules.check(resource, before, after)?;
    check_exists(controller, resource)?;
    // Setting a broker's value again is written again: the value may name a file whose content changed.
    let is_written =
        |name: &String| resource.kind == ConfigKind::Broker || before.get(name) != after.get(name);
    let changed: Vec<String> = touched.into_iter().filter(is_written).collect();
    let dropped = before.keys().filter(|name| !after.contains_key(*name));
    let dropped: Vec<String> = dropped.filter(|name| !changed.contains(*name)).cloned().collect();
    let names = changed.into_iter().chain(dropped);
    Ok(names
        .map(|name| MetadataRecord::Config {
            resource: resource.clone(),
            value: after.get(&name).cloned(),
            name,
        })
        .collect())
}

/// Whether the name can belong to a resource of its kind.
fn check_name(resource: &ConfigResource) -> Result<(), Refusal> {
    let invalid = |why: &str| Err(Refusal::InvalidRequest(why.to_owned()));
    let is_empty = resource.name.is_empty();
    match resource.kind {
        ConfigKind::Topic if is_empty => invalid("default topic resources are not allowed"),
        ConfigKind::Topic => Ok(TopicName::check(&resource.name)?),
        ConfigKind::Group if is_empty => invalid("default group resources are not allowed"),
        ConfigKind::ClientMetrics if is_empty => invalid("subscription name can't be empty"),
        ConfigKind::Broker if !is_empty => match broker_id(&resource.name) {
            Some(_) => Ok(()),
            None => invalid("unable to parse broker name as a base 10 number"),
        },
        ConfigKind::BrokerLogger => {
            invalid("logger levels are changed by the broker itself, not by the controller")
        }
        ConfigKind::Broker | ConfigKind::Group | ConfigKind::ClientMetrics => Ok(()),
    }
}

fn check_exists(controller: &Controller, resource: &ConfigResource) -> Result<(), Refusal> {
    match resource.kind {
        ConfigKind::Topic => match controller.image().topic(&resource.name) {
            Some(_) => Ok(()),
            None => Err(Refusal::UnknownTopicOrPartition),
        },
        ConfigKind::Broker => match broker_id(&resource.name) {
            // A controller without a broker has settings, too.
            Some(id)
                if controller.image().broker(id).is_none()
                    && !controller.image().controllers().any(|other| other.id == id) =>
            {
                Err(Refusal::BrokerNotRegistered(id))
            }
            _ => Ok(()),
        },
        ConfigKind::BrokerLogger | ConfigKind::ClientMetrics | ConfigKind::Group => Ok(()),
    }
}

fn broker_id(name: &str) -> Option<BrokerId> {
    BrokerId::from_wire(name.parse().ok()?)
}

#[cfg(test)]
mod tests;
