use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use group::{
    CopartitionGroup, Endpoint, GroupId, InstanceId, InternalTopic, MemberId, Standing,
    StreamsHeartbeat, Subtopology, TaskId, Tasks, Topology, TopologyEpoch,
};
use model::{PartitionIndex, TopicName};
use wire::ErrorCode;
use wire::messages::StreamsGroupHeartbeatRequest;
use wire::messages::streams_group_heartbeat_request as request;

use crate::Request;
use crate::topics::is_internal;

/// From this version on members know that tags of theirs may be missing.
const MISSING_TAGS_VERSION_MIN: i16 = 1;

/// Why a request is not one.
pub(super) struct Refused {
    pub(super) error: ErrorCode,
    pub(super) why: String,
}

impl From<&str> for Refused {
    fn from(why: &str) -> Self {
        Self { error: ErrorCode::InvalidRequest, why: why.to_owned() }
    }
}

fn invalid_topology(why: String) -> Refused {
    Refused { error: ErrorCode::StreamsInvalidTopology, why }
}

pub(super) fn parse(
    request: Request<StreamsGroupHeartbeatRequest>,
) -> Result<StreamsHeartbeat, Refused> {
    let Request { version, message, client } = request;
    let is_given = |text: &Option<String>| text.as_ref().is_none_or(|text| !text.trim().is_empty());
    if let Some(topology) = &message.topology {
        check_names(topology)?;
    }
    if message.member_id.trim().is_empty() {
        return Err("MemberId can't be empty.".into());
    }
    if message.group_id.trim().is_empty() {
        return Err("GroupId can't be empty.".into());
    }
    if !is_given(&message.instance_id) {
        return Err("InstanceId can't be empty.".into());
    }
    if !is_given(&message.rack_id) {
        return Err("RackId can't be empty.".into());
    }
    let standing = Standing::from_wire(message.member_epoch)
        .ok_or("MemberEpoch must be greater than or equal to -2.")?;
    check_standing(standing, &message)?;
    let owned = owned(&message)?;
    let text = |text: Option<String>| text.map(Into::into);
    let tags = |tags: Vec<request::KeyValue>| {
        tags.into_iter().map(|tag| (tag.key.into(), tag.value.into())).collect()
    };
    let endpoint =
        |endpoint: request::Endpoint| Endpoint { host: endpoint.host.into(), port: endpoint.port };
    Ok(StreamsHeartbeat {
        group: GroupId::new(&message.group_id).ok_or("the group id is too long")?,
        member: MemberId::new(&message.member_id).ok_or("MemberId can't be empty.")?,
        standing,
        instance: message.instance_id.as_deref().map(InstanceId::new),
        rack: text(message.rack_id),
        client: group::Client {
            host: client.host().into(),
            id: client.id.unwrap_or_default().into(),
        },
        rebalance_timeout: u64::try_from(message.rebalance_timeout_ms)
            .ok()
            .map(Duration::from_millis),
        topology: message.topology.map(topology).transpose()?,
        owned,
        process: text(message.process_id),
        endpoint: message.user_endpoint.map(endpoint),
        tags: message.client_tags.map(tags),
        task_offsets: message.task_offsets.map(offsets),
        task_end_offsets: message.task_end_offsets.map(offsets),
        shuts_down: message.shutdown_application,
        endpoint_epoch: message.endpoint_information_epoch,
        knows_missing_tags: version >= MISSING_TAGS_VERSION_MIN,
    })
}

/// Who joins says everything about itself, and holds nothing; only who joins brings a topology.
fn check_standing(
    standing: Standing,
    message: &StreamsGroupHeartbeatRequest,
) -> Result<(), Refused> {
    let is_empty = |tasks: &Option<Vec<request::TaskIds>>| tasks.as_ref().is_none_or(Vec::is_empty);
    match standing {
        Standing::Joining if message.rebalance_timeout_ms == -1 => {
            Err("RebalanceTimeoutMs must be provided in first request.".into())
        }
        Standing::Joining if !is_empty(&message.active_tasks) => {
            Err("ActiveTasks must be empty when (re-)joining.".into())
        }
        Standing::Joining if !is_empty(&message.standby_tasks) => {
            Err("StandbyTasks must be empty when (re-)joining.".into())
        }
        Standing::Joining if !is_empty(&message.warmup_tasks) => {
            Err("WarmupTasks must be empty when (re-)joining.".into())
        }
        Standing::Joining if message.topology.is_none() => {
            Err("Topology must be non-null when (re-)joining.".into())
        }
        Standing::Joining => Ok(()),
        Standing::Pausing if message.instance_id.is_none() => {
            Err("InstanceId can't be null.".into())
        }
        Standing::Pausing | Standing::Leaving | Standing::Member(_) => match message.topology {
            Some(_) => Err("Topology can only be provided when (re-)joining.".into()),
            None => Ok(()),
        },
    }
}

fn owned(message: &StreamsGroupHeartbeatRequest) -> Result<Option<Tasks>, Refused> {
    match (&message.active_tasks, &message.standby_tasks, &message.warmup_tasks) {
        (None, None, None) => Ok(None),
        (Some(active), Some(standby), Some(warmup)) => Ok(Some(Tasks {
            active: tasks(active)?,
            standby: tasks(standby)?,
            warmup: tasks(warmup)?,
        })),
        _ => Err("If one task-type is non-null, all must be non-null.".into()),
    }
}

fn tasks(ids: &[request::TaskIds]) -> Result<BTreeSet<TaskId>, Refused> {
    let mut tasks = BTreeSet::new();
    for part in ids {
        let id = Arc::<str>::from(part.subtopology_id.as_str());
        for raw in &part.partitions {
            let partition = PartitionIndex::from_wire(*raw)
                .ok_or("a task must not have a negative partition")?;
            tasks.insert(TaskId { subtopology: id.clone(), partition });
        }
    }
    Ok(tasks)
}

fn offsets(offsets: Vec<request::TaskOffset>) -> BTreeMap<TaskId, i64> {
    let offset = |offset: request::TaskOffset| {
        let partition = PartitionIndex::from_wire(offset.partition)?;
        Some((TaskId { subtopology: offset.subtopology_id.into(), partition }, offset.offset))
    };
    offsets.into_iter().filter_map(offset).collect()
}

/// Refuses names that no topic of an application may have.
fn check_names(topology: &request::Topology) -> Result<(), Refused> {
    let names = topology.subtopologies.iter().flat_map(|part| {
        let internal = part.repartition_source_topics.iter().chain(&part.state_changelog_topics);
        let plain = part.source_topics.iter().chain(&part.repartition_sink_topics);
        plain.chain(internal.map(|topic| &topic.name))
    });
    let (mut internal, mut invalid) = (BTreeSet::new(), BTreeSet::new());
    for name in names {
        match TopicName::new(name) {
            Ok(topic) if is_internal(&topic) => _ = internal.insert(name.as_str()),
            Ok(_) => {}
            Err(_) => _ = invalid.insert(name.as_str()),
        }
    }
    let listed = |names: BTreeSet<&str>| names.into_iter().collect::<Vec<_>>().join(",");
    if !internal.is_empty() {
        let names = listed(internal);
        return Err(invalid_topology(format!(
            "Use of Kafka internal topics {names} in a Kafka Streams topology is prohibited."
        )));
    }
    if !invalid.is_empty() {
        let names = listed(invalid);
        return Err(invalid_topology(format!("Topic names {names} are not valid topic names.")));
    }
    Ok(())
}

fn topology(topology: request::Topology) -> Result<Topology, Refused> {
    let epoch = TopologyEpoch::from_wire(topology.epoch)
        .ok_or("the epoch of a topology must not be negative")?;
    let mut subtopologies = BTreeMap::new();
    for part in topology.subtopologies {
        if !part.source_topic_regex.is_empty() {
            return Err("Regular expressions for source topics are not supported yet.".into());
        }
        let id = Arc::<str>::from(part.subtopology_id.as_str());
        if subtopologies.insert(id.clone(), subtopology(part)?).is_some() {
            return Err(invalid_topology(format!("Subtopology {id} is described twice.")));
        }
    }
    Ok(Topology { epoch, subtopologies })
}

fn subtopology(part: request::Subtopology) -> Result<Subtopology, Refused> {
    if let Some(topic) = part.state_changelog_topics.iter().find(|topic| topic.partitions != 0) {
        return Err(invalid_topology(format!(
            "Changelog topic {} must have an undefined partition count, but it is set to {}.",
            topic.name, topic.partitions
        )));
    }
    let names = |names: Vec<String>| names.into_iter().map(Into::into).collect();
    let topics = |topics: Vec<request::TopicInfo>| topics.into_iter().map(internal_topic).collect();
    let group = |group: request::CopartitionGroup| CopartitionGroup {
        source_topics: group.source_topics,
        source_patterns: group.source_topic_regex,
        repartition_sources: group.repartition_source_topics,
    };
    Ok(Subtopology {
        source_topics: names(part.source_topics),
        source_patterns: Vec::new(),
        changelogs: topics(part.state_changelog_topics),
        repartition_sinks: names(part.repartition_sink_topics),
        repartition_sources: topics(part.repartition_source_topics),
        copartition_groups: part.copartition_groups.into_iter().map(group).collect(),
    })
}

fn internal_topic(topic: request::TopicInfo) -> InternalTopic {
    let configs = topic.topic_configs.into_iter();
    InternalTopic {
        name: topic.name.into(),
        partition_count: u32::try_from(topic.partitions).ok().filter(|count| *count > 0),
        replication_factor: Some(topic.replication_factor).filter(|factor| *factor != 0),
        configs: configs.map(|config| (config.key.into(), config.value.into())).collect(),
    }
}
