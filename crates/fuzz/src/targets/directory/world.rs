//! A log directory on a simulated disk, driven from one thread.
#![allow(clippy::unwrap_used, reason = "a world that cannot be made is a bug of this file")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use io::arena::Arena;
use io::{Disk, Open, SimDisk};
use model::{
    CoordinatorEpoch, LeaderEpoch, Offset, PartitionId, PartitionIndex, ProducerEpoch, ProducerId,
    SeededRandom, Sequence, Timestamp, TopicId, TopicName, TopicPartition, Uuid,
};
use record::{
    BatchBuilder, BatchStamp, BatchView, Codec, Compression, Compressor, ControlStamp,
    EndTransactionMarker, ProducerStamp, write_end_transaction_batch,
};
use replica::{LeaderEpochs, ProducerStates, ReplicaLog};
use storage::{
    AppendBatch, Appended, Captured, CheckpointResult, DrainGoal, Durability, LaneConfig,
    LogConfig, LogDir, OpenSettings, Opened, PartitionLog, Partitions, StorageError, Topics,
    batch_facts,
};

use super::recipes::Image;

pub(super) const DIR: &str = "/data";
const ARENA_SIZE: usize = 4 << 20;

pub(super) fn name_of(dir: &str) -> Option<TopicPartition> {
    let (topic, partition) = dir.rsplit_once('-')?;
    let partition = PartitionIndex::from_wire(partition.parse().ok()?)?;
    Some(TopicPartition { topic: TopicName::new(topic).ok()?, partition })
}

/// The id of a topic follows from its name.
fn id_of(name: &TopicPartition) -> PartitionId {
    let letter = name.topic.as_str().as_bytes()[0];
    let topic = TopicId::new(Uuid::from_bytes([letter; 16])).unwrap();
    PartitionId { topic, partition: name.partition }
}

fn wall(ms: i64) -> Timestamp {
    Timestamp::from_millis(ms).unwrap()
}

pub(super) const LANE: LaneConfig = LaneConfig {
    wal_file_size: 32 << 10,
    group_size_max: 16 << 10,
    bulk_size_min: 6 << 10,
    bulk_threads_max: 1,
    unsynced_size_max: 512 << 10,
    undrained_size_max: 256 << 10,
    held_size_max: u64::MAX,
    past_cache_size_min: 5 << 10,
    run_size: 16 << 10,
    run_batch_size_min: 200,
    ..LaneConfig::for_arena(4 << 20)
};

/// Topics `o…` have durability `os`.
struct ByName;

impl Topics for ByName {
    fn config(&self, name: &TopicPartition) -> Arc<LogConfig> {
        let os = name.topic.as_str().starts_with('o');
        Arc::new(LogConfig {
            segment_bytes: 5 << 10,
            index_interval_bytes: 512,
            durability: if os { Durability::Os } else { Durability::Fsync },
            ..LogConfig::default()
        })
    }

    fn is_known(&self, topic: TopicId) -> bool {
        let bytes = *topic.uuid().as_bytes();
        bytes.iter().all(|byte| *byte == bytes[0]) && b"touvw".contains(&bytes[0])
    }

    fn id_of(&self, _topic: &TopicName) -> Option<TopicId> {
        None
    }
}

pub(super) struct Partition {
    log: PartitionLog,
    epochs: LeaderEpochs,
    producers: ProducerStates,
    pub(super) batches: BTreeMap<Offset, Vec<u8>>,
    sequence: i32,
}

impl Partition {
    fn replica(&self) -> ReplicaLog {
        let (start, end) = (self.log.log_start(), self.log.log_end());
        ReplicaLog::recovered(start, end, end, self.epochs.clone(), self.producers.clone())
    }
}

struct Table<'a>(&'a BTreeMap<TopicPartition, RefCell<Partition>>);

impl Partitions for Table<'_> {
    fn capture(&self, partition: PartitionId) -> Option<Captured> {
        let found = self.0.values().find(|entry| entry.borrow().log.id() == partition)?.borrow();
        Some(found.log.capture(&found.replica()))
    }
}

/// A disk with a log directory on it.
pub(super) struct World {
    pub(super) disk: SimDisk,
    arena: Arena,
}

/// The directory while it is open.
pub(super) struct Life {
    pub(super) dir: Arc<LogDir>,
    pub(super) partitions: BTreeMap<TopicPartition, RefCell<Partition>>,
    arena: Arena,
}

impl World {
    pub(super) fn empty() -> Self {
        let disk = SimDisk::new(1);
        disk.create_dir_all(Path::new(DIR)).unwrap();
        Self { disk, arena: Arena::new(ARENA_SIZE) }
    }

    pub(super) fn of(image: &Image, files: &BTreeMap<PathBuf, Vec<u8>>) -> Self {
        let world = Self::empty();
        for dir in &image.dirs {
            world.disk.create_dir_all(dir).unwrap();
        }
        for (path, content) in files {
            world.disk.open(path, Open::REPLACE).unwrap().write_at(content, 0).unwrap();
        }
        world
    }

    pub(super) fn open(&self) -> Result<Opened, StorageError> {
        let settings = OpenSettings {
            disk: Arc::new(self.disk.clone()),
            arena: self.arena.clone(),
            lane: LANE,
            open_files_max: storage::limits::OPEN_FILES_MAX,
            workers: Arc::new(storage::InTurn),
            salt: self.disk.operations(),
            wall: wall(1_000),
        };
        LogDir::open(Path::new(DIR), &settings, &ByName)
    }

    pub(super) fn live(&self) -> Life {
        let opened = self.open().unwrap();
        Life { dir: opened.dir, partitions: BTreeMap::new(), arena: self.arena.clone() }
    }

    /// Appends to every log that came back, stops cleanly, and opens once more: what was appended is there then.
    pub(super) fn go_on(&self, opened: Opened) {
        let dir = opened.dir;
        let mut partitions = BTreeMap::new();
        for recovered in opened.partitions {
            let name = recovered.log.name().clone();
            let partition = Partition {
                epochs: recovered.replica.epochs().clone(),
                producers: recovered.replica.producers().clone(),
                log: recovered.log,
                batches: BTreeMap::new(),
                sequence: 0,
            };
            partitions.insert(name, RefCell::new(partition));
        }
        let mut life = Life { dir, partitions, arena: self.arena.clone() };
        let names: Vec<_> = life.partitions.keys().cloned().collect();
        for name in &names {
            // An offset near the end of all numbers is no place to go on.
            if life.partitions[name].borrow().log.log_end().to_wire() < i64::MAX / 2 {
                life.append(name, 1, 300, None);
            }
        }
        if life.commit().is_err() || life.close().is_err() {
            return;
        }
        self.disk.restart();
        let again = self.open();
        let Ok(again) = again else {
            unreachable!("what was closed cleanly cannot be opened: {:?}", again.err())
        };
        for (name, partition) in &life.partitions {
            let Some((base, bytes)) = partition
                .borrow()
                .batches
                .last_key_value()
                .map(|(base, bytes)| (*base, bytes.clone()))
            else {
                continue;
            };
            let log = again.partitions.iter().find(|found| found.log.name() == name);
            let Some(log) = log else {
                let failed = again.failed.iter().any(|failed| failed.name == *name);
                assert!(failed, "{name} is gone after a clean stop");
                continue;
            };
            match super::fetch(&log.log, base) {
                Ok(read) => assert!(
                    read == bytes,
                    "{name} has not what was appended at {base}: {} {:?}",
                    read.len(),
                    log.log
                ),
                Err(error) => unreachable!("{name} cannot be read where it was appended: {error}"),
            }
        }
    }
}

impl Life {
    pub(super) fn create(&mut self, dir: &str) -> TopicPartition {
        let name = name_of(dir).unwrap();
        let log =
            self.dir.create_log(id_of(&name), name.clone(), ByName.config(&name), Offset::ZERO);
        let partition = Partition {
            producers: ProducerStates::new(Offset::ZERO),
            epochs: LeaderEpochs::default(),
            log,
            batches: BTreeMap::new(),
            sequence: 0,
        };
        self.partitions.insert(name.clone(), RefCell::new(partition));
        name
    }

    /// Appends a batch of about `size` bytes with the next sequence; of a transaction with `Some(committed)`, which a
    /// marker ends.
    pub(super) fn append(
        &mut self,
        name: &TopicPartition,
        records: u32,
        size: usize,
        transaction: Option<bool>,
    ) {
        let partition = &mut *self.partitions[name].borrow_mut();
        let base = partition.log.log_end();
        let epoch = partition.epochs.latest().unwrap_or(LeaderEpoch::ZERO);
        let number = base.to_wire().unsigned_abs();
        let mut builder = BatchBuilder::new();
        let mut value = vec![0; size / usize::try_from(records).unwrap()];
        SeededRandom::new(number).fill(&mut value);
        for record in 0..i64::from(records) {
            let time = wall(10_000 + base.to_wire() % 1_000 * 10 + record);
            builder.append(Some(time), None, Some(&value), &[]).unwrap();
        }
        let producer = ProducerStamp {
            id: ProducerId::from_wire(7).unwrap(),
            epoch: ProducerEpoch::ZERO,
            base_sequence: Sequence::from_wire(partition.sequence),
        };
        let codec = if number.is_multiple_of(3) { Codec::Lz4 } else { Codec::None };
        let stamp = BatchStamp {
            base_offset: base,
            leader_epoch: Some(epoch),
            compression: Compression::with_default_level(codec),
            producer: Some(producer),
            transactional: transaction.is_some(),
            ..BatchStamp::default()
        };
        partition.sequence += i32::try_from(records).unwrap();
        let bytes = builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec();
        partition.write(&self.arena, bytes);
        let Some(committed) = transaction else { return };
        let mut bytes = Vec::new();
        let stamp = ControlStamp {
            base_offset: partition.log.log_end(),
            leader_epoch: Some(epoch),
            timestamp: wall(10_000 + base.to_wire()),
        };
        let marker =
            EndTransactionMarker { committed, coordinator_epoch: CoordinatorEpoch::ZERO.to_wire() };
        write_end_transaction_batch(stamp, producer.id, producer.epoch, marker, &mut bytes)
            .unwrap();
        partition.write(&self.arena, bytes);
    }

    /// The leader changes.
    pub(super) fn next_epoch(&self, name: &TopicPartition) {
        let partition = &mut *self.partitions[name].borrow_mut();
        let next = partition.epochs.latest().map_or(0, |epoch| epoch.to_wire() + 1);
        partition.epochs.assign(LeaderEpoch::from_wire(next).unwrap(), partition.log.log_end());
    }

    pub(super) fn commit(&self) -> Result<(), StorageError> {
        while self.dir.lane().commit(&mut Vec::new())?.is_some() {}
        Ok(())
    }

    pub(super) fn drain(&self) {
        self.dir.lane().drain_step(DrainGoal::All).unwrap();
        self.dir.lane().prepare_step().unwrap();
    }

    pub(super) fn checkpoint(&self) {
        let checkpoint = self.dir.begin_checkpoint(&Table(&self.partitions));
        self.commit().unwrap();
        let finished = self.dir.finish_checkpoint(checkpoint).unwrap();
        assert!(matches!(finished, CheckpointResult::Done), "nobody else drains");
    }

    pub(super) fn truncate(&self, name: &TopicPartition, end: Offset) {
        self.commit().unwrap();
        self.drain();
        let partition = &mut *self.partitions[name].borrow_mut();
        let truncation = partition.log.search_truncation(end).unwrap().run().unwrap();
        let end = truncation.end();
        drop(partition.log.truncate(truncation));
        partition.epochs.truncate_to(end);
        partition.batches.retain(|base, _| *base < end);
        self.commit().unwrap();
        self.drain();
        partition.producers = partition.log.scan_producers(end).run().unwrap();
    }

    pub(super) fn raise_start(&self, name: &TopicPartition, start: Offset) {
        let partition = &mut *self.partitions[name].borrow_mut();
        drop(partition.log.raise_start(start, &partition.producers));
        partition.epochs.start_at(start);
        partition.batches.retain(|base, _| *base >= start);
    }

    pub(super) fn delete(&mut self, name: &TopicPartition) {
        let partition = self.partitions.remove(name).unwrap();
        drop(partition.into_inner().log.delete());
    }

    pub(super) fn close(&self) -> Result<(), StorageError> {
        self.dir.close(&Table(&self.partitions), None, &mut Vec::new())
    }
}

impl Partition {
    fn write(&mut self, arena: &Arena, bytes: Vec<u8>) {
        let slice = arena.copy_of(&bytes).unwrap();
        let mut batch = AppendBatch::parse(slice).unwrap();
        let (base, now) = (batch.base, wall(10_000));
        self.log.roll_for(
            bytes.len(),
            batch.last_offset,
            batch.max_timestamp,
            now,
            &self.producers,
        );
        if let Some(gathered) = self.log.gather(&bytes) {
            batch.bytes = gathered;
        }
        if let Appended::Direct(Some(write)) = self.log.append(batch, now) {
            write.run().unwrap();
        }
        let view = BatchView::parse(&bytes).unwrap();
        let epoch = view.header().leader_epoch().unwrap_or(LeaderEpoch::ZERO);
        self.epochs.assign(epoch, base);
        if let Some(ended) = self.producers.replay(base, &batch_facts(&view), None)
            && let Some(write) = self.log.transaction_ended(&ended)
        {
            write.run().unwrap();
        }
        self.batches.insert(base, bytes);
    }
}
