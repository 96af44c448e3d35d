//! Streams groups (KIP-1071). Each group is named as the topic that its application reads.

use std::thread;
use std::time::Duration;

use wire::messages::streams_group_heartbeat_request::{Subtopology, Topology};
use wire::messages::{
    FindCoordinatorRequest, StreamsGroupDescribeRequest, StreamsGroupHeartbeatRequest,
    StreamsGroupHeartbeatResponse,
};

use super::{Look, Patience, Probe, Suite, wait};
use crate::protocol::World;

/// Whoever comes second gets nothing for an hour, as long as nobody says otherwise.
pub(super) const GROUPS: Suite = Suite {
    start: &[
        "ottla.durability=os",
        "offsets.topic.num.partitions=1",
        "group.streams.assignment.interval.ms=3600000",
        "group.streams.max.assignment.interval.ms=3600000",
        "group.streams.initial.rebalance.delay.ms=0",
        "group.streams.heartbeat.interval.ms=100",
        "group.streams.min.heartbeat.interval.ms=100",
        "group.streams.min.session.timeout.ms=100",
    ],
    probes: &[
        Probe {
            broker: Some("group.streams.assignment.interval.ms"),
            ..of_group("streams.assignment.interval.ms", "0", second_is_delayed)
        },
        of_group("streams.initial.rebalance.delay.ms", "3600000", first_is_delayed),
        of_group("streams.heartbeat.interval.ms", "150", heartbeat_interval),
        of_group("streams.task.offset.interval.ms", "20000", task_offset_interval),
        of_group("streams.acceptable.recovery.lag", "7", acceptable_lag),
        of_group("streams.num.standby.replicas", "1", group_epoch),
        of_group("streams.rack.aware.assignment.tags", "zone", misses_tags),
        of_group("streams.session.timeout.ms", "200", misses_the_silent),
    ],
};

/// Statuses of a report.
const ASSIGNMENT_DELAYED: i8 = 5;
const MISSING_CLIENT_TAGS: i8 = 6;

const fn of_group(group: &'static str, value: &'static str, look: Look) -> Probe {
    Probe { topic: None, group: Some(group), broker: None, value, own: &[], look }
}

fn second_is_delayed(world: &mut World, name: &str, _: Patience) -> String {
    join(world, name, "first");
    has(&join(world, name, "second"), ASSIGNMENT_DELAYED)
}

fn first_is_delayed(world: &mut World, name: &str, _: Patience) -> String {
    let delayed = has(&join(world, name, "member"), ASSIGNMENT_DELAYED);
    heartbeat(world, &report(name, "member", -1));
    delayed
}

fn heartbeat_interval(world: &mut World, name: &str, _: Patience) -> String {
    join(world, name, "member").heartbeat_interval_ms.to_string()
}

fn task_offset_interval(world: &mut World, name: &str, _: Patience) -> String {
    join(world, name, "member").task_offset_interval_ms.to_string()
}

fn acceptable_lag(world: &mut World, name: &str, _: Patience) -> String {
    join(world, name, "member").acceptable_recovery_lag.to_string()
}

/// It grows when something changes that the assignment rests on; a member that joins again is nothing new.
fn group_epoch(world: &mut World, name: &str, _: Patience) -> String {
    join(world, name, "member");
    world.call(1, &describe(name)).groups.remove(0).group_epoch.to_string()
}

fn misses_tags(world: &mut World, name: &str, _: Patience) -> String {
    has(&join(world, name, "member"), MISSING_CLIENT_TAGS)
}

/// Whether a member that says nothing any more is removed.
fn misses_the_silent(world: &mut World, name: &str, patience: Patience) -> String {
    join(world, name, "member");
    wait(patience, || {
        let group = world.call(1, &describe(name)).groups.remove(0);
        assert_eq!(group.error_code, 0);
        group.members.is_empty()
    })
    .to_string()
}

fn has(response: &StreamsGroupHeartbeatResponse, status: i8) -> String {
    response.status.iter().flatten().any(|found| found.status_code == status).to_string()
}

fn describe(group: &str) -> StreamsGroupDescribeRequest {
    StreamsGroupDescribeRequest {
        group_ids: vec![group.to_owned()],
        ..StreamsGroupDescribeRequest::default()
    }
}

fn report(group: &str, member: &str, epoch: i32) -> StreamsGroupHeartbeatRequest {
    StreamsGroupHeartbeatRequest {
        group_id: group.to_owned(),
        member_id: member.to_owned(),
        member_epoch: epoch,
        ..StreamsGroupHeartbeatRequest::default()
    }
}

fn join(world: &mut World, group: &str, member: &str) -> StreamsGroupHeartbeatResponse {
    let find =
        FindCoordinatorRequest { key: group.to_owned(), ..FindCoordinatorRequest::default() };
    // The first time it makes the topic of committed offsets.
    world.call(2, &find);
    let part = Subtopology {
        subtopology_id: "0".to_owned(),
        source_topics: vec![group.to_owned()],
        ..Subtopology::default()
    };
    let request = StreamsGroupHeartbeatRequest {
        rebalance_timeout_ms: 60_000,
        topology: Some(Topology { epoch: 0, subtopologies: vec![part] }),
        active_tasks: Some(Vec::new()),
        standby_tasks: Some(Vec::new()),
        warmup_tasks: Some(Vec::new()),
        process_id: Some(member.to_owned()),
        client_tags: Some(Vec::new()),
        ..report(group, member, 0)
    };
    heartbeat(world, &request)
}

/// Repeats what is answered with "the coordinator is loading", "not available" or "not coordinator".
fn heartbeat(
    world: &mut World,
    request: &StreamsGroupHeartbeatRequest,
) -> StreamsGroupHeartbeatResponse {
    loop {
        let response = world.call(1, request);
        if !(14..=16).contains(&response.error_code) {
            assert_eq!(response.error_code, 0, "{:?}", response.error_message);
            return response;
        }
        thread::sleep(Duration::from_millis(10));
    }
}
