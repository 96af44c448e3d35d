//! Many consumers that wait: each has a connection with one fetch that waits longer than the measurement lasts.

use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use load::frames;
use testkit::Failed;
use testkit::compare::Side;

use crate::Options;
use crate::broker::Running;
use crate::machine::{raise_open_files, undisturbed};
use crate::requests::{self, failed};
use crate::rows::Rows;
use crate::subject::first_acknowledged;

const POLL_COUNT: usize = 10_000;
/// Longer than anything here.
const WAIT_MS: i32 = 600_000;
const TOPIC: &str = "bench-first";
const WORDS: &str = "10,000 idle long polls";

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    raise_open_files(POLL_COUNT + 1_000)?;
    let (calm, lasts) = if options.is_quick { (2, 5) } else { (5, 30) };
    for kind in options.order(0) {
        let broker = Running::start(kind)?;
        first_acknowledged(&broker)?;
        let memory = broker.resident_megabytes()?;
        let end = requests::end_offset(&mut Side::new(broker.address()), TOPIC, 0)?;
        let frame = frames::fetch_frame(TOPIC, 0, end, 1 << 20, WAIT_MS).map_err(failed)?;
        let mut polls = open(&broker, POLL_COUNT)?;
        for stream in &mut polls {
            stream.write_all(&frame).map_err(|error| Failed(format!("send a fetch: {error}")))?;
        }
        thread::sleep(Duration::from_secs(calm));
        let window = undisturbed(|| {
            let before = broker.cpu()?;
            thread::sleep(Duration::from_secs(lasts));
            Ok(broker.cpu()? - before)
        })?;
        let share = window.value.as_secs_f64() / Duration::from_secs(lasts).as_secs_f64();
        rows.add(0, kind, WORDS, "% of a core", share * 100.0)?;
        rows.add(0, kind, WORDS, "memory more MB", broker.resident_megabytes()? - memory)?;
        rows.add_window(0, kind, WORDS, &window)?;
        let waiting = polls.iter().filter(|stream| still_waits(stream)).count();
        if waiting != POLL_COUNT {
            return Err(Failed(format!("only {waiting} of {POLL_COUNT} fetches still wait")));
        }
    }
    Ok(())
}

/// Connections to a broker, made no faster than a backlog takes them.
pub(crate) fn open(broker: &Running, count: usize) -> Result<Vec<TcpStream>, Failed> {
    let connections = (0..count).map(|number| {
        // A full backlog (50 by default) would make the kernel try again only after a second.
        if number.is_multiple_of(16) {
            thread::sleep(Duration::from_millis(4));
        }
        TcpStream::connect(broker.address())
            .map_err(|error| Failed(format!("open a connection: {error}")))
    });
    connections.collect()
}

/// Neither answered nor closed.
fn still_waits(stream: &TcpStream) -> bool {
    let peeked = stream.set_nonblocking(true).and_then(|()| stream.peek(&mut [0]));
    peeked.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}
