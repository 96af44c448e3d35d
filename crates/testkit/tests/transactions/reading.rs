//! What readers of committed records get: from any offset, at any pace, through any end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use model::SeededRandom;
use testkit::Ottla;
use testkit::compare::Side;

use crate::producer::{PRODUCE, Producer};
use crate::reader::{AT_ONCE, Read, Reader};
use crate::world::{PATIENCE, create};

const TOPIC: &str = "read";
/// The last committed value of a run.
const LAST: &str = "the last one";

/// Batches of several records of producers whose transactions lie within each other; gives what counts.
fn interleave(address: &str, padding: usize) -> Vec<Read> {
    let mut random = SeededRandom::new(3);
    let mut producers: Vec<Producer> =
        (0..4).map(|n| Producer::new(address, &format!("woven-{n}"), 600_000)).collect();
    let mut open: Vec<Vec<Read>> = vec![Vec::new(); producers.len()];
    let mut counting = Vec::new();
    for turn in 0..60 {
        let who = usize::try_from(random.below(4)).expect("small");
        let count = 2 + random.below(9);
        let values: Vec<String> =
            (0..count).map(|n| format!("{turn}.{n}{}", "x".repeat(padding))).collect();
        let texts: Vec<&str> = values.iter().map(String::as_str).collect();
        let base = producers[who].send(TOPIC, 0, &texts);
        open[who].extend((base..).zip(values).map(|(offset, value)| Read {
            offset,
            key: "key".to_owned(),
            value,
        }));
        if random.one_in(3) || turn >= 56 {
            let committed = random.one_in(2);
            producers[who].end(committed);
            let of = std::mem::take(&mut open[who]);
            counting.extend(of.into_iter().filter(|_| committed));
        }
    }
    for (producer, of) in producers.iter_mut().zip(open) {
        if !of.is_empty() {
            producer.end(true);
            counting.extend(of);
        }
    }
    counting.sort_by_key(|read| read.offset);
    counting
}

/// One answer from each offset begins with just what counts from there on.
fn read_from_everywhere(address: &str, counting: &[Read], stride: usize) {
    let mut reader = Reader::new(address, TOPIC, 0);
    reader.until_stable();
    assert_eq!(reader.read_to_the_end(), counting);
    let end = reader.position;
    for (size_max, stride) in [(1, 1), (AT_ONCE, stride)] {
        for from in (0..end).step_by(stride) {
            let mut reader = Reader::new(address, TOPIC, 0).from(from).slowly(size_max);
            let found = reader.step(0).expect("a fetch");
            let first = counting.partition_point(|read| read.offset < from);
            let wanted = &counting[first..];
            assert!(reader.position > from, "no progress at {from}");
            assert_eq!(found, wanted[..found.len().min(wanted.len())], "from {from}");
            let reached = wanted.partition_point(|read| read.offset < reader.position);
            assert_eq!(found.len(), reached, "left out before {} from {from}", reader.position);
        }
    }
}

fn everywhere(padding: usize, stride: usize, settings: &[(&str, &str)]) {
    let mut ottla = Ottla::start(&[]).expect("Ottla");
    let address = ottla.bootstrap();
    create(&address, TOPIC, 1, settings);
    let counting = interleave(&address, padding);
    read_from_everywhere(&address, &counting, stride);
    ottla.kill().expect("the kill");
    ottla.restart().expect("a start");
    read_from_everywhere(&address, &counting, stride);
    ottla.stop().expect("a clean stop");
    ottla.restart().expect("a start");
    read_from_everywhere(&address, &counting, stride);
}

#[test]
fn a_read_from_the_middle_of_a_batch_leaves_out_what_was_aborted() {
    everywhere(0, 1, &[]);
}

#[test]
fn a_read_from_the_middle_of_a_batch_leaves_out_what_was_aborted_segments_ago() {
    everywhere(20_000, 7, &[("segment.bytes", "1048576")]);
}

/// The abort overtakes the batch, or the batch the abort: neither is seen, and nothing is left open.
#[test]
fn an_abort_right_after_the_send_is_never_seen() {
    let ottla = Ottla::start(&[]).expect("Ottla");
    let address = ottla.bootstrap();
    create(&address, TOPIC, 1, &[]);
    let done = AtomicBool::new(false);
    let (wanted, seen) = thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut reader = Reader::new(&address, TOPIC, 0);
            let mut seen = Vec::new();
            let end = Instant::now() + PATIENCE;
            loop {
                assert!(Instant::now() < end, "{} values seen", seen.len());
                let was_done = done.load(Ordering::Acquire);
                seen.extend(reader.step(20).expect("a fetch").into_iter().map(|read| read.value));
                if was_done && seen.last().is_some_and(|last| last == LAST) {
                    return seen;
                }
            }
        });
        let mut producer = Producer::new(&address, "hasty", 600_000);
        let mut wanted = Vec::new();
        for turn in 0..300 {
            if turn % 3 == 0 {
                let value = format!("kept-{turn}");
                producer.send(TOPIC, 0, &[&value]);
                producer.end(true);
                wanted.push(value);
                continue;
            }
            let request = producer.request(TOPIC, 0, &[("key", "aborted")]);
            let mut other = Side::new(address.clone());
            scope.spawn(move || {
                // Written, fenced or refused as part of no transaction: all are fine.
                other.call(&request, PRODUCE).expect("produce").expect("an answer")
            });
            if turn % 2 == 0 {
                thread::sleep(Duration::from_micros(200 * (turn % 7)));
            }
            producer.end(false);
        }
        producer.send(TOPIC, 0, &[LAST]);
        producer.end(true);
        wanted.push(LAST.to_owned());
        done.store(true, Ordering::Release);
        (wanted, reading.join().expect("the reader"))
    });
    assert_eq!(seen, wanted);
    let mut reader = Reader::new(&address, TOPIC, 0);
    reader.until_stable();
    assert_eq!(reader.values_to_the_end(), wanted);
}

#[derive(Clone, Copy, Debug)]
enum Pace {
    Steady,
    /// Its connection breaks with a fetch under way; another one goes on where it stood.
    Killed,
    Paused,
    /// A batch at a time.
    Slow,
}

fn read_at(pace: Pace, address: &str) -> Vec<String> {
    let mut reader = Reader::new(address, TOPIC, 0);
    if matches!(pace, Pace::Slow) {
        reader = reader.slowly(1);
    }
    let mut seen = Vec::new();
    let end = Instant::now() + PATIENCE;
    for turn in 0.. {
        assert!(Instant::now() < end, "{pace:?}: {} values seen", seen.len());
        match reader.step(50) {
            Ok(found) => seen.extend(found.into_iter().map(|read| read.value)),
            // The broker is away.
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
        if seen.last().is_some_and(|last| last == LAST) {
            break;
        }
        if turn % 5 == 4 {
            match pace {
                Pace::Steady | Pace::Slow => {}
                Pace::Killed => {
                    let _ = reader.fetch_and_hang_up();
                    reader = Reader::new(address, TOPIC, 0).from(reader.position);
                }
                Pace::Paused => thread::sleep(Duration::from_millis(150)),
            }
        }
    }
    seen
}

#[test]
fn consumers_killed_paused_and_slow_see_each_committed_value_once() {
    let mut ottla = Ottla::start(&[]).expect("Ottla");
    let address = &ottla.bootstrap();
    create(address, TOPIC, 1, &[]);
    let paces = [Pace::Steady, Pace::Killed, Pace::Paused, Pace::Slow];
    let (wanted, all_seen) = thread::scope(|scope| {
        let readers = paces.map(|pace| scope.spawn(move || read_at(pace, address)));
        let mut random = SeededRandom::new(11);
        let mut producer = Producer::new(address, "writer", 600_000);
        let mut long = Producer::new(address, "long", 600_000);
        let mut wanted: Vec<(i64, String)> = Vec::new();
        let mut long_values = Vec::new();
        for turn in 0..240 {
            let committed = !random.one_in(3);
            let values: Vec<String> =
                (0..=random.below(6)).map(|n| format!("{turn}.{n} {committed}")).collect();
            let texts: Vec<&str> = values.iter().map(String::as_str).collect();
            let base = producer.send(TOPIC, 0, &texts);
            if turn % 10 == 0 {
                // This one holds the readers up for a while.
                let value = format!("long {turn}");
                long_values.push((long.send(TOPIC, 0, &[&value]), value));
            }
            if turn % 60 == 37 {
                ottla.kill().expect("the kill");
                ottla.restart().expect("a start");
            }
            producer.end(committed);
            if committed {
                wanted.extend((base..).zip(values));
            }
            if turn % 20 == 15 {
                let committed = turn % 40 == 15;
                long.end(committed);
                let of = std::mem::take(&mut long_values);
                wanted.extend(of.into_iter().filter(|_| committed));
            }
        }
        producer.send(TOPIC, 0, &[LAST]);
        producer.end(true);
        wanted.sort();
        let mut wanted: Vec<String> = wanted.into_iter().map(|(_, value)| value).collect();
        wanted.push(LAST.to_owned());
        (wanted, readers.map(|reader| reader.join().expect("a reader")))
    });
    for (pace, seen) in paces.iter().zip(all_seen) {
        assert_eq!(seen, wanted, "{pace:?}");
    }
}
