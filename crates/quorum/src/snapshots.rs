use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use io::Disk;
use metadata::{Image, METADATA_VERSION};
use model::{Instant, Offset, Timestamp};
use raft::{SnapshotId, VoterSet};

use crate::error::{Doing, QuorumError, Result};
use crate::metadata_log::MetadataLog;
use crate::options::{MetadataLogOptions, QuorumOptions};
use crate::snapshot_file::{self, SnapshotHead};

/// When snapshots are taken and what they make superfluous. Written by a thread of their own, from an image that
/// shares everything with the live one: the quorum goes on meanwhile.
pub(crate) struct Snapshots {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    limits: MetadataLogOptions,
    kraft_version: i16,
    voters: VoterSet,
    /// Bytes of log since the last snapshot.
    bytes: u64,
    last_at: Instant,
    /// What is committed, and would be in a snapshot now.
    committed: Option<SnapshotId>,
    taken: Option<SnapshotId>,
    log_start: Offset,
    running: Option<(SnapshotId, JoinHandle<Result<()>>)>,
}

impl Snapshots {
    pub(crate) fn new(
        dir: PathBuf,
        options: &QuorumOptions,
        kraft_version: i16,
        log_start: Offset,
        now: Instant,
    ) -> Self {
        Self {
            disk: Arc::clone(&options.disk),
            dir,
            limits: options.log,
            kraft_version,
            voters: VoterSet::default(),
            bytes: 0,
            last_at: now,
            committed: None,
            taken: None,
            log_start,
            running: None,
        }
    }

    /// Which of the quorum's own rules hold.
    pub(crate) const fn kraft_version(&self) -> i16 {
        self.kraft_version
    }

    /// Notes the voters that stand in each snapshot.
    pub(crate) fn set_voters(&mut self, voters: VoterSet) {
        self.voters = voters;
    }

    /// Notes bytes that the log grew by.
    pub(crate) const fn wrote(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Notes how far the log is committed.
    pub(crate) const fn committed(&mut self, at: SnapshotId) {
        self.committed = Some(at);
    }

    /// When to poll again, if nothing else happens.
    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        if self.running.is_some() {
            return Some(self.last_at.plus(Duration::from_millis(100)));
        }
        let interval = self.limits.snapshot_interval.filter(|_| self.bytes > 0)?;
        Some(self.last_at.plus(interval))
    }

    /// Starts a snapshot that is due, or takes notice of one that is done: answers it and where the log begins now.
    pub(crate) fn poll(
        &mut self,
        now: Instant,
        image: &Image,
        newest: Timestamp,
        log: &mut MetadataLog,
    ) -> Result<Option<(SnapshotId, Offset)>> {
        if let Some((id, running)) = self.running.take() {
            if !running.is_finished() {
                self.last_at = now;
                self.running = Some((id, running));
                return Ok(None);
            }
            join(running)?;
            self.taken = Some(id);
            self.clean(id, log)?;
            return Ok(Some((id, self.log_start)));
        }
        let due_by_time = self.next_timeout().is_some_and(|at| now >= at);
        let due = self.bytes >= self.limits.bytes_between_snapshots || due_by_time;
        let Some(id) = self.committed.filter(|id| due && Some(*id) != self.taken) else {
            return Ok(None);
        };
        if image.is_in_transaction() || image.end() != id.end {
            return Ok(None);
        }
        let head = SnapshotHead {
            id,
            kraft_version: self.kraft_version,
            voters: self.voters.clone(),
            newest,
            metadata_version: image.feature(METADATA_VERSION),
        };
        (self.bytes, self.last_at) = (0, now);
        // The log continues in a new segment, so that all before it can go at once.
        log.roll(id.end)?;
        let (disk, dir, image) = (Arc::clone(&self.disk), self.dir.clone(), image.clone());
        let write = move || snapshot_file::write(disk.as_ref(), &dir, &head, image.to_records());
        let thread = std::thread::Builder::new().name("metadata-snapshot".to_owned());
        self.running = Some((id, thread.spawn(write).map_err(QuorumError::Thread)?));
        Ok(None)
    }

    /// Drops older snapshots and, beyond the size limit, the log that the newest one holds.
    fn clean(&mut self, newest: SnapshotId, log: &mut MetadataLog) -> Result<()> {
        let is_over = self.limits.retention_bytes.is_some_and(|max| log.size() > max);
        if is_over {
            self.log_start = log.remove_below(newest.end)?;
        }
        let mut ids = snapshot_file::list(self.disk.as_ref(), &self.dir)?;
        ids.retain(|id| *id < newest);
        for id in ids {
            remove(self.disk.as_ref(), &snapshot_file::path_of(&self.dir, id))?;
        }
        Ok(())
    }

    /// Waits for a snapshot that is being written.
    pub(crate) fn stop(&mut self) -> Result<()> {
        self.running.take().map_or(Ok(()), |(_, running)| join(running))
    }
}

fn join(thread: JoinHandle<Result<()>>) -> Result<()> {
    thread.join().map_err(|_| QuorumError::Log("the snapshot's thread broke".to_owned()))?
}

fn remove(disk: &dyn Disk, path: &Path) -> Result<()> {
    disk.remove_file(path).doing("remove", path)
}
