//! Of the classic protocol: beside Apache Kafka's.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use testkit::Failed;
use testkit::compare::Side;

use super::{Board, MEMBER_COUNT, Order};
use crate::broker::{Kind, Running};
use crate::classic_member::{Beat, INTERVAL, Member};
use crate::rows::Rows;
use crate::tables::partitions::millis;

const GROUP: &str = "bench-classic";
const STARTS: &str = "classic: 100 members start";
const LEAVES: &str = "classic: one of 100 members leaves";
/// From the time when the first of the others hears that one has left: what comes before is the wait for a heartbeat.
const HEARD: &str = "ms from the first to hear";

/// The first to hear of a rebalance, in microseconds since `since`; `u64::MAX` is nobody yet.
struct FirstToHear {
    since: Instant,
    micros: AtomicU64,
}

impl FirstToHear {
    fn note(&self) {
        let micros = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_min(micros, Ordering::Relaxed);
    }

    fn forget(&self) {
        self.micros.store(u64::MAX, Ordering::Relaxed);
    }

    fn when(&self) -> Option<Instant> {
        self.since.checked_add(Duration::from_micros(self.micros.load(Ordering::Relaxed)))
    }
}

pub(super) fn run(
    rows: &Rows,
    (round, kind): (usize, Kind),
    broker: &Running,
) -> Result<(), Failed> {
    let (board, address) = (Board::new(), broker.address());
    let first = FirstToHear { since: Instant::now(), micros: AtomicU64::new(u64::MAX) };
    thread::scope(|scope| {
        let began = Instant::now();
        let members: Vec<(Sender<Order>, _)> = (0..MEMBER_COUNT)
            .map(|number| {
                let (orders, heard) = channel();
                let (board, address, first) = (&board, address.clone(), &first);
                let living = scope.spawn(move || live(number, &address, board, first, &heard));
                (orders, living)
            })
            .collect();
        let outcome = (|| {
            let all = board.wait(STARTS, |seen| agree(seen, MEMBER_COUNT, 0))?;
            rows.add(round, kind, STARTS, "ms", millis(all - began))?;
            // In the middle between two heartbeats, which all members send at about the same time.
            thread::sleep(INTERVAL + INTERVAL / 2);
            first.forget();
            let generation =
                board.seen.lock().ok().and_then(|seen| seen.first().copied().flatten());
            let (orders, _) = members.last().ok_or_else(|| Failed("no member".into()))?;
            let began = Instant::now();
            orders.send(Order::Leave).map_err(|_| Failed("a member has ended".into()))?;
            let after = generation.unwrap_or(0) + 1;
            let rest = board.wait(LEAVES, |seen| agree(seen, MEMBER_COUNT - 1, after))?;
            rows.add(round, kind, LEAVES, "ms", millis(rest - began))?;
            let heard = first.when().ok_or_else(|| Failed("nobody heard of it".into()))?;
            rows.add(round, kind, LEAVES, HEARD, millis(rest.saturating_duration_since(heard)))
        })();
        for (orders, _) in &members {
            // Who has ended already needs no order.
            let _ = orders.send(Order::End);
        }
        for (_, living) in members {
            living.join().map_err(|_| Failed("a member panicked".into()))??;
        }
        outcome
    })
}

/// Whether so many members are in one generation, which is `from` or later.
fn agree(seen: &[Option<i32>], count: usize, from: i32) -> bool {
    let mut generations = seen.iter().flatten();
    let Some(one) = generations.next() else { return false };
    *one >= from && generations.all(|other| other == one) && seen.iter().flatten().count() == count
}

fn live(
    number: usize,
    address: &str,
    board: &Board<i32>,
    first: &FirstToHear,
    orders: &Receiver<Order>,
) -> Result<(), Failed> {
    let mut side = Side::new(address.to_owned());
    let mut member = Member::new(GROUP);
    board.put(number, Some(member.join(&mut side)?));
    loop {
        match orders.recv_timeout(INTERVAL) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(Order::Leave) => {
                board.put(number, None);
                return member.leave(&mut side);
            }
            Ok(Order::End) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        if member.beat(&mut side)? == Beat::Rebalance {
            first.note();
            board.put(number, None);
            board.put(number, Some(member.join(&mut side)?));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_agrees_when_all_its_members_are_in_one_generation() {
        assert!(agree(&[Some(2), None, Some(2)], 2, 2));
        assert!(!agree(&[Some(2), None, Some(2)], 2, 3), "of before");
        assert!(!agree(&[Some(2), Some(3)], 2, 1));
        assert!(!agree(&[Some(2), None], 2, 1));
        assert!(!agree(&[None, None], 0, 0));
    }
}
