use std::sync::Arc;

use super::{ShareCurrent, ShareMember, StatePartitions};
use crate::{Assignment, MemberId, StoredEpoch, TargetEpoch};

/// One record about a share group; `None` takes out what the key names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareChange {
    /// The group itself. Taken out, the group is gone.
    Group(Option<StoredEpoch>),
    Member(MemberId, Option<Arc<ShareMember>>),
    /// The epoch that all targets together belong to.
    TargetEpoch(Option<TargetEpoch>),
    /// What a member shall have.
    Target(MemberId, Option<Arc<Assignment>>),
    /// What a member was told to have.
    Current(MemberId, Option<Arc<ShareCurrent>>),
    /// Of which partitions the share coordinator has state.
    Partitions(Option<Arc<StatePartitions>>),
}

impl ShareChange {
    /// It takes something out.
    pub(crate) fn is_removal(&self) -> bool {
        match self {
            Self::Group(group) => group.is_none(),
            Self::Member(_, member) => member.is_none(),
            Self::TargetEpoch(target) => target.is_none(),
            Self::Target(_, target) => target.is_none(),
            Self::Current(_, current) => current.is_none(),
            Self::Partitions(partitions) => partitions.is_none(),
        }
    }
}
