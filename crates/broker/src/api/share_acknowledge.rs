use std::sync::Arc;

use model::{Offset, PartitionId};
use settings::ShareGroupOwnSettings;
use share::{
    AcknowledgeType, AcknowledgementBatch, OffsetRange, SessionEpoch, SessionKey, SharePartitionKey,
};
use wire::ErrorCode;
use wire::messages::share_acknowledge_response::{
    LeaderIdAndEpoch, PartitionData, ShareAcknowledgeTopicResponse,
};
use wire::messages::{ShareAcknowledgeRequest, ShareAcknowledgeResponse};

use super::share_fetch::{partition, session_key};
use crate::coordinator::Gather;
use crate::error_map::{acknowledge_error, share_session_error};
use crate::shares::{are_served, group_settings, share_settings};
use crate::{Broker, ReplyTo, Request};

/// What a member says of records in a row, as the wire has it.
pub(super) struct Batch<'a> {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) types: &'a [i8],
}

/// A member of a share group says what became of what it fetched.
pub fn handle(broker: &Arc<Broker>, request: Request<ShareAcknowledgeRequest>, reply: ReplyTo) {
    if !are_served(broker) {
        return reply
            .send(&refused(ErrorCode::UnsupportedVersion, "share groups are switched off"));
    }
    let message = request.message;
    let Some(session) = session_key(message.group_id.as_deref(), message.member_id.as_deref())
    else {
        return reply.send(&refused(ErrorCode::InvalidRequest, "group and member must have names"));
    };
    let Some(epoch) = SessionEpoch::from_wire(message.share_session_epoch) else {
        let error = broker.shares().sessions().lock().refusal_of_odd_epoch(&session);
        return reply.send(&refused(share_session_error(&error), &error.to_string()));
    };
    let taken = broker.shares().sessions().lock().acknowledge(&session, epoch);
    let closes = match taken {
        Ok(closes) => closes,
        Err(error) => {
            return reply.send(&refused(share_session_error(&error), &error.to_string()));
        }
    };
    let mut named = Vec::new();
    for topic in &message.topics {
        for asked in &topic.partitions {
            let Some(partition) = partition(topic.topic_id, asked.partition_index) else {
                continue;
            };
            let batches = asked.acknowledgement_batches.iter().map(|batch| Batch {
                first: batch.first_offset,
                last: batch.last_offset,
                types: &batch.acknowledge_types,
            });
            named.push((partition, acknowledgements(batches, message.is_renew_ack)));
        }
    }
    let own = group_settings(broker, &session.group);
    let lock_ms = own.record_lock_duration_ms;
    let (answering, closing) = (Arc::clone(broker), session.clone());
    acknowledge_all(broker, (&session, &own), named, move |results| {
        if closes {
            answering.shares().close_session(&answering, &closing);
        }
        reply.send(&response(&answering, results, lock_ms));
    });
}

/// The acknowledgements for one partition, or what is wrong with them.
pub(super) fn acknowledgements<'a>(
    batches: impl Iterator<Item = Batch<'a>>,
    may_renew: bool,
) -> Result<Vec<AcknowledgementBatch>, ErrorCode> {
    let batch = |batch: Batch<'_>| {
        let (first, last) = (Offset::from_wire(batch.first)?, Offset::from_wire(batch.last)?);
        let types: Option<Vec<AcknowledgeType>> =
            batch.types.iter().map(|raw| AcknowledgeType::from_wire(*raw)).collect();
        let types = types.filter(|types| may_renew || !types.contains(&AcknowledgeType::Renew));
        Some(AcknowledgementBatch { range: OffsetRange::new(first, last)?, types: types? })
    };
    batches.map(|it| batch(it).ok_or(ErrorCode::InvalidRequest)).collect()
}

/// Hands a member's acknowledgements to their share-partitions; `done` hears how they went when all of them are written.
/// Partitions of which nothing is said are left out.
pub(super) fn acknowledge_all(
    broker: &Arc<Broker>,
    (session, own): (&SessionKey, &ShareGroupOwnSettings),
    named: Vec<(PartitionId, Result<Vec<AcknowledgementBatch>, ErrorCode>)>,
    done: impl FnOnce(Vec<(PartitionId, ErrorCode)>) + Send + 'static,
) {
    let said = |(_, batches): &(_, Result<Vec<AcknowledgementBatch>, ErrorCode>)| {
        !batches.as_ref().is_ok_and(Vec::is_empty)
    };
    let named: Vec<_> = named.into_iter().filter(said).collect();
    if !named.is_empty() {
        broker.shares().metrics().acknowledgements.add(1);
    }
    let counting = Arc::clone(broker);
    let gather = Gather::new(named.len(), move |results: Vec<(PartitionId, ErrorCode)>| {
        let failed = results.iter().filter(|(_, error)| *error != ErrorCode::None).count();
        counting.shares().metrics().failed_acknowledgements.add(failed as u64);
        done(results);
    });
    for (index, (partition, batches)) in named.into_iter().enumerate() {
        let part = gather.part(index);
        let key = SharePartitionKey {
            group: session.group.clone(),
            topic: partition.topic,
            partition: partition.partition,
        };
        match (batches, broker.shares().get(&key)) {
            (Err(error), _) => part.give((partition, error)),
            // Nobody has fetched from it here, so nobody holds anything of it.
            (Ok(_), None) => part.give((partition, not_here(broker, partition))),
            (Ok(batches), Some(shared)) => {
                let settings = share_settings(broker, own);
                shared.acknowledge(broker, settings, (&session.member, &batches), move |result| {
                    let code =
                        result.err().map_or(ErrorCode::None, |error| acknowledge_error(&error));
                    part.give((partition, code));
                });
            }
        }
    }
}

/// Of a partition that no member fetches from on this broker.
fn not_here(broker: &Broker, partition: PartitionId) -> ErrorCode {
    let image = broker.image();
    let topic = image.topic_by_id(partition.topic);
    let Some(topic) = topic else { return ErrorCode::UnknownTopicId };
    match topic.partitions.get(&partition.partition) {
        None => ErrorCode::UnknownTopicOrPartition,
        Some(metadata) if metadata.leader != Some(broker.id()) => ErrorCode::NotLeaderOrFollower,
        Some(_) => ErrorCode::InvalidRecordState,
    }
}

fn response(
    broker: &Broker,
    mut results: Vec<(PartitionId, ErrorCode)>,
    lock_ms: u32,
) -> ShareAcknowledgeResponse {
    results.sort_by_key(|(partition, _)| *partition);
    let image = broker.image();
    let mut response = ShareAcknowledgeResponse {
        acquisition_lock_timeout_ms: i32::try_from(lock_ms).unwrap_or(i32::MAX),
        ..ShareAcknowledgeResponse::default()
    };
    for (partition, error) in results {
        let topic_id = partition.topic.uuid();
        if response.responses.last().is_none_or(|topic| topic.topic_id != topic_id) {
            let topic = ShareAcknowledgeTopicResponse { topic_id, partitions: Vec::new() };
            response.responses.push(topic);
        }
        let metadata = image
            .topic_by_id(partition.topic)
            .and_then(|topic| topic.partitions.get(&partition.partition))
            .filter(|_| error == ErrorCode::NotLeaderOrFollower);
        let current_leader = metadata.map(|metadata| LeaderIdAndEpoch {
            leader_id: metadata.leader.map_or(-1, model::BrokerId::to_wire),
            leader_epoch: metadata.leader_epoch.to_wire(),
        });
        if let Some(topic) = response.responses.last_mut() {
            topic.partitions.push(PartitionData {
                partition_index: partition.partition.to_wire(),
                error_code: error.code(),
                current_leader: current_leader.unwrap_or_default(),
                ..PartitionData::default()
            });
        }
    }
    response
}

fn refused(error: ErrorCode, why: &str) -> ShareAcknowledgeResponse {
    ShareAcknowledgeResponse {
        error_code: error.code(),
        error_message: Some(why.to_owned()),
        ..ShareAcknowledgeResponse::default()
    }
}
