use std::collections::BTreeSet;
use std::sync::Arc;

use group::{GroupError, GroupId};
use wire::ErrorCode;
use wire::messages::delete_groups_response::DeletableGroupResult;
use wire::messages::{DeleteGroupsRequest, DeleteGroupsResponse};

use crate::coordinator::{Gather, Unavailable};
use crate::error_map::{group_error, unavailable};
use crate::{Broker, ReplyTo, Request};

pub fn handle(broker: &Arc<Broker>, request: Request<DeleteGroupsRequest>, reply: ReplyTo) {
    let mut names = request.message.groups_names;
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    let gather = Gather::new(names.len(), move |results| {
        reply.send(&DeleteGroupsResponse { results, ..DeleteGroupsResponse::default() });
    });
    for (index, group_id) in names.into_iter().enumerate() {
        let part = gather.part(index);
        let Some(group) = GroupId::new(&group_id) else {
            part.give(deleted(group_id, Ok(Err(GroupError::InvalidGroupId))));
            continue;
        };
        broker.groups().decide(
            group.as_str(),
            |shard, soft, now| shard.delete(soft, now, &group),
            move |result| part.give(deleted(group_id, result)),
        );
    }
}

fn deleted(
    group_id: String,
    result: Result<Result<(), GroupError>, Unavailable>,
) -> DeletableGroupResult {
    let error = match result {
        Ok(Ok(())) => ErrorCode::None,
        Ok(Err(error)) => group_error(&error),
        Err(why) => unavailable(&why),
    };
    DeletableGroupResult { group_id, error_code: error.code(), ..DeletableGroupResult::default() }
}
