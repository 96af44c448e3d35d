//! Where interactive queries about a partition are answered (KIP-535), for members that have an endpoint.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::PartitionIndex;

use super::{ConfiguredTopology, CurrentTasks, Endpoint, StreamsGroup, TaskId, by_subtopology};
use crate::{Cluster, MemberId};

/// One member's part; members of one process have the same endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointPartitions {
    pub endpoint: Endpoint,
    pub active: Vec<TopicPartitions>,
    pub standby: Vec<TopicPartitions>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPartitions {
    pub topic: Arc<str>,
    pub partitions: Vec<PartitionIndex>,
}

/// Of all members; the one that asks comes last, as in Apache Kafka.
pub(super) fn endpoints(
    group: &StreamsGroup,
    asking: &MemberId,
    configured: &ConfiguredTopology,
    cluster: &dyn Cluster,
) -> Vec<EndpointPartitions> {
    let others = group.members.iter().filter(|(id, _)| *id != asking);
    let own = group.members.get_key_value(asking);
    let of = |(id, member): (&MemberId, &Arc<super::StreamsMember>)| {
        let endpoint = member.endpoint.clone()?;
        let CurrentTasks { assigned, .. } = &*group.current(id);
        let copies: BTreeSet<&TaskId> = assigned.standby.iter().chain(&assigned.warmup).collect();
        Some(EndpointPartitions {
            endpoint,
            active: partitions(assigned.active.keys(), configured, cluster),
            standby: partitions(copies, configured, cluster),
        })
    };
    others.chain(own).filter_map(of).collect()
}

/// The partitions of the topics that tasks read. A task may have a number that the smaller ones of its topics do not have.
fn partitions<'a>(
    tasks: impl IntoIterator<Item = &'a TaskId>,
    configured: &ConfiguredTopology,
    cluster: &dyn Cluster,
) -> Vec<TopicPartitions> {
    let mut found = Vec::new();
    for (id, indexes) in by_subtopology(tasks) {
        let part = configured.subtopologies.as_ref().and_then(|parts| parts.get(id));
        let Some(part) = part else { continue };
        for topic in part.source_topics.iter().chain(part.repartition_sources.keys()) {
            let Some(facts) = cluster.topic(topic) else { continue };
            let is_there =
                |index: &PartitionIndex| index.to_wire().unsigned_abs() < facts.partition_count;
            let partitions: Vec<_> = indexes.iter().copied().filter(is_there).collect();
            if !partitions.is_empty() {
                found.push(TopicPartitions { topic: topic.clone(), partitions });
            }
        }
    }
    found
}
