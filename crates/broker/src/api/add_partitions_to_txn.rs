use std::collections::BTreeSet;
use std::sync::Arc;

use metadata::Image;
use model::PartitionIndex;
use txn::{PartitionKey, TransactionVersion};
use wire::ErrorCode;
use wire::messages::add_partitions_to_txn_request::{
    AddPartitionsToTxnTopic, AddPartitionsToTxnTransaction,
};
use wire::messages::add_partitions_to_txn_response::{
    AddPartitionsToTxnPartitionResult, AddPartitionsToTxnResult, AddPartitionsToTxnTopicResult,
};
use wire::messages::{AddPartitionsToTxnRequest, AddPartitionsToTxnResponse};

use super::end_txn::producer_of;
use crate::coordinator::Gather;
use crate::error_map::{refused_older_client, refused_transaction};
use crate::transactions::{HowToJoin, Join, Refused, flatten, parse_id, refuse_nobody};
use crate::{Broker, ReplyTo, Request};

/// From this version on clients know PRODUCER_FENCED.
const FENCED_VERSION_MIN: i16 = 2;
/// From this version on brokers ask, for many transactions at a time (KIP-890).
const BROKER_VERSION_MIN: i16 = 4;

type Results = Vec<AddPartitionsToTxnTopicResult>;

/// Partitions join a transaction, before a client of old rules writes to them, or when a broker finds that one has.
pub fn handle(broker: &Arc<Broker>, request: Request<AddPartitionsToTxnRequest>, reply: ReplyTo) {
    let Request { version, message, .. } = request;
    if version < BROKER_VERSION_MIN {
        let transaction = AddPartitionsToTxnTransaction {
            transactional_id: message.v3_and_below_transactional_id,
            producer_id: message.v3_and_below_producer_id,
            producer_epoch: message.v3_and_below_producer_epoch,
            verify_only: false,
            topics: message.v3_and_below_topics,
        };
        return add(broker, version, transaction, move |results| {
            reply.send(&AddPartitionsToTxnResponse {
                results_by_topic_v3_and_below: results,
                ..AddPartitionsToTxnResponse::default()
            });
        });
    }
    let send = move |results_by_transaction| {
        reply.send(&AddPartitionsToTxnResponse {
            results_by_transaction,
            ..AddPartitionsToTxnResponse::default()
        });
    };
    let gather = Gather::new(message.transactions.len(), send);
    for (index, transaction) in message.transactions.into_iter().enumerate() {
        let part = gather.part(index);
        let transactional_id = transaction.transactional_id.clone();
        let give = move |topic_results| {
            part.give(AddPartitionsToTxnResult { transactional_id, topic_results });
        };
        if transaction.verify_only {
            verify(broker, version, transaction, give);
        } else {
            add(broker, version, transaction, give);
        }
    }
}

/// All partitions of a transaction join, or none.
fn add(
    broker: &Arc<Broker>,
    version: i16,
    asked: AddPartitionsToTxnTransaction,
    done: impl FnOnce(Results) + Send + 'static,
) {
    let AddPartitionsToTxnTransaction {
        transactional_id, producer_id, producer_epoch, topics, ..
    } = asked;
    let Some(partitions) = keys(&broker.image(), &topics) else {
        return done(not_attempted(&broker.image(), &topics));
    };
    let id = parse_id(&transactional_id);
    let (id, producer) = match (id, producer_of(producer_id, producer_epoch)) {
        (Ok(id), Ok(producer)) => (id, producer),
        (Ok(id), Err(refused)) => {
            return refuse_nobody(broker, &id, producer_id, refused, move |refused| {
                done(results(&topics, |_, _| code(version, Err(&refused))));
            });
        }
        (Err(refused), _) => {
            return done(results(&topics, |_, _| code(version, Err(&refused))));
        }
    };
    let rules = match version >= BROKER_VERSION_MIN {
        true => TransactionVersion::V2,
        false => TransactionVersion::V0,
    };
    let partitions = BTreeSet::from_iter(partitions);
    let join = Join { id, producer, partitions, how: HowToJoin::Add(rules) };
    join.ask(broker, None, move |result, _| {
        let code = code(version, result.as_ref().copied());
        done(results(&topics, |_, _| code));
    });
}

/// Whether each of the partitions is part of the transaction.
fn verify(
    broker: &Arc<Broker>,
    version: i16,
    asked: AddPartitionsToTxnTransaction,
    done: impl FnOnce(Results) + Send + 'static,
) {
    let AddPartitionsToTxnTransaction {
        transactional_id, producer_id, producer_epoch, topics, ..
    } = asked;
    let Some(asked) = keys(&broker.image(), &topics) else {
        return done(not_attempted(&broker.image(), &topics));
    };
    let id = parse_id(&transactional_id);
    let (id, producer) = match (id, producer_of(producer_id, producer_epoch)) {
        (Ok(id), Ok(producer)) => (id, producer),
        (Ok(id), Err(refused)) => {
            return refuse_nobody(broker, &id, producer_id, refused, move |refused| {
                done(results(&topics, |_, _| code(version, Err(&refused))));
            });
        }
        (Err(refused), _) => {
            return done(results(&topics, |_, _| code(version, Err(&refused))));
        }
    };
    let of = id.clone();
    broker.transactions().coordinator().decide(
        of.as_str(),
        move |shard, _, _| shard.verify_partitions(&id, producer, &asked),
        move |result| {
            let mut verified = flatten(result).map(Vec::into_iter);
            done(results(&topics, |_, _| match &mut verified {
                Ok(parts) => {
                    let part = parts.next().unwrap_or(Ok(())).map_err(Refused::from);
                    code(version, part.as_ref().copied())
                }
                Err(refused) => code(version, Err(refused)),
            }));
        },
    );
}

fn code(version: i16, result: Result<(), &Refused>) -> ErrorCode {
    match result {
        Ok(()) => ErrorCode::None,
        Err(refused) if version < FENCED_VERSION_MIN => refused_older_client(refused),
        Err(refused) => refused_transaction(refused),
    }
}

/// The partitions, in the request's order; `None` when one does not exist.
fn keys(image: &Image, topics: &[AddPartitionsToTxnTopic]) -> Option<Vec<PartitionKey>> {
    let of_topic = |topic: &AddPartitionsToTxnTopic| -> Vec<Option<PartitionKey>> {
        topic.partitions.iter().map(|index| key(image, &topic.name, *index)).collect()
    };
    topics.iter().flat_map(of_topic).collect()
}

/// One partition that does not exist keeps all others from being looked at.
fn not_attempted(image: &Image, topics: &[AddPartitionsToTxnTopic]) -> Results {
    results(topics, |topic, index| match key(image, topic, index) {
        Some(_) => ErrorCode::OperationNotAttempted,
        None => ErrorCode::UnknownTopicOrPartition,
    })
}

fn key(image: &Image, topic: &str, index: i32) -> Option<PartitionKey> {
    let topic = image.topic(topic)?;
    let partition = PartitionIndex::from_wire(index)?;
    topic.partitions.get(&partition)?;
    Some(PartitionKey { topic: topic.name.clone(), partition })
}

fn results(
    topics: &[AddPartitionsToTxnTopic],
    mut code: impl FnMut(&str, i32) -> ErrorCode,
) -> Results {
    let of_topic = |topic: &AddPartitionsToTxnTopic| AddPartitionsToTxnTopicResult {
        name: topic.name.clone(),
        results_by_partition: topic
            .partitions
            .iter()
            .map(|index| AddPartitionsToTxnPartitionResult {
                partition_index: *index,
                partition_error_code: code(&topic.name, *index).code(),
            })
            .collect(),
    };
    topics.iter().map(of_topic).collect()
}
