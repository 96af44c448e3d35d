use std::sync::Arc;

use group::{GroupError, GroupId, InstanceId, Leave, LeavingMember, MemberId, PartResults};
use wire::ErrorCode;
use wire::messages::leave_group_request::MemberIdentity;
use wire::messages::leave_group_response::MemberResponse;
use wire::messages::{LeaveGroupRequest, LeaveGroupResponse};

use crate::cluster_view::ClusterView;
use crate::coordinator::Unavailable;
use crate::error_map::{group_error, unavailable};
use crate::{Broker, ReplyTo, Request};

/// From this version on several members may leave at once (KIP-345).
const BATCH_VERSION_MIN: i16 = 3;

pub fn handle(broker: &Arc<Broker>, request: Request<LeaveGroupRequest>, reply: ReplyTo) {
    let Request { version, message, client: _ } = request;
    let identities = if version >= BATCH_VERSION_MIN {
        message.members
    } else {
        vec![MemberIdentity { member_id: message.member_id, ..MemberIdentity::default() }]
    };
    let Some(group) = GroupId::new(&message.group_id).filter(|group| !group.is_empty()) else {
        return reply.send(&response(version, identities, Ok(Err(GroupError::InvalidGroupId))));
    };
    let leave = Leave { group, members: identities.iter().map(leaving).collect() };
    let cluster = ClusterView::of(broker);
    broker.groups().decide(
        &message.group_id,
        |shard, soft, now| shard.leave(soft, now, &cluster, &leave),
        move |result| reply.send(&response(version, identities, result)),
    );
}

fn leaving(identity: &MemberIdentity) -> LeavingMember {
    LeavingMember {
        member: MemberId::new(&identity.member_id),
        instance: identity.group_instance_id.as_deref().map(InstanceId::new),
        reason: identity.reason.as_deref().map(Into::into),
    }
}

fn response(
    version: i16,
    identities: Vec<MemberIdentity>,
    result: Result<PartResults, Unavailable>,
) -> LeaveGroupResponse {
    let refused = |error: ErrorCode| LeaveGroupResponse {
        error_code: error.code(),
        ..LeaveGroupResponse::default()
    };
    let results = match result {
        Ok(Ok(results)) => results,
        Ok(Err(error)) => return refused(group_error(&error)),
        Err(why) => return refused(unavailable(&why)),
    };
    let code = |result: &Result<(), GroupError>| match result {
        Ok(()) => ErrorCode::None,
        Err(error) => group_error(error),
    };
    if version < BATCH_VERSION_MIN {
        return refused(results.first().map_or(ErrorCode::None, code));
    }
    let member = |(identity, result): (MemberIdentity, &Result<(), GroupError>)| MemberResponse {
        member_id: identity.member_id,
        group_instance_id: identity.group_instance_id,
        error_code: code(result).code(),
    };
    LeaveGroupResponse {
        members: identities.into_iter().zip(&results).map(member).collect(),
        ..LeaveGroupResponse::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_have_one_member_and_its_error_on_top() {
        let one =
            || vec![MemberIdentity { member_id: "a".to_owned(), ..MemberIdentity::default() }];
        let unknown = || Ok(Ok(vec![Err(GroupError::UnknownMember)]));
        let old = response(2, one(), unknown());
        assert_eq!((old.error_code, old.members.len()), (25, 0));
        let new = response(3, one(), unknown());
        assert_eq!((new.error_code, new.members[0].error_code), (0, 25));
        assert_eq!(response(5, one(), Err(Unavailable::NotCoordinator)).error_code, 16);
    }
}
