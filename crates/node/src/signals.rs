//! SIGTERM and SIGINT: the first asks for a stop in order, the second ends the process at once.

use std::io;
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Signals from now on, in place of the end of the process.
pub(crate) struct StopSignals(Signals);

impl StopSignals {
    pub(crate) fn listen() -> io::Result<Self> {
        Signals::new([SIGTERM, SIGINT]).map(Self)
    }

    /// Waits for the first. From then on another one ends the process, with the code that shells expect.
    pub(crate) fn wait(mut self) -> &'static str {
        let first = self.0.forever().next();
        let mut signals = self.0;
        // Without the thread a second signal would only be ignored.
        let _ = thread::Builder::new().name("signals".to_owned()).spawn(move || {
            if let Some(second) = signals.forever().next() {
                signal_hook::low_level::exit(128 + second);
            }
        });
        if first == Some(SIGINT) { "SIGINT" } else { "SIGTERM" }
    }
}
