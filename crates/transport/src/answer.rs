use std::fmt;
use std::sync::Arc;

use ::io::File;

use crate::arena::ArenaSlice;
use crate::pressure::{CopiedBytes, Pressure};
use crate::slab::{Slab, SlabKey};

/// One piece of an answer, in the order of sending.
pub enum Part {
    /// The next bytes of the answer's own buffer.
    Own { size: usize },
    /// Bytes that others share.
    Shared(ArenaSlice),
    /// What was shared, and copied when memory was short.
    Copied(CopiedBytes),
    /// Bytes of a file, sent when the socket takes them.
    File { file: Arc<dyn File>, position: u64, size: usize },
}

impl fmt::Debug for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own { size } => write!(formatter, "Own({size})"),
            Self::Shared(slice) => write!(formatter, "Shared({})", slice.len()),
            Self::Copied(bytes) => write!(formatter, "Copied({})", bytes.len()),
            Self::File { position, size, .. } => write!(formatter, "File({position}, {size})"),
        }
    }
}

impl Part {
    fn size(&self) -> usize {
        match self {
            Self::Own { size } | Self::File { size, .. } => *size,
            Self::Shared(slice) => slice.len(),
            Self::Copied(bytes) => bytes.len(),
        }
    }
}

/// Bytes of the frame's length, which every answer begins with.
pub const LENGTH_SIZE: usize = 4;

/// One answer, frame length included: a buffer of its own and, between pieces of it, shared bytes and file ranges.
///
/// Made from recycled memory by `LoopIo::answer_buffer`; an answer made elsewhere (`Answer::default`) allocates.
#[derive(Debug)]
pub struct Answer {
    bytes: Vec<u8>,
    /// Empty when the answer is its own bytes only.
    parts: Vec<Part>,
    /// How much of `bytes` the parts cover.
    covered: usize,
}

impl Default for Answer {
    fn default() -> Self {
        Self::reuse(Vec::new(), Vec::new())
    }
}

impl Answer {
    pub(crate) fn reuse(mut bytes: Vec<u8>, mut parts: Vec<Part>) -> Self {
        bytes.clear();
        parts.clear();
        bytes.extend_from_slice(&[0; LENGTH_SIZE]);
        Self { bytes, parts, covered: 0 }
    }

    pub(crate) fn dismantle(self) -> (Vec<u8>, Vec<Part>) {
        (self.bytes, self.parts)
    }

    /// Where the answer's own bytes are encoded. The first [`LENGTH_SIZE`] are the frame's length and filled in later.
    pub fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Puts `part` behind everything encoded so far.
    pub fn push(&mut self, part: Part) {
        self.push_at(self.bytes.len(), part);
    }

    /// Puts `part` in front of the own byte at `position`. Parts come in ascending order.
    pub fn push_at(&mut self, position: usize, part: Part) {
        assert!(position >= self.covered);
        assert!(position <= self.bytes.len());
        if position > self.covered {
            self.parts.push(Part::Own { size: position - self.covered });
            self.covered = position;
        }
        self.parts.push(part);
    }

    /// Bytes of the whole frame as it goes over the wire.
    fn seal(&mut self) -> usize {
        let own = self.bytes.len() - self.covered;
        if own > 0 && !self.parts.is_empty() {
            self.parts.push(Part::Own { size: own });
            self.covered = self.bytes.len();
        }
        let size = if self.parts.is_empty() {
            self.bytes.len()
        } else {
            self.parts.iter().map(Part::size).sum()
        };
        let length = u32::try_from(size - LENGTH_SIZE).unwrap_or(u32::MAX);
        assert!(length <= i32::MAX as u32, "an answer fits in a frame");
        if let Some(place) = self.bytes.first_chunk_mut::<LENGTH_SIZE>() {
            *place = length.to_be_bytes();
        }
        size
    }
}

/// Names the one answer of one request, for as long as its connection lives.
pub type AnswerKey = SlabKey;

#[derive(Debug)]
enum State {
    Waiting,
    /// `None` when the request wants no answer.
    Ready(Option<Answer>),
}

#[derive(Debug)]
struct Slot {
    connection: SlabKey,
    next: Option<AnswerKey>,
    /// No other request of the connection is in hand while this one is.
    alone: bool,
    state: State,
}

/// A connection's answers, in the order of its requests.
#[derive(Debug, Default)]
pub(crate) struct AnswerQueue {
    head: Option<AnswerKey>,
    tail: Option<AnswerKey>,
    /// Slots in the queue.
    pub(crate) count: usize,
    /// Slots that wait for their answer.
    pub(crate) waiting: usize,
    /// The waiting request does not overlap with others.
    pub(crate) alone: bool,
    /// Bytes of answers that are ready and not sent.
    pub(crate) unsent: usize,
    /// Files among the answers that are ready.
    pub(crate) files: usize,
}

/// The answer slots of all connections of a loop.
#[derive(Debug, Default)]
pub(crate) struct Answers(Slab<Slot>);

impl Answers {
    /// Opens the slot of the next request of `connection`.
    pub(crate) fn open(
        &mut self,
        queue: &mut AnswerQueue,
        connection: SlabKey,
        alone: bool,
    ) -> AnswerKey {
        let key = self.0.insert(Slot { connection, next: None, alone, state: State::Waiting });
        match queue.tail.and_then(|tail| self.0.get_mut(tail)) {
            Some(tail) => tail.next = Some(key),
            None => queue.head = Some(key),
        }
        queue.tail = Some(key);
        queue.count += 1;
        queue.waiting += 1;
        queue.alone |= alone;
        key
    }

    /// Whose slot this is; `None` when its connection is gone or it has its answer already.
    pub(crate) fn waiting_connection(&self, key: AnswerKey) -> Option<SlabKey> {
        match self.0.get(key) {
            Some(Slot { connection, state: State::Waiting, .. }) => Some(*connection),
            _ => None,
        }
    }

    /// Fills a slot that waits.
    pub(crate) fn fill(
        &mut self,
        queue: &mut AnswerQueue,
        key: AnswerKey,
        mut answer: Option<Answer>,
    ) {
        let Some(slot) = self.0.get_mut(key) else { return };
        assert!(matches!(slot.state, State::Waiting), "a slot is filled once");
        if let Some(answer) = &mut answer {
            queue.unsent += answer.seal();
            queue.files +=
                answer.parts.iter().filter(|part| matches!(part, Part::File { .. })).count();
        }
        slot.state = State::Ready(answer);
        queue.waiting -= 1;
        if slot.alone {
            queue.alone = false;
        }
    }

    /// The answers that may leave now, in order.
    pub(crate) fn ready<'a>(&'a self, queue: &AnswerQueue) -> impl Iterator<Item = &'a Answer> {
        let mut next = queue.head;
        std::iter::from_fn(move || {
            loop {
                let slot = self.0.get(next?)?;
                let State::Ready(answer) = &slot.state else { return None };
                next = slot.next;
                if let Some(answer) = answer {
                    return Some(answer);
                }
            }
        })
    }

    /// Whether the first slot is ready, be it with nothing to send.
    pub(crate) fn head_is_ready(&self, queue: &AnswerQueue) -> bool {
        queue
            .head
            .and_then(|head| self.0.get(head))
            .is_some_and(|slot| matches!(slot.state, State::Ready(_)))
    }

    /// Whether the first slot is ready and has nothing to send.
    pub(crate) fn head_is_silent(&self, queue: &AnswerQueue) -> bool {
        queue
            .head
            .and_then(|head| self.0.get(head))
            .is_some_and(|slot| matches!(slot.state, State::Ready(None)))
    }

    /// Bytes of the first answer; 0 when it is not ready or has nothing to send.
    pub(crate) fn head_size(&self, queue: &AnswerQueue) -> usize {
        match queue.head.and_then(|head| self.0.get(head)) {
            Some(Slot { state: State::Ready(Some(answer)), .. }) => answer.size(),
            _ => 0,
        }
    }

    /// Copies what the answers share that are ready. False when there was no room for all of it.
    pub(crate) fn copy_shared(&mut self, queue: &AnswerQueue, pressure: &Arc<Pressure>) -> bool {
        let mut next = queue.head;
        while let Some(slot) = next.and_then(|key| self.0.get_mut(key)) {
            next = slot.next;
            if let State::Ready(Some(answer)) = &mut slot.state
                && !answer.copy_shared(pressure)
            {
                return false;
            }
        }
        true
    }

    /// Takes the first slot out. Its answer, if it had one, goes back for recycling.
    pub(crate) fn pop(&mut self, queue: &mut AnswerQueue) -> Option<Answer> {
        let slot = self.0.remove(queue.head?)?;
        queue.head = slot.next;
        if queue.head.is_none() {
            queue.tail = None;
        }
        queue.count -= 1;
        match slot.state {
            State::Ready(answer) => answer,
            State::Waiting => {
                queue.waiting -= 1;
                None
            }
        }
    }
}

/// A piece of an answer as the socket takes it.
pub(crate) enum Piece<'a> {
    Memory(&'a [u8]),
    File { file: &'a Arc<dyn File>, position: u64, size: usize },
}

impl Answer {
    /// The pieces in order.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let whole = self.parts.is_empty().then_some(Piece::Memory(self.bytes.as_slice()));
        let mut start = 0;
        whole.into_iter().chain(self.parts.iter().map(move |part| match part {
            Part::Own { size } => {
                let end = start + size;
                let bytes = self.bytes.get(start..end).unwrap_or_default();
                start = end;
                Piece::Memory(bytes)
            }
            Part::Shared(slice) => Piece::Memory(slice),
            Part::Copied(bytes) => Piece::Memory(bytes),
            Part::File { file, position, size } => {
                Piece::File { file, position: *position, size: *size }
            }
        }))
    }

    /// Copies what it shares, so that the arena can be used again. False when there was no room for all of it.
    fn copy_shared(&mut self, pressure: &Arc<Pressure>) -> bool {
        for part in &mut self.parts {
            if let Part::Shared(slice) = part {
                let Some(copy) = pressure.copy(slice) else { return false };
                *part = Part::Copied(copy);
            }
        }
        true
    }

    /// Bytes of the frame, once sealed.
    pub(crate) fn size(&self) -> usize {
        if self.parts.is_empty() {
            self.bytes.len()
        } else {
            self.parts.iter().map(Part::size).sum()
        }
    }

    pub(crate) fn file_count(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part, Part::File { .. })).count()
    }
}
