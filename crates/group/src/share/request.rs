use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::{Assignment, Client, GroupEpoch, GroupId, MemberId, Standing};

/// A member's report (KIP-932). `None` in a field: as before.
#[derive(Clone, Debug)]
pub struct ShareHeartbeat {
    pub group: GroupId,
    pub member: MemberId,
    /// Share groups have no static members: nobody pauses.
    pub standing: Standing,
    pub rack: Option<Arc<str>>,
    pub client: Client,
    pub topics: Option<BTreeSet<Arc<str>>>,
}

/// The answer to a member's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareHeartbeatReply {
    pub member: MemberId,
    /// As the wire has it: -1 answers one that leaves.
    pub epoch: i32,
    /// When to report again; zero for one that has left.
    pub heartbeat_interval: Duration,
    /// `None`: as before.
    pub assignment: Option<Assignment>,
    /// What is to be set up with the share coordinator. Once it is, the same report gets more to read.
    pub to_initialize: Option<StateToInitialize>,
}

/// Partitions whose state is to be set up with the share coordinator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateToInitialize {
    pub partitions: Assignment,
    /// Becomes the state epoch.
    pub epoch: GroupEpoch,
}
