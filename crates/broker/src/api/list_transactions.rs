use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::ProducerId;
use regex::Regex;
use txn::{Filter, Listed, State};
use wire::ErrorCode;
use wire::messages::list_transactions_response::TransactionState;
use wire::messages::{ListTransactionsRequest, ListTransactionsResponse};

use crate::coordinator::Unavailable;
use crate::{Broker, ReplyTo, Request};

/// The transactional ids that this broker coordinates (KIP-664, KIP-994, KIP-1152).
pub fn handle(broker: &Arc<Broker>, request: Request<ListTransactionsRequest>, reply: ReplyTo) {
    let message = request.message;
    let Ok(pattern) = pattern(message.transactional_id_pattern.as_deref()) else {
        return reply.send(&failed(ErrorCode::InvalidRegularExpression));
    };
    let (known, unknown): (Vec<String>, Vec<String>) =
        message.state_filters.into_iter().partition(|name| State::is_name(name));
    let states: BTreeSet<State> = (0..=5)
        .filter_map(State::from_wire)
        .filter(|state| known.iter().any(|name| name == state.name()))
        .collect();
    let asks_for_states = !known.is_empty() || !unknown.is_empty();
    let producer_ids = message.producer_id_filters.iter();
    let filter = Filter {
        // A number that is no producer id is nobody's.
        producer_ids: producer_ids.clone().filter_map(|id| ProducerId::from_wire(*id)).collect(),
        states: asks_for_states.then_some(states),
        longer_than: u64::try_from(message.duration_filter).ok().map(Duration::from_millis),
    };
    if filter.producer_ids.is_empty() && producer_ids.len() > 0 {
        return reply.send(&response(Vec::new(), unknown));
    }
    let now = broker.clock().wall();
    broker.transactions().coordinator().decide_all(
        |shard, _, _| shard.list(now, &filter),
        move |results: Vec<Result<Vec<Listed>, Unavailable>>| {
            if results.iter().any(|result| matches!(result, Err(Unavailable::Loading))) {
                return reply.send(&failed(ErrorCode::CoordinatorLoadInProgress));
            }
            let mut listed: Vec<Listed> = results.into_iter().flatten().flatten().collect();
            listed.retain(|listed| {
                pattern.as_ref().is_none_or(|pattern| pattern.is_match(listed.id.as_str()))
            });
            reply.send(&response(listed, unknown));
        },
    );
}

/// A pattern is for the whole id, and an empty one for all.
fn pattern(text: Option<&str>) -> Result<Option<Regex>, regex::Error> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| Regex::new(&format!("^(?:{text})$"))).transpose()
}

fn response(listed: Vec<Listed>, unknown_state_filters: Vec<String>) -> ListTransactionsResponse {
    let state = |listed: Listed| TransactionState {
        transactional_id: listed.id.as_str().to_owned(),
        producer_id: listed.producer_id.to_wire(),
        transaction_state: listed.state.name().to_owned(),
    };
    ListTransactionsResponse {
        unknown_state_filters,
        transaction_states: listed.into_iter().map(state).collect(),
        ..ListTransactionsResponse::default()
    }
}

fn failed(error: ErrorCode) -> ListTransactionsResponse {
    ListTransactionsResponse { error_code: error.code(), ..ListTransactionsResponse::default() }
}
