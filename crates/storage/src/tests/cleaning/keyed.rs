//! A log of keys and values, and what cleaning it must come to.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, SeededRandom, Sequence};
use record::{
    BatchBuilder, BatchStamp, BatchView, Codec, Compression, Compressor, Decompressor,
    EndTransactionMarker, ProducerStamp,
};

use crate::tests::world::*;
use crate::*;

/// Offset, key and value of a record.
pub(super) type Record = (Offset, Option<Vec<u8>>, Option<Vec<u8>>);

pub(super) struct Keyed {
    pub(super) world: World,
    pub(super) random: SeededRandom,
    /// The wall clock, in milliseconds.
    pub(super) now: i64,
    pub(super) sequences: BTreeMap<i64, i32>,
    /// All that was ever written of records that count: aborted ones do not.
    pub(super) written: Vec<Record>,
}

pub(super) fn compacted() -> LogConfig {
    LogConfig {
        segment_bytes: 4 << 10,
        index_interval_bytes: 256,
        delete: false,
        compact: true,
        min_cleanable_ratio: 0.0,
        delete_retention_ms: 1_000,
        retention_ms: None,
        ..LogConfig::default()
    }
}

pub(super) const SETTINGS: CleaningSettings =
    CleaningSettings { map_bytes: 1 << 20, load: 0.9, buffer_bytes: 1, secret: 77 };

impl Keyed {
    pub(super) fn new(seed: u64, config: LogConfig) -> Self {
        let mut world = World::new(seed, small_lane(), config);
        world.create(id(1, 0), name("table", 0));
        Self {
            world,
            random: SeededRandom::new(seed),
            now: 1_000_000,
            sequences: BTreeMap::new(),
            written: Vec::new(),
        }
    }

    pub(super) fn end(&self) -> Offset {
        self.world.partitions[0].borrow().log.log_end()
    }

    fn stamp(&mut self, producer: Option<i64>, count: usize, transactional: bool) -> BatchStamp {
        let codecs =
            [Codec::None, Codec::None, Codec::Lz4, Codec::Zstd, Codec::Gzip, Codec::Snappy];
        let codec = codecs[usize::try_from(self.random.below(6)).unwrap()];
        let producer = producer.map(|id| {
            let next = self.sequences.entry(id).or_default();
            let base_sequence = Sequence::from_wire(*next);
            *next += i32::try_from(count).unwrap();
            ProducerStamp {
                id: ProducerId::from_wire(id).unwrap(),
                epoch: ProducerEpoch::ZERO,
                base_sequence,
            }
        });
        BatchStamp {
            base_offset: self.end(),
            leader_epoch: Some(LeaderEpoch::ZERO),
            compression: Compression::with_default_level(codec),
            producer,
            transactional,
            ..BatchStamp::default()
        }
    }

    /// Appends a batch; `count` says whether it is to be seen by a reader of committed records.
    pub(super) fn put(
        &mut self,
        records: &[(&[u8], Option<&[u8]>)],
        producer: Option<i64>,
        transactional: bool,
        counts: bool,
    ) {
        let stamp = self.stamp(producer, records.len(), transactional);
        let mut builder = BatchBuilder::new();
        for (at, (key, value)) in records.iter().enumerate() {
            builder.append(Some(wall(self.now)), Some(key), *value, &[]).unwrap();
            let offset = stamp.base_offset.plus(u32::try_from(at).unwrap()).unwrap();
            if counts {
                self.written.push((offset, Some(key.to_vec()), value.map(<[u8]>::to_vec)));
            }
        }
        let bytes = builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec();
        self.append(bytes);
    }

    pub(super) fn append(&mut self, bytes: Vec<u8>) {
        let now = wall(self.now);
        let mut partition = self.world.partitions[0].borrow_mut();
        let appended = partition.append_bytes(&self.world.arena, bytes, now);
        if let Appended::Direct(Some(write)) = appended {
            let written = write.run();
            assert!(written.is_ok() || self.world.disk.is_off(), "{written:?}");
        }
    }

    /// The marker of a transaction of `producer`.
    pub(super) fn end_transaction(&mut self, producer: i64, committed: bool) {
        let stamp = record::ControlStamp {
            base_offset: self.end(),
            leader_epoch: Some(LeaderEpoch::ZERO),
            timestamp: wall(self.now),
        };
        let marker = EndTransactionMarker { committed, coordinator_epoch: 0 };
        let mut bytes = Vec::new();
        let id = ProducerId::from_wire(producer).unwrap();
        record::write_end_transaction_batch(stamp, id, ProducerEpoch::ZERO, marker, &mut bytes)
            .unwrap();
        self.append(bytes);
    }

    /// A batch of random keys out of `keys`, one in eight without a value.
    pub(super) fn put_random(&mut self, keys: u64, producer: Option<i64>) {
        let count = 1 + self.random.below(12);
        let records: Vec<(Vec<u8>, Option<Vec<u8>>)> = (0..count)
            .map(|_| {
                let key = format!("key-{}", self.random.below(keys)).into_bytes();
                let mut value = vec![0; usize::try_from(self.random.below(60)).unwrap()];
                self.random.fill(&mut value);
                (key, Some(value).filter(|_| !self.random.one_in(8)))
            })
            .collect();
        let records: Vec<_> =
            records.iter().map(|(key, value)| (&key[..], value.as_deref())).collect();
        self.put(&records, producer, false, true);
    }

    /// Seals what there is, and checkpoints it.
    pub(super) fn seal(&self) -> Result<()> {
        {
            let mut partition = self.world.partitions[0].borrow_mut();
            let producers = partition.producers.clone();
            if let Some(write) = partition.log.roll(wall(self.now), &producers) {
                write.run()?;
            }
        }
        self.world.commit()?;
        self.world.checkpoint()
    }

    pub(super) fn cleanable(&self) -> Option<Cleanable> {
        let partition = self.world.partitions[0].borrow();
        let stable = partition.producers.first_open_transaction();
        let stable = stable.unwrap_or_else(|| partition.log.log_end());
        partition.log.cleanable(stable, wall(self.now))
    }

    pub(super) fn clean_with(&self, settings: &CleaningSettings) -> Result<CleanStats> {
        let Some(of) = self.cleanable() else { return Ok(CleanStats::default()) };
        let producers = LastRecords::of(&self.world.partitions[0].borrow().producers);
        let mut cleaning = Cleaning::new(of, producers, settings, wall(self.now));
        let cleaned = self.run(&mut cleaning);
        let stats = cleaning.stats();
        match cleaned {
            Ok(()) => Ok(stats),
            Err(error) => {
                let _ = cleaning.abandon();
                Err(error)
            }
        }
    }

    fn run(&self, cleaning: &mut Cleaning) -> Result<()> {
        loop {
            match cleaning.step()? {
                CleanStep::Worked(_) => {}
                CleanStep::Replace(new) => {
                    let taken = self.world.partitions[0].borrow_mut().log.replace(*new);
                    assert!(cleaning.replaced(taken)?, "nobody came in between");
                }
                CleanStep::Done(to) => return self.world.dir.note_cleaned(cleaning.name(), to),
            }
        }
    }

    /// Seals and cleans.
    pub(super) fn clean(&self) -> CleanStats {
        self.seal().unwrap();
        self.clean_with(&SETTINGS).unwrap()
    }

    /// What readers see, markers left out.
    pub(super) fn read(&self) -> Vec<Record> {
        records(&read_all_with_gaps(&self.world.partitions[0].borrow().log))
    }

    /// The last value of each key, by what was written.
    pub(super) fn table(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        table(&self.written)
    }

    /// What must hold after any cleaning.
    pub(super) fn check(&self) {
        let read = self.read();
        assert_eq!(table(&read), self.table(), "the last value of each key");
        assert!(read.windows(2).all(|pair| pair[0].0 < pair[1].0), "offsets grow");
        let written: BTreeMap<Offset, &Record> =
            self.written.iter().map(|record| (record.0, record)).collect();
        for record in &read {
            assert_eq!(written.get(&record.0), Some(&record), "records never change");
        }
    }
}

/// All batches, where some may be missing.
pub(super) fn read_all_with_gaps(log: &PartitionLog) -> Vec<Arc<(Offset, Vec<u8>)>> {
    let mut batches = Vec::new();
    let mut at = log.log_start();
    while at < log.log_end() {
        let bytes = read_at(log, at, log.log_end(), 3000);
        let before = at;
        for batch in record::Batches::checked(&bytes) {
            let batch = batch.unwrap();
            assert!(batch.header().last_offset() >= at, "a batch that was read before");
            at = batch.header().next_offset();
            batches.push(Arc::new((batch.header().base_offset(), batch.bytes().to_vec())));
        }
        if at == before {
            break;
        }
    }
    batches
}

pub(super) fn records(batches: &[Arc<(Offset, Vec<u8>)>]) -> Vec<Record> {
    let mut decompressor = Decompressor::new();
    let mut out = Vec::new();
    for batch in batches {
        let view = BatchView::parse_checked(&batch.1).unwrap();
        if view.header().attributes().is_control() {
            continue;
        }
        for record in view.records(&mut decompressor, 1 << 20).unwrap() {
            let record = record.unwrap();
            let owned = |bytes: &[u8]| bytes.to_vec();
            out.push((record.offset, record.key.map(owned), record.value.map(owned)));
        }
    }
    out
}

pub(super) fn table(records: &[Record]) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut table = BTreeMap::new();
    for (_, key, value) in records {
        let Some(key) = key else { continue };
        match value {
            Some(value) => table.insert(key.clone(), value.clone()),
            None => table.remove(key),
        };
    }
    table
}
