use std::collections::BTreeMap;
use std::sync::Arc;

use group::{GroupError, GroupId, StatePartitions};
use model::{Offset, PartitionId, PartitionIndex};
use share::{SharePartitionKey, StateSummary};
use wire::ErrorCode;
use wire::messages::describe_share_group_offsets_request::DescribeShareGroupOffsetsRequestGroup as AskedGroup;
use wire::messages::describe_share_group_offsets_response::{
    DescribeShareGroupOffsetsResponseGroup as Group,
    DescribeShareGroupOffsetsResponsePartition as Partition,
    DescribeShareGroupOffsetsResponseTopic as Topic,
};
use wire::messages::{DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse};

use crate::coordinator::{Gather, Unavailable};
use crate::error_map::{group_error, unavailable};
use crate::{Broker, ReplyTo, Request};

/// Where share groups stand: from which offset on records are open, and how many of them there are (KIP-1226).
pub fn handle(
    broker: &Arc<Broker>,
    request: Request<DescribeShareGroupOffsetsRequest>,
    reply: ReplyTo,
) {
    let groups = request.message.groups;
    let gather = Gather::new(groups.len(), move |groups| {
        let default = DescribeShareGroupOffsetsResponse::default();
        reply.send(&DescribeShareGroupOffsetsResponse { groups, ..default });
    });
    for (index, asked) in groups.into_iter().enumerate() {
        let part = gather.part(index);
        describe(broker, asked, move |group| part.give(group));
    }
}

fn describe(broker: &Arc<Broker>, asked: AskedGroup, done: impl FnOnce(Group) + Send + 'static) {
    let Some(id) = GroupId::new(&asked.group_id) else {
        return done(refused(asked.group_id, ErrorCode::InvalidGroupId, "not a group id"));
    };
    let answering = Arc::clone(broker);
    let (group, name) = (id.clone(), asked.group_id.clone());
    broker.groups().decide(
        &name,
        move |shard, soft, _| shard.share_partitions(soft, &id),
        move |result: Result<Result<Arc<StatePartitions>, GroupError>, Unavailable>| match result {
            Ok(Ok(known)) => summarize(&answering, group, asked, &known, done),
            // Of a group that is not there, or of another kind, nothing is known, as in Kafka: that is no error.
            Ok(Err(error)) if group_error(&error) == ErrorCode::GroupIdNotFound => {
                summarize(&answering, group, asked, &StatePartitions::default(), done);
            }
            Ok(Err(error)) => {
                done(refused(asked.group_id, group_error(&error), &error.to_string()));
            }
            Err(why) => done(refused(asked.group_id, unavailable(&why), &why.to_string())),
        },
    );
}

/// Asks the share coordinator about each partition: those that are asked for, else all that the group has state of.
fn summarize(
    broker: &Arc<Broker>,
    group: GroupId,
    asked: AskedGroup,
    known: &StatePartitions,
    done: impl FnOnce(Group) + Send + 'static,
) {
    let image = broker.image();
    let mut wanted: Vec<(String, Option<PartitionId>, i32)> = Vec::new();
    match asked.topics {
        None => {
            for partition in known.initialized.partitions() {
                let name = image.topic_name(partition.topic);
                let name = name.map(|name| name.as_str().to_owned()).unwrap_or_default();
                wanted.push((name, Some(partition), partition.partition.to_wire()));
            }
        }
        Some(topics) => {
            for topic in topics {
                let id = image.topic(&topic.topic_name).map(|topic| topic.id);
                for raw in topic.partitions {
                    let index = PartitionIndex::from_wire(raw);
                    let partition = id.zip(index);
                    let partition =
                        partition.map(|(topic, partition)| PartitionId { topic, partition });
                    wanted.push((topic.topic_name.clone(), partition, raw));
                }
            }
        }
    }
    let answering = Arc::clone(broker);
    let group_id = asked.group_id;
    let gather = Gather::new(wanted.len(), move |found: Vec<Found>| {
        done(response(&answering, group_id, found));
    });
    for (index, (name, partition, raw)) in wanted.into_iter().enumerate() {
        let part = gather.part(index);
        let found = move |result| part.give(Found { name, partition, index: raw, result });
        let Some(partition) = partition else {
            // Of a topic that is not there nothing is known either.
            found(Ok(StateSummary::default()));
            continue;
        };
        let PartitionId { topic, partition } = partition;
        let key = SharePartitionKey { group: group.clone(), topic, partition };
        broker.shares().coordinator().decide(
            &key.to_string(),
            |shard, _, _| shard.read_summary(&key),
            move |result| found(result.map_err(|why| unavailable(&why))),
        );
    }
}

struct Found {
    name: String,
    partition: Option<PartitionId>,
    index: i32,
    result: Result<StateSummary, ErrorCode>,
}

fn response(broker: &Broker, group_id: String, found: Vec<Found>) -> Group {
    let mut topics: BTreeMap<String, Topic> = BTreeMap::new();
    for found in found {
        let topic = topics.entry(found.name.clone()).or_insert_with(|| Topic {
            topic_name: found.name.clone(),
            topic_id: found.partition.map_or(model::Uuid::ZERO, |it| it.topic.uuid()),
            ..Topic::default()
        });
        topic.partitions.push(partition(broker, &found));
    }
    Group { group_id, topics: topics.into_values().collect(), ..Group::default() }
}

fn partition(broker: &Broker, found: &Found) -> Partition {
    let default = Partition { partition_index: found.index, lag: -1, ..Partition::default() };
    match &found.result {
        Ok(summary) => Partition {
            start_offset: summary.start_offset.map_or(-1, Offset::to_wire),
            leader_epoch: summary.leader_epoch.to_wire(),
            lag: lag(broker, found.partition, summary)
                .and_then(|lag| i64::try_from(lag).ok())
                .unwrap_or(-1),
            ..default
        },
        Err(error) => Partition { start_offset: -1, error_code: error.code(), ..default },
    }
}

/// `None` when it is not known, as of a partition that lies elsewhere. Records of open transactions count, as in Kafka, for groups
/// that do not read them yet too.
fn lag(broker: &Broker, partition: Option<PartitionId>, summary: &StateSummary) -> Option<u64> {
    let PartitionId { topic, partition } = partition?;
    let image = broker.image();
    let topic = image.topic_by_id(topic)?;
    let settings = broker.topic_settings(&image, &topic.name);
    // One that nobody has used since the start is opened for this.
    let partition = broker.partition(topic, partition, &settings).ok()?;
    let state = partition.lock();
    let end = state.replica_log()?.high_watermark();
    share::lag(end, summary.start_offset, summary.delivery_complete_count)
}

fn refused(group_id: String, error: ErrorCode, why: &str) -> Group {
    Group {
        group_id,
        error_code: error.code(),
        error_message: Some(why.to_owned()),
        ..Group::default()
    }
}
