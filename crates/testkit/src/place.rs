//! Where things are, and which ports are free.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::Failed;

/// The project's root, found from this crate's own place.
pub fn project_root() -> PathBuf {
    let crate_directory = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_directory.ancestors().nth(2).unwrap_or(crate_directory).to_path_buf()
}

/// Where builds and fetched packages go.
pub fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project_root().join("target"), PathBuf::from)
}

/// Below the ports that systems give to outgoing connections, one of which could take a port before its server does.
const PORTS: Range<u16> = 12_000..32_000;

/// A port on the loopback address that nobody listens on at this moment; this process names it once in 20,000 calls.
pub fn free_port() -> Result<u16, Failed> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let count = u32::from(PORTS.end - PORTS.start);
    // Processes that run beside each other begin at different places.
    let first = std::process::id().wrapping_mul(7_919);
    for _ in 0..count {
        let place = first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % count;
        let Some(port) = u16::try_from(place).ok().map(|place| PORTS.start + place) else { break };
        // Asked by a connection: a listener of our own would live on in a program that another thread starts at this
        // moment, until that is loaded, and take in the clients of the server that is meant.
        if TcpStream::connect(("127.0.0.1", port)).is_err() {
            return Ok(port);
        }
    }
    Err(Failed(format!("no port of {PORTS:?} is free")))
}

/// Whether a broker at `port` answers: a listener alone may belong to one that has still to open its data.
pub(crate) fn is_served(port: u16) -> bool {
    // ApiVersions 0 without a client id.
    let request = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff];
    let exchange = || {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(&request)?;
        stream.read_exact(&mut [0; 8])
    };
    exchange().is_ok()
}

/// Waits until something accepts connections at `port`.
pub fn wait_for_port(port: u16, at_most: Duration) -> Result<(), Failed> {
    let end = Instant::now() + at_most;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if Instant::now() > end {
            return Err(Failed(format!("nothing listens on port {port} after {at_most:?}")));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}
