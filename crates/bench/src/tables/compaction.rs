//! What the cleaner costs: both have a copy of one directory that Apache Kafka has written, and clean it.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use model::{SeededRandom, Timestamp};
use record::{BatchBuilder, BatchStamp, Compression, Compressor, ZstdLevel};
use tempfile::TempDir;
use testkit::compare::Side;
use testkit::{ApacheKafka, Failed, Ottla};

use crate::Options;
use crate::broker::{JVM, Kind};
use crate::requests;
use crate::rows::Rows;

const TOPICS: [(&str, Compression); 2] =
    [("clean-plain", Compression::None), ("clean-zstd", Compression::Zstd(ZstdLevel::DEFAULT))];
const RECORDS_PER_BATCH: usize = 128;
const VALUE_SIZE: usize = 100;
const AT_REST: &[&str] = &["log.cleaner.enable=false"];
const AT_WORK: &[&str] = &["log.cleaner.backoff.ms=1000"];
/// Until a copy is clean.
const PATIENCE: Duration = Duration::from_secs(600);
/// Names of the threads that clean, as the system shows them: their first fifteen bytes.
const THREADS: [&str; 2] = ["kafka-log-clean", "clean-"];

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    let (words, records, keys, segment) = match options.is_quick {
        true => ("2 × 800,000 records, 80,000 keys", 800_000, 80_000, 16 << 20),
        false => ("2 × 4,000,000 records, 400,000 keys", 4_000_000, 400_000, 64 << 20),
    };
    let own = TempDir::new().map_err(|error| Failed(format!("make a directory: {error}")))?;
    let written = own.path().join("written");
    write(&written, records, keys, segment)?;
    for round in 0..options.rounds.min(3) {
        // How sure the disk must be of new records is nothing to the cleaner, so there is one of Ottla.
        for kind in options.order(round).into_iter().filter(|kind| *kind != Kind::OttlaOs) {
            let copied = own.path().join("copy");
            copy(&written, &copied)?;
            let before = log_sizes(&copied)?;
            let cpu = clean(kind, &copied, &before)?;
            let sealed: u64 = before.iter().map(|log| log.sealed_bytes).sum();
            let left: u64 = log_sizes(&copied)?.iter().map(|log| log.sealed_bytes).sum();
            let megabytes = sealed as f64 / 1e6;
            rows.add(round, kind, words, "MB to clean", megabytes)?;
            rows.add(round, kind, words, "MB left", left as f64 / 1e6)?;
            rows.add(round, kind, words, "CPU s", cpu.as_secs_f64())?;
            rows.add(round, kind, words, "MB/CPU s", megabytes / cpu.as_secs_f64())?;
            remove(&copied)?;
        }
    }
    Ok(())
}

/// Has Apache Kafka write a directory in which nothing is clean.
fn write(data: &Path, records: usize, keys: u64, segment: u64) -> Result<(), Failed> {
    let mut kafka = ApacheKafka::start_in(data, JVM, AT_REST)?;
    let mut side = Side::new(kafka.bootstrap());
    let segment = segment.to_string();
    let mut random = SeededRandom::new(1);
    let (mut builder, mut compressor) = (BatchBuilder::new(), Compressor::new());
    let mut value = [b'v'; VALUE_SIZE];
    let now = Timestamp::from_millis(1_700_000_000_000);
    for (topic, compression) in TOPICS {
        let configs = [
            ("cleanup.policy", "compact"),
            ("min.cleanable.dirty.ratio", "0.01"),
            ("segment.bytes", segment.as_str()),
        ];
        requests::create_with(&mut side, topic, 1, &configs)?;
        for number in 0..records / RECORDS_PER_BATCH {
            builder.clear();
            for _ in 0..RECORDS_PER_BATCH {
                let key = format!("user-{:012}", random.below(keys));
                // Half of it is chance, so that it compresses as values do.
                value.iter_mut().take(VALUE_SIZE / 2).for_each(|byte| {
                    *byte = u8::try_from(random.below(256)).unwrap_or(0);
                });
                let appended = builder.append(now, Some(key.as_bytes()), Some(&value), &[]);
                appended.map_err(|error| Failed(format!("make a batch: {error}")))?;
            }
            let stamp = BatchStamp { compression, ..BatchStamp::default() };
            let batch = builder.finish(&stamp, &mut compressor);
            let batch = batch.map_err(|error| Failed(format!("make a batch: {error}")))?;
            append(&mut side, topic, &Bytes::copy_from_slice(batch), number == 0)?;
        }
    }
    kafka.stop()
}

/// The first may come before the partition has its leader.
fn append(side: &mut Side, topic: &str, batch: &Bytes, is_first: bool) -> Result<(), Failed> {
    let end = Instant::now() + Duration::from_secs(30);
    while requests::produce_to_all(side, topic, 1, batch)? != 1 {
        if !is_first || Instant::now() > end {
            return Err(Failed(format!("{topic} does not take a batch")));
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Starts a broker on the directory and waits until all that can be cleaned is; the time of its cleaner's thread.
fn clean(kind: Kind, data: &Path, logs: &[LogSize]) -> Result<Duration, Failed> {
    let mut kafka = ApacheKafka::on(data, JVM, AT_WORK)?;
    if kind == Kind::Kafka {
        kafka.restart()?;
        let cpu = until_clean(kafka.pid(), data, logs)?;
        kafka.stop()?;
        return Ok(cpu);
    }
    let mut ottla = Ottla::start_for(&kafka)?;
    let cpu = until_clean(ottla.pid(), data, logs)?;
    ottla.stop()?;
    Ok(cpu)
}

fn until_clean(pid: u32, data: &Path, logs: &[LogSize]) -> Result<Duration, Failed> {
    let file = data.join("cleaner-offset-checkpoint");
    let end = Instant::now() + PATIENCE;
    loop {
        // A thread that has ended since takes its time with it, but cleaners live as long as the broker.
        let cpu = cleaners_cpu(pid)?;
        let text = fs::read_to_string(&file).unwrap_or_default();
        if logs.iter().all(|log| is_clean(&text, log)) {
            return Ok(cleaners_cpu(pid)?.max(cpu));
        }
        if Instant::now() > end {
            return Err(Failed(format!("not clean after {PATIENCE:?}: {text}")));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Whether the checkpoint says that the log is clean up to its active segment.
fn is_clean(checkpoint: &str, log: &LogSize) -> bool {
    let of =
        checkpoint.lines().filter_map(|line| line.strip_prefix(log.topic)?.strip_prefix(" 0 "));
    of.filter_map(|offset| offset.trim().parse::<u64>().ok()).any(|to| to >= log.active_from)
}

/// Time of CPU of the threads that clean.
fn cleaners_cpu(pid: u32) -> Result<Duration, Failed> {
    let tasks = PathBuf::from(format!("/proc/{pid}/task"));
    let mut total = Duration::ZERO;
    for task in list(&tasks)? {
        let read = |name: &str| fs::read_to_string(task.join(name)).unwrap_or_default();
        let name = read("comm");
        if THREADS.iter().any(|thread| name.starts_with(thread)) {
            let nanos = read("schedstat");
            let nanos = nanos.split_whitespace().next().and_then(|word| word.parse().ok());
            let nanos = nanos.ok_or_else(|| Failed(format!("no times of {}", task.display())))?;
            total += Duration::from_nanos(nanos);
        }
    }
    Ok(total)
}

/// What lies in one partition.
struct LogSize {
    topic: &'static str,
    /// In segments that are not appended to.
    sealed_bytes: u64,
    /// First offset of the one that is.
    active_from: u64,
}

fn log_sizes(data: &Path) -> Result<Vec<LogSize>, Failed> {
    let size = |(topic, _): (&'static str, Compression)| {
        let mut segments = Vec::new();
        for path in list(&data.join(format!("{topic}-0")))? {
            let base = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u64>().ok());
            if let Some(base) = base.filter(|_| path.extension().is_some_and(|it| it == "log")) {
                let size = fs::metadata(&path).map(|metadata| metadata.len());
                segments.push((base, size.map_err(|error| failed("measure", &path, &error))?));
            }
        }
        segments.sort_unstable();
        let (active_from, _) =
            segments.pop().ok_or_else(|| Failed(format!("{topic} has no segments")))?;
        let sealed_bytes = segments.iter().map(|(_, size)| size).sum();
        Ok(LogSize { topic, sealed_bytes, active_from })
    };
    TOPICS.into_iter().map(size).collect()
}

fn failed(words: &str, path: &Path, error: &std::io::Error) -> Failed {
    Failed(format!("{words} {}: {error}", path.display()))
}

fn list(directory: &Path) -> Result<Vec<PathBuf>, Failed> {
    let entries = fs::read_dir(directory).map_err(|error| failed("list", directory, &error))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn copy(from: &Path, to: &Path) -> Result<(), Failed> {
    fs::create_dir_all(to).map_err(|error| failed("make", to, &error))?;
    for path in list(from)? {
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(|error| failed("copy", &path, &error))?;
        }
    }
    Ok(())
}

fn remove(directory: &Path) -> Result<(), Failed> {
    fs::remove_dir_all(directory).map_err(|error| failed("remove", directory, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_clean_when_the_checkpoint_has_come_to_its_active_segment() {
        let log = LogSize { topic: "clean-plain", sealed_bytes: 0, active_from: 700 };
        assert!(is_clean("0\n2\nclean-zstd 0 9\nclean-plain 0 700\n", &log));
        assert!(!is_clean("0\n1\nclean-plain 0 699\n", &log));
        assert!(!is_clean("0\n1\nclean-plain-too 0 900\n", &log));
        assert!(!is_clean("", &log));
    }
}
