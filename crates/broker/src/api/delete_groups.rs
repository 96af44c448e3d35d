use std::collections::BTreeSet;
use std::sync::Arc;

use group::{GroupError, GroupId};
use wire::ErrorCode;
use wire::messages::delete_groups_response::DeletableGroupResult;
use wire::messages::{DeleteGroupsRequest, DeleteGroupsResponse};

use crate::coordinator::{Gather, Unavailable};
use crate::error_map::{group_error, unavailable};
use crate::shares::{StateRefused, delete_states};
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
        delete(broker, group, move |result| part.give(deleted(group_id, result)));
    }
}

type Deleted = Result<Result<(), GroupError>, Unavailable>;

/// What the share coordinator has of a share group goes first: nobody would know of it afterwards.
fn delete(broker: &Arc<Broker>, group: GroupId, done: impl FnOnce(Deleted) + Send + 'static) {
    let answering = Arc::clone(broker);
    let asked = group.clone();
    broker.groups().decide(
        group.clone().as_str(),
        move |shard, soft, _| shard.delete_share_offsets(soft, &asked, None),
        move |result| match result {
            Ok(Ok(states)) if !states.is_empty() => {
                let then = Arc::clone(&answering);
                delete_states(&answering, &group.clone(), &states, move |results| {
                    match results.into_iter().find_map(|(_, result)| result.err()) {
                        None => delete_group(&then, &group, done),
                        Some(StateRefused::Unavailable(why)) => done(Err(why)),
                        Some(StateRefused::Refused(_)) => done(Err(Unavailable::NotCommitted)),
                    }
                });
            }
            // Of another type, or there is none: the group's own deletion says so.
            Ok(Ok(_) | Err(_)) => delete_group(&answering, &group, done),
            Err(why) => done(Err(why)),
        },
    );
}

fn delete_group(
    broker: &Arc<Broker>,
    group: &GroupId,
    done: impl FnOnce(Deleted) + Send + 'static,
) {
    let (answering, counted) = (Arc::clone(broker), group.clone());
    let done = move |result: Deleted| {
        if matches!(result, Ok(Ok(()))) {
            answering.shares().metrics().forget(&counted);
        }
        done(result);
    };
    broker.groups().decide(group.as_str(), |shard, soft, now| shard.delete(soft, now, group), done);
}

fn deleted(group_id: String, result: Deleted) -> DeletableGroupResult {
    let error = match result {
        Ok(Ok(())) => ErrorCode::None,
        Ok(Err(error)) => group_error(&error),
        Err(why) => unavailable(&why),
    };
    DeletableGroupResult { group_id, error_code: error.code(), ..DeletableGroupResult::default() }
}
