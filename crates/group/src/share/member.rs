use std::collections::BTreeSet;
use std::sync::Arc;

use crate::members_size::{MEMBER_OVERHEAD, names_size};
use crate::{Assignment, Client, MemberEpoch};

/// What a member says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShareMember {
    pub rack: Option<Arc<str>>,
    pub client: Client,
    pub topics: BTreeSet<Arc<str>>,
}

impl ShareMember {
    /// Bytes that it takes.
    pub(crate) fn size(&self) -> usize {
        MEMBER_OVERHEAD + self.client.size() + names_size(&self.rack) + names_size(&self.topics)
    }
}

/// What a member was told to have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShareCurrent {
    pub epoch: MemberEpoch,
    /// A member that has not heard of its newest epoch comes with this one.
    pub previous_epoch: MemberEpoch,
    pub assigned: Assignment,
}
