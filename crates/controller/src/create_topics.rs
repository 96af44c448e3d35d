use std::collections::{BTreeMap, BTreeSet};

use metadata::{ConfigResource, ConfigValues, MetadataRecord, Partition, RecoveryState};
use model::{
    BrokerId, LeaderEpoch, PartitionEpoch, PartitionIndex, SeededRandom, TopicId, TopicName, Uuid,
};

use crate::controller::Controller;
use crate::limits::{CONFIG_VALUE_SIZE_MAX, PARTITIONS_PER_REQUEST_MAX, RECORDS_PER_REQUEST_MAX};
use crate::operation::{Context, Decision, Operation};
use crate::placement::place;
use crate::refusal::Refusal;

/// Makes topics. Each is made or refused by itself.
#[derive(Clone, Debug)]
pub struct CreateTopics {
    pub topics: Vec<NewTopic>,
    /// Decide and answer, and write nothing.
    pub validate_only: bool,
}

/// A topic that is asked for; nothing of it has been checked.
#[derive(Clone, Debug)]
pub struct NewTopic {
    pub name: String,
    pub layout: Layout,
    /// In the order of the request; a setting without a value is refused.
    pub configs: Vec<(String, Option<String>)>,
}

/// How many partitions and replicas, and where.
#[derive(Clone, Debug)]
pub enum Layout {
    /// Counts as a request carries them: -1 asks for the cluster's default.
    Counts { partitions: i32, replicas: i16 },
    /// Likewise, but with fewer brokers than replicas the topic gets one replica on each that lives: so an internal
    /// topic can be made on a cluster that is still small.
    AtMost { partitions: i32, replicas: i16 },
    /// Brokers by partition, and the counts that came with them, which must be -1.
    Manual { assignments: Vec<(i32, Vec<i32>)>, partitions: i32, replicas: i16 },
}

/// What became of one topic of the request, in the request's order; a name that came twice is answered once.
pub type CreateTopicsReply = Vec<(String, Result<CreatedTopic, Refusal>)>;

/// A topic that was made, or would have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedTopic {
    pub id: TopicId,
    pub partition_count: usize,
    pub replication_factor: usize,
    /// The settings it was given.
    pub configs: ConfigValues,
}

impl Operation for CreateTopics {
    type Reply = CreateTopicsReply;

    fn decide(&self, controller: &Controller, context: &mut Context<'_>) -> Decision<Self::Reply> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for topic in &self.topics {
            *counts.entry(&topic.name).or_default() += 1;
        }
        let too_many = self.check_total(controller).err();
        let mut records = Vec::new();
        let mut reply = Vec::with_capacity(counts.len());
        let mut answered = BTreeSet::new();
        for topic in &self.topics {
            if !answered.insert(topic.name.as_str()) {
                continue;
            }
            let repeated = counts.get(topic.name.as_str()).is_some_and(|count| *count > 1);
            let result = match &too_many {
                Some(refusal) => Err(refusal.clone()),
                None if repeated => Err(Refusal::InvalidRequest("duplicate topic name".to_owned())),
                None => topic.decide(controller, context, &mut records),
            };
            reply.push((topic.name.clone(), result));
        }
        if self.validate_only {
            records.clear();
        }
        Decision { records, reply }
    }
}

impl CreateTopics {
    /// The whole request is refused when it asks for too much at once.
    fn check_total(&self, controller: &Controller) -> Result<(), Refusal> {
        let total: usize =
            self.topics.iter().map(|topic| topic.layout.partitions(controller)).sum();
        let configs: usize = self.topics.iter().map(|topic| topic.configs.len() + 1).sum();
        if total > PARTITIONS_PER_REQUEST_MAX || total + configs > RECORDS_PER_REQUEST_MAX {
            let why = "excessively large number of partitions per request".to_owned();
            return Err(Refusal::PolicyViolation(why));
        }
        Ok(())
    }
}

impl Layout {
    fn partitions(&self, controller: &Controller) -> usize {
        match self {
            Self::Manual { assignments, .. } => assignments.len(),
            Self::Counts { partitions: -1, .. } | Self::AtMost { partitions: -1, .. } => {
                usize::try_from(controller.settings().partition_count).unwrap_or(0)
            }
            Self::Counts { partitions, .. } | Self::AtMost { partitions, .. } => {
                usize::try_from(*partitions).unwrap_or(0)
            }
        }
    }
}

impl NewTopic {
    fn decide(
        &self,
        controller: &Controller,
        context: &mut Context<'_>,
        records: &mut Vec<MetadataRecord>,
    ) -> Result<CreatedTopic, Refusal> {
        let name = TopicName::new(&self.name)?;
        check_collision(controller, &name, records)?;
        if controller.image().topic(&self.name).is_some() {
            return Err(Refusal::TopicExists(self.name.clone()));
        }
        let configs = self.checked_configs(context)?;
        let placed = self.assignments(controller, context.random)?;
        let id = free_topic_id(controller, context.random);
        records.push(MetadataRecord::Topic { name, id });
        records.extend(configs.iter().map(|(name, value)| MetadataRecord::Config {
            resource: ConfigResource::topic(&self.name),
            name: name.clone(),
            value: Some(value.clone()),
        }));
        let replication_factor = placed.first().map_or(0, |(replicas, _)| replicas.len());
        let partition_count = placed.len();
        for (index, (replicas, isr)) in (0..).zip(placed) {
            let index = PartitionIndex::from_wire(index).unwrap_or(PartitionIndex::ZERO);
            let partition = new_partition(controller, replicas, isr);
            records.push(MetadataRecord::Partition { topic: id, index, partition });
        }
        Ok(CreatedTopic { id, partition_count, replication_factor, configs })
    }

    fn checked_configs(&self, context: &Context<'_>) -> Result<ConfigValues, Refusal> {
        let mut values = ConfigValues::new();
        let mut without_value = Vec::new();
        for (name, value) in &self.configs {
            match value {
                Some(value) => drop(values.insert(name.clone(), value.clone())),
                None => without_value.push(name.as_str()),
            }
        }
        if !without_value.is_empty() {
            let names = without_value.join(",");
            let why = format!("null value not supported for topic configs: {names}");
            return Err(Refusal::InvalidConfig(why));
        }
        check_value_sizes(&values)?;
        if !values.is_empty() {
            let resource = ConfigResource::topic(&self.name);
            context.rules.check(&resource, &ConfigValues::new(), &values)?;
        }
        Ok(values)
    }

    /// Replicas and in-sync replicas of each partition.
    fn assignments(
        &self,
        controller: &Controller,
        random: &mut SeededRandom,
    ) -> Result<Vec<Placed>, Refusal> {
        let settings = controller.settings();
        let live = controller.image().active_brokers().count();
        let (partitions, replicas) = match &self.layout {
            Layout::Manual { assignments, partitions, replicas } => {
                return manual(controller, assignments, *partitions, *replicas);
            }
            Layout::Counts { partitions, replicas } => (*partitions, *replicas),
            Layout::AtMost { partitions, replicas } => {
                let live = i16::try_from(live).unwrap_or(i16::MAX).max(1);
                let wanted = if *replicas == -1 { settings.replication_factor } else { *replicas };
                (*partitions, wanted.min(live))
            }
        };
        if replicas < -1 || replicas == 0 {
            let why = "replication factor must be larger than 0, or -1 to use the default value";
            return Err(Refusal::InvalidReplicationFactor(why.to_owned()));
        }
        if partitions < -1 || partitions == 0 {
            let why = "number of partitions was set to an invalid non-positive value";
            return Err(Refusal::InvalidPartitions(why.to_owned()));
        }
        let replicas = if replicas == -1 { settings.replication_factor } else { replicas };
        let placed =
            place(controller.image(), random, self.layout.partitions(controller), replicas)?;
        placed.into_iter().map(|replicas| with_isr(controller, replicas)).collect()
    }
}

/// The replicas of a new partition, and those of them that are in sync.
pub(crate) type Placed = (Vec<BrokerId>, Vec<BrokerId>);

/// Adds the in-sync replicas: those that live.
pub(crate) fn with_isr(
    controller: &Controller,
    replicas: Vec<BrokerId>,
) -> Result<Placed, Refusal> {
    let is_active = |id: &BrokerId| controller.image().is_active(*id);
    let isr: Vec<BrokerId> = replicas.iter().copied().filter(is_active).collect();
    if isr.is_empty() {
        let why = "all brokers are currently fenced or in controlled shutdown".to_owned();
        return Err(Refusal::InvalidReplicationFactor(why));
    }
    Ok((replicas, isr))
}

/// A partition in its first epoch, led by the first of its in-sync replicas.
pub(crate) fn new_partition(
    controller: &Controller,
    replicas: Vec<BrokerId>,
    isr: Vec<BrokerId>,
) -> Partition {
    Partition {
        directories: replicas.iter().map(|id| controller.default_directory(*id)).collect(),
        leader: isr.first().copied(),
        replicas,
        isr,
        removing: Vec::new(),
        adding: Vec::new(),
        elr: Vec::new(),
        last_known_elr: Vec::new(),
        recovery: RecoveryState::Recovered,
        leader_epoch: LeaderEpoch::ZERO,
        partition_epoch: PartitionEpoch::ZERO,
    }
}

/// A name that differs from another only in `.` and `_` would be one with it in the names of metrics.
fn check_collision(
    controller: &Controller,
    name: &TopicName,
    decided: &[MetadataRecord],
) -> Result<(), Refusal> {
    let Some(same_until) = name.as_str().find(['.', '_']) else { return Ok(()) };
    // Names that collide are equal up to the first such character, so they lie together.
    let prefix = &name.as_str()[..same_until];
    let alike = controller.image().topics_from(prefix).map(|topic| &topic.name);
    let existing = alike.take_while(|other| other.as_str().starts_with(prefix));
    let new = decided.iter().filter_map(|record| match record {
        MetadataRecord::Topic { name, .. } => Some(name),
        _ => None,
    });
    match existing.chain(new).find(|other| *other != name && other.collides_with(name)) {
        Some(other) => {
            let (name, existing) = (name.to_string(), other.to_string());
            Err(Refusal::TopicNameCollides { name, existing })
        }
        None => Ok(()),
    }
}

pub(crate) fn check_value_sizes(values: &ConfigValues) -> Result<(), Refusal> {
    if values.values().any(|value| value.len() > CONFIG_VALUE_SIZE_MAX) {
        return Err(Refusal::InvalidConfig(format!(
            "the configuration value cannot be added because it exceeds the maximum value size of \
             {CONFIG_VALUE_SIZE_MAX} bytes"
        )));
    }
    Ok(())
}

fn manual(
    controller: &Controller,
    assignments: &[(i32, Vec<i32>)],
    partitions: i32,
    replicas: i16,
) -> Result<Vec<Placed>, Refusal> {
    let invalid = |what: &str| {
        Err(Refusal::InvalidRequest(format!(
            "a manual partition assignment was specified, but {what} was not set to -1"
        )))
    };
    if replicas != -1 {
        return invalid("the replication factor");
    }
    if partitions != -1 {
        return invalid("the number of partitions");
    }
    let mut by_index = BTreeMap::new();
    let mut replication_factor = None;
    for (index, brokers) in assignments {
        let checked = check_manual(controller, brokers, replication_factor)?;
        replication_factor = Some(checked.len());
        let placed = with_isr(controller, checked).map_err(|_| all_fenced(*index))?;
        if by_index.insert(*index, placed).is_some() {
            return Err(Refusal::InvalidReplicaAssignment(format!(
                "found multiple manual partition assignments for partition {index}"
            )));
        }
    }
    if by_index.keys().zip(0..).any(|(index, expected)| *index != expected) {
        let why = "partitions should be a consecutive 0-based integer sequence".to_owned();
        return Err(Refusal::InvalidReplicaAssignment(why));
    }
    Ok(by_index.into_values().collect())
}

pub(crate) fn all_fenced(index: i32) -> Refusal {
    Refusal::InvalidReplicaAssignment(format!(
        "all brokers specified in the manual partition assignment for partition {index} are \
         fenced or in controlled shutdown"
    ))
}

/// The brokers of one partition that were chosen by hand.
pub(crate) fn check_manual(
    controller: &Controller,
    brokers: &[i32],
    replication_factor: Option<usize>,
) -> Result<Vec<BrokerId>, Refusal> {
    let refuse = |why: String| {
        Err(Refusal::InvalidReplicaAssignment(format!("the manual partition assignment {why}")))
    };
    if brokers.is_empty() {
        return refuse("includes an empty replica list".to_owned());
    }
    let mut sorted = brokers.to_vec();
    sorted.sort_unstable();
    let mut previous = None;
    for raw in &sorted {
        let registered =
            BrokerId::from_wire(*raw).is_some_and(|id| controller.image().broker(id).is_some());
        if !registered {
            return refuse(format!("includes broker {raw}, but no such broker is registered"));
        }
        if previous.replace(raw) == Some(raw) {
            return refuse(format!("includes the broker {raw} more than once"));
        }
    }
    if let Some(expected) = replication_factor.filter(|expected| *expected != brokers.len()) {
        let given = brokers.len();
        return refuse(format!(
            "includes a partition with {given} replica(s), but this is not consistent with \
             previous partitions, which have {expected} replica(s)"
        ));
    }
    Ok(brokers.iter().filter_map(|raw| BrokerId::from_wire(*raw)).collect())
}

/// A random uuid that is not reserved and whose text does not begin with a dash, which tools would take for an
/// option.
/// One that no topic has: a generator that begins again where an earlier life began, gives the same ids again.
fn free_topic_id(controller: &Controller, random: &mut SeededRandom) -> TopicId {
    loop {
        let id = random_topic_id(random);
        if controller.image().topic_by_id(id).is_none() {
            return id;
        }
    }
}

fn random_topic_id(random: &mut SeededRandom) -> TopicId {
    loop {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        // Version 4, variant 1, as other makers of random uuids do.
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let uuid = Uuid::from_bytes(bytes);
        if let Some(id) = TopicId::new(uuid).filter(|id| !id.to_string().starts_with('-')) {
            return id;
        }
    }
}

#[cfg(test)]
mod tests;
