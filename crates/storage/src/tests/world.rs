//! Logs on a simulated disk, and beside each one a list of what happened to it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use io::SimDisk;
use io::arena::Arena;
use model::{
    BrokerEpoch, LeaderEpoch, Offset, PartitionId, PartitionIndex, ProducerEpoch, ProducerId,
    SeededRandom, Sequence, Timestamp, TopicId, TopicName, TopicPartition, Uuid,
};
use record::{BatchBuilder, BatchStamp, BatchView, Compressor, ProducerStamp};
use replica::{LeaderEpochs, ProducerStates, ReplicaLog};

use crate::*;

pub(super) const DIR: &str = "/data";

pub(super) fn offset(raw: i64) -> Offset {
    Offset::from_wire(raw).unwrap()
}

pub(super) fn wall(ms: i64) -> Timestamp {
    Timestamp::from_millis(ms).unwrap()
}

pub(super) fn id(topic: u8, partition: i32) -> PartitionId {
    PartitionId {
        topic: TopicId::new(Uuid::from_bytes([topic; 16])).unwrap(),
        partition: PartitionIndex::from_wire(partition).unwrap(),
    }
}

pub(super) fn name(topic: &str, partition: i32) -> TopicPartition {
    TopicPartition {
        topic: TopicName::new(topic).unwrap(),
        partition: PartitionIndex::from_wire(partition).unwrap(),
    }
}

/// One batch as it lies in the log.
pub(super) struct BatchSpec {
    pub(super) base: Offset,
    pub(super) records: u32,
    pub(super) size: usize,
    pub(super) time_ms: i64,
    pub(super) epoch: LeaderEpoch,
    pub(super) sequence: Option<i32>,
    pub(super) seed: u64,
}

impl BatchSpec {
    pub(super) fn build(&self) -> Vec<u8> {
        let mut builder = BatchBuilder::new();
        let mut value = vec![0; self.size / self.records as usize];
        SeededRandom::new(self.seed).fill(&mut value);
        for record in 0..i64::from(self.records) {
            builder.append(Some(wall(self.time_ms + record)), None, Some(&value), &[]).unwrap();
        }
        let stamp = BatchStamp {
            base_offset: self.base,
            leader_epoch: Some(self.epoch),
            producer: self.sequence.map(|sequence| ProducerStamp {
                id: ProducerId::from_wire(7).unwrap(),
                epoch: ProducerEpoch::ZERO,
                base_sequence: Sequence::from_wire(sequence),
            }),
            ..BatchStamp::default()
        };
        builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec()
    }
}

/// State of a log after some operation.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) start: Offset,
    pub(super) end: Offset,
    /// Base offset and bytes of each batch from the last reset on.
    pub(super) batches: Vec<Arc<(Offset, Vec<u8>)>>,
}

/// One log with its history.
pub(super) struct Partition {
    pub(super) log: PartitionLog,
    pub(super) epochs: LeaderEpochs,
    pub(super) producers: ProducerStates,
    /// The state after each operation, with the lane's sequence that makes it durable.
    pub(super) history: Vec<(LaneSequence, State)>,
    pub(super) next_sequence: i32,
}

impl Partition {
    pub(super) fn new(log: PartitionLog) -> Self {
        let start = log.log_start();
        let state = State { start, end: start, batches: Vec::new() };
        Self {
            log,
            epochs: LeaderEpochs::default(),
            producers: ProducerStates::new(start),
            history: vec![(LaneSequence::default(), state)],
            next_sequence: 0,
        }
    }

    pub(super) fn now(&self) -> &State {
        &self.history.last().unwrap().1
    }

    pub(super) fn replica(&self) -> ReplicaLog {
        let (start, end) = (self.log.log_start(), self.log.log_end());
        ReplicaLog::recovered(start, end, end, self.epochs.clone(), self.producers.clone())
    }

    /// Appends at the end; gives what the log said.
    pub(super) fn append(&mut self, arena: &Arena, spec: &BatchSpec) -> Appended {
        let appended = self.append_bytes(arena, spec.build(), wall(spec.time_ms));
        if let Some(sequence) = spec.sequence {
            self.next_sequence = sequence + i32::try_from(spec.records).unwrap();
        }
        appended
    }

    /// Appends a batch that stands at the log's end by its own header.
    pub(super) fn append_bytes(
        &mut self,
        arena: &Arena,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Appended {
        let slice = arena.copy_of(&bytes).unwrap();
        let mut batch = AppendBatch::parse(slice).unwrap();
        let (base, last, time) = (batch.base, batch.last_offset, batch.max_timestamp);
        let epoch = batch.leader_epoch;
        self.log.roll_for(bytes.len(), last, time, now, &self.producers);
        if let Some(gathered) = self.log.gather(&bytes) {
            batch.bytes = gathered;
        }
        let appended = self.log.append(batch, now);
        self.epochs.assign(epoch, base);
        let facts = batch_facts(&BatchView::parse(&bytes).unwrap());
        if let Some(ended) = self.producers.replay(base, &facts, None) {
            let _ = self.log.transaction_ended(&ended);
        }
        let mut state = self.now().clone();
        state.end = self.log.log_end();
        state.batches.push(Arc::new((base, bytes)));
        let at = match &appended {
            Appended::InLane(sequence) => *sequence,
            Appended::Direct(_) => LaneSequence::default(),
        };
        self.history.push((at, state));
        appended
    }
}

/// Gives captures to checkpoints, as a broker's table of partitions would.
pub(super) struct Table<'a>(pub(super) &'a [RefCell<Partition>]);

impl Partitions for Table<'_> {
    fn capture(&self, partition: PartitionId) -> Option<Captured> {
        let found = self.0.iter().find(|entry| entry.borrow().log.id() == partition)?;
        let found = found.borrow();
        Some(found.log.capture(&found.replica()))
    }
}

pub(super) struct OneConfig(pub(super) Arc<LogConfig>);

impl Topics for OneConfig {
    fn config(&self, _name: &TopicPartition) -> Arc<LogConfig> {
        Arc::clone(&self.0)
    }
}

/// Metadata that name every topic there is, as a cluster's do.
pub(super) struct Named<'a> {
    pub(super) config: &'a Arc<LogConfig>,
    pub(super) topics: &'a BTreeMap<TopicName, TopicId>,
}

impl Topics for Named<'_> {
    fn config(&self, _name: &TopicPartition) -> Arc<LogConfig> {
        Arc::clone(self.config)
    }

    fn is_known(&self, topic: TopicId) -> bool {
        self.topics.values().any(|known| *known == topic)
    }

    fn id_of(&self, topic: &TopicName) -> Option<TopicId> {
        self.topics.get(topic).copied()
    }
}

pub(super) struct World {
    pub(super) disk: SimDisk,
    pub(super) arena: Arena,
    pub(super) lane: LaneConfig,
    pub(super) config: Arc<LogConfig>,
    pub(super) dir: Arc<LogDir>,
    pub(super) partitions: Vec<RefCell<Partition>>,
    pub(super) notices: Vec<Notice>,
    pub(super) life: u64,
}

pub(super) fn small_lane() -> LaneConfig {
    LaneConfig {
        wal_file_size: 64 << 10,
        group_size_max: 32 << 10,
        bulk_size_min: 8 << 10,
        bulk_threads_max: 1,
        unsynced_size_max: 512 << 10,
        undrained_size_max: 256 << 10,
        held_size_max: u64::MAX,
        past_cache_size_min: 5 << 10,
        run_size: 64 << 10,
        run_count_max: 2,
        run_batch_size_min: 200,
        ..LaneConfig::for_arena(4 << 20)
    }
}

pub(super) fn small_log() -> LogConfig {
    LogConfig { segment_bytes: 16 << 10, index_interval_bytes: 512, ..LogConfig::default() }
}

pub(super) fn settings(disk: &SimDisk, arena: &Arena, lane: LaneConfig, salt: u64) -> OpenSettings {
    OpenSettings {
        disk: Arc::new(disk.clone()),
        arena: arena.clone(),
        lane,
        open_files_max: limits::OPEN_FILES_MAX,
        workers: Arc::new(InTurn),
        salt,
        wall: wall(1000),
    }
}

impl World {
    pub(super) fn new(seed: u64, lane: LaneConfig, config: LogConfig) -> Self {
        let disk = SimDisk::new(seed);
        let arena = Arena::new(4 << 20);
        let config = Arc::new(config);
        let topics = OneConfig(Arc::clone(&config));
        let opened =
            LogDir::open(Path::new(DIR), &settings(&disk, &arena, lane, 1), &topics).unwrap();
        assert!(opened.partitions.is_empty());
        // What lies above the log directory is not ours to sync.
        io::Disk::sync_dir(&disk, Path::new("/")).unwrap();
        let dir = opened.dir;
        Self {
            disk,
            arena,
            lane,
            config,
            dir,
            partitions: Vec::new(),
            notices: Vec::new(),
            life: 1,
        }
    }

    pub(super) fn plain() -> Self {
        Self::new(1, small_lane(), small_log())
    }

    pub(super) fn path(name: &str) -> PathBuf {
        Path::new(DIR).join(name)
    }

    pub(super) fn create(&mut self, id: PartitionId, name: TopicPartition) -> usize {
        self.create_with(id, name, Arc::clone(&self.config))
    }

    pub(super) fn create_with(
        &mut self,
        id: PartitionId,
        name: TopicPartition,
        config: Arc<LogConfig>,
    ) -> usize {
        let log = self.dir.create_log(id, name, config, Offset::ZERO);
        self.partitions.push(RefCell::new(Partition::new(log)));
        self.partitions.len() - 1
    }

    /// Appends a batch of about `size` bytes with the next sequence of its producer.
    pub(super) fn append(&self, index: usize, records: u32, size: usize) -> Appended {
        let mut partition = self.partitions[index].borrow_mut();
        let base = partition.log.log_end();
        let spec = BatchSpec {
            base,
            records,
            size,
            time_ms: 10_000 + base.to_wire() * 10,
            epoch: partition.epochs.latest().unwrap_or(LeaderEpoch::ZERO),
            sequence: Some(partition.next_sequence),
            seed: base.to_wire().unsigned_abs() * 31 + index as u64,
        };
        partition.append(&self.arena, &spec)
    }

    pub(super) fn commit(&self) -> Result<Vec<DurableEnd>> {
        let mut ends = Vec::new();
        while self.dir.lane().commit(&mut ends)?.is_some() {}
        Ok(ends)
    }

    pub(super) fn checkpoint(&self) -> Result<()> {
        let checkpoint = self.dir.begin_checkpoint(&Table(&self.partitions));
        self.commit()?;
        match self.dir.finish_checkpoint(checkpoint)? {
            CheckpointResult::Done => Ok(()),
            CheckpointResult::NotYet(_) => unreachable!("all is committed, nobody else drains"),
        }
    }

    pub(super) fn close(&self) -> Result<()> {
        self.dir.close(&Table(&self.partitions), BrokerEpoch::from_wire(5), &mut Vec::new())
    }

    /// Opens the directory again, as the next process would.
    pub(super) fn open(&mut self) -> Result<Opened> {
        let topics = OneConfig(Arc::clone(&self.config));
        self.open_with(&topics)
    }

    pub(super) fn open_with(&mut self, topics: &dyn Topics) -> Result<Opened> {
        self.life += 1;
        self.arena = Arena::new(4 << 20);
        let settings = settings(&self.disk, &self.arena, self.lane, self.life);
        LogDir::open(Path::new(DIR), &settings, topics)
    }

    /// Opens it and takes up each log with the history that it turns out to have.
    pub(super) fn reopen(&mut self) -> Result<()> {
        let opened = self.open()?;
        self.take_up(opened);
        Ok(())
    }

    pub(super) fn take_up(&mut self, opened: Opened) {
        assert!(opened.failed.is_empty(), "{:?}", opened.failed);
        self.dir = opened.dir;
        self.notices = opened.notices;
        self.partitions = opened
            .partitions
            .into_iter()
            .map(|RecoveredPartition { log, replica }| {
                let mut partition = Partition::new(log);
                partition.epochs = replica.epochs().clone();
                partition.producers = replica.producers().clone();
                let state = State {
                    start: replica.log_start(),
                    end: replica.log_end(),
                    batches: read_all(&partition.log),
                };
                let last = partition.producers.get(ProducerId::from_wire(7).unwrap());
                let last = last.and_then(replica::ProducerState::last_sequence);
                partition.next_sequence = last.map_or(0, |last| last.to_wire() + 1);
                partition.history = vec![(LaneSequence::default(), state)];
                RefCell::new(partition)
            })
            .collect();
    }

    pub(super) fn index_of(&self, id: PartitionId) -> Option<usize> {
        self.partitions.iter().position(|partition| partition.borrow().log.id() == id)
    }
}

/// All batches that can be read, by fetches as a consumer makes them.
pub(super) fn read_all(log: &PartitionLog) -> Vec<Arc<(Offset, Vec<u8>)>> {
    let mut batches = Vec::new();
    let mut at = log.log_start();
    while at < log.log_end() {
        let bytes = read_at(log, at, log.log_end(), 4000);
        assert!(!bytes.is_empty(), "{log:?}: nothing at {at}");
        for batch in record::Batches::checked(&bytes) {
            let batch = batch.unwrap_or_else(|e| {
                panic!("{e} {log:?} from {at} {:?}", log.segment_bases().collect::<Vec<_>>())
            });
            let header = batch.header();
            assert!(header.last_offset() >= at);
            batches.push(Arc::new((header.base_offset(), batch.bytes().to_vec())));
            at = header.next_offset();
        }
    }
    batches
}

/// One fetch.
pub(super) fn read_at(log: &PartitionLog, from: Offset, end: Offset, size_max: u32) -> Vec<u8> {
    let mut out = Vec::new();
    match log.read(from, end, size_max, true, &mut out) {
        ReadPlan::Nothing => Vec::new(),
        ReadPlan::Memory => {
            let bytes = |range: &LogRange| match range {
                LogRange::Memory(slice) => slice.to_vec(),
                LogRange::File(range) => range.read().unwrap(),
            };
            out.iter().flat_map(bytes).collect()
        }
        ReadPlan::File(read) => match read.resolve().unwrap() {
            Resolved::Range(range) => range.read().unwrap(),
            Resolved::ContinueAt(next) => read_at(log, next, end, size_max),
            Resolved::Nothing => Vec::new(),
        },
    }
}
