//! How long a broker takes until it serves.

use std::thread;
use std::time::Duration;

use testkit::Failed;

use super::partitions::{create, millis};
use crate::Options;
use crate::broker::{Kind, Running};
use crate::rows::Rows;
use crate::subject::{SETTLE, first_acknowledged};

const EMPTY: &str = "empty directory";
const FULL: &str = "10,000 partitions";
/// Topics of the full directory, and partitions of each.
const TOPIC_COUNT: i32 = 10;
const PARTITION_COUNT: i32 = 1_000;

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    for round in 0..options.rounds.max(3) {
        for kind in options.order(round) {
            let broker = Running::start(kind)?;
            let first = first_acknowledged(&broker)?;
            rows.add(round, kind, EMPTY, "ms", millis(first))?;
            thread::sleep(SETTLE);
            rows.add(round, kind, EMPTY, "memory MB", broker.resident_megabytes()?)?;
        }
    }
    for kind in &options.kinds {
        full(options, rows, *kind)?;
    }
    Ok(())
}

fn full(options: &Options, rows: &Rows, kind: Kind) -> Result<(), Failed> {
    let mut broker = Running::start(kind)?;
    first_acknowledged(&broker)?;
    for number in 0..TOPIC_COUNT {
        create(&broker, &format!("bench-{number}"), PARTITION_COUNT)?;
    }
    for round in 0..if options.is_quick { 1 } else { 3 } {
        thread::sleep(Duration::from_secs(1));
        broker.stop()?;
        broker.restart()?;
        let first = first_acknowledged(&broker)?;
        rows.add(round, kind, FULL, "ms", millis(first))?;
    }
    Ok(())
}
