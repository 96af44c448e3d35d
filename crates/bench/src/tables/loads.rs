//! Tables of loads on brokers that run side by side.

use load::Pace;
use testkit::Failed;

use crate::Options;
use crate::rows::Rows;
use crate::subject::{Spec, Work, measure};

const fn produce(
    words: &'static str,
    (records, size): (u64, usize),
    connections: usize,
    pace: Pace,
) -> Spec {
    Spec { words, work: Work::Produce { records, size }, connections, pace }
}

const CLOSED_5: Pace = Pace::Closed { depth: 5 };
const OPEN_5000: Pace = Pace::Open { per_second: 5_000.0 };

pub(super) fn produce_cpu(options: &Options, rows: &Rows) -> Result<(), Failed> {
    let specs = [
        produce("16 KB batches, 16×5", (16, 1_000), 16, CLOSED_5),
        produce("1 MB batches, 16×5", (1_000, 1_000), 16, CLOSED_5),
    ];
    measure(options, rows, &specs)
}

pub(super) fn requests(options: &Options, rows: &Rows) -> Result<(), Failed> {
    let one = (1, 100);
    let specs = [
        produce("single records, 32×5", one, 32, CLOSED_5),
        produce("single records, 32×1", one, 32, Pace::Closed { depth: 1 }),
        produce("single records, open 5,000/s", one, 32, OPEN_5000),
    ];
    measure(options, rows, &specs)
}

pub(super) fn fetch(options: &Options, rows: &Rows) -> Result<(), Failed> {
    let pace = Pace::Closed { depth: 1 };
    let spec = Spec { words: "fetch 1 MiB, 4×1", work: Work::Fetch, connections: 4, pace };
    measure(options, rows, &[spec])
}
