use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use bytes::Bytes;
use group::{
    Cluster, CommitOffsets, ConsumerTimes, Decision, GroupId, GroupSettings, GroupShard, Heartbeat,
    InvalidPattern, Join, Now, OffsetToCommit, PartResults, PartitionKey, Protocol, Reply, Soft,
    TopicFacts,
};
use io::SystemClock;
use model::{Offset, PartitionIndex, SeededRandom, TopicId, TopicName};
use record::Codec;

use super::memory_log::MemoryLog;
use super::*;

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

    fn streams_config(&self, _: &GroupId) -> group::StreamsGroupConfig {
        group::StreamsGroupConfig::default()
    }

    fn names_version(&self) -> u64 {
        0
    }

    fn share_times(&self, _: &GroupId) -> ConsumerTimes {
        ConsumerTimes::default()
    }

    fn consumer_times(&self, _: &GroupId) -> ConsumerTimes {
        ConsumerTimes::default()
    }
}

struct World {
    coordinator: GroupCoordinator,
    log: Arc<MemoryLog>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl World {
    fn new(instant: bool) -> Self {
        Self::with(instant, Duration::from_secs(5))
    }

    fn with(instant: bool, commit_timeout: Duration) -> Self {
        let log = Arc::new(MemoryLog::new());
        let groups =
            GroupSettings { initial_rebalance_delay: Duration::ZERO, ..GroupSettings::default() };
        let settings = Settings { machine: groups, commit_timeout, codec: Codec::Zstd };
        let clock = Arc::new(SystemClock::new());
        let coordinator = GroupCoordinator::new(
            clock,
            settings,
            SeededRandom::new(1),
            Arc::new(|_, effect| match effect {}),
        );
        let thread = Some(coordinator.start().unwrap());
        coordinator.set_partition_count(1);
        if instant {
            log.commit_at_once(&coordinator);
        }
        let world = Self { coordinator, log, thread };
        world.elect();
        world
    }

    fn elect(&self) {
        self.coordinator
            .elected(PartitionIndex::ZERO, Arc::clone(&self.log) as Arc<dyn CoordinatorLog>);
        while self.try_commit(0).recv().unwrap() == Err(Unavailable::Loading) {
            std::thread::yield_now();
        }
        self.coordinator.committed(PartitionIndex::ZERO, self.log.commit());
    }

    fn try_commit(&self, raw: i64) -> Receiver<Result<PartResults, Unavailable>> {
        let (sender, receiver) = channel();
        let partitions = if raw == 0 { 0 } else { 1 };
        let request = commit_of(raw, partitions);
        let decide =
            |hard: &GroupShard, soft: &mut Soft, now: Now| hard.commit_offsets(soft, now, request);
        self.coordinator.decide("readers", decide, move |result| sender.send(result).unwrap());
        receiver
    }

    fn fetch(&self) -> Result<Option<i64>, Unavailable> {
        let (sender, receiver) = channel();
        let decide = |hard: &GroupShard, _: &mut Soft, _: Now| -> Decision<Option<i64>> {
            let topic = orders();
            let fetched =
                hard.fetch_offsets(&readers(), [(&topic, None, PartitionIndex::ZERO)], false);
            fetched.map(|all| all[0].unwrap().and_then(|found| found.offset).map(Offset::to_wire))
        };
        self.coordinator.decide("readers", decide, move |result| sender.send(result).unwrap());
        self.coordinator.committed(PartitionIndex::ZERO, self.log.commit());
        receiver.recv().unwrap()
    }

    fn join(&self) -> Receiver<Result<Reply, Unavailable>> {
        self.join_as("readers", false)
    }

    fn join_with(
        &self,
        group: &str,
        member: Option<group::MemberId>,
    ) -> Receiver<Result<Reply, Unavailable>> {
        self.join_of(group, member, false)
    }

    fn join_as(&self, group: &str, wants_id: bool) -> Receiver<Result<Reply, Unavailable>> {
        self.join_of(group, None, wants_id)
    }

    fn join_of(
        &self,
        group: &str,
        member: Option<group::MemberId>,
        wants_id: bool,
    ) -> Receiver<Result<Reply, Unavailable>> {
        let (sender, receiver) = channel();
        let group = GroupId::new(group).unwrap();
        let key = group.clone();
        let decide = move |hard: &GroupShard, soft: &mut Soft, now: Now, ticket| {
            let request = Join {
                group,
                member,
                instance: None,
                client: group::Client { id: "app".into(), host: "/127.0.0.1".into() },
                session_timeout: Duration::from_secs(10),
                rebalance_timeout: Duration::from_secs(10),
                protocol_type: "consumer".into(),
                protocols: vec![Protocol { name: "range".into(), metadata: Bytes::new() }],
                knows_member_id_required: wants_id,
                knows_skip_assignment: false,
                reason: None,
                ticket,
            };
            hard.join(soft, now, &NoTopics, request)
        };
        self.coordinator
            .decide_parked(key.as_str(), decide, move |result| sender.send(result).unwrap());
        receiver
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.coordinator.stop();
        self.thread.take().unwrap().join().unwrap();
    }
}

fn readers() -> GroupId {
    GroupId::new("readers").unwrap()
}

fn orders() -> TopicName {
    TopicName::new("orders").unwrap()
}

fn commit_of(raw: i64, partition_count: i32) -> CommitOffsets {
    let offset = |partition| OffsetToCommit {
        partition: PartitionKey {
            topic: orders(),
            partition: PartitionIndex::from_wire(partition).unwrap(),
        },
        topic_id: None,
        offset: Offset::from_wire(raw),
        leader_epoch: None,
        metadata: "".into(),
    };
    CommitOffsets {
        group: readers(),
        member: None,
        instance: None,
        generation: None,
        knows_member_epochs: true,
        retention: None,
        offsets: (0..partition_count).map(offset).collect(),
    }
}

#[test]
fn records_are_written_in_the_codec_of_the_offsets_topic() {
    let world = World::new(true);
    assert!(world.try_commit(7).recv().unwrap().is_ok());
    assert_eq!(world.fetch(), Ok(Some(7)));
    let codecs = world.log.codecs();
    assert!(!codecs.is_empty());
    assert!(codecs.iter().all(|codec| *codec == Some(Codec::Zstd)), "{codecs:?}");
}

#[test]
fn a_reply_leaves_when_its_records_are_committed_and_not_before() {
    let world = World::new(false);
    let reply = world.try_commit(7);
    assert!(reply.try_recv().is_err());
    world.coordinator.committed(PartitionIndex::ZERO, world.log.commit());
    assert_eq!(reply.recv().unwrap(), Ok(Ok(vec![Ok(())])));
}

#[test]
fn a_reply_for_who_writes_behind_its_records_does_not_wait_for_them() {
    let world = World::new(false);
    let dir = empty_dir();
    let ask = |raw: i64| {
        let (sender, receiver) = channel();
        let request = commit_of(raw, 1);
        let decide =
            |hard: &GroupShard, soft: &mut Soft, now: Now| hard.commit_offsets(soft, now, request);
        let done = move |result: Result<PartResults, _>, uncommitted| {
            sender.send((result.is_ok(), uncommitted)).unwrap();
        };
        world.coordinator.decide_before("readers", &dir, decide, done);
        receiver
    };
    let apart = ask(7);
    assert!(apart.try_recv().is_err(), "their write-ahead logs are two");
    world.coordinator.committed(PartitionIndex::ZERO, world.log.commit());
    assert_eq!(apart.recv().unwrap(), (true, false));
    assert_eq!(world.log.unurgent_count(), 0);
    world.log.set_goes_before(true);
    assert_eq!(ask(8).try_recv(), Ok((true, true)), "and has them committed");
    assert_eq!(world.log.unurgent_count(), 1);
    // Others wait for them as ever.
    let other = world.try_commit(9);
    assert!(other.try_recv().is_err());
    world.coordinator.committed(PartitionIndex::ZERO, world.log.commit());
    assert!(other.recv().unwrap().is_ok());
    world.log.refuse(Some(AppendRefused::Storage));
    assert_eq!(
        ask(10).recv().map(|(is_ok, _)| is_ok),
        Ok(false),
        "what is not in the log is not done"
    );
}

/// A log directory that nothing is in.
fn empty_dir() -> Arc<LogDir> {
    struct NoLogs;
    impl storage::Topics for NoLogs {
        fn config(&self, _: &model::TopicPartition) -> Arc<storage::LogConfig> {
            Arc::default()
        }
    }
    let settings = storage::OpenSettings {
        disk: Arc::new(io::SimDisk::new(1)),
        arena: io::arena::Arena::new(4 << 20),
        lane: storage::LaneConfig::for_arena(4 << 20),
        open_files_max: 16,
        workers: Arc::new(storage::InTurn),
        salt: 1,
        wall: model::Timestamp::from_millis(1).unwrap(),
    };
    LogDir::open(std::path::Path::new("/data"), &settings, &NoLogs).unwrap().dir
}

#[test]
fn a_read_waits_for_the_write_it_has_seen() {
    let world = World::new(false);
    let write = world.try_commit(7);
    assert_eq!(world.fetch(), Ok(Some(7)));
    assert!(write.recv().unwrap().is_ok());
}

#[test]
fn the_next_leader_finds_what_was_committed() {
    let world = World::new(true);
    world.try_commit(7).recv().unwrap().unwrap().unwrap();
    world.coordinator.resigned(PartitionIndex::ZERO);
    assert_eq!(world.fetch(), Err(Unavailable::NotCoordinator));
    world.elect();
    assert_eq!(world.fetch(), Ok(Some(7)));
}

#[test]
fn a_commit_larger_than_a_batch_is_written_in_several() {
    let world = World::new(true);
    let (sender, receiver) = channel();
    let request = commit_of(3, 50_000);
    let decide =
        |hard: &GroupShard, soft: &mut Soft, now: Now| hard.commit_offsets(soft, now, request);
    world.coordinator.decide("readers", decide, move |result| sender.send(result).unwrap());
    assert_eq!(receiver.recv().unwrap().unwrap().unwrap().len(), 50_000);
    assert_eq!(world.log.end(), 50_000);
    world.coordinator.resigned(PartitionIndex::ZERO);
    world.elect();
    assert_eq!(world.fetch(), Ok(Some(3)));
}

#[test]
fn what_no_record_holds_is_refused_and_others_go_on() {
    let world = World::new(true);
    let parked = world.join_as("others", true);
    let end = world.log.end();
    let id = parked.recv().unwrap().unwrap();
    assert_eq!(joined_with(&world, 2 << 20), Err(group::GroupError::RecordTooLarge));
    assert_eq!(world.log.end(), end);
    // The id that was handed out is known still: the shard was not loaded again.
    let Reply::Join(Err(refused)) = id else { panic!("no id: {id:?}") };
    assert!(refused.member.is_some());
    let beat = world.join_with("others", refused.member);
    assert!(matches!(beat.recv().unwrap(), Ok(Reply::Join(Ok(_)))));
}

#[test]
fn what_a_topic_takes_is_heeded_as_soon_as_it_changes() {
    let world = World::new(true);
    world.log.set_batch_size_max(1_000);
    assert_eq!(joined_with(&world, 1_000), Err(group::GroupError::RecordTooLarge));
    world.log.set_batch_size_max(2_000);
    assert_eq!(joined_with(&world, 1_000), Ok(()));
}

/// A member of a consumer group joins with a topic's name of this size.
fn joined_with(world: &World, name_size: usize) -> Result<(), group::GroupError> {
    let (sender, receiver) = channel();
    let request = group::ConsumerHeartbeat {
        group: readers(),
        member: group::MemberId::new("a"),
        standing: group::Standing::Joining,
        instance: None,
        rack: None,
        client: group::Client { id: "app".into(), host: "/127.0.0.1".into() },
        rebalance_timeout: Some(Duration::from_secs(10)),
        topics: Some(std::iter::once("t".repeat(name_size).into()).collect()),
        pattern: None,
        assignor: None,
        owned: Some(group::Assignment::new()),
    };
    let decide = |hard: &GroupShard, soft: &mut Soft, now: Now| {
        hard.consumer_heartbeat(soft, now, &NoTopics, &request)
    };
    world.coordinator.decide("readers", decide, move |result| sender.send(result).unwrap());
    receiver.recv().unwrap().unwrap().map(|_| ())
}

#[test]
fn what_members_of_all_shards_keep_is_bounded_and_given_back() {
    let world = World::new(true);
    let other = PartitionIndex::from_wire(1).unwrap();
    let log = Arc::new(MemoryLog::new());
    world.coordinator.elected(other, Arc::clone(&log) as Arc<dyn CoordinatorLog>);
    world.coordinator.set_partition_count(2);
    let of = |partition: PartitionIndex| -> Vec<String> {
        let names = (100..).map(|number| format!("group-{number}"));
        let is_there = |name: &String| world.coordinator.partition_of(name) == Some(partition);
        names.filter(is_there).take(3).collect()
    };
    let (here, there) = (of(PartitionIndex::ZERO), of(other));
    let join = |group: &str| loop {
        match world.join_as(group, false).recv().unwrap() {
            Ok(Reply::Join(Ok(_))) => return Ok(()),
            Ok(Reply::Join(Err(refused))) => return Err(refused.error),
            Ok(Reply::Sync(_)) => panic!("a join's answer"),
            Err(_) => std::thread::yield_now(),
        }
    };
    let too_large = Err(group::GroupError::MembersTooLarge);
    // A member takes some 590 bytes: a group may have one of them, and all groups four.
    world.coordinator.bound_members_by(600);
    for group in [&here[0], &here[1], &there[0], &there[1]] {
        assert_eq!(join(group), Ok(()));
        assert_eq!(join(group), too_large);
    }
    assert_eq!([join(&here[2]), join(&there[2])], [too_large; 2]);
    world.coordinator.resigned(PartitionIndex::ZERO);
    assert_eq!(join(&there[2]), Ok(()));
}

#[test]
fn a_refused_write_fails_its_request_and_the_shard_is_loaded_again() {
    let world = World::new(true);
    world.try_commit(1).recv().unwrap().unwrap().unwrap();
    world.log.refuse(Some(AppendRefused::NotEnoughReplicas));
    assert_eq!(world.try_commit(2).recv().unwrap(), Err(Unavailable::NotCommitted));
    world.log.refuse(None);
    while world.fetch() == Err(Unavailable::Loading) {
        std::thread::yield_now();
    }
    assert_eq!(world.fetch(), Ok(Some(1)));
}

#[test]
fn a_shard_whose_writes_keep_failing_is_loaded_ever_less_often() {
    let world = World::new(true);
    world.try_commit(1).recv().unwrap().unwrap().unwrap();
    world.log.refuse(Some(AppendRefused::Storage));
    let reads_before = world.log.read_count();
    let end = std::time::Instant::now() + Duration::from_secs(1);
    while std::time::Instant::now() < end {
        let refused = world.try_commit(2).recv().unwrap();
        assert!(refused.is_err(), "an answer comes at once: {refused:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
    let reads = world.log.read_count() - reads_before;
    assert!((2..=12).contains(&reads), "{reads} reads in a second");
    world.log.refuse(None);
    while world.fetch() != Ok(Some(1)) {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(world.try_commit(3).recv().unwrap().is_ok());
}

#[test]
fn a_log_that_cannot_be_read_is_tried_again() {
    let world = World::new(true);
    world.try_commit(7).recv().unwrap().unwrap().unwrap();
    world.log.set_unreadable(true);
    world.coordinator.resigned(PartitionIndex::ZERO);
    let log = Arc::clone(&world.log) as Arc<dyn CoordinatorLog>;
    world.coordinator.elected(PartitionIndex::ZERO, log);
    while world.fetch() != Err(Unavailable::NotCoordinator) {
        std::thread::yield_now();
    }
    world.log.set_unreadable(false);
    while world.fetch() != Ok(Some(7)) {
        std::thread::yield_now();
    }
}

#[test]
fn a_parked_join_is_answered_by_a_deadline_and_refused_when_leadership_goes() {
    let world = World::new(true);
    let joined = world.join().recv().unwrap().unwrap();
    let Reply::Join(Ok(joined)) = joined else { panic!("{joined:?}") };
    let second = world.join();
    world.coordinator.resigned(PartitionIndex::ZERO);
    assert_eq!(second.recv().unwrap(), Err(Unavailable::NotCoordinator));
    let (sender, receiver) = channel();
    let heartbeat = Heartbeat {
        group: readers(),
        member: Some(joined.member),
        instance: None,
        generation: Some(joined.generation),
    };
    let decide = |hard: &GroupShard, soft: &mut Soft, now: Now| {
        hard.heartbeat(soft, now, &NoTopics, &heartbeat)
    };
    world.coordinator.decide("readers", decide, move |result| sender.send(result).unwrap());
    assert_eq!(receiver.recv().unwrap(), Err(Unavailable::NotCoordinator));
}

#[test]
fn a_reply_does_not_wait_for_its_commit_for_ever() {
    let world = World::with(false, Duration::from_millis(20));
    let reply = world.try_commit(7);
    assert_eq!(reply.recv().unwrap(), Err(Unavailable::NotCommitted));
}

#[test]
fn every_shard_is_asked_and_none_is_no_answer_at_all() {
    let world = World::new(true);
    world.try_commit(7).recv().unwrap().unwrap().unwrap();
    let (sender, receiver) = channel();
    let list = |hard: &GroupShard, soft: &mut Soft, _: Now| hard.list(soft);
    let to = sender.clone();
    world.coordinator.decide_all(list, move |results| to.send(results).unwrap());
    let results = receiver.recv().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0].as_ref().unwrap()[0].group, readers());
    world.coordinator.resigned(PartitionIndex::ZERO);
    world.coordinator.decide_all(list, move |results| sender.send(results).unwrap());
    assert!(receiver.recv().unwrap().is_empty());
}

fn within() -> InTransaction {
    InTransaction {
        producer: model::ProducerId::from_wire(7).unwrap(),
        epoch: model::ProducerEpoch::ZERO,
        guard: None,
    }
}

impl World {
    fn commit_within(&self, raw: i64) {
        let (sender, receiver) = channel();
        let request = commit_of(raw, 1);
        let producer = within().producer;
        let decide = |hard: &GroupShard, soft: &mut Soft, now: Now| {
            hard.commit_offsets_in_transaction(soft, now, request, producer)
        };
        let done = move |result| sender.send(result).unwrap();
        self.coordinator.decide_within("readers", within(), decide, done);
        receiver.recv().unwrap().unwrap().unwrap();
    }

    fn end(&self, committed: bool) {
        let (sender, receiver) = channel();
        let marker = Marker {
            producer: within().producer,
            epoch: within().epoch,
            committed,
            coordinator_epoch: model::CoordinatorEpoch::ZERO,
            epoch_rule: replica::MarkerEpochRule::SameOrLater,
        };
        let done = move |result| sender.send(result).unwrap();
        self.coordinator.end_transaction(PartitionIndex::ZERO, marker, Urgency::Now, done);
        assert_eq!(receiver.recv().unwrap(), Ok(()));
    }
}

#[test]
fn offsets_in_a_transaction_count_once_its_marker_is_there_also_after_a_load() {
    let world = World::new(true);
    world.try_commit(1).recv().unwrap().unwrap().unwrap();
    world.commit_within(5);
    assert_eq!(world.fetch(), Ok(Some(1)));
    world.end(false);
    assert_eq!(world.fetch(), Ok(Some(1)), "aborted");
    world.commit_within(9);
    world.coordinator.resigned(PartitionIndex::ZERO);
    world.elect();
    assert_eq!(world.fetch(), Ok(Some(1)), "still open after a load");
    world.end(true);
    assert_eq!(world.fetch(), Ok(Some(9)));
    world.coordinator.resigned(PartitionIndex::ZERO);
    world.elect();
    assert_eq!(world.fetch(), Ok(Some(9)), "committed after a load");
}

#[test]
fn a_producer_that_may_not_write_is_refused_and_the_shard_lives_on() {
    let world = World::new(true);
    world.try_commit(1).recv().unwrap().unwrap().unwrap();
    let refused = replica::ProducerError::NotInTransaction;
    world.log.refuse(Some(AppendRefused::Producer(refused)));
    let (sender, receiver) = channel();
    let request = commit_of(5, 1);
    let producer = within().producer;
    let decide = |hard: &GroupShard, soft: &mut Soft, now: Now| {
        hard.commit_offsets_in_transaction(soft, now, request, producer)
    };
    let done = move |result| sender.send(result).unwrap();
    world.coordinator.decide_within("readers", within(), decide, done);
    assert_eq!(receiver.recv().unwrap(), Err(Unavailable::Producer(refused)));
    world.log.refuse(None);
    assert_eq!(world.fetch(), Ok(Some(1)), "nothing had to be loaded again");
}
