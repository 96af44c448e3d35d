use std::sync::Arc;

use controller::{AlterPartitionReassignments, Reassignment};
use model::PartitionIndex;
use wire::ErrorCode;
use wire::messages::alter_partition_reassignments_response::{
    ReassignablePartitionResponse, ReassignableTopicResponse,
};
use wire::messages::{AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse};

use crate::outcome::Outcome;
use crate::{Broker, ReplyTo, Request};

/// Moves replicas between brokers (KIP-455), as far as the controller does.
pub fn handle(
    broker: &Arc<Broker>,
    request: Request<AlterPartitionReassignmentsRequest>,
    reply: ReplyTo,
) {
    let message = request.message;
    let may_change_factor = message.allow_replication_factor_change;
    let (mut partitions, mut responses) = (Vec::new(), Vec::new());
    for topic in message.topics {
        let mut answers = Vec::with_capacity(topic.partitions.len());
        for asked in topic.partitions {
            let why = "no partition has a negative index";
            let outcome = match PartitionIndex::from_wire(asked.partition_index) {
                Some(index) => {
                    let (topic, replicas) = (topic.name.clone(), asked.replicas);
                    partitions.push(Reassignment { topic, index, replicas });
                    None
                }
                None => Some(Outcome::error(ErrorCode::UnknownTopicOrPartition, why)),
            };
            answers.push((asked.partition_index, outcome));
        }
        responses.push((topic.name, answers));
    }
    broker.quorum().submit(AlterPartitionReassignments { partitions }, move |decided| {
        let (top, decided) = match decided {
            Ok(decided) => (None, decided),
            Err(why) => (Some(Outcome::unavailable(why)), Vec::new()),
        };
        let mut decided = decided.iter().map(Outcome::of);
        let answer = |(partition_index, outcome): (i32, Option<Outcome>)| {
            let outcome = outcome.or_else(|| decided.next())?;
            let (error_code, error_message) = (outcome.code, outcome.message);
            Some(ReassignablePartitionResponse { partition_index, error_code, error_message })
        };
        let mut answer = answer;
        let responses = responses.into_iter().map(|(name, answers)| {
            let partitions = answers.into_iter().filter_map(&mut answer).collect();
            ReassignableTopicResponse { name, partitions }
        });
        let responses = if top.is_some() { Vec::new() } else { responses.collect() };
        reply.send(&AlterPartitionReassignmentsResponse {
            allow_replication_factor_change: may_change_factor,
            error_code: top.as_ref().map_or(0, |outcome| outcome.code),
            error_message: top.and_then(|outcome| outcome.message),
            responses,
            ..AlterPartitionReassignmentsResponse::default()
        });
    });
}
