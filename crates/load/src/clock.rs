use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::{Duration, Instant};

use mio::unix::SourceFd;
use mio::{Interest, Poll, Token};
use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec};

use crate::connection::Connection;
use crate::error::{LoadError, Result};
use crate::limits::{DUE_COUNT_MAX, TICK_MIN};
use crate::pace::Pace;

/// The event of the clock of an open load.
pub(crate) const CLOCK: Token = Token(usize::MAX);

/// Says which requests of an open load have become due, and wakes the loop for them.
pub(crate) struct Clock {
    timer: OwnedFd,
    start: Instant,
    per_second: f64,
    /// Requests that have become due.
    count: u64,
}

impl Clock {
    /// `None` for a closed load.
    pub(crate) fn start(poll: &Poll, pace: Pace, start: Instant) -> io::Result<Option<Self>> {
        let Pace::Open { per_second } = pace else { return Ok(None) };
        let every = Duration::try_from_secs_f64(1.0 / per_second)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?
            .max(TICK_MIN);
        let every = Timespec {
            tv_sec: i64::try_from(every.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: every.subsec_nanos().into(),
        };
        let timer =
            rustix::time::timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK)?;
        let times = Itimerspec { it_interval: every, it_value: every };
        rustix::time::timerfd_settime(&timer, TimerfdTimerFlags::empty(), &times)?;
        poll.registry().register(&mut SourceFd(&timer.as_raw_fd()), CLOCK, Interest::READABLE)?;
        Ok(Some(Self { timer, start, per_second, count: 0 }))
    }

    /// Hands what has become due to the connections in turn, and says which have more to send now.
    pub(crate) fn tick(
        &mut self,
        connections: &mut [Connection],
    ) -> Result<impl Iterator<Item = usize> + use<>> {
        // A timer that is not read does not fire again, and then only answers would send what is due. That it has not
        // fired yet is no failure.
        let _: rustix::io::Result<usize> = rustix::io::read(&self.timer, &mut [0; 8]);
        let elapsed = self.start.elapsed();
        let modulus = u64::try_from(connections.len().max(1)).unwrap_or(1);
        let first = self.count;
        loop {
            let due = Duration::from_secs_f64(to_f64(self.count) / self.per_second);
            let number = usize::try_from(self.count % modulus).unwrap_or(0);
            let Some(connection) = connections.get_mut(number).filter(|_| due <= elapsed) else {
                // Each once, however much it has.
                let turns = first..self.count.min(first.saturating_add(modulus));
                return Ok(turns.filter_map(move |turn| usize::try_from(turn % modulus).ok()));
            };
            if connection.due.len() >= DUE_COUNT_MAX {
                let address = connection.address();
                return Err(LoadError::Behind { address, per_second: self.per_second });
            }
            connection.due.push_back(self.start + due);
            self.count += 1;
        }
    }
}

fn to_f64(count: u64) -> f64 {
    // Exact to 2^53 requests.
    count as f64
}
