//! What a group left in `__consumer_offsets`, record by record.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use bytes::Bytes;
use model::coordinator_partition;
use record::limits::DECOMPRESSED_SIZE_MAX;
use record::{Batches, Decompressor};
use testkit::Failed;
use testkit::compare::{Comparison, Side, masked};
use wire::AnyRecord;
use wire::frame::{decode_coordinator_key, decode_coordinator_value};
use wire::messages::FetchRequest;
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::records::group::{GroupKey, GroupValue};

const PARTITION_COUNT: NonZeroU32 = NonZeroU32::new(50).expect("not zero");

/// Clocks and hashes, which the two sides have their own of. And the epoch that a member had before: Apache Kafka moves it up
/// to the current one with each step within an epoch, so that a member which missed an answer is fenced; Ottla keeps it.
const MASKED: &[&str] =
    &["metadata_hash", "assignment_timestamp", "commit_timestamp", "previous_member_epoch"];

/// What is shown of a record without a value.
const REMOVED: &str = "removed";
/// Ids of members from this length on were made by a broker, each has its own.
pub(crate) const MADE_ID_LENGTH_MIN: usize = 22;

/// The values under each key, one after the other, must be those of Apache Kafka. `kind` begins the names of the group's own
/// records: other parts have groups of other types under the same names.
pub(crate) fn compare(c: &mut Comparison, kind: &str, group: &str) -> Result<(), Failed> {
    let wanted = written(&mut c.kafka, kind, group)?;
    let found = written(&mut c.ottla, kind, group)?;
    c.note(&format!("{group} is in the log"), &true, &!wanted.is_empty());
    let nothing = Vec::new();
    for key in wanted.keys().chain(found.keys().filter(|key| !wanted.contains_key(*key))) {
        let of = |side: &BTreeMap<String, Vec<String>>| {
            side.get(key).unwrap_or(&nothing).join("\n  then ")
        };
        c.note_text(&format!("log of {group}, {key}"), &of(&wanted), &of(&found));
    }
    Ok(())
}

fn written(
    side: &mut Side,
    kind: &str,
    group: &str,
) -> Result<BTreeMap<String, Vec<String>>, Failed> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut decompressor = Decompressor::new();
    let mut next = 0;
    loop {
        let bytes = fetch(side, group, next)?;
        let before = next;
        for batch in Batches::checked(&bytes).map_while(Result::ok) {
            next = batch.header().next_offset().to_wire();
            if batch.header().attributes().is_control() {
                continue;
            }
            // What is taken out and put back in one batch is one step.
            let mut removed = BTreeSet::new();
            let records = batch.records(&mut decompressor, DECOMPRESSED_SIZE_MAX);
            for record in records.map_err(|error| Failed(error.to_string()))? {
                let record = record.map_err(|error| Failed(error.to_string()))?;
                let key = Bytes::copy_from_slice(record.key.unwrap_or_default());
                let value = record.value.map(Bytes::copy_from_slice);
                let (key, value) = shown(&key, value.as_ref())?;
                let key = without_made_ids(&key);
                if !key.starts_with(kind) || !key.contains(&format!("\"{group}\"")) {
                    continue;
                }
                // Apache Kafka takes out what only brokers before 4.1 wrote, with each group, whether it is there or not.
                if key.starts_with("ConsumerGroupPartitionMetadata") {
                    continue;
                }
                let values = all.entry(key.clone()).or_default();
                if value == REMOVED {
                    removed.insert(key);
                } else if removed.remove(&key) && values.last().is_some_and(|it| it == REMOVED) {
                    values.pop();
                }
                // What differs only in what is masked is no step of its own.
                if values.last() != Some(&value) {
                    values.push(value);
                }
            }
        }
        if next == before {
            return Ok(all);
        }
    }
}

fn shown(key: &Bytes, value: Option<&Bytes>) -> Result<(String, String), Failed> {
    let failed = |error: wire::DecodeError| Failed(format!("record of a group: {error}"));
    let key: GroupKey = decode_coordinator_key(key).map_err(failed)?;
    let Some(value) = value else { return Ok((format!("{key:?}"), REMOVED.to_owned())) };
    let (mut value, version) =
        decode_coordinator_value::<GroupValue>(key.key(), value).map_err(failed)?;
    in_order(&mut value);
    let text = masked(&format!("{value:#?}"));
    let lines = text.lines().map(|line| {
        let name = line.trim_start().split(':').next().unwrap_or_default();
        if MASKED.contains(&name) { format!("{name}: _") } else { line.trim().to_owned() }
    });
    let text = lines.collect::<Vec<_>>().join(" ");
    Ok((format!("{key:?}"), format!("version {version} {text}")))
}

fn without_made_ids(key: &str) -> String {
    let Some((before, id)) = key.split_once("member_id: \"") else { return key.to_owned() };
    let Some((id, after)) = id.split_once('"') else { return key.to_owned() };
    let id = if id.len() >= MADE_ID_LENGTH_MIN { "made" } else { id };
    format!("{before}member_id: \"{id}\"{after}")
}

/// Apache Kafka writes tables in no order.
fn in_order(value: &mut GroupValue) {
    match value {
        GroupValue::StreamsGroupCurrentMemberAssignment(it) => {
            for list in [
                &mut it.active_tasks,
                &mut it.standby_tasks,
                &mut it.warmup_tasks,
                &mut it.active_tasks_pending_revocation,
                &mut it.standby_tasks_pending_revocation,
                &mut it.warmup_tasks_pending_revocation,
            ] {
                list.sort_by(|a, b| a.subtopology_id.cmp(&b.subtopology_id));
                list.iter_mut()
                    .for_each(|it| by_partition(&mut it.partitions, it.assignment_epochs.as_mut()));
            }
        }
        GroupValue::StreamsGroupTargetAssignmentMember(it) => {
            for list in [&mut it.active_tasks, &mut it.standby_tasks, &mut it.warmup_tasks] {
                list.sort_by(|a, b| a.subtopology_id.cmp(&b.subtopology_id));
                list.iter_mut().for_each(|part| part.partitions.sort_unstable());
            }
        }
        GroupValue::StreamsGroupMetadata(it) => {
            it.last_assignment_configs
                .iter_mut()
                .for_each(|it| it.sort_by(|a, b| a.key.cmp(&b.key)));
        }
        GroupValue::StreamsGroupMemberMetadata(it) => {
            it.client_tags.sort_by(|a, b| a.key.cmp(&b.key));
        }
        GroupValue::StreamsGroupTopology(it) => {
            it.subtopologies.sort_by(|a, b| a.subtopology_id.cmp(&b.subtopology_id));
        }
        GroupValue::ConsumerGroupCurrentMemberAssignment(it) => {
            for list in [&mut it.assigned_partitions, &mut it.partitions_pending_revocation] {
                list.sort_by_key(|topic| topic.partitions.len());
                list.iter_mut()
                    .for_each(|it| by_partition(&mut it.partitions, it.assignment_epochs.as_mut()));
            }
        }
        GroupValue::ConsumerGroupTargetAssignmentMember(it) => {
            it.topic_partitions.sort_by_key(|topic| topic.partitions.len());
            it.topic_partitions.iter_mut().for_each(|topic| topic.partitions.sort_unstable());
        }
        GroupValue::ConsumerGroupMemberMetadata(it) => it.subscribed_topic_names.sort(),
        GroupValue::ConsumerGroupRegularExpression(it) => it.topics.sort(),
        _ => {}
    }
}

/// Partitions with the epochs that belong to them.
fn by_partition(partitions: &mut Vec<i32>, epochs: Option<&mut Vec<i32>>) {
    let Some(epochs) = epochs.filter(|epochs| !epochs.is_empty()) else {
        return partitions.sort_unstable();
    };
    let mut pairs: Vec<(i32, i32)> = partitions.drain(..).zip(epochs.drain(..)).collect();
    pairs.sort_unstable();
    (*partitions, *epochs) = pairs.into_iter().unzip();
}

fn fetch(side: &mut Side, group: &str, fetch_offset: i64) -> Result<Bytes, Failed> {
    let request = FetchRequest {
        max_wait_ms: 100,
        min_bytes: 0,
        max_bytes: 8 << 20,
        session_epoch: -1,
        topics: vec![FetchTopic {
            topic: "__consumer_offsets".into(),
            partitions: vec![FetchPartition {
                partition: coordinator_partition(group, PARTITION_COUNT).to_wire(),
                fetch_offset,
                partition_max_bytes: 8 << 20,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let response =
        side.call(&request, 12)?.ok_or_else(|| Failed("Fetch closed the connection".into()))?;
    let partitions = response.responses.into_iter().flat_map(|topic| topic.partitions);
    Ok(partitions.filter_map(|it| it.records).next().unwrap_or_default())
}
