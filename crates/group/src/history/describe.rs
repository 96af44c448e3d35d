use std::time::Duration;

use model::{PartitionId, Timestamp};

use super::{GroupHistory, Who};
use crate::classic::ClassicGroup;
use crate::consumer::{ConsumerGroup, MemberState};
use crate::decision::Outcome;
use crate::{Decision, GroupId, GroupShard, GroupState, InstanceId, MemberId, Now, Soft, State};

/// Why a group rebalanced, and whom it waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryDescription {
    pub state: GroupState,
    /// Generation or group epoch.
    pub epoch: i32,
    /// Nothing is known of what was before.
    pub since: Option<Timestamp>,
    pub history: GroupHistory,
    pub members: Vec<MemberHistory>,
}

/// `None` is what is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberHistory {
    pub who: Who,
    pub instance: Option<InstanceId>,
    /// `None` where it is the group's.
    pub session_timeout: Option<Duration>,
    pub rebalance_timeout: Duration,
    /// In the last rebalance, from its start to the member's join.
    pub join_took: Option<Duration>,
    /// From the end of the join phase to the member's sync.
    pub sync_took: Option<Duration>,
    pub since_heartbeat: Option<Duration>,
    pub heartbeat_gap_max: Option<Duration>,
    pub blocks: Option<Blocker>,
}

/// What a group waits for from a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocker {
    /// To join again.
    Join,
    /// It leads, and owes the assignment.
    Assignment,
    /// To let go of partitions.
    Revocation(Vec<PartitionId>),
    /// To take up the newest target assignment.
    Heartbeat,
}

impl GroupShard {
    /// `None` when there is no such group, and none is remembered.
    pub fn history(
        &self,
        soft: &Soft,
        now: Now,
        group: &GroupId,
    ) -> Decision<Option<HistoryDescription>> {
        let known = soft.histories.get(group);
        let exists = self.exists(soft, group) || known.is_some();
        let (epoch, members) = match (self.consumer(group), soft.groups.get(group)) {
            (Some(consumer), _) => {
                (consumer.stored.epoch.to_wire(), consumer_members(soft, now, group, consumer))
            }
            (None, Some(classic)) => {
                (classic.generation().to_wire(), classic_members(now, classic))
            }
            (None, None) => {
                let stored = self.groups.get(group).and_then(|hard| hard.stored.as_ref());
                (stored.map_or(-1, |stored| stored.generation.to_wire()), Vec::new())
            }
        };
        let described = exists.then(|| HistoryDescription {
            state: self.group_state(soft, group),
            epoch,
            since: soft.histories.since,
            history: known.cloned().unwrap_or_default(),
            members,
        });
        Outcome::default().decide(described, self.newest_of(group))
    }
}

fn classic_members(now: Now, group: &ClassicGroup) -> Vec<MemberHistory> {
    let blocks = |id: &MemberId, awaits_join: bool| match group.state() {
        State::PreparingRebalance if !awaits_join => Some(Blocker::Join),
        State::CompletingRebalance if group.is_leader(id) => Some(Blocker::Assignment),
        _ => None,
    };
    let member = |(id, member): (&MemberId, &crate::classic::Member)| MemberHistory {
        who: Who::new(id, &member.client),
        instance: member.instance.clone(),
        session_timeout: Some(member.session_timeout),
        rebalance_timeout: member.rebalance_timeout,
        join_took: member.join_took,
        sync_took: member.sync_took,
        since_heartbeat: member.pulse.since_heard(now.instant),
        heartbeat_gap_max: member.pulse.gap_max(),
        blocks: blocks(id, member.awaiting_join.is_some()),
    };
    group.members().iter().map(member).collect()
}

fn consumer_members(
    soft: &Soft,
    now: Now,
    id: &GroupId,
    group: &ConsumerGroup,
) -> Vec<MemberHistory> {
    let member = |(member, metadata): (&MemberId, &std::sync::Arc<crate::MemberMetadata>)| {
        let current = group.current(member);
        let pulse = soft.consumers.get(id).and_then(|consumer| consumer.pulse(member));
        MemberHistory {
            who: Who::new(member, &metadata.client),
            instance: metadata.instance.clone(),
            session_timeout: metadata.classic.as_ref().map(|facts| facts.session_timeout),
            rebalance_timeout: metadata.rebalance_timeout,
            join_took: None,
            sync_took: None,
            since_heartbeat: pulse.and_then(|pulse| pulse.since_heard(now.instant)),
            heartbeat_gap_max: pulse.and_then(|pulse| pulse.gap_max()),
            blocks: match current.state {
                MemberState::UnrevokedPartitions => {
                    Some(Blocker::Revocation(current.revoking.partitions().collect()))
                }
                // It waits for others.
                MemberState::UnreleasedPartitions => None,
                MemberState::Stable if current.epoch.has_reached(group.target.epoch) => None,
                MemberState::Stable => Some(Blocker::Heartbeat),
            },
        }
    };
    group.members.iter().map(member).collect()
}
