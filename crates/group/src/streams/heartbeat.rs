use std::sync::Arc;

use super::configure::{configure, metadata_hash};
use super::membership::{self, Found};
use super::reconciliation::{Aim, reconcile};
use super::reply::{self, Step};
use super::{
    ConfiguredTopology, CurrentTasks, Draft, Status, StatusKind, StreamsChange, StreamsGroupConfig,
    StreamsHeartbeat, StreamsHeartbeatReply, StreamsSoft, Topology, report, target,
};
use crate::consumer::View;
use crate::decision::Outcome;
use crate::{
    Cluster, Decision, GroupError, GroupShard, MemberId, MemberState, Now, Soft, Standing,
};

impl GroupShard {
    /// A member of a streams group reports, joins or leaves (KIP-1071).
    pub fn streams_heartbeat(
        &self,
        soft: &mut Soft,
        now: Now,
        cluster: &dyn Cluster,
        request: &StreamsHeartbeat,
    ) -> Decision<Result<StreamsHeartbeatReply, GroupError>> {
        let mut out = Outcome::default();
        let seen = self.stored_at(&request.group);
        let view = View { now, cluster };
        let mut reply = match request.standing {
            Standing::Leaving | Standing::Pausing => self.leave_streams(soft, request, &mut out),
            Standing::Joining | Standing::Member(_) => {
                self.report_streams(soft, view, request, &mut out)
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

    fn report_streams(
        &self,
        soft: &mut Soft,
        view: View<'_>,
        request: &StreamsHeartbeat,
        out: &mut Outcome,
    ) -> Result<StreamsHeartbeatReply, GroupError> {
        let (group, id) = (&request.group, &request.member);
        let config = view.cluster.streams_config(group);
        let is_new = self.streams(group).is_none();
        let (mut draft, takeover) = self.streams_draft(soft, request, out)?;
        let was_empty = draft.group().members.is_empty();
        membership::check_room(&draft, soft.settings.streams.member_count_max, request)?;
        let Found { before, replaced } = membership::find(&mut draft, request)?;
        let current_before = draft.group().current(id);
        let changes_work = report::update_member(&mut draft, request, before.as_deref());
        let topology = report::update_topology(&mut draft, request)?;
        let nothing = StreamsSoft::default();
        let known = soft.streams.get(group).unwrap_or(&nothing);
        let configured = configured(&draft, &topology, known, view)?;
        report::check_tasks(&configured, request)?;
        let size_before = self.members_size_of(soft, group);
        soft.members_room.check(size_before, draft.group().members_size)?;
        // No refusal beyond this line: what is only in memory may change now.
        takeover.carry_out(soft, view, group, out);
        if let Some(replaced) = &replaced {
            soft.forget_streams_member(group, replaced);
        }
        let offsets = report::report_offsets(soft, request);
        let streams = soft.streams.entry(group.clone()).or_default();
        streams.remember(configured.clone(), view);
        refresh_epoch(&mut draft, &configured, &config, changes_work);
        if was_empty {
            streams.delay_first_assignment(view.now, config.initial_rebalance_delay);
        }
        let mut statuses = Vec::new();
        reply::stale_topology(&draft, id, &topology, &mut statuses);
        let is_delayed = streams.is_delayed(view.now);
        let interval = config.assignment_interval;
        if is_delayed {
            statuses.push(delayed("initial rebalance delay"));
        } else if draft.is_assigning() && target::is_due(&draft, view.now, interval) {
            target::assign(&mut draft, view, &configured, &config, streams, (id, &offsets));
        } else if draft.is_assigning() {
            statuses.push(delayed("assignment interval"));
        }
        let current = step_member(&mut draft, id, request, is_delayed);
        track(soft, view.now, request, &config, &draft, (&current_before, &current));
        let step = Step { is_new, before, current_before, current, configured, config };
        let reply = reply::answer(soft, view, request, &draft, step, statuses);
        draft.finish(group, out);
        Ok(reply)
    }
}

/// The group's epoch grows when its work is another, its topics are, or its settings.
fn refresh_epoch(
    draft: &mut Draft<'_>,
    configured: &ConfiguredTopology,
    config: &StreamsGroupConfig,
    changes_work: bool,
) {
    let validated = configured.is_ready().then_some(configured.epoch);
    let configs = config.of_assignment();
    let stored = &draft.group().stored;
    let is_other = configured.hash != stored.metadata_hash
        || validated != stored.validated_topology
        || configs != stored.assignment_configs;
    if changes_work || is_other {
        draft.bump_epoch(|stored| {
            stored.metadata_hash = configured.hash;
            stored.validated_topology = validated;
            stored.assignment_configs = configs;
        });
    }
}

fn delayed(by: &str) -> Status {
    let detail = format!("Assignment delayed due to the configured {by}.");
    StatusKind::AssignmentDelayed.because(detail)
}

/// Sets the member's deadlines.
fn track(
    soft: &mut Soft,
    now: Now,
    request: &StreamsHeartbeat,
    config: &StreamsGroupConfig,
    draft: &Draft<'_>,
    (before, current): (&CurrentTasks, &CurrentTasks),
) {
    let (group, id) = (&request.group, &request.member);
    soft.streams_member_heard(now, group, id, config.session_timeout);
    if current.epoch != before.epoch || current.state != MemberState::UnrevokedPartitions {
        soft.end_streams_revocation(group, id);
    }
    if current.state == MemberState::UnrevokedPartitions {
        let member = draft.group().members.get(id);
        let timeout = member.map(|member| member.rebalance_timeout).unwrap_or_default();
        soft.time_streams_revocation(now, group, id, timeout);
    }
}

/// The topology held against the cluster's topics, worked out anew only where they have changed.
fn configured(
    draft: &Draft<'_>,
    topology: &Topology,
    known: &StreamsSoft,
    view: View<'_>,
) -> Result<Arc<ConfiguredTopology>, GroupError> {
    let stored = draft.group().stored.metadata_hash;
    let configured = known.configured().filter(|known| known.epoch == topology.epoch);
    if let Some(configured) = configured
        && known.is_fresh(view)
        && configured.hash == stored
    {
        return Ok(configured.clone());
    }
    let hash = metadata_hash(topology, view.cluster);
    match configured {
        Some(configured) if configured.hash == hash => Ok(configured.clone()),
        _ => Ok(Arc::new(configure(topology, hash, view.cluster)?)),
    }
}

/// Brings one member a step closer to the target.
fn step_member(
    draft: &mut Draft<'_>,
    id: &MemberId,
    request: &StreamsHeartbeat,
    is_delayed: bool,
) -> Arc<CurrentTasks> {
    let group = draft.group();
    let current = group.current(id);
    // Until the first assignment nobody is to have anything.
    let target = if is_delayed { Arc::default() } else { group.target_of(id) };
    let aim = Aim { epoch: group.target.epoch, target: &target, owned: request.owned.as_ref() };
    let Some(next) = reconcile(group, id, &current, &aim) else { return current };
    let next = Arc::new(next);
    draft.change(StreamsChange::Current(id.clone(), Some(next.clone())));
    next
}
