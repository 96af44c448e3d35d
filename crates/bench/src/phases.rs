//! What is measured of one broker, from its start to its end.

use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use testkit::Failed;
use testkit::compare::Side;

use crate::broker::{Kind, Running};
use crate::load::{self, Load, Outcome};
use crate::requests;

/// How long each part lasts.
#[derive(Clone, Copy)]
pub(crate) struct Durations {
    pub(crate) phase: Duration,
    /// A JVM compiles what it runs often; without this its first seconds would be measured.
    pub(crate) warm_up: Duration,
}

/// One figure of one run.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
}

/// Partitions of the topics, and connections of the large loads: each connection has its own partition.
const PARTITIONS: usize = 16;
/// Bytes that one phase may send.
const SENT_BYTES_MAX: u64 = 6 << 30;
/// Bytes that are written before anything is fetched, to all partitions together.
const FETCHED_BYTES_MIN: u64 = 128 << 20;
/// Records of a batch of the large loads, and bytes of each value.
const SMALL_BATCH: (usize, usize) = (16, 1_000);
const LARGE_BATCH: (usize, usize) = (1_024, 1_000);
const GIGABYTE: f64 = 1e9;
const SETTLE: Duration = Duration::from_secs(2);

/// Starts a broker, measures it, ends it.
pub(crate) fn measure(kind: Kind, durations: Durations) -> Result<Vec<Figure>, Failed> {
    let mut figures = Vec::new();
    let mut note = |name: &str, value: f64| figures.push(Figure { name: name.into(), value });
    let broker = Running::start(kind)?;
    let first = first_acknowledged(&broker)?;
    note("start to first acknowledged produce, ms", first.as_secs_f64() * 1_000.0);
    thread::sleep(SETTLE);
    note("memory idle, MB", broker.resident_megabytes()?);
    warm_up(&broker, durations)?;
    for (words, batch, connections, depth) in [
        ("produce 16 KB batches, 16×5", SMALL_BATCH, PARTITIONS, 5),
        ("produce 1 MB batches, 16×5", LARGE_BATCH, PARTITIONS, 5),
    ] {
        let topic = format!("bench-{}", batch.0);
        let load = produce_load(&broker, &topic, batch, connections, depth, durations.phase)?;
        let (outcome, cpu) = timed(&broker, &load)?;
        let gigabytes = bytes(outcome.sent_bytes) / GIGABYTE;
        note(&format!("{words}: CPU s per GB"), cpu / gigabytes);
        note(&format!("{words}: MB/s"), gigabytes * 1_000.0 / outcome.took.as_secs_f64());
        latencies(words, &outcome, &mut note);
    }
    for (words, depth) in [("single records, 32×5", 5), ("single records, 32×1", 1)] {
        let load = produce_load(&broker, "bench-single", (1, 100), 32, depth, durations.phase)?;
        let (outcome, cpu) = timed(&broker, &load)?;
        let requests = f64::from(outcome.requests);
        note(&format!("{words}: CPU s per million requests"), cpu / requests * 1e6);
        note(&format!("{words}: requests/s"), requests / outcome.took.as_secs_f64());
        latencies(words, &outcome, &mut note);
    }
    let load = fetch_load(&broker, durations.phase)?;
    let (outcome, cpu) = timed(&broker, &load)?;
    let gigabytes = bytes(outcome.received_bytes) / GIGABYTE;
    note("fetch 1 MiB, 4×1: CPU s per GB", cpu / gigabytes);
    note("fetch 1 MiB, 4×1: MB/s", gigabytes * 1_000.0 / outcome.took.as_secs_f64());
    latencies("fetch 1 MiB, 4×1", &outcome, &mut note);
    note("memory after load, MB", broker.resident_megabytes()?);
    Ok(figures)
}

fn latencies(words: &str, outcome: &Outcome, note: &mut impl FnMut(&str, f64)) {
    for (name, thousandths) in [("p50", 500), ("p99", 990), ("p99.9", 999)] {
        note(&format!("{words}: {name} ms"), outcome.percentile_ms(thousandths));
    }
}

fn bytes(count: u64) -> f64 {
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

/// Reads what the load of 16 KB batches wrote, from the beginning of four partitions, again and again.
fn fetch_load(broker: &Running, lasts: Duration) -> Result<Load, Failed> {
    let topic = format!("bench-{}", SMALL_BATCH.0);
    let per_fetch = i64::try_from(SMALL_BATCH.0 * 64).unwrap_or(0);
    let mut side = Side::new(broker.address());
    let mut frames = Vec::new();
    for partition in 0..4 {
        let end = end_offset(&mut side, &topic, partition)?;
        let offsets = (0..end / per_fetch).map(|fetch| fetch * per_fetch);
        let of_partition: Result<Vec<Vec<u8>>, Failed> =
            offsets.map(|offset| requests::fetch_frame(&topic, partition, offset)).collect();
        let of_partition = of_partition?;
        if of_partition.is_empty() {
            return Err(Failed(format!("{topic} {partition} holds too little to fetch")));
        }
        frames.push(of_partition);
    }
    let code_at = requests::fetch_code_at(&topic);
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

/// Each load for a share of the time, on topics of the measured loads' names, so that caches are as warm as code.
fn warm_up(broker: &Running, durations: Durations) -> Result<(), Failed> {
    let share = durations.warm_up / 4;
    for (batch, connections) in
        [(SMALL_BATCH, PARTITIONS), (LARGE_BATCH, PARTITIONS), ((1, 100), 32)]
    {
        let load = produce_load(broker, "bench-warm-up", batch, connections, 5, share)?;
        load::run(&broker.address(), &load)?;
    }
    let topic = format!("bench-{}", SMALL_BATCH.0);
    let lasts = Duration::from_secs(30);
    let mut load = produce_load(broker, &topic, SMALL_BATCH, PARTITIONS, 5, lasts)?;
    load.sent_bytes_max = FETCHED_BYTES_MIN;
    load::run(&broker.address(), &load)?;
    load::run(&broker.address(), &fetch_load(broker, share)?)?;
    Ok(())
}

fn timed(broker: &Running, load: &Load) -> Result<(Outcome, f64), Failed> {
    let before = broker.cpu_seconds()?;
    let outcome = load::run(&broker.address(), load)?;
    // What the load left to be done behind the answers belongs to it.
    thread::sleep(SETTLE);
    Ok((outcome, broker.cpu_seconds()? - before))
}
