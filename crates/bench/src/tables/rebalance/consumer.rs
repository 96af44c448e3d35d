//! Of KIP-848: in heartbeat intervals, for a member hears of a change with its next heartbeat and not before.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use testkit::Failed;
use testkit::compare::Side;

use super::{Board, MEMBER_COUNT, Order, PARTITION_COUNT};
use crate::broker::{Kind, Running};
use crate::consumer_member::Member;
use crate::rows::Rows;
use crate::tables::partitions::{create, millis};

const GROUP: &str = "bench-rebalance";
const TOPIC: &str = "bench-rebalance";
/// Kafka's default for these groups.
const INTERVAL: Duration = Duration::from_secs(5);
const STARTS: &str = "KIP-848: 100 members start";
const LEAVES: &str = "KIP-848: one of 100 members leaves";
const JOINS: &str = "KIP-848: one joins 99 members";

pub(super) fn run(
    rows: &Rows,
    (round, kind): (usize, Kind),
    broker: &Running,
) -> Result<(), Failed> {
    create(broker, TOPIC, i32::try_from(PARTITION_COUNT).unwrap_or(1))?;
    let (board, joined, address) = (Board::new(), AtomicUsize::new(0), broker.address());
    let note = |words: &str, took: Duration| {
        rows.add(round, kind, words, "ms", millis(took))?;
        let intervals = took.as_secs_f64() / INTERVAL.as_secs_f64();
        rows.add(round, kind, words, "heartbeat intervals", intervals)
    };
    thread::scope(|scope| {
        let start = |number: usize, life: usize| {
            let (orders, heard) = channel();
            let member = Member::new(GROUP, &format!("member-{number}-{life}"), TOPIC);
            let (board, joined, address) = (&board, &joined, address.clone());
            let living = scope.spawn(move || live(number, member, &address, board, joined, &heard));
            (orders, living)
        };
        let mut members: Vec<_> = (0..MEMBER_COUNT).map(|number| start(number, 0)).collect();
        let is_shared = |count: usize| move |seen: &[Option<usize>]| shared(seen, count);
        let outcome = (|| {
            // How long a hundred joins take is not the rebalance.
            let began = board.wait(STARTS, |_| joined.load(Ordering::Acquire) == MEMBER_COUNT)?;
            let all = board.wait(STARTS, is_shared(MEMBER_COUNT))?;
            note(STARTS, all - began)?;
            rest(&members, MEMBER_COUNT)?;
            let last = MEMBER_COUNT - 1;
            let began = Instant::now();
            send(&members, last, Order::Leave)?;
            let less = board.wait(LEAVES, is_shared(last))?;
            note(LEAVES, less - began)?;
            rest(&members, last)?;
            let began = Instant::now();
            let gone = members.pop();
            members.push(start(last, 1));
            let all = board.wait(JOINS, is_shared(MEMBER_COUNT))?;
            note(JOINS, all - began)?;
            ended(gone.into_iter().map(|(_, living)| living.join()))
        })();
        for (orders, _) in &members {
            // Who has ended already needs no order.
            let _ = orders.send(Order::End);
        }
        // What a member says of its end explains why a wait was in vain.
        ended(members.into_iter().map(|(_, living)| living.join())).and(outcome)
    })
}

fn ended(members: impl Iterator<Item = thread::Result<Result<(), Failed>>>) -> Result<(), Failed> {
    for ended in members {
        ended.map_err(|_| Failed("a member panicked".into()))??;
    }
    Ok(())
}

type Living<'scope> = (Sender<Order>, thread::ScopedJoinHandle<'scope, Result<(), Failed>>);

/// Two intervals, so that whoever hears something next hears it after that.
fn rest(members: &[Living<'_>], count: usize) -> Result<(), Failed> {
    thread::sleep(INTERVAL + INTERVAL / 2);
    let living = members.iter().take(count).filter(|(_, living)| !living.is_finished()).count();
    if living == count { Ok(()) } else { Err(Failed(format!("{living} of {count} members live"))) }
}

fn send(members: &[Living<'_>], number: usize, order: Order) -> Result<(), Failed> {
    let sent = members.get(number).map(|(orders, _)| orders.send(order));
    sent.and_then(Result::ok).ok_or_else(|| Failed(format!("member {number} has ended")))
}

/// Whether so many members own all partitions, none more than one above another.
fn shared(seen: &[Option<usize>], count: usize) -> bool {
    let owned: Vec<usize> = seen.iter().flatten().copied().collect();
    let (least, most) = (owned.iter().min(), owned.iter().max());
    let (Some(least), Some(most)) = (least, most) else { return false };
    owned.len() == count && owned.iter().sum::<usize>() == PARTITION_COUNT && most - least <= 1
}

/// Beats until it is told to end.
fn live(
    number: usize,
    mut member: Member,
    address: &str,
    board: &Board<usize>,
    joined: &AtomicUsize,
    orders: &Receiver<Order>,
) -> Result<(), Failed> {
    let mut side = Side::new(address.to_owned());
    let mut is_new = true;
    loop {
        let pause = member.beat(&mut side)?;
        joined.fetch_add(usize::from(std::mem::take(&mut is_new)), Ordering::AcqRel);
        board.put(number, member.settled());
        match orders.recv_timeout(pause) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(Order::Leave) => {
                board.put(number, None);
                return member.leave(&mut side);
            }
            Ok(Order::End) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_settled_when_all_partitions_are_owned_and_evenly() {
        let mut seen = vec![Some(10); MEMBER_COUNT];
        assert!(shared(&seen, MEMBER_COUNT));
        seen[0] = Some(9);
        assert!(!shared(&seen, MEMBER_COUNT), "one is owned by nobody");
        seen[1] = Some(11);
        assert!(!shared(&seen, MEMBER_COUNT), "two more than another");
        seen[0] = None;
        assert!(!shared(&seen, MEMBER_COUNT - 1));
    }
}
