mod describe;
mod description;
mod share_offsets;

use std::collections::BTreeMap;

use bytes::Bytes;
use model::{Offset, PartitionIndex, TopicName, TopicPartition};
use wire::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use wire::messages::offset_delete_request::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use wire::messages::offset_fetch_request::OffsetFetchRequestGroup;
use wire::messages::{
    DeleteGroupsRequest, DeleteGroupsResponse, ListGroupsRequest, OffsetCommitRequest,
    OffsetCommitResponse, OffsetDeleteRequest, OffsetFetchRequest, OffsetFetchResponse,
};
use wire::records::client::ConsumerProtocolAssignment;
use wire::{ErrorCode, Message, Reader};

use crate::error_map::Refused;
use crate::{Client, Result, Target};

pub use self::description::{
    GroupDescription, GroupKind, GroupMember, InternalTopic, StreamsMember, Subtopology, Tasks,
    Topology,
};
pub use self::share_offsets::ShareOffset;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupListing {
    pub group: String,
    /// `consumer` for groups of consumers; empty if only offsets are kept.
    pub protocol_type: String,
    /// `None` from brokers older than 2.6.
    pub state: Option<String>,
    /// `Classic`, `Consumer`, `Share` or `Streams`; `None` from brokers older than 3.8.
    pub kind: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommittedOffset {
    pub offset: Offset,
    pub leader_epoch: i32,
    pub metadata: String,
}

/// The newest version that names topics by name (KIP-848 changed it).
const OFFSETS_BY_NAME_VERSION: i16 = 9;

pub(super) fn subject(group: &str) -> impl Fn() -> String {
    move || format!("group {group}")
}

impl Client {
    /// All groups of all brokers.
    pub async fn list_groups(&self) -> Result<Vec<GroupListing>> {
        let brokers: Vec<i32> =
            self.fetch_metadata(Some(&[]), false).await?.brokers.into_keys().collect();
        let mut groups = Vec::new();
        for broker in brokers {
            let connection = self.connection(Target::Broker(broker)).await?;
            let version = connection.version_of::<ListGroupsRequest>(i16::MAX)?;
            let of_broker = || format!("groups of broker {broker}");
            let response = self
                .request(Target::Broker(broker), &ListGroupsRequest::default(), |response| {
                    Ok(Refused::check(response.error_code, of_broker, None)?)
                })
                .await?;
            groups.extend(response.groups.into_iter().map(|listed| GroupListing {
                group: listed.group_id,
                protocol_type: listed.protocol_type,
                state: (version >= 4).then_some(listed.group_state),
                kind: (version >= 5).then_some(listed.group_type),
            }));
        }
        groups.sort();
        Ok(groups)
    }

    /// Deletes a group without members, with its offsets.
    pub async fn delete_group(&self, group: &str) -> Result<()> {
        self.check_group(group).await?;
        let request = DeleteGroupsRequest { groups_names: vec![group.to_owned()] };
        let code_of = |response: &DeleteGroupsResponse| {
            for result in &response.results {
                let message = result.error_message.as_deref();
                Refused::check(result.error_code, subject(group), message)?;
            }
            Ok(())
        };
        self.request(Target::Coordinator(group), &request, code_of).await?;
        Ok(())
    }

    /// Everything that a group has committed.
    pub async fn committed_offsets(
        &self,
        group: &str,
    ) -> Result<BTreeMap<TopicPartition, CommittedOffset>> {
        self.check_group(group).await?;
        self.fetch_offsets(group, false).await
    }

    /// As [`Self::committed_offsets`] for a member of the group: waits for transactions that may still commit others
    /// (KIP-447).
    pub(crate) async fn stable_offsets(
        &self,
        group: &str,
    ) -> Result<BTreeMap<TopicPartition, CommittedOffset>> {
        self.fetch_offsets(group, true).await
    }

    async fn fetch_offsets(
        &self,
        group: &str,
        require_stable: bool,
    ) -> Result<BTreeMap<TopicPartition, CommittedOffset>> {
        let connection = self.connection(Target::Coordinator(group)).await?;
        let version = connection.version_of::<OffsetFetchRequest>(OFFSETS_BY_NAME_VERSION)?;
        let mut request =
            OffsetFetchRequest { topics: Some(Vec::new()), require_stable, ..Default::default() };
        if version >= 8 {
            request.groups.push(OffsetFetchRequestGroup {
                group_id: group.to_owned(),
                topics: None,
                ..OffsetFetchRequestGroup::default()
            });
        } else {
            request.group_id = group.to_owned();
            request.topics = None;
        }
        let mut backoff = crate::backoff::Backoff::of_call(self.config());
        loop {
            let attempt = async {
                let connection = self.connection(Target::Coordinator(group)).await?;
                let response = connection.request_at(&request, version).await?;
                committed(group, response)
            };
            match attempt.await {
                Ok(committed) => return Ok(committed),
                Err(error) => {
                    let again = error.is_retriable();
                    backoff.after(error, again).await?;
                }
            }
        }
    }

    /// Sets a group's offsets; the group must have no members.
    pub async fn set_offsets(
        &self,
        group: &str,
        offsets: &BTreeMap<TopicPartition, Offset>,
    ) -> Result<()> {
        self.check_group(group).await?;
        let request = commit_request(group, offsets);
        let mut backoff = crate::backoff::Backoff::of_call(self.config());
        loop {
            let attempt = async {
                let connection = self.connection(Target::Coordinator(group)).await?;
                let version =
                    connection.version_of::<OffsetCommitRequest>(OFFSETS_BY_NAME_VERSION)?;
                check_commit(group, &connection.request_at(&request, version).await?)
            };
            match attempt.await {
                Ok(()) => return Ok(()),
                Err(error) => {
                    let unknown = error.code() == Some(ErrorCode::UnknownTopicOrPartition);
                    let again = error.is_retriable() && !unknown;
                    backoff.after(error, again).await?;
                }
            }
        }
    }

    /// Forgets a group's offsets of some partitions.
    pub async fn delete_offsets(&self, group: &str, partitions: &[TopicPartition]) -> Result<()> {
        let mut topics: BTreeMap<&str, OffsetDeleteRequestTopic> = BTreeMap::new();
        for partition in partitions {
            let name = partition.topic.as_str();
            let topic = topics.entry(name).or_insert_with(|| OffsetDeleteRequestTopic {
                name: name.to_owned(),
                ..OffsetDeleteRequestTopic::default()
            });
            let partition_index = partition.partition.to_wire();
            topic.partitions.push(OffsetDeleteRequestPartition { partition_index });
        }
        let request = OffsetDeleteRequest {
            group_id: group.to_owned(),
            topics: topics.into_values().collect(),
        };
        self.request(Target::Coordinator(group), &request, |response| {
            Refused::check(response.error_code, subject(group), None)?;
            for topic in &response.topics {
                for result in &topic.partitions {
                    let place = || format!("{}-{}", topic.name, result.partition_index);
                    Refused::check(result.error_code, place, None)?;
                }
            }
            Ok(())
        })
        .await?;
        Ok(())
    }
}

/// A commit from outside the group, as tools send it.
pub(crate) fn commit_request(
    group: &str,
    offsets: &BTreeMap<TopicPartition, Offset>,
) -> OffsetCommitRequest {
    let mut topics: BTreeMap<&str, OffsetCommitRequestTopic> = BTreeMap::new();
    for (partition, offset) in offsets {
        let name = partition.topic.as_str();
        let topic = topics.entry(name).or_insert_with(|| OffsetCommitRequestTopic {
            name: name.to_owned(),
            ..OffsetCommitRequestTopic::default()
        });
        topic.partitions.push(OffsetCommitRequestPartition {
            partition_index: partition.partition.to_wire(),
            committed_offset: offset.to_wire(),
            committed_metadata: Some(String::new()),
            ..OffsetCommitRequestPartition::default()
        });
    }
    OffsetCommitRequest {
        group_id: group.to_owned(),
        topics: topics.into_values().collect(),
        ..OffsetCommitRequest::default()
    }
}

pub(crate) fn check_commit(group: &str, response: &OffsetCommitResponse) -> Result<()> {
    for topic in &response.topics {
        for result in &topic.partitions {
            let place =
                || format!("offset of group {group} for {}-{}", topic.name, result.partition_index);
            Refused::check(result.error_code, place, None)?;
        }
    }
    Ok(())
}

fn committed(
    group: &str,
    response: OffsetFetchResponse,
) -> Result<BTreeMap<TopicPartition, CommittedOffset>> {
    let mut found = BTreeMap::new();
    let mut put = |topic: &str, index: i32, offset: i64, leader_epoch, metadata: Option<String>| {
        let (Some(partition), Some(offset)) = (place(topic, index), Offset::from_wire(offset))
        else {
            return;
        };
        let metadata = metadata.unwrap_or_default();
        found.insert(partition, CommittedOffset { offset, leader_epoch, metadata });
    };
    Refused::check(response.error_code, subject(group), None)?;
    for topic in response.topics {
        for it in topic.partitions {
            Refused::check(it.error_code, subject(group), None)?;
            let (index, epoch) = (it.partition_index, it.committed_leader_epoch);
            put(&topic.name, index, it.committed_offset, epoch, it.metadata);
        }
    }
    for answered in response.groups {
        Refused::check(answered.error_code, subject(group), None)?;
        for topic in answered.topics {
            for it in topic.partitions {
                Refused::check(it.error_code, subject(group), None)?;
                let (index, epoch) = (it.partition_index, it.committed_leader_epoch);
                put(&topic.name, index, it.committed_offset, epoch, it.metadata);
            }
        }
    }
    Ok(found)
}

pub(super) fn place(topic: &str, index: i32) -> Option<TopicPartition> {
    let topic = TopicName::new(topic).ok()?;
    Some(TopicPartition { topic, partition: PartitionIndex::from_wire(index)? })
}

/// The partitions in a member's assignment; none when it is not one of a consumer.
pub(crate) fn assignment(data: &Bytes) -> Vec<TopicPartition> {
    decode_assignment(data).unwrap_or_default()
}

/// What the leader of a group gave a member; no bytes mean nothing.
pub(crate) fn decode_assignment(
    data: &Bytes,
) -> std::result::Result<Vec<TopicPartition>, wire::DecodeError> {
    if data.is_empty() {
        return Ok(Vec::new());
    }
    let mut input = Reader::shared(data);
    // Later versions only append.
    let version = input.i16()?.clamp(0, ConsumerProtocolAssignment::VERSIONS.max);
    let assigned = ConsumerProtocolAssignment::decode(&mut input, version)?.assigned_partitions;
    let places = assigned
        .iter()
        .flat_map(|topic| topic.partitions.iter().filter_map(|index| place(&topic.topic, *index)));
    Ok(places.collect())
}
