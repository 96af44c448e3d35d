use std::sync::Arc;
use std::time::Duration;

use model::{ProducerEpoch, ProducerId};
use txn::{InitProducer, Producer};
use wire::ErrorCode;
use wire::messages::{InitProducerIdRequest, InitProducerIdResponse};

use crate::error_map::{refused_older_client, refused_transaction};
use crate::transactions::parse_id;
use crate::{Broker, ReplyTo, Request};

/// From this version on clients know PRODUCER_FENCED.
const FENCED_VERSION_MIN: i16 = 4;

/// Gives a producer its id: an idempotent one an id of its own, a transactional one that of its transactional id.
pub fn handle(broker: &Arc<Broker>, request: Request<InitProducerIdRequest>, reply: ReplyTo) {
    let Request { version, message, .. } = request;
    let id = ProducerId::from_wire(message.producer_id);
    let epoch = ProducerEpoch::from_wire(message.producer_epoch);
    let expected = match (id, epoch) {
        (Some(id), Some(epoch)) => Some(Producer { id, epoch }),
        (None, None) => None,
        _ => return reply.send(&failed(ErrorCode::InvalidRequest)),
    };
    if message.enable2_pc || message.keep_prepared_txn {
        // Hidden as unstable (KIP-939); a client that sends it all the same may not.
        return reply.send(&failed(ErrorCode::TransactionalIdAuthorizationFailed));
    }
    let Some(transactional_id) = message.transactional_id else {
        return idempotent(broker, reply);
    };
    let code =
        if version < FENCED_VERSION_MIN { refused_older_client } else { refused_transaction };
    let id = match parse_id(&transactional_id) {
        Ok(id) => id,
        Err(refused) => return reply.send(&failed(code(&refused))),
    };
    let timeout = u64::try_from(message.transaction_timeout_ms).unwrap_or(0);
    let timeout = Duration::from_millis(timeout);
    let request = InitProducer { id, timeout, expected, fresh: None };
    broker.transactions().init_producer(broker, request, move |result| {
        let response = match result {
            Ok(producer) => given(producer),
            Err(refused) => failed(code(&refused)),
        };
        reply.send(&response);
    });
}

fn idempotent(broker: &Arc<Broker>, reply: ReplyTo) {
    broker.producer_ids().next(broker, move |fresh| {
        let response = match fresh {
            Some(id) => given(Producer { id, epoch: ProducerEpoch::ZERO }),
            // The client asks again, as while a coordinator loads.
            None => failed(ErrorCode::CoordinatorLoadInProgress),
        };
        reply.send(&response);
    });
}

fn given(producer: Producer) -> InitProducerIdResponse {
    InitProducerIdResponse {
        producer_id: producer.id.to_wire(),
        producer_epoch: producer.epoch.to_wire(),
        ..InitProducerIdResponse::default()
    }
}

fn failed(error: ErrorCode) -> InitProducerIdResponse {
    InitProducerIdResponse {
        error_code: error.code(),
        producer_id: -1,
        producer_epoch: -1,
        ..InitProducerIdResponse::default()
    }
}
