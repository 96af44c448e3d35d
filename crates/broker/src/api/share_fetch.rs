use std::sync::Arc;
use std::time::Duration;

use group::{GroupId, MemberId};
use model::{PartitionId, PartitionIndex, TopicId, Uuid};
use share::{AcknowledgementBatch, AcquireMode, FetchRequest, SessionEpoch, SessionKey};
use wire::ErrorCode;
use wire::messages::share_fetch_request::FetchTopic;
use wire::messages::{ShareFetchRequest, ShareFetchResponse};

use super::share_acknowledge::{Batch, acknowledge_all, acknowledgements};
use crate::error_map::share_session_error;
use crate::shares::{Asked, ShareFetch, are_served, group_settings};
use crate::{Broker, ReplyTo, Request};

/// Partitions that a request names, with what it acknowledges of them; or what is wrong with that.
type Named = Vec<(PartitionId, Result<Vec<AcknowledgementBatch>, ErrorCode>)>;

/// A member of a share group fetches, and says what became of what it fetched before.
pub fn handle(broker: &Arc<Broker>, request: Request<ShareFetchRequest>, reply: ReplyTo) {
    if !are_served(broker) {
        return reply
            .send(&refused(ErrorCode::UnsupportedVersion, "share groups are switched off"));
    }
    broker.shares().metrics().fetches.add(1);
    let Request { message, client, .. } = request;
    let Some(session) = session_key(message.group_id.as_deref(), message.member_id.as_deref())
    else {
        return reply.send(&refused(ErrorCode::InvalidRequest, "group and member must have names"));
    };
    let Some(epoch) = SessionEpoch::from_wire(message.share_session_epoch) else {
        let error = broker.shares().sessions().lock().refusal_of_odd_epoch(&session);
        return reply.send(&refused(share_session_error(&error), &error.to_string()));
    };
    let Some(mode) = AcquireMode::from_wire(message.share_acquire_mode) else {
        return reply.send(&refused(ErrorCode::InvalidRequest, "the acquire mode means nothing"));
    };
    let wants = [message.max_wait_ms, message.min_bytes, message.max_bytes, message.max_records];
    if message.is_renew_ack && wants != [0; 4] {
        let why = "who renews locks fetches nothing, and waits for nothing";
        return reply.send(&refused(ErrorCode::InvalidRequest, why));
    }
    let named = named(&message.topics, message.is_renew_ack);
    let add: Vec<PartitionId> = named.iter().map(|(partition, _)| *partition).collect();
    let forget: Vec<PartitionId> = message
        .forgotten_topics_data
        .iter()
        .flat_map(|topic| topic.partitions.iter().filter_map(|it| partition(topic.topic_id, *it)))
        .collect();
    let acknowledges = named.iter().any(|(_, batches)| !batches.as_ref().is_ok_and(Vec::is_empty));
    let of_session = FetchRequest { add: &add, forget: &forget, acknowledges };
    let fetch =
        broker.shares().sessions().lock().fetch(&session, client.connection, epoch, of_session);
    let fetch = match fetch {
        Ok(fetch) => fetch,
        Err(error) => {
            broker.shares().metrics().failed_fetches.add(1);
            return reply.send(&refused(share_session_error(&error), &error.to_string()));
        }
    };
    let own = group_settings(broker, &session.group);
    let id = broker.shares().begin_fetch(client.connection);
    let whole = (fetch.partitions, fetch.kind);
    let asked = asked(&message, mode);
    let mut fetch =
        Box::new(ShareFetch::new((id, session.clone()), reply, asked, own.clone(), whole));
    let answering = Arc::clone(broker);
    acknowledge_all(broker, (&session, &own), named, move |results| {
        fetch.acknowledged(results);
        answering.shares().start_fetch(&answering, fetch);
    });
}

fn asked(message: &ShareFetchRequest, mode: AcquireMode) -> Asked {
    let size_max = u32::try_from(message.max_bytes).unwrap_or(0);
    let record_max = u32::try_from(message.max_records).unwrap_or(0);
    Asked {
        max_wait: Duration::from_millis(u64::try_from(message.max_wait_ms).unwrap_or(0)),
        size_min: usize::try_from(message.min_bytes).unwrap_or(0),
        size_max,
        // Who renews locks or takes no bytes fetches nothing.
        record_max: if message.is_renew_ack || size_max == 0 { 0 } else { record_max },
        batch_size: u32::try_from(message.batch_size).unwrap_or(0),
        mode,
    }
}

/// `None` when one of them has no name, or too long a one.
pub(super) fn session_key(group: Option<&str>, member: Option<&str>) -> Option<SessionKey> {
    let group = group.filter(|group| !group.is_empty()).and_then(GroupId::new)?;
    Some(SessionKey { group, member: member.and_then(MemberId::new)? })
}

fn named(topics: &[FetchTopic], may_renew: bool) -> Named {
    let of_topic = |topic: &FetchTopic| -> Named {
        let of_partition = |asked: &wire::messages::share_fetch_request::FetchPartition| {
            let batches = asked.acknowledgement_batches.iter().map(|batch| Batch {
                first: batch.first_offset,
                last: batch.last_offset,
                types: &batch.acknowledge_types,
            });
            let partition = partition(topic.topic_id, asked.partition_index)?;
            Some((partition, acknowledgements(batches, may_renew)))
        };
        topic.partitions.iter().filter_map(of_partition).collect()
    };
    topics.iter().flat_map(of_topic).collect()
}

pub(super) fn partition(topic: Uuid, index: i32) -> Option<PartitionId> {
    let (topic, partition) = (TopicId::new(topic)?, PartitionIndex::from_wire(index)?);
    Some(PartitionId { topic, partition })
}

fn refused(error: ErrorCode, why: &str) -> ShareFetchResponse {
    ShareFetchResponse {
        error_code: error.code(),
        error_message: Some(why.to_owned()),
        ..ShareFetchResponse::default()
    }
}
