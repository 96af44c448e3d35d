use std::sync::OnceLock;

use bytes::Bytes;
use model::{LeaderEpoch, Offset, PartitionIndex, ProducerEpoch, ProducerId};
use parking_lot::Mutex;
use record::{Batches, Codec, patch_base_offset_and_epoch};
use replica::{Guard, Origin};

use storage::LogDir;

use super::{AppendRefused, CoordinatorLog, GroupCoordinator, LogUnreadable, Urgency};

/// A log in memory, for tests: it can refuse writes, and its high watermark moves by hand.
pub(super) struct MemoryLog {
    state: Mutex<State>,
    /// Told of each append, if appends are committed at once.
    listener: OnceLock<GroupCoordinator>,
}

struct State {
    bytes: Vec<u8>,
    end: i64,
    high_watermark: i64,
    refusal: Option<AppendRefused>,
    unreadable: bool,
    read_count: usize,
    goes_before: bool,
    unurgent_count: usize,
    batch_size_max: usize,
}

impl MemoryLog {
    pub(super) fn new() -> Self {
        let state = State {
            bytes: Vec::new(),
            end: 0,
            high_watermark: 0,
            refusal: None,
            unreadable: false,
            read_count: 0,
            goes_before: false,
            unurgent_count: 0,
            batch_size_max: 1_048_588,
        };
        Self { state: Mutex::new(state), listener: OnceLock::new() }
    }

    /// From now on everything is committed the moment it is appended.
    pub(super) fn commit_at_once(&self, coordinator: &GroupCoordinator) {
        assert!(self.listener.set(coordinator.clone()).is_ok());
    }

    pub(super) fn refuse(&self, refusal: Option<AppendRefused>) {
        self.state.lock().refusal = refusal;
    }

    pub(super) fn set_unreadable(&self, unreadable: bool) {
        self.state.lock().unreadable = unreadable;
    }

    pub(super) fn set_batch_size_max(&self, size_max: usize) {
        self.state.lock().batch_size_max = size_max;
    }

    /// Whether it shares a write-ahead log with every directory.
    pub(super) fn set_goes_before(&self, goes_before: bool) {
        self.state.lock().goes_before = goes_before;
    }

    /// Appends that somebody else sees to.
    pub(super) fn unurgent_count(&self) -> usize {
        self.state.lock().unurgent_count
    }

    /// Commits all that was appended.
    pub(super) fn commit(&self) -> Offset {
        let mut state = self.state.lock();
        state.high_watermark = state.end;
        Offset::from_wire(state.end).unwrap()
    }

    /// Flips a bit in the last byte of one batch.
    pub(super) fn damage(&self, which: usize) {
        let state = &mut *self.state.lock();
        let sizes = Batches::new(&state.bytes).map(|batch| batch.unwrap().bytes().len());
        let end: usize = sizes.take(which + 1).sum();
        state.bytes[end - 1] ^= 1;
    }

    /// How each batch is compressed.
    pub(super) fn codecs(&self) -> Vec<Option<Codec>> {
        let state = self.state.lock();
        Batches::new(&state.bytes)
            .map(|batch| batch.ok().and_then(|batch| batch.header().attributes().codec()))
            .collect()
    }

    pub(super) fn read_count(&self) -> usize {
        self.state.lock().read_count
    }

    pub(super) fn end(&self) -> i64 {
        self.state.lock().end
    }
}

impl CoordinatorLog for MemoryLog {
    fn append(
        &self,
        batch: &[u8],
        record_count: u32,
        _origin: Origin,
        urgency: Urgency,
    ) -> Result<Offset, AppendRefused> {
        let mut state = self.state.lock();
        if let Some(refusal) = state.refusal {
            return Err(refusal);
        }
        state.unurgent_count += usize::from(urgency == Urgency::WithNext);
        let base = Offset::from_wire(state.end).unwrap();
        let mut batch = batch.to_vec();
        patch_base_offset_and_epoch(&mut batch, base, LeaderEpoch::ZERO);
        state.bytes.extend(batch);
        state.end += i64::from(record_count);
        drop(state);
        if let Some(coordinator) = self.listener.get() {
            coordinator.committed(PartitionIndex::ZERO, self.commit());
        }
        Ok(base)
    }

    fn guard_for(
        &self,
        _producer: ProducerId,
        _epoch: ProducerEpoch,
    ) -> Result<Option<Guard>, AppendRefused> {
        Ok(None)
    }

    fn read(&self, from: Offset, size_max: usize) -> Result<Bytes, LogUnreadable> {
        let mut state = self.state.lock();
        state.read_count += 1;
        if state.unreadable {
            return Err(LogUnreadable("the test says so".to_owned()));
        }
        let mut start = 0;
        let mut end = 0;
        for batch in Batches::new(&state.bytes) {
            let batch = batch.map_err(|stop| LogUnreadable(stop.to_string()))?;
            let size = batch.bytes().len();
            if batch.header().next_offset() <= from {
                start += size;
                end = start;
            } else if end == start || end - start + size <= size_max {
                end += size;
            } else {
                break;
            }
        }
        Ok(Bytes::copy_from_slice(&state.bytes[start..end]))
    }

    fn log_start(&self) -> Offset {
        Offset::ZERO
    }

    fn high_watermark(&self) -> Offset {
        Offset::from_wire(self.state.lock().high_watermark).unwrap()
    }

    fn goes_before(&self, _dir: &LogDir) -> bool {
        self.state.lock().goes_before
    }

    fn batch_size_max(&self) -> usize {
        self.state.lock().batch_size_max
    }
}
