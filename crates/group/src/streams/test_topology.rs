//! An application for tests: it reads `orders`, passes it on by a repartition topic, and counts what comes there.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::PartitionIndex;

use super::{
    InternalTopic, StreamsHeartbeat, StreamsHeartbeatReply, Subtopology, TaskId, Tasks, Topology,
    TopologyEpoch,
};
use crate::test_world::{World, group_id};
use crate::{Client, GroupError, MemberId, Standing};

pub(crate) const REPARTITION: &str = "app-words-repartition";
pub(crate) const CHANGELOG: &str = "app-counts-changelog";

pub(crate) fn task(subtopology: &str, partition: i32) -> TaskId {
    let partition = PartitionIndex::from_wire(partition).unwrap();
    TaskId { subtopology: subtopology.into(), partition }
}

pub(crate) fn internal(name: &str) -> InternalTopic {
    InternalTopic {
        name: name.into(),
        partition_count: None,
        replication_factor: None,
        configs: vec![("cleanup.policy".into(), "compact".into())],
    }
}

/// Subtopology 0 reads `orders` and writes the repartition topic, 1 reads that and keeps counts.
pub(crate) fn topology() -> Topology {
    let first = Subtopology {
        source_topics: vec!["orders".into()],
        repartition_sinks: vec![REPARTITION.into()],
        ..Subtopology::default()
    };
    let second = Subtopology {
        repartition_sources: vec![internal(REPARTITION)],
        changelogs: vec![internal(CHANGELOG)],
        ..Subtopology::default()
    };
    Topology {
        epoch: TopologyEpoch::default(),
        subtopologies: [("0".into(), first), ("1".into(), second)].into(),
    }
}

/// A world in which the application's topics are there, and nothing waits.
pub(crate) fn world() -> World {
    let mut world = World::new();
    world.cluster.streams.initial_rebalance_delay = Duration::ZERO;
    world.cluster.streams.assignment_interval = Duration::ZERO;
    make_internal(&mut world, 4);
    world
}

pub(crate) fn make_internal(world: &mut World, partition_count: u32) {
    world.cluster.set_topic(REPARTITION, partition_count);
    world.cluster.set_topic(CHANGELOG, partition_count);
}

/// A report that says nothing new.
pub(crate) fn report(name: &str, epoch: i32) -> StreamsHeartbeat {
    StreamsHeartbeat {
        group: group_id(),
        member: MemberId::new(name).unwrap(),
        standing: Standing::from_wire(epoch).unwrap(),
        instance: None,
        rack: None,
        client: Client { id: "app".into(), host: "/127.0.0.1".into() },
        rebalance_timeout: None,
        topology: None,
        owned: None,
        process: None,
        endpoint: None,
        tags: None,
        task_offsets: None,
        task_end_offsets: None,
        shuts_down: false,
        endpoint_epoch: 0,
        knows_missing_tags: true,
    }
}

/// A thread of a process joins.
pub(crate) fn join(name: &str, process: &str) -> StreamsHeartbeat {
    StreamsHeartbeat {
        rebalance_timeout: Some(Duration::from_secs(60)),
        topology: Some(topology()),
        owned: Some(Tasks::default()),
        process: Some(process.into()),
        tags: Some([("zone".into(), Arc::from("a"))].into()),
        ..report(name, 0)
    }
}

pub(crate) fn holding(name: &str, epoch: i32, owned: &Tasks) -> StreamsHeartbeat {
    StreamsHeartbeat { owned: Some(owned.clone()), ..report(name, epoch) }
}

pub(crate) fn send(
    world: &mut World,
    request: StreamsHeartbeat,
) -> Result<StreamsHeartbeatReply, GroupError> {
    let now = world.now();
    let decision = world.shard.streams_heartbeat(&mut world.soft, now, &world.cluster, &request);
    world.carry_out(decision)
}

/// All tasks of the application.
pub(crate) fn all_tasks(partition_count: i32) -> BTreeSet<TaskId> {
    let of = |part: &'static str| (0..partition_count).map(move |index| task(part, index));
    of("0").chain(of("1")).collect()
}
