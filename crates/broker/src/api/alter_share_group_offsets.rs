use std::collections::BTreeMap;
use std::sync::Arc;

use group::{Assignment, GroupId, ShareOffset, StateToInitialize};
use model::{Offset, PartitionId, PartitionIndex};
use wire::ErrorCode;
use wire::messages::alter_share_group_offsets_response::{
    AlterShareGroupOffsetsResponsePartition as Partition,
    AlterShareGroupOffsetsResponseTopic as Topic,
};
use wire::messages::{AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse};

use crate::cluster_view::ClusterView;
use crate::error_map::{group_error, state_refused, unavailable};
use crate::shares::{are_served, initialize_states};
use crate::{Broker, ReplyTo, Request};

/// What came of each partition that the request names.
struct Outcome {
    topic: String,
    index: i32,
    partition: Option<PartitionId>,
    error: ErrorCode,
}

/// Sets where a group without members goes on. A group that is not there is made for it.
pub fn handle(
    broker: &Arc<Broker>,
    request: Request<AlterShareGroupOffsetsRequest>,
    reply: ReplyTo,
) {
    if !are_served(broker) {
        let why = "share groups are not switched on";
        return reply.send(&refused(ErrorCode::UnsupportedVersion, why));
    }
    let message = request.message;
    let Some(group) = GroupId::new(&message.group_id).filter(|group| !group.is_empty()) else {
        return reply.send(&refused(ErrorCode::InvalidGroupId, "not a group id"));
    };
    let (outcomes, offsets) = parse(broker, &message);
    let starts: BTreeMap<PartitionId, Offset> =
        offsets.iter().map(|offset| (offset.partition, offset.start)).collect();
    let cluster = ClusterView::of(broker);
    let (answering, of_group) = (Arc::clone(broker), group.clone());
    broker.groups().decide(
        &message.group_id,
        move |shard, soft, _| shard.alter_share_offsets(soft, &cluster, &of_group, &offsets),
        move |result| match result {
            Ok(Ok(wanted)) => alter(&answering, group, &wanted, &starts, outcomes, reply),
            Ok(Err(error)) => reply.send(&refused(group_error(&error), &error.to_string())),
            Err(why) => reply.send(&refused(unavailable(&why), &why.to_string())),
        },
    );
}

fn parse(
    broker: &Broker,
    message: &AlterShareGroupOffsetsRequest,
) -> (Vec<Outcome>, Vec<ShareOffset>) {
    let image = broker.image();
    let (mut outcomes, mut offsets) = (Vec::new(), Vec::new());
    for asked in &message.topics {
        let topic = image.topic(&asked.topic_name);
        for one in &asked.partitions {
            let index = PartitionIndex::from_wire(one.partition_index);
            let partition = topic.zip(index).and_then(|(topic, partition)| {
                let there = topic.partitions.contains_key(&partition);
                there.then_some(PartitionId { topic: topic.id, partition })
            });
            let start = Offset::from_wire(one.start_offset);
            let error = match (partition, start) {
                (None, _) => ErrorCode::UnknownTopicOrPartition,
                (Some(_), None) => ErrorCode::InvalidRequest,
                (Some(partition), Some(start)) => {
                    offsets.push(ShareOffset { partition, start });
                    ErrorCode::None
                }
            };
            let topic = asked.topic_name.clone();
            outcomes.push(Outcome { topic, index: one.partition_index, partition, error });
        }
    }
    (outcomes, offsets)
}

fn alter(
    broker: &Arc<Broker>,
    group: GroupId,
    wanted: &StateToInitialize,
    starts: &BTreeMap<PartitionId, Offset>,
    mut outcomes: Vec<Outcome>,
    reply: ReplyTo,
) {
    let answering = Arc::clone(broker);
    let of_group = group.clone();
    initialize_states(broker, &of_group, wanted, starts, move |results| {
        let results: BTreeMap<PartitionId, _> = results.into_iter().collect();
        for outcome in &mut outcomes {
            let result = outcome.partition.and_then(|partition| results.get(&partition));
            if let Some(Err(error)) = result {
                outcome.error = state_refused(error);
            }
        }
        let set: Assignment = results
            .iter()
            .filter(|(_, result)| result.is_ok())
            .map(|(partition, _)| *partition)
            .collect();
        let image = answering.image();
        answering.groups().decide(
            group.clone().as_str(),
            move |shard, _, _| shard.share_initialized(&group, &set),
            move |result| match result {
                Ok(()) => reply.send(&response(&image, outcomes)),
                Err(why) => reply.send(&refused(unavailable(&why), &why.to_string())),
            },
        );
    });
}

fn response(image: &metadata::Image, outcomes: Vec<Outcome>) -> AlterShareGroupOffsetsResponse {
    let mut topics: BTreeMap<String, Topic> = BTreeMap::new();
    for outcome in outcomes {
        let topic = topics.entry(outcome.topic.clone()).or_insert_with(|| Topic {
            topic_name: outcome.topic.clone(),
            topic_id: image.topic(&outcome.topic).map_or(model::Uuid::ZERO, |it| it.id.uuid()),
            ..Topic::default()
        });
        topic.partitions.push(Partition {
            partition_index: outcome.index,
            error_code: outcome.error.code(),
            ..Partition::default()
        });
    }
    AlterShareGroupOffsetsResponse {
        responses: topics.into_values().collect(),
        ..AlterShareGroupOffsetsResponse::default()
    }
}

fn refused(error: ErrorCode, why: &str) -> AlterShareGroupOffsetsResponse {
    AlterShareGroupOffsetsResponse {
        error_code: error.code(),
        error_message: Some(why.to_owned()),
        ..AlterShareGroupOffsetsResponse::default()
    }
}
