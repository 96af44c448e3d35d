use group::Now;
use model::{Instant, LeaderEpoch, Offset, PartitionIndex, Timestamp, TopicId, Uuid};

use super::*;
use crate::codec::{self, Decoded};
use crate::samples::{group, offset, range};
use crate::{
    CoordinatorSettings, DeliveryState, JOB_RECORD_COUNT_MAX, STATE_BATCH_COUNT_MAX, StateBatch,
    StateEpoch,
};
use DeliveryState::{Acknowledged, Archived, Available};

/// A shard whose decisions are carried out at once, through the bytes of the log.
struct World {
    shard: ShareShard,
    soft: Soft,
    log: Vec<ShareRecord>,
    wall: i64,
}

fn settings() -> CoordinatorSettings {
    CoordinatorSettings { updates_per_snapshot: 3, ..CoordinatorSettings::default() }
}

impl World {
    fn new() -> Self {
        Self {
            shard: ShareShard::new(),
            soft: Soft::new(settings()),
            log: Vec::new(),
            wall: 1_000_000,
        }
    }

    fn now(&self) -> Now {
        Now {
            instant: Instant::from_millis(self.wall.unsigned_abs()),
            wall: Timestamp::from_millis(self.wall).unwrap(),
        }
    }

    fn carry_out<R>(&mut self, decision: Decision<R>) -> R {
        for record in decision.records {
            let record = through_bytes(&record);
            let at = offset(i64::try_from(self.log.len()).unwrap());
            self.shard.replay(at, &record);
            self.log.push(record);
        }
        decision.reply
    }

    fn initialize(&mut self, epoch: i32, start: Option<i64>) -> Result<(), CoordinatorError> {
        let decision = self.shard.initialize(
            &self.soft,
            self.now(),
            &key(0),
            state_epoch(epoch),
            start.map(offset),
        )?;
        self.carry_out(decision);
        Ok(())
    }

    fn write(&mut self, write: &Write) -> Result<(), CoordinatorError> {
        let decision = self.shard.write(&self.soft, self.now(), write)?;
        self.carry_out(decision);
        Ok(())
    }

    fn read(&mut self, epoch: i32) -> Result<ReadState, CoordinatorError> {
        let read = Read { key: key(0), leader_epoch: leader_epoch(epoch) };
        let decision = self.shard.read(&self.soft, self.now(), &read)?;
        Ok(self.carry_out(decision))
    }

    /// Time passes, and one job is carried out if it is due.
    fn pass(&mut self, seconds: i64) -> Vec<CoordinatorEffect> {
        self.wall += 1_000 * seconds;
        let now = self.now();
        let decision = self.shard.time_passed(&mut self.soft, now);
        let effects = decision.effects.clone();
        self.carry_out(decision);
        effects
    }

    fn state(&self) -> &ShareState {
        self.shard.state(&key(0)).unwrap()
    }

    /// The same state comes out of the log from `from` on.
    fn assert_reloads_from(&self, from: usize) {
        let mut again = ShareShard::new();
        for (at, record) in self.log.iter().enumerate().skip(from) {
            again.replay(offset(i64::try_from(at).unwrap()), record);
        }
        let states = |shard: &ShareShard| -> Vec<(SharePartitionKey, ShareState)> {
            shard.states.iter().map(|(key, hard)| (key.clone(), hard.state.clone())).collect()
        };
        assert_eq!(states(&again), states(&self.shard));
        assert_eq!(again.redundant_before(), self.shard.redundant_before());
    }
}

fn through_bytes(record: &ShareRecord) -> ShareRecord {
    let encoded = codec::encode(record).unwrap();
    let value = encoded.value.map(Into::into);
    match codec::decode(&encoded.key.into(), value.as_ref()).unwrap() {
        Decoded::Record(decoded) => {
            assert_eq!(&decoded, record);
            decoded
        }
        Decoded::Other(number) => panic!("{number}"),
    }
}

fn topic(number: u8) -> TopicId {
    TopicId::new(Uuid::from_bytes([number; 16])).unwrap()
}

fn key(partition: i32) -> SharePartitionKey {
    let partition = PartitionIndex::from_wire(partition).unwrap();
    SharePartitionKey { group: group("workers"), topic: topic(7), partition }
}

fn state_epoch(raw: i32) -> StateEpoch {
    StateEpoch::from_wire(raw).unwrap()
}

fn leader_epoch(raw: i32) -> LeaderEpoch {
    LeaderEpoch::from_wire(raw).unwrap()
}

fn batch(first: i64, last: i64, state: DeliveryState, delivery_count: u16) -> StateBatch {
    StateBatch { range: range(first, last), state, delivery_count }
}

/// By leader epoch 3 on state epoch 1.
fn write(start: i64, complete: u32, batches: &[StateBatch]) -> Write {
    Write {
        key: key(0),
        state_epoch: state_epoch(1),
        leader_epoch: leader_epoch(3),
        start_offset: Some(offset(start)),
        delivery_complete_count: Some(complete),
        batches: batches.to_vec(),
    }
}

fn led() -> World {
    let mut world = World::new();
    world.initialize(1, Some(0)).unwrap();
    world.read(3).unwrap();
    world
}

#[test]
fn a_share_partition_has_to_be_initialized() {
    let mut world = World::new();
    assert_eq!(world.read(0), Err(CoordinatorError::ReadUninitialized));
    assert_eq!(world.write(&write(0, 0, &[])), Err(CoordinatorError::WriteUninitialized));
    assert_eq!(world.shard.read_summary(&key(0)).reply, StateSummary::default());
    world.initialize(0, None).unwrap();
    let read = world.read(0).unwrap();
    let expected = ReadState { state_epoch: StateEpoch::ZERO, start_offset: None, batches: vec![] };
    assert_eq!(read, expected);
    assert_eq!(world.state().delivery_complete_count, None);
}

#[test]
fn the_same_initialization_once_more_writes_nothing() {
    let mut world = World::new();
    world.initialize(1, Some(5)).unwrap();
    world.initialize(1, Some(5)).unwrap();
    assert_eq!(world.log.len(), 1);
    world.initialize(2, Some(9)).unwrap();
    assert_eq!(world.state().snapshot_epoch.to_wire(), 1);
    assert_eq!(world.state().start_offset, Some(offset(9)));
    assert_eq!(world.initialize(1, Some(5)), Err(CoordinatorError::FencedStateEpoch));
}

#[test]
fn a_state_set_anew_at_its_own_start_forgets_what_was_decided() {
    let mut world = World::new();
    world.initialize(1, Some(5)).unwrap();
    let decided = Write { state_epoch: state_epoch(1), ..write(5, 0, &[batch(7, 9, Archived, 1)]) };
    world.write(&decided).unwrap();
    assert!(!world.state().batches.is_empty());
    world.initialize(1, Some(5)).unwrap();
    assert!(world.state().batches.is_empty());
    assert_eq!(world.state().delivery_complete_count, Some(0));
}

#[test]
fn a_new_state_fences_those_who_work_on_the_old_one() {
    let mut world = led();
    world.write(&write(0, 0, &[batch(0, 9, Available, 1)])).unwrap();
    world.initialize(2, Some(100)).unwrap();
    assert!(world.state().batches.is_empty());
    assert_eq!(world.write(&write(0, 0, &[])), Err(CoordinatorError::FencedStateEpoch));
    let newer = Write { state_epoch: state_epoch(2), ..write(100, 0, &[]) };
    world.write(&newer).unwrap();
}

#[test]
fn a_read_fences_the_leaders_before() {
    let mut world = led();
    let read = world.read(4).unwrap();
    assert_eq!(read.start_offset, Some(offset(0)));
    assert_eq!(world.write(&write(0, 0, &[])), Err(CoordinatorError::FencedLeaderEpoch));
    assert_eq!(world.read(3), Err(CoordinatorError::FencedLeaderEpoch));
    let count = world.log.len();
    world.read(4).unwrap();
    assert_eq!(world.log.len(), count, "the same leader reads without a record");
    let ahead = Write { leader_epoch: leader_epoch(9), ..write(0, 0, &[]) };
    world.write(&ahead).unwrap();
    assert_eq!(world.state().leader_epoch, leader_epoch(4), "only a read tells of a leader");
}

#[test]
fn a_leader_reads_what_was_written() {
    let mut world = led();
    world.write(&write(0, 5, &[batch(5, 9, Acknowledged, 1)])).unwrap();
    world.write(&write(0, 5, &[batch(0, 4, Available, 1)])).unwrap();
    let read = world.read(4).unwrap();
    assert_eq!(read.batches, [batch(0, 4, Available, 1), batch(5, 9, Acknowledged, 1)]);
    let summary = world.shard.read_summary(&key(0));
    assert_eq!(summary.seen, Some(offset(i64::try_from(world.log.len()).unwrap() - 1)));
    let expected = StateSummary {
        state_epoch: state_epoch(1),
        leader_epoch: leader_epoch(4),
        start_offset: Some(offset(0)),
        delivery_complete_count: Some(5),
    };
    assert_eq!(summary.reply, expected);
}

#[test]
fn a_start_offset_that_goes_back_is_passed_over() {
    let mut world = led();
    world.write(&write(10, 2, &[batch(12, 13, Archived, 1)])).unwrap();
    world.write(&write(5, 9, &[batch(6, 15, Available, 1)])).unwrap();
    let state = world.state();
    assert_eq!((state.start_offset, state.delivery_complete_count), (Some(offset(10)), Some(2)));
    let expected =
        [batch(10, 11, Available, 1), batch(12, 13, Archived, 1), batch(14, 15, Available, 1)];
    assert_eq!(state.batches.to_vec(), expected);
}

#[test]
fn a_write_without_a_start_leaves_it() {
    let mut world = led();
    world.write(&write(10, 0, &[])).unwrap();
    world.write(&Write { start_offset: None, ..write(0, 0, &[]) }).unwrap();
    assert_eq!(world.state().start_offset, Some(offset(10)));
}

#[test]
fn after_some_updates_comes_a_snapshot_with_all_of_them() {
    // The read that began the leader's time was an update too.
    let mut world = led();
    for at in 0..6 {
        world.write(&write(0, 0, &[batch(10 * at, 10 * at + 1, Available, 1)])).unwrap();
        world.assert_reloads_from(0);
    }
    let is_snapshot: Vec<bool> =
        world.log.iter().map(|record| matches!(record, ShareRecord::Snapshot { .. })).collect();
    assert_eq!(is_snapshot, [true, false, false, false, true, false, false, false]);
    let ShareRecord::Snapshot { state, .. } = &world.log[4] else { panic!() };
    assert_eq!(state.batches.len(), 3);
    assert_eq!(state.snapshot_epoch.to_wire(), 1);
    assert_eq!(world.shard.redundant_before(), Some(offset(4)));
    world.assert_reloads_from(4);
}

#[test]
fn with_no_updates_per_snapshot_each_write_is_one() {
    let mut world = led();
    world.soft.set_settings(CoordinatorSettings { updates_per_snapshot: 0, ..settings() });
    world.write(&write(0, 0, &[batch(0, 1, Available, 1)])).unwrap();
    assert!(matches!(world.log.last(), Some(ShareRecord::Snapshot { .. })));
}

#[test]
fn what_is_deleted_is_gone_and_may_begin_anew() {
    let mut world = led();
    world.write(&write(7, 0, &[])).unwrap();
    let decision = world.shard.delete(&key(0));
    world.carry_out(decision);
    world.assert_reloads_from(0);
    assert_eq!(world.shard.redundant_before(), Some(offset(4)), "all of it");
    let again = world.shard.delete(&key(0));
    assert_eq!(again.records, []);
    assert_eq!(world.read(9), Err(CoordinatorError::ReadUninitialized));
    world.initialize(0, Some(0)).unwrap();
    assert_eq!(world.read(0).unwrap().start_offset, Some(offset(0)));
}

#[test]
fn more_batches_than_are_kept_are_refused() {
    let mut world = led();
    let half = STATE_BATCH_COUNT_MAX / 2 + 1;
    let batches = |from: i64| -> Vec<_> {
        (0..i64::try_from(half).unwrap())
            .map(|at| batch(from + 2 * at, from + 2 * at, Available, 1))
            .collect()
    };
    world.write(&write(0, 0, &batches(0))).unwrap();
    let too_many = world.write(&write(0, 0, &batches(1_000_000)));
    assert_eq!(too_many, Err(CoordinatorError::TooManyBatches));
    world.write(&write(0, 0, &batches(0))).unwrap();
}

#[test]
fn topics_that_were_deleted_are_forgotten_step_by_step() {
    let mut world = World::new();
    for partition in 0..i32::try_from(JOB_RECORD_COUNT_MAX).unwrap() + 5 {
        let decision =
            world.shard.initialize(&world.soft, world.now(), &key(partition), state_epoch(0), None);
        world.carry_out(decision.unwrap());
    }
    let other = SharePartitionKey { topic: topic(8), ..key(0) };
    let decision =
        world.shard.initialize(&world.soft, world.now(), &other, state_epoch(0), None).unwrap();
    world.carry_out(decision);
    let now = world.now();
    let first = world.shard.topics_deleted(&mut world.soft, now, [topic(7)]);
    assert_eq!(first.records.len(), JOB_RECORD_COUNT_MAX);
    world.carry_out(first);
    let next = world.soft.next_timeout().unwrap();
    let then = Now { instant: next, ..now };
    let second = world.shard.time_passed(&mut world.soft, then);
    assert_eq!(second.records.len(), 5);
    world.carry_out(second);
    assert_eq!(world.soft.next_timeout(), None);
    assert_eq!(world.shard.states.keys().collect::<Vec<_>>(), [&other]);
    world.assert_reloads_from(0);
}

#[test]
fn an_idle_share_partition_is_written_anew_while_it_holds_up_the_log() {
    let mut world = led();
    let busy = SharePartitionKey { partition: PartitionIndex::from_wire(1).unwrap(), ..key(0) };
    let decision =
        world.shard.initialize(&world.soft, world.now(), &busy, state_epoch(1), None).unwrap();
    world.carry_out(decision);
    for _ in 0..8 {
        let write = Write { key: busy.clone(), ..write(0, 0, &[batch(0, 1, Available, 1)]) };
        world.write(&write).unwrap();
    }
    assert_eq!(world.shard.redundant_before(), Some(offset(0)));
    let now = world.now();
    let begun = world.shard.loaded(&mut world.soft, now);
    world.carry_out(begun);
    assert_eq!(world.pass(299), [], "it is not time yet");
    let log_size = world.log.len();
    world.pass(1);
    assert!(world.log.len() > log_size);
    world.assert_reloads_from(0);
    let redundant = world.shard.redundant_before().unwrap();
    assert!(redundant >= offset(8), "{redundant}");
    world.assert_reloads_from(usize::try_from(redundant.to_wire()).unwrap());
    assert_eq!(world.pass(0), [CoordinatorEffect::DeleteRecordsBefore(redundant)]);
    world.pass(300);
    world.pass(300);
    let log_size = world.log.len();
    assert_eq!(world.pass(300), [], "nothing would become free");
    assert_eq!(world.log.len(), log_size);
}

#[test]
fn an_update_without_its_snapshot_is_taken_for_what_it_says() {
    let mut shard = ShareShard::new();
    let update = ShareUpdate {
        snapshot_epoch: crate::SnapshotEpoch::ZERO,
        leader_epoch: Some(leader_epoch(5)),
        start_offset: Some(offset(9)),
        delivery_complete_count: None,
        batches: vec![batch(0, 12, Available, 1)],
    };
    shard.replay(offset(3), &ShareRecord::Update { key: key(0), update });
    let state = shard.state(&key(0)).unwrap();
    assert_eq!(state.leader_epoch, leader_epoch(5));
    assert_eq!(state.batches.to_vec(), [batch(9, 12, Available, 1)]);
    assert_eq!(shard.redundant_before(), Some(offset(3)));
}

#[test]
fn the_text_that_is_hashed_is_kafkas() {
    let text = key(4).to_string();
    assert_eq!(text, format!("workers:{}:4", topic(7)));
}

#[test]
fn before_anything_was_read_nothing_is_redundant() {
    assert_eq!(ShareShard::new().redundant_before(), None);
    let at_zero: Option<Offset> = Some(Offset::ZERO);
    let mut world = World::new();
    world.initialize(0, None).unwrap();
    assert_eq!(world.shard.redundant_before(), at_zero);
}

#[test]
fn what_fits_in_no_record_is_refused_and_nothing_changes() {
    let failed = Err(CoordinatorError::RecordTooLarge);
    let many: Vec<_> = (0..200).map(|at| batch(2 * at, 2 * at, Acknowledged, 1)).collect();
    let mut world = World::new();
    world.soft.set_record_size_max(40);
    assert_eq!(world.initialize(1, Some(0)), failed);
    assert!(world.log.is_empty());
    world.soft.set_record_size_max(2_000);
    world.initialize(1, Some(0)).unwrap();
    world.read(3).unwrap();
    let before = world.state().clone();
    assert_eq!(world.write(&write(0, 0, &many)), failed);
    assert_eq!((world.state(), world.log.len()), (&before, 2));
    // In parts it fits, until it is time for a snapshot of all of it; what was decided behind the start needs no room.
    world.write(&write(0, 0, &many[..80])).unwrap();
    world.write(&write(0, 0, &many[80..160])).unwrap();
    assert_eq!(world.write(&write(0, 0, &many[160..])), failed);
    assert_eq!(world.log.len(), 4);
    world.write(&write(300, 0, &many[160..])).unwrap();
    assert!(matches!(world.log.last(), Some(ShareRecord::Snapshot { .. })));
    assert_eq!(world.state().batches.len(), 50);
    world.assert_reloads_from(0);
}

#[test]
fn a_cold_snapshot_that_fits_no_more_is_left_and_others_are_moved() {
    let mut world = World::new();
    world.initialize(1, Some(0)).unwrap();
    let many: Vec<_> = (0..50).map(|at| batch(2 * at, 2 * at, Acknowledged, 1)).collect();
    for _ in 0..4 {
        world.write(&write(0, 0, &many)).unwrap();
    }
    let decision = world.shard.initialize(&world.soft, world.now(), &key(1), state_epoch(1), None);
    world.carry_out(decision.unwrap());
    for epoch in 4..7 {
        world.read(epoch).unwrap();
    }
    world.soft.set_record_size_max(500);
    let now = world.now();
    let decision = world.shard.loaded(&mut world.soft, now);
    world.carry_out(decision);
    let end = world.log.len();
    for _ in 0..3 {
        world.pass(3_600);
    }
    let keys = world.log[end..].iter().map(|record| match record {
        ShareRecord::Snapshot { key, .. } => key.partition.to_wire(),
        other => panic!("{other:?}"),
    });
    let keys: Vec<_> = keys.collect();
    assert!(!keys.is_empty() && keys.iter().all(|partition| *partition == 1), "{keys:?}");
}
