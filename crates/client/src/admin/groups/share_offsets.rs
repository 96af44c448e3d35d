//! Where share groups begin (KIP-932): they have no committed offsets, but share-partitions with a start.

use std::collections::{BTreeMap, BTreeSet};

use model::{Offset, TopicPartition};
use wire::messages::alter_share_group_offsets_request::{
    AlterShareGroupOffsetsRequestPartition, AlterShareGroupOffsetsRequestTopic,
};
use wire::messages::delete_share_group_offsets_request::DeleteShareGroupOffsetsRequestTopic;
use wire::messages::describe_share_group_offsets_request::DescribeShareGroupOffsetsRequestGroup;
use wire::messages::{
    AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse, DeleteShareGroupOffsetsRequest,
    DeleteShareGroupOffsetsResponse, DescribeShareGroupOffsetsRequest,
    DescribeShareGroupOffsetsResponse,
};

use super::{place, subject};
use crate::error_map::Refused;
use crate::{Client, Result, Target};

/// Where a share group is in one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareOffset {
    /// The first record that is not done with; `None` before the first member was there.
    pub start: Option<Offset>,
    /// Records that are not done with; `None` where that is not known.
    pub lag: Option<i64>,
}

impl Client {
    /// All share-partitions of a group. One whose leader does not answer is left out.
    pub async fn share_offsets(
        &self,
        group: &str,
    ) -> Result<BTreeMap<TopicPartition, ShareOffset>> {
        self.check_group(group).await?;
        let request = DescribeShareGroupOffsetsRequest {
            groups: vec![DescribeShareGroupOffsetsRequestGroup {
                group_id: group.to_owned(),
                topics: None,
            }],
        };
        let code_of = |response: &DescribeShareGroupOffsetsResponse| {
            for it in &response.groups {
                Refused::check(it.error_code, subject(group), it.error_message.as_deref())?;
            }
            Ok(())
        };
        let response = self.request(Target::Coordinator(group), &request, code_of).await?;
        let mut found = BTreeMap::new();
        for topic in response.groups.into_iter().flat_map(|it| it.topics) {
            for it in topic.partitions.iter().filter(|it| it.error_code == 0) {
                let Some(partition) = place(&topic.topic_name, it.partition_index) else {
                    continue;
                };
                let lag = (it.lag >= 0).then_some(it.lag);
                let start = Offset::from_wire(it.start_offset);
                found.insert(partition, ShareOffset { start, lag });
            }
        }
        Ok(found)
    }

    /// Sets where a share group begins; the group must have no members.
    pub async fn set_share_offsets(
        &self,
        group: &str,
        starts: &BTreeMap<TopicPartition, Offset>,
    ) -> Result<()> {
        let mut topics: BTreeMap<&str, AlterShareGroupOffsetsRequestTopic> = BTreeMap::new();
        for (partition, start) in starts {
            let name = partition.topic.as_str();
            let topic = topics.entry(name).or_insert_with(|| AlterShareGroupOffsetsRequestTopic {
                topic_name: name.to_owned(),
                ..AlterShareGroupOffsetsRequestTopic::default()
            });
            topic.partitions.push(AlterShareGroupOffsetsRequestPartition {
                partition_index: partition.partition.to_wire(),
                start_offset: start.to_wire(),
            });
        }
        let request = AlterShareGroupOffsetsRequest {
            group_id: group.to_owned(),
            topics: topics.into_values().collect(),
        };
        let code_of = |response: &AlterShareGroupOffsetsResponse| {
            let message = response.error_message.as_deref();
            Refused::check(response.error_code, subject(group), message)?;
            for topic in &response.responses {
                for it in &topic.partitions {
                    let place = || format!("{}-{}", topic.topic_name, it.partition_index);
                    Refused::check(it.error_code, place, it.error_message.as_deref())?;
                }
            }
            Ok(())
        };
        self.request(Target::Coordinator(group), &request, code_of).await?;
        Ok(())
    }

    /// Forgets where a share group is in whole topics.
    pub async fn delete_share_offsets(&self, group: &str, topics: &BTreeSet<&str>) -> Result<()> {
        let named = topics
            .iter()
            .map(|topic| DeleteShareGroupOffsetsRequestTopic { topic_name: (*topic).to_owned() });
        let request =
            DeleteShareGroupOffsetsRequest { group_id: group.to_owned(), topics: named.collect() };
        let code_of = |response: &DeleteShareGroupOffsetsResponse| {
            let message = response.error_message.as_deref();
            Refused::check(response.error_code, subject(group), message)?;
            for it in &response.responses {
                let place = || format!("topic {}", it.topic_name);
                Refused::check(it.error_code, place, it.error_message.as_deref())?;
            }
            Ok(())
        };
        self.request(Target::Coordinator(group), &request, code_of).await?;
        Ok(())
    }
}
