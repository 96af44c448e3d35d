//! Records that are given up, on their way to dead-letter topics (KIP-1191).
//!
//! Each share-partition has a queue of them, from which one batch at a time is written by the worker, so that they come in
//! order and many together. A write that fails is tried again a few times; then, and where there is no topic to write to, the
//! records are archived without: what nobody can take must not stop the group. That is said in the log.

mod batch;
mod destination;
mod originals;
mod queue;

use std::sync::Arc;
use std::time::Duration;

use controller::{CreateTopics, Layout, NewTopic, Refusal};
use replica::{AppendError, Origin};
use share::DeadLetter;

use self::batch::Built;
use self::destination::{Destination, Undeliverable, destination};
pub(super) use self::queue::Queue;
use super::SharedPartition;
use crate::Broker;

/// How often a batch is tried, and the rest before the second time, twice as long each time: Kafka's own.
const ATTEMPT_COUNT_MAX: u32 = 5;
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// How long a write may wait for its replicas.
const COMMIT_WAIT_MAX: Duration = Duration::from_secs(30);

/// Takes a record on its way; [`SharedPartition::dead_letters_done`] follows.
pub(super) fn send(broker: &Arc<Broker>, shared: &Arc<SharedPartition>, letter: DeadLetter) {
    if shared.dead_letters().push(letter) {
        soon(broker, shared);
    }
}

fn soon(broker: &Arc<Broker>, shared: &Arc<SharedPartition>) {
    let shared = Arc::clone(shared);
    broker.shares().worker.soon(move |broker| attempt(broker, &shared));
}

/// Writes what comes first in the queue. Runs on the worker: it may look into files.
fn attempt(broker: &Arc<Broker>, shared: &Arc<SharedPartition>) {
    let is_known = broker.shares().get(shared.key()).is_some_and(|it| Arc::ptr_eq(&it, shared));
    if !is_known {
        // Whoever leads next finds them in the state, and sends them.
        return shared.dead_letters().clear();
    }
    let letters = shared.dead_letters().front();
    if letters.is_empty() {
        return;
    }
    match destination(broker, shared) {
        Ok(destination) => write(broker, shared, &destination, &letters),
        Err(Undeliverable::Unmade(topic)) => make(broker, shared, topic),
        Err(Undeliverable::NotNow(why)) => try_again(broker, shared, &why),
        Err(why) => give_up(broker, shared, u64::MAX, &why.to_string()),
    }
}

fn write(
    broker: &Arc<Broker>,
    shared: &Arc<SharedPartition>,
    destination: &Destination,
    letters: &[DeadLetter],
) {
    let built = batch::build(broker, shared, destination, letters);
    let Built { batch, record_count, lost_count } = built;
    let offset_count = record_count + lost_count;
    let counters = broker.shares().metrics().group(&shared.key().group);
    let Some(batch) = batch else {
        return give_up(broker, shared, offset_count.max(1), "they do not fit into the topic");
    };
    counters.dead_letter_requests.add(1);
    let (answering, shared) = (Arc::clone(broker), Arc::clone(shared));
    let done = move |result: Result<replica::Appended, AppendError>| match result {
        Ok(_) => {
            counters.dead_letters.add(record_count);
            if lost_count > 0 {
                shared.dead_letters().say(&answering, &shared, lost_count, "they do not fit");
            }
            done(&answering, &shared, offset_count);
        }
        Err(error) => {
            counters.failed_dead_letter_requests.add(1);
            try_again(&answering, &shared, &error.to_string());
        }
    };
    let partition = &destination.partition;
    broker.append(partition, &batch, Origin::COORDINATOR, COMMIT_WAIT_MAX, done);
}

/// So many at the front of the queue are dealt with.
fn done(broker: &Arc<Broker>, shared: &Arc<SharedPartition>, offset_count: u64) {
    let (ranges, is_more) = shared.dead_letters().finish(offset_count);
    shared.dead_letters_done(broker, &ranges);
    if is_more {
        soon(broker, shared);
    }
}

fn try_again(broker: &Arc<Broker>, shared: &Arc<SharedPartition>, why: &str) {
    let failure_count = shared.dead_letters().failed();
    if failure_count >= ATTEMPT_COUNT_MAX {
        return give_up(broker, shared, u64::MAX, why);
    }
    let pause = RETRY_PAUSE * 2_u32.pow(failure_count.saturating_sub(1));
    let shared = Arc::clone(shared);
    let at = broker.now().instant.plus(pause);
    broker.shares().worker.later(at, move |broker| attempt(broker, &shared));
}

/// So many are archived without being anywhere else; at most those that were there at the last look.
fn give_up(broker: &Arc<Broker>, shared: &Arc<SharedPartition>, offset_count_max: u64, why: &str) {
    let offset_count = shared.dead_letters().offset_count().min(offset_count_max);
    shared.dead_letters().say(broker, shared, offset_count, why);
    done(broker, shared, offset_count);
}

/// Has the topic made, then goes on.
fn make(broker: &Arc<Broker>, shared: &Arc<SharedPartition>, name: String) {
    let text = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
    let topic = NewTopic {
        name,
        layout: Layout::Counts { partitions: -1, replicas: -1 },
        configs: vec![
            text("errors.deadletterqueue.group.enable", "true"),
            text("message.timestamp.type", "CreateTime"),
        ],
    };
    let (asking, shared) = (Arc::clone(broker), Arc::clone(shared));
    let topics = vec![topic];
    broker.quorum().submit(CreateTopics { topics, validate_only: false }, move |made| {
        let made = made.map(|made| made.into_iter().next().map(|(_, result)| result));
        match made {
            Ok(Some(Ok(_))) => soon(&asking, &shared),
            Ok(Some(Err(Refusal::TopicExists(_)))) => {
                try_again(&asking, &shared, "it is being made")
            }
            Ok(Some(Err(refusal))) => {
                give_up(&asking, &shared, u64::MAX, &refusal.to_string());
            }
            Ok(None) => try_again(&asking, &shared, "the controller did not answer"),
            Err(why) => try_again(&asking, &shared, &why.to_string()),
        }
    });
}
