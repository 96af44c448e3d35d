//! What a broker has to bear beside its work: thousands of connections that do nothing, readers that do not read, a client
//! that sends one byte a second, frames that are too large, and topics deleted while they are written to.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use load::{Load, Pace, frames};
use rustix::net::sockopt::set_socket_recv_buffer_size;
use testkit::Failed;
use testkit::compare::Side;

use crate::broker::Running;
use crate::requests::{self, ACKS, failed};
use crate::subject::{Spec, Work, fill, produce_load};
use crate::tables::open_connections;

pub(crate) const IDLE_COUNT: usize = 5_000;
/// Readers, fetches of 1 MiB that each has asked for at once, and what each reads how often.
const SLOW_COUNT: usize = 20;
const SLOW_ASKED: usize = 4;
const SLOW_READ: usize = 1_024;
const SLOW_EVERY: Duration = Duration::from_millis(100);
const BYTE_EVERY: Duration = Duration::from_secs(1);
const OVERSIZED_EVERY: Duration = Duration::from_millis(50);
/// Of a deleted topic: its load, and its life.
const DOOMED_PER_SECOND: f64 = 200.0;
const DOOMED_LIVES: Duration = Duration::from_secs(1);
/// What slow readers ask for.
const READ_TOPIC: &str = "bench-slowly-read";

/// All of it, until it is stopped.
pub(crate) struct Nuisance {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Result<(), Failed>>>,
    _idle: Vec<TcpStream>,
}

impl Nuisance {
    /// Once for a broker: what slow readers read.
    pub(crate) fn prepare(broker: &Running) -> Result<(), Failed> {
        fill(broker, READ_TOPIC, 64 << 20)
    }

    pub(crate) fn start(broker: &Arc<Running>) -> Result<Self, Failed> {
        let address = broker.address();
        let socket = address.parse().map_err(|error| Failed(format!("{address}: {error}")))?;
        let stop = Arc::new(AtomicBool::new(false));
        let idle = open_connections(broker, IDLE_COUNT)?;
        let frame = frames::fetch_frame(READ_TOPIC, 0, 0, 1 << 20, 500).map_err(failed)?;
        let record = requests::batch(1, 100)?;
        let dripped = frames::produce_frame(READ_TOPIC, 0, record, ACKS).map_err(failed)?;
        let mut threads = Vec::new();
        let told = Arc::clone(&stop);
        threads.push(thread::spawn(move || read_slowly(socket, &frame, &told)));
        let told = Arc::clone(&stop);
        threads.push(thread::spawn(move || drip(socket, &dripped, &told)));
        let told = Arc::clone(&stop);
        threads.push(thread::spawn(move || oversize(socket, &told)));
        let (told, broker) = (Arc::clone(&stop), Arc::clone(broker));
        threads.push(thread::spawn(move || doom(&broker, &told)));
        Ok(Self { stop, threads, _idle: idle })
    }

    /// Ends it; what did not go as it must is an error.
    pub(crate) fn stop(mut self) -> Result<(), Failed> {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.join().map_err(|_| Failed("a nuisance panicked".into()))??;
        }
        Ok(())
    }
}

impl Drop for Nuisance {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn io(what: &'static str) -> impl Fn(std::io::Error) -> Failed {
    move |error| Failed(format!("{what}: {error}"))
}

fn read_slowly(address: SocketAddr, frame: &[u8], stop: &AtomicBool) -> Result<(), Failed> {
    let failed = io("read slowly");
    let open = || {
        let mut stream = TcpStream::connect(address)?;
        set_socket_recv_buffer_size(&stream, 4_096)?;
        for _ in 0..SLOW_ASKED {
            stream.write_all(frame)?;
        }
        Ok(stream)
    };
    let mut readers = Vec::new();
    for _ in 0..SLOW_COUNT {
        readers.push(open().map_err(&failed)?);
    }
    let mut some = [0; SLOW_READ];
    while !stop.load(Ordering::Relaxed) {
        for stream in &mut readers {
            // A broker may defend itself by closing one; then there is another.
            if stream.read_exact(&mut some).is_err() {
                *stream = open().map_err(&failed)?;
            }
        }
        thread::sleep(SLOW_EVERY);
    }
    Ok(())
}

fn drip(address: SocketAddr, frame: &[u8], stop: &AtomicBool) -> Result<(), Failed> {
    let failed = io("send one byte a second");
    let mut stream = TcpStream::connect(address).map_err(&failed)?;
    for byte in frame.iter().cycle() {
        stream.write_all(&[*byte]).map_err(&failed)?;
        let since = Instant::now();
        while since.elapsed() < BYTE_EVERY {
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
    Ok(())
}

/// Each must be refused by a closed connection, at once.
fn oversize(address: SocketAddr, stop: &AtomicBool) -> Result<(), Failed> {
    let failed = io("send a frame that is too large");
    let sizes = [i32::MAX, 200 << 20, -1];
    for size in sizes.iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let mut stream = TcpStream::connect(address).map_err(&failed)?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).map_err(&failed)?;
        // The broker may have closed it before all is sent.
        let _: std::io::Result<()> =
            stream.write_all(&size.to_be_bytes()).and_then(|()| stream.write_all(&[0; 65_536]));
        match stream.read(&mut [0; 16]) {
            Ok(0) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            other => return Err(Failed(format!("a frame of {size} bytes got {other:?}"))),
        }
        thread::sleep(OVERSIZED_EVERY);
    }
    Ok(())
}

/// Topics that are deleted under load, one after the other; the load's end is what the deletion makes of it.
fn doom(broker: &Running, stop: &AtomicBool) -> Result<(), Failed> {
    // A name is never used again: what deletes the first topic of it may still be at work.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let spec = Spec {
        words: "",
        work: Work::Produce { records: 16, size: 1_000 },
        connections: 4,
        pace: Pace::Open { per_second: DOOMED_PER_SECOND },
    };
    while !stop.load(Ordering::Relaxed) {
        let topic = format!("bench-doomed-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let load: Load = produce_load(broker, &topic, (16, 1_000), &spec, Duration::from_secs(30))?;
        let client = thread::spawn(move || load::run(&load));
        thread::sleep(DOOMED_LIVES);
        requests::delete(&mut Side::new(broker.address()), &topic)?;
        match client.join() {
            Ok(Err(load::LoadError::Refused { .. } | load::LoadError::Closed(_))) => {}
            other => return Err(Failed(format!("the load on a deleted topic: {other:?}"))),
        }
    }
    Ok(())
}
