use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use controller::{CreateTopics, Layout, NewTopic, Refusal};
use group::MissingTopic;
use model::Instant;
use parking_lot::Mutex;

use crate::Broker;
use crate::limits::INTERNAL_TOPIC_FAILURE_COUNT_MAX;
use crate::outcome::{Outcome, shortened};

/// Topics that streams groups have for themselves, and that the coordinator makes (KIP-1071). Members of a group report many
/// times before one is there: it is asked for once, and one that cannot be made is left alone for a while.
#[derive(Default)]
pub(crate) struct InternalTopics(Mutex<State>);

#[derive(Default)]
struct State {
    asked: BTreeSet<Arc<str>>,
    failed: BTreeMap<Arc<str>, Failure>,
}

struct Failure {
    until: Instant,
    why: String,
}

impl InternalTopics {
    /// Has topics made, and tells of those that could not be made, with reasons, by name. A failure counts for `rest`.
    pub(crate) fn make(
        &self,
        broker: &Arc<Broker>,
        missing: &[MissingTopic],
        rest: Duration,
    ) -> Vec<(Arc<str>, String)> {
        let now = broker.clock().now();
        let mut state = self.0.lock();
        state.failed.retain(|_, failure| failure.until > now);
        let mut failures = Vec::new();
        let mut topics = Vec::new();
        for MissingTopic { name, topic } in missing {
            if let Some(failure) = state.failed.get(name) {
                failures.push((name.clone(), failure.why.clone()));
            } else if state.asked.insert(name.clone()) {
                topics.push(new_topic(name, topic));
            }
        }
        drop(state);
        if !topics.is_empty() {
            ask(broker, topics, rest);
        }
        failures
    }

    fn made(&self, name: &str, outcome: Result<(), String>, until: Instant) {
        let mut state = self.0.lock();
        state.asked.remove(name);
        let has_room = state.failed.len() < INTERNAL_TOPIC_FAILURE_COUNT_MAX;
        if let Err(why) = outcome
            && has_room
        {
            state.failed.insert(name.into(), Failure { until, why });
        }
    }
}

fn new_topic(name: &Arc<str>, topic: &group::ConfiguredTopic) -> NewTopic {
    let configs = topic.configs.iter();
    NewTopic {
        name: name.to_string(),
        layout: Layout::Counts {
            partitions: i32::try_from(topic.partition_count).unwrap_or(i32::MAX),
            replicas: topic.replication_factor.unwrap_or(-1),
        },
        configs: configs.map(|(key, value)| (key.to_string(), Some(value.to_string()))).collect(),
    }
}

fn ask(broker: &Arc<Broker>, topics: Vec<NewTopic>, rest: Duration) {
    let names: Vec<String> = topics.iter().map(|topic| topic.name.clone()).collect();
    let asking = Arc::clone(broker);
    broker.quorum().submit(CreateTopics { topics, validate_only: false }, move |created| {
        let until = asking.clock().now().plus(rest);
        let internal = asking.internal_topics();
        match created {
            Ok(created) => {
                for (name, result) in created {
                    let outcome = match result {
                        Ok(_) | Err(Refusal::TopicExists(_)) => Ok(()),
                        Err(refusal) => Err(shortened(refusal.to_string())),
                    };
                    match &outcome {
                        Ok(()) => tracing::info!(topic = name, "made topic of streams group"),
                        Err(why) => tracing::info!(topic = name, why, "cannot make topic"),
                    }
                    internal.made(&name, outcome, until);
                }
            }
            Err(why) => {
                let why = Outcome::unavailable(why).message.unwrap_or_default();
                names.iter().for_each(|name| internal.made(name, Err(why.clone()), until));
            }
        }
    });
}
