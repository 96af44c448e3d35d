use super::*;
use crate::leader_epochs::LeaderEpochs;
use crate::producer_states::ProducerStates;
use crate::samples::{offset, plain};

/// A log of one-record batches, 100 bytes each.
fn log(high_watermark: i64, end: i64) -> ReplicaLog {
    let mut producers = ProducerStates::new(offset(0));
    for base in 0..end {
        producers.replay(offset(base), &plain(1), None);
    }
    let epochs = LeaderEpochs::default();
    ReplicaLog::recovered(offset(0), offset(end), offset(high_watermark), epochs, producers)
}

fn waiter(waiter: u32, reader: Reader, from: i64, size_bytes_min: u64) -> FetchWaiter<u32> {
    FetchWaiter { waiter, reader, from: offset(from), size_bytes_min, deadline: None }
}

fn woken(waiters: &mut FetchWaiters<u32>, log: &ReplicaLog) -> Vec<u32> {
    let mut out = Vec::new();
    waiters.wake(log, |from, to| to.records_since(from) * 100, &mut out);
    out
}

#[test]
fn each_reader_waits_for_its_own_end() {
    let mut waiters = FetchWaiters::new();
    waiters.park(waiter(1, Reader::Follower, 5, 1)).unwrap();
    waiters.park(waiter(2, Reader::Uncommitted, 5, 1)).unwrap();
    waiters.park(waiter(3, Reader::Committed, 5, 1)).unwrap();
    assert_eq!(woken(&mut waiters, &log(5, 5)), []);
    assert_eq!(woken(&mut waiters, &log(5, 6)), [1]);
    assert_eq!(woken(&mut waiters, &log(6, 6)), [2, 3]);
    assert!(waiters.is_empty());
}

#[test]
fn a_fetch_with_min_bytes_waits_for_so_many() {
    let mut waiters = FetchWaiters::new();
    waiters.park(waiter(1, Reader::Uncommitted, 5, 250)).unwrap();
    assert_eq!(woken(&mut waiters, &log(7, 9)), [], "200 bytes are committed");
    assert_eq!(woken(&mut waiters, &log(8, 9)), [1]);
}

#[test]
fn a_fetch_that_fell_out_of_the_log_is_woken() {
    let mut waiters = FetchWaiters::new();
    waiters.park(waiter(1, Reader::Follower, 5, 1)).unwrap();
    assert_eq!(woken(&mut waiters, &log(3, 3)), [1], "the log was truncated");
}

#[test]
fn deadlines_wake_those_that_have_one() {
    let mut waiters = FetchWaiters::new();
    let deadline = Some(Instant::from_millis(10));
    waiters.park(waiter(1, Reader::Uncommitted, 5, 1)).unwrap();
    waiters.park(FetchWaiter { deadline, ..waiter(2, Reader::Uncommitted, 5, 1) }).unwrap();
    assert_eq!(waiters.next_timeout(), deadline);
    let mut out = Vec::new();
    waiters.expire(Instant::from_millis(9), &mut out);
    assert_eq!(out, []);
    waiters.expire(Instant::from_millis(10), &mut out);
    assert_eq!(out, [2]);
    assert_eq!(waiters.next_timeout(), None);
    waiters.wake_all(&mut out);
    assert_eq!(out, [2, 1]);
}

#[test]
fn an_answered_fetch_is_not_woken_any_more() {
    let mut waiters = FetchWaiters::new();
    waiters.park(waiter(1, Reader::Follower, 0, 1)).unwrap();
    waiters.remove(1);
    assert_eq!(woken(&mut waiters, &log(5, 6)), []);
}

#[test]
fn a_full_list_gives_the_fetch_back() {
    let mut waiters = FetchWaiters::new();
    for id in 0..u32::try_from(FETCH_WAITER_COUNT_MAX).unwrap() {
        waiters.park(waiter(id, Reader::Follower, 0, 1)).unwrap();
    }
    let late = waiter(7, Reader::Follower, 0, 1);
    assert_eq!(waiters.park(late), Err(late));
}
