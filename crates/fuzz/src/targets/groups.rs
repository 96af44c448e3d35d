//! What lies in `__consumer_offsets`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use group::codec::{Decoded, decode, encode};
use group::{
    Assignment, Client, Cluster, ConsumerChange, ConsumerHeartbeat, ConsumerTimes, GroupId,
    GroupListing, GroupRecord, GroupSettings, GroupShard, GroupState, InvalidPattern, MemberId,
    Now, ShareHeartbeat, Soft, Standing, StreamsGroupConfig, StreamsHeartbeat, TopicFacts,
    Topology,
};
use model::{Instant, Offset, ProducerId, SeededRandom, Timestamp, TopicId, TopicName};
use wire::schema::{find, random_bytes};

use crate::mutate::size;
use crate::seeds::{choice, prefix};
use crate::target::Verdict;

/// The number that a key begins with, and the schemas of key and value.
type Kind = (i16, &'static str, &'static str);

/// The types of records of classic and consumer groups.
const KINDS: [Kind; 10] = [
    (1, "OffsetCommitKey", "OffsetCommitValue"),
    (2, "GroupMetadataKey", "GroupMetadataValue"),
    (0, "LegacyOffsetCommitKey", "LegacyOffsetCommitValue"),
    (3, "ConsumerGroupMetadataKey", "ConsumerGroupMetadataValue"),
    (4, "ConsumerGroupPartitionMetadataKey", "ConsumerGroupPartitionMetadataValue"),
    (5, "ConsumerGroupMemberMetadataKey", "ConsumerGroupMemberMetadataValue"),
    (6, "ConsumerGroupTargetAssignmentMetadataKey", "ConsumerGroupTargetAssignmentMetadataValue"),
    (7, "ConsumerGroupTargetAssignmentMemberKey", "ConsumerGroupTargetAssignmentMemberValue"),
    (8, "ConsumerGroupCurrentMemberAssignmentKey", "ConsumerGroupCurrentMemberAssignmentValue"),
    (16, "ConsumerGroupRegularExpressionKey", "ConsumerGroupRegularExpressionValue"),
];

/// Those of streams groups (KIP-1071).
const STREAMS_KINDS: [Kind; 6] = [
    (17, "StreamsGroupMetadataKey", "StreamsGroupMetadataValue"),
    (19, "StreamsGroupMemberMetadataKey", "StreamsGroupMemberMetadataValue"),
    (20, "StreamsGroupTargetAssignmentMetadataKey", "StreamsGroupTargetAssignmentMetadataValue"),
    (21, "StreamsGroupTargetAssignmentMemberKey", "StreamsGroupTargetAssignmentMemberValue"),
    (22, "StreamsGroupCurrentMemberAssignmentKey", "StreamsGroupCurrentMemberAssignmentValue"),
    (23, "StreamsGroupTopologyKey", "StreamsGroupTopologyValue"),
];

/// Those of the members of share groups (KIP-932).
const SHARE_KINDS: [Kind; 6] = [
    (10, "ShareGroupMemberMetadataKey", "ShareGroupMemberMetadataValue"),
    (11, "ShareGroupMetadataKey", "ShareGroupMetadataValue"),
    (12, "ShareGroupTargetAssignmentMetadataKey", "ShareGroupTargetAssignmentMetadataValue"),
    (13, "ShareGroupTargetAssignmentMemberKey", "ShareGroupTargetAssignmentMemberValue"),
    (14, "ShareGroupCurrentMemberAssignmentKey", "ShareGroupCurrentMemberAssignmentValue"),
    (15, "ShareGroupStatePartitionMetadataKey", "ShareGroupStatePartitionMetadataValue"),
];

/// Deadlines that are carried out after what was loaded.
const DEADLINES: usize = 8;

pub(super) fn seed(random: &mut SeededRandom) -> Vec<u8> {
    seed_of(&KINDS, random)
}

pub(super) fn streams_seed(random: &mut SeededRandom) -> Vec<u8> {
    seed_of(&STREAMS_KINDS, random)
}

pub(super) fn share_seed(random: &mut SeededRandom) -> Vec<u8> {
    seed_of(&SHARE_KINDS, random)
}

/// Records one behind the other: lengths of key and value, then the two.
fn seed_of(kinds: &[Kind], random: &mut SeededRandom) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..=random.below(8) {
        let (key, value) = key_value(kinds, random);
        bytes.extend(prefix(key.len()));
        bytes.extend(prefix(value.len()));
        bytes.extend(key);
        bytes.extend(value);
    }
    bytes
}

/// Keys and values alone.
pub(super) fn pairs(random: &mut SeededRandom) -> Vec<(Option<Vec<u8>>, Vec<u8>)> {
    let pairs = (0..=random.below(3)).map(|_| key_value(&KINDS, random));
    pairs.map(|(key, value)| (Some(key), value)).collect()
}

fn key_value(kinds: &[Kind], random: &mut SeededRandom) -> (Vec<u8>, Vec<u8>) {
    for _ in 0..200 {
        let Some((number, key, value)) = kinds.get(size(random.below(kinds.len() as u64))) else {
            continue;
        };
        let (Some(key), Some(value)) = (find(key), find(value)) else { continue };
        let key = [&number.to_be_bytes()[..], &random_bytes(key, 0, random)].concat();
        let mut versions = value.versions.iter();
        let count = versions.clone().count();
        let version = versions.nth(size(random.below(count as u64))).unwrap_or(0);
        let value = [&version.to_be_bytes()[..], &random_bytes(value, version, random)].concat();
        // Not every text is a topic's name.
        if decode(&Bytes::from(key.clone()), Some(&Bytes::from(value.clone())), None).is_ok() {
            return (key, if random.one_in(5) { Vec::new() } else { value });
        }
    }
    (vec![0, 9], Vec::new())
}

pub(super) fn replay(input: &[u8]) -> Verdict {
    let mut shard = GroupShard::new();
    let mut at = Offset::ZERO;
    let mut good = true;
    let mut rest = input;
    while let Some((key_size, after)) = choice(rest, usize::from(u16::MAX)) {
        let Some((value_size, after)) = choice(after, usize::from(u16::MAX)) else { break };
        let (key, after) = after.split_at(key_size.min(after.len()));
        let (value, after) = after.split_at(value_size.min(after.len()));
        rest = after;
        let (key, value) = (Bytes::copy_from_slice(key), Bytes::copy_from_slice(value));
        let value = Some(&value).filter(|value| !value.is_empty());
        let producer = ProducerId::from_wire(1).filter(|_| key_size % 3 == 0);
        match decode(&key, value, producer) {
            Ok(Decoded::Record(record)) => {
                let bytes = encode(&record);
                // What older brokers kept of topics stays as it lies in the log.
                let is_written = !matches!(
                    record,
                    GroupRecord::Consumer {
                        change: ConsumerChange::PartitionMetadata { exists: true },
                        ..
                    }
                );
                assert_eq!(bytes.is_ok(), is_written, "{record:?} was decoded: {bytes:?}");
                if let Ok(bytes) = bytes {
                    let (key, value) = (Bytes::from(bytes.key), bytes.value.map(Bytes::from));
                    let again = decode(&key, value.as_ref(), producer);
                    assert_eq!(again, Ok(Decoded::Record(record.clone())), "decodes as another");
                }
                shard.replay(at, &record);
                at = at.plus(1).unwrap_or(at);
            }
            Ok(Decoded::OtherGroupType(_)) => {}
            Err(_) => good = false,
        }
    }
    let mut soft = Soft::new(GroupSettings::default(), SeededRandom::new(1));
    let Some(wall) = Timestamp::from_millis(1_700_000_000_000) else { return Verdict::Refused };
    let mut now = Now { instant: Instant::default(), wall };
    let mut carry_out = |shard: &mut GroupShard, records: Vec<GroupRecord>| {
        for record in records {
            shard.replay(at, &record);
            at = at.plus(1).unwrap_or(at);
        }
    };
    let decision = shard.loaded(&mut soft, now);
    carry_out(&mut shard, decision.records);
    // A day later every session is over.
    now.instant = now.instant.plus(Duration::from_secs(86_400));
    for _ in 0..DEADLINES {
        let decision = shard.time_passed(&mut soft, now);
        carry_out(&mut shard, decision.records);
    }
    // Whatever was loaded, somebody new can ask to join.
    let groups = shard.list(&soft).reply;
    for listing in groups {
        let records = join(&shard, &mut soft, now, &listing);
        carry_out(&mut shard, records);
    }
    if good { Verdict::Taken } else { Verdict::Refused }
}

/// What a new member's first report writes.
fn join(shard: &GroupShard, soft: &mut Soft, now: Now, it: &GroupListing) -> Vec<GroupRecord> {
    let Some(member) = MemberId::new("fuzzed") else { return Vec::new() };
    let group = it.group.clone();
    let client = Client { id: "fuzz".into(), host: "here".into() };
    let topics = Some(BTreeSet::from(["t".into()]));
    match it.state {
        GroupState::Classic(_) => Vec::new(),
        GroupState::Consumer(_) => {
            let request = ConsumerHeartbeat {
                group,
                member: Some(member),
                standing: Standing::Joining,
                instance: None,
                rack: None,
                client,
                rebalance_timeout: Some(Duration::from_secs(60)),
                topics,
                pattern: None,
                assignor: None,
                owned: Some(Assignment::new()),
            };
            shard.consumer_heartbeat(soft, now, &NoTopics, &request).records
        }
        GroupState::Share(_) => {
            let standing = Standing::Joining;
            let request = ShareHeartbeat { group, member, standing, rack: None, client, topics };
            shard.share_heartbeat(soft, now, &NoTopics, &request).records
        }
        GroupState::Streams(_) => {
            let request = StreamsHeartbeat {
                group,
                member,
                standing: Standing::Joining,
                instance: None,
                rack: None,
                client,
                rebalance_timeout: Some(Duration::from_secs(60)),
                topology: Some(Topology::default()),
                owned: None,
                process: Some("process".into()),
                endpoint: None,
                tags: None,
                task_offsets: None,
                task_end_offsets: None,
                shuts_down: false,
                endpoint_epoch: -1,
                knows_missing_tags: true,
            };
            shard.streams_heartbeat(soft, now, &NoTopics, &request).records
        }
    }
}

/// A cluster without topics.
struct NoTopics;

impl Cluster for NoTopics {
    fn version(&self) -> u64 {
        0
    }

    fn topic(&self, _: &str) -> Option<TopicFacts> {
        None
    }

    fn topic_name(&self, _: TopicId) -> Option<TopicName> {
        None
    }

    fn matching(&self, _: &str) -> Result<BTreeSet<Arc<str>>, InvalidPattern> {
        Ok(BTreeSet::new())
    }

    fn names_version(&self) -> u64 {
        0
    }

    fn consumer_times(&self, _: &GroupId) -> ConsumerTimes {
        ConsumerTimes::default()
    }

    fn share_times(&self, _: &GroupId) -> ConsumerTimes {
        ConsumerTimes::default()
    }

    fn streams_config(&self, _: &GroupId) -> StreamsGroupConfig {
        StreamsGroupConfig::default()
    }
}
