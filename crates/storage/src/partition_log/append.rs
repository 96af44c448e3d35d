use std::sync::Arc;
use std::sync::atomic::Ordering;

use io::arena::ArenaSlice;
use model::{LeaderEpoch, Offset, PartitionId, Timestamp};
use replica::{EndedTransaction, Outcome, ProducerStates};

use super::PartitionLog;
use crate::bytes::to_u32;
use crate::checkpoint::encode_producer_snapshot;
use crate::config::Durability;
use crate::error::{Result, StorageError};
use crate::frame::{Action, BatchFrame};
use crate::index::AbortedTransaction;
use crate::lane::{LaneSequence, Short};
use crate::log_dir::LogDir;
use crate::partition_files::PartitionFiles;
use crate::planted::PlantedBug;
use crate::segment::{Placed, Segment};
use crate::tail::TailEntry;

/// A batch that was checked and patched: base offset and leader epoch stand in its bytes.
#[derive(Clone, Debug)]
pub struct AppendBatch {
    pub bytes: ArenaSlice,
    pub leader_epoch: LeaderEpoch,
    pub base: Offset,
    /// Offset of its last record.
    pub last_offset: Offset,
    pub max_timestamp: Option<Timestamp>,
}

impl AppendBatch {
    /// Reads the facts from the batch's own header.
    pub fn parse(bytes: ArenaSlice) -> std::result::Result<Self, record::BatchError> {
        let view = record::BatchView::parse(&bytes)?;
        let header = *view.header();
        Ok(Self {
            leader_epoch: header.leader_epoch().unwrap_or(LeaderEpoch::ZERO),
            base: header.base_offset(),
            last_offset: header.last_offset(),
            max_timestamp: header.max_timestamp(),
            bytes,
        })
    }

    fn placed(&self) -> Placed {
        Placed {
            last_offset: self.last_offset,
            size: to_u32(self.bytes.len()),
            max_timestamp: self.max_timestamp,
        }
    }
}

/// What an append came to.
#[derive(Debug)]
#[must_use]
pub enum Appended {
    /// Durable once the lane's durable sequence has come to this one. If the lane has no committer thread, somebody
    /// must commit.
    InLane(LaneSequence),
    /// Durability `os`: written when the file is. With a [`DirectWrite`], the caller must run it after leaving the
    /// partition's lock; without, somebody else is about to.
    Direct(Option<DirectWrite>),
}

/// Writes what is queued for one partition's files, until nothing is.
#[derive(Clone)]
#[must_use]
pub struct DirectWrite {
    files: Arc<PartitionFiles>,
    dir: Arc<LogDir>,
}

impl DirectWrite {
    pub(super) fn new(files: &Arc<PartitionFiles>, dir: &Arc<LogDir>) -> Self {
        Self { files: Arc::clone(files), dir: Arc::clone(dir) }
    }

    /// Gives the end of the log in its files: step it into the replica as its durable end. A full disk keeps what is
    /// queued for the next try; any other error takes the directory offline. Blocks.
    pub fn run(&self) -> Result<Option<Offset>> {
        let direct = self.files.direct();
        let result = direct.write_queued();
        self.dir.direct_written(&self.files);
        if let Err(error) = &result {
            self.note_failure(error);
        }
        result
    }

    /// Whose log it is.
    pub fn partition(&self) -> PartitionId {
        self.files.id
    }

    /// Takes the write up again that a full disk stopped; `None` when somebody else is at it.
    pub(crate) fn again(files: &Arc<PartitionFiles>, dir: &Arc<LogDir>) -> Option<Self> {
        files.direct().claim().then(|| Self::new(files, dir))
    }

    fn note_failure(&self, error: &StorageError) {
        if error.is_full() {
            self.dir.wants_room(&self.files);
        }
        self.dir.lane().note_failure(Short::Direct, error);
    }

    /// As [`Self::run`], then syncs: what the metadata log does. Blocks.
    pub fn run_and_sync(&self) -> Result<Option<Offset>> {
        let end = self.run()?;
        let synced = self.files.sync_direct_writes();
        if let Err(error) = &synced {
            self.note_failure(error);
        }
        synced.map(|()| end)
    }
}

impl std::fmt::Debug for DirectWrite {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "DirectWrite({})", self.files.name)
    }
}

impl PartitionLog {
    /// Rolls the active segment if a batch of `size` bytes that ends at `last_offset` would not go into it. Call it
    /// before the batch is stepped into the replica: `producers` must be as the log's end is now, since Kafka's
    /// snapshot of them is written at the roll. Appending rolls by itself too, then without snapshot.
    pub fn roll_for(
        &mut self,
        size: usize,
        last_offset: Offset,
        max_timestamp: Option<Timestamp>,
        wall: Timestamp,
        producers: &ProducerStates,
    ) {
        let batch = Placed { last_offset, size: to_u32(size), max_timestamp };
        // An empty one is rolled already: a second one at its place would share its files, and the deletion of the first
        // would take them.
        let must =
            |active: &Segment| active.size > 0 && active.must_roll(&batch, wall, &self.config);
        if self.segments.last().is_some_and(must) {
            self.roll_at(self.log_end, wall, Some(producers));
        }
    }

    /// Begins a new segment at the log's end, if the active one is not empty.
    pub fn roll(&mut self, wall: Timestamp, producers: &ProducerStates) -> Option<DirectWrite> {
        if self.segments.last().is_some_and(|active| active.size > 0) {
            self.roll_at(self.log_end, wall, Some(producers));
        }
        let direct = self.direct && self.files.direct().claim();
        direct.then(|| DirectWrite::new(&self.files, &self.dir))
    }

    pub(super) fn roll_at_end(&mut self, wall: Timestamp, producers: &ProducerStates) {
        self.roll_at(self.log_end, wall, Some(producers));
    }

    fn roll_at(&mut self, base: Offset, wall: Timestamp, producers: Option<&ProducerStates>) {
        if let Some(active) = self.segments.last_mut() {
            let time = active.time_entry();
            let snapshot = producers
                .filter(|producers| producers.end() == base)
                .map(|producers| encode_producer_snapshot(producers.snapshot()));
            self.changes += 1;
            active.sealed = self.changes;
            let segment = active.base;
            let action = Action::Seal { segment, time, next: base, snapshot };
            if self.direct {
                self.queue_direct(action);
            } else {
                self.dir.lane().push(&self.files, action);
            }
        }
        self.segments.push(Segment::new(base, wall));
    }

    /// A copy of a batch that is appended next, in memory from which it is drained without another copy; `None` when it
    /// should stay where it is. Call it right before [`Self::append`], and append the copy.
    pub fn gather(&self, batch: &[u8]) -> Option<ArenaSlice> {
        if self.direct || self.config.durability == Durability::Os {
            return None;
        }
        let active = self.segments.last()?;
        let place = (active.base, active.size);
        self.dir.lane().gather(&self.files, self.dir.arena(), place, batch)
    }

    /// Appends a batch at the log's end: decides segment and position, remembers it in the tail, queues it for the
    /// disk. The batch must begin at or after the log's end. Allocates nothing in steady state.
    pub fn append(&mut self, batch: AppendBatch, wall: Timestamp) -> Appended {
        assert!(batch.base >= self.log_end, "offsets grow");
        assert!(batch.last_offset >= batch.base, "a batch takes at least one offset");
        self.choose_path();
        let placed = batch.placed();
        self.begin_segment_for(&placed, batch.base, wall);
        let Some(active) = self.segments.last_mut() else {
            unreachable!("a segment was made in the lines above")
        };
        let segment = active.base;
        let (position, mut entries) = active.append(&placed, &self.config);
        if self.dir.lane().has_planted(PlantedBug::IndexOffByOneBatch)
            && let Some((_, entry)) = &mut entries.offset
        {
            entry.position += placed.size;
        }
        let timed = entries.time.and(active.latest);
        let end = batch.last_offset.plus(1).unwrap_or(Offset::MAX);
        let entry = TailEntry {
            base: batch.base,
            end,
            position,
            place: batch.bytes.place(),
            max_timestamp: batch.max_timestamp,
            indexed: entries.offset.is_some(),
            timed,
        };
        self.tail.push(entry, self.dir.arena());
        self.log_end = end;
        let frame = BatchFrame {
            leader_epoch: batch.leader_epoch,
            base: batch.base,
            end,
            segment,
            position,
            bytes: batch.bytes,
            entries,
            in_segment: false,
            written: 0,
        };
        if self.direct {
            Appended::Direct(self.push_direct(Action::Batch(frame)))
        } else {
            Appended::InLane(self.dir.lane().push(&self.files, Action::Batch(frame)))
        }
    }

    /// Makes sure that the active segment takes the batch.
    fn begin_segment_for(&mut self, batch: &Placed, base: Offset, wall: Timestamp) {
        // The first segment begins where the log does, even if its first offsets are gone.
        let mut first = Segment::new(self.log_start, wall);
        if first.relative(batch.last_offset).is_none() {
            first = Segment::new(base, wall);
        }
        match self.segments.last() {
            None => self.segments.push(first),
            Some(active) if active.size > 0 => {
                if active.must_roll(batch, wall, &self.config) {
                    self.roll_at(base.max(self.log_end), wall, None);
                }
            }
            Some(active) if active.relative(batch.last_offset).is_none() => {
                self.segments.pop();
                self.segments.push(Segment::new(base, wall));
            }
            Some(_) => {}
        }
    }

    /// Where this append goes, after a change of the topic's durability.
    fn choose_path(&mut self) {
        let wanted = self.config.durability == Durability::Os;
        if wanted == self.direct {
            return;
        }
        if wanted {
            let newest = LaneSequence::new(self.files.marks.last_sequence.load(Ordering::Acquire));
            self.direct = self.dir.lane().is_checkpointed(newest);
        } else {
            self.direct = false;
            self.dir.lane().push(&self.files, Action::SyncFirst);
        }
    }

    /// Notes a transaction that a marker has ended: an aborted one goes to the transaction index. Call it after the
    /// marker's append.
    pub fn transaction_ended(&mut self, ended: &EndedTransaction) -> Option<DirectWrite> {
        let forgets = self.dir.lane().has_planted(PlantedBug::ForgetAborted);
        if ended.outcome != Outcome::Abort || forgets {
            return None;
        }
        let entry = AbortedTransaction {
            producer: ended.producer,
            first: ended.first,
            last: ended.last,
            last_stable: ended.last_stable,
        };
        let segment = self.segments.get(self.segment_index(ended.last))?.base;
        let ordinal = self.aborted_count;
        self.aborted_count += 1;
        let drained = self.files.aborted_drained.load(Ordering::Acquire);
        while self.aborted.pop_front_if(|(ordinal, _)| *ordinal < drained).is_some() {}
        self.aborted.push_back((ordinal, entry));
        self.push_structural(Action::Aborted { segment, entry, ordinal })
    }
}
