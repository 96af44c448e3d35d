//! Loads on brokers that run side by side, one of them under load at a time, in the order A B C, C B A, and so on, so that
//! what drifts on the machine (disk, neighbours) falls on all alike.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use load::{Lane, Load, Outcome, Pace, frames, wait_for_rest};
use testkit::Failed;
use testkit::compare::Side;

use crate::Options;
use crate::broker::{Kind, Running};
use crate::machine::{self, Window, undisturbed};
use crate::requests::{self, ACKS, failed};
use crate::rows::Rows;

/// Partitions of the topics.
pub(crate) const PARTITIONS: usize = 16;
/// Bytes that are written before anything is fetched, to all partitions together.
const FETCHED_BYTES: u64 = 256 << 20;
/// Fetches of one partition until it is read from the beginning again, their bytes, and batches of 16 KB in one.
const FETCH_COUNT: i64 = 16;
const FETCH_SIZE: i32 = 1 << 20;
const FETCH_BATCHES: i64 = 64;
const GIGABYTE: f64 = 1e9;
/// Longest that is waited for what a load left to be done, which belongs to it.
const REST_PATIENCE: Duration = Duration::from_secs(15);
/// Until a broker that just started has done what it does then.
pub(crate) const SETTLE: Duration = Duration::from_millis(2_000);

/// What a load does.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// Batches of so many records with values of so many bytes, acks=1.
    Produce { records: u64, size: usize },
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
pub(crate) struct Subject {
    pub(crate) kind: Kind,
    pub(crate) broker: Arc<Running>,
    /// Topics made so far: each measurement writes to a new one.
    topics: u32,
}

/// What a load came to.
pub(crate) struct Measured {
    pub(crate) outcome: Outcome,
    /// Time of the broker's CPU.
    pub(crate) cpu: Duration,
}

/// Starts one broker of each kind that is asked for.
pub(crate) fn start_all(options: &Options) -> Result<Vec<Subject>, Failed> {
    let subjects = options.kinds.iter().map(|kind| {
        let broker = Running::start(*kind)?;
        first_acknowledged(&broker)?;
        Ok(Subject { kind: *kind, broker: Arc::new(broker), topics: 0 })
    });
    subjects.collect()
}

/// Measures each load on all brokers and notes CPU, throughput and latencies.
pub(crate) fn measure(options: &Options, rows: &Rows, specs: &[Spec]) -> Result<(), Failed> {
    let mut subjects = start_all(options)?;
    for spec in specs {
        for subject in &mut subjects {
            subject.warm_up(options, spec)?;
        }
        for round in 0..options.rounds {
            for kind in options.order(round) {
                for subject in subjects.iter_mut().filter(|subject| subject.kind == kind) {
                    let window = undisturbed(|| subject.run(options, spec))?;
                    note(rows, round, kind, spec, &window)?;
                }
            }
        }
    }
    Ok(())
}

fn note(
    rows: &Rows,
    round: usize,
    kind: Kind,
    spec: &Spec,
    window: &Window<Measured>,
) -> Result<(), Failed> {
    let Measured { outcome, cpu } = &window.value;
    let took = outcome.took.as_secs_f64();
    let bytes = match spec.work {
        Work::Produce { .. } => outcome.sent_bytes,
        Work::Fetch => outcome.received_bytes,
    };
    let gigabytes = bytes as f64 / GIGABYTE;
    let requests = outcome.request_count() as f64;
    let figures = [
        ("CPU s/GB", cpu.as_secs_f64() / gigabytes),
        ("CPU s/M requests", cpu.as_secs_f64() / requests * 1e6),
        ("MB/s", gigabytes * 1_000.0 / took),
        ("requests/s", requests / took),
        ("p50 ms", outcome.percentile_ms(50.0)),
        ("p99 ms", outcome.percentile_ms(99.0)),
        ("p99.9 ms", outcome.percentile_ms(99.9)),
        ("max ms", outcome.percentile_ms(100.0)),
    ];
    for (figure, value) in figures {
        rows.add(round, kind, spec.words, figure, value)?;
    }
    rows.add_window(round, kind, spec.words, window)
}

impl Subject {
    /// Until its compiler has seen enough of this load; there is none at work in Ottla, which only fills its memory.
    pub(crate) fn warm_up(&mut self, options: &Options, spec: &Spec) -> Result<(), Failed> {
        let share = if self.kind == Kind::Kafka { 1 } else { 8 };
        let mut left = options.warm_up / share;
        while !left.is_zero() {
            // In pieces, for the disk's sake.
            let outcome =
                self.load(spec, left, options.bytes_max, |_, load| load::run(load).map_err(failed));
            left = left.saturating_sub(outcome?.took.max(Duration::from_millis(1)));
        }
        Ok(())
    }

    /// Runs a load when the machine is at rest, and counts what it costs until the broker is.
    pub(crate) fn run(&mut self, options: &Options, spec: &Spec) -> Result<Measured, Failed> {
        self.load(spec, options.lasts, options.bytes_max, |broker, load| {
            machine::prepare(options, &broker.data())?;
            let before = broker.cpu()?;
            let outcome = load::run(load).map_err(failed)?;
            wait_for_rest(|| broker.cpu(), REST_PATIENCE)?;
            Ok(Measured { outcome, cpu: broker.cpu()? - before })
        })
    }

    /// Has `run` run a load on a topic of its own, which is deleted after.
    pub(crate) fn load<T>(
        &mut self,
        spec: &Spec,
        lasts: Duration,
        bytes_max: u64,
        run: impl FnOnce(&Arc<Running>, &Load) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        self.topics += 1;
        let topic = format!("bench-{:05}", self.topics);
        let mut load = match spec.work {
            Work::Produce { records, size } => {
                produce_load(&self.broker, &topic, (records, size), spec, lasts)?
            }
            Work::Fetch => fetch_load(&self.broker, &topic, spec, lasts)?,
        };
        load.sent_bytes_max = bytes_max;
        let result = run(&self.broker, &load)?;
        requests::delete(&mut Side::new(self.broker.address()), &topic)?;
        Ok(result)
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
    let request = frames::produce(topic, partition, records.clone(), ACKS);
    let answer = side.call(&request, frames::PRODUCE_VERSION);
    let codes = answer.ok().flatten().and_then(|answer| {
        answer.responses.first().and_then(|t| t.partition_responses.first().map(|p| p.error_code))
    });
    codes == Some(0)
}

/// Makes the topic of a load and waits for its leaders; only then are requests repeated without looking.
pub(crate) fn produce_load(
    broker: &Running,
    topic: &str,
    (count, size): (u64, usize),
    spec: &Spec,
    lasts: Duration,
) -> Result<Load, Failed> {
    let records = requests::batch(count, size)?;
    ready(broker, topic, &records)?;
    let lanes = lanes(broker, spec.connections, |partition| {
        Ok(vec![frames::produce_frame(topic, partition, records.clone(), ACKS).map_err(failed)?])
    });
    Ok(Load::lasting(lanes?, spec.pace, frames::produce_answers(topic, ACKS), lasts))
}

/// Connections, each to one partition in turn, and its frames.
pub(crate) fn lanes(
    broker: &Running,
    count: usize,
    frames: impl Fn(i32) -> Result<Vec<Vec<u8>>, Failed>,
) -> Result<Vec<Lane>, Failed> {
    let address = broker.address();
    let address = address.parse().map_err(|error| Failed(format!("{address}: {error}")))?;
    let partitions = i32::try_from(PARTITIONS).unwrap_or(1);
    let lanes = (0..partitions).cycle().take(count);
    lanes.map(|partition| Ok(Lane { address, frames: Arc::new(frames(partition)?) })).collect()
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
    fill(broker, topic, FETCHED_BYTES)?;
    let per_fetch = 16 * FETCH_BATCHES;
    let lanes = lanes(broker, spec.connections, |partition| {
        let end = requests::end_offset(&mut Side::new(broker.address()), topic, partition)?;
        let offsets = (0..(end / per_fetch).min(FETCH_COUNT)).map(|fetch| fetch * per_fetch);
        let frames: Result<Vec<_>, Failed> = offsets
            .map(|at| frames::fetch_frame(topic, partition, at, FETCH_SIZE, 500).map_err(failed))
            .collect();
        match frames {
            Ok(frames) if frames.is_empty() => {
                Err(Failed(format!("{topic} {partition} holds too little to fetch")))
            }
            other => other,
        }
    });
    Ok(Load::lasting(lanes?, spec.pace, frames::fetch_answers(topic), lasts))
}

/// Writes batches of 16 KB to all partitions of a new topic.
pub(crate) fn fill(broker: &Running, topic: &str, bytes: u64) -> Result<(), Failed> {
    let spec = Spec {
        words: "",
        work: Work::Produce { records: 16, size: 1_000 },
        connections: PARTITIONS,
        pace: Pace::Closed { depth: 5 },
    };
    let mut load = produce_load(broker, topic, (16, 1_000), &spec, Duration::from_secs(60))?;
    load.sent_bytes_max = bytes;
    load::run(&load).map(|_| ()).map_err(failed)
}
