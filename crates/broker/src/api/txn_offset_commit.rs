use std::collections::BTreeSet;
use std::sync::Arc;

use group::{
    CommitOffsets, Generation, GroupError, GroupId, InstanceId, MemberId, OffsetToCommit,
    PartResults, PartitionKey,
};
use metadata::{Image, Topic};
use model::{LeaderEpoch, Offset, PartitionIndex, TopicId};
use txn::{Producer, TransactionVersion, TransactionalId};
use wire::ErrorCode;
use wire::messages::txn_offset_commit_request::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use wire::messages::txn_offset_commit_response::{
    TxnOffsetCommitResponsePartition, TxnOffsetCommitResponseTopic,
};
use wire::messages::{TxnOffsetCommitRequest, TxnOffsetCommitResponse};

use super::add_offsets_to_txn::offsets_partition;
use super::end_txn::producer_of;
use crate::coordinator::{GROUP_TOPIC, InTransaction, Unavailable};
use crate::error_map::{group_error, refused_older_client, refused_transaction, unavailable};
use crate::transactions::{HowToJoin, Join, Refused, parse_id, refuse_nobody};
use crate::{Broker, ReplyTo, Request};

/// From this version on the offsets' partition joins the transaction by the commit itself (KIP-890).
const JOINING_VERSION_MIN: i16 = 5;
/// From this version on producers know that a transaction must be aborted.
const ABORTABLE_VERSION_MIN: i16 = 4;
/// From this version on topics are named by id (KIP-1319).
const TOPIC_ID_VERSION_MIN: i16 = 6;

/// Commits offsets as part of a transaction: they count once it is committed.
pub fn handle(broker: &Arc<Broker>, request: Request<TxnOffsetCommitRequest>, reply: ReplyTo) {
    let Request { version, message, client: _ } = request;
    let mut offsets = Vec::new();
    let parts = take_topics(&broker.image(), version, message.topics, &mut offsets);
    let Some(group) = GroupId::new(&message.group_id).filter(|group| !group.is_empty()) else {
        return reply.send(&response(parts, Answer::All(ErrorCode::InvalidGroupId)));
    };
    let producer = producer_of(message.producer_id, message.producer_epoch);
    let (id, producer) = match (parse_id(&message.transactional_id), producer) {
        (Ok(id), Ok(producer)) => (id, producer),
        (Ok(id), Err(refused)) => {
            return refuse_nobody(broker, &id, message.producer_id, refused, move |refused| {
                reply.send(&response(parts, Answer::All(refused_older_client(&refused))));
            });
        }
        (Err(refused), _) => {
            return reply.send(&response(parts, Answer::All(refused_older_client(&refused))));
        }
    };
    if offsets.is_empty() {
        return reply.send(&response(parts, Answer::All(ErrorCode::None)));
    }
    let commit = CommitOffsets {
        group,
        member: MemberId::new(&message.member_id),
        instance: message.group_instance_id.as_deref().map(InstanceId::new),
        generation: Generation::from_wire(message.generation_id_or_member_epoch),
        // Since they exist, producers name the epoch as a generation.
        knows_member_epochs: true,
        retention: None,
        offsets,
    };
    let how = match version >= JOINING_VERSION_MIN {
        true => HowToJoin::Add(TransactionVersion::V2),
        false => HowToJoin::Verify,
    };
    let answer = move |answer| {
        let answer = match answer {
            Answer::All(ErrorCode::TransactionAbortable) if version < ABORTABLE_VERSION_MIN => {
                Answer::All(ErrorCode::InvalidTxnState)
            }
            answer => answer,
        };
        reply.send(&response(parts, answer));
    };
    join(broker, id, producer, how, commit, answer);
}

/// What is answered for the partitions that the metadata knows.
enum Answer {
    All(ErrorCode),
    Each(Vec<Result<(), GroupError>>),
}

/// Sees to it that the offsets' partition is part of the transaction, then commits.
fn join(
    broker: &Arc<Broker>,
    id: TransactionalId,
    producer: Producer,
    how: HowToJoin,
    commit: CommitOffsets,
    answer: impl FnOnce(Answer) + Send + 'static,
) {
    let group = commit.group.as_str();
    let guard = broker.groups().guard_for(group, producer.id, producer.epoch);
    let guard = match guard {
        Ok(guard) => guard,
        Err(why) => return answer(Answer::All(unavailable(&why))),
    };
    let within = InTransaction { producer: producer.id, epoch: producer.epoch, guard };
    let verified = broker.config().settings().transactions.verification;
    let need_not_ask = guard.is_none() || (how == HowToJoin::Verify && !verified);
    if need_not_ask {
        return store(broker, within, commit, answer);
    }
    let Some(partition) = offsets_partition(broker, group) else {
        return answer(Answer::All(ErrorCode::CoordinatorNotAvailable));
    };
    let of_group = broker.partition_of(GROUP_TOPIC, partition.partition).ok();
    let of_group = of_group.filter(|of_group| of_group.is_alone_and_durable());
    let before = of_group.map(|of_group| Arc::clone(of_group.dir()));
    let join = Join { id, producer, partitions: BTreeSet::from([partition]), how };
    let storing = Arc::clone(broker);
    join.ask(broker, before, move |joined, _uncommitted| match joined {
        Ok(()) => store(&storing, within, commit, answer),
        Err(refused) => answer(Answer::All(not_joined(&refused))),
    });
}

fn store(
    broker: &Arc<Broker>,
    within: InTransaction,
    commit: CommitOffsets,
    answer: impl FnOnce(Answer) + Send + 'static,
) {
    let group = commit.group.clone();
    broker.groups().decide_within(
        group.as_str(),
        within,
        |shard, soft, now| shard.commit_offsets_in_transaction(soft, now, commit, within.producer),
        move |result: Result<PartResults, Unavailable>| {
            answer(match result {
                Ok(Ok(results)) => Answer::Each(results),
                Ok(Err(error)) => Answer::All(group_error(&error)),
                Err(why) => Answer::All(unavailable(&why)),
            });
        },
    );
}

/// The transaction coordinator's refusal, to a client that asked the group's.
fn not_joined(refused: &Refused) -> ErrorCode {
    match refused {
        // The client would look for another group coordinator.
        Refused::Unavailable(Unavailable::NotCoordinator | Unavailable::Loading) => {
            ErrorCode::CoordinatorLoadInProgress
        }
        Refused::Unavailable(_) => refused_transaction(refused),
        Refused::Transaction(_) => refused_older_client(refused),
    }
}

/// Marks a partition whose result the coordinator gives. No code is that small.
const ASKED: i16 = i16::MIN;

fn take_topics(
    image: &Image,
    version: i16,
    topics: Vec<TxnOffsetCommitRequestTopic>,
    offsets: &mut Vec<OffsetToCommit>,
) -> Vec<TxnOffsetCommitResponseTopic> {
    let take = |asked: TxnOffsetCommitRequestTopic| {
        let (topic, unknown) = if version >= TOPIC_ID_VERSION_MIN {
            let id = TopicId::new(asked.topic_id);
            (id.and_then(|id| image.topic_by_id(id)), ErrorCode::UnknownTopicId)
        } else {
            (image.topic(&asked.name), ErrorCode::UnknownTopicOrPartition)
        };
        let partitions = asked.partitions.into_iter().map(|partition| {
            let partition_index = partition.partition_index;
            let error_code = match topic.map(|topic| to_commit(topic, partition)) {
                None => unknown.code(),
                Some(None) => ErrorCode::UnknownTopicOrPartition.code(),
                Some(Some(offset)) => {
                    offsets.push(offset);
                    ASKED
                }
            };
            TxnOffsetCommitResponsePartition { partition_index, error_code }
        });
        TxnOffsetCommitResponseTopic {
            partitions: partitions.collect(),
            name: asked.name,
            topic_id: asked.topic_id,
        }
    };
    topics.into_iter().map(take).collect()
}

/// `None` when the topic has no such partition.
fn to_commit(topic: &Topic, asked: TxnOffsetCommitRequestPartition) -> Option<OffsetToCommit> {
    let partition = PartitionIndex::from_wire(asked.partition_index)?;
    topic.partitions.get(&partition)?;
    Some(OffsetToCommit {
        partition: PartitionKey { topic: topic.name.clone(), partition },
        topic_id: Some(topic.id),
        offset: Offset::from_wire(asked.committed_offset),
        leader_epoch: LeaderEpoch::from_wire(asked.committed_leader_epoch),
        metadata: asked.committed_metadata.unwrap_or_default().into(),
    })
}

fn response(
    mut topics: Vec<TxnOffsetCommitResponseTopic>,
    answer: Answer,
) -> TxnOffsetCommitResponse {
    let (for_all, results) = match answer {
        Answer::All(code) => (code, Vec::new()),
        Answer::Each(results) => (ErrorCode::None, results),
    };
    let mut results = results.into_iter();
    for partition in topics.iter_mut().flat_map(|topic| &mut topic.partitions) {
        if partition.error_code == ASKED {
            partition.error_code = match results.next() {
                Some(Err(error)) => group_error(&error).code(),
                Some(Ok(())) | None => for_all.code(),
            };
        }
    }
    TxnOffsetCommitResponse { topics, ..TxnOffsetCommitResponse::default() }
}
