use std::sync::Arc;

use model::PartitionIndex;
use settings::TopicSettings;

use super::super::{SharedPartition, group_settings};
use crate::Broker;
use crate::partition::Partition;

/// Where a share-partition's dead letters go, and how.
pub(super) struct Destination {
    pub(super) partition: Arc<Partition>,
    pub(super) settings: Arc<TopicSettings>,
    /// The records themselves come along.
    pub(super) copies: bool,
}

/// Why they go nowhere, at least for now.
#[derive(Debug, thiserror::Error)]
pub(super) enum Undeliverable {
    #[error("the group has no dead-letter topic")]
    NoTopic,
    #[error("{0} is an internal topic")]
    Internal(String),
    #[error(
        "{topic} does not begin with {prefix}, as errors.deadletterqueue.topic.name.prefix asks"
    )]
    Prefix { topic: String, prefix: String },
    #[error("{0} does not take dead letters: its errors.deadletterqueue.group.enable is false")]
    Closed(String),
    #[error("there is no topic {0}, and errors.deadletterqueue.auto.create.topics.enable is false")]
    Missing(String),
    #[error("{0} is compacted and dead letters without the record have no key")]
    NeedsKeys(String),
    /// It is to be made.
    #[error("there is no topic {0} yet")]
    Unmade(String),
    #[error("{0}")]
    NotNow(String),
}

pub(super) fn destination(
    broker: &Broker,
    shared: &SharedPartition,
) -> Result<Destination, Undeliverable> {
    let key = shared.key();
    let own = group_settings(broker, &key.group);
    let topic = own.dead_letter_topic.ok_or(Undeliverable::NoTopic)?;
    let config = broker.config();
    let rules = &config.settings().groups.share.dead_letters;
    if topic.starts_with("__") {
        return Err(Undeliverable::Internal(topic));
    }
    if !topic.starts_with(&rules.topic_prefix) {
        let prefix = rules.topic_prefix.clone();
        return Err(Undeliverable::Prefix { topic, prefix });
    }
    let image = broker.image();
    let Some(metadata) = image.topic(&topic) else {
        return Err(match rules.auto_create_topics {
            true => Undeliverable::Unmade(topic),
            false => Undeliverable::Missing(topic),
        });
    };
    let settings = broker.topic_settings(&image, &metadata.name);
    if !settings.takes_dead_letters {
        return Err(Undeliverable::Closed(topic));
    }
    let copies = own.copies_dead_letters;
    if settings.cleanup.compact && !copies {
        return Err(Undeliverable::NeedsKeys(topic));
    }
    // Each partition's go together: Kafka's rule.
    let count = i32::try_from(metadata.partitions.len()).unwrap_or(i32::MAX);
    let index = key.partition.to_wire().checked_rem(count).and_then(PartitionIndex::from_wire);
    let index = index.ok_or_else(|| Undeliverable::NotNow("the topic has no partitions".into()))?;
    let partition = broker.partition(metadata, index, &settings);
    let partition = partition.map_err(|error| Undeliverable::NotNow(error.to_string()))?;
    Ok(Destination { partition, settings, copies })
}
