use super::*;
use crate::samples::{at_ms, broker, idempotent, leader_epoch, offset, plain, producer};

struct World {
    follower: Follower,
    effects: Effects<u32, char>,
}

fn epochs_of(follower: &Follower) -> Vec<(i32, i64)> {
    let entries = follower.log().epochs().entries().iter();
    entries.map(|entry| (entry.epoch.to_wire(), entry.start.to_wire())).collect()
}

/// A follower whose log holds one-record batches of these epochs.
fn world(batches: &[i32]) -> World {
    let log = ReplicaLog::empty(offset(0));
    let follower = Follower::new(log, broker(1), leader_epoch(9));
    let mut world = World { follower, effects: Effects::new() };
    for (base, epoch) in (0..).zip(batches) {
        world.fetched(base, *epoch, plain(1)).unwrap();
    }
    let end = world.follower.log().log_end();
    world.step(FollowerInput::DurableEnd(end)).unwrap();
    world
}

impl World {
    fn step(
        &mut self,
        input: FollowerInput<char>,
    ) -> Result<Vec<Effect<u32, char>>, FetchedRefused> {
        let done = self.follower.step(at_ms(1_000), input, &mut self.effects);
        let effects = self.effects.drain().collect();
        done.map(|()| effects)
    }

    fn fetched(
        &mut self,
        base: i64,
        epoch: i32,
        facts: BatchFacts,
    ) -> Result<Vec<Effect<u32, char>>, FetchedRefused> {
        self.fetched_from(0, base, epoch, facts)
    }

    /// From a leader whose log starts at `start`.
    fn fetched_from(
        &mut self,
        start: i64,
        base: i64,
        epoch: i32,
        facts: BatchFacts,
    ) -> Result<Vec<Effect<u32, char>>, FetchedRefused> {
        let (base, leader_log_start) = (offset(base), offset(start));
        let leader_epoch = leader_epoch(epoch);
        let batch = 'b';
        self.step(FollowerInput::Fetched { base, leader_epoch, facts, batch, leader_log_start })
    }

    fn leader_is_at(&mut self, high_watermark: i64, log_start: i64) -> Vec<Effect<u32, char>> {
        let high_watermark = offset(high_watermark);
        self.step(FollowerInput::LeaderIsAt { high_watermark, log_start: offset(log_start) })
            .unwrap()
    }

    fn diverging(&mut self, epoch: i32, end: i64) -> Vec<Effect<u32, char>> {
        let end = EpochEnd { epoch: leader_epoch(epoch), end: offset(end) };
        self.step(FollowerInput::Diverging(end)).unwrap()
    }

    fn truncated(&mut self) {
        let producers = ProducerStates::new(self.follower.log().log_end());
        self.step(FollowerInput::Truncated { producers }).unwrap();
    }

    fn end(&self) -> i64 {
        self.follower.log().log_end().to_wire()
    }
}

#[test]
fn batches_are_taken_in_as_they_are() {
    let mut world = world(&[]);
    let effects = world.fetched(0, 3, plain(4)).unwrap();
    assert_eq!(
        effects,
        [
            Effect::EpochStarted { epoch: leader_epoch(3), start: offset(0) },
            Effect::Write { base: offset(0), leader_epoch: leader_epoch(3), batch: 'b' },
        ]
    );
    world.fetched(6, 3, plain(1)).unwrap();
    assert_eq!(world.end(), 7, "what lies between was compacted away on the leader");
    let request = world.follower.fetch().unwrap();
    assert_eq!(request.offset, offset(7));
    assert_eq!(request.last_fetched_epoch, Some(leader_epoch(3)));
    assert_eq!(request.durable_end, offset(0));
}

#[test]
fn an_answer_that_comes_twice_is_refused() {
    let mut world = world(&[3, 3]);
    let error = FetchedRefused::OutOfPlace { base: offset(1), log_end: offset(2) };
    assert_eq!(world.fetched(1, 3, plain(1)), Err(error));
}

#[test]
fn an_epoch_that_goes_back_is_refused() {
    let mut world = world(&[3]);
    let error = FetchedRefused::EpochGoesBack { got: leader_epoch(2), last: leader_epoch(3) };
    assert_eq!(world.fetched(1, 2, plain(1)), Err(error));
}

#[test]
fn high_watermark_is_the_smaller_of_the_leader_s_and_the_own_end() {
    let mut world = world(&[3, 3, 3]);
    world.leader_is_at(2, 0);
    assert_eq!(world.follower.log().high_watermark(), offset(2));
    world.leader_is_at(10, 0);
    assert_eq!(world.follower.log().high_watermark(), offset(3));
    assert_eq!(world.leader_is_at(1, 0), [], "a new leader may not know yet what is committed");
    assert_eq!(world.leader_is_at(3, 2), [Effect::LogStartMoved(offset(2))]);
}

#[test]
fn truncation_goes_to_the_earlier_end_of_the_common_epoch() {
    let cases: &[(&[i32], i32, i64, i64, &str)] = &[
        (&[1, 1, 1, 2, 2], 1, 3, 3, "the leader never had epoch 2"),
        (&[1, 1, 1, 2, 2], 1, 2, 2, "and less of epoch 1"),
        (&[1, 1, 1, 2, 2], 1, 9, 3, "more of epoch 1 than here: own end of it"),
        (&[1, 1, 1, 2, 2], 2, 4, 4, "less of epoch 2"),
        (&[1, 1, 4, 4], 3, 9, 2, "an epoch that is not known here: to its predecessor's end"),
        (&[2, 2], 1, 1, 0, "nothing in common"),
    ];
    for (batches, epoch, end, expected, why) in cases {
        let mut world = world(batches);
        let effects = world.diverging(*epoch, *end);
        assert_eq!(effects, [Effect::Truncate { end: offset(*expected) }], "{why}");
        assert_eq!(world.end(), *expected, "{why}");
        world.truncated();
        assert!(world.follower.fetch().is_some(), "{why}");
    }
}

#[test]
fn truncation_lowers_the_high_watermark_and_forgets_later_epochs() {
    let mut world = world(&[1, 1, 2, 3]);
    world.leader_is_at(4, 0);
    world.diverging(1, 2);
    world.truncated();
    assert_eq!(world.follower.log().high_watermark(), offset(2));
    assert_eq!(world.follower.log().durable_end(), offset(2));
    assert_eq!(epochs_of(&world.follower), [(1, 0)]);
}

#[test]
fn a_leadership_that_wrote_nothing_is_forgotten_without_truncation() {
    let mut world = world(&[1, 1]);
    world.follower.log.epochs.assign(leader_epoch(5), offset(2));
    assert_eq!(world.diverging(1, 7), []);
    assert_eq!(world.follower.fetch().unwrap().last_fetched_epoch, Some(leader_epoch(1)));
}

#[test]
fn a_log_that_was_cut_before_the_batch_across_the_end_ends_there() {
    let mut world = world(&[1]);
    world.fetched(1, 2, plain(5)).unwrap();
    world.leader_is_at(6, 0);
    assert_eq!(world.diverging(2, 4), [Effect::Truncate { end: offset(4) }]);
    let producers = ProducerStates::new(offset(1));
    world.step(FollowerInput::Truncated { producers }).unwrap();
    let log = world.follower.log();
    assert_eq!((log.high_watermark(), log.log_end()), (offset(1), offset(1)));
    assert_eq!(log.epochs().latest(), Some(leader_epoch(1)), "the later one wrote what is gone");
}

#[test]
fn nothing_is_taken_in_while_the_log_is_cut() {
    let mut world = world(&[1, 1, 2]);
    world.diverging(1, 2);
    assert_eq!(world.follower.fetch(), None);
    assert_eq!(world.fetched(2, 3, plain(1)), Err(FetchedRefused::Truncating));
    world.step(FollowerInput::DurableEnd(offset(3))).unwrap();
    world.truncated();
    assert_eq!(world.follower.log().durable_end(), offset(2), "the late report was of the old log");
    world.fetched(2, 3, plain(1)).unwrap();
    assert_eq!(world.follower.log().durable_end(), offset(2));
}

#[test]
fn producers_after_a_truncation_are_those_of_the_log_that_is_left() {
    let mut world = world(&[]);
    world.fetched(0, 1, idempotent(1, 0, 0, 1)).unwrap();
    world.fetched(1, 2, idempotent(2, 0, 0, 1)).unwrap();
    world.diverging(1, 1);
    let mut producers = ProducerStates::new(offset(0));
    producers.replay(offset(0), &idempotent(1, 0, 0, 1), None);
    world.step(FollowerInput::Truncated { producers }).unwrap();
    assert!(world.follower.log().producers().get(producer(1)).is_some());
    assert!(world.follower.log().producers().get(producer(2)).is_none());
}

#[test]
fn batches_that_are_left_are_still_known_as_duplicates_after_a_truncation() {
    let mut world = world(&[]);
    for (sequence, epoch) in [(0, 1), (1, 1), (2, 1), (3, 2)] {
        world
            .fetched(sequence, epoch, idempotent(1, 0, i32::try_from(sequence).unwrap(), 1))
            .unwrap();
    }
    world.diverging(1, 3);
    // As from a snapshot: the last batch alone.
    let mut producers = ProducerStates::new(offset(0));
    for base in 0..3 {
        producers.replay(offset(base), &idempotent(1, 0, i32::try_from(base).unwrap(), 1), None);
    }
    let producers = ProducerStates::from_snapshot(offset(3), producers.snapshot());
    world.step(FollowerInput::Truncated { producers }).unwrap();
    let state = world.follower.log().producers().get(producer(1)).unwrap();
    let known: Vec<i64> = state.window().map(|batch| batch.last_offset.to_wire()).collect();
    assert_eq!(known, [0, 1, 2]);
}

#[test]
fn a_log_that_ends_before_the_leader_s_begins_starts_anew() {
    let mut world = world(&[1, 1]);
    let input =
        FollowerInput::OutOfRange { leader_log_start: offset(50), leader_log_end: offset(90) };
    assert_eq!(world.step(input), Ok(vec![Effect::Restart { start: offset(50) }]));
    world.truncated();
    let request = world.follower.fetch().unwrap();
    assert_eq!((request.offset, request.log_start), (offset(50), offset(50)));
    assert_eq!(request.last_fetched_epoch, None);
    world.fetched(50, 4, plain(1)).unwrap();
    assert_eq!(world.end(), 51);
}

#[test]
fn a_log_that_starts_anew_within_a_batch_begins_with_that_batch() {
    let mut world = world(&[1]);
    let input =
        FollowerInput::OutOfRange { leader_log_start: offset(57), leader_log_end: offset(90) };
    world.step(input).unwrap();
    world.truncated();
    let early = FetchedRefused::OutOfPlace { base: offset(52), log_end: offset(57) };
    let refused = world.fetched_from(57, 52, 4, plain(5));
    assert_eq!(refused, Err(early), "it ends where this log begins");
    let effects = world.fetched_from(57, 55, 4, plain(5)).unwrap();
    assert_eq!(effects[0], Effect::BeginAt { start: offset(55) });
    assert_eq!(world.end(), 60);
    world.leader_is_at(90, 57);
    assert_eq!(world.follower.log().log_start(), offset(57));
}

#[test]
fn an_empty_log_begins_with_the_batch_across_its_start_though_the_leader_s_begins_earlier() {
    let mut world = world(&[1]);
    let input =
        FollowerInput::OutOfRange { leader_log_start: offset(57), leader_log_end: offset(90) };
    world.step(input).unwrap();
    world.truncated();
    let effects = world.fetched_from(0, 55, 4, plain(5)).unwrap();
    assert_eq!(effects[0], Effect::BeginAt { start: offset(55) });
    assert_eq!(world.end(), 60);
}

#[test]
fn a_log_that_ends_within_the_leader_s_first_batch_starts_anew() {
    let mut world = world(&[1, 1, 1]);
    let refused = world.fetched_from(2, 2, 4, plain(4));
    assert!(matches!(refused, Err(FetchedRefused::OutOfPlace { .. })), "an answer of the past");
    assert_eq!(world.fetched_from(3, 2, 4, plain(4)), Err(FetchedRefused::Truncating));
    assert_eq!(world.follower.fetch(), None);
    world.truncated();
    assert_eq!(world.follower.fetch().unwrap().offset, offset(3));
    let effects = world.fetched_from(3, 2, 4, plain(4)).unwrap();
    assert_eq!(effects[0], Effect::BeginAt { start: offset(2) });
    assert_eq!(world.end(), 6);
}

#[test]
fn a_log_longer_than_the_leader_s_is_cut_to_it() {
    let mut world = world(&[1, 1, 1]);
    let input =
        FollowerInput::OutOfRange { leader_log_start: offset(0), leader_log_end: offset(2) };
    assert_eq!(world.step(input), Ok(vec![Effect::Truncate { end: offset(2) }]));
}

#[test]
fn a_follower_that_is_cutting_its_log_does_not_change_its_role() {
    let mut world = world(&[1, 2]);
    world.diverging(1, 1);
    assert!(world.follower.clone().resign().is_none());
    world.follower.follow(broker(2), leader_epoch(11));
    world.truncated();
    assert_eq!(world.follower.fetch().unwrap().leader, broker(2));
    assert!(world.follower.resign().is_some());
}
