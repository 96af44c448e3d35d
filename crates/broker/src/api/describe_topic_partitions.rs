use std::collections::BTreeSet;
use std::sync::Arc;

use metadata::{Image, Topic};
use model::{BrokerId, PartitionIndex, TopicName};
use wire::ErrorCode;
use wire::messages::describe_topic_partitions_response::{
    Cursor, DescribeTopicPartitionsResponsePartition as DescribedPartition,
    DescribeTopicPartitionsResponseTopic as DescribedTopic,
};
use wire::messages::{DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse};

use crate::authorized_operations;
use crate::partition_view::{PartitionView, ids};
use crate::topics::is_internal;
use crate::{Broker, Client, ReplyTo, Request};

/// Answers a page of partitions, in the order of topic names, and where the next page begins (KIP-966).
pub fn handle(
    broker: &Arc<Broker>,
    request: Request<DescribeTopicPartitionsRequest>,
    reply: ReplyTo,
) {
    let Request { message, client, .. } = request;
    let image = broker.image();
    let start = match &message.cursor {
        None => (String::new(), 0),
        Some(cursor) => (cursor.topic_name.clone(), cursor.partition_index),
    };
    if start.1 < 0 {
        let failed = |topic: &wire::messages::describe_topic_partitions_request::TopicRequest| {
            failed(&topic.name, ErrorCode::InvalidRequest)
        };
        let topics = message.topics.iter().map(failed).collect();
        return reply.send(&response(topics, None));
    }
    let names: BTreeSet<String> = if message.topics.is_empty() {
        image.topics_from(&start.0).map(|topic| topic.name.to_string()).collect()
    } else {
        let named = message.topics.into_iter().map(|topic| topic.name);
        named.filter(|name| *name >= start.0).collect()
    };
    let asked = usize::try_from(message.response_partition_limit).unwrap_or(0);
    let mut page = Page {
        broker,
        image: &image,
        client: &client,
        left: asked.clamp(1, broker.config().settings().describe_partitions_max as usize),
        topics: Vec::new(),
    };
    let mut next = None;
    for name in names {
        let first = if name == start.0 { start.1 } else { 0 };
        next = page.add(&name, first);
        if next.is_some() {
            break;
        }
    }
    reply.send(&response(page.topics, next));
}

fn response(
    topics: Vec<DescribedTopic>,
    next_cursor: Option<Cursor>,
) -> DescribeTopicPartitionsResponse {
    DescribeTopicPartitionsResponse {
        topics,
        next_cursor,
        ..DescribeTopicPartitionsResponse::default()
    }
}

/// One answer as it grows.
struct Page<'a> {
    broker: &'a Broker,
    image: &'a Image,
    client: &'a Client,
    /// How many partitions still fit.
    left: usize,
    topics: Vec<DescribedTopic>,
}

impl Page<'_> {
    /// Adds a topic from a partition on; where to go on when the page is full.
    fn add(&mut self, name: &str, first: i32) -> Option<Cursor> {
        let Some(topic) = self.image.topic(name) else {
            let error = match TopicName::check(name) {
                Ok(()) => ErrorCode::UnknownTopicOrPartition,
                Err(_) => ErrorCode::InvalidTopicException,
            };
            self.topics.push(failed(name, error));
            return None;
        };
        if self.left == 0 {
            let (topic_name, partition_index) = (name.to_owned(), first);
            return Some(Cursor { topic_name, partition_index });
        }
        let start = PartitionIndex::from_wire(first).unwrap_or(PartitionIndex::ZERO);
        let mut rest = topic.partitions.range_from(&start);
        let mut partitions = Vec::new();
        for (index, partition) in rest.by_ref().take(self.left) {
            let view = PartitionView::new(self.broker, self.image, partition, self.client, false);
            partitions.push(DescribedPartition {
                error_code: view.error.code(),
                partition_index: index.to_wire(),
                leader_id: view.leader.map_or(-1, BrokerId::to_wire),
                leader_epoch: partition.leader_epoch.to_wire(),
                replica_nodes: ids(&partition.replicas),
                isr_nodes: ids(&partition.isr),
                eligible_leader_replicas: Some(ids(&partition.elr)),
                last_known_elr: Some(ids(&partition.last_known_elr)),
                offline_replicas: view.offline,
            });
        }
        self.left -= partitions.len();
        self.topics.push(described(topic, partitions));
        let (index, _) = rest.next()?;
        Some(Cursor { topic_name: name.to_owned(), partition_index: index.to_wire() })
    }
}

fn described(topic: &Topic, partitions: Vec<DescribedPartition>) -> DescribedTopic {
    DescribedTopic {
        error_code: ErrorCode::None.code(),
        name: Some(topic.name.to_string()),
        topic_id: topic.id.uuid(),
        is_internal: is_internal(&topic.name),
        partitions,
        topic_authorized_operations: authorized_operations::TOPIC,
    }
}

fn failed(name: &str, error: ErrorCode) -> DescribedTopic {
    let internal = TopicName::new(name).is_ok_and(|name| is_internal(&name));
    DescribedTopic {
        error_code: error.code(),
        name: Some(name.to_owned()),
        is_internal: internal,
        // Without ACLs everything is allowed, also on a topic that is not there; Kafka says so too.
        topic_authorized_operations: authorized_operations::TOPIC,
        ..DescribedTopic::default()
    }
}
