use std::sync::Arc;

use super::{
    Assignment, Assignor, ConsumerState, Draft, GroupEpoch, MemberEpoch, MemberMetadata, target,
};
use crate::decision::Outcome;
use crate::{Decision, GroupError, GroupId, GroupShard, MemberId, Soft};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerGroupDescription {
    pub state: ConsumerState,
    pub epoch: GroupEpoch,
    pub assignment_epoch: GroupEpoch,
    pub assignor: Assignor,
    pub members: Vec<ConsumerDescription>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerDescription {
    pub id: MemberId,
    pub metadata: Arc<MemberMetadata>,
    pub epoch: MemberEpoch,
    /// What it holds, and what it has not let go of.
    pub assignment: Assignment,
    pub target: Assignment,
}

impl GroupShard {
    pub fn describe_consumer_group(
        &self,
        soft: &Soft,
        id: &GroupId,
    ) -> Decision<Result<ConsumerGroupDescription, GroupError>> {
        let described = match self.consumer(id) {
            None if self.exists(soft, id) => Err(GroupError::NotConsumerGroup),
            None => Err(GroupError::GroupNotFound),
            Some(group) => Ok({
                let member = |(id, metadata): (&MemberId, &Arc<MemberMetadata>)| {
                    let current = group.current(id);
                    let held = current.assigned.partitions().chain(current.revoking.partitions());
                    ConsumerDescription {
                        id: id.clone(),
                        metadata: metadata.clone(),
                        epoch: current.epoch,
                        assignment: held.collect(),
                        target: (*group.target_of(id)).clone(),
                    }
                };
                ConsumerGroupDescription {
                    state: group.state(),
                    epoch: group.stored.epoch,
                    assignment_epoch: group.target.epoch,
                    assignor: target::preferred(&Draft::of(group), &soft.settings.consumer),
                    members: group.members.iter().map(member).collect(),
                }
            }),
        };
        Outcome::default().decide(described, self.stored_at(id))
    }
}
