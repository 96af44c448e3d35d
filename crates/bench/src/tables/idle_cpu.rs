//! What a broker costs that nobody uses.

use std::thread;
use std::time::{Duration, Instant};

use testkit::Failed;

use crate::Options;
use crate::broker::Running;
use crate::rows::Rows;
use crate::subject::first_acknowledged;

/// After the start, until a JVM has compiled what it wants to.
const CALM: Duration = Duration::from_secs(20);

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    let mut brokers = Vec::new();
    for kind in &options.kinds {
        let broker = Running::start(*kind)?;
        first_acknowledged(&broker)?;
        brokers.push((*kind, broker));
    }
    thread::sleep(if options.is_quick { CALM / 4 } else { CALM });
    let lasts = Duration::from_secs(if options.is_quick { 10 } else { 60 });
    let mut before = Vec::new();
    for (_, broker) in &brokers {
        before.push((Instant::now(), broker.cpu_seconds()?));
    }
    thread::sleep(lasts);
    for ((kind, broker), (began, before)) in brokers.iter().zip(before) {
        let share = (broker.cpu_seconds()? - before) / began.elapsed().as_secs_f64();
        rows.add(0, *kind, "nobody connected", "% of a core", share * 100.0)?;
    }
    Ok(())
}
