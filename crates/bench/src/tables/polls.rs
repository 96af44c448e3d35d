//! Many consumers that wait: each has a connection with one fetch that waits longer than the measurement lasts.

use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use testkit::Failed;
use testkit::compare::Side;

use crate::Options;
use crate::broker::Running;
use crate::requests;
use crate::rows::Rows;
use crate::subject::first_acknowledged;

const POLL_COUNT: usize = 10_000;
/// Longer than anything here.
const WAIT_MS: i32 = 300_000;
const TOPIC: &str = "bench-first";

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    raise_open_files()?;
    for kind in options.order(0) {
        let broker = Running::start(kind)?;
        first_acknowledged(&broker)?;
        let memory = broker.resident_megabytes()?;
        let end = requests::end_offset(&mut Side::new(broker.address()), TOPIC, 0)?;
        let frame = requests::fetch_frame(TOPIC, 0, end, WAIT_MS)?;
        let failed = |error: std::io::Error| Failed(format!("open a connection: {error}"));
        let mut polls = Vec::new();
        for number in 0..POLL_COUNT {
            // A full backlog (50 by default) would make the kernel try again only after a second.
            if number.is_multiple_of(16) {
                thread::sleep(Duration::from_millis(4));
            }
            let mut stream = TcpStream::connect(broker.address()).map_err(failed)?;
            stream.write_all(&frame).map_err(failed)?;
            polls.push(stream);
        }
        thread::sleep(Duration::from_secs(5));
        let (began, before) = (Instant::now(), broker.cpu_seconds()?);
        thread::sleep(Duration::from_secs(if options.is_quick { 10 } else { 60 }));
        let share = (broker.cpu_seconds()? - before) / began.elapsed().as_secs_f64();
        let words = "10,000 idle long polls";
        rows.add(0, kind, words, "% of a core", share * 100.0)?;
        rows.add(0, kind, words, "memory more MB", broker.resident_megabytes()? - memory)?;
        let waiting = polls.iter().filter(|stream| still_waits(stream)).count();
        if waiting != POLL_COUNT {
            return Err(Failed(format!("only {waiting} of {POLL_COUNT} fetches still wait")));
        }
    }
    Ok(())
}

/// Neither answered nor closed.
fn still_waits(stream: &TcpStream) -> bool {
    let peeked = stream.set_nonblocking(true).and_then(|()| stream.peek(&mut [0]));
    peeked.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

/// For this process and the brokers that it starts.
fn raise_open_files() -> Result<(), Failed> {
    let wanted = u64::try_from(POLL_COUNT + 1_000).unwrap_or(u64::MAX);
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    let raised = Rlimit { current: Some(wanted), maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised)
        .map_err(|error| Failed(format!("raise the limit of open files to {wanted}: {error}")))
}
