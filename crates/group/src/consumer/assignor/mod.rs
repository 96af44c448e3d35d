//! Ways of distributing partitions among members. They see members, what each reads and what it had, and nothing else.

mod range;
#[cfg(test)]
mod tests;
mod uniform;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{PartitionId, PartitionIndex, TopicId};

use super::Assignment;
use crate::{InstanceId, MemberId};

/// The ways that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assignor {
    /// All members hold as many as each other, and keep what they have.
    Uniform,
    /// Each member holds a range of each topic.
    Range,
}

/// What is to be assigned, and to whom.
pub(super) struct Subject {
    /// In the order of their ids.
    pub(super) members: Vec<Member>,
    pub(super) partition_counts: BTreeMap<TopicId, u32>,
}

pub(super) struct Member {
    pub(super) id: MemberId,
    pub(super) instance: Option<InstanceId>,
    /// Those that it reads and that are there.
    pub(super) topics: BTreeSet<TopicId>,
    /// Its target so far.
    pub(super) before: Arc<Assignment>,
}

/// One for each member, in their order.
pub(super) type Assigned = Vec<Assignment>;

impl Assignor {
    /// As settings and members call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Range => "range",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Uniform, Self::Range].into_iter().find(|assignor| assignor.name() == name)
    }

    pub(super) fn assign(self, subject: &Subject) -> Assigned {
        match self {
            Self::Uniform => uniform::assign(subject),
            Self::Range => range::assign(subject),
        }
    }
}

impl Subject {
    /// Those that somebody reads.
    fn topics(&self) -> impl Iterator<Item = TopicId> {
        let is_read = |topic: &TopicId| self.members.iter().any(|it| it.topics.contains(topic));
        self.partition_counts.keys().copied().filter(is_read)
    }

    /// All partitions of a topic.
    fn partitions(&self, topic: TopicId) -> impl Iterator<Item = PartitionId> + use<> {
        let count = self.partition_counts.get(&topic).copied().unwrap_or(0);
        let indexes = (0..i32::try_from(count).unwrap_or(i32::MAX)).map(PartitionIndex::from_wire);
        indexes.flatten().map(move |partition| PartitionId { topic, partition })
    }
}
