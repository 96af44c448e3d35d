use model::{TopicId, TopicName};

use super::PartitionKey;
use crate::classic::State;
use crate::decision::Outcome;
use crate::subscription::CONSUMER_PROTOCOL_TYPE;
use crate::{Decision, GroupError, GroupId, GroupRecord, GroupShard, PartResults, Soft};

/// A topic that was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedTopic {
    pub name: TopicName,
    pub id: TopicId,
}

impl GroupShard {
    /// Removes offsets of a group, but not of topics that its members read (KIP-496). One result for each, in the
    /// request's order; removing one that is not there succeeds.
    pub fn delete_offsets(
        &self,
        soft: &Soft,
        group: &GroupId,
        partitions: &[PartitionKey],
    ) -> Decision<PartResults> {
        let mut out = Outcome::default();
        let seen = self.newest_of(group);
        if group.is_empty() {
            return out.decide(Err(GroupError::InvalidGroupId), seen);
        }
        if !self.exists(soft, group) {
            return out.decide(Err(GroupError::GroupNotFound), seen);
        }
        let uses_consumer_protocol =
            self.protocol_type_of(soft, group).as_deref() == Some(CONSUMER_PROTOCOL_TYPE);
        if self.share(group).is_some() {
            return out.decide(Err(GroupError::NotConsumerGroup), seen);
        }
        let (consumer, streams) = (self.consumer(group), self.streams(group));
        if Self::state_of(soft, group) != State::Empty && !uses_consumer_protocol {
            return out.decide(Err(GroupError::NonEmptyGroup), seen);
        }
        let live = soft.groups.get(group);
        let offsets = self.groups.get(group).map(|hard| &hard.offsets);
        let mut results = Vec::with_capacity(partitions.len());
        for key in partitions {
            if live.is_some_and(|live| live.is_subscribed_to(&key.topic))
                || consumer.is_some_and(|group| group.is_subscribed_to(key.topic.as_str()))
                || streams.is_some_and(|group| group.is_subscribed_to(key.topic.as_str()))
            {
                results.push(Err(GroupError::SubscribedToTopic));
                continue;
            }
            results.push(Ok(()));
            let has_offset = offsets.is_some_and(|offsets| {
                offsets.get(&key.topic, key.partition).is_some()
                    || offsets.is_open(&key.topic, key.partition)
            });
            if has_offset {
                let (group, partition) = (group.clone(), key.clone());
                out.records.push(GroupRecord::OffsetRemoved { group, partition });
            }
        }
        out.decide(Ok(results), seen)
    }

    /// Removes the offsets that all groups hold of topics that are gone.
    pub fn topics_deleted(&self, topics: &[DeletedTopic]) -> Decision<()> {
        let mut out = Outcome::default();
        for (group, hard) in &self.groups {
            for topic in topics {
                for (&partition, offset) in hard.offsets.of_topic(&topic.name).into_iter().flatten()
                {
                    if offset.is_of(Some(topic.id)) {
                        let partition = PartitionKey { topic: topic.name.clone(), partition };
                        out.records
                            .push(GroupRecord::OffsetRemoved { group: group.clone(), partition });
                    }
                }
            }
        }
        // One removal ends the committed offset and the undecided ones alike; a second one does no harm.
        for (group, partition, offset) in self.transactions.iter() {
            let is_of = |topic: &DeletedTopic| {
                topic.name == partition.topic && offset.is_of(Some(topic.id))
            };
            if topics.iter().any(is_of) {
                out.records.push(GroupRecord::OffsetRemoved {
                    group: group.clone(),
                    partition: partition.clone(),
                });
            }
        }
        self.share_topics_deleted(topics, &mut out);
        out.decide((), self.newest)
    }
}
