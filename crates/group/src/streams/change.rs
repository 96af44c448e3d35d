use std::collections::BTreeMap;
use std::sync::Arc;

use super::{CurrentTasks, StreamsMember, Tasks, Topology, TopologyEpoch};
use crate::{GroupEpoch, MemberId, TargetEpoch};

/// One record about a streams group; `None` takes out what the key names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamsChange {
    /// The group itself. Taken out, the group is gone.
    Group(Option<StreamsEpoch>),
    Topology(Option<Arc<Topology>>),
    Member(MemberId, Option<Arc<StreamsMember>>),
    /// The epoch that all targets together belong to.
    TargetEpoch(Option<TargetEpoch>),
    /// What a member shall have.
    Target(MemberId, Option<Arc<Tasks>>),
    /// What a member has.
    Current(MemberId, Option<Arc<CurrentTasks>>),
}

impl StreamsChange {
    /// It takes something out.
    pub(crate) fn is_removal(&self) -> bool {
        match self {
            Self::Group(group) => group.is_none(),
            Self::Topology(topology) => topology.is_none(),
            Self::Member(_, member) => member.is_none(),
            Self::TargetEpoch(target) => target.is_none(),
            Self::Target(_, target) => target.is_none(),
            Self::Current(_, current) => current.is_none(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamsEpoch {
    pub epoch: GroupEpoch,
    /// Of the topics of the topology: when it changes, so must the assignment.
    pub metadata_hash: i64,
    /// The topology whose topics were all there, with the right numbers of partitions; `None` while they are not.
    pub validated_topology: Option<TopologyEpoch>,
    /// The group's settings that the assignment rests on, by Kafka's names.
    pub assignment_configs: BTreeMap<String, String>,
    /// Of Apache Kafka's plugin for descriptions of topologies, which does not exist here: as the log has them.
    pub descriptions: DescriptionEpochs,
}

/// The topology epochs that a plugin holds and has refused, as they lie in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DescriptionEpochs {
    pub stored: i32,
    pub failed: i32,
}

impl Default for DescriptionEpochs {
    /// None of either.
    fn default() -> Self {
        Self { stored: -1, failed: -1 }
    }
}

impl Default for StreamsEpoch {
    /// That of a group that nothing was written about: it counts from 1, as in Apache Kafka.
    fn default() -> Self {
        Self {
            epoch: GroupEpoch::ZERO.next(),
            metadata_hash: 0,
            validated_topology: None,
            assignment_configs: BTreeMap::new(),
            descriptions: DescriptionEpochs::default(),
        }
    }
}
