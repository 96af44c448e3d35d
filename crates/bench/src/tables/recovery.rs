//! A broker that is killed while it is written to, and how long it takes until it knows its topics again.

use std::thread;
use std::time::Duration;

use load::{LoadError, Pace};
use testkit::Failed;

use super::partitions::{led, millis};
use crate::Options;
use crate::broker::Running;
use crate::machine;
use crate::rows::Rows;
use crate::subject::{Spec, Work, first_acknowledged, produce_load};

const TOPIC: &str = "bench-killed";
/// 2 GB of batches of 16 KB in 60 s.
const PER_SECOND: f64 = 2_000_000_000.0 / 60.0 / 16_000.0;

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    // The short form sends faster.
    let (words, lasts, per_second) = match options.is_quick {
        true => ("0.6 GB in 3 s, kill -9 under load", 3, PER_SECOND * 6.0),
        false => ("2 GB in 60 s, kill -9 under load", 60, PER_SECOND),
    };
    for kind in &options.kinds {
        let mut broker = Running::start(*kind)?;
        first_acknowledged(&broker)?;
        machine::prepare(options, &broker.data())?;
        let spec = Spec {
            words,
            work: Work::Produce { records: 16, size: 1_000 },
            connections: 16,
            pace: Pace::Open { per_second },
        };
        // The load goes on until the kill ends it.
        let long = Duration::from_secs(lasts * 10);
        let load = produce_load(&broker, TOPIC, (16, 1_000), &spec, long)?;
        let client = thread::spawn(move || load::run(&load).map(|_| ()));
        thread::sleep(Duration::from_secs(lasts));
        let was_loaded = !client.is_finished();
        broker.kill()?;
        match client.join() {
            Ok(Err(LoadError::Closed(_) | LoadError::Connection { .. })) if was_loaded => {}
            Ok(Err(error)) => {
                return Err(Failed(format!("the load failed before the kill: {error}")));
            }
            _ => return Err(Failed("the load ended before the broker was killed".into())),
        }
        broker.restart()?;
        led(&broker, TOPIC, 16)?;
        rows.add(0, *kind, words, "start ms", millis(broker.spawned().elapsed()))?;
    }
    Ok(())
}
