//! Loads on brokers that run side by side, one of them under load at a time, in the order A B C, C B A, and so on, so that
//! what drifts on the machine (disk, neighbours) falls on all alike.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use testkit::Failed;
use testkit::compare::Side;

use crate::Options;
use crate::broker::{Kind, Running};
use crate::load::{self, Load, Outcome, Pace};
use crate::requests;
use crate::rows::Rows;

/// Partitions of the topics.
const PARTITIONS: usize = 16;
/// Bytes that are written before anything is fetched, to all partitions together.
const FETCHED_BYTES: u64 = 256 << 20;
/// Fetches of one partition until it is read from the beginning again, and batches of 16 KB in one.
const FETCH_COUNT: i64 = 16;
const FETCH_BATCHES: i64 = 64;
const GIGABYTE: f64 = 1e9;
/// What a load left to be done behind its answers is waited for and belongs to it.
pub(crate) const SETTLE: Duration = Duration::from_millis(2_000);
/// Bytes that the system may still have to write when a load begins, and how long that is waited for.
const DIRTY_MEGABYTES_MAX: u64 = 50;
const DIRTY_PATIENCE: Duration = Duration::from_secs(20);

/// What a load does.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// Batches of so many records with values of so many bytes, acks=1.
    Produce { records: usize, size: usize },
    /// 1 MiB at a time, from the page cache.
    Fetch,
}

/// One load of a table.
#[derive(Clone, Copy)]
pub(crate) struct Spec {
    pub(crate) words: &'static str,
    pub(crate) work: Work,
    pub(crate) connections: usize,
    pub(crate) pace: Pace,
}

/// A broker under measurement.
struct Subject {
    kind: Kind,
    broker: Running,
    /// Topics made so far: each measurement writes to a new one.
    topics: u32,
}

/// Measures each load on all brokers and notes CPU, throughput and latencies.
pub(crate) fn measure(options: &Options, rows: &Rows, specs: &[Spec]) -> Result<(), Failed> {
    let mut subjects = Vec::new();
    for kind in &options.kinds {
        let broker = Running::start(*kind)?;
        first_acknowledged(&broker)?;
        subjects.push(Subject { kind: *kind, broker, topics: 0 });
    }
    for spec in specs {
        for subject in &mut subjects {
            // There is no compiler at work in Ottla: it only fills its memory.
            let share = if subject.kind == Kind::Kafka { 1 } else { 8 };
            subject.run(options, spec, options.warm_up / share, 8 * options.bytes_max)?;
        }
        for round in 0..options.rounds {
            for kind in options.order(round) {
                for subject in subjects.iter_mut().filter(|subject| subject.kind == kind) {
                    subject.measure(options, rows, spec, round)?;
                }
            }
        }
    }
    Ok(())
}

impl Subject {
    /// Runs a load on a topic of its own, which is deleted after; gives the CPU of the broker too.
    fn run(
        &mut self,
        options: &Options,
        spec: &Spec,
        lasts: Duration,
        bytes_max: u64,
    ) -> Result<(Outcome, f64), Failed> {
        self.topics += 1;
        let topic = format!("bench-{:05}", self.topics);
        let mut load = match spec.work {
            Work::Produce { records, size } => {
                produce_load(&self.broker, &topic, (records, size), spec, lasts)?
            }
            Work::Fetch => fetch_load(&self.broker, &topic, spec, lasts)?,
        };
        load.sent_bytes_max = bytes_max;
        wait_for_writeback(options);
        let before = self.broker.cpu_seconds()?;
        let outcome = load::run(&self.broker.address(), &load)?;
        thread::sleep(SETTLE);
        let cpu = self.broker.cpu_seconds()? - before;
        requests::delete(&mut Side::new(self.broker.address()), &topic)?;
        Ok((outcome, cpu))
    }

    fn measure(
        &mut self,
        options: &Options,
        rows: &Rows,
        spec: &Spec,
        round: usize,
    ) -> Result<(), Failed> {
        let (outcome, cpu) = self.run(options, spec, options.lasts, options.bytes_max)?;
        let took = outcome.took.as_secs_f64();
        let bytes = match spec.work {
            Work::Produce { .. } => outcome.sent_bytes,
            Work::Fetch => outcome.received_bytes,
        };
        let gigabytes = to_f64(bytes) / GIGABYTE;
        let requests = f64::from(outcome.requests);
        let figures = [
            ("CPU s/GB", cpu / gigabytes),
            ("CPU s/M requests", cpu / requests * 1e6),
            ("MB/s", gigabytes * 1_000.0 / took),
            ("requests/s", requests / took),
            ("p50 ms", outcome.percentile_ms(50.0)),
            ("p99 ms", outcome.percentile_ms(99.0)),
            ("p99.9 ms", outcome.percentile_ms(99.9)),
            ("max ms", outcome.percentile_ms(100.0)),
        ];
        for (figure, value) in figures {
            rows.add(round, self.kind, spec.words, figure, value)?;
        }
        Ok(())
    }
}

pub(crate) fn to_f64(count: u64) -> f64 {
    // Exact up to 4 PB, in units of 1 KB.
    f64::from(u32::try_from(count >> 10).unwrap_or(u32::MAX)) * 1024.0
}

/// Until little of what earlier loads wrote has still to reach the disk, which would slow the next one down.
fn wait_for_writeback(options: &Options) {
    if options.is_quick {
        return;
    }
    rustix::fs::sync();
    let end = Instant::now() + DIRTY_PATIENCE;
    let dirty = || {
        let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let of = |name: &str| -> u64 {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
        };
        (of("Dirty:") + of("Writeback:")) >> 10
    };
    while dirty() > DIRTY_MEGABYTES_MAX && Instant::now() < end {
        thread::sleep(Duration::from_millis(100));
    }
}

/// Time from the making of the process to the first acknowledged produce on a raw connection, tried each millisecond.
pub(crate) fn first_acknowledged(broker: &Running) -> Result<Duration, Failed> {
    let records = requests::batch(1, 100)?;
    let end = broker.spawned() + Duration::from_secs(120);
    let mut side = Side::new(broker.address());
    let mut created = false;
    loop {
        created = created || requests::create(&mut side, "bench-first", 1).is_ok();
        if created && acknowledged(&mut side, "bench-first", 0, &records) {
            return Ok(broker.spawned().elapsed());
        }
        if Instant::now() > end {
            return Err(Failed("no produce was acknowledged within 120 s".into()));
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn acknowledged(side: &mut Side, topic: &str, partition: i32, records: &Bytes) -> bool {
    let answer = side.call(&requests::produce(topic, partition, records.clone()), 7);
    let codes = answer.ok().flatten().and_then(|answer| {
        answer.responses.first().and_then(|t| t.partition_responses.first().map(|p| p.error_code))
    });
    codes == Some(0)
}

/// Makes the topic of a load and waits for its leaders; only then are requests repeated without looking.
pub(crate) fn produce_load(
    broker: &Running,
    topic: &str,
    (count, size): (usize, usize),
    spec: &Spec,
    lasts: Duration,
) -> Result<Load, Failed> {
    let records = requests::batch(count, size)?;
    ready(broker, topic, &records)?;
    let mut frames = Vec::new();
    for number in 0..spec.connections {
        let partition = i32::try_from(number % PARTITIONS).unwrap_or(0);
        frames.push(vec![requests::produce_frame(topic, partition, records.clone())?]);
    }
    let code_at = requests::produce_code_at(topic);
    Ok(Load { frames, pace: spec.pace, lasts, sent_bytes_max: u64::MAX, code_at })
}

fn ready(broker: &Running, topic: &str, records: &Bytes) -> Result<(), Failed> {
    let mut side = Side::new(broker.address());
    let partitions = i32::try_from(PARTITIONS).unwrap_or(0);
    requests::create(&mut side, topic, partitions)?;
    let end = Instant::now() + Duration::from_secs(30);
    for partition in 0..partitions {
        while !acknowledged(&mut side, topic, partition, records) {
            if Instant::now() > end {
                return Err(Failed(format!("{topic} {partition} has no leader")));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
    Ok(())
}

/// Fills a topic, then reads from the beginning of its partitions, again and again.
fn fetch_load(broker: &Running, topic: &str, spec: &Spec, lasts: Duration) -> Result<Load, Failed> {
    let batch = (16, 1_000);
    let fill = Spec { connections: PARTITIONS, pace: Pace::Closed { depth: 5 }, ..*spec };
    let mut fill = produce_load(broker, topic, batch, &fill, Duration::from_secs(60))?;
    fill.sent_bytes_max = FETCHED_BYTES;
    load::run(&broker.address(), &fill)?;
    let per_fetch = 16 * FETCH_BATCHES;
    let mut side = Side::new(broker.address());
    let mut frames = Vec::new();
    for partition in (0..16).cycle().take(spec.connections) {
        let end = requests::end_offset(&mut side, topic, partition)?;
        let offsets = (0..(end / per_fetch).min(FETCH_COUNT)).map(|fetch| fetch * per_fetch);
        let of_partition: Result<Vec<Vec<u8>>, Failed> =
            offsets.map(|at| requests::fetch_frame(topic, partition, at, 500)).collect();
        let of_partition = of_partition?;
        if of_partition.is_empty() {
            return Err(Failed(format!("{topic} {partition} holds too little to fetch")));
        }
        frames.push(of_partition);
    }
    let code_at = requests::fetch_code_at(topic);
    Ok(Load { frames, pace: spec.pace, lasts, sent_bytes_max: u64::MAX, code_at })
}
