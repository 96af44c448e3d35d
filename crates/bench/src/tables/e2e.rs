//! From produce to consume in one C program of librdkafka, at low load.

use std::time::Duration;

use testkit::Failed;

use super::partitions::create;
use crate::Options;
use crate::broker::Kind;
use crate::c_client::CClient;
use crate::machine::{self, undisturbed};
use crate::rows::Rows;
use crate::subject::start_all;

const PER_SECOND: u32 = 500;
const TOPIC: &str = "bench-e2e";
const WORDS: &str = "librdkafka, open 500/s";

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    let client = CClient::build()?;
    let subjects = start_all(options)?;
    for subject in &subjects {
        create(&subject.broker, TOPIC, 1)?;
        let warm_up = match subject.kind {
            Kind::Kafka => options.warm_up,
            Kind::OttlaDurable | Kind::OttlaOs => Duration::from_secs(1),
        };
        client.latency(&subject.broker.address(), TOPIC, PER_SECOND, warm_up.as_secs_f64())?;
    }
    let lasts = options.lasts.as_secs_f64();
    for round in 0..options.rounds {
        for kind in options.order(round) {
            for subject in subjects.iter().filter(|subject| subject.kind == kind) {
                let window = undisturbed(|| {
                    machine::prepare(options, &subject.broker.data())?;
                    client.latency(&subject.broker.address(), TOPIC, PER_SECOND, lasts)
                })?;
                let latencies = window.value;
                let figures = [
                    ("p50 ms", latencies.p50),
                    ("p99 ms", latencies.p99),
                    ("p99.9 ms", latencies.p999),
                    ("max ms", latencies.max),
                ];
                for (figure, value) in figures {
                    rows.add(round, kind, WORDS, figure, value)?;
                }
                rows.add_window(round, kind, WORDS, &window)?;
            }
        }
    }
    Ok(())
}
