use super::*;
use crate::batch_facts::Outcome;
use crate::effects::{AppendError, Appended, Novelty, Once};
use crate::leader_epochs::EpochEnd;
use crate::producer_state::ProducerError;
use crate::read::Reader;
use crate::samples::{
    at_ms, broker, brokers, idempotent, leader_epoch, marker, offset, partition_epoch, plain,
    producer, producer_epoch, sequence, transactional,
};
use crate::transactions::EndedTransaction;

/// A leader with a hand on its clock. Batches are named by a letter, tickets are numbers.
struct World {
    leader: Leader,
    now: Instant,
    effects: Effects<u32, char>,
}

fn world(replicas: &[i32], in_sync: &[i32], in_sync_count_min: usize) -> World {
    let settings = LeaderSettings { in_sync_count_min, ..LeaderSettings::default() };
    let term = LeaderTerm {
        me: broker(0),
        leader_epoch: leader_epoch(4),
        partition_epoch: partition_epoch(1),
        replicas: brokers(replicas),
        in_sync: brokers(in_sync),
    };
    let now = Instant::from_millis(1_000);
    let mut effects = Effects::new();
    let log = ReplicaLog::empty(offset(0));
    let leader = Leader::new(now, log, term, settings, &mut effects);
    effects.drain();
    World { leader, now, effects }
}

/// The state in one line: log start, last stable, high watermark, durable end, log end.
fn state(leader: &Leader) -> [i64; 5] {
    let log = leader.log();
    [log.log_start(), log.last_stable(), log.high_watermark(), log.durable_end(), log.log_end()]
        .map(Offset::to_wire)
}

impl World {
    fn step(&mut self, input: Input<u32, char>) -> Vec<Effect<u32, char>> {
        self.leader.step(self.now, at_ms(1_000), input, &mut self.effects);
        self.effects.drain().collect()
    }

    fn append(&mut self, facts: BatchFacts, acks: Acks) -> Vec<Effect<u32, char>> {
        let origin = if facts.control { MARKER } else { Origin::CLIENT };
        self.step(Input::Append(Append { ticket: 1, facts, batch: 'b', acks, origin }))
    }

    fn durable(&mut self, end: i64) -> Vec<Effect<u32, char>> {
        self.step(Input::DurableEnd(offset(end)))
    }

    fn fetched(&mut self, replica: i32, end: i64) -> Vec<Effect<u32, char>> {
        self.step(Input::FollowerFetched(FollowerFetched {
            replica: broker(replica),
            end: offset(end),
            log_start: offset(0),
            eligible: true,
        }))
    }

    fn decided(&mut self, in_sync: &[i32], epoch: i32) -> Vec<Effect<u32, char>> {
        self.step(Input::Decided {
            replicas: brokers(&[0, 1, 2]),
            in_sync: brokers(in_sync),
            partition_epoch: partition_epoch(epoch),
        })
    }

    fn wait(&mut self, ms: u64) -> Vec<Effect<u32, char>> {
        self.now = self.now.plus(Duration::from_millis(ms));
        self.step(Input::Tick)
    }
}

const MARKER: Origin =
    Origin::Marker { epoch_rule: crate::batch_facts::MarkerEpochRule::SameOrLater };

fn answer(base: i64, end: i64, once: Once) -> Effect<u32, char> {
    let (base, end) = (offset(base), offset(end));
    let appended = Appended { base, end, log_start: offset(0), novelty: Novelty::New };
    Effect::Answer { ticket: 1, result: Ok(appended), once }
}

fn refused(error: AppendError) -> Vec<Effect<u32, char>> {
    vec![Effect::Answer { ticket: 1, result: Err(error), once: Once::Now }]
}

fn write(base: i64) -> Effect<u32, char> {
    Effect::Write { base: offset(base), leader_epoch: leader_epoch(4), batch: 'b' }
}

fn propose(in_sync: &[i32], epoch: i32) -> Effect<u32, char> {
    Effect::ProposeInSync {
        in_sync: brokers(in_sync),
        leader_epoch: leader_epoch(4),
        partition_epoch: partition_epoch(epoch),
    }
}

fn committed(to: i64) -> Vec<Effect<u32, char>> {
    vec![Effect::HighWatermarkMoved(offset(to)), Effect::LastStableMoved(offset(to))]
}

#[test]
fn a_new_leader_begins_its_epoch_at_the_log_s_end() {
    let mut effects: Effects<u32, char> = Effects::new();
    let term = LeaderTerm {
        me: broker(0),
        leader_epoch: leader_epoch(7),
        partition_epoch: partition_epoch(0),
        replicas: brokers(&[0]),
        in_sync: brokers(&[0]),
    };
    let log = ReplicaLog::empty(offset(12));
    let settings = LeaderSettings::default();
    let leader = Leader::new(Instant::ZERO, log, term, settings, &mut effects);
    let started = Effect::EpochStarted { epoch: leader_epoch(7), start: offset(12) };
    assert_eq!(effects.drain().collect::<Vec<_>>(), [started]);
    assert_eq!(state(&leader), [12, 12, 12, 12, 12]);
}

#[test]
fn each_acks_waits_for_what_it_asks() {
    let mut world = world(&[0], &[0], 1);
    let zero = world.append(plain(3), Acks::None);
    assert_eq!(zero, [write(0), answer(0, 3, Once::Now)]);
    let one = world.append(plain(1), Acks::Leader);
    assert_eq!(one, [write(3), answer(3, 4, Once::Local(offset(4)))]);
    let all = world.append(plain(2), Acks::AllInSync);
    assert_eq!(all, [write(4), answer(4, 6, Once::Committed(offset(6)))]);
    assert_eq!(state(&world.leader), [0, 0, 0, 0, 6]);
}

#[test]
fn alone_the_high_watermark_follows_the_durable_end_and_not_the_log_end() {
    let mut world = world(&[0], &[0], 1);
    world.append(plain(3), Acks::AllInSync);
    world.append(plain(3), Acks::AllInSync);
    assert_eq!(world.durable(3), committed(3));
    assert_eq!(state(&world.leader), [0, 3, 3, 3, 6]);
    assert_eq!(world.durable(2), [], "an old report changes nothing");
    assert_eq!(world.durable(6), committed(6));
}

#[test]
fn high_watermark_waits_for_the_slowest_in_sync_replica() {
    let mut world = world(&[0, 1, 2], &[0, 1, 2], 2);
    world.append(plain(5), Acks::AllInSync);
    world.durable(5);
    assert_eq!(world.fetched(1, 5), [], "broker 2 has not been heard of");
    assert_eq!(world.fetched(2, 3), committed(3));
    assert_eq!(world.fetched(2, 5), committed(5));
    assert_eq!(state(&world.leader), [0, 5, 5, 5, 5]);
}

#[test]
fn high_watermark_waits_for_the_leader_s_own_disk() {
    let mut world = world(&[0, 1], &[0, 1], 1);
    world.append(plain(5), Acks::AllInSync);
    assert_eq!(world.fetched(1, 5), []);
    assert_eq!(world.durable(5), committed(5));
}

#[test]
fn acks_all_is_refused_with_too_few_in_sync_and_acks_1_is_not() {
    let mut world = world(&[0, 1, 2], &[0], 2);
    let error = AppendError::NotEnoughReplicas { in_sync: 1, needed: 2 };
    assert_eq!(world.append(plain(1), Acks::AllInSync), refused(error));
    assert_eq!(world.append(plain(1), Acks::Leader).len(), 2);
    assert!(!world.leader.progress().enough_in_sync);
}

#[test]
fn high_watermark_stands_still_with_too_few_in_sync() {
    let mut world = world(&[0, 1, 2], &[0], 2);
    world.append(plain(1), Acks::Leader);
    assert_eq!(world.durable(1), []);
    assert_eq!(state(&world.leader), [0, 0, 0, 1, 1]);
    world.fetched(1, 1);
    assert_eq!(world.decided(&[0, 1], 2), committed(1));
}

#[test]
fn min_in_sync_counts_no_more_than_there_are_replicas() {
    let mut world = world(&[0], &[0], 2);
    assert_eq!(world.append(plain(1), Acks::AllInSync).len(), 2);
    assert_eq!(world.durable(1), committed(1));
}

#[test]
fn settings_take_effect_at_once() {
    let mut world = world(&[0, 1], &[0], 2);
    world.append(plain(1), Acks::Leader);
    assert_eq!(world.durable(1), []);
    let settings = LeaderSettings::default();
    assert_eq!(world.step(Input::Settings(settings)), committed(1));
}

#[test]
fn a_duplicate_of_an_uncommitted_batch_waits_as_the_original_does() {
    let mut world = world(&[0], &[0], 1);
    world.append(idempotent(1, 0, 0, 3), Acks::AllInSync);
    let appended = Appended {
        base: offset(0),
        end: offset(3),
        log_start: offset(0),
        novelty: Novelty::Duplicate { max_timestamp: Some(at_ms(1_000)) },
    };
    for (acks, once) in [
        (Acks::AllInSync, Once::Committed(offset(3))),
        (Acks::Leader, Once::Local(offset(3))),
        (Acks::None, Once::Now),
    ] {
        let again = world.append(idempotent(1, 0, 0, 3), acks);
        assert_eq!(again, [Effect::Answer { ticket: 1, result: Ok(appended), once }]);
    }
    assert_eq!(state(&world.leader), [0, 0, 0, 0, 3], "nothing was written again");
}

#[test]
fn a_refused_batch_changes_nothing() {
    let mut world = world(&[0], &[0], 1);
    world.append(idempotent(1, 0, 0, 1), Acks::Leader);
    let before = format!("{:?}", world.leader);
    let error = ProducerError::OutOfOrder { got: sequence(2), last: Some(sequence(0)) };
    let answer = world.append(idempotent(1, 0, 2, 1), Acks::Leader);
    assert_eq!(answer, refused(AppendError::Producer(error)));
    assert_eq!(format!("{:?}", world.leader), before);
}

#[test]
fn a_client_may_not_write_control_batches() {
    let mut world = world(&[0], &[0], 1);
    let append = Append {
        ticket: 1,
        facts: marker(1, 0, Outcome::Commit, 0),
        batch: 'b',
        acks: Acks::Leader,
        origin: Origin::CLIENT,
    };
    assert_eq!(world.step(Input::Append(append)), refused(AppendError::ControlBatch));
}

#[test]
fn offsets_that_are_used_up_are_an_answer() {
    let mut effects: Effects<u32, char> = Effects::new();
    let term = LeaderTerm {
        me: broker(0),
        leader_epoch: leader_epoch(0),
        partition_epoch: partition_epoch(0),
        replicas: brokers(&[0]),
        in_sync: brokers(&[0]),
    };
    let log = ReplicaLog::empty(offset(i64::MAX - 1));
    let settings = LeaderSettings::default();
    let leader = Leader::new(Instant::ZERO, log, term, settings, &mut effects);
    let mut world = World { leader, now: Instant::ZERO, effects };
    world.effects.drain();
    let answer = world.append(plain(2), Acks::Leader);
    assert_eq!(answer, refused(AppendError::OffsetsExhausted));
}

#[test]
fn an_open_transaction_holds_the_last_stable_offset() {
    let mut world = world(&[0], &[0], 1);
    world.append(plain(2), Acks::Leader);
    world.append(transactional(1, 0, 0, 3), Acks::Leader);
    let moved = world.durable(5);
    assert_eq!(moved, [Effect::HighWatermarkMoved(offset(5)), Effect::LastStableMoved(offset(2))]);
    let ended = world.append(marker(1, 0, Outcome::Abort, 0), Acks::AllInSync);
    assert!(matches!(
        ended[1],
        Effect::TransactionEnded(EndedTransaction { outcome: Outcome::Abort, .. })
    ));
    assert_eq!(state(&world.leader), [0, 2, 5, 5, 6], "the marker is not committed");
    assert_eq!(world.durable(6), committed(6));
    let from = |reader| FetchFrom {
        reader,
        offset: offset(0),
        leader_epoch: None,
        last_fetched_epoch: None,
    };
    world.append(transactional(1, 0, 3, 1), Acks::Leader);
    world.durable(7);
    world.append(plain(1), Acks::Leader);
    let read = |reader| world.leader.check_fetch(&from(reader));
    assert_eq!(read(Reader::Follower), Ok(FetchVerdict::Read { end: offset(8) }));
    assert_eq!(read(Reader::Uncommitted), Ok(FetchVerdict::Read { end: offset(7) }));
    assert_eq!(read(Reader::Committed), Ok(FetchVerdict::Read { end: offset(6) }));
}

#[test]
fn fetches_are_checked_for_epoch_and_range() {
    let mut world = world(&[0], &[0], 1);
    world.append(plain(5), Acks::Leader);
    world.durable(3);
    world.step(Input::LogStart(offset(2)));
    let check = |at: i64, epoch: Option<i32>| {
        world.leader.check_fetch(&FetchFrom {
            reader: Reader::Uncommitted,
            offset: offset(at),
            leader_epoch: epoch.map(leader_epoch),
            last_fetched_epoch: None,
        })
    };
    let out = FetchRefused::OutOfRange { log_start: offset(2), log_end: offset(5) };
    let current = leader_epoch(4);
    assert_eq!(check(2, Some(4)), Ok(FetchVerdict::Read { end: offset(3) }));
    assert_eq!(check(5, None), Ok(FetchVerdict::Read { end: offset(3) }), "above the mark: wait");
    assert_eq!(check(6, None), Err(out));
    assert_eq!(check(1, None), Err(out));
    assert_eq!(check(2, Some(3)), Err(FetchRefused::FencedEpoch { current }));
    assert_eq!(check(2, Some(5)), Err(FetchRefused::UnknownEpoch { current }));
}

#[test]
fn a_follower_whose_log_parts_is_told_where() {
    let mut log = ReplicaLog::empty(offset(0));
    for (epoch, start) in [(1, 0), (3, 10)] {
        log.epochs.assign(leader_epoch(epoch), offset(start));
    }
    log.producers.replay(offset(0), &plain(20), None);
    log.log_end = offset(20);
    let check = |at: i64, last: i32| {
        let from = FetchFrom {
            reader: Reader::Follower,
            offset: offset(at),
            leader_epoch: None,
            last_fetched_epoch: Some(leader_epoch(last)),
        };
        log.check_fetch(leader_epoch(3), &from)
    };
    let diverging = |epoch, end| {
        Ok(FetchVerdict::Diverging(EpochEnd { epoch: leader_epoch(epoch), end: offset(end) }))
    };
    let out = Err(FetchRefused::OutOfRange { log_start: offset(0), log_end: offset(20) });
    assert_eq!(check(15, 3), Ok(FetchVerdict::Read { end: offset(20) }));
    assert_eq!(check(10, 1), Ok(FetchVerdict::Read { end: offset(20) }));
    assert_eq!(check(15, 2), diverging(1, 10), "an epoch that never was here");
    assert_eq!(check(12, 1), diverging(1, 10), "more of epoch 1 than there is");
    assert_eq!(check(21, 3), diverging(3, 20), "more than the whole log");
    assert_eq!(check(15, 4), out, "an epoch not heard of");
}

#[test]
fn a_follower_that_caught_up_asks_to_join_and_holds_the_high_watermark_meanwhile() {
    let mut world = world(&[0, 1, 2], &[0], 1);
    world.append(plain(5), Acks::Leader);
    world.durable(5);
    assert_eq!(world.fetched(1, 4), []);
    assert_eq!(world.fetched(1, 5), [propose(&[0, 1], 1)]);
    assert_eq!(world.fetched(2, 5), [], "one change at a time");
    world.append(plain(1), Acks::Leader);
    assert_eq!(world.durable(6), [], "the change under way may make it in sync");
    assert_eq!(world.decided(&[0, 1], 2), []);
    assert_eq!(world.fetched(1, 6), [], "broker 2 is about to join as well");
    let mut effects = vec![propose(&[0, 1, 2], 2)];
    effects.extend(committed(6));
    assert_eq!(world.fetched(2, 6), effects);
}

#[test]
fn a_follower_behind_this_epoch_s_start_does_not_join() {
    let mut effects: Effects<u32, char> = Effects::new();
    let mut log = ReplicaLog::empty(offset(0));
    log.producers.replay(offset(0), &plain(9), None);
    log.log_end = offset(9);
    log.durable_end = offset(9);
    let term = LeaderTerm {
        me: broker(0),
        leader_epoch: leader_epoch(4),
        partition_epoch: partition_epoch(1),
        replicas: brokers(&[0, 1]),
        in_sync: brokers(&[0]),
    };
    let settings = LeaderSettings { in_sync_count_min: 2, ..LeaderSettings::default() };
    let leader = Leader::new(Instant::ZERO, log, term, settings, &mut effects);
    effects.drain();
    let mut world = World { leader, now: Instant::ZERO, effects };
    assert_eq!(world.fetched(1, 8), [], "it has the high watermark, 0, but not the epoch's start");
    assert_eq!(world.fetched(1, 9), [propose(&[0, 1], 1)]);
}

#[test]
fn a_follower_that_is_not_eligible_does_not_join() {
    let mut world = world(&[0, 1], &[0], 1);
    let fetch = FollowerFetched {
        replica: broker(1),
        end: offset(0),
        log_start: offset(0),
        eligible: false,
    };
    assert_eq!(world.step(Input::FollowerFetched(fetch)), []);
}

#[test]
fn a_failed_proposal_is_made_again() {
    let mut world = world(&[0, 1], &[0], 1);
    assert_eq!(world.fetched(1, 0), [propose(&[0, 1], 1)]);
    assert_eq!(world.fetched(1, 0), []);
    world.step(Input::ProposalFailed { partition_epoch: partition_epoch(1) });
    assert_eq!(world.fetched(1, 0), [propose(&[0, 1], 1)]);
}

#[test]
fn an_older_decision_is_ignored() {
    let mut world = world(&[0, 1, 2], &[0, 1], 1);
    world.decided(&[0, 1, 2], 5);
    world.decided(&[0], 4);
    assert_eq!(world.leader.in_sync(), brokers(&[0, 1, 2]));
    assert_eq!(world.leader.partition_epoch(), partition_epoch(5));
}

#[test]
fn a_silent_follower_is_dropped_after_the_lag_time() {
    let mut world = world(&[0, 1, 2], &[0, 1, 2], 1);
    world.append(plain(5), Acks::Leader);
    world.durable(5);
    world.fetched(1, 5);
    world.fetched(2, 5);
    world.append(plain(5), Acks::Leader);
    world.durable(10);
    assert_eq!(world.leader.next_timeout(), Some(Instant::from_millis(16_000)));
    world.now = Instant::from_millis(20_000);
    world.fetched(1, 10);
    assert_eq!(world.wait(0), [], "broker 2 has been silent for 19 s of 30");
    assert_eq!(world.wait(15_000), [propose(&[0, 1], 1)]);
    assert_eq!(state(&world.leader)[2], 5, "until decided, the larger set counts");
    assert_eq!(world.decided(&[0, 1], 2), committed(10));
}

#[test]
fn an_idle_follower_that_has_everything_is_not_dropped() {
    let mut world = world(&[0, 1], &[0, 1], 1);
    world.append(plain(5), Acks::Leader);
    world.durable(5);
    world.fetched(1, 5);
    assert_eq!(world.wait(100_000), []);
}

#[test]
fn a_steady_follower_that_is_never_quite_at_the_end_stays_in_sync() {
    let mut world = world(&[0, 1], &[0, 1], 1);
    for round in 0..20 {
        world.append(plain(10), Acks::Leader);
        world.durable(10 * (round + 1));
        world.now = world.now.plus(Duration::from_secs(5));
        world.fetched(1, 10 * round);
        assert_eq!(world.wait(0), [], "round {round}: it was at the end one round ago");
    }
}

#[test]
fn delete_records_moves_the_log_start_up_to_the_high_watermark() {
    let mut world = world(&[0], &[0], 1);
    world.append(plain(5), Acks::Leader);
    world.durable(3);
    let delete =
        |before: Option<i64>| Input::DeleteRecords { ticket: 9, before: before.map(offset) };
    let done = |end| Effect::DeletedRecords { ticket: 9, result: Ok(offset(end)) };
    let error =
        DeleteRecordsError::AboveHighWatermark { asked: offset(4), high_watermark: offset(3) };
    assert_eq!(
        world.step(delete(Some(4))),
        [Effect::DeletedRecords { ticket: 9, result: Err(error) }]
    );
    assert_eq!(
        world.step(delete(Some(2))),
        [Effect::LogStartMoved(offset(2)), Effect::LowWatermarkMoved(offset(2)), done(2)]
    );
    assert_eq!(world.step(delete(Some(1))), [done(1)], "gone already");
    assert_eq!(
        world.step(delete(None)),
        [Effect::LogStartMoved(offset(3)), Effect::LowWatermarkMoved(offset(3)), done(3)]
    );
    assert_eq!(state(&world.leader), [3, 3, 3, 3, 5]);
}

#[test]
fn the_low_watermark_waits_for_the_followers_log_starts() {
    let mut world = world(&[0, 1], &[0, 1], 1);
    world.append(plain(5), Acks::Leader);
    world.durable(5);
    world.fetched(1, 5);
    let moved = world.step(Input::DeleteRecords { ticket: 9, before: None });
    assert!(!moved.contains(&Effect::LowWatermarkMoved(offset(5))));
    let fetch = FollowerFetched {
        replica: broker(1),
        end: offset(5),
        log_start: offset(5),
        eligible: true,
    };
    let moved = world.step(Input::FollowerFetched(fetch));
    assert_eq!(moved, [Effect::LowWatermarkMoved(offset(5))]);
}

#[test]
fn deleting_into_an_open_transaction_keeps_the_order_of_offsets() {
    let mut world = world(&[0], &[0], 1);
    world.append(transactional(1, 0, 0, 5), Acks::Leader);
    world.append(plain(5), Acks::Leader);
    world.durable(10);
    assert_eq!(state(&world.leader), [0, 0, 10, 10, 10]);
    world.step(Input::DeleteRecords { ticket: 9, before: Some(offset(7)) });
    assert_eq!(state(&world.leader), [7, 7, 10, 10, 10]);
}

#[test]
fn producers_expire_by_the_tick() {
    let mut world = world(&[0], &[0], 1);
    assert_eq!(world.leader.next_timeout(), None, "an idle partition wants no ticks");
    world.append(idempotent(1, 0, 0, 1), Acks::Leader);
    assert_eq!(world.leader.next_timeout(), Some(Instant::from_millis(601_000)));
    world.now = Instant::from_millis(601_000);
    let later = at_ms(2 * 86_400_000);
    world.leader.step(world.now, later, Input::Tick, &mut world.effects);
    assert!(world.leader.log().producers().is_empty());
    assert_eq!(world.leader.next_timeout(), None);
}

#[test]
fn an_idle_leader_is_small() {
    assert!(size_of::<Leader>() <= 400, "{}", size_of::<Leader>());
}

fn proved(guard: Option<Guard>) -> Origin {
    Origin::Client {
        unknown_producer: crate::UnknownProducer::AnySequence,
        membership: crate::Membership::Proved(guard),
    }
}

impl World {
    fn append_from(&mut self, facts: BatchFacts, origin: Origin) -> Vec<Effect<u32, char>> {
        self.step(Input::Append(Append {
            ticket: 1,
            facts,
            batch: 'b',
            acks: Acks::Leader,
            origin,
        }))
    }
}

#[test]
fn a_transactional_batch_needs_an_open_transaction_or_a_guard_that_no_marker_has_overtaken() {
    let not_in = || refused(AppendError::Producer(ProducerError::NotInTransaction));
    let mut world = world(&[0], &[0], 1);
    assert_eq!(world.append_from(transactional(1, 0, 0, 1), proved(None)), not_in());
    let guard = world.leader.guard_for(producer(1), producer_epoch(0), None);
    assert!(guard.is_some());
    world.append(marker(1, 0, Outcome::Abort, 0), Acks::Leader);
    let late = world.append_from(transactional(1, 0, 0, 1), proved(guard));
    assert_eq!(late, not_in(), "the coordinator spoke of the transaction that is aborted now");
    let guard = world.leader.guard_for(producer(1), producer_epoch(0), None);
    let written = world.append_from(transactional(1, 0, 0, 1), proved(guard));
    assert_eq!(written.first(), Some(&write(1)));
    assert_eq!(world.leader.guard_for(producer(1), producer_epoch(0), None), None, "one is open");
    assert_eq!(world.append_from(transactional(1, 0, 1, 1), proved(None)).first(), Some(&write(2)));
    assert_eq!(world.append_from(transactional(1, 1, 0, 1), proved(None)), not_in());
}

#[test]
fn the_marker_of_the_transaction_before_leaves_the_guard_of_the_next_one() {
    let later = Origin::Marker { epoch_rule: crate::MarkerEpochRule::Later };
    let mut world = world(&[0], &[0], 1);
    world.append(transactional(1, 0, 0, 1), Acks::Leader);
    let guard = world.leader.guard_for(producer(1), producer_epoch(1), None);
    assert!(guard.is_some());
    world.append_from(marker(1, 1, Outcome::Commit, 0), later);
    assert_eq!(
        world.append_from(transactional(1, 1, 0, 1), proved(guard)).first(),
        Some(&write(2))
    );
    let guard = world.leader.guard_for(producer(1), producer_epoch(2), None);
    world.append_from(marker(1, 3, Outcome::Abort, 0), later);
    let late = world.append_from(transactional(1, 2, 0, 1), proved(guard));
    assert!(matches!(late.first(), Some(Effect::Answer { result: Err(_), .. })));
}

#[test]
fn a_batch_does_not_overtake_the_one_that_was_refused_while_its_partition_joined() {
    let sequence = |raw| Sequence::from_wire(raw);
    let mut world = world(&[0], &[0], 1);
    // The batch of sequence 7 asked, and there was no memory to keep it.
    let guard = world.leader.guard_for(producer(1), producer_epoch(0), sequence(7));
    let late = |world: &mut World| world.append_from(transactional(1, 0, 9, 1), proved(guard));
    let out_of_order =
        ProducerError::OutOfOrder { got: Sequence::from_wire(9).unwrap(), last: None };
    assert_eq!(late(&mut world), refused(AppendError::Producer(out_of_order)));
    let first = world.append_from(transactional(1, 0, 7, 2), proved(guard));
    assert_eq!(first.first(), Some(&write(0)));
    assert_eq!(late(&mut world).first(), Some(&write(2)));
}
