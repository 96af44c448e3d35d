use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{HeldTasks, TaskId, TopologyEpoch};
use crate::classic::Client;
use crate::members_size::{MEMBER_OVERHEAD, names_size};
use crate::{InstanceId, MemberEpoch, MemberState};

/// What a member has said about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamsMember {
    pub instance: Option<InstanceId>,
    pub rack: Option<Arc<str>>,
    pub client: Client,
    /// How long it may take to let go of tasks.
    pub rebalance_timeout: Duration,
    /// Of the topology that it runs; `None` in a log that says nothing.
    pub topology_epoch: Option<TopologyEpoch>,
    /// The process that it is a thread of: state on its disk is for all of them.
    pub process: Arc<str>,
    /// Where its process answers interactive queries.
    pub endpoint: Option<Endpoint>,
    pub tags: BTreeMap<Arc<str>, Arc<str>>,
}

impl StreamsMember {
    /// Bytes that it takes.
    pub(crate) fn size(&self) -> usize {
        let instance = self.instance.as_ref().map_or(0, |instance| instance.as_str().len());
        MEMBER_OVERHEAD
            + instance
            + self.client.size()
            + self.process.len()
            + names_size(&self.rack)
            + names_size(self.endpoint.iter().map(|endpoint| &endpoint.host))
            + names_size(self.tags.iter().flat_map(|(name, value)| [name, value]))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub host: Arc<str>,
    pub port: u16,
}

/// What a member holds, and how far it has come. The default is that of one that has just joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrentTasks {
    pub epoch: MemberEpoch,
    /// The epoch before: a member that has not heard of the new one yet comes with it.
    pub previous_epoch: MemberEpoch,
    pub state: MemberState,
    pub assigned: HeldTasks,
    /// Asked back from the member, and not given to anybody yet.
    pub revoking: HeldTasks,
}

/// How far the state of tasks on a member's disk has come, and where it would end: sums of offsets. Not in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskOffsets {
    pub offsets: BTreeMap<TaskId, i64>,
    pub end_offsets: BTreeMap<TaskId, i64>,
}
