//! Where things are, and which ports are free.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
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

/// A port on the loopback address that nobody listens on at this moment.
pub fn free_port() -> Result<u16, Failed> {
    let listener =
        TcpListener::bind("127.0.0.1:0").map_err(|e| Failed(format!("find a free port: {e}")))?;
    let address = listener.local_addr().map_err(|e| Failed(format!("find a free port: {e}")))?;
    Ok(address.port())
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
