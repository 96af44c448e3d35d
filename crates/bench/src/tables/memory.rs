//! Resident memory before, during and after a flood.

use std::thread;
use std::time::Duration;

use load::Pace;
use testkit::Failed;

use crate::Options;
use crate::broker::Running;
use crate::requests::failed;
use crate::rows::Rows;
use crate::subject::{SETTLE, Spec, Work, first_acknowledged, produce_load};

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    let (words, bytes, calm) = match options.is_quick {
        true => ("1 GB of 16 KB batches, 16×5", 1_000_000_000, 3),
        false => ("10 GB of 16 KB batches, 16×5", 10_000_000_000, 10),
    };
    for kind in &options.kinds {
        let broker = Running::start(*kind)?;
        first_acknowledged(&broker)?;
        thread::sleep(SETTLE);
        rows.add(0, *kind, words, "idle MB", broker.resident_megabytes()?)?;
        let spec = Spec {
            words,
            work: Work::Produce { records: 16, size: 1_000 },
            connections: 16,
            pace: Pace::Closed { depth: 5 },
        };
        let lasts = Duration::from_secs(600);
        let mut flood = produce_load(&broker, "bench-flood", (16, 1_000), &spec, lasts)?;
        flood.sent_bytes_max = bytes;
        load::run(&flood).map_err(failed)?;
        thread::sleep(Duration::from_secs(calm));
        rows.add(0, *kind, words, "after MB", broker.resident_megabytes()?)?;
        rows.add(0, *kind, words, "peak MB", broker.peak_megabytes()?)?;
    }
    Ok(())
}
