//! What the APIs of the share coordinator have in common. Its callers are the leaders and coordinators of brokers.

use std::sync::Arc;

use group::{GroupId, Now};
use model::{PartitionIndex, TopicId, Uuid};
use share::{CoordinatorError, Decision, SharePartitionKey, ShareShard, Soft};
use wire::ErrorCode;

use crate::Broker;
use crate::coordinator::Gather;
use crate::error_map::{share_coordinator_error, unavailable};

/// Why there is no answer about a share-partition, for the client.
pub(super) struct Refused {
    pub(super) error: ErrorCode,
    pub(super) why: String,
}

/// What is said of one partition of a topic.
pub(super) struct Said<R> {
    pub(super) topic: Uuid,
    pub(super) partition: i32,
    pub(super) result: Result<R, Refused>,
}

/// Asks about each share-partition; `done` gets the answers in the request's order.
pub(super) fn ask_each<A, R, D>(
    broker: &Arc<Broker>,
    group: &str,
    asked: Vec<(Uuid, i32, A)>,
    decide: D,
    done: impl FnOnce(Vec<Said<R>>) + Send + 'static,
) where
    R: Send + 'static,
    D: Fn(&ShareShard, &Soft, Now, SharePartitionKey, A) -> Result<Decision<R>, CoordinatorError>,
{
    let gather = Gather::new(asked.len(), done);
    let image = broker.image();
    for (index, (topic, partition, what)) in asked.into_iter().enumerate() {
        let part = gather.part(index);
        let say = move |result| part.give(Said { topic, partition, result });
        let Some(key) = key(group, topic, partition) else {
            say(Err(refused(ErrorCode::InvalidRequest, "this names no share-partition")));
            continue;
        };
        let metadata = image.topic_by_id(key.topic);
        if metadata.is_none_or(|topic| !topic.partitions.contains_key(&key.partition)) {
            say(Err(refused(ErrorCode::UnknownTopicOrPartition, "there is no such partition")));
            continue;
        }
        broker.shares().coordinator().decide(
            &key.to_string(),
            |shard, soft, now| match decide(shard, soft, now, key.clone(), what) {
                Ok(decision) => decision.map(Ok),
                Err(error) => Decision::refused(Err(error)),
            },
            move |result| {
                say(match result {
                    Ok(Ok(reply)) => Ok(reply),
                    Ok(Err(error)) => {
                        Err(refused(share_coordinator_error(&error), &error.to_string()))
                    }
                    Err(why) => Err(refused(unavailable(&why), &why.to_string())),
                });
            },
        );
    }
}

fn key(group: &str, topic: Uuid, partition: i32) -> Option<SharePartitionKey> {
    Some(SharePartitionKey {
        group: GroupId::new(group).filter(|group| !group.is_empty())?,
        topic: TopicId::new(topic)?,
        partition: PartitionIndex::from_wire(partition)?,
    })
}

fn refused(error: ErrorCode, why: &str) -> Refused {
    Refused { error, why: why.to_owned() }
}

/// The answers by topics, as the request had them.
pub(super) fn by_topic<R, T>(
    said: Vec<Said<R>>,
    topic: impl Fn(Uuid, Vec<Said<R>>) -> T,
) -> Vec<T> {
    let mut topics: Vec<(Uuid, Vec<Said<R>>)> = Vec::new();
    for one in said {
        match topics.last_mut() {
            Some((id, partitions)) if *id == one.topic => partitions.push(one),
            _ => topics.push((one.topic, vec![one])),
        }
    }
    topics.into_iter().map(|(id, partitions)| topic(id, partitions)).collect()
}
