//! How long a broker takes until it serves.

use std::thread;
use std::time::{Duration, Instant};

use testkit::Failed;
use testkit::compare::Side;

use super::partitions::{create, millis};
use crate::Options;
use crate::broker::{Kind, Running};
use crate::machine::{raise_open_files, undisturbed};
use crate::requests;
use crate::rows::Rows;
use crate::subject::{SETTLE, first_acknowledged};

const EMPTY: &str = "empty directory";
/// Partitions of each topic of the full directory.
const PARTITION_COUNT: i32 = 1_000;

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    for round in 0..options.rounds {
        for kind in options.order(round) {
            let window = undisturbed(|| {
                let broker = Running::start(kind)?;
                let first = first_acknowledged(&broker)?;
                thread::sleep(SETTLE);
                Ok((first, broker.resident_megabytes()?))
            })?;
            let (first, memory) = window.value;
            rows.add(round, kind, EMPTY, "ms", millis(first))?;
            rows.add(round, kind, EMPTY, "memory MB", memory)?;
            rows.add_window(round, kind, EMPTY, &window)?;
        }
    }
    for kind in &options.kinds {
        full(options, rows, *kind)?;
    }
    Ok(())
}

/// A directory with many partitions, each with a record: one without may not even have a file.
fn full(options: &Options, rows: &Rows, kind: Kind) -> Result<(), Failed> {
    let (words, topics, rounds) = match options.is_quick {
        true => ("1,000 partitions", 1, 1),
        false => ("10,000 partitions", 10, 3),
    };
    // Apache Kafka keeps each partition's files open.
    raise_open_files(100_000)?;
    let mut broker = Running::start(kind)?;
    first_acknowledged(&broker)?;
    let records = requests::batch(1, 100)?;
    let mut side = Side::new(broker.address());
    for number in 0..topics {
        let topic = format!("bench-{number}");
        create(&broker, &topic, PARTITION_COUNT)?;
        // A broker may say that it leads partitions before it can be written to.
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let taken = requests::produce_to_all(&mut side, &topic, PARTITION_COUNT, &records)?;
            if usize::try_from(PARTITION_COUNT) == Ok(taken) {
                break;
            }
            if Instant::now() > end {
                return Err(Failed(format!("{taken} of {PARTITION_COUNT} took a record")));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
    for round in 0..rounds {
        thread::sleep(Duration::from_secs(1));
        broker.stop()?;
        broker.restart()?;
        let first = first_acknowledged(&broker)?;
        rows.add(round, kind, words, "ms", millis(first))?;
    }
    Ok(())
}
