//! The answer to a report.

use std::sync::Arc;

use super::{
    ConfiguredTopology, CurrentTasks, Draft, Status, StatusKind, StreamsGroupConfig,
    StreamsHeartbeat, StreamsHeartbeatReply, StreamsMember, Topology, endpoints,
};
use crate::consumer::View;
use crate::{MemberId, Soft, Standing};

/// What the answer to a report is made of.
pub(super) struct Step {
    /// The report makes the group.
    pub(super) is_new: bool,
    pub(super) before: Option<Arc<StreamsMember>>,
    pub(super) current_before: Arc<CurrentTasks>,
    pub(super) current: Arc<CurrentTasks>,
    pub(super) configured: Arc<ConfiguredTopology>,
    pub(super) config: StreamsGroupConfig,
}

pub(super) fn answer(
    soft: &mut Soft,
    view: View<'_>,
    request: &StreamsHeartbeat,
    draft: &Draft<'_>,
    step: Step,
    mut statuses: Vec<Status>,
) -> StreamsHeartbeatReply {
    let id = &request.member;
    let Step { is_new, before, current_before, current, configured, config } = step;
    let is_news = current.assigned != current_before.assigned;
    let joins = request.standing == Standing::Joining;
    let streams = soft.streams.entry(request.group.clone()).or_default();
    if request.shuts_down {
        streams.shut_down_by = Some(id.clone());
    }
    let member = draft.group().members.get(id);
    let endpoint = member.and_then(|member| member.endpoint.as_ref());
    let endpoint_before = before.as_ref().and_then(|before| before.endpoint.as_ref());
    if endpoint != endpoint_before || (is_news && endpoint.is_some()) {
        streams.endpoint_epoch = streams.endpoint_epoch.wrapping_add(1);
    }
    let endpoints = (streams.endpoint_epoch != request.endpoint_epoch)
        .then(|| endpoints::endpoints(draft.group(), id, &configured, view.cluster));
    if is_new {
        // Apache Kafka counts from the report that finds a group.
        streams.endpoint_epoch = 0;
    }
    statuses.extend(configured.problem.clone());
    if let Some(member) = &streams.shut_down_by {
        let detail = format!(
            "Streams group member {member} encountered a fatal error and requested a shutdown \
             for the entire application."
        );
        statuses.push(StatusKind::ShutdownApplication.because(detail));
    }
    if let Some(member) = member.filter(|_| request.knows_missing_tags) {
        statuses.extend(missing_tags(member, &config));
    }
    StreamsHeartbeatReply {
        member: id.clone(),
        epoch: current.epoch.to_wire(),
        config: Some(config),
        statuses,
        tasks: (joins || is_news).then(|| current.assigned.tasks()),
        endpoint_epoch: streams.endpoint_epoch,
        endpoints,
        missing: configured.missing.clone(),
    }
}

pub(super) fn stale_topology(
    draft: &Draft<'_>,
    id: &MemberId,
    topology: &Topology,
    statuses: &mut Vec<Status>,
) {
    let member = draft.group().members.get(id);
    let Some(epoch) = member.and_then(|member| member.topology_epoch) else { return };
    if epoch < topology.epoch {
        let newest = topology.epoch;
        statuses.push(StatusKind::StaleTopology.because(format!(
            "The member's topology epoch {epoch} is behind the group's topology epoch {newest}."
        )));
    }
}

/// Tags by which standby tasks are to be spread, and which the member does not have.
fn missing_tags(member: &StreamsMember, config: &StreamsGroupConfig) -> Option<Status> {
    let wanted = config.rack_tags.iter().map(String::as_str);
    let missing: Vec<&str> = wanted.filter(|tag| !member.tags.contains_key(*tag)).collect();
    (!missing.is_empty()).then(|| {
        StatusKind::MissingClientTags.because(format!(
            "Missing required client tags for rack-aware standby assignment: [{}]. Configure them \
             via 'client.tag.<tagKey>' in your Streams config.",
            missing.join(", ")
        ))
    })
}
