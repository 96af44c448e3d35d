use std::sync::Arc;

use group::{GroupDescription, GroupError, GroupId, MemberDescription};
use wire::ErrorCode;
use wire::messages::describe_groups_response::{DescribedGroup, DescribedGroupMember};
use wire::messages::{DescribeGroupsRequest, DescribeGroupsResponse};

use crate::coordinator::{Gather, Unavailable};
use crate::error_map::{group_error, unavailable};
use crate::outcome::shortened;
use crate::{Broker, ReplyTo, Request};

/// From this version on a group that does not exist is an error; before, it is a dead group.
const NOT_FOUND_VERSION_MIN: i16 = 6;
/// How a group that does not exist is called.
const DEAD: &str = "Dead";
/// One bit for each operation that a group knows: read 3, delete 6, describe 8, describe configs 10, alter configs 11.
/// Without an authorizer everybody may do all of them.
pub(crate) const ALL_OPERATIONS: i32 = 1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11;

pub fn handle(broker: &Arc<Broker>, request: Request<DescribeGroupsRequest>, reply: ReplyTo) {
    let Request { version, message, client: _ } = request;
    let operations = message.include_authorized_operations.then_some(ALL_OPERATIONS);
    let gather = Gather::new(message.groups.len(), move |groups| {
        reply.send(&DescribeGroupsResponse { groups, ..DescribeGroupsResponse::default() });
    });
    for (index, group_id) in message.groups.into_iter().enumerate() {
        let part = gather.part(index);
        let Some(group) = GroupId::new(&group_id) else {
            part.give(described(
                version,
                group_id,
                operations,
                Ok(Err(GroupError::InvalidGroupId)),
            ));
            continue;
        };
        broker.groups().decide(
            group.as_str(),
            |shard, soft, _| shard.describe(soft, &group),
            move |result| part.give(described(version, group_id, operations, result)),
        );
    }
}

fn described(
    version: i16,
    group_id: String,
    operations: Option<i32>,
    result: Result<Result<GroupDescription, GroupError>, Unavailable>,
) -> DescribedGroup {
    let mut described = match result {
        Ok(Ok(group)) => existing(group),
        Ok(Err(GroupError::GroupNotFound | GroupError::NotClassicGroup)) => {
            missing(version, &group_id)
        }
        Ok(Err(error)) => refused(group_error(&error)),
        Err(why) => refused(unavailable(&why)),
    };
    if described.error_code == ErrorCode::None.code()
        && let Some(operations) = operations
    {
        described.authorized_operations = operations;
    }
    described.group_id = group_id;
    described
}

fn existing(group: GroupDescription) -> DescribedGroup {
    let member = |member: MemberDescription| DescribedGroupMember {
        member_id: member.id.as_str().to_owned(),
        group_instance_id: member.instance.map(|instance| instance.as_str().to_owned()),
        client_id: member.client.id.to_string(),
        client_host: member.client.host.to_string(),
        member_metadata: member.metadata,
        member_assignment: member.assignment,
    };
    DescribedGroup {
        group_state: group.state.name().to_owned(),
        protocol_type: group.protocol_type.as_deref().unwrap_or_default().to_owned(),
        protocol_data: group.protocol.as_deref().unwrap_or_default().to_owned(),
        members: group.members.into_iter().map(member).collect(),
        ..DescribedGroup::default()
    }
}

fn missing(version: i16, group_id: &str) -> DescribedGroup {
    let mut described =
        DescribedGroup { group_state: DEAD.to_owned(), ..DescribedGroup::default() };
    if version >= NOT_FOUND_VERSION_MIN {
        described.error_code = ErrorCode::GroupIdNotFound.code();
        described.error_message = Some(shortened(format!("group '{group_id}' does not exist")));
    }
    described
}

fn refused(error: ErrorCode) -> DescribedGroup {
    DescribedGroup { error_code: error.code(), ..DescribedGroup::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_does_not_exist_is_dead_and_from_version_6_on_an_error() {
        let missing = |version| {
            described(
                version,
                "readers".to_owned(),
                Some(ALL_OPERATIONS),
                Ok(Err(GroupError::GroupNotFound)),
            )
        };
        let old = missing(5);
        assert_eq!((old.group_state.as_str(), old.error_code), ("Dead", 0));
        assert_eq!(old.authorized_operations, ALL_OPERATIONS);
        let new = missing(6);
        assert_eq!((new.group_state.as_str(), new.error_code), ("Dead", 69));
        assert_eq!(new.authorized_operations, i32::MIN);
        assert!(new.error_message.is_some());
    }
}
