use std::sync::Arc;

use group::GroupListing;
use wire::ErrorCode;
use wire::messages::list_groups_response::ListedGroup;
use wire::messages::{ListGroupsRequest, ListGroupsResponse};

use crate::coordinator::Unavailable;
use crate::error_map::unavailable;
use crate::{Broker, ReplyTo, Request};

pub fn handle(broker: &Arc<Broker>, request: Request<ListGroupsRequest>, reply: ReplyTo) {
    let filter = Filter::new(&request.message);
    broker.groups().decide_all(
        |shard, soft, _| shard.list(soft),
        move |results| reply.send(&response(&filter, results)),
    );
}

/// Which groups are asked for; no name in a list means all.
struct Filter {
    states: Vec<String>,
    types: Vec<String>,
}

impl Filter {
    fn new(request: &ListGroupsRequest) -> Self {
        let lower =
            |names: &[String]| names.iter().map(|name| name.trim().to_lowercase()).collect();
        Self { states: lower(&request.states_filter), types: lower(&request.types_filter) }
    }

    fn takes(&self, group: &GroupListing) -> bool {
        let state = group.state.name().to_lowercase();
        (self.states.is_empty() || self.states.contains(&state))
            && (self.types.is_empty()
                || self.types.iter().any(|name| name == group.state.type_name()))
    }
}

/// What other brokers coordinate they list themselves; but a partition that is being loaded hides groups, and that is said.
fn response(
    filter: &Filter,
    results: Vec<Result<Vec<GroupListing>, Unavailable>>,
) -> ListGroupsResponse {
    let mut response = ListGroupsResponse::default();
    for result in results {
        match result {
            Ok(groups) => {
                let wanted = groups.into_iter().filter(|group| filter.takes(group));
                response.groups.extend(wanted.map(listed));
            }
            Err(Unavailable::NotCoordinator) => {}
            Err(why) => response.error_code = unavailable(&why).code(),
        }
    }
    if response.error_code != ErrorCode::None.code() {
        response.groups.clear();
    }
    response
}

fn listed(group: GroupListing) -> ListedGroup {
    ListedGroup {
        group_id: group.group.as_str().to_owned(),
        protocol_type: group.protocol_type.as_deref().unwrap_or_default().to_owned(),
        group_state: group.state.name().to_owned(),
        group_type: group.state.type_name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use group::{GroupId, GroupState, State};

    use super::*;

    fn listing() -> GroupListing {
        GroupListing {
            group: GroupId::new("readers").unwrap(),
            protocol_type: None,
            state: GroupState::Classic(State::Stable),
        }
    }

    fn takes(states: &[&str], types: &[&str]) -> bool {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let request =
            ListGroupsRequest { states_filter: owned(states), types_filter: owned(types) };
        Filter::new(&request).takes(&listing())
    }

    #[test]
    fn names_of_states_and_types_are_compared_without_case() {
        assert!(takes(&[], &[]));
        assert!(takes(&["Empty", " STABLE "], &["Classic"]));
        assert!(!takes(&["Empty"], &[]));
        assert!(!takes(&[], &["consumer"]));
    }

    #[test]
    fn a_partition_that_is_loaded_is_said_one_of_others_is_not() {
        let filter = Filter { states: Vec::new(), types: Vec::new() };
        let listed = response(&filter, vec![Ok(vec![listing()]), Err(Unavailable::NotCoordinator)]);
        assert_eq!((listed.error_code, listed.groups.len()), (0, 1));
        let loading = response(&filter, vec![Ok(vec![listing()]), Err(Unavailable::Loading)]);
        assert_eq!((loading.error_code, loading.groups.len()), (14, 0));
    }
}
