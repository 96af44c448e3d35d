//! What a broker costs that nobody uses.

use std::thread;
use std::time::Duration;

use testkit::Failed;

use crate::Options;
use crate::machine::undisturbed;
use crate::rows::Rows;
use crate::subject::start_all;

/// After the start, until a JVM has compiled what it wants to.
const CALM: Duration = Duration::from_secs(20);
const WORDS: &str = "nobody connected";

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    let subjects = start_all(options)?;
    thread::sleep(if options.is_quick { CALM / 4 } else { CALM });
    let lasts = Duration::from_secs(if options.is_quick { 5 } else { 60 });
    let window = undisturbed(|| {
        let mut used = Vec::new();
        for subject in &subjects {
            used.push(subject.broker.cpu()?);
        }
        thread::sleep(lasts);
        for (subject, used) in subjects.iter().zip(&mut used) {
            *used = subject.broker.cpu()? - *used;
        }
        Ok(used)
    })?;
    for (subject, used) in subjects.iter().zip(&window.value) {
        let share = used.as_secs_f64() / lasts.as_secs_f64();
        rows.add(0, subject.kind, WORDS, "% of a core", share * 100.0)?;
        rows.add_window(0, subject.kind, WORDS, &window)?;
    }
    Ok(())
}
