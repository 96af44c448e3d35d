use std::collections::{BTreeMap, BTreeSet};

use client::{GroupDescription, GroupMember, InternalTopic, Tasks};
use model::{Offset, TopicPartition};

use super::Row;
use crate::output::Table;

fn dash() -> String {
    "-".to_owned()
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { dash() } else { text.to_owned() }
}

fn number(number: Option<impl ToString>) -> String {
    number.map_or_else(dash, |it| it.to_string())
}

/// Kafka's columns first: scripts cut them out.
pub(super) fn offsets(group: &GroupDescription, rows: &[Row<'_>]) -> Table {
    let mut table = Table::new(&[
        "GROUP",
        "TOPIC",
        "PARTITION",
        "CURRENT-OFFSET",
        "LOG-END-OFFSET",
        "LAG",
        "CONSUMER-ID",
        "HOST",
        "CLIENT-ID",
    ]);
    for row in rows {
        table.row([
            group.group.clone(),
            row.partition.topic.to_string(),
            row.partition.partition.to_string(),
            number(row.current),
            number(row.end),
            number(row.lag),
            row.member.map_or_else(dash, |it| it.id.clone()),
            row.member.map_or_else(dash, |it| it.host.clone()),
            row.member.map_or_else(dash, |it| it.client_id.clone()),
        ]);
    }
    for idle in group.members.iter().filter(|member| member.assignment.is_empty()) {
        let mut cells = vec![group.group.clone()];
        cells.extend(std::iter::repeat_with(dash).take(5));
        cells.extend([idle.id.clone(), idle.host.clone(), idle.client_id.clone()]);
        table.row(cells);
    }
    table
}

pub(super) fn share_offsets(group: &GroupDescription, rows: &[Row<'_>]) -> Table {
    let mut table = Table::new(&["GROUP", "TOPIC", "PARTITION", "START-OFFSET", "LAG"]);
    for row in rows {
        table.row([
            group.group.clone(),
            row.partition.topic.to_string(),
            row.partition.partition.to_string(),
            row.current.map_or_else(dash, |it| Offset::to_string(&it)),
            number(row.lag),
        ]);
    }
    table
}

pub(super) fn state(group: &GroupDescription) -> Table {
    let mut table = Table::new(&[
        "GROUP",
        "TYPE",
        "STATE",
        "COORDINATOR",
        "ASSIGNOR",
        "EPOCH",
        "TARGET-ASSIGNMENT-EPOCH",
        "TOPOLOGY-EPOCH",
        "#MEMBERS",
    ]);
    table.row([
        group.group.clone(),
        group.kind.name().to_owned(),
        group.state.clone(),
        group.coordinator.to_string(),
        or_dash(&group.protocol),
        number(group.epoch),
        number(group.assignment_epoch),
        number(group.topology.as_ref().map(|it| it.epoch)),
        group.members.len().to_string(),
    ]);
    table
}

pub(super) fn members(group: &GroupDescription) -> Table {
    let mut table = Table::new(&[
        "GROUP",
        "CONSUMER-ID",
        "GROUP-INSTANCE-ID",
        "HOST",
        "CLIENT-ID",
        "RACK",
        "EPOCH",
        "PROTOCOL",
        "ASSIGNMENT",
        "TARGET-ASSIGNMENT",
    ]);
    for it in &group.members {
        let (current, target) = assignments(it);
        table.row([
            group.group.clone(),
            it.id.clone(),
            it.instance_id.clone().unwrap_or_else(dash),
            it.host.clone(),
            or_dash(&it.client_id),
            it.rack_id.clone().unwrap_or_else(dash),
            number(it.epoch),
            protocol(group, it).to_owned(),
            current,
            target,
        ]);
    }
    table
}

/// What the member itself speaks.
pub(super) fn protocol(group: &GroupDescription, member: &GroupMember) -> &'static str {
    if member.is_classic { "classic" } else { group.kind.protocol() }
}

fn assignments(it: &GroupMember) -> (String, String) {
    match &it.streams {
        Some(streams) => (tasks(&streams.tasks), tasks(&streams.target_tasks)),
        None => (places(&it.assignment), places(&it.target)),
    }
}

/// As `orders:0,2;payments:1`.
fn places(places: &BTreeSet<TopicPartition>) -> String {
    let mut topics: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    for it in places {
        topics.entry(it.topic.as_str()).or_default().push(it.partition.to_wire());
    }
    let shown: Vec<String> =
        topics.iter().map(|(topic, indexes)| format!("{topic}:{}", list(indexes))).collect();
    or_dash(&shown.join(";"))
}

/// As `0:0,1;1:2`, behind the role of tasks that are not active.
fn tasks(tasks: &Tasks) -> String {
    let roles = [("", &tasks.active), ("standby ", &tasks.standby), ("warmup ", &tasks.warmup)];
    let shown = roles.iter().flat_map(|(role, tasks)| {
        tasks.iter().map(move |(id, indexes)| format!("{role}{id}:{}", list(indexes)))
    });
    or_dash(&shown.collect::<Vec<_>>().join(";"))
}

fn list(indexes: &[i32]) -> String {
    indexes.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

pub(super) fn topology(group: &GroupDescription) -> Table {
    let mut table = Table::new(&[
        "GROUP",
        "SUBTOPOLOGY",
        "SOURCE-TOPICS",
        "REPARTITION-SOURCE-TOPICS",
        "REPARTITION-SINK-TOPICS",
        "CHANGELOG-TOPICS",
    ]);
    let names = |topics: &[InternalTopic]| {
        let names: Vec<&str> = topics.iter().map(|it| it.name.as_str()).collect();
        or_dash(&names.join(","))
    };
    for it in group.topology.iter().flat_map(|it| &it.subtopologies) {
        table.row([
            group.group.clone(),
            it.id.clone(),
            or_dash(&it.source_topics.join(",")),
            names(&it.repartition_source_topics),
            or_dash(&it.repartition_sink_topics.join(",")),
            names(&it.changelog_topics),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{PartitionIndex, TopicName};

    #[test]
    fn assignments_are_short_and_say_what_stands_by() {
        let place = |topic: &str, index| TopicPartition {
            topic: TopicName::new(topic).unwrap(),
            partition: PartitionIndex::from_wire(index).unwrap(),
        };
        let set = BTreeSet::from([place("b", 1), place("a", 2), place("a", 0)]);
        assert_eq!(places(&set), "a:0,2;b:1");
        assert_eq!(places(&BTreeSet::new()), "-");
        let mut found = Tasks::default();
        assert_eq!(tasks(&found), "-");
        found.active.insert("0".to_owned(), vec![0, 1]);
        found.standby.insert("1".to_owned(), vec![2]);
        found.warmup.insert("1".to_owned(), vec![3]);
        assert_eq!(tasks(&found), "0:0,1;standby 1:2;warmup 1:3");
    }
}
