//! One thread that sends requests on a number of connections and times each answer.
//!
//! Requests are encoded before the clock starts, and what is ready goes out in one write, so that the client costs little
//! and the broker is the limit.

use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice, Read, Write};
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use mio::net::TcpStream;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec};
use testkit::Failed;

/// Longest silence of a broker before the run is given up.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// Bytes read from a socket at once.
const READ_SIZE: usize = 256 << 10;
/// Frames written at once.
const WRITE_COUNT_MAX: usize = 64;
/// Requests of an open load that wait to be sent on one connection: a broker that falls so far behind has failed.
const DUE_COUNT_MAX: usize = 100_000;
/// Longest latency that is told apart.
const LATENCY_MICROS_MAX: u64 = 120_000_000;
/// The event of the clock of an open load.
const CLOCK: Token = Token(usize::MAX);

/// When requests are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// So many are in flight on each connection.
    Closed { depth: usize },
    /// By the clock, whether or not earlier ones were answered; latencies count from when a request was due.
    Open { per_second: u32 },
}

/// What is sent.
#[derive(Clone)]
pub(crate) struct Load {
    /// The requests of each connection, sent in turn and from the start again.
    pub(crate) frames: Vec<Vec<Vec<u8>>>,
    pub(crate) pace: Pace,
    pub(crate) lasts: Duration,
    /// Ends earlier when so many bytes were sent, for the disk's sake.
    pub(crate) sent_bytes_max: u64,
    /// Place of an error code of 16 bits in each answer, counted from the correlation id, that must be zero.
    pub(crate) code_at: usize,
}

/// What came of it.
pub(crate) struct Outcome {
    pub(crate) requests: u32,
    pub(crate) sent_bytes: u64,
    pub(crate) received_bytes: u64,
    pub(crate) took: Duration,
    /// Microseconds of each answer.
    latencies: Histogram<u64>,
}

impl Outcome {
    fn new() -> Result<Self, Failed> {
        let latencies = Histogram::new_with_bounds(1, LATENCY_MICROS_MAX, 3);
        let latencies = latencies.map_err(|error| Failed(format!("make a histogram: {error}")))?;
        let took = Duration::ZERO;
        Ok(Self { requests: 0, sent_bytes: 0, received_bytes: 0, took, latencies })
    }

    /// Milliseconds below which this share of the answers came.
    pub(crate) fn percentile_ms(&self, percent: f64) -> f64 {
        let micros = self.latencies.value_at_percentile(percent);
        Duration::from_micros(micros).as_secs_f64() * 1_000.0
    }
}

struct Connection {
    stream: TcpStream,
    next_frame: usize,
    /// Bytes of the frame that is being sent which are already out.
    out: usize,
    /// Requests that the clock wants sent, by when they were due.
    due: VecDeque<Instant>,
    sent_at: VecDeque<Instant>,
    input: Vec<u8>,
}

/// Runs the load; every request that was sent has been answered when it returns.
pub(crate) fn run(address: &str, load: &Load) -> Result<Outcome, Failed> {
    let failed = |error: std::io::Error| Failed(format!("{address}: {error}"));
    let mut poll = Poll::new().map_err(failed)?;
    let mut connections = connect(&poll, address, load.frames.len()).map_err(failed)?;
    let mut outcome = Outcome::new()?;
    let mut events = Events::with_capacity(connections.len().max(16));
    let start = Instant::now();
    let mut clock = Clock::start(&poll, load.pace, start).map_err(failed)?;
    let mut sending = true;
    let mut chunk = vec![0; READ_SIZE];
    loop {
        poll.poll(&mut events, Some(SILENCE_MAX)).map_err(failed)?;
        if events.is_empty() {
            return Err(Failed(format!("{address} is silent for {SILENCE_MAX:?}")));
        }
        if let (Some(clock), true) = (&mut clock, sending) {
            clock.tick(&mut connections)?;
            for (connection, frames) in connections.iter_mut().zip(&load.frames) {
                connection.write(frames, load.pace, sending, &mut outcome).map_err(failed)?;
            }
        }
        for event in &events {
            let number = event.token().0;
            let (Some(connection), Some(frames)) =
                (connections.get_mut(number), load.frames.get(number))
            else {
                continue;
            };
            // Readiness is told once: read and write until the socket has no more.
            connection.read(&mut chunk, load.code_at, &mut outcome)?;
            connection.write(frames, load.pace, sending, &mut outcome).map_err(failed)?;
        }
        sending =
            sending && start.elapsed() < load.lasts && outcome.sent_bytes < load.sent_bytes_max;
        if !sending && connections.iter().all(|one| one.sent_at.is_empty() && one.out == 0) {
            outcome.took = start.elapsed();
            return Ok(outcome);
        }
    }
}

fn connect(poll: &Poll, address: &str, count: usize) -> std::io::Result<Vec<Connection>> {
    let socket: SocketAddr = address
        .parse()
        .map_err(|error| std::io::Error::new(ErrorKind::InvalidInput, format!("{error}")))?;
    let mut connections = Vec::new();
    for number in 0..count {
        let mut stream = TcpStream::from_std({
            let stream = std::net::TcpStream::connect(socket)?;
            stream.set_nonblocking(true)?;
            stream.set_nodelay(true)?;
            stream
        });
        let interest = Interest::READABLE | Interest::WRITABLE;
        poll.registry().register(&mut stream, Token(number), interest)?;
        connections.push(Connection {
            stream,
            next_frame: 0,
            out: 0,
            due: VecDeque::new(),
            sent_at: VecDeque::new(),
            input: Vec::new(),
        });
    }
    Ok(connections)
}

/// Wakes the loop whenever a request of an open load is due.
struct Clock {
    _timer: OwnedFd,
    start: Instant,
    per_second: u32,
    /// Requests that have become due.
    count: u32,
}

impl Clock {
    /// `None` for a closed load.
    fn start(poll: &Poll, pace: Pace, start: Instant) -> std::io::Result<Option<Self>> {
        let Pace::Open { per_second } = pace else { return Ok(None) };
        let nanos = 1_000_000_000 / i64::from(per_second.max(1));
        let every = Timespec { tv_sec: nanos / 1_000_000_000, tv_nsec: nanos % 1_000_000_000 };
        let timer =
            rustix::time::timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK)?;
        let times = Itimerspec { it_interval: every, it_value: every };
        rustix::time::timerfd_settime(&timer, TimerfdTimerFlags::empty(), &times)?;
        poll.registry().register(&mut SourceFd(&timer.as_raw_fd()), CLOCK, Interest::READABLE)?;
        Ok(Some(Self { _timer: timer, start, per_second, count: 0 }))
    }

    /// Hands what has become due to the connections in turn.
    fn tick(&mut self, connections: &mut [Connection]) -> Result<(), Failed> {
        let due = self.start.elapsed().as_secs_f64() * f64::from(self.per_second);
        while f64::from(self.count) < due {
            let when = f64::from(self.count) / f64::from(self.per_second);
            let when = self.start + Duration::from_secs_f64(when);
            let number = usize::try_from(self.count).unwrap_or(0) % connections.len();
            let Some(connection) = connections.get_mut(number) else { break };
            if connection.due.len() >= DUE_COUNT_MAX {
                return Err(Failed(format!(
                    "the broker does not keep up with {}/s",
                    self.per_second
                )));
            }
            connection.due.push_back(when);
            self.count += 1;
        }
        Ok(())
    }
}

impl Connection {
    fn read(
        &mut self,
        chunk: &mut [u8],
        code_at: usize,
        outcome: &mut Outcome,
    ) -> Result<(), Failed> {
        loop {
            match self.stream.read(chunk) {
                Ok(0) => return Err(Failed("the broker closed a connection".into())),
                Ok(count) => {
                    self.input.extend_from_slice(chunk.get(..count).unwrap_or_default());
                    self.take_answers(code_at, outcome)?;
                    // A short read has emptied the socket; what comes later is told anew.
                    if count < chunk.len() {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(Failed(format!("read: {error}"))),
            }
        }
    }

    fn take_answers(&mut self, code_at: usize, outcome: &mut Outcome) -> Result<(), Failed> {
        let now = Instant::now();
        let mut at = 0;
        while let Some(head) = self.input.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
            let size = usize::try_from(u32::from_be_bytes(*head)).unwrap_or(usize::MAX);
            let Some(answer) = self.input.get(at + 4..at + 4 + size) else { break };
            let code = answer.get(code_at..code_at + 2);
            if code != Some(&[0, 0]) {
                return Err(Failed(format!("the broker answers with code {code:?}")));
            }
            let Some(sent) = self.sent_at.pop_front() else {
                return Err(Failed("an answer to no request".into()));
            };
            let micros = u64::try_from((now - sent).as_micros()).unwrap_or(u64::MAX);
            outcome.latencies.saturating_record(micros.max(1));
            outcome.requests += 1;
            at += 4 + size;
            outcome.received_bytes += u64::from(u32::from_be_bytes(*head));
        }
        self.input.drain(..at);
        Ok(())
    }

    /// Frames that may go out now, one that is half out included.
    fn wanted(&self, pace: Pace, sending: bool) -> usize {
        let more = match pace {
            _ if !sending => 0,
            // The one that is half out is counted in flight.
            Pace::Closed { depth } => depth.saturating_sub(self.sent_at.len()),
            Pace::Open { .. } => self.due.len(),
        };
        more + usize::from(self.out > 0)
    }

    fn write(
        &mut self,
        frames: &[Vec<u8>],
        pace: Pace,
        sending: bool,
        outcome: &mut Outcome,
    ) -> std::io::Result<()> {
        loop {
            let wanted = self.wanted(pace, sending).min(WRITE_COUNT_MAX);
            if wanted == 0 {
                return Ok(());
            }
            let turn = frames.iter().cycle().skip(self.next_frame).take(wanted);
            let mut slices: Vec<IoSlice<'_>> = turn.map(|frame| IoSlice::new(frame)).collect();
            let size: usize = slices.iter().map(|slice| slice.len()).sum::<usize>() - self.out;
            if let Some(first) = slices.first_mut() {
                first.advance(self.out);
            }
            let now = Instant::now();
            let written = match self.stream.write_vectored(&slices) {
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            };
            outcome.sent_bytes += u64::try_from(written).unwrap_or(0);
            self.went_out(frames, written, now);
            if written < size {
                return Ok(());
            }
        }
    }

    /// Notes when the frames began that these bytes belong to.
    fn went_out(&mut self, frames: &[Vec<u8>], mut written: usize, now: Instant) {
        while written > 0 {
            let Some(frame) = frames.get(self.next_frame) else { return };
            if self.out == 0 {
                self.sent_at.push_back(self.due.pop_front().unwrap_or(now));
            }
            let step = written.min(frame.len() - self.out);
            self.out += step;
            written -= step;
            if self.out == frame.len() {
                self.out = 0;
                self.next_frame = (self.next_frame + 1) % frames.len();
            }
        }
    }
}
