//! The share coordinator: its own APIs, and the records of `__share_group_state`.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use model::{Offset, Uuid};
use record::{Batches, Decompressor};
use share::codec::{self, Decoded};
use share::{SharePartitionKey, ShareRecord, ShareShard, ShareState};
use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::messages::{
    DeleteShareGroupStateRequest, FetchRequest, InitializeShareGroupStateRequest,
    ReadShareGroupStateRequest, ReadShareGroupStateSummaryRequest, WriteShareGroupStateRequest,
    delete_share_group_state_request as delete, initialize_share_group_state_request as initialize,
    read_share_group_state_request as read, read_share_group_state_summary_request as summary,
    write_share_group_state_request as write,
};

use super::TOPIC;

const STATE_TOPIC: &str = "__share_group_state";
const RECORD_SIZE_MAX: usize = 1 << 20;

pub(super) fn initialize(
    group: &str,
    topic_id: Uuid,
    epoch: i32,
    start: i64,
) -> InitializeShareGroupStateRequest {
    let partition =
        initialize::PartitionData { partition: 0, state_epoch: epoch, start_offset: start };
    InitializeShareGroupStateRequest {
        group_id: group.into(),
        topics: vec![initialize::InitializeStateData { topic_id, partitions: vec![partition] }],
    }
}

pub(super) fn read(group: &str, topic_id: Uuid, leader_epoch: i32) -> ReadShareGroupStateRequest {
    let partition = read::PartitionData { partition: 0, leader_epoch };
    ReadShareGroupStateRequest {
        group_id: group.into(),
        topics: vec![read::ReadStateData { topic_id, partitions: vec![partition] }],
    }
}

pub(super) fn summary(group: &str, topic_id: Uuid) -> ReadShareGroupStateSummaryRequest {
    let partition = summary::PartitionData { partition: 0, leader_epoch: 0 };
    ReadShareGroupStateSummaryRequest {
        group_id: group.into(),
        topics: vec![summary::ReadStateSummaryData { topic_id, partitions: vec![partition] }],
    }
}

/// First and last offset, state and delivery count.
pub(super) type Batch = (i64, i64, i8, i16);

/// Words, state and leader epoch, start and complete count, batches.
type WriteCase = (&'static str, (i32, i32), (i64, i32), &'static [Batch]);

pub(super) fn write(
    group: &str,
    topic_id: Uuid,
    (state_epoch, leader_epoch): (i32, i32),
    (start_offset, delivery_complete_count): (i64, i32),
    batches: &[Batch],
) -> WriteShareGroupStateRequest {
    let batch =
        |(first_offset, last_offset, delivery_state, delivery_count): &Batch| write::StateBatch {
            first_offset: *first_offset,
            last_offset: *last_offset,
            delivery_state: *delivery_state,
            delivery_count: *delivery_count,
        };
    let partition = write::PartitionData {
        partition: 0,
        state_epoch,
        leader_epoch,
        start_offset,
        delivery_complete_count,
        state_batches: batches.iter().map(batch).collect(),
    };
    WriteShareGroupStateRequest {
        group_id: group.into(),
        topics: vec![write::WriteStateData { topic_id, partitions: vec![partition] }],
    }
}

fn delete(group: &str, topic_id: Uuid) -> DeleteShareGroupStateRequest {
    let partition = delete::PartitionData { partition: 0 };
    DeleteShareGroupStateRequest {
        group_id: group.into(),
        topics: vec![delete::DeleteStateData { topic_id, partitions: vec![partition] }],
    }
}

pub(super) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    let g = "stored";
    let id = |s: &mut Side| s.topic_id(TOPIC);
    c.case("read before there is anything", 0, |s| read(g, id(s), 0))?;
    for v in 0..=1 {
        c.case("summary before there is anything", v, |s| summary(g, id(s)))?;
        c.case("written before there is anything", v, |s| write(g, id(s), (0, 0), (0, 0), &[]))?;
    }
    c.case("deleted before there is anything", 0, |s| delete(g, id(s)))?;
    c.case("no group", 0, |s| read("", id(s), 0))?;
    c.case("unknown topic", 0, |_| read(g, Uuid::from_bytes([3; 16]), 0))?;
    c.case("unknown topic set up", 0, |_| initialize(g, Uuid::from_bytes([3; 16]), 0, 0))?;
    c.case("no topics", 0, |_| ReadShareGroupStateRequest {
        group_id: g.into(),
        topics: Vec::new(),
    })?;
    c.case("negative partition", 0, |s| {
        let mut request = read(g, id(s), 0);
        request.topics[0].partitions[0].partition = -1;
        request
    })?;
    c.case("set up", 0, |s| initialize(g, id(s), 1, -1))?;
    c.case("set up twice", 0, |s| initialize(g, id(s), 1, -1))?;
    c.case("set up with an old epoch", 0, |s| initialize(g, id(s), 0, 5))?;
    c.case("read", 0, |s| read(g, id(s), 0))?;
    c.case("read by a leader", 0, |s| read(g, id(s), 2))?;
    c.case("read by an old leader", 0, |s| read(g, id(s), 1))?;
    c.case("read without epoch", 0, |s| read(g, id(s), -1))?;
    let writes: &[WriteCase] = &[
        ("the start", (1, 2), (10, 0), &[]),
        ("some", (1, 2), (10, 3), &[(11, 13, 2, 1), (14, 15, 0, 1)]),
        ("over them", (1, 2), (10, 3), &[(12, 14, 0, 2), (15, 15, 4, 1)]),
        ("lower counts", (1, 2), (10, 3), &[(12, 14, 2, 1)]),
        ("on its way to the dead letters", (1, 2), (10, 3), &[(16, 18, 3, 5)]),
        ("the start moves", (1, 2), (13, 4), &[]),
        ("the start goes back", (1, 2), (11, 4), &[]),
        ("no start", (1, 2), (-1, 4), &[(20, 20, 2, 1)]),
        ("an old state", (0, 2), (13, 4), &[]),
        ("a later state", (2, 2), (13, 4), &[]),
        ("an old leader", (1, 1), (13, 4), &[]),
        ("a later leader", (1, 3), (13, 4), &[]),
        ("no leader", (1, -1), (13, 4), &[]),
        // What is no state or no range Apache Kafka takes, and writes down; Ottla refuses it.
        ("before the start", (1, 3), (13, 4), &[(2, 5, 2, 1)]),
    ];
    for (words, epochs, start, batches) in writes {
        for v in 0..=1 {
            c.case(words, v, |s| write(g, id(s), *epochs, *start, batches))?;
            c.case(&format!("{words}, summary"), v, |s| summary(g, id(s)))?;
        }
        let leader = epochs.1.max(2);
        c.case(&format!("{words}, read"), 0, |s| read(g, id(s), leader))?;
    }
    compare_group(c, g)?;
    c.case("set up anew", 0, |s| initialize(g, id(s), 3, 40))?;
    c.case("read anew", 0, |s| read(g, id(s), 3))?;
    c.case("deleted", 0, |s| delete(g, id(s)))?;
    c.case("read after that", 0, |s| read(g, id(s), 3))?;
    c.case("summary after that", 1, |s| summary(g, id(s)))?;
    compare_group(c, g)
}

/// What is written down of a group is the same: the state of each record, and the kinds of records of the topic.
pub(super) fn compare_group(c: &mut Comparison, group: &str) -> Result<(), Failed> {
    compare_group_then(c, group, "in the end")
}

/// The same in the middle of something.
pub(super) fn compare_group_then(
    c: &mut Comparison,
    group: &str,
    words: &str,
) -> Result<(), Failed> {
    let (mut wanted, mut found) = (Vec::new(), Vec::new());
    // What nobody waits for is written soon, not at once.
    for _ in 0..20 {
        wanted = told(&mut c.kafka, group)?;
        found = told(&mut c.ottla, group)?;
        if wanted == found {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    c.note(&format!("state of {group} {words}"), &wanted, &found);
    Ok(())
}

/// All that the topic's records say of a group in the end, a line for each fact.
fn told(side: &mut Side, group: &str) -> Result<Vec<String>, Failed> {
    let mut shard = ShareShard::new();
    let mut keys: BTreeMap<SharePartitionKey, ()> = BTreeMap::new();
    for (at, record) in records(side)? {
        let key = match &record {
            ShareRecord::Snapshot { key, .. }
            | ShareRecord::Update { key, .. }
            | ShareRecord::Removed { key } => key,
        };
        keys.insert(key.clone(), ());
        shard.replay(at, &record);
    }
    let mut lines = Vec::new();
    for key in keys.keys().filter(|key| key.group.as_str() == group) {
        let Some(state) = shard.state(key) else {
            lines.push(format!("{}: removed", key.partition));
            continue;
        };
        lines.extend(facts(key, state));
    }
    lines.sort();
    Ok(lines)
}

/// What is known of a share-partition. Where the start stands at decided records it is moved over them: Ottla writes it down
/// with the decision, Apache Kafka with the next one.
fn facts(key: &SharePartitionKey, state: &ShareState) -> Vec<String> {
    let mut batches = state.batches.to_vec();
    let (mut start, mut complete) = (state.start_offset, state.delivery_complete_count);
    while let Some(first) = batches.first()
        && first.state.is_final()
        && Some(first.range.first()) == start
    {
        start = Some(first.range.end());
        let count = u32::try_from(first.range.count()).expect("small");
        complete = complete.map(|complete| complete.saturating_sub(count));
        batches.remove(0);
    }
    let (state_epoch, leader_epoch) = (state.state_epoch, state.leader_epoch);
    let of = key.partition;
    let mut lines = vec![format!(
        "{of}: state epoch {state_epoch:?}, leader epoch {leader_epoch:?}, start {start:?}, complete {complete:?}"
    )];
    lines.extend(batches.iter().map(|batch| format!("{of}: {batch:?}")));
    lines
}

/// All records of `__share_group_state`, which has one partition here.
pub(super) fn records(side: &mut Side) -> Result<Vec<(Offset, ShareRecord)>, Failed> {
    let mut found = Vec::new();
    for Plain { offset, key, value, .. } in read_topic(side, STATE_TOPIC, 0)? {
        match codec::decode(&key.unwrap_or_default(), value.as_ref()) {
            Ok(Decoded::Record(record)) => found.push((offset, record)),
            Ok(Decoded::Other(_)) => {}
            Err(error) => return Err(Failed(format!("record {offset} of {STATE_TOPIC}: {error}"))),
        }
    }
    Ok(found)
}

/// A record without its time.
pub(super) struct Plain {
    pub(super) offset: Offset,
    pub(super) key: Option<Bytes>,
    pub(super) value: Option<Bytes>,
    pub(super) headers: Vec<(String, Option<Bytes>)>,
}

/// A partition's records from its start on.
pub(super) fn read_topic(side: &mut Side, topic: &str, index: i32) -> Result<Vec<Plain>, Failed> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut decompressor = Decompressor::new();
    loop {
        let request = FetchRequest {
            max_wait_ms: 0,
            min_bytes: 1,
            max_bytes: 1 << 22,
            session_epoch: -1,
            topics: vec![FetchTopic {
                topic: topic.into(),
                partitions: vec![FetchPartition {
                    partition: index,
                    fetch_offset: at,
                    partition_max_bytes: 1 << 22,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        };
        let answer = side.call(&request, 12)?.ok_or_else(|| Failed("closed".into()))?;
        let partition = answer.responses.first().and_then(|topic| topic.partitions.first());
        let partition = partition.ok_or_else(|| Failed(format!("no answer about {topic}")))?;
        if partition.error_code != 0 {
            // The log begins later: old records were deleted.
            if partition.error_code == 1 && partition.log_start_offset > at {
                at = partition.log_start_offset;
                continue;
            }
            return Err(Failed(format!("fetch {topic}: {}", partition.error_code)));
        }
        let bytes = partition.records.clone().unwrap_or_default();
        let before = at;
        for batch in Batches::checked(&bytes) {
            let Ok(batch) = batch else { break };
            let records = batch.records(&mut decompressor, RECORD_SIZE_MAX);
            for record in records.map_err(|error| Failed(error.to_string()))? {
                let record = record.map_err(|error| Failed(error.to_string()))?;
                let copy = |bytes: Option<&[u8]>| bytes.map(Bytes::copy_from_slice);
                let headers = record.headers.into_iter().map(|header| {
                    (String::from_utf8_lossy(header.key).into_owned(), copy(header.value))
                });
                found.push(Plain {
                    offset: record.offset,
                    key: copy(record.key),
                    value: copy(record.value),
                    headers: headers.collect(),
                });
            }
            at = batch.header().next_offset().to_wire();
        }
        if at == before {
            return Ok(found);
        }
    }
}
