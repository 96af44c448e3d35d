use std::collections::BTreeSet;
use std::sync::Arc;

use model::Timestamp;

use super::{Assignment, CurrentAssignment, GroupEpoch, MemberMetadata};
use crate::MemberId;
use crate::members_size::{NAME_OVERHEAD, names_size};

/// One record about a consumer group; `None` takes out what the key names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsumerChange {
    /// The group itself. Taken out, the group is gone.
    Group(Option<StoredEpoch>),
    /// What brokers before 4.1 wrote of the subscribed topics: it is read and taken out, never written.
    PartitionMetadata {
        exists: bool,
    },
    Member(MemberId, Option<Arc<MemberMetadata>>),
    /// The epoch that all targets together belong to.
    TargetEpoch(Option<TargetEpoch>),
    /// What a member shall have.
    Target(MemberId, Option<Arc<Assignment>>),
    /// What a member has.
    Current(MemberId, Option<Arc<CurrentAssignment>>),
    /// The topics that a pattern fits.
    Pattern(Arc<str>, Option<Arc<ResolvedPattern>>),
}

impl ConsumerChange {
    /// It takes something out.
    pub(crate) fn is_removal(&self) -> bool {
        match self {
            Self::Group(group) => group.is_none(),
            Self::PartitionMetadata { exists } => !exists,
            Self::Member(_, metadata) => metadata.is_none(),
            Self::TargetEpoch(target) => target.is_none(),
            Self::Target(_, target) => target.is_none(),
            Self::Current(_, current) => current.is_none(),
            Self::Pattern(_, resolved) => resolved.is_none(),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoredEpoch {
    pub epoch: GroupEpoch,
    /// Of the topics that the group reads: when it changes, so must the assignment.
    pub metadata_hash: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TargetEpoch {
    pub epoch: GroupEpoch,
    /// When it was worked out (KIP-1263); `None` in records of old brokers.
    pub assigned_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedPattern {
    pub topics: BTreeSet<Arc<str>>,
    /// Of the metadata that it was resolved with.
    pub version: i64,
    pub resolved_at: Option<Timestamp>,
}

impl ResolvedPattern {
    /// Bytes that it takes.
    pub(crate) fn size(&self, pattern: &str) -> usize {
        NAME_OVERHEAD + pattern.len() + names_size(&self.topics)
    }
}
