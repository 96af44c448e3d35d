use std::collections::BTreeSet;
use std::sync::Arc;

use model::TopicName;
use txn::{PartitionKey, TransactionVersion};
use wire::ErrorCode;
use wire::messages::{AddOffsetsToTxnRequest, AddOffsetsToTxnResponse};

use super::end_txn::producer_of;
use crate::coordinator::GROUP_TOPIC;
use crate::error_map::{refused_older_client, refused_transaction};
use crate::transactions::{HowToJoin, Join, parse_id, refuse_nobody};
use crate::{Broker, ReplyTo, Request};

/// From this version on clients know PRODUCER_FENCED.
const FENCED_VERSION_MIN: i16 = 2;

/// The partition that keeps a group's offsets joins a transaction.
pub fn handle(broker: &Arc<Broker>, request: Request<AddOffsetsToTxnRequest>, reply: ReplyTo) {
    let Request { version, message, .. } = request;
    let code =
        if version < FENCED_VERSION_MIN { refused_older_client } else { refused_transaction };
    let producer = producer_of(message.producer_id, message.producer_epoch);
    let (id, producer) = match (parse_id(&message.transactional_id), producer) {
        (Ok(id), Ok(producer)) => (id, producer),
        (Ok(id), Err(refused)) => {
            return refuse_nobody(broker, &id, message.producer_id, refused, move |refused| {
                reply.send(&response(code(&refused)));
            });
        }
        (Err(refused), _) => return reply.send(&response(code(&refused))),
    };
    let Some(partition) = offsets_partition(broker, &message.group_id) else {
        return reply.send(&response(ErrorCode::CoordinatorNotAvailable));
    };
    let join = Join {
        id,
        producer,
        partitions: BTreeSet::from([partition]),
        how: HowToJoin::Add(TransactionVersion::V0),
    };
    join.ask(broker, None, move |result, _| {
        reply.send(&response(result.map_or_else(|refused| code(&refused), |()| ErrorCode::None)));
    });
}

/// Where a group's offsets are kept; `None` while that topic does not exist.
pub(super) fn offsets_partition(broker: &Broker, group: &str) -> Option<PartitionKey> {
    let partition = broker.groups().partition_of(group)?;
    Some(PartitionKey { topic: TopicName::new(GROUP_TOPIC).ok()?, partition })
}

fn response(error: ErrorCode) -> AddOffsetsToTxnResponse {
    AddOffsetsToTxnResponse { error_code: error.code(), ..AddOffsetsToTxnResponse::default() }
}
