//! A described group as JSON.

use std::collections::{BTreeMap, BTreeSet};

use client::{
    GroupDescription, GroupKind, GroupMember, InternalTopic, StreamsMember, Tasks, Topology,
};
use model::{Offset, TopicPartition};
use serde_json::{Value, json};

use super::{Row, tables};

pub(super) fn of(group: &GroupDescription, rows: &[Row<'_>]) -> Value {
    let is_share = group.kind == GroupKind::Share;
    let offsets = rows.iter().map(|row| if is_share { share_offset(row) } else { offset(row) });
    json!({
        "group": group.group, "type": group.kind.name(), "state": group.state,
        "protocol_type": group.protocol_type, "assignor": group.protocol,
        "coordinator": group.coordinator, "epoch": group.epoch,
        "assignment_epoch": group.assignment_epoch,
        "topology": group.topology.as_ref().map(topology),
        "offsets": offsets.collect::<Vec<_>>(),
        "members": group.members.iter().map(|it| member(group, it)).collect::<Vec<_>>(),
    })
}

fn offset(row: &Row<'_>) -> Value {
    json!({
        "topic": row.partition.topic.as_str(), "partition": row.partition.partition.to_wire(),
        "current_offset": row.current.map(Offset::to_wire),
        "log_end_offset": row.end.map(Offset::to_wire), "lag": row.lag,
        "metadata": row.metadata,
        "consumer_id": row.member.map(|it| it.id.as_str()),
        "host": row.member.map(|it| it.host.as_str()),
        "client_id": row.member.map(|it| it.client_id.as_str()),
    })
}

fn share_offset(row: &Row<'_>) -> Value {
    json!({
        "topic": row.partition.topic.as_str(), "partition": row.partition.partition.to_wire(),
        "start_offset": row.current.map(Offset::to_wire), "lag": row.lag,
    })
}

fn member(group: &GroupDescription, it: &GroupMember) -> Value {
    json!({
        "consumer_id": it.id, "instance_id": it.instance_id, "rack": it.rack_id, "host": it.host,
        "client_id": it.client_id, "epoch": it.epoch, "protocol": tables::protocol(group, it),
        "topics": it.topics, "pattern": it.pattern,
        "assignment": places(&it.assignment), "target_assignment": places(&it.target),
        "streams": it.streams.as_ref().map(streams),
    })
}

fn places(places: &BTreeSet<TopicPartition>) -> Vec<String> {
    places.iter().map(ToString::to_string).collect()
}

fn streams(it: &StreamsMember) -> Value {
    json!({
        "topology_epoch": it.topology_epoch, "process_id": it.process_id,
        "user_endpoint": it.user_endpoint, "client_tags": it.client_tags,
        "tasks": tasks(&it.tasks), "target_tasks": tasks(&it.target_tasks),
    })
}

fn tasks(it: &Tasks) -> Value {
    let role = |tasks: &BTreeMap<String, Vec<i32>>| json!(tasks);
    json!({
        "active": role(&it.active), "standby": role(&it.standby), "warmup": role(&it.warmup),
    })
}

fn topology(it: &Topology) -> Value {
    let internal = |topics: &[InternalTopic]| -> Vec<Value> {
        let shown = topics.iter().map(|it| {
            json!({
                "name": it.name, "partitions": it.partition_count,
                "replication_factor": it.replication_factor,
            })
        });
        shown.collect()
    };
    let subtopologies = it.subtopologies.iter().map(|it| {
        json!({
            "id": it.id, "source_topics": it.source_topics,
            "repartition_sink_topics": it.repartition_sink_topics,
            "repartition_source_topics": internal(&it.repartition_source_topics),
            "changelog_topics": internal(&it.changelog_topics),
        })
    });
    json!({ "epoch": it.epoch, "subtopologies": subtopologies.collect::<Vec<_>>() })
}
