use std::sync::Arc;

use controller::UnregisterBroker;
use model::BrokerId;
use wire::ErrorCode;
use wire::messages::{UnregisterBrokerRequest, UnregisterBrokerResponse};

use crate::outcome::Outcome;
use crate::{Broker, ReplyTo, Request};

/// Takes a broker out of the cluster for good.
pub fn handle(broker: &Arc<Broker>, request: Request<UnregisterBrokerRequest>, reply: ReplyTo) {
    let Some(id) = BrokerId::from_wire(request.message.broker_id) else {
        let why = "no broker has a negative id";
        return reply.send(&response(Outcome::error(ErrorCode::BrokerIdNotRegistered, why)));
    };
    broker.quorum().submit(UnregisterBroker { id }, move |gone| {
        let outcome = match gone {
            Ok(result) => Outcome::of(&result),
            Err(why) => Outcome::unavailable(why),
        };
        reply.send(&response(outcome));
    });
}

fn response(outcome: Outcome) -> UnregisterBrokerResponse {
    let (error_code, error_message) = (outcome.code, outcome.message);
    let default = UnregisterBrokerResponse::default();
    UnregisterBrokerResponse { error_code, error_message, ..default }
}
