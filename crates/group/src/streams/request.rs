use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{
    Endpoint, EndpointPartitions, MissingTopic, Status, StreamsGroupConfig, TaskId, Tasks, Topology,
};
use crate::classic::Client;
use crate::{GroupId, InstanceId, MemberId, Standing};

/// A member's report (KIP-1071). `None` in a field: as before.
#[derive(Clone, Debug)]
pub struct StreamsHeartbeat {
    pub group: GroupId,
    pub member: MemberId,
    pub standing: Standing,
    pub instance: Option<InstanceId>,
    pub rack: Option<Arc<str>>,
    pub client: Client,
    pub rebalance_timeout: Option<Duration>,
    /// Of one that joins, and only of one that does.
    pub topology: Option<Topology>,
    /// The tasks that it holds.
    pub owned: Option<Tasks>,
    pub process: Option<Arc<str>>,
    pub endpoint: Option<Endpoint>,
    pub tags: Option<BTreeMap<Arc<str>, Arc<str>>>,
    pub task_offsets: Option<BTreeMap<TaskId, i64>>,
    pub task_end_offsets: Option<BTreeMap<TaskId, i64>>,
    /// All members of the group shall stop.
    pub shuts_down: bool,
    /// Of the newest endpoints that it has heard of.
    pub endpoint_epoch: i32,
    /// Its version of the request knows [`super::StatusKind::MissingClientTags`].
    pub knows_missing_tags: bool,
}

/// The answer to a member's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamsHeartbeatReply {
    pub member: MemberId,
    /// As the wire has it: -1 and -2 answer those that leave.
    pub epoch: i32,
    /// The group's settings; `None` for one that has left.
    pub config: Option<StreamsGroupConfig>,
    pub statuses: Vec<Status>,
    /// `None`: as before.
    pub tasks: Option<Tasks>,
    pub endpoint_epoch: i32,
    /// Who answers queries about which partitions; `None`: as before.
    pub endpoints: Option<Vec<EndpointPartitions>>,
    /// Topics that are to be made before the group can work.
    pub missing: Vec<MissingTopic>,
}
