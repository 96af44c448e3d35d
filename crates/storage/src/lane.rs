//! The write-ahead log of one log directory: group commit, drain, trim.
//!
//! Partitions push frames under their own lock. The committer takes what queued as one group ([`Lane::next_group`]),
//! writes it outside of all locks ([`WriteJob::run`]) and tells how it went ([`Lane::group_written`]); then all that
//! was in it is durable. Group n+1 is taken only after n was told, so at most the last group of a log can be torn.
//! Durable frames wait for the drain, which carries them out on the segments ([`Lane::drain_step`]); a checkpoint
//! syncs those and lets the log's oldest files be used again.

mod bulk;
pub(crate) mod codec;
mod drain;
mod group_bytes;
mod held_chunks;
mod job;
mod open_group;
mod page_run;
mod room;
pub(crate) mod wal_file;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use model::{Offset, PartitionId};
use parking_lot::Mutex;

use self::codec::Salt;
pub use self::drain::{DrainGoal, Drained, Prepared};
use self::held_chunks::HeldChunks;
use self::job::Committer;
pub use self::job::WriteJob;
use self::open_group::OpenGroup;
pub(crate) use self::page_run::PageRun;
use self::room::Room;
pub(crate) use self::room::Short;
use self::wal_file::{FullFiles, WalFile, WalFiles};
use crate::config::LaneConfig;
use crate::dirty::Dirty;
use crate::error::{Result, StorageError};
use crate::frame::{Action, Frame};
use crate::partition_files::PartitionFiles;
use crate::past_cache::PastCache;
use crate::place::Place;
use crate::planted::PlantedBug;

/// Place of a frame in its lane. Durable is a prefix: when a sequence is durable, all smaller ones are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaneSequence(u64);

impl LaneSequence {
    pub(crate) const fn new(raw: u64) -> Self {
        Self(raw)
    }

    pub const fn get(self) -> u64 {
        self.0
    }
}

/// A partition's log is durable up to `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DurableEnd {
    pub partition: PartitionId,
    pub end: Offset,
}

/// Why a lane takes no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneState {
    Running,
    /// The disk is full. Reads go on; appends are refused until what found no room has found it.
    Full,
    /// The directory failed and stays so until the next start.
    Failed,
}

pub struct Lane {
    place: Arc<Place>,
    config: LaneConfig,
    /// Newest durable sequence.
    durable: AtomicU64,
    /// All sequences before this one are covered by a checkpoint.
    checkpointed: AtomicU64,
    failed: Arc<AtomicBool>,
    room: Room,
    /// Count of the partitions that have a [`PageRun`].
    open_runs: Arc<AtomicUsize>,
    inner: Mutex<Inner>,
}

struct Inner {
    queue: VecDeque<Frame>,
    open: OpenGroup,
    queued_size: u64,
    next_sequence: u64,
    /// `None` while a group is being written.
    committer: Option<Box<Committer>>,
    /// Frames of a group that found the disk full, to be written again as the same group.
    retry: Option<Vec<Frame>>,
    /// Durable frames that the segments do not have yet.
    undrained: VecDeque<Frame>,
    undrained_size: u64,
    held: HeldChunks,
    draining: bool,
    /// Away while somebody drains.
    past_cache: Option<Box<PastCache>>,
    /// Frames up to here have been carried out on the segments.
    drained: u64,
    /// The newest that has; on a full disk earlier ones may still wait.
    newest_done: u64,
    dirty: Dirty,
    unsynced_size: u64,
    doomed_dirs: Vec<std::path::PathBuf>,
    /// The groups that replay would need, oldest first.
    groups: VecDeque<Group>,
    next_group: u64,
    /// Bytes of groups since the last trim: what a replay would read.
    wal_size: u64,
    /// Each once: it notes the period in which it came here.
    touched: Vec<Arc<PartitionFiles>>,
    /// Grows with every checkpoint that is begun.
    period: u64,
    /// Memory that is used again.
    spare_frames: Vec<Vec<Frame>>,
    /// For the committer, while it is away with a job.
    late_spares: Vec<WalFile>,
    /// Spare files that the committer took along.
    spare_count_away: usize,
    full: FullFiles,
    /// A spare file found no room, and a checkpoint would free some that are full.
    owes_trim: bool,
    oldest_needed: u64,
}

#[derive(Clone, Copy, Debug)]
struct Group {
    number: u64,
    newest_sequence: u64,
    size: u64,
}

impl Lane {
    pub(crate) fn new(place: Arc<Place>, config: LaneConfig, start: LaneStart) -> Self {
        let files = WalFiles::new(start.next_file);
        let committer = Committer::new(files, start.next_group, start.salt, &config);
        let inner = Inner {
            queue: VecDeque::new(),
            open: OpenGroup::new(start.salt, start.next_group),
            queued_size: 0,
            next_sequence: start.next_sequence,
            committer: Some(Box::new(committer)),
            retry: None,
            undrained: VecDeque::new(),
            undrained_size: 0,
            held: HeldChunks::default(),
            draining: false,
            past_cache: None,
            drained: start.next_sequence - 1,
            newest_done: start.next_sequence - 1,
            dirty: Dirty::default(),
            unsynced_size: 0,
            doomed_dirs: Vec::new(),
            groups: VecDeque::new(),
            next_group: start.next_group,
            wal_size: 0,
            touched: Vec::new(),
            period: 1,
            spare_frames: Vec::new(),
            late_spares: Vec::new(),
            spare_count_away: 0,
            full: FullFiles::default(),
            owes_trim: false,
            oldest_needed: start.next_group,
        };
        Self {
            place,
            config,
            durable: AtomicU64::new(start.next_sequence - 1),
            checkpointed: AtomicU64::new(start.next_sequence),
            failed: Arc::new(AtomicBool::new(false)),
            room: Room::default(),
            open_runs: Arc::default(),
            inner: Mutex::new(inner),
        }
    }

    /// Everything up to this sequence is durable.
    pub fn durable(&self) -> LaneSequence {
        LaneSequence(self.durable.load(Ordering::Acquire))
    }

    /// The newest sequence that was given out.
    pub fn newest_sequence(&self) -> LaneSequence {
        LaneSequence(self.inner.lock().next_sequence - 1)
    }

    pub fn state(&self) -> LaneState {
        if self.failed.load(Ordering::Acquire) {
            LaneState::Failed
        } else if self.room.is_short() {
            LaneState::Full
        } else {
            LaneState::Running
        }
    }

    /// Types of the frames that were written to the log, as bits.
    #[cfg(test)]
    pub(crate) fn frame_types(&self) -> u16 {
        self.inner.lock().committer.as_ref().map_or(0, |committer| committer.types)
    }

    /// Whether the group that is to be written next has found no room before.
    pub fn is_stuck(&self) -> bool {
        self.room.lacked(Short::Group)
    }

    /// Takes the lane offline for good: nothing more becomes durable.
    pub(crate) fn fail(&self) {
        self.failed.store(true, Ordering::Release);
    }

    /// Whether something waits to be committed.
    pub fn has_queued(&self) -> bool {
        let inner = self.inner.lock();
        !inner.queue.is_empty() || inner.retry.is_some()
    }

    /// Whether produce should not be read for a moment: too much waits for the drain or a checkpoint, or the lane
    /// does not run.
    pub fn must_pause(&self) -> bool {
        if self.state() != LaneState::Running {
            return true;
        }
        let inner = self.inner.lock();
        inner.queued_size + inner.undrained_size >= self.config.undrained_size_max
            || inner.replay_size() >= self.config.unsynced_size_max
    }

    pub(crate) fn has_planted(&self, bug: PlantedBug) -> bool {
        self.config.planted.has(bug)
    }

    /// Whether a replay would skip this frame.
    pub(crate) fn is_checkpointed(&self, sequence: LaneSequence) -> bool {
        sequence.0 < self.checkpointed.load(Ordering::Acquire)
    }

    pub(crate) fn push(&self, files: &Arc<PartitionFiles>, action: Action) -> LaneSequence {
        let mut inner = self.inner.lock();
        let sequence = inner.next_sequence;
        inner.next_sequence += 1;
        inner.touch(files);
        files.marks.last_sequence.store(sequence, Ordering::Release);
        let frame = Frame { sequence, files: Arc::clone(files), action };
        frame.count_if_structural();
        inner.queued_size += frame.size();
        inner.open.push(&frame, &self.config);
        inner.queue.push_back(frame);
        LaneSequence(sequence)
    }

    /// Notes a partition that was written to past the write-ahead log, for the next checkpoint.
    pub(crate) fn touch(&self, files: &Arc<PartitionFiles>) {
        let mut inner = self.inner.lock();
        inner.touch(files);
    }

    /// What queued since the last group, to be written; `None` when nothing did, or a group is being written.
    pub fn next_group(&self) -> Option<WriteJob> {
        if self.state() == LaneState::Failed {
            return None;
        }
        let mut inner = self.inner.lock();
        if inner.queue.is_empty() && inner.retry.is_none() {
            return None;
        }
        let mut committer = inner.committer.take()?;
        inner.spare_count_away = committer.files.spare_count();
        let (frames, is_encoded) = match inner.retry.take() {
            Some(frames) => (frames, false),
            None => inner.take_group(&mut committer, self.config.group_size_max),
        };
        drop(inner);
        if self.has_planted(PlantedBug::AckBeforeCommit) {
            self.publish(&frames);
        }
        let place = Arc::clone(&self.place);
        let (config, failed) = (self.config, Arc::clone(&self.failed));
        Some(WriteJob {
            place,
            config,
            failed,
            committer,
            frames,
            wal_size: 0,
            segments_are_full: false,
            is_encoded,
        })
    }

    /// Takes a job back, with what [`WriteJob::run`] said. On success appends to `ends` how far each partition of
    /// the group is durable now, oldest first (one partition may come several times), and gives the lane's durable
    /// sequence. On a full disk the group is kept and comes again from [`Self::next_group`]; any other error takes
    /// the directory offline.
    pub fn group_written(
        &self,
        job: WriteJob,
        result: Result<()>,
        ends: &mut Vec<DurableEnd>,
    ) -> Result<LaneSequence> {
        let WriteJob { mut committer, mut frames, wal_size, segments_are_full, .. } = job;
        if segments_are_full {
            self.room.lacks(Short::Segments);
        }
        let mut inner = self.inner.lock();
        if let Err(error) = result {
            committer.forget_names(&frames);
            inner.take_back(committer);
            if error.is_full() {
                self.room.lacks(Short::Group);
                inner.retry = Some(frames);
            } else {
                self.fail();
            }
            return Err(error);
        }
        self.room.has(Short::Group);
        if wal_size > 0 {
            let group = committer.next_group;
            committer.next_group += 1;
            if let Some(file) = committer.files.active() {
                file.advance(wal_size, group);
            }
            let newest_sequence = frames.last().map_or(0, |frame| frame.sequence);
            inner.groups.push_back(Group { number: group, newest_sequence, size: wal_size });
            inner.next_group = committer.next_group;
            inner.wal_size += wal_size;
        }
        committer.trim_memory(2 * self.config.group_size_max);
        inner.take_back(committer);
        self.publish(&frames);
        for frame in frames.drain(..) {
            ends.extend(durable_end(&frame));
            let size = frame.size();
            inner.queued_size -= size;
            inner.undrained_size += size;
            inner.held.note(&frame);
            inner.undrained.push_back(frame);
        }
        inner.keep_spare(frames);
        Ok(self.durable())
    }

    fn publish(&self, frames: &[Frame]) {
        if let Some(newest) = frames.last() {
            self.durable.fetch_max(newest.sequence, Ordering::AcqRel);
        }
    }

    /// Commits what is queued, here and now; gives the durable sequence. `None` when another thread is writing a
    /// group, or nothing is queued. For shells without a committer thread, and for stopping.
    pub fn commit(&self, ends: &mut Vec<DurableEnd>) -> Result<Option<LaneSequence>> {
        let Some(mut job) = self.next_group() else { return Ok(None) };
        let result = job.run();
        self.group_written(job, result, ends).map(Some)
    }
}

/// Where a lane begins, as recovery found it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LaneStart {
    pub(crate) next_sequence: u64,
    pub(crate) next_group: u64,
    pub(crate) next_file: u64,
    pub(crate) salt: Salt,
}

impl Inner {
    fn touch(&mut self, files: &Arc<PartitionFiles>) {
        if files.marks.touched_in.swap(self.period, Ordering::AcqRel) != self.period {
            self.touched.push(Arc::clone(files));
        }
    }

    /// What a replay after a crash would have to do, in bytes: read the log, or write what is not synced.
    fn replay_size(&self) -> u64 {
        self.wal_size.max(self.unsynced_size)
    }

    /// The frames of the next group, and whether the committer's bytes hold them already.
    fn take_group(&mut self, committer: &mut Committer, size_max: usize) -> (Vec<Frame>, bool) {
        let mut frames = self.spare_frames.pop().unwrap_or_default();
        let mut size = 0;
        while let Some(frame) = self.queue.front() {
            size += frame.size();
            if !frames.is_empty() && size > size_max as u64 {
                break;
            }
            frames.extend(self.queue.pop_front());
        }
        let (bytes, oldest_needed) = (&mut committer.bytes, committer.oldest_needed);
        let is_encoded = self.open.take(bytes, self.queue.is_empty(), oldest_needed);
        (frames, is_encoded)
    }

    fn take_back(&mut self, mut committer: Box<Committer>) {
        self.late_spares.drain(..).for_each(|file| committer.files.add_spare(file));
        self.full.extend(committer.files.take_full());
        committer.oldest_needed = self.oldest_needed;
        self.committer = Some(committer);
    }

    fn keep_spare(&mut self, frames: Vec<Frame>) {
        // Two are in use at a time, by the committer and the drain.
        if self.spare_frames.len() < 2 {
            self.spare_frames.push(frames);
        }
    }
}

fn durable_end(frame: &Frame) -> Option<DurableEnd> {
    match &frame.action {
        Action::Batch(batch) => Some(DurableEnd { partition: frame.files.id, end: batch.end }),
        _ => None,
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Lane({}, {:?})", self.place.path.display(), self.state())
    }
}

impl Lane {
    pub(crate) fn check_running(&self) -> Result<()> {
        match self.state() {
            LaneState::Failed => Err(StorageError::Offline),
            LaneState::Running | LaneState::Full => Ok(()),
        }
    }
}
