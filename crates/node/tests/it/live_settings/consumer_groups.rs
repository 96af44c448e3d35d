//! Consumer groups (KIP-848). Each group is named as the topic that it reads.

use std::thread;
use std::time::Duration;

use wire::messages::consumer_group_heartbeat_request::TopicPartitions;
use wire::messages::{
    ConsumerGroupDescribeRequest, ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse,
    FindCoordinatorRequest,
};

use super::{Look, Patience, Probe, Suite, wait};
use crate::protocol::World;

/// Whoever comes second gets nothing for an hour, as long as nobody says otherwise.
pub(super) const GROUPS: Suite = Suite {
    start: &[
        "ottla.durability=os",
        "offsets.topic.num.partitions=1",
        "group.consumer.assignment.interval.ms=3600000",
        "group.consumer.max.assignment.interval.ms=3600000",
        "group.consumer.heartbeat.interval.ms=100",
        "group.consumer.min.heartbeat.interval.ms=100",
        "group.consumer.min.session.timeout.ms=100",
    ],
    probes: &[
        Probe {
            broker: Some("group.consumer.assignment.interval.ms"),
            ..of_group("consumer.assignment.interval.ms", "0", assigns_to_the_second)
        },
        of_group("consumer.heartbeat.interval.ms", "150", heartbeat_interval),
        of_group("consumer.session.timeout.ms", "200", misses_the_silent),
    ],
};

const fn of_group(group: &'static str, value: &'static str, look: Look) -> Probe {
    Probe { topic: None, group: Some(group), broker: None, value, own: &[], look }
}

/// Whether a member that joins when another has everything is given its part.
fn assigns_to_the_second(world: &mut World, name: &str, patience: Patience) -> String {
    let mut members = ["first", "second"].map(|id| Member::join(world, name, id));
    wait(patience, || {
        for member in &mut members {
            member.report(world, name);
        }
        members.iter().all(|member| !member.owned.is_empty())
    })
    .to_string()
}

/// A member that takes and gives back at once what it is told to.
struct Member {
    id: &'static str,
    epoch: i32,
    owned: Vec<TopicPartitions>,
}

impl Member {
    fn join(world: &mut World, group: &str, id: &'static str) -> Self {
        let mut member = Self { id, epoch: 0, owned: Vec::new() };
        member.follow(join(world, group, id));
        member
    }

    fn report(&mut self, world: &mut World, group: &str) {
        let request = ConsumerGroupHeartbeatRequest {
            topic_partitions: Some(self.owned.clone()),
            ..report(group, self.id, self.epoch)
        };
        self.follow(heartbeat(world, &request));
    }

    fn follow(&mut self, response: ConsumerGroupHeartbeatResponse) {
        self.epoch = response.member_epoch;
        if let Some(assignment) = response.assignment {
            let topics = assignment.topic_partitions.into_iter();
            self.owned = topics
                .map(|topic| TopicPartitions {
                    topic_id: topic.topic_id,
                    partitions: topic.partitions,
                })
                .collect();
        }
    }
}

fn heartbeat_interval(world: &mut World, name: &str, _: Patience) -> String {
    join(world, name, "member").heartbeat_interval_ms.to_string()
}

/// Whether a member that says nothing any more is removed.
fn misses_the_silent(world: &mut World, name: &str, patience: Patience) -> String {
    join(world, name, "member");
    let request = ConsumerGroupDescribeRequest {
        group_ids: vec![name.to_owned()],
        include_authorized_operations: false,
    };
    wait(patience, || {
        let group = world.call(1, &request).groups.remove(0);
        assert_eq!(group.error_code, 0);
        group.members.is_empty()
    })
    .to_string()
}

fn report(group: &str, member: &str, epoch: i32) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        group_id: group.to_owned(),
        member_id: member.to_owned(),
        member_epoch: epoch,
        ..ConsumerGroupHeartbeatRequest::default()
    }
}

fn join(world: &mut World, group: &str, member: &str) -> ConsumerGroupHeartbeatResponse {
    let find =
        FindCoordinatorRequest { key: group.to_owned(), ..FindCoordinatorRequest::default() };
    // The first time it makes the topic of committed offsets.
    world.call(2, &find);
    let request = ConsumerGroupHeartbeatRequest {
        rebalance_timeout_ms: 60_000,
        subscribed_topic_names: Some(vec![group.to_owned()]),
        topic_partitions: Some(Vec::new()),
        ..report(group, member, 0)
    };
    heartbeat(world, &request)
}

/// Repeats what is answered with "the coordinator is loading", "not available" or "not coordinator".
fn heartbeat(
    world: &mut World,
    request: &ConsumerGroupHeartbeatRequest,
) -> ConsumerGroupHeartbeatResponse {
    loop {
        let response = world.call(1, request);
        if !(14..=16).contains(&response.error_code) {
            assert_eq!(response.error_code, 0, "{:?}", response.error_message);
            return response;
        }
        thread::sleep(Duration::from_millis(10));
    }
}
