use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::{Held, MemberEpoch};
use crate::InstanceId;
use crate::classic::{Client, Protocol, protocols_size};
use crate::members_size::{MEMBER_OVERHEAD, names_size};

/// What a member has said about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberMetadata {
    pub instance: Option<InstanceId>,
    pub rack: Option<Arc<str>>,
    pub client: Client,
    /// Names that it subscribes to, of topics that exist or not.
    pub topics: BTreeSet<Arc<str>>,
    /// A pattern of names that it subscribes to; empty for none, as is written for who never gave one.
    pub pattern: Option<Arc<str>>,
    /// How long it may take to let go of partitions.
    pub rebalance_timeout: Duration,
    /// The assignor that it would like.
    pub assignor: Option<Arc<str>>,
    /// Of a member that speaks the classic protocol.
    pub classic: Option<ClassicFacts>,
}

/// What a consumer group keeps of a member that joins, syncs and sends heartbeats as in a classic group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicFacts {
    pub session_timeout: Duration,
    /// In order of preference.
    pub protocols: Vec<Protocol>,
}

impl MemberMetadata {
    /// Bytes that it takes.
    pub(crate) fn size(&self) -> usize {
        let texts = [&self.rack, &self.pattern, &self.assignor].into_iter().flatten();
        let instance = self.instance.as_ref().map_or(0, |instance| instance.as_str().len());
        let classic = self.classic.as_ref().map_or(0, |facts| protocols_size(&facts.protocols));
        MEMBER_OVERHEAD
            + instance
            + self.client.size()
            + names_size(texts)
            + names_size(&self.topics)
            + classic
    }

    /// The pattern, if it is one.
    pub(crate) fn pattern(&self) -> Option<&Arc<str>> {
        self.pattern.as_ref().filter(|pattern| !pattern.is_empty())
    }
}

/// Where a member stands on its way to the target assignment. The numbers are those of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemberState {
    /// It has all that its epoch's target gives it.
    #[default]
    Stable = 0,
    /// It was asked to let go of partitions, and has not said that it did.
    UnrevokedPartitions = 1,
    /// Others still hold partitions that it is to get.
    UnreleasedPartitions = 2,
}

impl MemberState {
    pub(crate) const fn from_log(raw: i8) -> Option<Self> {
        match raw {
            0 => Some(Self::Stable),
            1 => Some(Self::UnrevokedPartitions),
            2 => Some(Self::UnreleasedPartitions),
            _ => None,
        }
    }

    pub(crate) const fn to_log(self) -> i8 {
        match self {
            Self::Stable => 0,
            Self::UnrevokedPartitions => 1,
            Self::UnreleasedPartitions => 2,
        }
    }
}

/// What a member holds, and how far it has come. The default is that of one that has just joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrentAssignment {
    pub epoch: MemberEpoch,
    /// The epoch before: a member that has not heard of the new one yet comes with it.
    pub previous_epoch: MemberEpoch,
    pub state: MemberState,
    pub assigned: Held,
    /// Asked back from the member, and not given to anybody yet.
    pub revoking: Held,
}
