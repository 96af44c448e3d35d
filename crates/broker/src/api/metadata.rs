use std::collections::BTreeSet;
use std::sync::Arc;

use controller::{CreateTopics, Layout, NewTopic};
use metadata::{Image, Topic};
use model::{TopicId, TopicName, Uuid};
use wire::ErrorCode;
use wire::messages::metadata_request::MetadataRequestTopic;
use wire::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use wire::messages::{MetadataRequest, MetadataResponse};

use crate::api::find_coordinator::{group_topic, transaction_topic};
use crate::authorized_operations::{CLUSTER, TOPIC, if_asked};
use crate::coordinator::{GROUP_TOPIC, TRANSACTION_TOPIC};
use crate::endpoint::reachable;
use crate::limits::AUTO_CREATED_TOPIC_COUNT_MAX;
use crate::partition_view::{PartitionView, ids};
use crate::topics::is_internal;
use crate::{Broker, Client, ReplyTo, Request};

/// From this version on no topics means none, and null means all.
const NULL_VERSION_MIN: i16 = 1;
/// Up to here a request always wants missing topics to be made.
const AUTO_CREATION_FLAG_VERSION_MIN: i16 = 4;
/// From here on a leader without the client's listener has an error of its own.
const LISTENER_ERROR_VERSION_MIN: i16 = 6;
/// From here on a topic may be asked for by its id.
const TOPIC_ID_VERSION_MIN: i16 = 12;

pub fn handle(broker: &Arc<Broker>, request: Request<MetadataRequest>, reply: ReplyTo) {
    let Request { version, message, client } = request;
    let question =
        Question { version, client, topic_operations: message.include_topic_authorized_operations };
    let cluster_operations = message.include_cluster_authorized_operations;
    let topics = message.topics.filter(|topics| version >= NULL_VERSION_MIN || !topics.is_empty());
    let whole = question.clone();
    let answer = move |broker: &Broker, image: &Image, topics: Vec<MetadataResponseTopic>| {
        MetadataResponse { topics, ..whole.cluster(broker, image, cluster_operations) }
    };
    let image = broker.image();
    let Some(topics) = topics else {
        let topics = image.topics().map(|topic| question.topic(broker, &image, topic)).collect();
        return reply.send(&answer(broker, &image, topics));
    };
    if topics.iter().any(|topic| is_malformed(topic, version)) {
        let topics = topics.iter().map(|topic| failed(topic, ErrorCode::InvalidRequest)).collect();
        return reply.send(&answer(broker, &image, topics));
    }
    let may_create = (message.allow_auto_topic_creation
        || version < AUTO_CREATION_FLAG_VERSION_MIN)
        && broker.config().settings().auto_create_topics;
    let missing = if may_create { missing(&image, &topics) } else { Vec::new() };
    if missing.is_empty() {
        let topics = question.topics(broker, &image, &topics);
        return reply.send(&answer(broker, &image, topics));
    }
    // The answer waits for the topics instead of sending the client round.
    let answering = Arc::clone(broker);
    broker.quorum().submit(creation(broker, missing), move |created| {
        match created {
            Ok(created) => {
                for (topic, result) in &created {
                    if let Err(refusal) = result {
                        tracing::info!(%topic, %refusal, "topic is not created by itself");
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "create topics that a client asked for"),
        }
        let image = answering.image();
        let topics = question.topics(&answering, &image, &topics);
        reply.send(&answer(&answering, &image, topics));
    });
}

/// What stays the same for each topic of an answer.
#[derive(Clone)]
struct Question {
    version: i16,
    client: Client,
    topic_operations: bool,
}

impl Question {
    fn cluster(&self, broker: &Broker, image: &Image, operations: bool) -> MetadataResponse {
        let brokers = image.brokers().filter(|broker| !broker.fenced).filter_map(|other| {
            let at = reachable(broker, image, other.id, &self.client)?;
            Some(MetadataResponseBroker {
                node_id: other.id.to_wire(),
                host: at.host,
                port: i32::from(at.port),
                rack: other.rack.clone(),
            })
        });
        let brokers: Vec<_> = brokers.collect();
        MetadataResponse {
            cluster_id: Some(broker.identity().cluster_id.clone()),
            controller_id: controller_id(broker, &brokers),
            brokers,
            cluster_authorized_operations: if_asked(operations, CLUSTER),
            ..MetadataResponse::default()
        }
    }

    /// Each topic once, in the order of the request.
    fn topics(
        &self,
        broker: &Broker,
        image: &Image,
        asked: &[MetadataRequestTopic],
    ) -> Vec<MetadataResponseTopic> {
        let mut seen = BTreeSet::new();
        let unseen = asked.iter().filter(|topic| seen.insert((topic.topic_id, topic.name.clone())));
        let mut topics: Vec<_> = unseen.map(|asked| self.asked(broker, image, asked)).collect();
        // Those that exist come first.
        topics.sort_by_key(|topic| topic.error_code != ErrorCode::None.code());
        topics
    }

    fn asked(
        &self,
        broker: &Broker,
        image: &Image,
        asked: &MetadataRequestTopic,
    ) -> MetadataResponseTopic {
        if let Some(id) = TopicId::new(asked.topic_id) {
            return match image.topic_by_id(id) {
                Some(topic) => self.topic(broker, image, topic),
                None => failed(asked, ErrorCode::UnknownTopicId),
            };
        }
        let name = asked.name.as_deref().unwrap_or_default();
        match image.topic(name) {
            Some(topic) => self.topic(broker, image, topic),
            None if TopicName::check(name).is_err() => {
                failed(asked, ErrorCode::InvalidTopicException)
            }
            None => failed(asked, ErrorCode::UnknownTopicOrPartition),
        }
    }

    fn topic(&self, broker: &Broker, image: &Image, topic: &Topic) -> MetadataResponseTopic {
        let listener_error = self.version >= LISTENER_ERROR_VERSION_MIN;
        let partitions = topic.partitions.iter().map(|(index, partition)| {
            let view = PartitionView::new(broker, image, partition, &self.client, listener_error);
            MetadataResponsePartition {
                error_code: view.error.code(),
                partition_index: index.to_wire(),
                leader_id: view.leader.map_or(-1, model::BrokerId::to_wire),
                leader_epoch: partition.leader_epoch.to_wire(),
                replica_nodes: ids(&partition.replicas),
                isr_nodes: ids(&partition.isr),
                offline_replicas: view.offline,
            }
        });
        MetadataResponseTopic {
            error_code: ErrorCode::None.code(),
            name: Some(topic.name.to_string()),
            topic_id: topic.id.uuid(),
            is_internal: is_internal(&topic.name),
            partitions: partitions.collect(),
            topic_authorized_operations: if_asked(self.topic_operations, TOPIC),
        }
    }
}

/// Clients send what is for the controller here, and any broker passes it on: this one, if it can be reached.
fn controller_id(broker: &Broker, brokers: &[MetadataResponseBroker]) -> i32 {
    let own = brokers.iter().find(|other| other.node_id == broker.id().to_wire());
    own.or_else(|| brokers.first()).map_or(-1, |broker| broker.node_id)
}

/// Whether the request names a topic in a way that its version does not have.
fn is_malformed(topic: &MetadataRequestTopic, version: i16) -> bool {
    version < TOPIC_ID_VERSION_MIN && (topic.name.is_none() || !topic.topic_id.is_zero())
}

fn failed(asked: &MetadataRequestTopic, error: ErrorCode) -> MetadataResponseTopic {
    let by_id = asked.topic_id != Uuid::ZERO;
    let name = asked.name.clone().filter(|_| !by_id || error == ErrorCode::InvalidRequest);
    let is_internal = name
        .as_deref()
        .is_some_and(|name| TopicName::new(name).is_ok_and(|name| is_internal(&name)));
    MetadataResponseTopic {
        error_code: error.code(),
        // Only versions that ask by id have a place for a name that is missing.
        name: name.or_else(|| (!by_id || error == ErrorCode::InvalidRequest).then(String::new)),
        topic_id: asked.topic_id,
        is_internal,
        ..MetadataResponseTopic::default()
    }
}

/// The topics whose coordinators are built.
const COORDINATED: [&str; 2] = [GROUP_TOPIC, TRANSACTION_TOPIC];

/// The names of topics that can be made and are not there.
fn missing(image: &Image, asked: &[MetadataRequestTopic]) -> Vec<String> {
    let by_name = asked.iter().filter(|topic| topic.topic_id.is_zero());
    let names = by_name.filter_map(|topic| topic.name.as_ref());
    let missing = names.filter(|name| {
        TopicName::new(name).is_ok_and(|name| {
            // The coordinator of the other internal topic is not built: nobody could use it.
            image.topic(name.as_str()).is_none()
                && (!is_internal(&name) || COORDINATED.contains(&name.as_str()))
        })
    });
    let missing: BTreeSet<String> = missing.cloned().collect();
    missing.into_iter().take(AUTO_CREATED_TOPIC_COUNT_MAX).collect()
}

fn creation(broker: &Broker, names: Vec<String>) -> CreateTopics {
    let mut creation = CreateTopics { topics: Vec::new(), validate_only: false };
    for name in names {
        if name == GROUP_TOPIC {
            creation.topics.extend(group_topic(broker).topics);
        } else if name == TRANSACTION_TOPIC {
            creation.topics.extend(transaction_topic(broker).topics);
        } else {
            // -1 asks for the defaults.
            let layout = Layout::Counts { partitions: -1, replicas: -1 };
            creation.topics.push(NewTopic { name, layout, configs: Vec::new() });
        }
    }
    creation
}
