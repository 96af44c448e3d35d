//! What a report changes, before anything is worked out.

use std::sync::Arc;

use super::{
    ConfiguredTopology, Draft, StreamsChange, StreamsHeartbeat, StreamsMember, TaskOffsets,
    Topology,
};
use crate::{GroupError, Soft, Standing};

/// Takes over what the member says about itself, and tells whether that changes its work.
pub(super) fn update_member(
    draft: &mut Draft<'_>,
    request: &StreamsHeartbeat,
    before: Option<&StreamsMember>,
) -> bool {
    let joins = request.standing == Standing::Joining;
    let old = draft.member(&request.member);
    let base = old.as_deref();
    // Who joins says everything, so no endpoint is none.
    let endpoint = match joins {
        true => request.endpoint.clone(),
        false => request.endpoint.clone().or_else(|| base?.endpoint.clone()),
    };
    let new = StreamsMember {
        instance: request.instance.clone().or_else(|| base?.instance.clone()),
        rack: request.rack.clone().or_else(|| base?.rack.clone()),
        client: request.client.clone(),
        rebalance_timeout: request
            .rebalance_timeout
            .or_else(|| base.map(|base| base.rebalance_timeout))
            .unwrap_or_default(),
        topology_epoch: request
            .topology
            .as_ref()
            .map(|topology| topology.epoch)
            .or_else(|| base?.topology_epoch),
        process: request
            .process
            .clone()
            .or_else(|| base.map(|base| base.process.clone()))
            .unwrap_or_else(|| "".into()),
        endpoint,
        tags: request
            .tags
            .clone()
            .or_else(|| base.map(|base| base.tags.clone()))
            .unwrap_or_default(),
    };
    if base == Some(&new) {
        return false;
    }
    // Whatever a dynamic member says anew counts, as in Apache Kafka.
    let changes_work = request.instance.is_none()
        || before.is_none_or(|before| {
            before.topology_epoch != new.topology_epoch
                || before.rack != new.rack
                || before.tags != new.tags
                || before.process != new.process
        });
    let id = request.member.clone();
    draft.change(StreamsChange::Member(id, Some(Arc::new(new))));
    changes_work
}

/// The group's topology: the first one that a member brings.
pub(super) fn update_topology(
    draft: &mut Draft<'_>,
    request: &StreamsHeartbeat,
) -> Result<Arc<Topology>, GroupError> {
    let known = draft.group().topology.clone();
    match (known, &request.topology) {
        (Some(known), None) => Ok(known),
        (Some(known), Some(said)) if known.epoch > said.epoch || *known == *said => Ok(known),
        (Some(_), Some(_)) => Err(GroupError::TopologyChanged),
        (None, Some(said)) => {
            let said = Arc::new(said.clone());
            draft.change(StreamsChange::Topology(Some(said.clone())));
            Ok(said)
        }
        // A log that has a member and no topology is damaged: its members join afresh and bring one.
        (None, None) => Err(GroupError::UnknownMember),
    }
}

/// Refuses tasks that the topology does not have.
pub(super) fn check_tasks(
    configured: &ConfiguredTopology,
    request: &StreamsHeartbeat,
) -> Result<(), GroupError> {
    let (Some(parts), Some(owned)) = (configured.ready(), &request.owned) else { return Ok(()) };
    for task in owned.all() {
        let part = parts.get(&task.subtopology).ok_or(GroupError::UnknownTask)?;
        if task.partition.to_wire().unsigned_abs() >= part.task_count {
            return Err(GroupError::UnknownTask);
        }
    }
    Ok(())
}

/// Takes over how far the member's state has come; gives what is known of it now.
pub(super) fn report_offsets(soft: &mut Soft, request: &StreamsHeartbeat) -> TaskOffsets {
    let streams = soft.streams.entry(request.group.clone()).or_default();
    let mut offsets = streams.offsets_of(&request.member).clone();
    if request.task_offsets.is_none() && request.task_end_offsets.is_none() {
        return offsets;
    }
    if let Some(said) = &request.task_offsets {
        offsets.offsets.clone_from(said);
    }
    if let Some(said) = &request.task_end_offsets {
        offsets.end_offsets.clone_from(said);
    }
    streams.set_offsets(&request.member, offsets.clone());
    offsets
}
