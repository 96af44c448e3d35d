//! A disk that is full, stands still or fails: what clients hear, what goes on, and that nothing acknowledged is lost.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use testkit::Ottla;
use testkit::lossy_fs::{LossyFs, NameRule};
use wire::messages::DeleteRecordsRequest;
use wire::messages::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};

use crate::client::{Client, KAFKA_STORAGE_ERROR, NONE, PATIENCE, batch};

/// How long the disk stands still.
const PAUSE: Duration = Duration::from_secs(3);
/// Connections that read meanwhile.
const READERS: usize = 8;

fn start() -> (LossyFs, Ottla) {
    let disk = LossyFs::new(NameRule::EachDirectory).expect("a disk");
    let settings = ["num.network.threads=3"];
    let ottla = Ottla::start_in(&disk.path().join("data"), &settings).expect("Ottla");
    (disk, ottla)
}

/// Bytes of a file of the write-ahead log, and how many the broker keeps ready.
const WAL_FILE_SIZE: u64 = 8 << 20;
const WAL_SPARE_COUNT: usize = 3;

/// Waits until no file of the write-ahead log is being made: none grows, and there are as many as are kept in advance.
fn wait_for_spare_files(disk: &LossyFs) {
    let sizes = || -> Vec<u64> {
        let entries = fs::read_dir(disk.path().join("data")).expect("list").flatten();
        let of_log =
            entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("ottla.wal.0"));
        of_log.filter_map(|entry| Some(entry.metadata().ok()?.len())).collect()
    };
    let end = Instant::now() + PATIENCE;
    loop {
        let before = sizes();
        thread::sleep(Duration::from_millis(300));
        let whole = before.iter().filter(|size| **size >= WAL_FILE_SIZE).count();
        if whole >= WAL_SPARE_COUNT && before == sizes() {
            return;
        }
        assert!(Instant::now() < end, "files of the write-ahead log: {before:?}");
    }
}

/// Cuts the power and starts the broker again.
fn power_cut(disk: &mut LossyFs, ottla: &mut Ottla, seed: u64) -> Client {
    disk.power_cut(seed, &[ottla.pid()]).expect("a cut");
    ottla.kill().expect("the end of the process");
    ottla.restart().expect("a start after the cut");
    Client::new(&ottla.bootstrap())
}

/// An idempotent producer of one record in each batch, that knows what was acknowledged.
struct Producer {
    topic: String,
    id: (i64, i16),
    size: usize,
    acknowledged: usize,
}

impl Producer {
    fn new(client: &mut Client, topic: &str, size: usize) -> Self {
        let id = client.new_producer();
        Self { topic: topic.to_owned(), id, size, acknowledged: 0 }
    }

    fn value(&self, index: usize) -> String {
        format!("{index:08}{}", "x".repeat(self.size))
    }

    /// Sends the next record, or again the one that was refused; `None` when the broker closes the connection.
    fn send(&mut self, client: &mut Client) -> Option<i16> {
        let sequence = i32::try_from(self.acknowledged).expect("few");
        let value = self.value(self.acknowledged);
        let records = batch(&[value], Some((self.id.0, self.id.1, sequence)));
        let code = client.produce(&self.topic, -1, records)?.error_code;
        self.acknowledged += usize::from(code == NONE);
        Some(code)
    }

    fn send_until_taken(&mut self, client: &mut Client) {
        let end = Instant::now() + PATIENCE;
        while self.send(client) != Some(NONE) {
            assert!(Instant::now() < end, "the disk is well again and produce is not");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What was acknowledged is there once and in order, behind the record that the topic began with, and at most `more`
    /// records that were not.
    fn assert_all_there(&self, client: &mut Client, more: usize) {
        let found = client.read(&self.topic).expect("read");
        let count = found.len() - 1;
        assert!(count >= self.acknowledged, "{count} records of {}", self.acknowledged);
        assert!(count <= self.acknowledged + more, "{count} records, not {}", self.acknowledged);
        for (index, value) in found[1..].iter().enumerate() {
            assert!(*value == self.value(index).into_bytes(), "another record at {index}");
        }
    }
}

#[test]
fn a_disk_that_fills_up_refuses_produce_and_a_power_cut_on_it_loses_nothing() {
    let (mut disk, mut ottla) = start();
    let mut client = Client::new(&ottla.bootstrap());
    for (round, (size, settings)) in [
        (900_000, &[("segment.bytes", "4194304")][..]),
        (60_000, &[][..]),
        (60_000, &[("ottla.durability", "os")][..]),
    ]
    .into_iter()
    .enumerate()
    {
        let topic = client.create("full", settings);
        let mut producer = Producer::new(&mut client, &topic, size);
        // The first files of the write-ahead log are being made: one that finds no room refuses produce, too.
        wait_for_spare_files(&disk);
        disk.set_room(Some(4 << 20));
        let refused = loop {
            match producer.send(&mut client) {
                Some(NONE) => assert!(producer.acknowledged < 2_000, "more than there is room for"),
                other => break other,
            }
        };
        assert_eq!(refused, Some(KAFKA_STORAGE_ERROR));
        assert!(producer.acknowledged > 0, "nothing was taken though there was room");
        // Reads go on. The refused one may be there later: it is queued.
        producer.assert_all_there(&mut client, 1);
        disk.set_room(None);
        producer.send_until_taken(&mut client);
        producer.assert_all_there(&mut client, 0);
        if settings == [("ottla.durability", "os")] {
            continue;
        }
        disk.set_room(Some(1 << 20));
        while producer.send(&mut client) == Some(NONE) {}
        client = power_cut(&mut disk, &mut ottla, round as u64);
        producer.assert_all_there(&mut client, 1);
        producer.send_until_taken(&mut client);
        producer.assert_all_there(&mut client, 0);
    }
}

/// Whether the broker reads back so many records on this connection, and answers Metadata, before the disk goes on.
fn is_served(mut client: Client, topic: &str, count: usize, goes_on: &AtomicBool) -> bool {
    let found = client.read(topic).expect("read").len();
    assert_ne!(client.side.topic_id(topic), model::Uuid::ZERO);
    assert!(found >= count, "{found} records of {count}");
    !goes_on.load(Ordering::SeqCst)
}

#[test]
fn a_disk_that_stands_still_holds_up_produce_and_at_most_one_loop_of_connections() {
    let (mut disk, mut ottla) = start();
    let mut client = Client::new(&ottla.bootstrap());
    let topic = client.create("paused", &[]);
    let mut producer = Producer::new(&mut client, &topic, 1_000);
    for _ in 0..50 {
        producer.send_until_taken(&mut client);
    }
    let before = producer.acknowledged + 1;
    // Spread over the loops; each has been served before.
    let others: Vec<Client> = (0..READERS)
        .map(|_| {
            let mut other = Client::new(&ottla.bootstrap());
            assert_eq!(other.read(&topic).expect("read").len(), before);
            other
        })
        .collect();
    let goes_on = AtomicBool::new(false);
    let (topic, goes_on) = (topic.as_str(), &goes_on);
    let served = thread::scope(|scope| {
        let still = disk.pause();
        let held = scope.spawn(|| producer.send_until_taken(&mut client));
        // The producer's request is on its way, and so is the write that hangs.
        thread::sleep(Duration::from_millis(200));
        let readers: Vec<_> = others
            .into_iter()
            .map(|other| scope.spawn(move || is_served(other, topic, before, goes_on)))
            .collect();
        thread::sleep(PAUSE);
        assert!(!held.is_finished(), "acknowledged by a disk that stood still");
        goes_on.store(true, Ordering::SeqCst);
        drop(still);
        held.join().expect("the producer");
        readers
            .into_iter()
            .map(|reader| reader.join().expect("a reader"))
            .filter(|served| *served)
            .count()
    });
    // One processor has one loop.
    let loops = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    assert!(
        loops == 1 || served * 2 >= READERS,
        "only {served} of {READERS} readers were served meanwhile"
    );
    producer.send_until_taken(&mut client);
    producer.assert_all_there(&mut client, 0);
    let mut client = power_cut(&mut disk, &mut ottla, 1);
    producer.assert_all_there(&mut client, 0);
}

#[test]
fn a_disk_whose_syncs_or_writes_fail_is_not_trusted_again() {
    type Fault = fn(&LossyFs);
    let faults: [Fault; 2] = [|disk| disk.fail_syncs(true), |disk| disk.fail_writes(true)];
    for (seed, fault) in faults.into_iter().enumerate() {
        let (mut disk, mut ottla) = start();
        let mut client = Client::new(&ottla.bootstrap());
        let topic = client.create("failing", &[]);
        let mut producer = Producer::new(&mut client, &topic, 1_000);
        for _ in 0..50 {
            producer.send_until_taken(&mut client);
        }
        fault(&disk);
        let told = producer.send(&mut client);
        assert!([None, Some(KAFKA_STORAGE_ERROR)].contains(&told), "told {told:?}");
        // It works again: that says nothing about what was written before.
        disk.fail_syncs(false);
        disk.fail_writes(false);
        let again = Client::new(&ottla.bootstrap())
            .side
            .call(&crate::client::produce_request(&topic, -1, batch(&["more"], None)), 9);
        if let Ok(Some(answer)) = again {
            let code = answer.responses[0].partition_responses[0].error_code;
            assert_eq!(code, KAFKA_STORAGE_ERROR, "a disk that failed is written to again");
        }
        let mut client = power_cut(&mut disk, &mut ottla, seed as u64);
        producer.assert_all_there(&mut client, 1);
        producer.send_until_taken(&mut client);
        producer.assert_all_there(&mut client, 0);
    }
}

#[test]
fn records_are_deleted_for_good_when_their_deletion_is_acknowledged() {
    let (mut disk, mut ottla) = start();
    let mut client = Client::new(&ottla.bootstrap());
    let topic = client.create("deleted", &[]);
    for value in ["a", "b", "c"] {
        assert_eq!(client.produce_code(&topic, batch(&[value], None)), NONE);
    }
    thread::scope(|scope| {
        let still = disk.pause();
        let asked = scope.spawn(|| {
            let partition = DeleteRecordsPartition { partition_index: 0, offset: 2 };
            let topics =
                vec![DeleteRecordsTopic { name: topic.clone(), partitions: vec![partition] }];
            let request = DeleteRecordsRequest { topics, timeout_ms: 10_000 };
            client.side.call(&request, 2).expect("delete").expect("an answer")
        });
        thread::sleep(Duration::from_millis(300));
        assert!(!asked.is_finished(), "acknowledged before it is on the disk");
        drop(still);
        let answer = asked.join().expect("the answer");
        let answer = &answer.topics[0].partitions[0];
        assert_eq!((answer.error_code, answer.low_watermark), (NONE, 2));
    });
    let mut client = power_cut(&mut disk, &mut ottla, 8);
    assert_eq!(client.fetch(&topic, 2).log_start_offset, 2);
}
