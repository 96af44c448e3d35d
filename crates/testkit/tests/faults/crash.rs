//! Kills and stops in the middle of produce.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use testkit::Ottla;

use crate::client::{Client, NONE, batch, others_are_served};

const PRODUCERS: usize = 4;
/// Records of one batch.
const BATCH: i32 = 10;

/// What one idempotent producer sent and what it knows of it.
struct Sent {
    topic: String,
    id: i64,
    epoch: i16,
    /// Batches that were acknowledged; the next one may have happened.
    acknowledged: i32,
}

fn values(batch: i32) -> Vec<String> {
    (0..BATCH).map(|record| format!("{}", batch * BATCH + record)).collect()
}

/// Sends until the broker is gone, one batch after the other.
fn produce_until_gone(address: &str, topic: String, stop: &AtomicBool, count: &AtomicU64) -> Sent {
    let mut client = Client::new(address);
    let (id, epoch) = client.new_producer();
    let mut sent = Sent { topic, id, epoch, acknowledged: 0 };
    while !stop.load(Ordering::Relaxed) {
        let next = sent.acknowledged;
        let records = batch(&values(next), Some((id, epoch, next * BATCH)));
        let request = crate::client::produce_request(&sent.topic, -1, records);
        match client.side.call(&request, 9) {
            Ok(Some(answer)) => {
                let answer = &answer.responses[0].partition_responses[0];
                // A broker that is stopping may say so instead of closing.
                if answer.error_code != NONE {
                    break;
                }
                sent.acknowledged += 1;
                count.fetch_add(1, Ordering::Relaxed);
            }
            Ok(None) | Err(_) => break,
        }
    }
    sent
}

/// Produces on several connections, ends the broker with `end` in the middle, starts it again: every acknowledged
/// record is there once and in order, and a repeated batch is not written twice.
fn nothing_acknowledged_is_lost(settings: &[&str], rounds: u32, end: impl Fn(&mut Ottla)) {
    let mut ottla = Ottla::start(settings).expect("Ottla");
    for _ in 0..rounds {
        let mut client = Client::new(&ottla.bootstrap());
        let topics: Vec<String> = (0..PRODUCERS).map(|_| client.create("crash", &[])).collect();
        let (stop, count) = (AtomicBool::new(false), AtomicU64::new(0));
        let address = ottla.bootstrap();
        let all: Vec<Sent> = thread::scope(|scope| {
            let threads: Vec<_> = topics
                .iter()
                .map(|topic| {
                    let run = || produce_until_gone(&address, topic.clone(), &stop, &count);
                    scope.spawn(run)
                })
                .collect();
            while count.load(Ordering::Relaxed) < 400 && !threads.iter().any(|t| t.is_finished()) {
                thread::sleep(Duration::from_millis(5));
            }
            end(&mut ottla);
            threads.into_iter().map(|thread| thread.join().expect("a producer")).collect()
        });
        stop.store(true, Ordering::Relaxed);
        assert!(count.load(Ordering::Relaxed) >= 400, "produce ended before the broker did");
        ottla.restart().expect("a start after the end");
        let mut client = Client::new(&ottla.bootstrap());
        for sent in &all {
            check(&mut client, sent);
        }
        others_are_served(&ottla.bootstrap());
    }
}

fn check(client: &mut Client, sent: &Sent) {
    // The producer does not know of its last batch, so it sends it again, as clients do.
    let next = sent.acknowledged;
    let again = batch(&values(next), Some((sent.id, sent.epoch, next * BATCH)));
    assert_eq!(client.produce_code(&sent.topic, again), NONE, "the repeated batch");
    let found = client.read(&sent.topic).expect("read");
    let mut wanted = vec![b"first".to_vec()];
    wanted.extend((0..=next).flat_map(values).map(String::into_bytes));
    assert!(found == wanted, "{}: {} records instead of {}", sent.topic, found.len(), wanted.len());
}

#[test]
fn a_kill_in_the_middle_of_produce_loses_and_doubles_nothing() {
    nothing_acknowledged_is_lost(&[], 3, |ottla| ottla.kill().expect("the kill"));
}

#[test]
fn a_kill_loses_nothing_with_the_durability_of_the_operating_system() {
    // The process dies, the machine does not: what was written is there.
    let end = |ottla: &mut Ottla| ottla.kill().expect("the kill");
    nothing_acknowledged_is_lost(&["ottla.durability=os"], 2, end);
}

#[test]
fn a_clean_stop_in_the_middle_of_produce_loses_and_doubles_nothing() {
    nothing_acknowledged_is_lost(&[], 2, |ottla| ottla.stop().expect("a clean stop"));
}

#[test]
fn a_clean_stop_leaves_a_directory_that_apache_kafka_takes() {
    let mut ottla = Ottla::start(&[]).expect("Ottla");
    let mut client = Client::new(&ottla.bootstrap());
    let topic = client.create("clean", &[]);
    assert_eq!(client.produce_code(&topic, batch(&["x"], None)), NONE);
    let data = ottla.data().to_owned();
    let (marker, guard) = (data.join(".kafka_cleanshutdown"), data.join("ottla.wal-not-drained"));
    assert!(guard.exists(), "no guard while the write-ahead log holds records");
    assert!(!marker.exists(), "the marker of a clean stop on a running broker");
    ottla.stop().expect("a clean stop");
    assert!(marker.exists(), "no marker of the clean stop");
    assert!(!guard.exists(), "the guard is still there");
    let segment = data.join(format!("{topic}-0/00000000000000000000.log"));
    assert!(std::fs::metadata(segment).expect("the segment").len() > 61, "the log is not drained");
}
