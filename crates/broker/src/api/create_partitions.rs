use std::sync::Arc;

use controller::{CreatePartitions, GrownTopic};
use wire::messages::create_partitions_request::CreatePartitionsTopic;
use wire::messages::create_partitions_response::CreatePartitionsTopicResult;
use wire::messages::{CreatePartitionsRequest, CreatePartitionsResponse};

use crate::outcome::Outcome;
use crate::{Broker, ReplyTo, Request};

pub fn handle(broker: &Arc<Broker>, request: Request<CreatePartitionsRequest>, reply: ReplyTo) {
    let message = request.message;
    let names: Vec<String> = message.topics.iter().map(|topic| topic.name.clone()).collect();
    let topics = message.topics.into_iter().map(grown).collect();
    let growth = CreatePartitions { topics, validate_only: message.validate_only };
    broker.quorum().submit(growth, move |grown| {
        let results = match grown {
            Ok(grown) => {
                grown.into_iter().map(|(name, grown)| result(name, Outcome::of(&grown))).collect()
            }
            Err(why) => {
                names.into_iter().map(|name| result(name, Outcome::unavailable(why))).collect()
            }
        };
        reply.send(&CreatePartitionsResponse { results, ..CreatePartitionsResponse::default() });
    });
}

fn grown(topic: CreatePartitionsTopic) -> GrownTopic {
    let CreatePartitionsTopic { name, count, assignments } = topic;
    let assignments = assignments.map(|all| all.into_iter().map(|one| one.broker_ids).collect());
    GrownTopic { name, count, assignments }
}

fn result(name: String, outcome: Outcome) -> CreatePartitionsTopicResult {
    let (error_code, error_message) = (outcome.code, outcome.message);
    CreatePartitionsTopicResult { name, error_code, error_message }
}
