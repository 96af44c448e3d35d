use std::sync::Arc;

use controller::{CreateTopics, Layout, NewTopic};
use metadata::Image;
use settings::InternalTopicSettings;
use wire::ErrorCode;
use wire::messages::find_coordinator_response::Coordinator;
use wire::messages::{FindCoordinatorRequest, FindCoordinatorResponse};

use crate::coordinator::{GROUP_TOPIC, SHARE_TOPIC, TRANSACTION_TOPIC, partition_of_key};
use crate::endpoint::reachable;
use crate::{Broker, Client, ReplyTo, Request};

/// From this version on a request has many keys, and an answer one entry for each (KIP-699).
const KEYS_VERSION_MIN: i16 = 4;
/// From this version on keys may be share-partitions (KIP-932).
const SHARE_VERSION_MIN: i16 = 6;
/// What a key is: a group's id, a transactional id, or a share-partition as `group:topic id:partition`.
const GROUP_KEY_TYPE: i8 = 0;
const TRANSACTION_KEY_TYPE: i8 = 1;
const SHARE_KEY_TYPE: i8 = 2;

pub fn handle(broker: &Arc<Broker>, request: Request<FindCoordinatorRequest>, reply: ReplyTo) {
    let Request { version, message, client } = request;
    let keys =
        if version >= KEYS_VERSION_MIN { message.coordinator_keys } else { vec![message.key] };
    let (topic, creation) = match message.key_type {
        GROUP_KEY_TYPE => (GROUP_TOPIC, group_topic as fn(&Broker) -> CreateTopics),
        TRANSACTION_KEY_TYPE => (TRANSACTION_TOPIC, transaction_topic as _),
        SHARE_KEY_TYPE
            if version >= SHARE_VERSION_MIN && keys.iter().all(|key| is_share_key(key)) =>
        {
            (SHARE_TOPIC, share_topic as _)
        }
        _ => {
            let nobody = |key| nobody(key, ErrorCode::InvalidRequest);
            let found = keys.into_iter().map(nobody).collect();
            return reply.send(&response(version, found));
        }
    };
    let image = broker.image();
    if image.topic(topic).is_some() {
        return reply.send(&response(version, find(broker, &image, topic, keys, &client)));
    }
    // The first key of all: its topic is made now, and the answer waits for it instead of sending the client round.
    let answering = Arc::clone(broker);
    broker.quorum().submit(creation(broker), move |made| {
        if let Err(error) = made {
            tracing::warn!(topic, %error, "create a coordinator's topic");
        }
        // Whether it was made now or by somebody else meanwhile: what counts is what is there.
        let image = answering.quorum().image();
        reply.send(&response(version, find(&answering, &image, topic, keys, &client)));
    });
}

/// As Kafka makes it: compacted, uncompressed, and led by nobody who has not all of it.
pub(crate) fn transaction_topic(broker: &Broker) -> CreateTopics {
    let config = broker.config();
    let topic = config.settings().transaction_topic;
    let mut configs = vec![
        setting("cleanup.policy", "compact"),
        setting("compression.type", "uncompressed"),
        setting("segment.bytes", &topic.segment_bytes.to_string()),
        setting("unclean.leader.election.enable", "false"),
    ];
    if let Some(count) = topic.min_insync_replicas {
        configs.push(setting("min.insync.replicas", &count.to_string()));
    }
    creation(TRANSACTION_TOPIC, topic, configs)
}

/// Whether a key names a share-partition. A group's name may have colons, too.
fn is_share_key(key: &str) -> bool {
    let mut parts = key.rsplitn(3, ':');
    let (partition, topic, group) = (parts.next(), parts.next(), parts.next());
    let is_index =
        partition.and_then(|text| text.parse().ok()).is_some_and(|index: i32| index >= 0);
    let is_topic = topic.is_some_and(|text| text.parse::<model::Uuid>().is_ok());
    is_index && is_topic && group.is_some_and(|group| !group.is_empty())
}

/// As Kafka makes it: never compacted, kept until its coordinator takes away what is overtaken.
pub(crate) fn share_topic(broker: &Broker) -> CreateTopics {
    let config = broker.config();
    let topic = config.settings().share_topic;
    let mut configs = vec![
        setting("cleanup.policy", "delete"),
        setting("compression.type", "producer"),
        setting("retention.ms", "-1"),
        setting("segment.bytes", &topic.segment_bytes.to_string()),
    ];
    if let Some(count) = topic.min_insync_replicas {
        configs.push(setting("min.insync.replicas", &count.to_string()));
    }
    creation(SHARE_TOPIC, topic, configs)
}

/// As Kafka makes it: compacted, in the codec of its batches, with a segment size of its own.
pub(crate) fn group_topic(broker: &Broker) -> CreateTopics {
    let config = broker.config();
    let topic = config.settings().offsets_topic;
    let configs = vec![
        setting("cleanup.policy", "compact"),
        setting("compression.type", "producer"),
        setting("segment.bytes", &topic.segment_bytes.to_string()),
    ];
    creation(GROUP_TOPIC, topic, configs)
}

fn setting(name: &str, value: &str) -> (String, Option<String>) {
    (name.to_owned(), Some(value.to_owned()))
}

fn creation(
    name: &str,
    topic: InternalTopicSettings,
    configs: Vec<(String, Option<String>)>,
) -> CreateTopics {
    CreateTopics {
        topics: vec![NewTopic {
            name: name.to_owned(),
            layout: Layout::AtMost {
                partitions: i32::try_from(topic.partition_count).unwrap_or(i32::MAX),
                replicas: i16::try_from(topic.replication_factor).unwrap_or(i16::MAX),
            },
            configs,
        }],
        validate_only: false,
    }
}

fn find(
    broker: &Broker,
    image: &Image,
    topic: &str,
    keys: Vec<String>,
    client: &Client,
) -> Vec<Coordinator> {
    let coordinator_of = |key: &str| {
        let topic = image.topic(topic)?;
        let partition = partition_of_key(key, topic.partitions.len())?;
        let leader = topic.partitions.get(&partition)?.leader?;
        Some((leader, reachable(broker, image, leader, client)?))
    };
    let found = |key: String| match coordinator_of(&key) {
        Some((leader, at)) => Coordinator {
            key,
            node_id: leader.to_wire(),
            host: at.host,
            port: i32::from(at.port),
            ..Coordinator::default()
        },
        None => nobody(key, ErrorCode::CoordinatorNotAvailable),
    };
    keys.into_iter().map(found).collect()
}

fn nobody(key: String, error: ErrorCode) -> Coordinator {
    Coordinator { key, node_id: -1, port: -1, error_code: error.code(), ..Coordinator::default() }
}

fn response(version: i16, mut coordinators: Vec<Coordinator>) -> FindCoordinatorResponse {
    if version >= KEYS_VERSION_MIN {
        return FindCoordinatorResponse { coordinators, ..FindCoordinatorResponse::default() };
    }
    let only = coordinators.pop().unwrap_or_default();
    let found = only.error_code == ErrorCode::None.code();
    FindCoordinatorResponse {
        error_code: only.error_code,
        // Kafka names even the absence of an error.
        error_message: Some(
            if found { "NONE" } else { "the coordinator is not available" }.to_owned(),
        ),
        node_id: only.node_id,
        host: only.host,
        port: only.port,
        ..FindCoordinatorResponse::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_have_one_coordinator_on_top() {
        let one = || vec![nobody("readers".to_owned(), ErrorCode::CoordinatorNotAvailable)];
        let old = response(3, one());
        assert_eq!(
            (old.error_code, old.node_id, old.port, old.coordinators.len()),
            (15, -1, -1, 0)
        );
        let new = response(4, one());
        assert_eq!((new.error_code, new.coordinators[0].error_code), (0, 15));
    }
}
