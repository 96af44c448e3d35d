use std::io::IoSlice;
use std::ops::Range;

use io::arena::ArenaSlice;
use io::{PAGE_SIZE, PageBuffer, SECTOR_SIZE};

use super::codec::{ApartPlace, FrameHeader, GroupHeader, HeaderBytes, Salt};
use super::open_group::batch_header;
use crate::bytes::to_u32;
use crate::frame::{Action, BatchFrame, Frame};
use crate::limits::FRAME_HEADER_SIZE;

/// A group of the write-ahead log on its way to a file: its header, its frames, and behind them the batches that are written from
/// where they lie.
///
/// Direct writes want memory in whole sectors. So such a batch goes to a place of the group where it begins as far into a
/// sector as it does in memory, and only what it has of its first and its last sector is copied. Batches of a partition that lie
/// side by side in memory do so here.
#[derive(Debug, Default)]
pub(super) struct GroupBytes {
    /// Room for the group's header, then the frames.
    frames: PageBuffer,
    frame_count: u32,
    apart: Vec<Apart>,
    runs: Vec<Run>,
    behind: Behind,
}

/// What lies behind the frames.
#[derive(Debug, Default)]
struct Behind {
    /// The sectors that are not some run's alone.
    edges: PageBuffer,
    pieces: Vec<Piece>,
}

/// A batch that is not copied.
#[derive(Clone, Copy, Debug)]
struct Apart {
    /// Of its partition.
    serial: u64,
    /// Index of its frame among the group's.
    index: usize,
    /// Where that begins in the group.
    frame_at: usize,
}

/// Such batches that lie side by side.
#[derive(Debug)]
struct Run {
    /// Where in the group.
    start: usize,
    bytes: ArenaSlice,
}

impl Run {
    fn end(&self) -> usize {
        self.start + self.bytes.len()
    }
}

#[derive(Debug)]
enum Piece {
    Edges(Range<usize>),
    /// Whole sectors of a run.
    Run(usize, Range<usize>),
}

impl GroupBytes {
    /// Empty, with room for the group's header.
    pub(super) fn begin(&mut self) {
        self.clear();
        self.frames.extend_from_slice(&[0; FRAME_HEADER_SIZE]);
    }

    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.frame_count = 0;
        self.apart.clear();
        self.runs.clear();
        self.behind.edges.clear();
        self.behind.pieces.clear();
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(super) const fn frame_count(&self) -> u32 {
        self.frame_count
    }

    /// Adds a frame with its payload; gives where it begins.
    pub(super) fn push(&mut self, header: &HeaderBytes, payload: &[u8]) -> usize {
        let at = self.frames.len();
        self.frames.extend_from_slice(header);
        self.frames.extend_from_slice(payload);
        self.frame_count += 1;
        at
    }

    /// Adds the frame of a batch, which has `index` among the group's frames. One of `apart_size_min` bytes and more stays where
    /// it is.
    pub(super) fn push_batch(
        &mut self,
        (index, frame): (usize, &Frame),
        batch: &BatchFrame,
        salt: Salt,
        apart_size_min: usize,
    ) {
        let header = batch_header(frame, batch);
        if batch.bytes.len() < apart_size_min {
            self.push(&header.encode(salt), &batch.bytes);
            return;
        }
        let header = FrameHeader { is_apart: true, ..header };
        // The place is not known yet.
        let at = self.push(&header.encode(salt), &[0; ApartPlace::SIZE]);
        self.apart.push(Apart { serial: frame.files.serial, index, frame_at: at });
    }

    pub(super) fn patch(&mut self, at: usize, bytes: &[u8]) {
        self.frames.patch(at, bytes);
    }

    /// Gives every batch its place, and the group its header, of which `length` and `frame_count` are set here.
    pub(super) fn close(&mut self, header: GroupHeader, frames: &[Frame], salt: Salt) {
        let mut end = self.frames.len();
        if !self.apart.is_empty() {
            self.apart.sort_unstable_by_key(|apart| (apart.serial, apart.index));
            self.frames.extend_from_slice(zeros(end.next_multiple_of(SECTOR_SIZE) - end));
            end = self.give_places(frames);
            self.gather_pieces(end);
        }
        let length = to_u32(end - FRAME_HEADER_SIZE);
        let header = GroupHeader { length, frame_count: self.frame_count, ..header };
        self.frames.patch(0, &header.encode(salt));
        if self.behind.pieces.is_empty() {
            self.frames.pad_to_page();
        }
    }

    /// Lays the batches out behind the frames; gives where the last one ends.
    fn give_places(&mut self, frames: &[Frame]) -> usize {
        let mut end = self.frames.len();
        for apart in &self.apart {
            let Some(batch) = batch_of(frames, apart.index) else { continue };
            let joins = self.runs.last_mut().is_some_and(|run| run.bytes.extend(batch));
            if !joins {
                let skip = batch.as_ptr().addr() % SECTOR_SIZE;
                let start = end.next_multiple_of(SECTOR_SIZE) + skip;
                self.runs.push(Run { start, bytes: batch.clone() });
            }
            let place_end = self.runs.last().map_or(end, Run::end);
            let place = ApartPlace::of(batch, to_u32(place_end - batch.len() - apart.frame_at));
            self.frames.patch(apart.frame_at + FRAME_HEADER_SIZE, &place.encode());
            end = place_end;
        }
        end
    }

    /// What is to be written behind the frames, to the end of the page in which the group's `end` lies.
    fn gather_pieces(&mut self, group_end: usize) {
        let mut end = self.frames.len();
        for (index, run) in self.runs.iter().enumerate() {
            self.behind.fill(run.start - end);
            end = run.end();
            let bytes = &*run.bytes;
            let to_sector = bytes.as_ptr().align_offset(SECTOR_SIZE).min(bytes.len());
            let rest = (bytes.len() - to_sector) % SECTOR_SIZE;
            let whole = to_sector..bytes.len() - rest;
            self.behind.add_edge(bytes.get(..whole.start).unwrap_or_default());
            if !whole.is_empty() {
                self.behind.pieces.push(Piece::Run(index, whole.clone()));
            }
            self.behind.add_edge(bytes.get(whole.end..).unwrap_or_default());
        }
        self.behind.fill(group_end.next_multiple_of(PAGE_SIZE) - group_end);
    }

    /// Bytes that the group takes in its file, once it is closed.
    pub(super) fn size(&self) -> usize {
        let piece = |piece: &Piece| match piece {
            Piece::Edges(range) | Piece::Run(_, range) => range.len(),
        };
        self.frames.len() + self.behind.pieces.iter().map(piece).sum::<usize>()
    }

    /// The group's bytes when all of them lie in one place.
    pub(super) fn whole(&self) -> Option<&[u8]> {
        self.behind.pieces.is_empty().then_some(&self.frames)
    }

    /// The group's bytes, piece by piece.
    pub(super) fn slices(&self) -> Vec<IoSlice<'_>> {
        let mut slices = Vec::with_capacity(1 + self.behind.pieces.len());
        slices.push(IoSlice::new(&self.frames));
        slices.extend(self.behind.pieces.iter().map(|piece| {
            let bytes = match piece {
                Piece::Edges(range) => self.behind.edges.get(range.clone()),
                Piece::Run(index, range) => {
                    self.runs.get(*index).and_then(|run| run.bytes.get(range.clone()))
                }
            };
            IoSlice::new(bytes.unwrap_or_default())
        }));
        slices
    }

    /// Lets go of the batches.
    pub(super) fn release(&mut self) {
        self.runs.clear();
    }

    /// Gives memory back that one large group took.
    pub(super) fn shrink_to(&mut self, size_max: usize) {
        self.frames.shrink_to(size_max);
        self.behind.edges.shrink_to(size_max);
    }
}

impl Behind {
    fn fill(&mut self, mut size: usize) {
        while size > 0 {
            let now = size.min(PAGE_SIZE);
            self.add_edge(zeros(now));
            size -= now;
        }
    }

    fn add_edge(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let start = self.edges.len();
        self.edges.extend_from_slice(bytes);
        let end = self.edges.len();
        match self.pieces.last_mut() {
            Some(Piece::Edges(range)) => range.end = end,
            _ => self.pieces.push(Piece::Edges(start..end)),
        }
    }
}

fn batch_of(frames: &[Frame], index: usize) -> Option<&ArenaSlice> {
    match &frames.get(index)?.action {
        Action::Batch(batch) => Some(&batch.bytes),
        _ => None,
    }
}

fn zeros(count: usize) -> &'static [u8] {
    const ZEROS: [u8; PAGE_SIZE] = [0; PAGE_SIZE];
    ZEROS.get(..count).unwrap_or(&ZEROS)
}
