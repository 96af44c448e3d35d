use std::time::Duration;

use group::Ticket;
use model::{Instant, LeaderEpoch, Offset, ProducerId};

use super::*;
use crate::samples::{member, offset, range};
use crate::{
    AcknowledgeError, BATCH_OVERRUN_RECORD_COUNT_MAX, DeliveryState, OffsetRange, OpenError,
    ShareSettings, StateBatch, StateEpoch, WRITE_RETRY_PAUSE,
};
use AcknowledgeType::{Accept, Gap, Reject, Release, Renew};
use DeliveryState::{Acknowledged, Archived, Archiving, Available};

/// A share-partition with its writes carried out when a test says so.
struct World {
    partition: SharePartition,
    out: Effects,
    now: Instant,
    next_ticket: u64,
}

fn settings() -> ShareSettings {
    ShareSettings { record_lock_count_max: 200, ..ShareSettings::default() }
}

impl World {
    fn new() -> Self {
        Self::with(settings(), 0, vec![])
    }

    fn with(settings: ShareSettings, start: i64, batches: Vec<StateBatch>) -> Self {
        let opening = Opening {
            life: 1,
            state_epoch: StateEpoch::ZERO,
            leader_epoch: LeaderEpoch::from_wire(3).unwrap(),
            start_offset: offset(start),
            is_start_new: false,
            batches,
        };
        let mut out = Effects::default();
        let partition = SharePartition::open(opening, settings, &mut out).unwrap();
        Self { partition, out, now: Instant::from_millis(1_000), next_ticket: 0 }
    }

    /// Fetches batches of records, as they lie in the log, at the next offset.
    fn fetch(&mut self, name: &str, most: u32, batches: &[(i64, i64)]) -> Vec<(i64, i64, u16)> {
        self.fetch_as(name, AcquireMode::BatchOptimized, most, 1_000, batches)
    }

    fn fetch_limited(&mut self, name: &str, most: u32, all: &[(i64, i64)]) -> Vec<(i64, i64, u16)> {
        self.fetch_as(name, AcquireMode::RecordLimit, most, 1_000, all)
    }

    fn fetch_as(
        &mut self,
        name: &str,
        mode: AcquireMode,
        record_count_max: u32,
        batch_size: u32,
        batches: &[(i64, i64)],
    ) -> Vec<(i64, i64, u16)> {
        let batch = |(first, last): &(i64, i64)| FetchedBatch {
            range: range(*first, *last),
            kind: BatchKind::Records,
        };
        let fetched: Vec<_> = batches.iter().map(batch).collect();
        let member = member(name);
        let request = Acquire {
            member: &member,
            mode,
            record_count_max,
            batch_size,
            fetch_offset: self.partition.next_fetch_offset(),
            fetched: &fetched,
            aborted: &[],
        };
        rows(&self.partition.acquire(self.now, &request, &mut self.out))
    }

    fn acknowledge(&mut self, name: &str, all: &[(i64, i64, &[AcknowledgeType])]) -> Ticket {
        let batch = |(first, last, types): &(i64, i64, &[AcknowledgeType])| AcknowledgementBatch {
            range: range(*first, *last),
            types: types.to_vec(),
        };
        let batches: Vec<_> = all.iter().map(batch).collect();
        self.next_ticket += 1;
        let ticket = Ticket(self.next_ticket);
        self.partition.acknowledge(self.now, ticket, &member(name), &batches, &mut self.out);
        ticket
    }

    fn effects(&mut self) -> Vec<Effect> {
        self.out.drain().collect()
    }

    /// The write that was asked for since the last look.
    fn write(&mut self) -> Option<StateWrite> {
        self.effects().into_iter().find_map(|effect| match effect {
            Effect::Write(write) => Some(write),
            _ => None,
        })
    }

    fn done(&mut self, id: WriteId, result: Result<(), WriteError>) {
        self.partition.write_done(self.now, id, result, &mut self.out);
    }

    /// Carries out all writes, and gives back what happened.
    fn settle(&mut self) -> Vec<Effect> {
        let mut seen = Vec::new();
        loop {
            let effects = self.effects();
            let write = effects.iter().find_map(|effect| match effect {
                Effect::Write(write) => Some(write.id),
                _ => None,
            });
            seen.extend(effects);
            let Some(id) = write else { return seen };
            self.done(id, Ok(()));
        }
    }

    /// Acknowledges, with the write done at once.
    fn accept(&mut self, name: &str, first: i64, last: i64, kind: AcknowledgeType) {
        let ticket = self.acknowledge(name, &[(first, last, &[kind])]);
        assert_eq!(answers(&self.settle()), [(ticket, Ok(()))]);
    }

    fn pass(&mut self, millis: u64) {
        self.now = self.now.plus(Duration::from_millis(millis));
        self.partition.time_passed(self.now, &mut self.out);
    }

    fn next(&self) -> i64 {
        self.partition.next_fetch_offset().to_wire()
    }

    fn start(&self) -> i64 {
        self.partition.start_offset().to_wire()
    }
}

fn rows(acquired: &Acquired) -> Vec<(i64, i64, u16)> {
    let row = |records: &AcquiredRecords| {
        let range = records.range;
        (range.first().to_wire(), range.last().to_wire(), records.delivery_count)
    };
    acquired.records.iter().map(row).collect()
}

fn answers(effects: &[Effect]) -> Vec<(Ticket, Result<(), AcknowledgeError>)> {
    let answer = |effect: &Effect| match effect {
        Effect::Answer { ticket, result } => Some((*ticket, *result)),
        _ => None,
    };
    effects.iter().filter_map(answer).collect()
}

fn letters(effects: &[Effect]) -> Vec<(OffsetRange, DeadLetterCause)> {
    let letter = |effect: &Effect| match effect {
        Effect::DeadLetter(letter) => Some((letter.range, letter.cause)),
        _ => None,
    };
    effects.iter().filter_map(letter).collect()
}

fn state(first: i64, last: i64, state: DeliveryState, delivery_count: u16) -> StateBatch {
    StateBatch { range: range(first, last), state, delivery_count }
}

const REFUSED: Result<(), AcknowledgeError> = Err(AcknowledgeError::InvalidRecordState);
const MALFORMED: Result<(), AcknowledgeError> = Err(AcknowledgeError::InvalidRequest);

mod acquiring {
    use super::*;

    #[test]
    fn batches_stay_whole_beyond_the_number_of_records_wanted() {
        let mut world = World::new();
        assert_eq!(world.fetch("ann", 5, &[(0, 9), (10, 19)]), [(0, 9, 1)]);
        assert_eq!(world.next(), 10);
        assert_eq!(world.fetch("bob", 15, &[(10, 19), (20, 29), (30, 39)]), [(10, 29, 1)]);
    }

    #[test]
    fn in_record_limit_mode_a_batch_is_cut() {
        let mut world = World::new();
        assert_eq!(world.fetch_limited("ann", 5, &[(0, 9)]), [(0, 4, 1)]);
        // The log gives the batch from its beginning once more.
        assert_eq!(world.fetch_limited("bob", 3, &[(0, 9)]), [(5, 7, 1)]);
        assert_eq!(world.next(), 8);
    }

    #[test]
    fn records_are_split_where_batches_of_the_wanted_size_end() {
        let mut world = World::new();
        let log = [(0, 9), (10, 19), (20, 29), (30, 39)];
        let rows = world.fetch_as("ann", AcquireMode::BatchOptimized, 1_000, 15, &log);
        assert_eq!(rows, [(0, 19, 1), (20, 39, 1)]);
    }

    #[test]
    fn no_more_are_in_flight_than_locks_are_allowed() {
        let mut world = World::new();
        assert_eq!(world.fetch_limited("ann", 500, &[(0, 299)]), [(0, 199, 1)]);
        assert!(!world.partition.can_acquire());
        assert_eq!(world.fetch("bob", 500, &[(200, 299)]), []);
        world.accept("ann", 100, 199, Accept);
        assert!(
            !world.partition.can_acquire(),
            "decided records count until the start passes them"
        );
        world.accept("ann", 0, 49, Accept);
        assert!(world.partition.can_acquire());
        assert_eq!(world.fetch_limited("bob", 500, &[(200, 299)]), [(200, 249, 1)]);
    }

    #[test]
    fn a_batch_is_cut_when_it_goes_too_far_beyond() {
        let mut world = World::new();
        let last = i64::from(BATCH_OVERRUN_RECORD_COUNT_MAX) + 10;
        assert_eq!(world.fetch("ann", 10, &[(0, last + 100)]), [(0, last - 1, 1)]);
    }

    #[test]
    fn what_was_released_goes_before_what_is_new() {
        let mut world = World::new();
        world.fetch("ann", 1, &[(0, 9)]);
        world.fetch("ann", 1, &[(10, 19)]);
        world.accept("ann", 3, 5, Release);
        assert_eq!(world.next(), 3);
        let rows = world.fetch("bob", 500, &[(0, 9), (10, 19), (20, 29)]);
        assert_eq!(rows, [(3, 5, 2), (20, 29, 1)]);
    }

    #[test]
    fn holes_of_a_compacted_log_are_passed_over() {
        let mut world = World::new();
        assert_eq!(world.fetch("ann", 500, &[(5, 9), (20, 24)]), [(5, 9, 1), (20, 24, 1)]);
        assert_eq!(world.start(), 5);
        world.accept("ann", 5, 9, Accept);
        assert_eq!(world.start(), 20, "the hole between them is no record");
    }

    #[test]
    fn records_that_were_compacted_away_after_a_release_are_archived() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9), (10, 19)]);
        world.accept("ann", 0, 19, Release);
        assert_eq!(world.fetch("bob", 500, &[(15, 19)]), [(15, 19, 2)]);
        assert_eq!(world.start(), 15);
    }

    #[test]
    fn nothing_but_holes_moves_the_start_and_is_written() {
        let mut world = World::new();
        let producer = ProducerId::from_wire(1).unwrap();
        let member = member("ann");
        let fetched = [
            FetchedBatch { range: range(0, 8), kind: BatchKind::Transactional(producer) },
            FetchedBatch { range: range(9, 9), kind: BatchKind::AbortMarker(producer) },
        ];
        let request = Acquire {
            member: &member,
            mode: AcquireMode::BatchOptimized,
            record_count_max: 10,
            batch_size: 10,
            fetch_offset: Offset::ZERO,
            fetched: &fetched,
            aborted: &[AbortedTransaction { first: Offset::ZERO, producer }],
        };
        let acquired = world.partition.acquire(world.now, &request, &mut world.out);
        assert_eq!(rows(&acquired), []);
        assert_eq!(world.write().unwrap().start_offset, offset(10));
        let uncommitted = Acquire { aborted: &[], ..request };
        let mut other = World::new();
        let acquired = other.partition.acquire(other.now, &uncommitted, &mut other.out);
        assert_eq!(rows(&acquired), [(0, 8, 1)]);
    }

    #[test]
    fn a_read_from_behind_the_end_is_not_believed() {
        let mut world = World::new();
        let (member, batch) = (member("ann"), range(20, 29));
        let fetched = [FetchedBatch { range: batch, kind: BatchKind::Records }];
        let request = Acquire {
            member: &member,
            mode: AcquireMode::BatchOptimized,
            record_count_max: 10,
            batch_size: 10,
            fetch_offset: offset(20),
            fetched: &fetched,
            aborted: &[],
        };
        let acquired = world.partition.acquire(world.now, &request, &mut world.out);
        assert_eq!(rows(&acquired), []);
        assert_eq!(world.next(), 0);
    }

    #[test]
    fn records_before_the_start_are_not_acquired() {
        let mut world = World::with(settings(), 5, vec![]);
        assert_eq!(world.fetch("ann", 500, &[(0, 9)]), [(5, 9, 1)]);
    }
}

mod delivering_again {
    use super::*;

    #[test]
    fn near_the_limit_batches_are_halved_and_the_last_delivery_is_alone() {
        // Limit 5: from the third delivery count on.
        let mut world = World::with(settings(), 0, vec![state(0, 15, Available, 3)]);
        let log = [(0, 15), (16, 31)];
        assert_eq!(world.fetch("ann", 500, &log), [(0, 7, 4)], "half, and nothing new with it");
        assert_eq!(world.fetch("ann", 500, &log), [(8, 15, 4)], "the other half");
        world.accept("ann", 0, 7, Release);
        assert_eq!(world.fetch("ann", 500, &log), [(0, 0, 5)]);
        assert_eq!(world.fetch("bob", 500, &log), [(1, 1, 5)]);
        world.accept("ann", 0, 0, Accept);
        world.accept("bob", 1, 1, Accept);
        assert_eq!(world.start(), 2);
    }

    #[test]
    fn each_delivery_near_the_limit_has_half_as_many() {
        // Limit 10: from the fifth delivery count on, of the batch that the records came into flight with.
        let settings = ShareSettings { delivery_count_limit: 10, ..settings() };
        let batches = vec![state(0, 15, Available, 5)];
        let mut world = World::with(settings, 0, batches);
        let log = [(0, 15)];
        for row in [(0, 7, 6), (0, 3, 7), (0, 1, 8), (0, 0, 9), (0, 0, 10)] {
            assert_eq!(world.fetch("ann", 500, &log), [row]);
            world.accept("ann", row.0, row.1, Release);
        }
        // Those that came less often stay together.
        for row in [(1, 1, 9), (2, 3, 8), (4, 7, 7), (8, 15, 6)] {
            assert_eq!(world.fetch("ann", 500, &log), [row]);
        }
    }

    #[test]
    fn what_is_near_the_limit_does_not_come_with_others() {
        let batches = vec![state(0, 4, Available, 1), state(5, 9, Available, 3)];
        let mut world = World::with(settings(), 0, batches);
        assert_eq!(world.fetch("ann", 500, &[(0, 9)]), [(0, 4, 2)]);
        assert_eq!(world.fetch("ann", 500, &[(0, 9)]), [(5, 6, 4)]);
    }

    #[test]
    fn with_a_limit_of_two_nothing_is_held_back() {
        let settings = ShareSettings { delivery_count_limit: 2, ..settings() };
        let mut world = World::with(settings, 0, vec![state(0, 9, Available, 1)]);
        assert_eq!(world.fetch("ann", 500, &[(0, 9)]), [(0, 9, 2)]);
    }

    #[test]
    fn a_release_at_the_limit_archives() {
        let settings = ShareSettings { delivery_count_limit: 2, ..settings() };
        let mut world = World::with(settings, 0, vec![]);
        world.fetch("ann", 500, &[(0, 9)]);
        world.accept("ann", 0, 9, Release);
        world.fetch("ann", 500, &[(0, 9)]);
        world.acknowledge("ann", &[(0, 9, &[Release])]);
        assert_eq!(world.write().unwrap().batches, [state(0, 9, Archived, 2)]);
    }

    #[test]
    fn a_limit_that_is_lowered_holds_at_the_next_delivery() {
        let mut world = World::with(settings(), 0, vec![state(0, 4, Available, 2)]);
        world.partition.set_settings(ShareSettings { delivery_count_limit: 2, ..settings() });
        assert_eq!(world.fetch("ann", 500, &[(0, 4), (5, 9)]), [(5, 9, 1)]);
        assert_eq!(world.start(), 5);
    }
}

mod acknowledging {
    use super::*;

    #[test]
    fn the_answer_waits_for_the_write() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        let ticket = world.acknowledge("ann", &[(0, 9, &[Accept])]);
        let effects = world.effects();
        assert_eq!(answers(&effects), []);
        let [Effect::Write(write)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(write.batches, [state(0, 9, Acknowledged, 1)]);
        assert_eq!((write.start_offset, write.delivery_complete_count), (offset(0), 10));
        assert_eq!(world.start(), 0);
        world.done(write.id, Ok(()));
        assert_eq!(answers(&world.effects()), [(ticket, Ok(()))]);
        assert_eq!((world.start(), world.next()), (10, 10));
    }

    #[test]
    fn types_may_be_given_for_each_record() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 4)]);
        world.acknowledge("ann", &[(0, 4, &[Accept, Release, Reject, Gap, Renew])]);
        let write = world.write().unwrap();
        let expected =
            [state(0, 0, Acknowledged, 1), state(1, 1, Available, 1), state(2, 3, Archived, 1)];
        assert_eq!(write.batches, expected);
        assert_eq!(write.delivery_complete_count, 3);
        world.done(write.id, Ok(()));
        assert_eq!((world.start(), world.next()), (1, 1));
        let again = world.acknowledge("ann", &[(4, 4, &[Accept])]);
        assert!(answers(&world.settle()).contains(&(again, Ok(()))), "a renewed record is held");
    }

    #[test]
    fn only_who_holds_a_record_decides_about_it_and_once() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        let other = world.acknowledge("bob", &[(0, 9, &[Accept])]);
        assert_eq!(answers(&world.effects()), [(other, REFUSED)]);
        world.acknowledge("ann", &[(0, 4, &[Accept])]);
        let twice = world.acknowledge("ann", &[(4, 5, &[Accept])]);
        let effects = world.effects();
        assert_eq!(answers(&effects), [(twice, REFUSED)], "it is being written");
        let after = world.acknowledge("ann", &[(5, 9, &[Release])]);
        assert_eq!(answers(&world.effects()), []);
        world.done(WriteId::first_of(1), Ok(()));
        assert!(answers(&world.settle()).contains(&(after, Ok(()))));
        let late = world.acknowledge("ann", &[(5, 9, &[Accept])]);
        assert_eq!(answers(&world.effects()), [(late, REFUSED)]);
    }

    #[test]
    fn of_a_request_with_one_fault_nothing_is_done() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        world.fetch("bob", 500, &[(10, 19)]);
        let ticket = world.acknowledge("ann", &[(0, 4, &[Accept]), (8, 12, &[Accept])]);
        assert_eq!(world.effects(), [Effect::Answer { ticket, result: REFUSED }]);
        world.accept("ann", 0, 9, Accept);
    }

    #[test]
    fn malformed_batches_are_refused() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        let cases: [&[(i64, i64, &[AcknowledgeType])]; 5] = [
            &[(0, 3, &[])],
            &[(0, 3, &[Accept, Accept])],
            &[(0, 3, &[Accept]), (3, 5, &[Accept])],
            &[(5, 6, &[Accept]), (0, 1, &[Accept])],
            &[(8, 10, &[Accept])],
        ];
        for case in cases {
            let ticket = world.acknowledge("ann", case);
            let effects = world.effects();
            assert_eq!(effects, [Effect::Answer { ticket, result: MALFORMED }], "{case:?}");
        }
        world.accept("ann", 0, 9, Accept);
        let unknown = world.acknowledge("ann", &[(10, 11, &[Accept])]);
        assert_eq!(answers(&world.effects()), [(unknown, REFUSED)], "nothing is in flight");
    }

    #[test]
    fn what_lies_before_the_start_is_decided() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        world.partition.log_start_moved(offset(5), &mut world.out);
        world.settle();
        let gone = world.acknowledge("ann", &[(0, 4, &[Accept])]);
        assert_eq!(answers(&world.effects()), [(gone, Ok(()))]);
        world.acknowledge("ann", &[(3, 6, &[Release, Release, Accept, Reject])]);
        let write = world.write().unwrap();
        assert_eq!(write.batches, [state(5, 5, Acknowledged, 1), state(6, 6, Archived, 1)]);
    }

    #[test]
    fn what_comes_during_a_write_goes_with_the_next() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        world.acknowledge("ann", &[(0, 0, &[Accept])]);
        let first = world.write().unwrap();
        let second = world.acknowledge("ann", &[(1, 1, &[Accept])]);
        let third = world.acknowledge("ann", &[(2, 2, &[Accept])]);
        assert_eq!(world.effects(), []);
        world.done(first.id, Ok(()));
        let next = world.write().unwrap();
        assert_eq!(next.batches, [state(1, 2, Acknowledged, 1)]);
        assert_eq!((next.start_offset, next.delivery_complete_count), (offset(1), 2));
        world.done(first.id, Ok(()));
        assert_eq!(world.effects(), [], "an answer that comes twice counts once");
        world.done(next.id, Ok(()));
        assert_eq!(answers(&world.effects()), [(second, Ok(())), (third, Ok(()))]);
    }

    #[test]
    fn a_lock_can_be_renewed_where_the_group_allows_it() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        world.pass(29_000);
        let ticket = world.acknowledge("ann", &[(0, 4, &[Renew])]);
        assert_eq!(world.effects(), [Effect::Answer { ticket, result: Ok(()) }], "no write");
        world.pass(1_000);
        assert_eq!(world.next(), 5);
        world.pass(28_999);
        assert_eq!(world.next(), 5);
        world.pass(1);
        assert_eq!(world.next(), 0);
        world.partition.set_settings(ShareSettings { renew_allowed: false, ..settings() });
        world.fetch("ann", 500, &[(0, 9)]);
        world.effects();
        let refused = world.acknowledge("ann", &[(0, 4, &[Renew])]);
        let expected = (refused, Err(AcknowledgeError::RenewNotAllowed));
        assert_eq!(answers(&world.effects()), [expected]);
    }
}

mod locks {
    use super::*;

    #[test]
    fn the_end_of_a_lock_makes_available_at_once_and_is_written() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        assert_eq!(world.partition.next_timeout(), Some(world.now.plus(Duration::from_secs(30))));
        world.pass(30_000);
        assert_eq!(world.next(), 0);
        assert_eq!(world.write().unwrap().batches, [state(0, 9, Available, 1)]);
        assert_eq!(world.fetch("bob", 500, &[(0, 9)]), [(0, 9, 2)]);
        let late = world.acknowledge("ann", &[(0, 9, &[Accept])]);
        assert_eq!(answers(&world.effects()), [(late, REFUSED)]);
    }

    #[test]
    fn a_lock_that_ends_at_the_limit_archives() {
        let settings = ShareSettings { delivery_count_limit: 2, ..settings() };
        let mut world = World::with(settings, 0, vec![state(0, 9, Available, 1)]);
        world.fetch("ann", 500, &[(0, 9)]);
        world.pass(30_000);
        assert_eq!((world.start(), world.next()), (10, 10));
    }

    #[test]
    fn many_locks_are_looked_at_together() {
        let mut world = World::new();
        for first in 0..5 {
            world.fetch("ann", 1, &[(first, first)]);
            world.pass(1);
        }
        world.pass(29_995);
        assert_eq!(world.next(), 0);
        let next = world.partition.next_timeout().unwrap();
        assert_eq!(next, world.now.plus(crate::LOCK_CHECK_PAUSE));
        world.effects();
        world.pass(10);
        assert_eq!(world.partition.next_timeout(), None);
    }

    #[test]
    fn what_a_member_leaves_behind_was_delivered() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        world.fetch("bob", 500, &[(10, 19)]);
        let (ann, bob) = (member("ann"), member("bob"));
        world.partition.release_member(&ann, &mut world.out);
        world.settle();
        assert_eq!(world.fetch("eve", 1, &[(0, 9)]), [(0, 9, 2)]);
        world.partition.release_member(&bob, &mut world.out);
        assert_eq!(world.write().unwrap().batches, [state(10, 19, Available, 1)]);
        assert_eq!(world.fetch("eve", 1, &[(10, 19)]), [(10, 19, 2)]);
    }
}

mod writing {
    use super::*;

    #[test]
    fn after_a_failed_write_the_member_holds_the_records_again() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        let ticket = world.acknowledge("ann", &[(0, 9, &[Accept])]);
        let id = world.write().unwrap().id;
        let error = WriteError::CoordinatorNotAvailable;
        world.done(id, Err(error));
        assert_eq!(answers(&world.effects()), [(ticket, Err(AcknowledgeError::Write(error)))]);
        assert_eq!((world.start(), world.next()), (0, 10));
        world.accept("ann", 0, 9, Accept);
        assert_eq!(world.start(), 10);
    }

    #[test]
    fn a_lock_that_ended_during_a_failed_write_is_over() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        world.acknowledge("ann", &[(0, 9, &[Accept])]);
        let id = world.write().unwrap().id;
        world.pass(31_000);
        assert_eq!(world.next(), 10, "as long as the write may succeed");
        world.done(id, Err(WriteError::Failed));
        assert_eq!(world.next(), 0);
    }

    #[test]
    fn what_nobody_waits_for_is_written_again_after_a_pause() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        world.pass(30_000);
        let id = world.write().unwrap().id;
        world.done(id, Err(WriteError::Failed));
        assert_eq!(world.write(), None);
        assert_eq!(world.partition.next_timeout(), Some(world.now.plus(WRITE_RETRY_PAUSE)));
        world.pass(1_000);
        assert_eq!(world.write().unwrap().batches, [state(0, 9, Available, 1)]);
    }

    #[test]
    fn a_fenced_leader_answers_all_and_stops() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        let first = world.acknowledge("ann", &[(0, 4, &[Accept])]);
        let id = world.write().unwrap().id;
        let second = world.acknowledge("ann", &[(5, 9, &[Accept])]);
        world.done(id, Err(WriteError::Fenced));
        let effects = world.effects();
        let gone = Err(AcknowledgeError::NotLeader);
        assert_eq!(answers(&effects), [(first, gone), (second, gone)]);
        assert!(effects.contains(&Effect::Fenced));
        assert_eq!(world.fetch("bob", 500, &[(0, 9)]), []);
        assert!(!world.partition.can_acquire());
        let third = world.acknowledge("ann", &[(5, 9, &[Accept])]);
        assert_eq!(answers(&world.effects()), [(third, gone)]);
    }

    #[test]
    fn a_log_that_is_cut_takes_its_records_along() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9), (10, 19)]);
        let ticket = world.acknowledge("ann", &[(0, 4, &[Accept])]);
        let id = world.write().unwrap().id;
        world.partition.log_start_moved(offset(12), &mut world.out);
        assert_eq!(world.start(), 12);
        world.done(id, Ok(()));
        let effects = world.effects();
        assert_eq!(answers(&effects), [(ticket, Ok(()))]);
        world.partition.log_start_moved(offset(40), &mut world.out);
        assert_eq!((world.start(), world.next()), (40, 40));
        world.partition.log_start_moved(offset(30), &mut world.out);
        assert_eq!(world.start(), 40, "never back");
        assert_eq!(world.fetch("ann", 500, &[(40, 49)]), [(40, 49, 1)]);
    }
}

mod opening {
    use super::*;

    #[test]
    fn what_the_coordinator_does_not_know_is_available() {
        let batches = vec![state(5, 9, Acknowledged, 1), state(15, 19, Available, 2)];
        let mut world = World::with(settings(), 0, batches);
        assert_eq!((world.start(), world.next()), (0, 0));
        let log = [(0, 9), (10, 19), (20, 29)];
        let expected = [(0, 4, 1), (10, 14, 1), (15, 19, 3), (20, 29, 1)];
        assert_eq!(world.fetch("ann", 500, &log), expected);
    }

    #[test]
    fn decided_records_at_the_start_are_passed() {
        let batches = vec![state(0, 4, Acknowledged, 1), state(5, 9, Archived, 5)];
        let world = World::with(settings(), 0, batches);
        assert_eq!((world.start(), world.next()), (10, 10));
    }

    #[test]
    fn a_log_that_was_cut_since_cuts_the_state() {
        let world = World::with(settings(), 7, vec![state(0, 9, Available, 2)]);
        assert_eq!((world.start(), world.next()), (7, 7));
        assert_eq!(world.partition.end_offset(), offset(10));
    }

    #[test]
    fn a_start_that_the_coordinator_does_not_know_is_written_at_once() {
        let opening = |is_start_new| Opening {
            life: 2,
            state_epoch: StateEpoch::ZERO,
            leader_epoch: LeaderEpoch::ZERO,
            start_offset: offset(70),
            is_start_new,
            batches: vec![],
        };
        let open = |is_new| {
            let mut out = Effects::default();
            SharePartition::open(opening(is_new), settings(), &mut out).unwrap();
            out.drain().collect::<Vec<_>>()
        };
        let effects = open(true);
        let [Effect::Write(write)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!((write.start_offset, write.delivery_complete_count), (offset(70), 0));
        assert_eq!(open(false), []);
    }

    #[test]
    fn an_answer_to_an_earlier_life_is_not_taken_for_ones_own() {
        let mut world = World::new();
        world.fetch("ann", 500, &[(0, 9)]);
        world.acknowledge("ann", &[(0, 9, &[Accept])]);
        let own = world.write().unwrap().id;
        let foreign = WriteId::first_of(0);
        assert_ne!(own, foreign);
        world.done(foreign, Ok(()));
        assert_eq!((world.effects(), world.start()), (vec![], 0));
    }

    #[test]
    fn overlapping_batches_are_refused() {
        for batches in [
            vec![state(0, 9, Available, 1), state(9, 12, Available, 2)],
            vec![state(10, 12, Available, 1), state(0, 4, Available, 2)],
        ] {
            let opening = Opening {
                life: 1,
                state_epoch: StateEpoch::ZERO,
                leader_epoch: LeaderEpoch::ZERO,
                start_offset: offset(0),
                is_start_new: false,
                batches,
            };
            let opened = SharePartition::open(opening, settings(), &mut Effects::default());
            assert_eq!(opened.err(), Some(OpenError::BatchesOverlap));
        }
    }
}

mod dead_letters {
    use super::*;

    fn settings() -> ShareSettings {
        ShareSettings { dead_letters: true, delivery_count_limit: 2, ..super::settings() }
    }

    #[test]
    fn a_rejected_record_goes_to_the_dead_letters_once_that_is_written() {
        let mut world = World::with(settings(), 0, vec![]);
        world.fetch("ann", 500, &[(0, 9)]);
        world.acknowledge("ann", &[(0, 2, &[Reject, Gap, Accept])]);
        let write = world.write().unwrap();
        assert_eq!(write.batches[0], state(0, 0, Archiving, 1));
        assert_eq!(write.delivery_complete_count, 2, "what is on its way is not done");
        world.done(write.id, Ok(()));
        let effects = world.effects();
        assert_eq!(letters(&effects), [(range(0, 0), DeadLetterCause::Rejected)]);
        assert_eq!(world.start(), 0, "the record is not safe yet");
        world.partition.dead_letters_done(&[range(0, 0)], &mut world.out);
        assert_eq!(world.start(), 3);
    }

    #[test]
    fn records_delivered_too_often_go_there_too_even_if_the_write_fails_first() {
        let mut world = World::with(settings(), 0, vec![state(0, 4, Available, 1)]);
        world.fetch("ann", 500, &[(0, 4)]);
        world.pass(30_000);
        let write = world.write().unwrap();
        assert_eq!(write.batches, [state(0, 4, Archiving, 2)]);
        world.done(write.id, Err(WriteError::Failed));
        assert_eq!(letters(&world.effects()), []);
        world.pass(1_000);
        let effects = world.settle();
        assert_eq!(letters(&effects), [(range(0, 4), DeadLetterCause::DeliveryCountLimit)]);
    }

    #[test]
    fn a_new_leader_sends_once_more_what_was_on_its_way() {
        let batches = vec![state(0, 4, Archiving, 2)];
        let mut world = World::with(settings(), 0, batches.clone());
        assert_eq!(letters(&world.effects()), [(range(0, 4), DeadLetterCause::Unknown)]);
        assert_eq!((world.start(), world.next()), (0, 5));
        world.partition.dead_letters_done(&[range(0, 9)], &mut world.out);
        assert_eq!(world.start(), 5);
        let without = World::with(super::settings(), 0, batches);
        assert_eq!(without.start(), 5, "there is no topic for them any more");
    }
}
