use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::{PartitionId, TopicId};

use super::draft::partitions_of;
use super::request::StateToInitialize;
use super::{
    Draft, ShareChange, ShareCurrent, ShareGroup, ShareHeartbeat, ShareHeartbeatReply, ShareMember,
    assignor,
};
use crate::consumer::View;
use crate::decision::Outcome;
use crate::timers::TimerKey;
use crate::{
    Assignment, Cluster, Decision, Event, GroupError, GroupId, GroupShard, MemberEpoch, MemberId,
    Now, Soft, Standing, TargetEpoch, Why,
};

impl GroupShard {
    /// A member of a share group reports, joins or leaves.
    pub fn share_heartbeat(
        &self,
        soft: &mut Soft,
        now: Now,
        cluster: &dyn Cluster,
        request: &ShareHeartbeat,
    ) -> Decision<Result<ShareHeartbeatReply, GroupError>> {
        let mut out = Outcome::default();
        let view = View { now, cluster };
        let mut reply = match request.standing {
            Standing::Leaving | Standing::Pausing => self.leave_share(soft, request, &mut out),
            Standing::Joining | Standing::Member(_) => {
                self.report_share(soft, view, request, &mut out)
            }
        };
        if let Err(error) = out.check_sizes(soft.record_size_max) {
            (out, reply) = (Outcome::default(), Err(error));
        }
        out.decide(reply, self.stored_at(&request.group))
    }

    /// The share group of this name, or why there is none.
    pub(super) fn find_share_group(
        &self,
        soft: &Soft,
        id: &GroupId,
    ) -> Result<&ShareGroup, GroupError> {
        match self.share(id) {
            Some(group) => Ok(group),
            None if self.exists(soft, id) => Err(GroupError::NotShareGroup),
            None => Err(GroupError::GroupNotFound),
        }
    }

    fn report_share(
        &self,
        soft: &mut Soft,
        view: View<'_>,
        request: &ShareHeartbeat,
        out: &mut Outcome,
    ) -> Result<ShareHeartbeatReply, GroupError> {
        let (group, id) = (&request.group, &request.member);
        let joins = request.standing == Standing::Joining;
        let mut draft = match self.find_share_group(soft, group) {
            Ok(hard) => Draft::of(hard),
            Err(GroupError::GroupNotFound) if joins => Draft::new(),
            Err(error) => return Err(error),
        };
        check_member(&draft, soft.settings.share.member_count_max, request)?;
        let subscription_changed = update_member(&mut draft, request);
        let before = self.members_size_of(soft, group);
        soft.members_room.check(before, draft.group().members_size)?;
        let to_initialize = initialize(&mut draft, soft, view, group);
        refresh_epoch(&mut draft, soft, view, group, subscription_changed);
        let times = view.cluster.share_times(group);
        if is_due(&draft, view.now, times.assignment_interval) {
            assign(&mut draft, view);
        }
        let before = draft.group().current(id);
        let current = step_member(&mut draft, id);
        soft.share_member_heard(view.now, group, id, times.session_timeout);
        let is_news = current.assigned != before.assigned;
        let heard = request.standing == Standing::Member(current.epoch);
        let to_initialize =
            to_initialize.map(|partitions| StateToInitialize { partitions, epoch: draft.epoch() });
        draft.finish(group, out);
        Ok(ShareHeartbeatReply {
            member: id.clone(),
            epoch: current.epoch.to_wire(),
            heartbeat_interval: times.heartbeat_interval,
            assignment: (is_news || !heard || request.topics.is_some())
                .then(|| current.assigned.clone()),
            to_initialize,
        })
    }

    /// The share coordinator has state of these partitions now.
    pub fn share_initialized(&self, group: &GroupId, partitions: &Assignment) -> Decision<()> {
        let mut out = Outcome::default();
        if let Some(hard) = self.share(group) {
            let mut known = (*hard.partitions).clone();
            known.initialized(partitions);
            if known != *hard.partitions {
                let mut draft = Draft::of(hard);
                draft.set_partitions(known);
                draft.finish(group, &mut out);
            }
        }
        out.decide((), self.stored_at(group))
    }

    fn leave_share(
        &self,
        soft: &mut Soft,
        request: &ShareHeartbeat,
        out: &mut Outcome,
    ) -> Result<ShareHeartbeatReply, GroupError> {
        let (group, member) = (&request.group, &request.member);
        let hard = self.find_share_group(soft, group)?;
        if !hard.members.contains_key(member) {
            return Err(GroupError::UnknownMember);
        }
        fence(soft, hard, (group, member), Why::MemberLeft, out);
        Ok(ShareHeartbeatReply {
            member: member.clone(),
            epoch: -1,
            heartbeat_interval: Duration::ZERO,
            assignment: None,
            to_initialize: None,
        })
    }

    /// A member was silent for too long.
    pub(crate) fn share_session_ended(
        &self,
        soft: &mut Soft,
        now: Now,
        key: &TimerKey,
        out: &mut Outcome,
    ) {
        if !soft.is_share_session_over(now, key) {
            return;
        }
        let TimerKey::ShareSession(group, member) = key else { return };
        match self.share(group).filter(|hard| hard.members.contains_key(member)) {
            Some(hard) => fence(soft, hard, (group, member), Why::SessionExpired, out),
            None => soft.forget_share_member(group, member),
        }
    }

    /// Members of share groups get a session to show that they are alive.
    pub(crate) fn load_shares(&self, soft: &mut Soft, now: Now, out: &mut Outcome) {
        for (id, hard) in &self.groups {
            let Some(group) = &hard.share else { continue };
            let session = soft.settings.share.session_timeout;
            for member in group.members.keys() {
                soft.share_member_heard(now, id, member, session);
            }
            if !group.is_sound() {
                // Records that contradict each other, as after damage: everybody joins afresh.
                out.events.push(Event::Repaired { group: id.clone() });
                let mut draft = Draft::of(group);
                for member in group.currents.keys().chain(group.targets.keys()) {
                    draft.remove_member(member);
                    soft.forget_share_member(id, member);
                }
                if group.target.epoch > group.stored.epoch {
                    let epoch = group.target.epoch;
                    let stored = crate::StoredEpoch { epoch, ..group.stored };
                    draft.change(ShareChange::Group(Some(stored)));
                }
                draft.bump_epoch(group.stored.metadata_hash);
                draft.finish(id, out);
            }
        }
    }
}

/// Takes a member out; the others are to share what it had.
fn fence(
    soft: &mut Soft,
    hard: &ShareGroup,
    (group, member): (&GroupId, &MemberId),
    why: Why,
    out: &mut Outcome,
) {
    let mut draft = Draft::of(hard);
    draft.remove_member(member);
    soft.forget_share_member(group, member);
    out.events.push(Event::MemberRemoved { group: group.clone(), member: member.clone(), why });
    // Which topics are left, the next report finds out; an empty group reads none.
    let is_empty = draft.group().members.is_empty();
    draft.bump_epoch(if is_empty { 0 } else { hard.stored.metadata_hash });
    if is_empty {
        draft.end_assigning();
        soft.forget_share_group(group);
    }
    draft.finish(group, out);
}

fn check_member(
    draft: &Draft<'_>,
    count_max: usize,
    request: &ShareHeartbeat,
) -> Result<(), GroupError> {
    let group = draft.group();
    let is_known = group.members.contains_key(&request.member);
    let said = match request.standing {
        Standing::Member(epoch) => epoch,
        Standing::Joining if !is_known && group.members.len() >= count_max => {
            return Err(GroupError::GroupFull);
        }
        Standing::Joining | Standing::Leaving | Standing::Pausing => return Ok(()),
    };
    if !is_known {
        return Err(GroupError::UnknownMember);
    }
    // One that has not heard of its newest epoch comes with the one before.
    let current = group.current(&request.member);
    let is_believed =
        said == current.epoch || (said < current.epoch && said == current.previous_epoch);
    if is_believed { Ok(()) } else { Err(GroupError::FencedMemberEpoch) }
}

/// Takes over what the member says about itself, and tells whether it reads something else now.
fn update_member(draft: &mut Draft<'_>, request: &ShareHeartbeat) -> bool {
    let before = draft.group().members.get(&request.member).cloned();
    let base = before.as_deref();
    let new = ShareMember {
        rack: request.rack.clone().or_else(|| base?.rack.clone()),
        client: request.client.clone(),
        topics: request
            .topics
            .clone()
            .or_else(|| base.map(|base| base.topics.clone()))
            .unwrap_or_default(),
    };
    if base == Some(&new) {
        return false;
    }
    let changed = base.is_none_or(|base| base.topics != new.topics);
    if draft.epoch() == crate::GroupEpoch::ZERO {
        // It counts from 1, so that the first who read something come to epoch 2, as in Apache Kafka.
        draft.bump_epoch(0);
    }
    draft.change(ShareChange::Member(request.member.clone(), Some(Arc::new(new))));
    changed
}

/// Notes the partitions whose state is to be set up. `None` when there are none, or when it is being done.
fn initialize(
    draft: &mut Draft<'_>,
    soft: &mut Soft,
    view: View<'_>,
    group: &GroupId,
) -> Option<Assignment> {
    let share = soft.shares.entry(group.clone()).or_default();
    let is_waiting = share.initializing_until.is_some_and(|until| until > view.now.instant);
    let topics = draft.topics(view.cluster);
    let known = draft.group().partitions.clone();
    let all = topics.iter().flat_map(|(id, (_, count))| partitions_of(*id, *count));
    let new: Vec<PartitionId> = all.filter(|partition| !known.knows(*partition)).collect();
    if new.is_empty() && (is_waiting || known.initializing.is_empty()) {
        return None;
    }
    if !new.is_empty() {
        let mut next = (*known).clone();
        let names = topics.into_iter().map(|(id, (name, _))| (id, name));
        next.names.extend(names.filter(|(id, _)| new.iter().any(|it| it.topic == *id)));
        next.initialize(new.iter().copied());
        draft.set_partitions(next);
    }
    let interval = soft.settings.share.initialize_retry_interval;
    share.initializing_until = Some(view.now.instant.plus(interval));
    // Those of a topic that is gone meanwhile are nobody's concern.
    let is_there = |partition: &PartitionId| view.cluster.topic_name(partition.topic).is_some();
    let to_do: Assignment = match is_waiting {
        true => new.into_iter().collect(),
        false => draft.group().partitions.initializing.partitions().filter(is_there).collect(),
    };
    (!to_do.is_empty()).then_some(to_do)
}

/// The group's epoch grows when its members read something else than before, their topics have changed, or more partitions
/// may be given out.
fn refresh_epoch(
    draft: &mut Draft<'_>,
    soft: &mut Soft,
    view: View<'_>,
    group: &GroupId,
    subscription_changed: bool,
) {
    let share = soft.shares.entry(group.clone()).or_default();
    let version = view.cluster.version();
    let hash = match share.seen.replace(version) == Some(version) && !subscription_changed {
        true => draft.group().stored.metadata_hash,
        false => draft.metadata_hash(view.cluster),
    };
    let is_other = hash != draft.group().stored.metadata_hash;
    let is_pending =
        || !draft.is_assigning() && draft.assignable(view.cluster) != draft.group().given();
    if subscription_changed || (is_other && !draft.is_assigning()) || is_pending() {
        draft.bump_epoch(hash);
    } else if is_other {
        draft.set_hash(hash);
    }
}

/// Whether a target for the newest epoch is missing and may be worked out now: not sooner after the last than the group's
/// interval, unless that one gave nobody anything.
fn is_due(draft: &Draft<'_>, now: Now, interval: Duration) -> bool {
    if !draft.is_assigning() {
        return false;
    }
    let Some(last) = draft.group().target.assigned_at else { return true };
    if draft.group().given().is_empty() {
        return true;
    }
    let past = now.wall.as_millis().saturating_sub(last.as_millis());
    // A clock that was set back must not hold a group up.
    u64::try_from(past).map_or(true, |past| u128::from(past) >= interval.as_millis())
}

/// Works out what each member shall have, for the group's newest epoch.
fn assign(draft: &mut Draft<'_>, view: View<'_>) {
    let ids: BTreeMap<Arc<str>, TopicId> =
        draft.topics(view.cluster).into_iter().map(|(id, (name, _))| (name, id)).collect();
    let topics_of: BTreeMap<MemberId, BTreeSet<TopicId>> = draft
        .group()
        .members
        .iter()
        .map(|(id, member)| {
            let topics = member.topics.iter().filter_map(|name| ids.get(name).copied());
            (id.clone(), topics.collect())
        })
        .collect();
    let assignable = draft.assignable(view.cluster);
    for (id, target) in assignor::assign(draft.group(), &topics_of, &assignable) {
        let known = draft.group().targets.get(&id);
        if known.is_none_or(|known| **known != target) {
            draft.change(ShareChange::Target(id, Some(Arc::new(target))));
        }
    }
    let target = TargetEpoch { epoch: draft.epoch(), assigned_at: Some(view.now.wall) };
    draft.change(ShareChange::TargetEpoch(Some(target)));
}

/// A member takes over the target at once: nobody has to let go of anything first.
fn step_member(draft: &mut Draft<'_>, id: &MemberId) -> Arc<ShareCurrent> {
    let current = draft.group().current(id);
    let target_epoch = MemberEpoch::reached(draft.group().target.epoch);
    if current.epoch == target_epoch && draft.group().currents.contains_key(id) {
        return current;
    }
    let next = Arc::new(ShareCurrent {
        epoch: target_epoch,
        previous_epoch: current.epoch,
        assigned: (*draft.group().target_of(id)).clone(),
    });
    draft.change(ShareChange::Current(id.clone(), Some(next.clone())));
    next
}
