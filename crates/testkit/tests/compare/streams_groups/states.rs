//! Streams groups with standby tasks, topologies that are exchanged, members that are fenced, and bad numbers.

use testkit::Failed;
use testkit::compare::Comparison;
use wire::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use wire::messages::streams_group_heartbeat_request::{Endpoint, KeyValue, TaskIds, TaskOffset};
use wire::messages::{DeleteGroupsRequest, IncrementalAlterConfigsRequest};

use super::{Heartbeat, TOPIC, beat, describe, describe_new, holding, join, report};
use crate::group_records;

/// The type of a resource that is a group.
const GROUP_RESOURCE: i8 = 32;

pub(super) fn compare(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    standbys(c, v)?;
    topologies(c, v)?;
    fenced(c, v)?;
    bad_numbers(c, v)?;
    warmups(c, v)?;
    removed(c, v)
}

fn set(c: &mut Comparison, group: &str, name: &str, value: &str) -> Result<(), Failed> {
    let config =
        AlterableConfig { name: name.into(), config_operation: 0, value: Some(value.into()) };
    let resource = AlterConfigsResource {
        resource_type: GROUP_RESOURCE,
        resource_name: group.into(),
        configs: vec![config],
    };
    c.case(&format!("{name} of {group}"), 1, |_| IncrementalAlterConfigsRequest {
        resources: vec![resource.clone()],
        validate_only: false,
    })?;
    // Brokers take such a change over a moment after it was made.
    std::thread::sleep(std::time::Duration::from_millis(500));
    Ok(())
}

/// Each stateful task has one process that stands by.
fn standbys(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("standby-{v}");
    set(c, group, "streams.num.standby.replicas", "1")?;
    beat(c, "first of a group with standby tasks", v, join(group, "a", TOPIC))?;
    beat(c, "first holds all", v, holding(report(group, "a", 2), ALL))?;
    let second = Heartbeat { endpoint_information_epoch: -1, ..join(group, "b", TOPIC) };
    beat(c, "second of a group with standby tasks", v, second)?;
    describe(c, group)?;
    beat(c, "first is to let go and to stand by", v, report(group, "a", 2))?;
    describe(c, group)?;
    beat(c, "second leaves", v, report(group, "b", -1))?;
    beat(c, "first has all again", v, report(group, "a", 2))?;
    describe(c, group)?;
    set(c, group, "streams.num.standby.replicas", "0")?;
    beat(c, "the number of standby tasks changed", v, report(group, "a", 3))?;
    describe(c, group)?;
    group_records::compare(c, "StreamsGroup", group)
}

/// Neither side builds up state elsewhere before it moves a task, whatever is set and however far behind a member's state is.
fn warmups(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("warmup-{v}");
    set(c, group, "streams.num.warmup.replicas", "5")?;
    set(c, group, "streams.acceptable.recovery.lag", "10")?;
    let at = |offset: i64| {
        let of = |partition| TaskOffset { subtopology_id: "1".into(), partition, offset };
        Some((0..4).map(of).collect::<Vec<_>>())
    };
    let reached = |request: Heartbeat, offset: i64| Heartbeat {
        task_offsets: at(offset),
        task_end_offsets: at(1_000_000),
        ..request
    };
    beat(c, "first of a group with warm-ups", v, join(group, "a", TOPIC))?;
    beat(c, "first holds all", v, reached(holding(report(group, "a", 2), ALL), 1_000_000))?;
    let second = Heartbeat { endpoint_information_epoch: -1, ..join(group, "b", TOPIC) };
    beat(c, "second has no state yet", v, reached(second, 0))?;
    describe(c, group)?;
    beat(c, "first is to let go", v, report(group, "a", 2))?;
    beat(c, "second comes closer", v, reached(report(group, "b", 3), 999_995))?;
    describe(c, group)?;
    group_records::compare(c, "StreamsGroup", group)
}

pub(super) const ALL: &[(&str, &[i32])] = &[("0", &[0, 1, 2, 3]), ("1", &[0, 1, 2, 3])];

/// A group's topology is the first that a member brings, until the group is empty.
fn topologies(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("topology-{v}");
    let with_epoch = |member: &str, epoch: i32| {
        let mut request = join(group, member, TOPIC);
        request.topology.iter_mut().for_each(|topology| topology.epoch = epoch);
        request
    };
    beat(c, "joins with topology epoch 3", v, with_epoch("a", 3))?;
    beat(c, "an older topology", v, with_epoch("b", 1))?;
    beat(c, "a newer topology", v, with_epoch("n", 4))?;
    let mut other = with_epoch("o", 3);
    for part in other.topology.iter_mut().flat_map(|topology| &mut topology.subtopologies) {
        part.state_changelog_topics.clear();
    }
    beat(c, "another topology of the same epoch", v, other)?;
    // Apache Kafka answers a negative topology epoch with UNKNOWN_SERVER_ERROR, Ottla with INVALID_REQUEST.
    describe(c, group)?;
    beat(c, "the older one reports", v, report(group, "b", 3))?;
    beat(c, "the older one leaves", v, report(group, "b", -1))?;
    beat(c, "the first leaves", v, report(group, "a", -1))?;
    describe(c, group)?;
    beat(c, "a newer topology for the empty group", v, with_epoch("n", 4))?;
    beat(c, "it leaves", v, report(group, "n", -1))?;
    group_records::compare(c, "StreamsGroup", group)
}

/// Epochs that are not the member's.
fn fenced(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("fenced-{v}");
    beat(c, "joins", v, join(group, "a", TOPIC))?;
    for epoch in [1, 3, i32::MAX] {
        beat(c, &format!("reports epoch {epoch}"), v, report(group, "a", epoch))?;
        let held = holding(report(group, "a", epoch), ALL);
        beat(c, &format!("holds all at epoch {epoch}"), v, held)?;
    }
    beat(
        c,
        "changes its process",
        v,
        Heartbeat { process_id: Some("another".into()), ..report(group, "a", 2) },
    )?;
    beat(c, "has the new epoch", v, report(group, "a", 3))?;
    beat(
        c,
        "moves its endpoint",
        v,
        Heartbeat {
            user_endpoint: Some(Endpoint { host: "there".into(), port: 9 }),
            ..report(group, "a", 3)
        },
    )?;
    beat(
        c,
        "changes its rack",
        v,
        Heartbeat { rack_id: Some("r2".into()), ..report(group, "a", 3) },
    )?;
    describe(c, group)?;
    beat(c, "leaves", v, report(group, "a", -1))?;
    beat(c, "reports after it left", v, report(group, "a", 4))?;
    group_records::compare(c, "StreamsGroup", group)
}

fn bad_numbers(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("numbers-{v}");
    beat(c, "joins", v, join(group, "a", TOPIC))?;
    let raw = |partitions: &[i32]| {
        let part = TaskIds { subtopology_id: "0".into(), partitions: partitions.to_vec() };
        Heartbeat {
            active_tasks: Some(vec![part]),
            standby_tasks: Some(Vec::new()),
            warmup_tasks: Some(Vec::new()),
            ..report(group, "a", 2)
        }
    };
    beat(c, "the largest number of a task", v, raw(&[i32::MAX]))?;
    beat(c, "a task twice", v, raw(&[0, 0]))?;
    let offset =
        |partition: i32, offset: i64| TaskOffset { subtopology_id: "1".into(), partition, offset };
    beat(
        c,
        "offsets of a task that is not",
        v,
        Heartbeat {
            task_offsets: Some(vec![offset(77, 1)]),
            task_end_offsets: Some(vec![offset(77, 2)]),
            ..report(group, "a", 2)
        },
    )?;
    beat(
        c,
        "tags without names",
        v,
        Heartbeat {
            client_tags: Some(vec![KeyValue { key: "".into(), value: "".into() }]),
            ..report(group, "a", 2)
        },
    )?;
    beat(c, "long member id", v, join(group, &"m".repeat(10_000), TOPIC))?;
    beat(c, "leaves", v, report(group, "a", -1))
}

/// A group that was deleted begins anew.
fn removed(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("removed-{v}");
    beat(c, "joins", v, join(group, "a", TOPIC))?;
    beat(c, "leaves", v, report(group, "a", -1))?;
    c.case("deletes it", 2, |_| DeleteGroupsRequest { groups_names: vec![group.clone()] })?;
    c.case("deletes it again", 2, |_| DeleteGroupsRequest { groups_names: vec![group.clone()] })?;
    beat(c, "comes again", v, join(group, "a", TOPIC))?;
    describe_new(c, group)?;
    beat(c, "goes again", v, report(group, "a", -1))?;
    group_records::compare(c, "StreamsGroup", group)
}
