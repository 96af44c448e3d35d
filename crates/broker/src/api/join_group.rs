use std::sync::Arc;
use std::time::Duration;

use group::{
    GroupError, GroupId, InstanceId, Join, JoinRefused, Joined, JoinedMember, MemberId, Protocol,
    Reply,
};
use wire::messages::join_group_response::JoinGroupResponseMember;
use wire::messages::{JoinGroupRequest, JoinGroupResponse};

use crate::cluster_view::ClusterView;
use crate::coordinator::Unavailable;
use crate::error_map::{group_error, unavailable};
use crate::{Broker, ReplyTo, Request};

/// From this version on a first join is answered with an id to join again with (KIP-394).
const MEMBER_ID_REQUIRED_VERSION_MIN: i16 = 4;
/// From this version on the protocol's name in an answer may be missing.
const NULLABLE_PROTOCOL_VERSION_MIN: i16 = 7;
/// From this version on a leader may be told not to assign (KIP-814).
const SKIP_ASSIGNMENT_VERSION_MIN: i16 = 9;

pub fn handle(broker: &Arc<Broker>, request: Request<JoinGroupRequest>, reply: ReplyTo) {
    let version = request.version;
    let Some(group) = GroupId::new(&request.message.group_id).filter(|group| !group.is_empty())
    else {
        let member = MemberId::new(&request.message.member_id);
        let refused = JoinRefused { member, error: GroupError::InvalidGroupId };
        return reply.send(&response(version, String::new(), Ok(Reply::Join(Err(refused)))));
    };
    let asked = request.message.member_id.clone();
    let mut join = join(group.clone(), request);
    let cluster = ClusterView::of(broker);
    broker.groups().decide_parked(
        group.as_str(),
        move |shard, soft, now, ticket| {
            join.ticket = ticket;
            shard.join(soft, now, &cluster, join)
        },
        move |result| reply.send(&response(version, asked, result)),
    );
}

fn join(group: GroupId, request: Request<JoinGroupRequest>) -> Join {
    let Request { version, message, client } = request;
    // Version 0 knows only one timeout.
    let rebalance_timeout_ms =
        if version == 0 { message.session_timeout_ms } else { message.rebalance_timeout_ms };
    Join {
        group,
        member: MemberId::new(&message.member_id),
        instance: message.group_instance_id.as_deref().map(InstanceId::new),
        client: group::Client {
            host: client.host().into(),
            id: client.id.unwrap_or_default().into(),
        },
        session_timeout: millis(message.session_timeout_ms),
        rebalance_timeout: millis(rebalance_timeout_ms),
        protocol_type: message.protocol_type.into(),
        protocols: message
            .protocols
            .into_iter()
            .map(|protocol| Protocol { name: protocol.name.into(), metadata: protocol.metadata })
            .collect(),
        knows_member_id_required: version >= MEMBER_ID_REQUIRED_VERSION_MIN,
        knows_skip_assignment: version >= SKIP_ASSIGNMENT_VERSION_MIN,
        reason: message.reason.map(Into::into),
        ticket: group::Ticket::default(),
    }
}

/// A negative time is none at all.
fn millis(raw: i32) -> Duration {
    Duration::from_millis(u64::try_from(raw).unwrap_or(0))
}

/// A member that is to try again hears its id again, as from Apache Kafka: some clients go on with the id of the last answer.
fn response(version: i16, asked: String, result: Result<Reply, Unavailable>) -> JoinGroupResponse {
    let mut response = match result {
        Ok(Reply::Join(Ok(joined))) => accepted(joined),
        Ok(Reply::Join(Err(JoinRefused { member, error }))) => refused(
            member.map(|id| id.as_str().to_owned()).unwrap_or_default(),
            group_error(&error),
        ),
        // A sync's answer never comes under a join's ticket.
        Ok(Reply::Sync(_)) => refused(String::new(), wire::ErrorCode::UnknownServerError),
        Err(why) => refused(asked, unavailable(&why)),
    };
    if version < NULLABLE_PROTOCOL_VERSION_MIN && response.protocol_name.is_none() {
        response.protocol_name = Some(String::new());
    }
    response
}

fn accepted(joined: Joined) -> JoinGroupResponse {
    let member = |member: JoinedMember| JoinGroupResponseMember {
        member_id: member.id.as_str().to_owned(),
        group_instance_id: member.instance.map(|instance| instance.as_str().to_owned()),
        metadata: member.metadata,
    };
    JoinGroupResponse {
        generation_id: joined.generation.to_wire(),
        protocol_type: joined.protocol_type.map(|text| text.to_string()),
        protocol_name: joined.protocol.map(|text| text.to_string()),
        leader: joined.leader.map(|id| id.as_str().to_owned()).unwrap_or_default(),
        skip_assignment: joined.skip_assignment,
        member_id: joined.member.as_str().to_owned(),
        members: joined.members.into_iter().map(member).collect(),
        ..JoinGroupResponse::default()
    }
}

fn refused(member_id: String, error: wire::ErrorCode) -> JoinGroupResponse {
    JoinGroupResponse {
        error_code: error.code(),
        generation_id: -1,
        protocol_type: None,
        protocol_name: None,
        member_id,
        ..JoinGroupResponse::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_cannot_say_that_there_is_no_protocol() {
        let refused =
            || Ok(Reply::Join(Err(JoinRefused { member: None, error: GroupError::GroupFull })));
        assert_eq!(response(6, String::new(), refused()).protocol_name.as_deref(), Some(""));
        assert_eq!(response(7, String::new(), refused()).protocol_name, None);
        let loading = response(9, "m-1".into(), Err(Unavailable::Loading));
        assert_eq!((loading.error_code, loading.member_id.as_str()), (14, "m-1"));
    }
}
