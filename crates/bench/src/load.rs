//! One thread that keeps a number of requests in flight on a number of connections and times each answer.
//!
//! Requests are encoded before the clock starts, so that the client costs little and the broker is the limit.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use testkit::Failed;

/// Longest silence of a broker before the run is given up.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// Bytes read from a socket at once.
const READ_SIZE: usize = 256 << 10;

/// What is sent.
#[derive(Clone)]
pub(crate) struct Load {
    /// The requests of each connection, sent in turn and from the start again.
    pub(crate) frames: Vec<Vec<Vec<u8>>>,
    /// Requests in flight on a connection.
    pub(crate) depth: usize,
    pub(crate) lasts: Duration,
    /// Ends earlier when so many bytes were sent, for the disk's sake.
    pub(crate) sent_bytes_max: u64,
    /// Place of an error code of 16 bits in each answer, counted from the correlation id, that must be zero.
    pub(crate) code_at: usize,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) requests: u32,
    pub(crate) sent_bytes: u64,
    pub(crate) received_bytes: u64,
    pub(crate) took: Duration,
    /// Microseconds of each answer, sorted.
    latencies: Vec<u32>,
}

impl Outcome {
    /// Milliseconds below which this share of the answers came.
    pub(crate) fn percentile_ms(&self, thousandths: usize) -> f64 {
        let at = self.latencies.len() * thousandths / 1000;
        let at = at.min(self.latencies.len().saturating_sub(1));
        self.latencies.get(at).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }
}

struct Connection {
    stream: TcpStream,
    next_frame: usize,
    /// Bytes of the frame that is being sent which are already out.
    out: usize,
    sent_at: VecDeque<Instant>,
    input: Vec<u8>,
}

/// Runs the load; every request that was sent has been answered when it returns.
pub(crate) fn run(address: &str, load: &Load) -> Result<Outcome, Failed> {
    let failed = |error: std::io::Error| Failed(format!("{address}: {error}"));
    let socket: SocketAddr =
        address.parse().map_err(|error| Failed(format!("{address}: {error}")))?;
    let mut poll = Poll::new().map_err(failed)?;
    let mut connections = Vec::new();
    for number in 0..load.frames.len() {
        let mut stream = TcpStream::connect(socket).map_err(failed)?;
        let interest = Interest::READABLE | Interest::WRITABLE;
        poll.registry().register(&mut stream, Token(number), interest).map_err(failed)?;
        stream.set_nodelay(true).ok();
        let (next_frame, out) = (0, 0);
        connections.push(Connection {
            stream,
            next_frame,
            out,
            sent_at: VecDeque::new(),
            input: Vec::new(),
        });
    }
    let mut outcome = Outcome::default();
    let mut events = Events::with_capacity(connections.len());
    let start = Instant::now();
    let mut sending = true;
    let mut chunk = vec![0; READ_SIZE];
    loop {
        poll.poll(&mut events, Some(SILENCE_MAX)).map_err(failed)?;
        if events.is_empty() {
            return Err(Failed(format!("{address} is silent for {SILENCE_MAX:?}")));
        }
        for event in &events {
            let number = event.token().0;
            let (connection, frames) = (&mut connections[number], &load.frames[number]);
            // Readiness is told once: read and write until the socket says that it would block.
            connection.read(&mut chunk, load.code_at, &mut outcome)?;
            connection.write(frames, load.depth, sending, &mut outcome).map_err(failed)?;
        }
        sending =
            sending && start.elapsed() < load.lasts && outcome.sent_bytes < load.sent_bytes_max;
        if !sending && connections.iter().all(|one| one.sent_at.is_empty() && one.out == 0) {
            outcome.took = start.elapsed();
            outcome.latencies.sort_unstable();
            return Ok(outcome);
        }
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
                    self.input.extend_from_slice(&chunk[..count]);
                    self.take_answers(code_at, outcome)?;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::NotConnected => return Ok(()),
                Err(error) => return Err(Failed(format!("read: {error}"))),
            }
        }
    }

    fn take_answers(&mut self, code_at: usize, outcome: &mut Outcome) -> Result<(), Failed> {
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
            let micros = u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX);
            outcome.latencies.push(micros);
            outcome.requests += 1;
            at += 4 + size;
            outcome.received_bytes += u64::from(u32::from_be_bytes(*head));
        }
        self.input.drain(..at);
        Ok(())
    }

    fn write(
        &mut self,
        frames: &[Vec<u8>],
        depth: usize,
        sending: bool,
        outcome: &mut Outcome,
    ) -> std::io::Result<()> {
        // A frame that is half out is sent to its end in any case.
        while self.out > 0 || (sending && self.sent_at.len() < depth) {
            let frame = &frames[self.next_frame];
            if self.out == 0 {
                self.sent_at.push_back(Instant::now());
            }
            match self.stream.write(&frame[self.out..]) {
                Ok(count) => {
                    self.out += count;
                    outcome.sent_bytes += u64::try_from(count).unwrap_or(0);
                }
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) =>
                {
                    if self.out == 0 {
                        self.sent_at.pop_back();
                    }
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
            if self.out == frame.len() {
                self.out = 0;
                self.next_frame = (self.next_frame + 1) % frames.len();
            }
        }
        Ok(())
    }
}
