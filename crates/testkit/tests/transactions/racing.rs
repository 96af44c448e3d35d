//! The cleaner at work among transactions that are open, aborted and committed, while others read.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use model::SeededRandom;
use testkit::Ottla;

use crate::producer::Producer;
use crate::reader::{Read, Reader};
use crate::world::{PATIENCE, create, wait_for};

const TOPIC: &str = "table";
const KEYS: u64 = 12;
const TURNS: u64 = 400;
const SETTINGS: &[(&str, &str)] = &[
    ("cleanup.policy", "compact"),
    // Each append finds its segment old enough, or nearly.
    ("segment.ms", "30"),
    ("min.cleanable.dirty.ratio", "0.001"),
    ("delete.retention.ms", "50"),
];

/// The newest turn in which a key was written and committed, and where.
type Table = BTreeMap<String, (u64, i64)>;

fn turn_of(read: &Read) -> u64 {
    let (word, turn) = read.value.split_once(' ').expect("a word and a turn");
    assert_eq!(word, "kept", "an aborted record is seen: {read:?}");
    turn.parse().expect("a turn")
}

/// Reads all that there is, once.
fn pass(address: &str) -> BTreeMap<String, u64> {
    let mut reader = Reader::new(address, TOPIC, 0);
    let mut newest = BTreeMap::new();
    loop {
        let before = reader.position;
        for read in reader.step(0).expect("a fetch") {
            let turn = turn_of(&read);
            let last = newest.insert(read.key.clone(), turn);
            assert!(last.is_none_or(|last| last < turn), "{read:?} after turn {last:?}");
        }
        if reader.position == before {
            return newest;
        }
    }
}

fn write(address: &str, table: &Mutex<Table>) -> usize {
    let mut random = SeededRandom::new(7);
    let mut producer = Producer::new(address, "writer", 600_000);
    let mut long = Producer::new(address, "long", 600_000);
    let mut count = 0;
    let mut long_open: Option<(u64, i64)> = None;
    for turn in 0..TURNS {
        let committed = !random.one_in(3);
        let value = format!("{} {turn}", if committed { "kept" } else { "aborted" });
        let mut written = Vec::new();
        for _ in 0..=random.below(3) {
            let key = format!("key-{}", random.below(KEYS));
            if written.iter().any(|(known, _)| *known == key) {
                continue;
            }
            let offset = producer.try_send(TOPIC, 0, &[(&key, &value)]).expect("a produce");
            written.push((key, offset));
            count += 1;
        }
        if turn % 40 == 5 {
            let kept = turn % 80 == 5;
            let value = format!("{} {turn}", if kept { "kept" } else { "aborted" });
            let offset = long.try_send(TOPIC, 0, &[("long", &value)]).expect("a produce");
            long_open = Some((turn, offset));
            count += 1;
        }
        producer.end(committed);
        if committed {
            let mut table = table.lock().expect("the table");
            table.extend(written.into_iter().map(|(key, offset)| (key, (turn, offset))));
        }
        if turn % 40 == 20
            && let Some((begun, offset)) = long_open.take()
        {
            let kept = begun % 80 == 5;
            long.end(kept);
            if kept {
                table.lock().expect("the table").insert("long".to_owned(), (begun, offset));
            }
        }
    }
    count
}

#[test]
fn readers_of_a_table_see_its_committed_state_whatever_the_cleaner_does() {
    let mut ottla = Ottla::start(&["log.cleaner.backoff.ms=20"]).expect("Ottla");
    let address = &ottla.bootstrap();
    create(address, TOPIC, 1, SETTINGS);
    let table = &Mutex::new(Table::new());
    let done = &AtomicBool::new(false);
    let (count, passes) = thread::scope(|scope| {
        let reading = [0, 1].map(|_| {
            scope.spawn(move || {
                let mut passes = 0;
                let end = Instant::now() + PATIENCE;
                while !done.load(Ordering::Acquire) {
                    assert!(
                        Instant::now() < end,
                        "the writer is not through after {passes} passes"
                    );
                    let known = table.lock().expect("the table").clone();
                    let stable = Reader::new(address, TOPIC, 0).fetch(0).expect("a fetch");
                    let newest = pass(address);
                    for (key, (turn, offset)) in known {
                        let found = newest.get(&key).copied();
                        let certain = offset < stable.last_stable_offset;
                        assert!(
                            !certain || found.is_some_and(|found| found >= turn),
                            "{key}: {found:?} where turn {turn} was committed at {offset}"
                        );
                    }
                    passes += 1;
                }
                passes
            })
        });
        let count = write(address, table);
        done.store(true, Ordering::Release);
        (count, reading.map(|reader| reader.join().expect("a reader")))
    });
    assert!(passes.iter().all(|passes| *passes > 3), "{passes:?}");
    let wanted: BTreeMap<String, u64> = {
        let table = table.lock().expect("the table");
        table.iter().map(|(key, (turn, _))| (key.clone(), *turn)).collect()
    };
    Reader::new(address, TOPIC, 0).until_stable();
    assert_eq!(pass(address), wanted);
    let left = wait_for("the cleaner", || {
        let left = Reader::new(address, TOPIC, 0).uncommitted_too().read_to_the_end().len();
        (left < count / 2).then_some(left)
    });
    assert!(left >= wanted.len());
    assert_eq!(pass(address), wanted, "{left} of {count} records are left");
    ottla.kill().expect("the kill");
    ottla.restart().expect("a start");
    assert_eq!(pass(address), wanted);
    ottla.stop().expect("a clean stop");
    ottla.restart().expect("a start");
    assert_eq!(pass(address), wanted);
}
