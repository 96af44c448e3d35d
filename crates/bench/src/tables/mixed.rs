//! Loads of the other tables, alone and beside everything that clients should not do.

use std::sync::Arc;

use load::{Load, Outcome, Pace};
use testkit::Failed;

use crate::Options;
use crate::broker::Running;
use crate::machine::{self, raise_open_files, undisturbed};
use crate::nuisance::{IDLE_COUNT, Nuisance};
use crate::requests::failed;
use crate::rows::Rows;
use crate::subject::{Spec, Subject, Work, start_all};

const SPECS: [Spec; 2] = [
    Spec {
        words: "single records, open 5,000/s",
        work: Work::Produce { records: 1, size: 100 },
        connections: 32,
        pace: Pace::Open { per_second: 5_000.0 },
    },
    Spec {
        words: "16 KB batches, 16×5",
        work: Work::Produce { records: 16, size: 1_000 },
        connections: 16,
        pace: Pace::Closed { depth: 5 },
    },
];

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    raise_open_files(100_000.max(4 * IDLE_COUNT))?;
    let mut subjects = start_all(options)?;
    for subject in &subjects {
        Nuisance::prepare(&subject.broker)?;
    }
    for spec in &SPECS {
        for subject in &mut subjects {
            subject.warm_up(options, spec)?;
        }
        for round in 0..options.rounds.min(3) {
            for kind in options.order(round) {
                for subject in subjects.iter_mut().filter(|subject| subject.kind == kind) {
                    let window = undisturbed(|| both(options, subject, spec, round))?;
                    let [alone, mixed] = &window.value;
                    let figures = [
                        ("p50 alone ms", alone.percentile_ms(50.0)),
                        ("p50 mixed ms", mixed.percentile_ms(50.0)),
                        ("p99 alone ms", alone.percentile_ms(99.0)),
                        ("p99 mixed ms", mixed.percentile_ms(99.0)),
                        (
                            "p99 mixed ÷ alone",
                            mixed.percentile_ms(99.0) / alone.percentile_ms(99.0),
                        ),
                        ("p99.9 alone ms", alone.percentile_ms(99.9)),
                        ("p99.9 mixed ms", mixed.percentile_ms(99.9)),
                        ("MB/s alone", megabytes_per_second(alone)),
                        ("MB/s mixed", megabytes_per_second(mixed)),
                    ];
                    for (figure, value) in figures {
                        rows.add(round, kind, spec.words, figure, value)?;
                    }
                    rows.add_window(round, kind, spec.words, &window)?;
                }
            }
        }
    }
    for subject in &subjects {
        rows.add(0, subject.kind, "all", "peak MB", subject.broker.peak_megabytes()?)?;
    }
    Ok(())
}

/// The load alone and mixed, in turns first.
fn both(
    options: &Options,
    subject: &mut Subject,
    spec: &Spec,
    round: usize,
) -> Result<[Outcome; 2], Failed> {
    if round.is_multiple_of(2) {
        let alone = one(options, subject, spec, false)?;
        Ok([alone, one(options, subject, spec, true)?])
    } else {
        let mixed = one(options, subject, spec, true)?;
        Ok([one(options, subject, spec, false)?, mixed])
    }
}

fn one(
    options: &Options,
    subject: &mut Subject,
    spec: &Spec,
    is_mixed: bool,
) -> Result<Outcome, Failed> {
    let run = |broker: &Arc<Running>, load: &Load| {
        machine::prepare(options, &broker.data())?;
        let nuisance = is_mixed.then(|| Nuisance::start(broker)).transpose()?;
        let outcome = load::run(load).map_err(failed);
        nuisance.map_or(Ok(()), Nuisance::stop)?;
        outcome
    };
    subject.load(spec, options.lasts, options.bytes_max, run)
}

fn megabytes_per_second(outcome: &Outcome) -> f64 {
    outcome.sent_bytes as f64 / 1e6 / outcome.took.as_secs_f64()
}
