//! Many partitions in one topic.

use std::thread;
use std::time::{Duration, Instant};

use testkit::Failed;
use testkit::compare::Side;
use wire::messages::MetadataRequest;

use crate::Options;
use crate::broker::Running;
use crate::machine::raise_open_files;
use crate::requests;
use crate::rows::Rows;
use crate::subject::first_acknowledged;

const TOPIC: &str = "bench-many";

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    let (words, count) = match options.is_quick {
        true => ("1,000 partitions", 1_000),
        false => ("5,000 partitions", 5_000),
    };
    raise_open_files(100_000)?;
    for round in 0..options.rounds.min(3) {
        for kind in options.order(round) {
            let mut broker = Running::start(kind)?;
            first_acknowledged(&broker)?;
            let began = Instant::now();
            create(&broker, TOPIC, count)?;
            rows.add(round, kind, words, "create ms", millis(began.elapsed()))?;
            thread::sleep(Duration::from_secs(2));
            rows.add(round, kind, words, "memory MB", broker.resident_megabytes()?)?;
            broker.stop()?;
            broker.restart()?;
            led(&broker, TOPIC, count)?;
            rows.add(round, kind, words, "start ms", millis(broker.spawned().elapsed()))?;
        }
    }
    Ok(())
}

pub(super) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Makes a topic and waits until the broker says of each partition who leads it.
pub(super) fn create(broker: &Running, topic: &str, partitions: i32) -> Result<(), Failed> {
    requests::create(&mut Side::new(broker.address()), topic, partitions)?;
    led(broker, topic, partitions)
}

/// Waits until a metadata answer names the leader of each partition of the topic.
pub(super) fn led(broker: &Running, topic: &str, partitions: i32) -> Result<(), Failed> {
    let end = Instant::now() + Duration::from_secs(120);
    let asked = wire::messages::metadata_request::MetadataRequestTopic {
        name: Some(topic.into()),
        ..Default::default()
    };
    let request = MetadataRequest {
        topics: Some(vec![asked]),
        allow_auto_topic_creation: false,
        ..Default::default()
    };
    let wanted = usize::try_from(partitions).unwrap_or(usize::MAX);
    loop {
        // A broker that is just starting may close the connection, or not be there.
        let answer = Side::new(broker.address()).call(&request, 9).ok().flatten();
        let topic = answer.as_ref().and_then(|answer| answer.topics.first());
        let led = topic.map_or(0, |topic| {
            let partitions = topic.partitions.iter();
            partitions.filter(|one| one.error_code == 0 && one.leader_id >= 0).count()
        });
        if led == wanted {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(Failed(format!("{led} of {wanted} partitions have a leader")));
        }
        thread::sleep(Duration::from_millis(1));
    }
}
