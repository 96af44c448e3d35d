use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;

use crate::classic::{ClassicGroup, Client, Member, State};
use crate::decision::Outcome;
use crate::shard::HardGroup;
use crate::subscription::{CONSUMER_PROTOCOL_TYPE, SHARE_PROTOCOL_TYPE};
use crate::{
    Decision, GroupError, GroupId, GroupRecord, GroupShard, GroupState, InstanceId, MemberId, Now,
    PartitionKey, Soft,
};

/// What a streams group is listed with.
const STREAMS_PROTOCOL_TYPE: &str = "streams";

/// A line of the list of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupListing {
    pub group: GroupId,
    /// `None` for a group that only stores offsets.
    pub protocol_type: Option<Arc<str>>,
    pub state: GroupState,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupDescription {
    pub state: State,
    pub protocol_type: Option<Arc<str>>,
    /// Only of a stable group.
    pub protocol: Option<Arc<str>>,
    pub members: Vec<MemberDescription>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberDescription {
    pub id: MemberId,
    pub instance: Option<InstanceId>,
    pub client: Client,
    /// Empty unless the group is stable.
    pub metadata: Bytes,
    pub assignment: Bytes,
}

impl GroupShard {
    /// All groups of the shard.
    pub fn list(&self, soft: &Soft) -> Decision<Vec<GroupListing>> {
        let in_log = self.groups.iter().filter(|(_, hard)| hard.exists).map(|(id, _)| id);
        let ids: BTreeSet<&GroupId> = in_log.chain(soft.groups.keys()).collect();
        let listing = |id: &GroupId| GroupListing {
            group: id.clone(),
            protocol_type: self.protocol_type_of(soft, id),
            state: self.group_state(soft, id),
        };
        Outcome::default().decide(ids.into_iter().map(listing).collect(), self.newest)
    }

    pub fn describe(
        &self,
        soft: &Soft,
        group: &GroupId,
    ) -> Decision<Result<GroupDescription, GroupError>> {
        let description = if !self.groups.get(group).is_none_or(HardGroup::is_classic) {
            Err(GroupError::NotClassicGroup)
        } else if self.exists(soft, group) {
            Ok(match soft.groups.get(group) {
                Some(live) => describe_live(live),
                None => GroupDescription {
                    state: State::Empty,
                    protocol_type: self.protocol_type_of(soft, group),
                    protocol: None,
                    members: Vec::new(),
                },
            })
        } else {
            Err(GroupError::GroupNotFound)
        };
        Outcome::default().decide(description, self.newest_of(group))
    }

    /// Removes a group that has no members, with all its offsets.
    pub fn delete(
        &self,
        soft: &mut Soft,
        now: Now,
        group: &GroupId,
    ) -> Decision<Result<(), GroupError>> {
        let mut out = Outcome::default();
        let seen = self.newest_of(group);
        if !self.exists(soft, group) {
            return out.decide(Err(GroupError::GroupNotFound), seen);
        }
        if !self.group_state(soft, group).is_empty() {
            return out.decide(Err(GroupError::NonEmptyGroup), seen);
        }
        soft.step_group(now, group, &mut out, ClassicGroup::dissolve);
        let removed = |partition: PartitionKey| GroupRecord::OffsetRemoved {
            group: group.clone(),
            partition,
        };
        if let Some(hard) = self.groups.get(group) {
            out.records.extend(hard.offsets.partitions().map(removed));
            // Last, so that a torn write leaves a group whose deletion can be asked for again.
            hard.remove_group(group, &mut out.records);
        }
        soft.forget_consumer_group(group);
        soft.forget_share_group(group);
        soft.forget_streams_group(group);
        out.decide(Ok(()), seen)
    }

    pub(crate) fn group_state(&self, soft: &Soft, group: &GroupId) -> GroupState {
        match (self.streams(group), self.consumer(group), self.share(group)) {
            (Some(streams), _, _) => GroupState::Streams(streams.state()),
            (None, Some(consumer), _) => GroupState::Consumer(consumer.state()),
            (None, None, Some(share)) => GroupState::Share(share.state()),
            (None, None, None) => GroupState::Classic(Self::state_of(soft, group)),
        }
    }

    /// How many classic groups are in which state.
    pub fn count_by_state(&self, soft: &Soft) -> [(State, usize); 4] {
        let live = |state| soft.groups.values().filter(|group| group.state() == state).count();
        let resting = |(id, hard): &(&GroupId, &HardGroup)| {
            hard.exists && hard.is_classic() && !soft.groups.contains_key(*id)
        };
        let resting = self.groups.iter().filter(resting).count();
        [
            (State::Empty, resting + live(State::Empty)),
            (State::PreparingRebalance, live(State::PreparingRebalance)),
            (State::CompletingRebalance, live(State::CompletingRebalance)),
            (State::Stable, live(State::Stable)),
        ]
    }

    pub(crate) fn protocol_type_of(&self, soft: &Soft, group: &GroupId) -> Option<Arc<str>> {
        if self.streams(group).is_some() {
            return Some(STREAMS_PROTOCOL_TYPE.into());
        }
        if self.consumer(group).is_some() {
            return Some(CONSUMER_PROTOCOL_TYPE.into());
        }
        if self.share(group).is_some() {
            return Some(SHARE_PROTOCOL_TYPE.into());
        }
        match soft.groups.get(group) {
            Some(live) => live.protocol_type().cloned(),
            None => self.groups.get(group)?.stored.as_ref()?.protocol_type.clone(),
        }
    }
}

fn describe_live(group: &ClassicGroup) -> GroupDescription {
    let protocol = group.protocol().filter(|_| group.state() == State::Stable);
    let described = |(id, member): (&MemberId, &Member)| MemberDescription {
        id: id.clone(),
        instance: member.instance.clone(),
        client: member.client.clone(),
        metadata: protocol.and_then(|name| member.metadata(name)).cloned().unwrap_or_default(),
        assignment: member.assignment.clone(),
    };
    GroupDescription {
        state: group.state(),
        protocol_type: group.protocol_type().cloned(),
        protocol: protocol.cloned(),
        members: group.members().iter().map(described).collect(),
    }
}
