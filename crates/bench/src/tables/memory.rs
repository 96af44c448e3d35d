//! Resident memory before, during and after a flood.

use std::thread;
use std::time::Duration;

use testkit::Failed;

use crate::Options;
use crate::broker::Running;
use crate::load::{self, Pace};
use crate::rows::Rows;
use crate::subject::{SETTLE, Spec, Work, first_acknowledged, produce_load};

const WORDS: &str = "16 KB batches, 16×5";
/// After the flood.
const CALM: Duration = Duration::from_secs(10);

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    for kind in &options.kinds {
        let broker = Running::start(*kind)?;
        first_acknowledged(&broker)?;
        thread::sleep(SETTLE);
        rows.add(0, *kind, WORDS, "idle MB", broker.resident_megabytes()?)?;
        let spec = Spec {
            words: WORDS,
            work: Work::Produce { records: 16, size: 1_000 },
            connections: 16,
            pace: Pace::Closed { depth: 5 },
        };
        let lasts = Duration::from_secs(600);
        let mut flood = produce_load(&broker, "bench-flood", (16, 1_000), &spec, lasts)?;
        flood.sent_bytes_max = if options.is_quick { 1 << 30 } else { 10_000_000_000 };
        load::run(&broker.address(), &flood)?;
        thread::sleep(CALM);
        rows.add(0, *kind, WORDS, "10 s after MB", broker.resident_megabytes()?)?;
        rows.add(0, *kind, WORDS, "peak MB", broker.peak_megabytes()?)?;
    }
    Ok(())
}
