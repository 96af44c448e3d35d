use std::sync::Arc;

use wire::ErrorCode;
use wire::messages::{InitProducerIdRequest, InitProducerIdResponse};

use crate::{Broker, ReplyTo, Request};

/// Gives an idempotent producer its id. Transactional producers are refused: their coordinator is not built.
pub fn handle(broker: &Arc<Broker>, request: Request<InitProducerIdRequest>, reply: ReplyTo) {
    let message = request.message;
    let half_named = (message.producer_id == -1) != (message.producer_epoch == -1);
    if half_named || message.transactional_id.is_some() {
        return reply.send(&failed(ErrorCode::InvalidRequest));
    }
    broker.producer_ids().next(broker, move |given| {
        let response = match given {
            Some(id) => InitProducerIdResponse {
                producer_id: id.to_wire(),
                producer_epoch: 0,
                ..InitProducerIdResponse::default()
            },
            // The client asks again, as while a coordinator loads.
            None => failed(ErrorCode::CoordinatorLoadInProgress),
        };
        reply.send(&response);
    });
}

fn failed(error: ErrorCode) -> InitProducerIdResponse {
    InitProducerIdResponse {
        error_code: error.code(),
        producer_id: -1,
        producer_epoch: -1,
        ..InitProducerIdResponse::default()
    }
}
