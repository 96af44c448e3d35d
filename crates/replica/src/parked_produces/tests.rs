use super::*;
use crate::effects::Novelty;
use crate::samples::offset;

fn appended(end: i64) -> Appended {
    Appended {
        base: offset(end - 1),
        end: offset(end),
        log_start: offset(0),
        novelty: Novelty::New,
    }
}

fn progress(durable_end: i64, high_watermark: i64) -> Progress {
    Progress {
        durable_end: offset(durable_end),
        high_watermark: offset(high_watermark),
        enough_in_sync: true,
    }
}

fn at(ms: u64) -> Instant {
    Instant::from_millis(ms)
}

/// Parks tickets by what they wait for; `None` where an answer left at once.
fn parked(waits: &[(u32, Once, u64)]) -> ParkedProduces<u32> {
    let mut table = ParkedProduces::new();
    let mut out = Vec::new();
    for &(ticket, once, deadline) in waits {
        let end = match once {
            Once::Now => 1,
            Once::Local(end) | Once::Committed(end) => end.to_wire(),
        };
        table.park(ticket, Ok(appended(end)), once, at(deadline), &progress(0, 0), &mut out);
    }
    assert_eq!(out, []);
    table
}

fn tickets(out: &[Released<u32>]) -> Vec<u32> {
    out.iter().map(|(ticket, _)| *ticket).collect()
}

#[test]
fn answers_leave_in_the_order_of_the_offsets_they_wait_for() {
    let mut table = parked(&[
        (1, Once::Committed(offset(1)), 100),
        (2, Once::Local(offset(2)), 100),
        (3, Once::Committed(offset(3)), 100),
        (4, Once::Committed(offset(2)), 100),
    ]);
    let mut out = Vec::new();
    table.release(&progress(2, 0), &mut out);
    assert_eq!(tickets(&out), [2]);
    table.release(&progress(3, 2), &mut out);
    assert_eq!(tickets(&out), [2, 1, 4], "the one that came late waits for less");
    table.release(&progress(3, 3), &mut out);
    assert_eq!(tickets(&out), [2, 1, 4, 3]);
    assert!(table.is_empty());
    assert_eq!(table.next_timeout(), None);
}

#[test]
fn what_needs_no_waiting_leaves_at_once() {
    let mut table = ParkedProduces::new();
    let mut out = Vec::new();
    let now = progress(5, 3);
    let refused = Err(AppendError::NotLeader);
    table.park(1, Ok(appended(9)), Once::Now, at(9), &now, &mut out);
    table.park(2, refused, Once::Now, at(9), &now, &mut out);
    table.park(3, Ok(appended(5)), Once::Local(offset(5)), at(9), &now, &mut out);
    table.park(4, Ok(appended(3)), Once::Committed(offset(3)), at(9), &now, &mut out);
    table.park(5, Ok(appended(4)), Once::Committed(offset(4)), at(9), &now, &mut out);
    assert_eq!(tickets(&out), [1, 2, 3, 4]);
    assert_eq!(table.len(), 1);
}

#[test]
fn a_committed_batch_with_too_few_in_sync_is_answered_with_that_error() {
    let mut table = parked(&[(1, Once::Committed(offset(1)), 100)]);
    let mut out = Vec::new();
    table.release(&Progress { enough_in_sync: false, ..progress(1, 1) }, &mut out);
    assert_eq!(out, [(1, Err(AppendError::NotEnoughReplicasAfterAppend))]);
}

#[test]
fn a_deadline_answers_with_a_timeout_and_leaves_the_others() {
    let mut table = parked(&[
        (1, Once::Committed(offset(1)), 30),
        (2, Once::Committed(offset(2)), 10),
        (3, Once::Local(offset(3)), 20),
    ]);
    let mut out = Vec::new();
    assert_eq!(table.next_timeout(), Some(at(10)));
    table.expire(at(9), &mut out);
    assert_eq!(out, []);
    table.expire(at(10), &mut out);
    assert_eq!(out, [(2, Err(AppendError::TimedOut))]);
    assert_eq!(table.next_timeout(), Some(at(20)));
    table.expire(at(30), &mut out);
    assert_eq!(tickets(&out), [2, 3, 1]);
    assert_eq!(table.next_timeout(), None);
}

#[test]
fn a_lost_leadership_answers_all() {
    let waits = [(1, Once::Committed(offset(1)), 30), (2, Once::Local(offset(2)), 10)];
    let mut table = parked(&waits);
    let mut out = Vec::new();
    table.fail_all(AppendError::NotLeader, &mut out);
    assert_eq!(out.len(), 2);
    assert!(out.iter().all(|(_, result)| *result == Err(AppendError::NotLeader)));
    assert!(table.is_empty());
}

#[test]
fn a_full_table_refuses() {
    let mut table = ParkedProduces::new();
    let mut out = Vec::new();
    for ticket in 0..=PARKED_PRODUCE_COUNT_MAX {
        let once = Once::Local(offset(1));
        table.park(ticket, Ok(appended(1)), once, at(1), &progress(0, 0), &mut out);
    }
    assert_eq!(out, [(PARKED_PRODUCE_COUNT_MAX, Err(AppendError::TooManyWaiting))]);
}
