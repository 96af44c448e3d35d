use std::collections::BTreeSet;
use std::sync::Arc;

use metadata::{Image, Topic};
use wire::messages::list_partition_reassignments_response::{
    OngoingPartitionReassignment, OngoingTopicReassignment,
};
use wire::messages::{ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse};

use crate::partition_view::ids;
use crate::{Broker, ReplyTo, Request};

/// Lists the partitions whose replicas are being moved (KIP-455).
pub fn handle(
    broker: &Arc<Broker>,
    request: Request<ListPartitionReassignmentsRequest>,
    reply: ReplyTo,
) {
    let image = broker.image();
    let topics = match request.message.topics {
        None => image.topics().filter_map(|topic| ongoing(topic, |_| true)).collect(),
        Some(asked) => {
            let asked = asked.into_iter().filter_map(|asked| {
                let wanted: BTreeSet<i32> = asked.partition_indexes.into_iter().collect();
                ongoing(find(&image, &asked.name)?, |index| wanted.contains(&index))
            });
            asked.collect()
        }
    };
    reply.send(&ListPartitionReassignmentsResponse {
        topics,
        error_message: None,
        ..ListPartitionReassignmentsResponse::default()
    });
}

fn find<'a>(image: &'a Image, name: &str) -> Option<&'a Topic> {
    image.topic(name).map(AsRef::as_ref)
}

/// `None` when nothing of the topic is being moved.
fn ongoing(topic: &Topic, is_wanted: impl Fn(i32) -> bool) -> Option<OngoingTopicReassignment> {
    let moving = topic
        .partitions
        .iter()
        .filter(|(index, partition)| partition.is_reassigning() && is_wanted(index.to_wire()));
    let partitions: Vec<_> = moving
        .map(|(index, partition)| OngoingPartitionReassignment {
            partition_index: index.to_wire(),
            replicas: ids(&partition.replicas),
            adding_replicas: ids(&partition.adding),
            removing_replicas: ids(&partition.removing),
        })
        .collect();
    let name = topic.name.to_string();
    (!partitions.is_empty()).then_some(OngoingTopicReassignment { name, partitions })
}
