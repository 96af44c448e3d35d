use super::*;
use crate::batch_facts::{MarkerEpochRule, Outcome, UnknownProducer};
use crate::producer_state::ProducerError;
use crate::samples::{
    at_ms, idempotent, marker, offset, plain, producer, producer_epoch, sequence, transactional,
};

/// Takes the batch in as the leader does, and tells what became of it in short.
fn append(states: &mut ProducerStates, facts: BatchFacts) -> Result<i64, &'static str> {
    append_from(states, facts, Origin::CLIENT)
}

fn append_from(
    states: &mut ProducerStates,
    facts: BatchFacts,
    origin: Origin,
) -> Result<i64, &'static str> {
    match states.check(&facts, origin) {
        Ok(Verdict::Next) => {
            let base = states.end();
            states.replay(base, &facts, None);
            Ok(base.to_wire())
        }
        Ok(Verdict::Duplicate(batch)) => Ok(batch.first_offset().to_wire()),
        Err(ProducerError::FencedEpoch { .. }) => Err("fenced"),
        Err(ProducerError::OutOfOrder { .. }) => Err("out of order"),
        Err(ProducerError::TransactionOpen) => Err("transaction open"),
        Err(ProducerError::FencedCoordinator { .. }) => Err("fenced coordinator"),
        Err(ProducerError::NotInTransaction) => Err("not in a transaction"),
    }
}

const TV2: Origin = Origin::Client {
    unknown_producer: UnknownProducer::MustStartAtZero,
    membership: crate::Membership::Trusted,
};
const OLD_MARKER: Origin = Origin::Marker { epoch_rule: MarkerEpochRule::SameOrLater };
const TV2_MARKER: Origin = Origin::Marker { epoch_rule: MarkerEpochRule::Later };

#[test]
fn the_next_sequence_is_taken_and_any_other_is_not() {
    let mut states = ProducerStates::new(offset(0));
    assert_eq!(append(&mut states, idempotent(1, 0, 0, 3)), Ok(0));
    assert_eq!(append(&mut states, idempotent(1, 0, 4, 1)), Err("out of order"), "a gap");
    assert_eq!(append(&mut states, idempotent(1, 0, 2, 1)), Err("out of order"), "a step back");
    assert_eq!(append(&mut states, idempotent(1, 0, 3, 2)), Ok(3));
    assert_eq!(states.end(), offset(5));
}

#[test]
fn each_of_the_last_five_batches_is_known_again_and_the_sixth_is_not() {
    let mut states = ProducerStates::new(offset(0));
    for first in 0..6 {
        assert_eq!(append(&mut states, idempotent(1, 0, first, 1)), Ok(i64::from(first)));
    }
    for first in 1..6 {
        assert_eq!(append(&mut states, idempotent(1, 0, first, 1)), Ok(i64::from(first)));
    }
    assert_eq!(append(&mut states, idempotent(1, 0, 0, 1)), Err("out of order"));
    assert_eq!(append(&mut states, idempotent(1, 0, 5, 2)), Err("out of order"), "not the same");
    assert_eq!(states.end(), offset(6), "duplicates are not written");
}

#[test]
fn a_sequence_wraps_inside_a_batch_and_between_batches() {
    let mut states = ProducerStates::new(offset(0));
    assert_eq!(append(&mut states, idempotent(1, 0, i32::MAX - 1, 4)), Ok(0));
    assert_eq!(states.get(producer(1)).unwrap().last_sequence(), Some(sequence(1)));
    assert_eq!(append(&mut states, idempotent(1, 0, i32::MAX - 1, 4)), Ok(0), "a duplicate");
    assert_eq!(append(&mut states, idempotent(1, 0, 2, 1)), Ok(4));
    let mut states = ProducerStates::new(offset(0));
    assert_eq!(append(&mut states, idempotent(2, 0, i32::MAX, 1)), Ok(0));
    assert_eq!(append(&mut states, idempotent(2, 0, 0, 1)), Ok(1));
}

#[test]
fn an_older_epoch_is_fenced_and_a_newer_one_starts_at_zero() {
    let mut states = ProducerStates::new(offset(0));
    assert_eq!(append(&mut states, idempotent(1, 3, 0, 1)), Ok(0));
    assert_eq!(append(&mut states, idempotent(1, 2, 0, 1)), Err("fenced"));
    assert_eq!(append(&mut states, idempotent(1, 4, 1, 1)), Err("out of order"));
    assert_eq!(append(&mut states, idempotent(1, 4, 0, 1)), Ok(1));
    assert_eq!(append(&mut states, idempotent(1, 3, 0, 1)), Err("fenced"), "no duplicate either");
    assert_eq!(append(&mut states, idempotent(1, 4, 1, 1)), Ok(2));
}

#[test]
fn an_unknown_producer_may_start_anywhere_but_not_with_transactions_of_version_2() {
    let mut states = ProducerStates::new(offset(0));
    assert_eq!(append(&mut states, idempotent(1, 0, 77, 1)), Ok(0));
    assert_eq!(append_from(&mut states, transactional(2, 0, 77, 1), TV2), Err("out of order"));
    assert_eq!(append_from(&mut states, transactional(2, 0, 0, 1), TV2), Ok(1));
}

#[test]
fn a_coordinators_batch_is_checked_for_its_epoch_only() {
    let mut states = ProducerStates::new(offset(0));
    let mut commit = transactional(1, 1, 0, 1);
    if let Some(producer) = commit.producer.as_mut() {
        producer.base_sequence = None;
    }
    assert_eq!(append_from(&mut states, commit, Origin::COORDINATOR), Ok(0));
    assert_eq!(append_from(&mut states, commit, Origin::COORDINATOR), Ok(1));
    assert_eq!(states.get(producer(1)).unwrap().last_sequence(), None);
    let older = transactional(1, 0, 0, 1);
    assert_eq!(append_from(&mut states, older, Origin::COORDINATOR), Err("fenced"));
}

#[test]
fn a_transaction_holds_the_first_unstable_offset_until_its_marker_is_settled() {
    let mut states = ProducerStates::new(offset(0));
    append(&mut states, plain(10)).unwrap();
    append(&mut states, transactional(1, 0, 0, 2)).unwrap();
    append(&mut states, transactional(1, 0, 2, 2)).unwrap();
    append(&mut states, transactional(2, 0, 0, 1)).unwrap();
    assert_eq!(states.first_open_transaction(), Some(offset(10)));
    let ended = states.replay(offset(15), &marker(1, 0, Outcome::Abort, 0), None).unwrap();
    assert_eq!(
        ended,
        EndedTransaction {
            producer: producer(1),
            first: offset(10),
            last: offset(15),
            outcome: Outcome::Abort,
            last_stable: offset(14),
        }
    );
    assert_eq!(states.first_open_transaction(), Some(offset(14)));
    assert_eq!(states.first_unstable(), Some(offset(10)), "its marker is not committed");
    states.high_watermark_moved(offset(15));
    assert_eq!(states.first_unstable(), Some(offset(10)));
    states.high_watermark_moved(offset(16));
    assert_eq!(states.first_unstable(), Some(offset(14)));
    let ended = states.replay(offset(16), &marker(2, 0, Outcome::Commit, 0), None).unwrap();
    assert_eq!(ended.last_stable, offset(17), "nothing else is open");
    states.high_watermark_moved(offset(17));
    assert_eq!(states.first_unstable(), None);
}

#[test]
fn a_batch_outside_of_the_open_transaction_is_refused() {
    let mut states = ProducerStates::new(offset(0));
    append(&mut states, transactional(1, 0, 0, 1)).unwrap();
    assert_eq!(append(&mut states, idempotent(1, 0, 1, 1)), Err("transaction open"));
    append_from(&mut states, marker(1, 0, Outcome::Commit, 0), OLD_MARKER).unwrap();
    assert_eq!(append(&mut states, idempotent(1, 0, 1, 1)), Ok(2));
}

#[test]
fn a_marker_without_data_ends_nothing() {
    let mut states = ProducerStates::new(offset(0));
    assert_eq!(states.replay(offset(0), &marker(1, 0, Outcome::Commit, 0), None), None);
    assert_eq!(states.first_unstable(), None);
    assert_eq!(states.end(), offset(1));
}

#[test]
fn a_marker_of_a_replaced_coordinator_is_fenced() {
    let mut states = ProducerStates::new(offset(0));
    append_from(&mut states, marker(1, 0, Outcome::Commit, 5), OLD_MARKER).unwrap();
    let older = marker(1, 0, Outcome::Commit, 4);
    assert_eq!(append_from(&mut states, older, OLD_MARKER), Err("fenced coordinator"));
}

#[test]
fn a_version_2_marker_needs_a_later_epoch_unless_it_repeats_one() {
    let mut states = ProducerStates::new(offset(0));
    append(&mut states, transactional(1, 3, 0, 1)).unwrap();
    let same = marker(1, 3, Outcome::Commit, 0);
    let later = marker(1, 4, Outcome::Commit, 0);
    assert_eq!(append_from(&mut states, same, TV2_MARKER), Err("fenced"));
    assert_eq!(append_from(&mut states, later, TV2_MARKER), Ok(1));
    assert_eq!(append_from(&mut states, later, TV2_MARKER), Ok(2), "the same marker again");
    assert_eq!(append_from(&mut states, same, TV2_MARKER), Err("fenced"));
    assert_eq!(append(&mut states, transactional(1, 4, 1, 1)), Err("out of order"));
    assert_eq!(append(&mut states, transactional(1, 4, 0, 1)), Ok(3), "new epoch, new sequence");
}

#[test]
fn an_old_marker_may_have_the_data_s_epoch_and_keeps_its_sequence() {
    let mut states = ProducerStates::new(offset(0));
    append(&mut states, transactional(1, 3, 0, 5)).unwrap();
    append_from(&mut states, marker(1, 3, Outcome::Abort, 0), OLD_MARKER).unwrap();
    assert_eq!(append(&mut states, transactional(1, 3, 5, 1)), Ok(6));
    let fenced = marker(1, 2, Outcome::Abort, 0);
    assert_eq!(append_from(&mut states, fenced, OLD_MARKER), Err("fenced"));
}

#[test]
fn idle_producers_expire_but_not_with_an_open_transaction() {
    let mut states = ProducerStates::new(offset(0));
    let hour = Duration::from_secs(3_600);
    states.replay(offset(0), &idempotent(1, 0, 0, 1), Some(at_ms(5_000)));
    states.replay(offset(1), &transactional(2, 0, 0, 1), Some(at_ms(5_000)));
    assert_eq!(states.expire(at_ms(3_604_999), hour), 0, "old record times do not make it idle");
    assert_eq!(states.expire(at_ms(3_605_000), hour), 1);
    assert!(states.get(producer(1)).is_none());
    assert_eq!(states.first_open_transaction(), Some(offset(1)));
    assert_eq!(append(&mut states, idempotent(1, 0, 9, 1)), Ok(2), "unknown again");
}

#[test]
fn a_full_table_forgets_those_idle_longest() {
    let mut states = ProducerStates::new(offset(0));
    states.replay(offset(0), &transactional(0, 0, 0, 1), Some(at_ms(2_000)));
    let count = i64::try_from(PRODUCER_COUNT_MAX).unwrap();
    for id in 1..=count {
        let wall = at_ms(2_000 + id);
        states.replay(offset(id), &idempotent(id, 0, 0, 1), Some(wall));
    }
    let evicted = PRODUCER_COUNT_MAX / PRODUCER_EVICTION_DIVISOR;
    assert_eq!(states.len(), PRODUCER_COUNT_MAX - evicted + 1);
    assert!(states.get(producer(0)).is_some(), "its transaction is open");
    assert!(states.get(producer(1)).is_none());
    assert!(states.get(producer(count)).is_some());
}

#[test]
fn a_snapshot_keeps_the_last_batch_and_the_open_transaction() {
    let mut states = ProducerStates::new(offset(0));
    append(&mut states, idempotent(1, 2, 0, 3)).unwrap();
    append(&mut states, idempotent(1, 2, 3, 2)).unwrap();
    append(&mut states, transactional(2, 0, 0, 1)).unwrap();
    append_from(&mut states, marker(3, 7, Outcome::Commit, 9), OLD_MARKER).unwrap();
    let entries: Vec<_> = states.snapshot().collect();
    assert_eq!(entries.len(), 3);
    assert_eq!(entries[0].id, producer(1));
    assert_eq!(entries[0].epoch, producer_epoch(2));
    assert_eq!(entries[0].last_sequence, Some(sequence(4)));
    assert_eq!(entries[0].last_offset, Some(offset(4)));
    assert_eq!(entries[0].offset_delta, 1);
    assert_eq!(entries[1].transaction_first, Some(offset(5)));
    assert_eq!(entries[2].last_offset, None, "a marker is not in the window");

    let mut restored = ProducerStates::from_snapshot(states.end(), entries.iter().copied());
    assert_eq!(restored.snapshot().collect::<Vec<_>>(), entries);
    assert_eq!(restored.end(), states.end());
    assert_eq!(restored.first_unstable(), Some(offset(5)));
    assert_eq!(append(&mut restored, idempotent(1, 2, 3, 2)), Ok(3), "the last batch is known");
    assert_eq!(append(&mut restored, idempotent(1, 2, 0, 3)), Err("out of order"));
    assert_eq!(append(&mut restored, idempotent(1, 2, 5, 1)), Ok(7));
}

#[test]
fn control_batches_without_a_marker_change_no_producer() {
    let mut states = ProducerStates::new(offset(0));
    let emptied = BatchFacts { marker: None, ..marker(1, 0, Outcome::Commit, 0) };
    assert_eq!(states.replay(offset(0), &emptied, None), None);
    assert!(states.is_empty());
    assert_eq!(states.end(), offset(1));
}

#[test]
fn windows_restore_what_a_snapshot_entry_alone_would_forget() {
    let mut states = ProducerStates::new(Offset::ZERO);
    let producer = |sequence| ProducerFacts {
        id: ProducerId::from_wire(1).unwrap(),
        epoch: ProducerEpoch::ZERO,
        base_sequence: model::Sequence::from_wire(sequence),
    };
    let facts = |sequence| BatchFacts {
        offset_count: 1,
        size_bytes: 100,
        max_timestamp: Timestamp::from_millis(1),
        producer: Some(producer(sequence)),
        transactional: false,
        control: false,
        marker: None,
    };
    for sequence in 0..7 {
        states.replay(Offset::from_wire(i64::from(sequence)).unwrap(), &facts(sequence), None);
    }
    let windows = states
        .iter()
        .map(|(id, state)| (state.to_snapshot(id), state.window().copied().collect::<Vec<_>>()));
    let restored = ProducerStates::from_windows(states.end(), windows);
    assert_eq!(restored, states);
    assert_eq!(restored.check(&facts(2), Origin::CLIENT), states.check(&facts(2), Origin::CLIENT));
}

fn window(states: &ProducerStates, id: i64) -> Vec<i32> {
    let window = states.get(producer(id)).into_iter().flat_map(ProducerState::window);
    window.filter_map(|batch| Some(batch.last_sequence?.to_wire())).collect()
}

#[test]
fn what_lay_before_a_cut_is_remembered_though_it_is_deleted() {
    let mut states = ProducerStates::new(offset(0));
    for first in 0..4 {
        append(&mut states, idempotent(1, 0, first, 1)).unwrap();
    }
    append(&mut states, idempotent(2, 0, 0, 1)).unwrap();
    append(&mut states, idempotent(3, 0, 0, 1)).unwrap();
    let mut again = ProducerStates::new(offset(5));
    again.remember(&states.below(offset(5)));
    assert_eq!(window(&again, 1), [0, 1, 2, 3]);
    assert_eq!(window(&again, 2), [0]);
    assert!(again.get(producer(3)).is_none(), "it lay behind the cut");
    assert_eq!(append(&mut again, idempotent(1, 0, 1, 1)), Ok(1), "a duplicate");
    assert_eq!(append(&mut again, idempotent(1, 0, 4, 1)), Ok(5), "the next one");
}

#[test]
fn a_batch_that_a_snapshot_gives_another_time_is_the_same_batch() {
    let mut states = ProducerStates::new(offset(0));
    for first in 0..5 {
        append(&mut states, transactional(1, 0, first, 1)).unwrap();
    }
    append_from(&mut states, marker(1, 0, Outcome::Commit, 1), OLD_MARKER).unwrap();
    let mut again = ProducerStates::from_snapshot(states.end(), states.snapshot());
    again.remember(&states);
    assert_eq!(window(&again, 1), [0, 1, 2, 3, 4]);
}

#[test]
fn of_another_time_that_is_remembered_which_comes_before_a_common_batch() {
    let mut states = ProducerStates::new(offset(0));
    for first in 0..4 {
        append(&mut states, idempotent(1, 0, first, 1)).unwrap();
    }
    let mut known = ProducerStates::from_snapshot(states.end(), states.snapshot());
    append(&mut known, idempotent(1, 0, 4, 1)).unwrap();
    known.remember_older(&states);
    assert_eq!(window(&known, 1), [0, 1, 2, 3, 4]);
    let mut other = ProducerStates::new(offset(9));
    append(&mut other, idempotent(1, 0, 0, 4)).unwrap();
    other.remember_older(&states);
    assert_eq!(window(&other, 1), [3], "the log is another one");
    assert_eq!(other.get(producer(1)).unwrap().window().count(), 1);
}
