//! One thread that sends requests on a number of connections and times each answer.
//!
//! What is ready goes out in one write, and of an answer only its beginning is looked at, so that the client costs little and
//! the broker is the limit.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use mio::{Events, Poll};

use crate::clock::Clock;
use crate::connection::{Connection, Progress};
use crate::error::{LoadError, Result};
use crate::limits::{CONNECTIONS_AT_ONCE, READ_SIZE, SILENCE_MAX};
use crate::outcome::Outcome;
use crate::pace::Pace;

/// One connection and what is sent on it.
#[derive(Clone, Debug)]
pub struct Lane {
    pub address: SocketAddr,
    /// Sent in turn and from the first again; lanes may share them.
    pub frames: Arc<Vec<Vec<u8>>>,
}

/// What is known of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Each has an error code of 16 bits, so many bytes from the correlation id on, that must be zero.
    WithCode { at: usize },
    /// None comes: a request is done when the system has taken it, and one more that is answered says that the broker has
    /// taken all of them.
    None,
}

/// What is sent, and for how long.
#[derive(Clone, Debug)]
pub struct Load {
    pub lanes: Vec<Lane>,
    pub pace: Pace,
    pub answers: Answers,
    /// It ends at the first of the three.
    pub lasts: Duration,
    pub sent_bytes_max: u64,
    pub requests_max: u64,
}

impl Load {
    /// One that ends by the clock alone.
    pub fn lasting(lanes: Vec<Lane>, pace: Pace, answers: Answers, lasts: Duration) -> Self {
        Self { lanes, pace, answers, lasts, sent_bytes_max: u64::MAX, requests_max: u64::MAX }
    }
}

/// Runs the load; every request that was sent has been answered when it returns.
pub fn run(load: &Load) -> Result<Outcome> {
    Connected::to(load)?.run(load)
}

/// The connections of a load, open before its clock starts and after it stops: who counts what the load costs can leave out what they
/// cost.
pub struct Connected {
    poll: Poll,
    connections: Vec<Connection>,
}

impl Connected {
    pub fn to(load: &Load) -> Result<Self> {
        if load.lanes.is_empty() || load.lanes.iter().any(|lane| lane.frames.is_empty()) {
            return Err(LoadError::Empty);
        }
        let poll = Poll::new().map_err(LoadError::io("wait for sockets"))?;
        let mut connections = Vec::with_capacity(load.lanes.len());
        for (number, lane) in load.lanes.iter().enumerate() {
            if number > 0 && number.is_multiple_of(CONNECTIONS_AT_ONCE) {
                thread::sleep(Duration::from_millis(4));
            }
            connections.push(Connection::open(&poll, number, lane)?);
        }
        Ok(Self { poll, connections })
    }

    /// As [`run`]; `load` is the one that these connections were opened for. They stay open.
    pub fn run(&mut self, load: &Load) -> Result<Outcome> {
        let Self { poll, connections } = self;
        let mut progress = Progress {
            pace: load.pace,
            answers: load.answers,
            sending: true,
            left: load.requests_max,
            until: None,
            sent_bytes_max: load.sent_bytes_max,
            outcome: Outcome::new(connections.len())?,
        };
        let mut events = Events::with_capacity(connections.len().max(16));
        let mut chunk = vec![0; READ_SIZE];
        let start = Instant::now();
        progress.until = start.checked_add(load.lasts);
        let clock = Clock::start(poll, load.pace, start);
        let mut clock = clock.map_err(LoadError::io("start the clock of an open load"))?;
        let mut heard = (start, 0);
        let mut has_ended = false;
        loop {
            match poll.poll(&mut events, Some(SILENCE_MAX)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                other => other.map_err(LoadError::io("wait for sockets"))?,
            }
            if let (Some(clock), true) = (&mut clock, progress.sending) {
                // Only whose turn it is: of ten thousand connections few have something due.
                for number in clock.tick(connections)? {
                    let Some(connection) = connections.get_mut(number) else { continue };
                    connection.write(&mut progress)?;
                }
            }
            for event in &events {
                let Some(connection) = connections.get_mut(event.token().0) else { continue };
                // Readiness is told once: read and write until the socket has no more.
                connection.read(&mut chunk, &mut progress)?;
                connection.write(&mut progress)?;
            }
            // The clock of an open load goes on whether or not the broker does.
            let moved = progress.outcome.sent_bytes + progress.outcome.received_bytes;
            if moved > heard.1 {
                heard = (Instant::now(), moved);
            } else if heard.0.elapsed() >= silence_max(load.pace) {
                return Err(LoadError::Silent);
            }
            progress.look_at(Instant::now());
            if !progress.sending && !has_ended {
                has_ended = true;
                clock = None;
                for connection in connections.iter_mut() {
                    connection.write(&mut progress)?;
                }
            }
            if !progress.sending && connections.iter().all(|one| one.is_done(&progress)) {
                progress.outcome.took = start.elapsed();
                return Ok(progress.outcome);
            }
        }
    }
}

/// Requests of a slow open load are further apart than the silence of a broker may be long.
fn silence_max(pace: Pace) -> Duration {
    match pace {
        Pace::Closed { .. } => SILENCE_MAX,
        Pace::Open { per_second } => Duration::try_from_secs_f64(1.0 / per_second)
            .map_or(SILENCE_MAX, |gap| gap + SILENCE_MAX),
    }
}

#[cfg(test)]
mod tests;
