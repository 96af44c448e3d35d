//! A broker that is killed while it is written to, and how long it takes until it knows its topics again.

use std::thread;
use std::time::Duration;

use testkit::Failed;

use super::partitions::{led, millis};
use crate::Options;
use crate::broker::Running;
use crate::load::{self, Pace};
use crate::rows::Rows;
use crate::subject::{Spec, Work, first_acknowledged, produce_load};

const WORDS: &str = "2 GB in 60 s, kill -9 under load";
const TOPIC: &str = "bench-killed";
/// 2 GB of batches of 16 KB in 60 s.
const PER_SECOND: u32 = 2_000_000_000 / 60 / 16_000;

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    // The short form sends the same bytes faster.
    let (lasts, per_second) =
        if options.is_quick { (12, PER_SECOND * 5) } else { (60, PER_SECOND) };
    for kind in &options.kinds {
        let mut broker = Running::start(*kind)?;
        first_acknowledged(&broker)?;
        let spec = Spec {
            words: WORDS,
            work: Work::Produce { records: 16, size: 1_000 },
            connections: 16,
            pace: Pace::Open { per_second },
        };
        // The load goes on until the kill ends it.
        let long = Duration::from_secs(lasts * 10);
        let load = produce_load(&broker, TOPIC, (16, 1_000), &spec, long)?;
        let address = broker.address();
        let client = thread::spawn(move || load::run(&address, &load).is_err());
        thread::sleep(Duration::from_secs(lasts));
        broker.kill()?;
        match client.join() {
            Ok(true) => {}
            _ => return Err(Failed("the load ended before the broker was killed".into())),
        }
        broker.restart()?;
        led(&broker, TOPIC, 16)?;
        rows.add(0, *kind, WORDS, "start ms", millis(broker.spawned().elapsed()))?;
    }
    Ok(())
}
