use std::sync::Arc;

use model::Timestamp;
use txn::Described;
use wire::messages::describe_transactions_response::{TopicData, TransactionState};
use wire::messages::{DescribeTransactionsRequest, DescribeTransactionsResponse};

use crate::coordinator::Gather;
use crate::error_map::refused_transaction;
use crate::transactions::{Refused, flatten, parse_id};
use crate::{Broker, ReplyTo, Request};

/// Where transactional ids stand (KIP-664).
pub fn handle(broker: &Arc<Broker>, request: Request<DescribeTransactionsRequest>, reply: ReplyTo) {
    let ids = request.message.transactional_ids;
    let gather = Gather::new(ids.len(), move |transaction_states| {
        reply.send(&DescribeTransactionsResponse {
            transaction_states,
            ..DescribeTransactionsResponse::default()
        });
    });
    for (index, text) in ids.into_iter().enumerate() {
        let part = gather.part(index);
        let id = match parse_id(&text) {
            Ok(id) => id,
            Err(refused) => {
                part.give(failed(text, &refused));
                continue;
            }
        };
        broker.transactions().coordinator().decide(
            &text.clone(),
            move |shard, _, _| shard.describe(&id),
            move |result| match flatten(result) {
                Ok(described) => part.give(state(text, described)),
                Err(refused) => part.give(failed(text, &refused)),
            },
        );
    }
}

fn state(transactional_id: String, described: Described) -> TransactionState {
    let Described { producer, state, timeout, started_at, partitions } = described;
    let mut topics: Vec<TopicData> = Vec::new();
    for key in partitions {
        let partition = key.partition.to_wire();
        match topics.last_mut().filter(|last| last.topic == key.topic.as_str()) {
            Some(last) => last.partitions.push(partition),
            None => topics.push(TopicData {
                topic: key.topic.as_str().to_owned(),
                partitions: vec![partition],
            }),
        }
    }
    TransactionState {
        error_code: 0,
        transactional_id,
        transaction_state: state.name().to_owned(),
        transaction_timeout_ms: i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX),
        transaction_start_time_ms: started_at.map_or(-1, Timestamp::as_millis),
        producer_id: producer.id.to_wire(),
        producer_epoch: producer.epoch.to_wire(),
        topics,
    }
}

fn failed(transactional_id: String, refused: &Refused) -> TransactionState {
    let error_code = refused_transaction(refused).code();
    TransactionState { error_code, transactional_id, ..TransactionState::default() }
}
