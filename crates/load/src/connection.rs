use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use mio::net::TcpStream;
use mio::{Interest, Poll, Token};

use crate::error::{LoadError, Result};
use crate::frames;
use crate::limits::{ANSWER_SIZE_MAX, WRITE_COUNT_MAX};
use crate::outcome::Outcome;
use crate::pace::Pace;
use crate::run::{Answers, Lane};

/// What all connections share while a load runs.
pub(crate) struct Progress {
    pub(crate) pace: Pace,
    pub(crate) answers: Answers,
    /// Whether more requests may begin.
    pub(crate) sending: bool,
    /// Requests that may still begin.
    pub(crate) left: u64,
    /// When no more do; `None` is never.
    pub(crate) until: Option<Instant>,
    pub(crate) sent_bytes_max: u64,
    pub(crate) outcome: Outcome,
}

impl Progress {
    /// Ends the sending when it is time.
    pub(crate) fn look_at(&mut self, now: Instant) {
        let is_over = self.left == 0
            || self.until.is_some_and(|until| now >= until)
            || self.outcome.sent_bytes >= self.sent_bytes_max;
        self.sending &= !is_over;
    }
}

pub(crate) struct Connection {
    number: usize,
    address: SocketAddr,
    stream: TcpStream,
    frames: Arc<Vec<Vec<u8>>>,
    next_frame: usize,
    /// Bytes of the frame that is being sent which are already out.
    out: usize,
    /// Requests that the clock wants sent, by when they were due.
    pub(crate) due: VecDeque<Instant>,
    sent_at: VecDeque<Instant>,
    /// The beginning of the answer that is coming in: its size, the correlation id, and on to the error code.
    head: Vec<u8>,
    /// Bytes of it that are still to come and say nothing.
    skip: usize,
    /// Whether the last request is out, the one that is answered where others are not.
    asked_last: bool,
}

impl Connection {
    pub(crate) fn open(poll: &Poll, number: usize, lane: &Lane) -> Result<Self> {
        let address = lane.address;
        let open = || -> io::Result<TcpStream> {
            let stream = std::net::TcpStream::connect(address)?;
            stream.set_nonblocking(true)?;
            stream.set_nodelay(true)?;
            let mut stream = TcpStream::from_std(stream);
            let interest = Interest::READABLE | Interest::WRITABLE;
            poll.registry().register(&mut stream, Token(number), interest)?;
            Ok(stream)
        };
        let stream = open().map_err(|source| LoadError::Connection { address, source })?;
        Ok(Self {
            number,
            address,
            stream,
            frames: Arc::clone(&lane.frames),
            next_frame: 0,
            out: 0,
            due: VecDeque::new(),
            sent_at: VecDeque::new(),
            head: Vec::new(),
            skip: 0,
            asked_last: false,
        })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether nothing is still to be sent, half out or unanswered.
    pub(crate) fn is_done(&self, progress: &Progress) -> bool {
        let sent = self.out == 0 && (self.due.is_empty() || progress.left == 0);
        let answered = sent && self.sent_at.is_empty();
        answered && (progress.answers != Answers::None || self.asked_last)
    }

    /// Takes answers until the socket has no more.
    pub(crate) fn read(&mut self, chunk: &mut [u8], progress: &mut Progress) -> Result<()> {
        loop {
            match self.stream.read(chunk) {
                Ok(0) => return Err(LoadError::Closed(self.address)),
                Ok(count) => {
                    self.take(chunk.get(..count).unwrap_or_default(), progress)?;
                    // A short read has emptied the socket; what comes later is told anew.
                    if count < chunk.len() {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(source) => {
                    return Err(LoadError::Connection { address: self.address, source });
                }
            }
        }
    }

    /// Only an answer's beginning is kept, until its error code is seen.
    fn take(&mut self, mut bytes: &[u8], progress: &mut Progress) -> Result<()> {
        let code_at = match progress.answers {
            Answers::WithCode { at } => 4 + at,
            Answers::None => 4 + 4,
        };
        let now = Instant::now();
        while !bytes.is_empty() {
            if self.skip > 0 {
                let count = self.skip.min(bytes.len());
                self.skip -= count;
                bytes = bytes.get(count..).unwrap_or_default();
            } else {
                // The size first: what is shorter than an answer with a code must not take bytes of the next one.
                let wanted = if self.head.len() < 4 { 4 } else { code_at + 2 };
                let count = (wanted - self.head.len()).min(bytes.len());
                let (head, rest) = bytes.split_at(count);
                self.head.extend_from_slice(head);
                bytes = rest;
                if self.head.len() == 4 && self.size()? < code_at - 2 {
                    return Err(LoadError::NoAnswer(self.address));
                }
                if self.head.len() < code_at + 2 {
                    continue;
                }
                self.take_head(code_at, &mut progress.outcome)?;
            }
            if self.skip == 0 && self.head.is_empty() {
                let Some(since) = self.sent_at.pop_front() else {
                    return Err(LoadError::NoAnswer(self.address));
                };
                // The last answer of a load without answers says only that all before it were taken.
                if progress.answers != Answers::None {
                    progress.outcome.answered(self.number, now.saturating_duration_since(since));
                }
            }
        }
        Ok(())
    }

    /// Of the answer whose beginning is there.
    fn size(&self) -> Result<usize> {
        let size = self.head.first_chunk::<4>().ok_or(LoadError::NoAnswer(self.address))?;
        Ok(usize::try_from(u32::from_be_bytes(*size)).unwrap_or(usize::MAX))
    }

    fn take_head(&mut self, code_at: usize, outcome: &mut Outcome) -> Result<()> {
        let no_answer = || LoadError::NoAnswer(self.address);
        let size = self.size()?;
        let code = self.head.get(code_at..).and_then(|rest| rest.first_chunk::<2>());
        let code = i16::from_be_bytes(*code.ok_or_else(no_answer)?);
        if code != 0 {
            return Err(LoadError::Refused { address: self.address, code });
        }
        if size > ANSWER_SIZE_MAX {
            return Err(no_answer());
        }
        self.skip = size.saturating_sub(self.head.len() - 4);
        self.head.clear();
        outcome.received_bytes += u64::try_from(size).unwrap_or(0);
        Ok(())
    }

    /// Frames that may go out now, one that is half out included.
    fn wanted(&self, progress: &Progress) -> usize {
        let more = match progress.pace {
            // What was due is sent, however late: to leave it out would hide that it is.
            Pace::Open { .. } => self.due.len(),
            Pace::Closed { .. } if !progress.sending => 0,
            Pace::Closed { .. } if progress.answers == Answers::None => WRITE_COUNT_MAX,
            // The one that is half out is counted in flight.
            Pace::Closed { depth } => depth.saturating_sub(self.sent_at.len()),
        };
        let left = usize::try_from(progress.left).unwrap_or(usize::MAX);
        (more.min(left) + usize::from(self.out > 0)).min(WRITE_COUNT_MAX)
    }

    /// Sends what may go out until the socket takes no more.
    pub(crate) fn write(&mut self, progress: &mut Progress) -> Result<()> {
        loop {
            let mut wanted = self.wanted(progress);
            let is_over = !progress.sending || progress.left == 0;
            if wanted == 0 && is_over && progress.answers == Answers::None && !self.asked_last {
                self.frames = Arc::new(vec![frames::last_frame()?]);
                self.next_frame = 0;
                self.asked_last = true;
                wanted = 1;
            }
            if wanted == 0 {
                return Ok(());
            }
            let turn = self.frames.iter().cycle().skip(self.next_frame).take(wanted);
            let mut slices: Vec<IoSlice<'_>> = turn.map(|frame| IoSlice::new(frame)).collect();
            let size: usize = slices.iter().map(|slice| slice.len()).sum::<usize>() - self.out;
            if let Some(first) = slices.first_mut() {
                first.advance(self.out);
            }
            let now = Instant::now();
            // Where nothing is answered, only the clock ends this.
            progress.look_at(now);
            let written = match self.stream.write_vectored(&slices) {
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(source) => {
                    return Err(LoadError::Connection { address: self.address, source });
                }
            };
            progress.outcome.sent_bytes += u64::try_from(written).unwrap_or(0);
            self.went_out(written, now, progress);
            if written < size {
                return Ok(());
            }
        }
    }

    /// Notes when the frames began that these bytes belong to.
    fn went_out(&mut self, mut written: usize, now: Instant, progress: &mut Progress) {
        while written > 0 {
            let Some(size) = self.frames.get(self.next_frame).map(Vec::len) else { return };
            if self.out == 0 {
                self.sent_at.push_back(self.due.pop_front().unwrap_or(now));
                progress.left = progress.left.saturating_sub(1);
            }
            let step = written.min(size - self.out);
            self.out += step;
            written -= step;
            if self.out == size {
                self.out = 0;
                self.next_frame = (self.next_frame + 1) % self.frames.len();
                if progress.answers == Answers::None && !self.asked_last {
                    // The system has it: more is not known of it.
                    let since = self.sent_at.pop_front().unwrap_or(now);
                    progress.outcome.answered(self.number, since.elapsed());
                }
            }
        }
    }
}
