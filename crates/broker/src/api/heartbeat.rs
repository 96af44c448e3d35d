use std::sync::Arc;

use group::{Generation, GroupError, GroupId, Heartbeat, InstanceId, MemberId};
use wire::ErrorCode;
use wire::messages::{HeartbeatRequest, HeartbeatResponse};

use crate::cluster_view::ClusterView;
use crate::coordinator::Unavailable;
use crate::error_map::{group_error, unavailable};
use crate::{Broker, ReplyTo, Request};

pub fn handle(broker: &Arc<Broker>, request: Request<HeartbeatRequest>, reply: ReplyTo) {
    let message = request.message;
    let Some(group) = GroupId::new(&message.group_id).filter(|group| !group.is_empty()) else {
        return reply.send(&response(Ok(Err(GroupError::InvalidGroupId))));
    };
    let heartbeat = Heartbeat {
        group,
        member: MemberId::new(&message.member_id),
        instance: message.group_instance_id.as_deref().map(InstanceId::new),
        generation: Generation::from_wire(message.generation_id),
    };
    let cluster = ClusterView::of(broker);
    broker.groups().decide(
        &message.group_id,
        |shard, soft, now| shard.heartbeat(soft, now, &cluster, &heartbeat),
        move |result| reply.send(&response(result)),
    );
}

fn response(result: Result<Result<(), GroupError>, Unavailable>) -> HeartbeatResponse {
    let error = match result {
        // While its group is loaded a member is alive as long as it says so: its session has not begun yet.
        Ok(Ok(())) | Err(Unavailable::Loading) => ErrorCode::None,
        Ok(Err(error)) => group_error(&error),
        Err(why) => unavailable(&why),
    };
    HeartbeatResponse { error_code: error.code(), ..HeartbeatResponse::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heartbeat_during_loading_succeeds() {
        assert_eq!(response(Err(Unavailable::Loading)).error_code, 0);
        assert_eq!(response(Err(Unavailable::NotCoordinator)).error_code, 16);
        assert_eq!(response(Ok(Err(GroupError::RebalanceInProgress))).error_code, 27);
    }
}
