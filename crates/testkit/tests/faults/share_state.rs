//! Batches of `__share_group_state` that rot while no broker runs.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use model::Uuid;
use record::{Batches, Decompressor};
use share::ShareRecord;
use share::codec::{self, Decoded};
use tempfile::TempDir;
use testkit::Ottla;
use wire::ErrorCode;
use wire::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use wire::messages::share_acknowledge_request::{
    AcknowledgePartition, AcknowledgeTopic, AcknowledgementBatch,
};
use wire::messages::share_fetch_request::{FetchPartition, FetchTopic};
use wire::messages::{
    FindCoordinatorRequest, IncrementalAlterConfigsRequest, ShareAcknowledgeRequest,
    ShareFetchRequest, ShareGroupHeartbeatRequest,
};

use crate::client::{Client, NONE, PATIENCE, batch, others_are_served};

/// The kind of resource that a group's settings belong to.
const GROUP: i8 = 32;
const ACCEPT: i8 = 1;
/// All states lie in one log, whatever ids topics have.
const SETTINGS: &[&str] = &["share.coordinator.state.topic.num.partitions=1"];

/// The only member of a group that reads one partition.
struct Member {
    group: String,
    topic: String,
    topic_id: Uuid,
    client: Client,
    epoch: i32,
}

impl Member {
    /// Joins, and waits until it has its partition.
    fn join(address: &str, group: &str, topic: &str) -> Self {
        let mut client = Client::new(address);
        let topic_id = client.side.topic_id(topic);
        let mut member =
            Self { group: group.into(), topic: topic.into(), topic_id, client, epoch: 0 };
        let end = Instant::now() + PATIENCE;
        while !member.has_partition() {
            assert!(Instant::now() < end, "{group} gets no partition");
            std::thread::sleep(Duration::from_millis(20));
        }
        member
    }

    fn has_partition(&mut self) -> bool {
        let request = ShareGroupHeartbeatRequest {
            group_id: self.group.clone(),
            member_id: "member".into(),
            subscribed_topic_names: Some(vec![self.topic.clone()]),
            ..Default::default()
        };
        let answer = self.client.side.call(&request, 1).expect("join").expect("an answer");
        answer.assignment.is_some_and(|assignment| !assignment.topic_partitions.is_empty())
    }

    /// The offsets that it is handed; with none it asks again for a while.
    fn fetch(&mut self) -> BTreeSet<i64> {
        self.fetch_some(500)
    }

    fn fetch_some(&mut self, most: i32) -> BTreeSet<i64> {
        let end = Instant::now() + PATIENCE;
        loop {
            let found = self.fetch_once(most).unwrap_or_default();
            if !found.is_empty() || Instant::now() > end {
                return found;
            }
        }
    }

    fn fetch_once(&mut self, max_records: i32) -> Result<BTreeSet<i64>, i16> {
        let partition = FetchPartition { partition_index: 0, ..Default::default() };
        let request = ShareFetchRequest {
            group_id: Some(self.group.clone()),
            member_id: Some("member".into()),
            share_session_epoch: self.epoch,
            max_wait_ms: 200,
            min_bytes: 1,
            max_bytes: 1 << 20,
            max_records,
            batch_size: 500,
            topics: vec![FetchTopic { topic_id: self.topic_id, partitions: vec![partition] }],
            ..Default::default()
        };
        let answer = self.client.side.call(&request, 1).expect("fetch").expect("an answer");
        if answer.error_code != NONE {
            return Err(answer.error_code);
        }
        self.epoch += 1;
        let mut found = BTreeSet::new();
        for partition in answer.responses.iter().flat_map(|topic| &topic.partitions) {
            if partition.error_code != NONE {
                return Err(partition.error_code);
            }
            let rows = partition.acquired_records.iter();
            found.extend(rows.flat_map(|row| row.first_offset..=row.last_offset));
        }
        Ok(found)
    }

    fn accept(&mut self, offsets: impl IntoIterator<Item = i64>) {
        let batch = |offset| AcknowledgementBatch {
            first_offset: offset,
            last_offset: offset,
            acknowledge_types: vec![ACCEPT],
        };
        let acknowledgement_batches = offsets.into_iter().map(batch).collect();
        let partitions = vec![AcknowledgePartition { partition_index: 0, acknowledgement_batches }];
        let request = ShareAcknowledgeRequest {
            group_id: Some(self.group.clone()),
            member_id: Some("member".into()),
            share_session_epoch: self.epoch,
            topics: vec![AcknowledgeTopic { topic_id: self.topic_id, partitions }],
            ..Default::default()
        };
        let answer = self.client.side.call(&request, 1).expect("accept").expect("an answer");
        let codes = answer.responses.iter().flat_map(|topic| &topic.partitions);
        let codes: Vec<i16> = codes.map(|partition| partition.error_code).collect();
        assert_eq!((answer.error_code, codes), (NONE, vec![NONE]));
        self.epoch += 1;
    }
}

/// Groups begin where their topic begins.
fn from_the_start(client: &mut Client, group: &str) {
    let config = AlterableConfig {
        name: "share.auto.offset.reset".into(),
        config_operation: 0,
        value: Some("earliest".into()),
    };
    let request = IncrementalAlterConfigsRequest {
        resources: vec![AlterConfigsResource {
            resource_type: GROUP,
            resource_name: group.into(),
            configs: vec![config],
        }],
        validate_only: false,
    };
    let answer = client.side.call(&request, 1).expect("alter").expect("an answer");
    assert_eq!(answer.responses[0].error_code, NONE);
}

/// A broker whose log lines are kept, a topic of ten records, and two groups that have accepted four of them each: the first
/// three, and then one more.
struct World {
    ottla: Ottla,
    words: PathBuf,
    topic: String,
    _own: TempDir,
}

impl World {
    fn begin() -> Self {
        let own = TempDir::new().expect("a directory");
        let (data, words) = (own.path().join("data"), own.path().join("words"));
        let redirect = format!("exec \"$0\" \"$@\" >>'{}'", words.display());
        let wrapper = ["sh", "-c", &redirect];
        let ottla = Ottla::start_through(&wrapper, Some(&data), SETTINGS).expect("Ottla");
        let mut client = Client::new(&ottla.bootstrap());
        // The topic of groups is made for who asks for a coordinator first.
        let ask =
            FindCoordinatorRequest { coordinator_keys: vec!["hurt".into()], ..Default::default() };
        client.side.call(&ask, 4).expect("find the coordinator");
        // It has one record at once.
        let topic = client.create("shared", &[]);
        for number in 1..10 {
            let value = format!("value {number}");
            assert_eq!(client.produce_code(&topic, batch(&[value], None)), NONE);
        }
        for group in ["hurt", "well"] {
            from_the_start(&mut client, group);
            let mut member = Member::join(&ottla.bootstrap(), group, &topic);
            // What it held and did not decide about would be written down when it goes.
            assert_eq!(member.fetch_some(4), (0..4).collect());
            member.accept(0..3);
            member.accept([3]);
        }
        Self { ottla, words, topic, _own: own }
    }

    fn log(&self) -> PathBuf {
        self.ottla.data().join("__share_group_state-0/00000000000000000000.log")
    }

    /// Stops the broker, does something to batches of the states' log, and starts it. `hurt` is given the place of each batch
    /// that says something of the group `hurt`, and the log.
    fn damage(&mut self, hurt: impl FnOnce(&[std::ops::Range<usize>], &mut [u8])) {
        self.ottla.stop().expect("a clean stop");
        let path = self.log();
        let mut bytes = fs::read(&path).expect("the states");
        let places = batches_of("hurt", &bytes);
        assert!(places.len() > 2, "each decision has its record");
        hurt(&places, &mut bytes);
        fs::write(&path, bytes).expect("write");
        self.ottla.restart().expect("a start in spite of the damage");
    }

    /// The same with a kill behind the last clean stop: the start goes over the log itself then. `hurt` is given the place of each
    /// batch, and the log.
    fn damage_after_kill(&mut self, hurt: impl FnOnce(&[std::ops::Range<usize>], &mut [u8])) {
        self.ottla.stop().expect("a clean stop");
        self.ottla.restart().expect("a start");
        self.ottla.kill().expect("a kill");
        let path = self.log();
        let mut bytes = fs::read(&path).expect("the states");
        let places = batches_of("hurt", &bytes);
        hurt(&places, &mut bytes);
        fs::write(&path, bytes).expect("write");
        self.ottla.restart().expect("a start in spite of the damage");
    }

    fn metric(&self, name: &str) -> u64 {
        let page = self.ottla.page("/metrics").expect("metrics");
        let line = page.lines().find(|line| line.starts_with(&format!("{name} ")));
        let value = line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or_default();
        value.parse().unwrap_or_else(|_| panic!("no {name}: {line:?}"))
    }

    fn error_lines(&self, words: &str) -> Vec<String> {
        let all = fs::read_to_string(&self.words).expect("its words");
        let found = all.lines().filter(|line| line.contains("ERROR") && line.contains(words));
        found.map(str::to_owned).collect()
    }

    /// The group that was not hurt goes on where it was, new groups come, and others are served.
    fn others_go_on(&self) {
        let address = self.ottla.bootstrap();
        let mut well = Member::join(&address, "well", &self.topic);
        assert_eq!(well.fetch(), (4..10).collect());
        well.accept(4..10);
        from_the_start(&mut well.client, "new");
        assert_eq!(Member::join(&address, "new", &self.topic).fetch(), (0..10).collect());
        others_are_served(&address);
    }
}

/// Where the batches lie that hold records of a group.
fn batches_of(group: &str, bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let (mut found, mut start) = (Vec::new(), 0);
    let mut decompressor = Decompressor::new();
    for batch in Batches::checked(bytes) {
        let batch = batch.expect("a batch");
        let place = start..start + batch.bytes().len();
        start = place.end;
        let records = batch.records(&mut decompressor, 1 << 20).expect("records");
        let is_of_group = records.map(|record| record.expect("a record")).any(|record| {
            let copy = |bytes: Option<&[u8]>| bytes.map(bytes::Bytes::copy_from_slice);
            let key = copy(record.key).unwrap_or_default();
            match codec::decode(&key, copy(record.value).as_ref()) {
                Ok(Decoded::Record(
                    ShareRecord::Snapshot { key, .. }
                    | ShareRecord::Update { key, .. }
                    | ShareRecord::Removed { key },
                )) => key.group.as_str() == group,
                Ok(Decoded::Other(_)) | Err(_) => false,
            }
        });
        if is_of_group {
            found.push(place);
        }
    }
    found
}

/// A byte of the records.
fn flip_inside(place: &std::ops::Range<usize>, bytes: &mut [u8]) {
    bytes[place.end - 3] ^= 0x10;
}

#[test]
fn of_a_damaged_decision_only_that_is_lost() {
    let mut world = World::begin();
    world.damage(|places, bytes| flip_inside(places.last().expect("one"), bytes));
    let mut hurt = Member::join(&world.ottla.bootstrap(), "hurt", &world.topic);
    assert_eq!(hurt.fetch(), (3..10).collect(), "the last decision comes again, no other");
    hurt.accept(3..10);
    world.others_go_on();
    assert_eq!(world.metric("ottla_share_coordinator_damaged_places"), 1);
    assert_eq!(world.metric("ottla_share_coordinator_lost_states_total"), 0);
    let lines = world.error_lines("step over damaged share batches");
    assert!(lines.len() == 1 && lines[0].contains("at byte "), "{lines:?}");
    // What is decided now is there after the next start, though the damage is, too.
    world.ottla.stop().expect("a clean stop");
    world.ottla.restart().expect("a start");
    let mut hurt = Member::join(&world.ottla.bootstrap(), "hurt", &world.topic);
    let code = hurt.client.produce_code(&world.topic, batch(&["later"], None));
    assert_eq!((code, hurt.fetch()), (NONE, [10].into()));
}

#[test]
fn a_share_partition_whose_whole_state_is_damaged_begins_anew() {
    let mut world = World::begin();
    let mut count = 0;
    world.damage(|places, bytes| {
        count = places.len();
        places.iter().for_each(|place| flip_inside(place, bytes));
    });
    let mut hurt = Member::join(&world.ottla.bootstrap(), "hurt", &world.topic);
    assert_eq!(hurt.fetch(), (0..10).collect(), "it begins where the group's settings say");
    hurt.accept(0..10);
    world.others_go_on();
    let places = world.metric("ottla_share_coordinator_damaged_places");
    assert!(places >= 1 && places <= count as u64, "{places} of {count}");
    assert_eq!(world.metric("ottla_share_coordinator_lost_states_total"), 1);
    let lines = world.error_lines("the state of the share-partition is lost");
    assert!(lines.len() == 1 && lines[0].contains("hurt"), "{lines:?}");
    // It goes on from there.
    world.ottla.stop().expect("a clean stop");
    world.ottla.restart().expect("a start");
    let mut hurt = Member::join(&world.ottla.bootstrap(), "hurt", &world.topic);
    let code = hurt.client.produce_code(&world.topic, batch(&["later"], None));
    assert_eq!((code, hurt.fetch()), (NONE, [10].into()));
    assert_eq!(world.metric("ottla_share_coordinator_lost_states_total"), 0);
}

/// A byte that says which version a batch has.
fn flip_magic(place: &std::ops::Range<usize>, bytes: &mut [u8]) {
    bytes[place.start + 16] ^= 0x40;
}

#[test]
fn members_hear_of_states_that_a_start_after_a_kill_finds_damaged() {
    let mut world = World::begin();
    world.damage_after_kill(|places, bytes| flip_magic(places.last().expect("one"), bytes));
    let address = world.ottla.bootstrap();
    others_are_served(&address);
    for group in ["hurt", "well"] {
        let mut member = Member::join(&address, group, &world.topic);
        let end = Instant::now() + PATIENCE;
        let code = loop {
            match member.fetch_once(500) {
                Ok(found) => {
                    assert!(found.is_empty() && Instant::now() < end, "{group}: {found:?}")
                }
                Err(code) => break code,
            }
        };
        assert_eq!(code, ErrorCode::KafkaStorageError.code(), "{group}");
    }
    let lines = world.error_lines("states of share groups cannot be read");
    assert!(lines.len() == 1, "{lines:?}");
    let lines = world.error_lines("partition stays offline");
    assert!(lines.len() == 1 && lines[0].contains("__share_group_state-0"), "{lines:?}");
}
