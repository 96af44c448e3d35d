use std::sync::Arc;

use super::{ShareMember, ShareState};
use crate::decision::Outcome;
use crate::{
    Assignment, Decision, GroupEpoch, GroupError, GroupId, GroupShard, MemberEpoch, MemberId, Soft,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareGroupDescription {
    pub state: ShareState,
    pub epoch: GroupEpoch,
    pub assignment_epoch: GroupEpoch,
    pub members: Vec<ShareMemberDescription>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareMemberDescription {
    pub id: MemberId,
    pub member: Arc<ShareMember>,
    pub epoch: MemberEpoch,
    pub assignment: Assignment,
}

impl GroupShard {
    pub fn describe_share_group(
        &self,
        soft: &Soft,
        id: &GroupId,
    ) -> Decision<Result<ShareGroupDescription, GroupError>> {
        let described = self.find_share_group(soft, id).map(|group| {
            let member = |(id, member): (&MemberId, &Arc<ShareMember>)| {
                let current = group.current(id);
                ShareMemberDescription {
                    id: id.clone(),
                    member: member.clone(),
                    epoch: current.epoch,
                    assignment: current.assigned.clone(),
                }
            };
            ShareGroupDescription {
                state: group.state(),
                epoch: group.stored.epoch,
                assignment_epoch: group.target.epoch,
                members: group.members.iter().map(member).collect(),
            }
        });
        Outcome::default().decide(described, self.newest_of(id))
    }
}
