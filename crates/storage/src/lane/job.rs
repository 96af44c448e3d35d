use std::collections::HashMap;
use std::io::IoSlice;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::Offset;
use record::crc32c;

use super::bulk::{BulkRun, BulkWriter};
use super::codec::{FrameHeader, FrameType, GroupHeader, Salt};
use super::group_bytes::GroupBytes;
use super::open_group::{batch_header, plain_header};
use super::wal_file::WalFiles;
use crate::bytes::{to_u32, to_u64};
use crate::config::LaneConfig;
use crate::error::{Result, StorageError};
use crate::frame::{Action, Frame};
use crate::limits::FRAME_HEADER_SIZE;
use crate::past_cache::PastCache;
use crate::place::Place;
use crate::planted::{Planted, PlantedBug};

/// What the committer keeps from group to group; it travels with the job, so the lane's lock is never held across a
/// system call.
#[derive(Debug)]
pub(super) struct Committer {
    pub(super) files: WalFiles,
    pub(super) next_group: u64,
    pub(super) oldest_needed: u64,
    pub(super) salt: Salt,
    planted: Planted,
    pub(super) bytes: GroupBytes,
    /// Groups are to be written in one piece.
    wants_pages: bool,
    /// Bytes of the partitions that have a batch in this group, by serial number. Only looked up, never walked through: its
    /// memory stays from group to group, which a tree's does not.
    sizes: HashMap<u64, Contribution>,
    bulk: Vec<BulkRun>,
    /// One for each thread that writes such batches.
    past_caches: Vec<PastCache>,
    /// Types of frames that were written, as bits: a test of crashes must reach all.
    #[cfg(test)]
    pub(super) types: u16,
}

#[derive(Debug, Default)]
struct Contribution {
    size: u64,
    structural: bool,
    /// The run that is being gathered, for a partition that goes to its segment.
    run: Option<usize>,
}

/// Stands for batches that lie apart, among the types that were written.
#[cfg(test)]
const TYPE_APART: u16 = 1 << 8;

/// One group to be written, outside of all locks. Run it, then hand it back with [`super::Lane::group_written`],
/// whatever came out.
#[derive(Debug)]
pub struct WriteJob {
    pub(super) place: Arc<Place>,
    pub(super) config: LaneConfig,
    /// The lane's own.
    pub(super) failed: Arc<AtomicBool>,
    pub(super) committer: Box<Committer>,
    pub(super) frames: Vec<Frame>,
    /// Bytes that the group takes in the write-ahead log, padding included.
    pub(super) wal_size: u64,
    /// Batches that would have gone straight to their segments found no room there.
    pub(super) segments_are_full: bool,
    /// The committer's bytes hold the frames already, encoded as they were pushed.
    pub(super) is_encoded: bool,
}

impl Committer {
    pub(super) fn new(files: WalFiles, next_group: u64, salt: Salt, config: &LaneConfig) -> Self {
        Self {
            files,
            next_group,
            oldest_needed: next_group,
            salt,
            planted: config.planted,
            bytes: GroupBytes::default(),
            wants_pages: false,
            sizes: HashMap::new(),
            bulk: Vec::new(),
            past_caches: Vec::new(),
            #[cfg(test)]
            types: 0,
        }
    }
}

impl WriteJob {
    /// Writes the group and syncs it: on `Ok`, all that it holds is durable. Where segments have no room, all of it goes to
    /// the write-ahead log, whose files were made in advance. Blocks.
    pub fn run(&mut self) -> Result<()> {
        let done = self.write_group();
        if done.as_ref().is_err_and(|error| !error.is_full()) {
            // Before it is told: nobody may sync in the meantime what failed to be synced here.
            self.failed.store(true, Ordering::Release);
        }
        done
    }

    fn write_group(&mut self) -> Result<()> {
        if self.failed.load(Ordering::Acquire) {
            // It failed since the group was taken: a sync could now succeed for what another has lost.
            return Err(StorageError::Offline);
        }
        self.sync_first()?;
        if self.is_encoded {
            self.committer.note_type(FrameType::Batch);
            return self.write_wal();
        }
        match self.write(self.config.bulk_size_min) {
            Err(error) if error.is_full() && !self.committer.bulk.is_empty() => {
                self.segments_are_full = true;
                self.committer.forget_names(&self.frames);
                self.write(u32::MAX)
            }
            written => written,
        }
    }

    fn write(&mut self, bulk_size_min: u32) -> Result<()> {
        self.measure(bulk_size_min)?;
        self.encode(bulk_size_min);
        if self.committer.bytes.frame_count() == 0 {
            self.wal_size = 0;
            return Ok(());
        }
        self.write_bulk()?;
        self.write_wal()
    }

    /// Writes what is encoded as the next group, and syncs it.
    fn write_wal(&mut self) -> Result<()> {
        self.close_group();
        let Committer { bytes, files, wants_pages, .. } = &mut *self.committer;
        self.wal_size = to_u64(bytes.size());
        let file = files.file_for(&self.place, self.wal_size, &self.config)?;
        let written = match bytes.whole() {
            Some(whole) => file.write(&[IoSlice::new(whole)], wants_pages),
            None => file.write(&bytes.slices(), wants_pages),
        };
        bytes.release();
        written
    }

    /// A topic that comes to the write-ahead log from `os`: what it wrote before is durable first.
    fn sync_first(&self) -> Result<()> {
        for frame in &self.frames {
            if matches!(frame.action, Action::SyncFirst) {
                frame.files.sync_direct_writes()?;
            }
        }
        Ok(())
    }

    /// Which partitions bring so much that it goes straight to their segments.
    fn measure(&mut self, bulk_size_min: u32) -> Result<()> {
        let sizes = &mut self.committer.sizes;
        sizes.clear();
        for frame in &self.frames {
            let entry = sizes.entry(frame.files.serial).or_default();
            entry.size += frame.size();
            // Past a truncation that is not yet carried out, the segment is not what the positions say.
            entry.structural |=
                frame.is_structural() || frame.files.marks.structural.load(Ordering::Acquire) > 0;
        }
        for frame in &self.frames {
            if let Some(entry) = sizes.get_mut(&frame.files.serial)
                && entry.size >= u64::from(bulk_size_min)
                && !entry.structural
            {
                // Nor may it take the place of a topic whose deletion is not yet durable.
                entry.structural = frame.files.is_blocked()?;
            }
        }
        Ok(())
    }

    fn encode(&mut self, bulk_size_min: u32) {
        let committer = &mut *self.committer;
        committer.bytes.begin();
        committer.bulk.clear();
        for (index, frame) in self.frames.iter().enumerate() {
            committer.encode_frame(index, frame, (bulk_size_min, self.config.run_batch_size_min));
        }
        for run in &committer.bulk {
            committer.bytes.patch(run.at, &run.header.encode(committer.salt));
        }
    }

    fn close_group(&mut self) {
        let committer = &mut *self.committer;
        let header = GroupHeader {
            number: committer.next_group,
            oldest_needed: committer.oldest_needed,
            first_sequence: self.frames.first().map_or(0, |frame| frame.sequence),
            length: 0,
            frame_count: 0,
        };
        committer.bytes.close(header, &self.frames, committer.salt);
        #[cfg(test)]
        if committer.bytes.whole().is_none() {
            committer.types |= TYPE_APART;
        }
        if self.config.planted.has(PlantedBug::CorruptWal) && committer.next_group % 8 == 3 {
            committer.bytes.patch(FRAME_HEADER_SIZE, &[0; 8]);
        }
    }

    fn write_bulk(&mut self) -> Result<()> {
        let written = self.write_bulk_runs();
        if written.is_err() {
            // Their names may not be durable, and the group may come again.
            let first = |run: &BulkRun| self.frames.get(*run.frames.first()?);
            let frames = self.committer.bulk.iter().filter_map(first);
            frames.for_each(|frame| frame.files.doubt_names());
        }
        written
    }

    fn write_bulk_runs(&mut self) -> Result<()> {
        let Committer { bulk, past_caches, .. } = &mut *self.committer;
        let writer = BulkWriter {
            place: &self.place,
            config: &self.config,
            frames: &self.frames,
            runs: bulk,
        };
        writer.write(past_caches)?;
        for run in &self.committer.bulk {
            for index in &run.frames {
                if let Some(Frame { action: Action::Batch(batch), .. }) =
                    self.frames.get_mut(*index)
                {
                    batch.in_segment = true;
                }
            }
        }
        Ok(())
    }
}

impl Committer {
    fn encode_frame(
        &mut self,
        index: usize,
        frame: &Frame,
        (bulk_size_min, apart_size_min): (u32, usize),
    ) {
        let header = |frame_type, offset| FrameHeader { offset, ..plain_header(frame, frame_type) };
        let (header, payload) = match &frame.action {
            Action::Batch(batch) => {
                let header = batch_header(frame, batch);
                if self.is_bulk(frame, bulk_size_min) {
                    return self.encode_bulk(index, frame, header);
                }
                self.encode_name(frame);
                self.note_type(header.frame_type);
                return self.bytes.push_batch((index, frame), batch, self.salt, apart_size_min);
            }
            Action::Truncate(_) if self.planted.has(PlantedBug::ResurrectTail) => return,
            Action::Truncate(cut) => {
                let (segment, position) = (cut.segment, cut.position);
                (FrameHeader { segment, position, ..header(FrameType::Truncate, cut.end) }, &[][..])
            }
            Action::LogStart { start, first_kept, producers, .. } => {
                let header = FrameHeader {
                    segment: *first_kept,
                    position: crc32c(producers),
                    length: to_u32(producers.len()),
                    ..header(FrameType::LogStart, *start)
                };
                (header, &**producers)
            }
            Action::Reset { start, .. } => (header(FrameType::Reset, *start), &[][..]),
            Action::Delete { .. } => (header(FrameType::Delete, Offset::ZERO), &[][..]),
            Action::Seal { .. } | Action::Aborted { .. } | Action::SyncFirst => return,
        };
        self.encode_name(frame);
        self.note_type(header.frame_type);
        self.bytes.push(&header.encode(self.salt), payload);
    }

    fn is_bulk(&self, frame: &Frame, bulk_size_min: u32) -> bool {
        self.sizes
            .get(&frame.files.serial)
            .is_some_and(|entry| !entry.structural && entry.size >= u64::from(bulk_size_min))
    }

    /// One frame for all batches of the partition that lie back to back.
    fn encode_bulk(&mut self, index: usize, frame: &Frame, header: FrameHeader) {
        let end_position = header.position + header.length;
        let open = self.sizes.get(&frame.files.serial).and_then(|entry| entry.run);
        if let Some(run) = open.and_then(|run| self.bulk.get_mut(run))
            && run.header.segment == header.segment
            && run.end_position == header.position
        {
            run.frames.push(index);
            run.end_position = end_position;
            run.header.length += header.length;
            return;
        }
        self.encode_name(frame);
        let header = FrameHeader { frame_type: FrameType::Bulk, ..header };
        self.note_type(header.frame_type);
        // Its length is not known yet: patched when the group is complete.
        let at = self.bytes.push(&[0; FRAME_HEADER_SIZE], &[]);
        self.bulk.push(BulkRun { frames: vec![index], end_position, header, at });
        if let Some(entry) = self.sizes.get_mut(&frame.files.serial) {
            entry.run = Some(self.bulk.len() - 1);
        }
    }

    /// Before the first frame of a partition that replay would see, its topic's name.
    fn encode_name(&mut self, frame: &Frame) {
        let named_in = &frame.files.marks.named_in;
        if named_in.load(Ordering::Relaxed) > self.oldest_needed {
            return;
        }
        // One more than the group, since 0 means never.
        named_in.store(self.next_group + 1, Ordering::Relaxed);
        let name = frame.files.name.topic.as_str().as_bytes();
        let header = FrameHeader {
            position: crc32c(name),
            length: to_u32(name.len()),
            ..plain_header(frame, FrameType::Name)
        };
        self.bytes.push(&header.encode(self.salt), name);
        self.note_type(header.frame_type);
    }

    #[cfg_attr(
        not(test),
        expect(clippy::unused_self, clippy::missing_const_for_fn, reason = "only tests count")
    )]
    fn note_type(&mut self, frame_type: FrameType) {
        #[cfg(test)]
        {
            self.types |= 1 << frame_type as u8;
        }
        #[cfg(not(test))]
        let _ = frame_type;
    }

    /// Undoes what a group that failed has noted.
    pub(super) fn forget_names(&self, frames: &[Frame]) {
        for frame in frames {
            let named_in = &frame.files.marks.named_in;
            if named_in.load(Ordering::Relaxed) == self.next_group + 1 {
                named_in.store(0, Ordering::Relaxed);
            }
        }
    }

    /// Memory that one large group left behind goes back.
    pub(super) fn trim_memory(&mut self, size_max: usize) {
        self.bytes.shrink_to(size_max);
        self.bulk.clear();
    }
}
