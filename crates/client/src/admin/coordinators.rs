//! Coordinators for those who only look: a partition without a leader is said at once, and not waited for.

use std::time::Duration;

use model::{PartitionIndex, TopicName, TopicPartition, coordinator_partition};

use crate::{Client, ClientError, Result};

/// The topics that coordinators keep what they know in.
const GROUP_TOPIC: &str = "__consumer_offsets";
pub(super) const TRANSACTION_TOPIC: &str = "__transaction_state";

/// How often it is asked who leads a coordinator's partition, and how long after another: a new topic has no leaders for a
/// moment, and leaders move.
const ASK_COUNT: u32 = 4;
const ASK_INTERVAL: Duration = Duration::from_millis(300);

impl Client {
    /// The broker that coordinates a group. Fails soon when the partition that holds the group has no leader.
    pub(super) async fn led_coordinator(&self, group: &str) -> Result<i32> {
        self.check_coordinator(GROUP_TOPIC, group).await?;
        self.find_coordinator(group).await
    }

    /// Fails soon when nobody can coordinate a group now.
    pub(super) async fn check_group(&self, group: &str) -> Result<()> {
        self.check_coordinator(GROUP_TOPIC, group).await
    }

    /// Fails soon when the partition of `topic` that holds `key` has no leader.
    pub(super) async fn check_coordinator(&self, topic: &str, key: &str) -> Result<()> {
        for attempt in 1.. {
            let metadata = self.fetch_metadata(Some(&[topic]), false).await?;
            let count = metadata.topics.get(topic).map_or(0, |it| it.partitions.len());
            let Some(count) = u32::try_from(count).ok().and_then(std::num::NonZeroU32::new) else {
                // It is made for the first who asks for a coordinator.
                return Ok(());
            };
            let partition = coordinator_partition(key, count);
            if metadata.leader(topic, partition.to_wire()).is_some() {
                return Ok(());
            }
            if attempt >= ASK_COUNT {
                return Err(no_leader(topic, partition));
            }
            tokio::time::sleep(ASK_INTERVAL).await;
        }
        Ok(())
    }
}

fn no_leader(topic: &str, partition: PartitionIndex) -> ClientError {
    match TopicName::new(topic) {
        Ok(topic) => ClientError::NoLeader(TopicPartition { topic, partition }),
        Err(_) => ClientError::UnknownTopic(topic.to_owned()),
    }
}
