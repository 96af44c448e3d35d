use std::sync::Arc;

use model::{ProducerEpoch, ProducerId};
use txn::{EndTransaction, Outcome, Producer, TransactionError, TransactionVersion};
use wire::messages::{EndTxnRequest, EndTxnResponse};

use crate::error_map::{refused_older_client, refused_transaction};
use crate::transactions::{Refused, parse_id, refuse_nobody};
use crate::{Broker, ReplyTo, Request};

/// From this version on clients know PRODUCER_FENCED.
const FENCED_VERSION_MIN: i16 = 2;
/// From this version on the client takes over a new epoch with each transaction (KIP-890).
const BUMP_VERSION_MIN: i16 = 5;

/// Commits or aborts a transaction. The answer leaves when the outcome is decided; partitions are told after it.
pub fn handle(broker: &Arc<Broker>, request: Request<EndTxnRequest>, reply: ReplyTo) {
    let Request { version, message, .. } = request;
    let producer = producer_of(message.producer_id, message.producer_epoch);
    let (id, producer) = match (parse_id(&message.transactional_id), producer) {
        (Ok(id), Ok(producer)) => (id, producer),
        (Ok(id), Err(refused)) => {
            return refuse_nobody(broker, &id, message.producer_id, refused, move |refused| {
                reply.send(&response(version, Err(refused)));
            });
        }
        (Err(refused), _) => return reply.send(&response(version, Err(refused))),
    };
    let rules = match version >= BUMP_VERSION_MIN {
        true => TransactionVersion::V2,
        false => TransactionVersion::V0,
    };
    let outcome = if message.committed { Outcome::Commit } else { Outcome::Abort };
    let request = EndTransaction { id, producer, outcome, version: rules, fresh: None };
    broker
        .transactions()
        .end(broker, request, move |result| reply.send(&response(version, result)));
}

/// A producer as a client names itself: a transactional one has an id, and an epoch.
pub(super) fn producer_of(id: i64, epoch: i16) -> Result<Producer, Refused> {
    let id = ProducerId::from_wire(id).ok_or(TransactionError::InvalidProducerIdMapping)?;
    let epoch = ProducerEpoch::from_wire(epoch).ok_or(TransactionError::ProducerFenced)?;
    Ok(Producer { id, epoch })
}

fn response(version: i16, result: Result<Producer, Refused>) -> EndTxnResponse {
    let code =
        if version < FENCED_VERSION_MIN { refused_older_client } else { refused_transaction };
    let none = EndTxnResponse { producer_id: -1, producer_epoch: -1, ..EndTxnResponse::default() };
    match result {
        Ok(producer) if version >= BUMP_VERSION_MIN => EndTxnResponse {
            producer_id: producer.id.to_wire(),
            producer_epoch: producer.epoch.to_wire(),
            ..none
        },
        Ok(_) => none,
        Err(refused) => EndTxnResponse { error_code: code(&refused).code(), ..none },
    }
}
