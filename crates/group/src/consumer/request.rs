use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::{Assignment, MemberEpoch};
use crate::classic::Client;
use crate::{GroupId, InstanceId, MemberId};

/// What a member says of its own place in the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It joins, for the first time or afresh.
    Joining,
    Member(MemberEpoch),
    Leaving,
    /// A static member stops, and means to come back within its session timeout.
    Pausing,
}

impl Standing {
    /// `None` for a number that means nothing.
    pub const fn from_wire(raw: i32) -> Option<Self> {
        match raw {
            0 => Some(Self::Joining),
            -1 => Some(Self::Leaving),
            -2 => Some(Self::Pausing),
            raw => match MemberEpoch::from_wire(raw) {
                Some(epoch) => Some(Self::Member(epoch)),
                None => None,
            },
        }
    }
}

/// A member's report (KIP-848). `None` in a field: as before.
#[derive(Clone, Debug)]
pub struct ConsumerHeartbeat {
    pub group: GroupId,
    /// `None` of an old client that joins: it gets one.
    pub member: Option<MemberId>,
    pub standing: Standing,
    pub instance: Option<InstanceId>,
    pub rack: Option<Arc<str>>,
    pub client: Client,
    pub rebalance_timeout: Option<Duration>,
    pub topics: Option<BTreeSet<Arc<str>>>,
    /// Empty: no pattern any more.
    pub pattern: Option<Arc<str>>,
    pub assignor: Option<Arc<str>>,
    /// The partitions that it holds.
    pub owned: Option<Assignment>,
}

impl ConsumerHeartbeat {
    /// It says everything, so it may have heard nothing of the last answer.
    pub(crate) fn is_full(&self) -> bool {
        self.standing == Standing::Joining
            || (self.rebalance_timeout.is_some()
                && (self.topics.is_some() || self.pattern.is_some())
                && self.owned.is_some())
    }
}

/// The answer to a member's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerHeartbeatReply {
    pub member: MemberId,
    /// As the wire has it: -1 and -2 answer those that leave.
    pub epoch: i32,
    /// When to report again; zero for one that has left.
    pub heartbeat_interval: Duration,
    /// `None`: as before.
    pub assignment: Option<Assignment>,
}
