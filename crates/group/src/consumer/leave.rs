use std::sync::Arc;

use super::downgrade;
use super::heartbeat::View;
use super::membership::find_leaving;
use super::{
    ConsumerChange, ConsumerGroup, ConsumerHeartbeat, ConsumerHeartbeatReply, CurrentAssignment,
    Draft, Held, MemberEpoch, Standing,
};
use crate::decision::Outcome;
use crate::history::Who;
use crate::timers::TimerKey;
use crate::{Event, GroupError, GroupId, GroupShard, MemberId, Now, Soft, Why};

impl GroupShard {
    /// A member goes at its own wish, for good or for a while.
    pub(super) fn leave_consumer(
        &self,
        soft: &mut Soft,
        view: View<'_>,
        request: &ConsumerHeartbeat,
        out: &mut Outcome,
    ) -> Result<ConsumerHeartbeatReply, GroupError> {
        let id = &request.group;
        let group = self.consumer(id).ok_or(GroupError::NotConsumerGroup)?;
        let mut draft = Draft::of(group);
        let member = find_leaving(&draft, request.member.as_ref(), request.instance.as_ref())?;
        let pauses = request.standing == Standing::Pausing && request.instance.is_some();
        let epoch = match request.standing {
            Standing::Pausing => MemberEpoch::AWAY.to_wire(),
            _ => -1,
        };
        if pauses {
            let current = draft.group().current(&member);
            let away = CurrentAssignment {
                epoch: MemberEpoch::AWAY,
                previous_epoch: current.epoch,
                state: current.state,
                assigned: current.assigned.without_epochs(),
                revoking: Held::default(),
            };
            draft.change(ConsumerChange::Current(member.clone(), Some(Arc::new(away))));
            draft.finish(id, out);
            soft.end_revocation(id, &member);
        } else {
            let left =
                fence(soft, view.now, draft, (id, &[(member.clone(), Why::MemberLeft)]), out);
            if downgrade::is_due(&left, &soft.settings) {
                downgrade::downgrade(soft, view, id, &left, out);
            }
        }
        let heartbeat_interval = std::time::Duration::ZERO;
        Ok(ConsumerHeartbeatReply { member, epoch, heartbeat_interval, assignment: None })
    }

    /// A member was silent for too long, or has not let go of partitions in time.
    pub(crate) fn consumer_timer_fired(
        &self,
        soft: &mut Soft,
        now: Now,
        key: &TimerKey,
        out: &mut Outcome,
    ) {
        if !soft.is_consumer_deadline_over(now, key) {
            return;
        }
        let (group, member, why) = match key {
            TimerKey::ConsumerSession(group, member) => (group, member, Why::SessionExpired),
            TimerKey::ConsumerRebalance(group, member) => (group, member, Why::RevokedTooLate),
            _ => return,
        };
        let Some(hard) = self.consumer(group) else { return };
        if hard.members.contains_key(member) {
            // If only members of the classic protocol are left, the next of them that is heard of turns the group.
            let _ = fence(soft, now, Draft::of(hard), (group, &[(member.clone(), why)]), out);
        } else {
            soft.forget_consumer_member(group, member);
        }
    }
}

/// Takes members out; whoever they were, the others are to share what they had. Gives what is left: a group that is to
/// become a classic one rebalances as such, and keeps its epoch.
pub(super) fn fence(
    soft: &mut Soft,
    now: Now,
    mut draft: Draft<'_>,
    (group, members): (&GroupId, &[(MemberId, Why)]),
    out: &mut Outcome,
) -> ConsumerGroup {
    let epoch_before = draft.group().stored.epoch;
    let first = members.first().and_then(|(id, why)| {
        let metadata = draft.group().members.get(id)?;
        Some((*why, Some(Who::new(id, &metadata.client))))
    });
    for (member, why) in members {
        draft.remove_member(member);
        soft.forget_consumer_member(group, member);
        let (group, member, why) = (group.clone(), member.clone(), *why);
        out.events.push(Event::MemberRemoved { group, member, why });
    }
    // Which topics are left, the next report finds out; an empty group reads none.
    let is_empty = draft.group().members.is_empty();
    let hash = if is_empty { 0 } else { draft.group().stored.metadata_hash };
    if !downgrade::is_due(draft.group(), &soft.settings) {
        draft.bump_epoch(hash);
    }
    if is_empty {
        draft.end_assigning();
        soft.forget_consumer_group(group);
    }
    let left = draft.group().clone();
    if let Some(cause) = first {
        soft.note_consumer_step(now, (group, epoch_before, &left), cause);
    }
    draft.finish(group, out);
    left
}
