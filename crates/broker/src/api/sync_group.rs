use std::sync::Arc;

use group::{Generation, GroupError, GroupId, InstanceId, MemberId, Reply, Sync};
use wire::messages::{SyncGroupRequest, SyncGroupResponse};

use crate::cluster_view::ClusterView;
use crate::coordinator::Unavailable;
use crate::error_map::{group_error, unavailable};
use crate::{Broker, ReplyTo, Request};

/// From this version on a member says which protocol it takes for the group's (KIP-559).
const PROTOCOL_VERSION_MIN: i16 = 5;

pub fn handle(broker: &Arc<Broker>, request: Request<SyncGroupRequest>, reply: ReplyTo) {
    let Request { version, message, client: _ } = request;
    let refuse = |error| response(Ok(Reply::Sync(Err(error))));
    if version >= PROTOCOL_VERSION_MIN
        && (message.protocol_type.is_none() || message.protocol_name.is_none())
    {
        return reply.send(&refuse(GroupError::InconsistentProtocol));
    }
    let Some(group) = GroupId::new(&message.group_id).filter(|group| !group.is_empty()) else {
        return reply.send(&refuse(GroupError::InvalidGroupId));
    };
    let mut sync = sync(group.clone(), message);
    let cluster = ClusterView::of(broker);
    broker.groups().decide_parked(
        group.as_str(),
        move |shard, soft, now, ticket| {
            sync.ticket = ticket;
            shard.sync(soft, now, &cluster, sync)
        },
        move |result| reply.send(&response(result)),
    );
}

fn sync(group: GroupId, message: SyncGroupRequest) -> Sync {
    Sync {
        group,
        member: MemberId::new(&message.member_id),
        instance: message.group_instance_id.as_deref().map(InstanceId::new),
        generation: Generation::from_wire(message.generation_id),
        protocol_type: message.protocol_type.map(Into::into),
        protocol: message.protocol_name.map(Into::into),
        assignments: message
            .assignments
            .into_iter()
            .filter_map(|given| Some((MemberId::new(&given.member_id)?, given.assignment)))
            .collect(),
        ticket: group::Ticket::default(),
    }
}

fn response(result: Result<Reply, Unavailable>) -> SyncGroupResponse {
    let refused = |error: wire::ErrorCode| SyncGroupResponse {
        error_code: error.code(),
        ..SyncGroupResponse::default()
    };
    match result {
        Ok(Reply::Sync(Ok(synced))) => SyncGroupResponse {
            protocol_type: synced.protocol_type.map(|text| text.to_string()),
            protocol_name: synced.protocol.map(|text| text.to_string()),
            assignment: synced.assignment,
            ..SyncGroupResponse::default()
        },
        Ok(Reply::Sync(Err(error))) => refused(group_error(&error)),
        // A join's answer never comes under a sync's ticket.
        Ok(Reply::Join(_)) => refused(wire::ErrorCode::UnknownServerError),
        Err(why) => refused(unavailable(&why)),
    }
}
