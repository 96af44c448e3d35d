use std::sync::Arc;

use controller::{CreateTopics, CreatedTopic, Layout, NewTopic};
use settings::Described;
use wire::messages::create_topics_request::CreatableTopic;
use wire::messages::create_topics_response::{CreatableTopicConfigs, CreatableTopicResult};
use wire::messages::{CreateTopicsRequest, CreateTopicsResponse};

use crate::outcome::Outcome;
use crate::{Broker, ReplyTo, Request};

pub fn handle(broker: &Arc<Broker>, request: Request<CreateTopicsRequest>, reply: ReplyTo) {
    let message = request.message;
    let names: Vec<String> = message.topics.iter().map(|topic| topic.name.clone()).collect();
    let topics = message.topics.into_iter().map(new_topic).collect();
    let answering = Arc::clone(broker);
    let creation = CreateTopics { topics, validate_only: message.validate_only };
    broker.quorum().submit(creation, move |created| {
        let topics = match created {
            Ok(created) => created
                .into_iter()
                .map(|(name, result)| match result {
                    Ok(topic) => made(&answering, name, &topic),
                    Err(refusal) => failed(name, Outcome::refused(&refusal)),
                })
                .collect(),
            Err(why) => {
                names.into_iter().map(|name| failed(name, Outcome::unavailable(why))).collect()
            }
        };
        reply.send(&CreateTopicsResponse { topics, ..CreateTopicsResponse::default() });
    });
}

fn new_topic(topic: CreatableTopic) -> NewTopic {
    let (partitions, replicas) = (topic.num_partitions, topic.replication_factor);
    let layout = if topic.assignments.is_empty() {
        Layout::Counts { partitions, replicas }
    } else {
        let assignments = topic.assignments.into_iter();
        let assignments = assignments.map(|one| (one.partition_index, one.broker_ids)).collect();
        Layout::Manual { assignments, partitions, replicas }
    };
    let configs = topic.configs.into_iter().map(|config| (config.name, config.value)).collect();
    NewTopic { name: topic.name, layout, configs }
}

fn made(broker: &Broker, name: String, topic: &CreatedTopic) -> CreatableTopicResult {
    let described = broker.config().describe_topic(&topic.configs).unwrap_or_default();
    let mut configs: Vec<_> = described.into_iter().map(config).collect();
    configs.sort_by(|one, other| one.name.cmp(&other.name));
    CreatableTopicResult {
        name,
        topic_id: topic.id.uuid(),
        error_message: None,
        num_partitions: i32::try_from(topic.partition_count).unwrap_or(i32::MAX),
        replication_factor: i16::try_from(topic.replication_factor).unwrap_or(i16::MAX),
        configs: Some(configs),
        ..CreatableTopicResult::default()
    }
}

fn config(described: Described) -> CreatableTopicConfigs {
    CreatableTopicConfigs {
        name: described.name,
        value: described.value,
        read_only: described.read_only,
        config_source: described.source.wire_code(),
        is_sensitive: described.is_sensitive,
    }
}

fn failed(name: String, outcome: Outcome) -> CreatableTopicResult {
    CreatableTopicResult {
        name,
        error_code: outcome.code,
        error_message: outcome.message,
        ..CreatableTopicResult::default()
    }
}
