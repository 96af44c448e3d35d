//! A million small records a second for minutes, with a group that reads along, and what reads them later.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use load::frames::{self, BatchShape};
use load::{Load, Outcome, Pace};
use testkit::compare::Side;
use testkit::{Failed, Step, target_directory};

use crate::Options;
use crate::broker::{Kind, Running};
use crate::c_client::{CClient, finish_group};
use crate::machine;
use crate::requests::{self, failed};
use crate::rows::Rows;
use crate::subject::{PARTITIONS, Spec, Work, first_acknowledged, lanes, produce_load};

const TOPIC: &str = "bench-million";
const GROUP: &str = "bench-million";
/// What is offered: a little more than what must pass.
const RECORDS_PER_SECOND: f64 = 1_050_000.0;
const VALUE_SIZE: usize = 100;
const BATCH_SIZE: usize = 128 << 10;
const CONNECTIONS: usize = 16;
/// Ten minutes write more than a disk may hold: of each partition the newest are kept, and looked at more often.
const CONFIGS: &[(&str, &str)] = &[("retention.bytes", "536870912"), ("segment.bytes", "67108864")];
const SETTINGS: &[&str] = &["log.retention.check.interval.ms=10000"];
/// How often end and commits are compared, and how long the group may take to be done afterwards.
const LOOK: Duration = Duration::from_secs(5);
const CATCH_UP_PATIENCE: Duration = Duration::from_secs(60);
/// Of the reads from files: connections, answers of 1 MiB that each reads, and how long at most.
const READERS: usize = 4;
const READ_COUNT: i64 = 24;
const READ_SIZE: i32 = 1 << 20;
const READ_LASTS: Duration = Duration::from_secs(5);

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    let client = CClient::build()?;
    for kind in &options.kinds {
        // The others show what they do in a tenth of the time.
        let lasts = match (options.seconds, options.is_quick, kind) {
            (Some(asked), _, _) => asked,
            (None, true, _) => Duration::from_secs(6),
            (None, false, Kind::OttlaDurable) => Duration::from_secs(600),
            (None, false, _) => Duration::from_secs(60),
        };
        one(options, rows, *kind, &client, lasts)?;
    }
    Ok(())
}

fn one(
    options: &Options,
    rows: &Rows,
    kind: Kind,
    client: &CClient,
    lasts: Duration,
) -> Result<(), Failed> {
    let words = format!("1,050,000 records/s offered for {} s", lasts.as_secs());
    let broker = Running::start_with(kind, SETTINGS)?;
    first_acknowledged(&broker)?;
    let mut side = Side::new(broker.address());
    let partitions = i32::try_from(PARTITIONS).unwrap_or(1);
    requests::create_with(&mut side, TOPIC, partitions, CONFIGS)?;
    let shape = BatchShape { value_size: VALUE_SIZE, count_max: u64::MAX, size_max: BATCH_SIZE };
    let count = requests::batch_of(shape)?.record_count;
    let per_second = RECORDS_PER_SECOND / f64::from(count);
    let spec = Spec {
        words: "",
        work: Work::Produce { records: count.into(), size: VALUE_SIZE },
        connections: CONNECTIONS,
        pace: Pace::Open { per_second },
    };
    let mut load = produce_load(&broker, TOPIC, (count.into(), VALUE_SIZE), &spec, lasts)?;
    let member = client.group(&broker.address(), TOPIC, GROUP)?;
    if kind == Kind::Kafka {
        let warm_up = Load { lasts: options.warm_up, ..load.clone() };
        load::run(&warm_up).map_err(failed)?;
    }
    // Nothing that came before is lag of this.
    until_read(&mut side)?;
    machine::prepare(options, &broker.data())?;
    load.lasts = lasts;

    let before = (total_end(&mut side)?, broker.cpu()?);
    let (outcome, looks) = observe(&mut side, load)?;
    let cpu = broker.cpu()? - before.1;
    let produced = total_end(&mut side)? - before.0;
    let (until_read, lag_left) = until_read(&mut side)?;
    let read = finish_group(member)?;
    let all = total_end(&mut side)?;

    let seconds = outcome.took.as_secs_f64();
    let millions = produced as f64 / 1e6;
    let figures = [
        ("records/s", produced as f64 / seconds),
        ("least records/s in 5 s", looks.least_per_second),
        ("CPU s/M records", cpu.as_secs_f64() / millions),
        ("CPU s/GB", cpu.as_secs_f64() / (outcome.sent_bytes as f64 / 1e9)),
        ("p50 ms", outcome.percentile_ms(50.0)),
        ("p99 ms", outcome.percentile_ms(99.0)),
        ("p99.9 ms", outcome.percentile_ms(99.9)),
        ("max ms", outcome.percentile_ms(100.0)),
        ("lag at most, records", looks.lag_max as f64),
        ("s until no lag", until_read.as_secs_f64()),
        ("lag in the end, records", lag_left as f64),
        ("records not read", all as f64 - read as f64),
        ("peak MB", broker.peak_megabytes()?),
    ];
    for (figure, value) in figures {
        rows.add(0, kind, &words, figure, value)?;
    }
    let share = sent_by_sendfile(&broker, count)?;
    rows.add(0, kind, &words, "read later by sendfile, %", share * 100.0)
}

/// What was seen while the load ran.
struct Looks {
    lag_max: i64,
    least_per_second: f64,
}

fn observe(side: &mut Side, load: Load) -> Result<(Outcome, Looks), Failed> {
    let mut looks = Looks { lag_max: 0, least_per_second: f64::INFINITY };
    let client = thread::spawn(move || load::run(&load));
    let mut last = (Instant::now(), total_end(side)?);
    while !client.is_finished() {
        thread::sleep(Duration::from_millis(100));
        if last.0.elapsed() < LOOK {
            continue;
        }
        let now = (Instant::now(), total_end(side)?);
        let per_second = (now.1 - last.1) as f64 / (now.0 - last.0).as_secs_f64();
        looks.least_per_second = looks.least_per_second.min(per_second);
        looks.lag_max = looks.lag_max.max(lag(side)?);
        last = now;
    }
    let outcome = client.join().map_err(|_| Failed("the load panicked".into()))?;
    Ok((outcome.map_err(failed)?, looks))
}

fn partitions() -> std::ops::Range<i32> {
    0..i32::try_from(PARTITIONS).unwrap_or(1)
}

/// Records that all partitions ever had.
fn total_end(side: &mut Side) -> Result<i64, Failed> {
    partitions().map(|partition| requests::end_offset(side, TOPIC, partition)).sum()
}

/// Records that the group has not committed; the ends are asked first, so that it is never said to be behind itself.
fn lag(side: &mut Side) -> Result<i64, Failed> {
    let end = total_end(side)?;
    let committed = requests::committed(side, GROUP, TOPIC, partitions().end)?;
    Ok((end - committed.iter().sum::<i64>()).max(0))
}

/// Waits until the group has committed all there is; how long that took, and what it still lacks.
fn until_read(side: &mut Side) -> Result<(Duration, i64), Failed> {
    let began = Instant::now();
    loop {
        let left = lag(side)?;
        if left == 0 || began.elapsed() > CATCH_UP_PATIENCE {
            return Ok((began.elapsed(), left));
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Reads what has long been in files, and counts how much of it the broker gave to `sendfile`.
fn sent_by_sendfile(broker: &Running, records: u32) -> Result<f64, Failed> {
    let trace = target_directory().join("bench/sendfile");
    let mut tracer = Tracer::start(broker.pid(), &trace.display().to_string())?;
    let per_answer =
        i64::from(records) * i64::from(READ_SIZE) / i64::try_from(BATCH_SIZE).unwrap_or(1);
    let lanes = lanes(broker, READERS, |partition| {
        let mut side = Side::new(broker.address());
        let first = requests::first_offset(&mut side, TOPIC, partition)?;
        let end = requests::end_offset(&mut side, TOPIC, partition)?;
        // Neither the oldest, which may be deleted meanwhile, nor the newest, which may be in memory.
        let first = first + (end - first) / 4;
        let count = READ_COUNT.min((end - first) / 2 / per_answer).max(1);
        let frames = (0..count).map(|number| {
            let offset = first + number * per_answer;
            frames::fetch_frame(TOPIC, partition, offset, READ_SIZE, 500).map_err(failed)
        });
        frames.collect()
    })?;
    let count: usize = lanes.iter().map(|lane| lane.frames.len()).sum();
    let pace = Pace::Closed { depth: 1 };
    let mut load = Load::lasting(lanes, pace, frames::fetch_answers(TOPIC), READ_LASTS);
    // Each place once: a second time it may be elsewhere.
    load.requests_max = u64::try_from(count).unwrap_or(u64::MAX);
    let outcome = load::run(&load).map_err(failed);
    tracer.stop()?;
    let outcome = outcome?;
    let text = fs::read_to_string(&trace)
        .map_err(|error| Failed(format!("read {}: {error}", trace.display())))?;
    Ok(sent(&text) as f64 / outcome.received_bytes as f64)
}

/// `strace` on a broker's calls of `sendfile`.
struct Tracer(Child);

impl Tracer {
    fn start(pid: u32, output: &str) -> Result<Self, Failed> {
        let pid = pid.to_string();
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-e", "trace=sendfile", "-e", "signal=none"]);
        command.args(["-o", output, "-p", &pid]);
        let child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.map_err(|error| Failed(format!("start strace: {error}")))?;
        // Until it has all threads.
        thread::sleep(Duration::from_millis(1_000));
        Ok(Self(child))
    }

    fn stop(&mut self) -> Result<(), Failed> {
        Step::new("kill").args(["-INT", &self.0.id().to_string()]).run()?;
        self.0.wait().map(|_| ()).map_err(|error| Failed(format!("wait for strace: {error}")))
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        // It may have ended already, which is fine here.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Bytes that the calls in a trace say they sent; a call that was interrupted says it on a line of its own.
fn sent(trace: &str) -> u64 {
    let results = trace.lines().filter(|line| line.contains("sendfile"));
    results.filter_map(|line| line.rsplit_once("= ")?.1.trim().parse::<u64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_a_trace_are_those_of_calls_that_were_done() {
        let trace = "12 sendfile(30, 31, [1048576] => [1114112], 262144) = 65536\n\
                     13 sendfile(30, 31, [0], 262144 <unfinished ...>\n\
                     13 <... sendfile resumed> => [100]) = 100\n\
                     12 sendfile(30, 31, [5], 10) = -1 EAGAIN (Resource temporarily unavailable)\n";
        assert_eq!(sent(trace), 65_636);
    }
}
