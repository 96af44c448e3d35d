//! Transactions of a hundred records: how many, and how long each takes from its first record to its commit.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use testkit::Failed;
use testkit::compare::Side;

use crate::Options;
use crate::broker::{Kind, Running};
use crate::machine::{self, undisturbed};
use crate::requests::{self, Coordinated};
use crate::rows::Rows;
use crate::subject::{Subject, start_all};
use crate::transactional_producer::{Shape, TransactionalProducer};

const TOPIC: &str = "bench-transactions";
/// Of the topic; each producer writes to four of them.
const PARTITIONS: i32 = 4;
const SHAPE: Shape = Shape { partitions: PARTITIONS, records_each: 25, value_size: 100 };
const PRODUCERS: usize = 16;

/// When a producer begins its transactions.
#[derive(Clone, Copy)]
enum Pace {
    /// One after the other.
    Closed,
    /// So many a second by all of them, by the clock.
    Open(f64),
}

const LOADS: [(&str, Pace); 3] = [
    ("transactions of 100 records, 16×1", Pace::Closed),
    ("transactions of 100 records, open 600/s", Pace::Open(600.0)),
    ("transactions of 100 records, open 100/s", Pace::Open(100.0)),
];

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    let subjects = start_all(options)?;
    for subject in &subjects {
        let mut side = Side::new(subject.broker.address());
        requests::create(&mut side, TOPIC, PARTITIONS)?;
        requests::coordinator(&mut side, Coordinated::Transactions, TOPIC)?;
    }
    for (words, pace) in LOADS {
        for subject in &subjects {
            let share = if subject.kind == Kind::Kafka { 1 } else { 8 };
            load(&subject.broker, pace, options.warm_up / share)?;
        }
        for round in 0..options.rounds {
            for kind in options.order(round) {
                for subject in subjects.iter().filter(|subject| subject.kind == kind) {
                    one(options, rows, round, subject, (words, pace))?;
                }
            }
        }
    }
    Ok(())
}

fn one(
    options: &Options,
    rows: &Rows,
    round: usize,
    subject: &Subject,
    (words, pace): (&str, Pace),
) -> Result<(), Failed> {
    let broker = &subject.broker;
    let window = undisturbed(|| {
        machine::prepare(options, &broker.data())?;
        let before = broker.cpu()?;
        let measured = load(broker, pace, options.lasts)?;
        Ok((measured, broker.cpu()? - before))
    })?;
    let (measured, cpu) = &window.value;
    let count = measured.latencies.len() as f64;
    let figures = [
        ("transactions/s", count / measured.took.as_secs_f64()),
        ("CPU ms/transaction", cpu.as_secs_f64() * 1_000.0 / count),
        ("p50 ms", measured.percentile_ms(0.50)?),
        ("p99 ms", measured.percentile_ms(0.99)?),
        ("max ms", measured.percentile_ms(1.0)?),
    ];
    for (figure, value) in figures {
        rows.add(round, subject.kind, words, figure, value)?;
    }
    rows.add_window(round, subject.kind, words, &window)
}

struct Measured {
    took: Duration,
    /// Of each transaction, in order of length.
    latencies: Vec<Duration>,
}

impl Measured {
    fn percentile_ms(&self, share: f64) -> Result<f64, Failed> {
        let count = self.latencies.len();
        // The smallest that so many are no longer than.
        let at = (1..=count).find(|at| *at as f64 >= share * count as f64).unwrap_or(count);
        let found = at.checked_sub(1).and_then(|at| self.latencies.get(at));
        found.map_or_else(
            || Err(Failed("no transaction was made".into())),
            |found| Ok(found.as_secs_f64() * 1_000.0),
        )
    }
}

fn load(broker: &Running, pace: Pace, lasts: Duration) -> Result<Measured, Failed> {
    let address = broker.address();
    let ready = Barrier::new(PRODUCERS);
    let parts: Vec<Result<(Duration, Vec<Duration>), Failed>> = thread::scope(|scope| {
        let start = |number: usize| {
            let (address, ready) = (&address, &ready);
            scope.spawn(move || {
                let producer = TransactionalProducer::start(
                    address,
                    &format!("bench-{number:02}"),
                    TOPIC,
                    SHAPE,
                );
                // Also if there is none: the others wait for it.
                ready.wait();
                produce(producer?, number, pace, lasts)
            })
        };
        let producers: Vec<_> = (0..PRODUCERS).map(start).collect();
        let ended = producers.into_iter().map(|producer| producer.join());
        ended
            .map(|ended| ended.unwrap_or_else(|_| Err(Failed("a producer panicked".into()))))
            .collect()
    });
    let mut measured = Measured { took: Duration::ZERO, latencies: Vec::new() };
    for part in parts {
        let (took, latencies) = part?;
        measured.took = measured.took.max(took);
        measured.latencies.extend(latencies);
    }
    measured.latencies.sort_unstable();
    Ok(measured)
}

fn produce(
    mut producer: TransactionalProducer,
    number: usize,
    pace: Pace,
    lasts: Duration,
) -> Result<(Duration, Vec<Duration>), Failed> {
    let mut latencies = Vec::new();
    let start = Instant::now();
    loop {
        let due = match pace {
            Pace::Closed => Instant::now(),
            Pace::Open(per_second) => {
                let turn = number + latencies.len() * PRODUCERS;
                start + Duration::from_secs_f64(turn as f64 / per_second)
            }
        };
        if due.duration_since(start) >= lasts {
            return Ok((start.elapsed(), latencies));
        }
        // What was due while the one before was under way is late already, and that counts.
        thread::sleep(due.saturating_duration_since(Instant::now()));
        producer.transaction(requests::now()?)?;
        latencies.push(due.elapsed());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_latencies() {
        let latencies = (1..=200).map(Duration::from_millis).collect();
        let measured = Measured { took: Duration::ZERO, latencies };
        let at = |share| measured.percentile_ms(share).unwrap();
        assert_eq!((at(0.5), at(0.99), at(1.0)), (100.0, 198.0, 200.0));
        let none = Measured { took: Duration::ZERO, latencies: Vec::new() };
        assert!(none.percentile_ms(0.5).is_err());
    }
}
