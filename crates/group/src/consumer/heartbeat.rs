use std::sync::Arc;

use super::membership::{self, Found};
use super::reconciliation::{Aim, reconcile};
use super::{
    Cluster, ConsumerChange, ConsumerHeartbeat, ConsumerHeartbeatReply, CurrentAssignment, Draft,
    MemberMetadata, Standing, patterns, target,
};
use crate::decision::Outcome;
use crate::history::Who;
use crate::{Decision, GroupError, GroupShard, MemberId, Now, PlantedBug, Soft, Why};

/// What every step of a consumer group may look at.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) now: Now,
    pub(crate) cluster: &'a dyn Cluster,
}

impl GroupShard {
    /// A member of a consumer group reports, joins or leaves (KIP-848).
    pub fn consumer_heartbeat(
        &self,
        soft: &mut Soft,
        now: Now,
        cluster: &dyn Cluster,
        request: &ConsumerHeartbeat,
    ) -> Decision<Result<ConsumerHeartbeatReply, GroupError>> {
        let mut out = Outcome::default();
        let seen = self.stored_at(&request.group);
        let view = View { now, cluster };
        let mut reply = match request.standing {
            Standing::Leaving | Standing::Pausing => {
                self.leave_consumer(soft, view, request, &mut out)
            }
            Standing::Joining | Standing::Member(_) => {
                self.report_consumer(soft, view, request, &mut out)
            }
        };
        if let Err(error) = out.check_sizes(soft.record_size_max) {
            reply = Err(error);
        }
        if reply.is_err() {
            // What was decided before the refusal does not count.
            out = Outcome::default();
        }
        out.decide(reply, seen)
    }

    fn report_consumer(
        &self,
        soft: &mut Soft,
        view: View<'_>,
        request: &ConsumerHeartbeat,
        out: &mut Outcome,
    ) -> Result<ConsumerHeartbeatReply, GroupError> {
        let group = &request.group;
        if let Some(name) = &request.assignor
            && !soft.settings.consumer.assignors.iter().any(|known| known.name() == &**name)
        {
            return Err(GroupError::UnsupportedAssignor);
        }
        let (mut draft, takeover) = self.consumer_draft(soft, view, request, out)?;
        membership::check_room(&draft, &soft.settings.consumer, request.member.as_ref())?;
        let Found { id, before, replaced } = membership::find(&mut draft, soft, request)?;
        let mut changed = false;
        let metadata = update_metadata(&mut draft, &id, before.as_deref(), request, &mut changed);
        patterns::update(&mut draft, &metadata, before.as_deref(), view, soft, group)?;
        draft.check_sizes(group, soft)?;
        draft.check_room(self.members_size_of(soft, group), soft)?;
        takeover.carry_out(soft, view, group, draft.group(), out);
        if let Some(replaced) = &replaced {
            soft.forget_consumer_member(group, replaced);
        }
        let consumer = soft.consumers.entry(group.clone()).or_default();
        // A pattern may have been resolved anew although the metadata are those of the last time.
        if draft.is_changed() || !consumer.is_fresh(view) {
            refresh_epoch(&mut draft, view, changed);
            consumer.refreshed(view, soft.settings.consumer.regex_refresh_interval);
        }
        let times = view.cluster.consumer_times(group);
        if target::is_due(&draft, view.now, times.assignment_interval) {
            target::assign(&mut draft, view, &soft.settings.consumer);
        }
        let current_before = draft.group().current(&id);
        let nothing = super::Assignment::new();
        let owned = match self.planted.has(PlantedBug::RevokeUnasked) {
            true => Some(&nothing),
            false => request.owned.as_ref(),
        };
        let current = step_member(&mut draft, view, &id, &metadata, owned);
        soft.consumer_member_heard(view.now, group, &id, times.session_timeout);
        if current.epoch != current_before.epoch {
            soft.end_revocation(group, &id);
        }
        soft.time_revocation(view.now, group, &id, &current, metadata.rebalance_timeout);
        if draft.is_changed() {
            let epoch_before = self.consumer(group).map(|group| group.stored.epoch);
            let step = (group, epoch_before.unwrap_or_default(), draft.group());
            let why = why(before.is_none(), replaced.is_some(), changed);
            soft.note_consumer_step(view.now, step, (why, Some(Who::new(&id, &metadata.client))));
        }
        let is_news = !current.assigned.has_same_partitions(&current_before.assigned);
        draft.finish(group, out);
        Ok(ConsumerHeartbeatReply {
            member: id,
            epoch: current.epoch.to_wire(),
            heartbeat_interval: times.heartbeat_interval,
            assignment: (is_news || request.is_full()).then(|| current.assigned.assignment()),
        })
    }
}

/// Why a member's report changes a group's epoch, if it does.
pub(super) const fn why(is_new: bool, replaces: bool, changed: bool) -> Why {
    match (is_new, replaces, changed) {
        (_, true, _) => Why::StaticMemberReplaced,
        (true, ..) => Why::NewMember,
        (.., true) => Why::MetadataChanged,
        (.., false) => Why::TopicsChanged,
    }
}

/// Takes over what the member says about itself, and tells whether what it reads is something else now.
fn update_metadata(
    draft: &mut Draft<'_>,
    id: &MemberId,
    before: Option<&MemberMetadata>,
    request: &ConsumerHeartbeat,
    changed: &mut bool,
) -> Arc<MemberMetadata> {
    let old = draft.member(id);
    let differs = |old: &MemberMetadata| {
        let other = |said: bool, equal: bool| said && !equal;
        other(request.rack.is_some(), request.rack == old.rack)
            || other(request.instance.is_some(), request.instance == old.instance)
            || request.rebalance_timeout.is_some_and(|said| said != old.rebalance_timeout)
            || request.topics.as_ref().is_some_and(|said| *said != old.topics)
            || other(request.pattern.is_some(), request.pattern == old.pattern)
            || other(request.assignor.is_some(), request.assignor == old.assignor)
            || request.client != old.client
            || old.classic.is_some()
    };
    if let Some(old) = &old
        && !differs(old)
    {
        return old.clone();
    }
    let base = old.as_deref();
    let new = Arc::new(MemberMetadata {
        instance: request.instance.clone().or_else(|| base?.instance.clone()),
        rack: request.rack.clone().or_else(|| base?.rack.clone()),
        client: request.client.clone(),
        topics: request
            .topics
            .clone()
            .or_else(|| base.map(|base| base.topics.clone()))
            .unwrap_or_default(),
        pattern: request
            .pattern
            .clone()
            .or_else(|| base?.pattern.clone())
            .or_else(|| Some("".into())),
        rebalance_timeout: request
            .rebalance_timeout
            .or_else(|| base.map(|base| base.rebalance_timeout))
            .unwrap_or_default(),
        assignor: request.assignor.clone().or_else(|| base?.assignor.clone()),
        classic: None,
    });
    *changed |= match before {
        Some(before) => before.topics != new.topics || before.pattern() != new.pattern(),
        // Who reads nothing gets nothing.
        None => !new.topics.is_empty() || new.pattern().is_some(),
    };
    draft.change(ConsumerChange::Member(id.clone(), Some(new.clone())));
    new
}

/// The group's epoch grows when its members read something else than before, or their topics have changed.
pub(super) fn refresh_epoch(draft: &mut Draft<'_>, view: View<'_>, changed: bool) {
    let hash = draft.metadata_hash(view.cluster);
    let is_other = hash != draft.group().stored.metadata_hash;
    if changed || (is_other && !draft.is_assigning()) {
        draft.bump_epoch(hash);
    } else if is_other {
        draft.set_hash(hash);
    }
}

/// Brings one member a step closer to the target.
pub(super) fn step_member(
    draft: &mut Draft<'_>,
    view: View<'_>,
    id: &MemberId,
    metadata: &MemberMetadata,
    owned: Option<&super::Assignment>,
) -> Arc<CurrentAssignment> {
    let current = draft.group().current(id);
    let target = draft.target_of(id);
    let aim = Aim { epoch: draft.target_epoch(), target: &target, owned };
    let may_move = draft.is_changed()
        || current.state != super::MemberState::Stable
        || !current.epoch.has_reached(aim.epoch);
    if !may_move {
        return current;
    }
    let subscribed = draft.topics_by_id(metadata, view.cluster);
    let next = reconcile(
        &current,
        &aim,
        |partition| subscribed.contains_key(&partition.topic),
        |partition| draft.is_free_for(id, partition),
    );
    match next {
        None => current,
        Some(next) => {
            let next = Arc::new(next);
            draft.change(ConsumerChange::Current(id.clone(), Some(next.clone())));
            next
        }
    }
}
