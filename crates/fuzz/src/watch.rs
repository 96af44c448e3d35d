//! Finds runs that do not come back.

use std::io::Write;
use std::sync::{Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use crate::hex::to_hex;
use crate::limits::HANG;

struct Running {
    thread: std::thread::ThreadId,
    target: &'static str,
    input: Vec<u8>,
    since: Instant,
}

static RUNNING: Mutex<Vec<Running>> = Mutex::new(Vec::new());

/// From now on a run that hangs ends the process, its input named.
pub fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::thread::spawn(|| {
            loop {
                std::thread::sleep(Duration::from_secs(1));
                for run in &*RUNNING.lock().unwrap_or_else(PoisonError::into_inner) {
                    if run.since.elapsed() > HANG {
                        let (target, input) = (run.target, to_hex(&run.input));
                        let _ = writeln!(
                            std::io::stderr(),
                            "target {target} hangs\nrepeat: cargo xtask fuzz --target {target} --input {input}"
                        );
                        std::process::abort();
                    }
                }
            }
        });
    });
}

/// Watches the run until the guard is dropped.
pub(crate) fn running(target: &'static str, input: &[u8]) -> impl Drop {
    let thread = std::thread::current().id();
    let run = Running { thread, target, input: input.to_vec(), since: Instant::now() };
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner).push(run);
    Ended
}

struct Ended;

impl Drop for Ended {
    fn drop(&mut self) {
        let thread = std::thread::current().id();
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|run| run.thread != thread);
    }
}

/// Whether a target runs on this thread.
pub(crate) fn is_running() -> bool {
    let thread = std::thread::current().id();
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    running.iter().any(|run| run.thread == thread)
}
