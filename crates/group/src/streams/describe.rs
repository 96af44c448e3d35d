use std::sync::Arc;

use super::{
    ConfiguredTopology, StreamsMember, StreamsState, TaskOffsets, Tasks, Topology, assignor,
};
use crate::decision::Outcome;
use crate::{Decision, GroupEpoch, GroupError, GroupId, GroupShard, MemberEpoch, MemberId, Soft};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamsGroupDescription {
    pub state: StreamsState,
    pub epoch: GroupEpoch,
    pub assignment_epoch: GroupEpoch,
    /// Of the next assignment.
    pub assignor: &'static str,
    /// `None` only of a group whose log is damaged.
    pub topology: Option<DescribedTopology>,
    pub members: Vec<StreamsDescription>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DescribedTopology {
    /// As the members describe it.
    Said(Arc<Topology>),
    /// With what was worked out of the cluster's topics, once they are all there.
    Configured(Arc<ConfiguredTopology>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamsDescription {
    pub id: MemberId,
    pub metadata: Arc<StreamsMember>,
    pub epoch: MemberEpoch,
    pub offsets: TaskOffsets,
    pub assignment: Tasks,
    pub target: Tasks,
}

impl GroupShard {
    pub fn describe_streams_group(
        &self,
        soft: &Soft,
        id: &GroupId,
    ) -> Decision<Result<StreamsGroupDescription, GroupError>> {
        let described = match self.streams(id) {
            None if self.exists(soft, id) => Err(GroupError::NotStreamsGroup),
            None => Err(GroupError::GroupNotFound),
            Some(group) => Ok({
                let streams = soft.streams.get(id);
                let configured = streams.and_then(|streams| streams.configured());
                let ready = configured.filter(|configured| configured.is_ready());
                let said = || group.topology.clone().map(DescribedTopology::Said);
                let offsets = |id: &MemberId| {
                    streams.map(|streams| streams.offsets_of(id).clone()).unwrap_or_default()
                };
                let member = |(id, metadata): (&MemberId, &Arc<StreamsMember>)| {
                    let current = group.current(id);
                    StreamsDescription {
                        id: id.clone(),
                        metadata: metadata.clone(),
                        epoch: current.epoch,
                        offsets: offsets(id),
                        assignment: current.assigned.tasks(),
                        target: (*group.target_of(id)).clone(),
                    }
                };
                StreamsGroupDescription {
                    state: group.state(),
                    epoch: group.stored.epoch,
                    assignment_epoch: group.target.epoch,
                    assignor: assignor::NAME,
                    topology: ready.cloned().map(DescribedTopology::Configured).or_else(said),
                    members: group.members.iter().map(member).collect(),
                }
            }),
        };
        Outcome::default().decide(described, self.stored_at(id))
    }
}
