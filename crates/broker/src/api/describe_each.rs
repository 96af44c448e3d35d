//! What the descriptions of consumer, share and streams groups have in common: each named group is asked for on its own, and
//! what cannot be told about one is told in its place.

use std::sync::Arc;

use group::{Decision, GroupError, GroupId, GroupShard, Soft};
use wire::ErrorCode;

use crate::Broker;
use crate::coordinator::Gather;
use crate::error_map::{group_error, unavailable};

/// How one type of group is described.
pub(super) struct Describe<R, D> {
    /// Its feature is finalised.
    pub(super) served: bool,
    pub(super) find: fn(&GroupShard, &Soft, &GroupId) -> Decision<Result<R, GroupError>>,
    pub(super) refused: fn(String, ErrorCode, &str) -> D,
}

/// `described` makes an answer's entry of what a group is; `done` gets all of them, in the order of the names.
pub(super) fn describe_each<R: Send + 'static, D: Send + 'static>(
    broker: &Arc<Broker>,
    names: Vec<String>,
    how: Describe<R, D>,
    described: impl Fn(String, R) -> D + Clone + Send + 'static,
    done: impl FnOnce(Vec<D>) + Send + 'static,
) {
    let Describe { served, find, refused } = how;
    let gather = Gather::new(names.len(), done);
    for (index, name) in names.into_iter().enumerate() {
        let part = gather.part(index);
        if !served {
            part.give(refused(name, ErrorCode::UnsupportedVersion, "not switched on"));
            continue;
        }
        let Some(group) = GroupId::new(&name).filter(|group| !group.is_empty()) else {
            part.give(refused(name, ErrorCode::InvalidGroupId, "not a group id"));
            continue;
        };
        let described = described.clone();
        broker.groups().decide(
            group.as_str(),
            |shard, soft, _| find(shard, soft, &group),
            move |result| {
                part.give(match result {
                    Ok(Ok(found)) => described(name, found),
                    Ok(Err(error)) => refused(name, group_error(&error), &error.to_string()),
                    Err(why) => refused(name, unavailable(&why), &why.to_string()),
                });
            },
        );
    }
}
