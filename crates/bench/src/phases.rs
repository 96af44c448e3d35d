//! What is measured of a broker: its start, then one load after another on a process that runs on.

use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use testkit::Failed;
use testkit::compare::Side;

use crate::broker::{Kind, Running};
use crate::load::{self, Load, Outcome};
use crate::requests;

/// One figure of one run.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
    /// Whether a higher value is the better one.
    pub(crate) higher_is_better: bool,
}

/// Partitions of the topics, and connections of the large loads: each connection has its own partition.
const PARTITIONS: usize = 16;
/// Bytes that one load may send, for the disk's sake.
const SENT_BYTES_MAX: u64 = 384 << 20;
/// Bytes that a load may send to warm a JVM up.
const WARM_UP_BYTES_MAX: u64 = 1536 << 20;
/// Bytes that are written before anything is fetched, to all partitions together.
const FETCHED_BYTES_MIN: u64 = 256 << 20;
/// Fetches of one partition until it is read from the beginning again.
const FETCH_COUNT: i64 = 16;
/// Records of a batch of the large loads, and bytes of each value.
const SMALL_BATCH: (usize, usize) = (16, 1_000);
const MIDDLE_BATCH: (usize, usize) = (100, 1_000);
const LARGE_BATCH: (usize, usize) = (1_000, 1_000);
const FETCH_WORDS: &str = "fetch 1 MiB, 4×1";
const FETCHED: &str = "fetched";
/// The system counts CPU in such steps.
const CPU_TICK: f64 = 0.01;
const GIGABYTE: f64 = 1e9;
/// What a load left to be done behind its answers is waited for and belongs to it.
pub(crate) const SETTLE: Duration = Duration::from_millis(1_500);

/// A broker that is measured, with its loads.
pub(crate) struct Subject {
    pub(crate) kind: Kind,
    broker: Running,
    loads: Vec<Named>,
}

struct Named {
    words: &'static str,
    /// Written for this load only.
    topic: &'static str,
    unit: Unit,
    load: Load,
}

/// What the cost of a load is counted in.
#[derive(Clone, Copy)]
enum Unit {
    SentGigabyte,
    ReceivedGigabyte,
    MillionRequests,
}

/// Starts a broker on an empty directory and ends it: how long until it serves, and what it takes while idle.
pub(crate) fn measure_start(kind: Kind) -> Result<Vec<Figure>, Failed> {
    let broker = Running::start(kind)?;
    let first = first_acknowledged(&broker)?;
    thread::sleep(SETTLE);
    Ok(vec![
        less("start to first acknowledged produce, ms", first.as_secs_f64() * 1_000.0),
        less("CPU until idle after the start, s", broker.cpu_seconds()?.max(CPU_TICK)),
        less("memory idle, MB", broker.resident_megabytes()?),
    ])
}

impl Subject {
    /// Starts a broker and warms it up: a JVM compiles what runs often, and its first seconds would be measured otherwise.
    pub(crate) fn start(
        kind: Kind,
        wanted: &str,
        phase: Duration,
        warm_up: Duration,
    ) -> Result<Self, Failed> {
        let broker = Running::start(kind)?;
        first_acknowledged(&broker)?;
        let produce = |topic, batch, connections, depth| {
            produce_load(&broker, topic, batch, connections, depth, phase)
        };
        let named = |words, topic, unit, load| Named { words, topic, unit, load };
        let sent = Unit::SentGigabyte;
        let mut loads = vec![
            named("produce 16 KB batches, 16×5", "b16", sent, produce("b16", SMALL_BATCH, 16, 5)?),
            named(
                "produce 100 KB batches, 16×5",
                "b100",
                sent,
                produce("b100", MIDDLE_BATCH, 16, 5)?,
            ),
            named(
                "produce 1 MB batches, 16×5",
                "b1000",
                sent,
                produce("b1000", LARGE_BATCH, 16, 5)?,
            ),
        ];
        for (words, depth) in [("single records, 32×5", 5), ("single records, 32×1", 1)] {
            let load = produce("b1", (1, 100), 32, depth)?;
            loads.push(named(words, "b1", Unit::MillionRequests, load));
        }
        loads.retain(|load| load.words.contains(wanted));
        for Named { load, .. } in &loads {
            let share = warm_up / 6;
            let of_warm_up =
                Load { lasts: share, sent_bytes_max: WARM_UP_BYTES_MAX, ..load.clone() };
            load::run(&broker.address(), &of_warm_up)?;
        }
        if !FETCH_WORDS.contains(wanted) {
            return Ok(Self { kind, broker, loads });
        }
        let lasts = Duration::from_secs(30);
        let mut fill = produce_load(&broker, FETCHED, SMALL_BATCH, PARTITIONS, 5, lasts)?;
        fill.sent_bytes_max = FETCHED_BYTES_MIN;
        load::run(&broker.address(), &fill)?;
        let fetch = fetch_load(&broker, phase)?;
        load::run(&broker.address(), &Load { lasts: warm_up / 6, ..fetch.clone() })?;
        loads.push(named(FETCH_WORDS, FETCHED, Unit::ReceivedGigabyte, fetch));
        Ok(Self { kind, broker, loads })
    }

    pub(crate) fn load_count(&self) -> usize {
        self.loads.len()
    }

    /// Runs one of the loads.
    pub(crate) fn measure(&self, load: usize) -> Result<Vec<Figure>, Failed> {
        let Some(Named { words, unit, load, .. }) = self.loads.get(load) else {
            return Ok(Vec::new());
        };
        let before = self.broker.cpu_seconds()?;
        let outcome = load::run(&self.broker.address(), load)?;
        thread::sleep(SETTLE);
        let cpu = self.broker.cpu_seconds()? - before;
        let took = outcome.took.as_secs_f64();
        let bytes = match unit {
            Unit::SentGigabyte => outcome.sent_bytes,
            Unit::ReceivedGigabyte | Unit::MillionRequests => outcome.received_bytes,
        };
        let gigabytes = to_f64(bytes) / GIGABYTE;
        let requests = f64::from(outcome.requests);
        let mut figures = match unit {
            Unit::SentGigabyte | Unit::ReceivedGigabyte => vec![
                less(&format!("{words}: CPU s per GB"), cpu / gigabytes),
                more(&format!("{words}: MB/s"), gigabytes * 1_000.0 / took),
            ],
            Unit::MillionRequests => vec![
                less(&format!("{words}: CPU s per million requests"), cpu / requests * 1e6),
                more(&format!("{words}: requests/s"), requests / took),
            ],
        };
        figures.extend(latencies(words, &outcome));
        Ok(figures)
    }

    /// Deletes what was written for a load, unless a later one uses it too.
    pub(crate) fn clean(&self, load: usize) -> Result<(), Failed> {
        let (done, later) = self.loads.split_at((load + 1).min(self.loads.len()));
        match done.last() {
            Some(last) if later.iter().all(|load| load.topic != last.topic) => {
                requests::delete(&mut Side::new(self.broker.address()), last.topic)
            }
            _ => Ok(()),
        }
    }

    /// Memory after all loads.
    pub(crate) fn measure_end(&self) -> Result<Vec<Figure>, Failed> {
        Ok(vec![less("memory after all loads, MB", self.broker.resident_megabytes()?)])
    }
}

fn less(name: &str, value: f64) -> Figure {
    Figure { name: name.into(), value, higher_is_better: false }
}

fn more(name: &str, value: f64) -> Figure {
    Figure { name: name.into(), value, higher_is_better: true }
}

fn latencies(words: &str, outcome: &Outcome) -> Vec<Figure> {
    let percentile = |(name, thousandths)| {
        less(&format!("{words}: {name} ms"), outcome.percentile_ms(thousandths))
    };
    [("p50", 500), ("p99", 990)].map(percentile).into()
}

fn to_f64(count: u64) -> f64 {
    // Exact up to 4 PB, in units of 1 KB.
    f64::from(u32::try_from(count >> 10).unwrap_or(u32::MAX)) * 1024.0
}

/// Time from the making of the process to the first acknowledged produce on a raw connection, tried each millisecond.
fn first_acknowledged(broker: &Running) -> Result<Duration, Failed> {
    let records = requests::batch(1, 100)?;
    let end = broker.spawned() + Duration::from_secs(60);
    let mut side = Side::new(broker.address());
    let mut created = false;
    loop {
        created = created || requests::create(&mut side, "bench-first", 1).is_ok();
        if created && acknowledged(&mut side, "bench-first", 0, &records) {
            return Ok(broker.spawned().elapsed());
        }
        if Instant::now() > end {
            return Err(Failed("no produce was acknowledged within 60 s".into()));
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
fn produce_load(
    broker: &Running,
    topic: &str,
    (count, size): (usize, usize),
    connections: usize,
    depth: usize,
    lasts: Duration,
) -> Result<Load, Failed> {
    let records = requests::batch(count, size)?;
    ready(broker, topic, &records)?;
    let mut frames = Vec::new();
    for number in 0..connections {
        let partition = i32::try_from(number % PARTITIONS).unwrap_or(0);
        frames.push(vec![requests::produce_frame(topic, partition, records.clone())?]);
    }
    let code_at = requests::produce_code_at(topic);
    Ok(Load { frames, depth, lasts, sent_bytes_max: SENT_BYTES_MAX, code_at })
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

/// Reads from the beginning of four partitions, again and again.
fn fetch_load(broker: &Running, lasts: Duration) -> Result<Load, Failed> {
    let topic = FETCHED;
    let per_fetch = i64::try_from(SMALL_BATCH.0 * 64).unwrap_or(0);
    let mut side = Side::new(broker.address());
    let mut frames = Vec::new();
    for partition in 0..4 {
        let end = end_offset(&mut side, topic, partition)?;
        let offsets = (0..(end / per_fetch).min(FETCH_COUNT)).map(|fetch| fetch * per_fetch);
        let of_partition: Result<Vec<Vec<u8>>, Failed> =
            offsets.map(|offset| requests::fetch_frame(topic, partition, offset)).collect();
        let of_partition = of_partition?;
        if of_partition.is_empty() {
            return Err(Failed(format!("{topic} {partition} holds too little to fetch")));
        }
        frames.push(of_partition);
    }
    let code_at = requests::fetch_code_at(topic);
    Ok(Load { frames, depth: 1, lasts, sent_bytes_max: u64::MAX, code_at })
}

fn end_offset(side: &mut Side, topic: &str, partition: i32) -> Result<i64, Failed> {
    use wire::messages::ListOffsetsRequest;
    use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
    let asked = ListOffsetsPartition {
        partition_index: partition,
        current_leader_epoch: -1,
        timestamp: -1,
    };
    let topics = vec![ListOffsetsTopic { name: topic.into(), partitions: vec![asked] }];
    let request = ListOffsetsRequest { replica_id: -1, topics, ..Default::default() };
    let answer = side.call(&request, 4)?;
    let offset = answer.and_then(|answer| Some(answer.topics.first()?.partitions.first()?.offset));
    offset.ok_or_else(|| Failed(format!("no end offset of {topic} {partition}")))
}
