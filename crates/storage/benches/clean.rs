//! What compaction costs, one thread: `cargo bench -p storage`, on a log that it writes; or `cargo bench -p storage --bench
//! clean -- DIRECTORY`, on a copy of a data directory, such as one that Apache Kafka cleans too.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(clippy::cast_precision_loss, reason = "figures are rounded")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use io::RealDisk;
use io::arena::Arena;
use model::{
    Offset, PartitionId, PartitionIndex, SeededRandom, Timestamp, TopicId, TopicName,
    TopicPartition, Uuid,
};
use record::{BatchBuilder, BatchStamp, Compression, Compressor, ZstdLevel};
use replica::{ProducerStates, ReplicaLog};
use storage::{
    AppendBatch, Captured, CheckpointResult, CleanStats, CleanStep, Cleaning, CleaningSettings,
    DrainGoal, LaneConfig, LastRecords, LogConfig, LogDir, OpenSettings, PartitionLog, Partitions,
    Topics,
};

const ARENA_SIZE: usize = 64 << 20;
const VALUE_SIZE: usize = 100;
const RECORDS_PER_BATCH: u64 = 128;

struct Compacted;

impl Topics for Compacted {
    fn config(&self, _: &TopicPartition) -> Arc<LogConfig> {
        Arc::new(config())
    }

    fn id_of(&self, _: &TopicName) -> Option<TopicId> {
        TopicId::new(Uuid::from_bytes([1; 16]))
    }
}

fn config() -> LogConfig {
    LogConfig {
        segment_bytes: 256 << 20,
        compact: true,
        delete: false,
        min_cleanable_ratio: 0.0,
        ..LogConfig::default()
    }
}

fn open(path: &Path, salt: u64) -> storage::Opened {
    let settings = OpenSettings {
        disk: Arc::new(RealDisk),
        arena: Arena::new(ARENA_SIZE),
        lane: LaneConfig::for_arena(ARENA_SIZE as u64),
        open_files_max: storage::limits::OPEN_FILES_MAX,
        workers: Arc::new(storage::InTurn),
        salt,
        wall: now(),
    };
    LogDir::open(path, &settings, &Compacted).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000).unwrap()
}

struct One<'a>(&'a PartitionLog);

impl Partitions for One<'_> {
    fn capture(&self, partition: PartitionId) -> Option<Captured> {
        let end = self.0.log_end();
        let replica = ReplicaLog::recovered(
            self.0.log_start(),
            end,
            end,
            replica::LeaderEpochs::default(),
            ProducerStates::new(end),
        );
        (self.0.id() == partition).then(|| self.0.capture(&replica))
    }
}

/// A log of `count` records with random keys, sealed and closed.
fn write(path: &Path, count: u64, keys: u64, compression: Compression) {
    let dir = open(path, 1).dir;
    let id = PartitionId {
        topic: TopicId::new(Uuid::from_bytes([1; 16])).unwrap(),
        partition: PartitionIndex::ZERO,
    };
    let name = TopicPartition { topic: TopicName::new("t").unwrap(), partition: id.partition };
    let mut log = dir.create_log(id, name, Arc::new(config()), Offset::ZERO);
    let mut random = SeededRandom::new(1);
    let mut builder = BatchBuilder::new();
    let mut compressor = Compressor::new();
    let mut ends = Vec::new();
    for _ in 0..count / RECORDS_PER_BATCH {
        builder.clear();
        for _ in 0..RECORDS_PER_BATCH {
            let key = format!("user-{:012}", random.below(keys));
            let mut value = [b'v'; VALUE_SIZE];
            random.fill(&mut value[..VALUE_SIZE / 2]);
            builder.append(Some(now()), Some(key.as_bytes()), Some(&value), &[]).unwrap();
        }
        let stamp = BatchStamp { base_offset: log.log_end(), compression, ..BatchStamp::default() };
        let batch = builder.finish(&stamp, &mut compressor).unwrap();
        let batch = AppendBatch::parse(dir.arena().copy_of(batch).unwrap()).unwrap();
        let _ = log.append(batch, now());
        if dir.lane().must_pause() || dir.lane().wants_drain() {
            while dir.lane().commit(&mut ends).unwrap().is_some() {}
            dir.lane().drain_step(DrainGoal::All).unwrap();
            checkpoint(&dir, &log);
        }
    }
    let _ = log.roll(now(), &ProducerStates::new(log.log_end()));
    while dir.lane().commit(&mut ends).unwrap().is_some() {}
    checkpoint(&dir, &log);
    dir.close(&One(&log), None, &mut ends).unwrap();
}

fn checkpoint(dir: &LogDir, log: &PartitionLog) {
    let begun = dir.begin_checkpoint(&One(log));
    assert!(matches!(dir.finish_checkpoint(begun).unwrap(), CheckpointResult::Done));
}

/// Cleans all logs of a directory.
fn clean(what: &str, path: &Path) {
    let opened = open(path, 2);
    let settings =
        CleaningSettings { map_bytes: 128 << 20, load: 0.9, buffer_bytes: 512 << 10, secret: 3 };
    let (begun, cpu) = (Instant::now(), cpu_seconds());
    let (before, mut total) = (memory_bytes(), CleanStats::default());
    let mut peak = 0;
    for mut recovered in opened.partitions {
        let log = &mut recovered.log;
        while let Some(of) = log.cleanable(recovered.replica.last_stable(), now())
            && of.dirty_bytes() > 0
        {
            let producers = LastRecords::of(recovered.replica.producers());
            let mut cleaning = Cleaning::new(of, producers, &settings, now());
            loop {
                match cleaning.step().unwrap() {
                    CleanStep::Worked(_) => {}
                    CleanStep::Replace(new) => {
                        peak = peak.max(memory_bytes().saturating_sub(before));
                        let taken = log.replace(*new);
                        assert!(cleaning.replaced(taken).unwrap());
                    }
                    CleanStep::Done(to) => {
                        opened.dir.note_cleaned(log.name(), to).unwrap();
                        break;
                    }
                }
            }
            let stats = cleaning.stats();
            total.size_before += stats.size_before;
            total.size_after += stats.size_after;
            total.bytes_read += stats.bytes_read;
            total.bytes_written += stats.bytes_written;
            total.records_read += stats.records_read;
            total.keys += stats.keys;
        }
    }
    let (took, cpu) = (begun.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let mb = total.size_before as f64 / 1e6;
    println!(
        "{what}: {mb:.0} MB to {:.0} MB, {} keys: {:.0} MB of log per CPU-second, {:.0} MB/s; \
         {:.0} ns of CPU per record and walk; {:.1} MB of memory per million keys",
        total.size_after as f64 / 1e6,
        total.keys,
        mb / cpu,
        mb / took,
        cpu * 1e9 / total.records_read as f64,
        peak as f64 / total.keys as f64,
    );
}

/// User and system time of this process.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = fields[11..13].iter().map(|field| field.parse::<u64>().unwrap()).sum();
    ticks as f64 / 100.0
}

fn memory_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() << 10
}

fn main() {
    // Cargo's own words begin with a dash.
    if let Some(path) = std::env::args().skip(1).find(|word| !word.starts_with('-')) {
        return clean(&path, Path::new(&path));
    }
    let zstd = Compression::Zstd(ZstdLevel::DEFAULT);
    for (what, count, keys, compression) in [
        ("each key ten times", 4_000_000, 400_000, Compression::None),
        ("each key twice", 4_000_000, 2_000_000, Compression::None),
        ("each key once", 4_000_000, 1 << 40, Compression::None),
        ("each key ten times, zstd", 4_000_000, 400_000, zstd),
    ] {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), count, keys, compression);
        clean(what, dir.path());
    }
}
