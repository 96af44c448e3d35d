//! Queues of a transactional producer.

use super::*;

/// In a transaction, whose partition 0 is known.
fn open() -> Desk {
    let mut desk = Desk::with(config());
    desk.accumulator = Accumulator::new(config(), BackoffRange::RECONNECT).transactional();
    desk.accumulator.restart(ID);
    desk
}

fn admit(desk: &mut Desk, index: i32) {
    desk.accumulator.admit(&[partition(index)]);
}

#[test]
fn batches_leave_when_their_partition_is_in_the_transaction_and_are_marked_as_its() {
    let mut desk = open();
    desk.send(0, "a");
    desk.send(1, "b");
    let mut outside = desk.accumulator.ground().outside;
    outside.sort();
    assert_eq!(outside, [partition(0), partition(1)]);
    assert!(desk.leave().is_empty());
    admit(&mut desk, 1);
    let left = desk.leave();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].partition, partition(1));
    let batch = BatchView::parse_checked(&left[0].bytes).unwrap();
    assert!(batch.header().attributes().is_transactional());
    assert_eq!(desk.accumulator.ground().outside, [partition(0)]);
}

#[test]
fn the_next_transaction_begins_with_no_partition_and_goes_on_with_the_sequences_of_its_epoch() {
    let mut desk = open();
    let mut seen = Vec::new();
    for identity in [ID, ID, (ID.0, epoch(1))] {
        desk.accumulator.restart(identity);
        desk.send(0, "a");
        assert!(desk.leave().is_empty());
        admit(&mut desk, 0);
        let left = desk.leave();
        seen.extend(left.clone());
        desk.answer(&left[0], delivered());
        assert!(desk.accumulator.ground().is_idle);
    }
    check(&seen, &[("a", 0, 0), ("a", 0, 1), ("a", 1, 0)]);
}

#[test]
fn a_failure_is_the_transactions_and_no_new_epoch_is_taken_for_it() {
    for verdict in [too_large(), out_of_order()] {
        let mut desk = open();
        desk.send(0, "a");
        admit(&mut desk, 0);
        let left = desk.leave();
        desk.answer(&left[0], verdict);
        let fault = desk.accumulator.take_fault().unwrap();
        assert!(fault.leaves_gap);
        assert!(desk.accumulator.take_fault().is_none());
        desk.send(0, "b");
        check(&desk.leave(), &[("b", 0, 1)]);
    }
}

#[test]
fn an_abort_drops_what_waits_and_what_comes_back() {
    let mut desk = open();
    let first = desk.send(0, "a");
    admit(&mut desk, 0);
    let left = desk.leave();
    let second = desk.send(0, "b");
    desk.accumulator.drop_waiting(&ClientError::TransactionAborted);
    assert!(matches!(second.result(), Some(Err(ClientError::TransactionAborted))));
    assert!(!desk.accumulator.ground().is_idle);
    assert!(first.result().is_none());
    desk.answer(&left[0], no_answer());
    assert!(first.result().unwrap().is_err());
    assert!(desk.accumulator.ground().is_idle);
    assert!(desk.accumulator.take_fault().unwrap().leaves_gap);
}

#[test]
fn a_batch_whose_time_runs_out_fails_the_transaction() {
    let mut desk = open();
    desk.send(0, "a");
    desk.pass(config().delivery_timeout);
    assert!(desk.leave().is_empty());
    let fault = desk.accumulator.take_fault().unwrap();
    assert!(matches!(fault.error, ClientError::DeliveryTimedOut { .. }), "{}", fault.error);
    assert!(!fault.leaves_gap);
}
