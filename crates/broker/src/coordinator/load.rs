use std::sync::Arc;

use bytes::Bytes;
use model::{Offset, ProducerId};
use record::limits::DECOMPRESSED_SIZE_MAX;
use record::{BatchView, Batches, ControlType, Decompressor, EndTransactionMarker, RecordView};

use super::LogUnreadable;
use super::machine::Machine;
use super::shard::Shard;

/// Bytes read in one step. Kafka's `offsets.load.buffer.size` is the same by default.
const READ_SIZE: usize = 5 * 1024 * 1024;

/// A shard whose log is being read.
pub(super) struct Loading<M: Machine> {
    shard: Arc<Shard<M>>,
    hard: M,
    soft: M::Soft,
    next: Offset,
    decompressor: Decompressor,
    record_count: usize,
    unknown_count: usize,
    unreadable_count: usize,
    damaged_count: usize,
    said_count: usize,
}

/// Lines about single records and batches in one load; the last line has the counts of all.
const LINE_COUNT_MAX: usize = 10;

impl<M: Machine> Loading<M> {
    pub(super) fn new(shard: Arc<Shard<M>>) -> Self {
        Self {
            hard: M::default(),
            soft: shard.new_soft(),
            next: shard.log().log_start(),
            shard,
            decompressor: Decompressor::new(),
            record_count: 0,
            unknown_count: 0,
            unreadable_count: 0,
            damaged_count: 0,
            said_count: 0,
        }
    }

    pub(super) fn shard(&self) -> &Arc<Shard<M>> {
        &self.shard
    }

    /// Reads the next part of the log; whether that was the end.
    pub(super) fn step(&mut self) -> Result<bool, LogUnreadable> {
        let bytes = match self.shard.log().read(self.next, READ_SIZE) {
            Ok(bytes) => bytes,
            Err(error) if M::STEPS_OVER_DAMAGE => return self.step_over(error).map(|()| false),
            Err(error) => return Err(error),
        };
        if bytes.is_empty() {
            self.say();
            return Ok(true);
        }
        let before = self.next;
        for batch in Batches::new(&bytes) {
            match batch {
                Ok(batch) => self.take_batch(&batch)?,
                // The read was cut at its size within a batch: the next one begins with it.
                Err(stop) if stop.is_torn() && self.next > before => break,
                Err(stop) => return Err(LogUnreadable(stop.to_string())),
            }
        }
        if self.next == before {
            return Err(LogUnreadable(format!("no batch ends after offset {before}")));
        }
        Ok(false)
    }

    /// What an earlier process wrote is checked when it is read, and what is damaged of it is not given out: goes on with what is
    /// whole behind it.
    fn step_over(&mut self, error: LogUnreadable) -> Result<(), LogUnreadable> {
        let before = self.next;
        let Some(whole) = self.shard.log().past_damage(before, READ_SIZE)? else {
            return Err(error);
        };
        for batch in Batches::new(&whole.bytes) {
            let batch = batch.map_err(|stop| LogUnreadable(stop.to_string()))?;
            self.leave_out(batch.header().base_offset(), &error);
            self.take_batch(&batch)?;
        }
        self.leave_out(whole.next, &error);
        if self.next == before { Err(error) } else { Ok(()) }
    }

    /// Nothing up to `end` can be read of what was not read yet.
    fn leave_out(&mut self, end: Offset, error: &LogUnreadable) {
        if end <= self.next {
            return;
        }
        self.damaged_count += 1;
        if self.may_say() {
            let (partition, first, next) = (self.shard.partition(), self.next, end);
            tracing::error!(%partition, %first, %next, %error, "step over damaged {} batches", M::KIND);
        }
        self.next = end;
    }

    /// Replays a batch, or steps over it where that is allowed.
    fn take_batch(&mut self, batch: &BatchView<'_>) -> Result<(), LogUnreadable> {
        let checked = batch.check_crc().map_err(|error| LogUnreadable(error.to_string()));
        let error = match checked.and_then(|()| self.replay_batch(batch)) {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        // The length of a batch is outside of its checksum: beyond the log's end it is no length.
        let (first, next) = (batch.header().base_offset(), batch.header().next_offset());
        let is_plausible = next > self.next && next <= self.shard.log().high_watermark();
        if !M::STEPS_OVER_DAMAGE || !is_plausible {
            return Err(error);
        }
        self.next = first.max(self.next);
        self.leave_out(next, &error);
        Ok(())
    }

    /// A log full of damage must not fill the log lines.
    fn may_say(&mut self) -> bool {
        self.said_count += 1;
        self.said_count <= LINE_COUNT_MAX
    }

    fn replay_batch(&mut self, batch: &BatchView<'_>) -> Result<(), LogUnreadable> {
        let header = batch.header();
        let attributes = header.attributes();
        let producer = header.producer().map(|stamp| stamp.id);
        let transactional = producer.filter(|_| attributes.is_transactional());
        let mut decompressor = std::mem::take(&mut self.decompressor);
        let records = batch.records(&mut decompressor, DECOMPRESSED_SIZE_MAX);
        for record in records.map_err(|error| LogUnreadable(error.to_string()))? {
            let record = record.map_err(|error| LogUnreadable(error.to_string()))?;
            if record.offset < self.next {
                continue;
            }
            self.record_count += 1;
            if attributes.is_control() {
                self.replay_control(&record, producer);
            } else {
                self.replay_record(&record, transactional);
            }
        }
        self.next = header.next_offset();
        self.decompressor = decompressor;
        Ok(())
    }

    fn replay_record(&mut self, record: &RecordView<'_>, producer: Option<ProducerId>) {
        let Some(key) = record.key.map(Bytes::copy_from_slice) else {
            return self.skip(record.offset, "it has no key");
        };
        let value = record.value.map(Bytes::copy_from_slice);
        match M::decode(&key, value.as_ref(), producer) {
            Ok(Some(decoded)) => self.hard.replay(record.offset, &decoded),
            Ok(None) => self.unknown_count += 1,
            Err(error) => self.skip(record.offset, &error),
        }
    }

    /// It stays in the log, and nothing is made of it. The first ones are named, all are counted.
    fn skip(&mut self, offset: Offset, error: &str) {
        self.unreadable_count += 1;
        if self.may_say() {
            let partition = self.shard.partition();
            tracing::warn!(%partition, %offset, error, "skip unreadable {} record", M::KIND);
        }
    }

    fn replay_control(&mut self, record: &RecordView<'_>, producer: Option<ProducerId>) {
        let is_end = matches!(
            ControlType::parse_key(record.key),
            Ok(ControlType::Commit | ControlType::Abort)
        );
        let Some(producer) = producer.filter(|_| is_end) else { return };
        match EndTransactionMarker::parse(record) {
            Ok(marker) => {
                if let Some(ended) = M::transaction_ended(producer, marker.committed) {
                    self.hard.replay(record.offset, &ended);
                }
            }
            Err(error) => self.skip(record.offset, &error.to_string()),
        }
    }

    fn say(&self) {
        self.shard.set_damaged_count(self.damaged_count);
        let partition = self.shard.partition();
        let Self { record_count, unknown_count, unreadable_count, damaged_count, .. } = self;
        if *record_count > 0 {
            tracing::info!(%partition, record_count, "loaded {} shard", M::KIND);
        }
        if *unknown_count > 0 {
            tracing::info!(%partition, unknown_count, "records of unknown types stay in the log");
        }
        if *unreadable_count > 0 {
            tracing::warn!(%partition, unreadable_count, "unreadable {} records stay in the log", M::KIND);
        }
        if *damaged_count > 0 {
            tracing::error!(%partition, damaged_count, "places with damaged {} batches stay in the log", M::KIND);
        }
    }

    pub(super) fn into_parts(self) -> (M, M::Soft) {
        (self.hard, self.soft)
    }
}
