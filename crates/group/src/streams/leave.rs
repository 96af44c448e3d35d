use std::sync::Arc;

use super::membership::{away, find_leaving};
use super::{Draft, StreamsChange, StreamsHeartbeat, StreamsHeartbeatReply};
use crate::decision::Outcome;
use crate::timers::TimerKey;
use crate::{
    Event, GroupError, GroupId, GroupShard, MemberEpoch, MemberId, Now, Soft, Standing, Why,
};

impl GroupShard {
    /// A member goes at its own wish, for good or for a while.
    pub(super) fn leave_streams(
        &self,
        soft: &mut Soft,
        request: &StreamsHeartbeat,
        out: &mut Outcome,
    ) -> Result<StreamsHeartbeatReply, GroupError> {
        let (id, member) = (&request.group, &request.member);
        let group = self.streams(id).ok_or(GroupError::NotStreamsGroup)?;
        let mut draft = Draft::of(group);
        find_leaving(&draft, member, request.instance.as_ref())?;
        if request.shuts_down {
            let streams = soft.streams.entry(id.clone()).or_default();
            streams.shut_down_by = Some(member.clone());
        }
        let pauses = request.standing == Standing::Pausing && request.instance.is_some();
        let epoch = match request.standing {
            Standing::Pausing => MemberEpoch::AWAY.to_wire(),
            _ => -1,
        };
        if pauses {
            let away = away(&draft.group().current(member));
            draft.change(StreamsChange::Current(member.clone(), Some(Arc::new(away))));
            draft.finish(id, out);
            soft.end_streams_revocation(id, member);
        } else {
            fence(soft, draft, id, member, Why::MemberLeft, out);
        }
        Ok(StreamsHeartbeatReply {
            member: member.clone(),
            epoch,
            config: None,
            statuses: Vec::new(),
            tasks: None,
            endpoint_epoch: 0,
            endpoints: None,
            missing: Vec::new(),
        })
    }

    /// A member was silent for too long, or has not let go of tasks in time.
    pub(crate) fn streams_timer_fired(
        &self,
        soft: &mut Soft,
        now: Now,
        key: &TimerKey,
        out: &mut Outcome,
    ) {
        if !soft.is_streams_deadline_over(now, key) {
            return;
        }
        let (group, member, why) = match key {
            TimerKey::StreamsSession(group, member) => (group, member, Why::SessionExpired),
            TimerKey::StreamsRebalance(group, member) => (group, member, Why::RevokedTooLate),
            _ => return,
        };
        let Some(streams) = self.streams(group) else { return };
        if streams.members.contains_key(member) {
            fence(soft, Draft::of(streams), group, member, why, out);
        } else {
            soft.forget_streams_member(group, member);
        }
    }
}

/// Takes a member out; the others are to share what it had.
fn fence(
    soft: &mut Soft,
    mut draft: Draft<'_>,
    group: &GroupId,
    member: &MemberId,
    why: Why,
    out: &mut Outcome,
) {
    draft.remove_member(member);
    soft.forget_streams_member(group, member);
    out.events.push(Event::MemberRemoved { group: group.clone(), member: member.clone(), why });
    draft.bump_epoch(|_| {});
    if draft.group().members.is_empty() {
        draft.end_assigning();
        soft.streams_group_is_empty(group);
    }
    draft.finish(group, out);
}
