use std::collections::BTreeMap;
use std::sync::Arc;

use controller::{ElectLeaders, ElectLeadersReply, Election};
use model::PartitionIndex;
use wire::ErrorCode;
use wire::messages::elect_leaders_response::{PartitionResult, ReplicaElectionResult};
use wire::messages::{ElectLeadersRequest, ElectLeadersResponse};

use crate::outcome::Outcome;
use crate::{Broker, ReplyTo, Request};

const PREFERRED: i8 = 0;
const UNCLEAN: i8 = 1;

/// Chooses leaders again (KIP-460).
pub fn handle(broker: &Arc<Broker>, request: Request<ElectLeadersRequest>, reply: ReplyTo) {
    let message = request.message;
    let default = ElectLeadersResponse::default;
    let election = match message.election_type {
        PREFERRED => Election::Preferred,
        UNCLEAN => Election::Unclean,
        _ => {
            let error_code = ErrorCode::InvalidRequest.code();
            return reply.send(&ElectLeadersResponse { error_code, ..default() });
        }
    };
    let mut unknown = Vec::new();
    // Asked about all, the answer names every topic, and a partition only if something was done for it.
    let named: Vec<String> = match message.topic_partitions {
        None => broker.image().topics_from("").map(|topic| topic.name.to_string()).collect(),
        Some(_) => Vec::new(),
    };
    let partitions = message.topic_partitions.map(|topics| {
        let mut known = Vec::new();
        for topic in topics {
            for raw in topic.partitions {
                match PartitionIndex::from_wire(raw) {
                    Some(index) => known.push((topic.topic.clone(), index)),
                    None => unknown.push((topic.topic.clone(), raw)),
                }
            }
        }
        known
    });
    broker.quorum().submit(ElectLeaders { election, partitions }, move |elected| {
        let response = match elected {
            Ok(elected) => ElectLeadersResponse {
                replica_election_results: by_topic(named, elected, unknown),
                ..default()
            },
            Err(why) => {
                ElectLeadersResponse { error_code: Outcome::unavailable(why).code, ..default() }
            }
        };
        reply.send(&response);
    });
}

fn by_topic(
    named: Vec<String>,
    elected: ElectLeadersReply,
    unknown: Vec<(String, i32)>,
) -> Vec<ReplicaElectionResult> {
    let mut topics: BTreeMap<String, Vec<PartitionResult>> =
        named.into_iter().map(|topic| (topic, Vec::new())).collect();
    for (topic, index, result) in elected {
        let outcome = Outcome::of(&result);
        topics.entry(topic).or_default().push(partition(index.to_wire(), outcome));
    }
    for (topic, raw) in unknown {
        let why = "no partition has a negative index";
        let outcome = Outcome::error(ErrorCode::UnknownTopicOrPartition, why);
        topics.entry(topic).or_default().push(partition(raw, outcome));
    }
    let results = topics.into_iter();
    results
        .map(|(topic, partition_result)| ReplicaElectionResult { topic, partition_result })
        .collect()
}

fn partition(partition_id: i32, outcome: Outcome) -> PartitionResult {
    let (error_code, error_message) = (outcome.code, outcome.message);
    PartitionResult { partition_id, error_code, error_message }
}
