//! The requests of transactions: one attempt each.

use std::collections::BTreeMap;

use model::{Offset, ProducerEpoch, ProducerId, TopicPartition};
use parking_lot::Mutex;
use wire::messages::add_partitions_to_txn_request::AddPartitionsToTxnTopic;
use wire::messages::txn_offset_commit_request::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use wire::messages::{
    AddOffsetsToTxnRequest, AddPartitionsToTxnRequest, EndTxnRequest, InitProducerIdRequest,
    TxnOffsetCommitRequest,
};
use wire::{ErrorCode, Request};

use crate::client::Purpose;
use crate::error_map::Refused;
use crate::producer::TransactionConfig;
use crate::producer::accumulator::Identity;
use crate::producer::transactions::{Abilities, Answer, Ask};
use crate::{Client, ClientError, Connection, ConsumerGroupMetadata, Result};

const TRANSACTION_FEATURE: &str = "transaction.version";
/// The level from which epochs change with each transaction (KIP-890).
const VERSION_2: i16 = 2;
/// From this version on, who asks says which id and epoch it has (KIP-360).
const BUMPING_VERSION: i16 = 3;
/// Later versions are for brokers.
const ADD_PARTITIONS_VERSION_MAX: i16 = 3;
/// Later versions are of transactions of version 2; from 6 on topics are named by ids.
const OFFSETS_VERSIONS: (i16, i16) = (4, 5);
const END_VERSIONS: (i16, i16) = (4, 5);

/// Where the coordinators were when they answered last.
#[derive(Debug, Default)]
pub(in crate::producer) struct Coordinators {
    transactions: Mutex<Option<i32>>,
    group: Mutex<Option<(String, i32)>>,
}

/// One attempt. Where it fails, coordinators are looked for again next time.
pub(super) async fn carry_out(
    client: &Client,
    config: &TransactionConfig,
    coordinators: &Coordinators,
    is_version_2: bool,
    ask: &Ask,
) -> Result<Answer> {
    let asking = Asking { client, config, coordinators, is_version_2 };
    let result = match ask {
        Ask::Identity { identity } => asking.identity(*identity).await,
        Ask::AddPartitions { identity, partitions } => {
            asking.add_partitions(*identity, partitions).await
        }
        Ask::AddOffsets { identity, group } => asking.add_offsets(*identity, group).await,
        Ask::CommitOffsets { identity, group, offsets } => {
            asking.commit_offsets(*identity, group, offsets).await
        }
        Ask::End { identity, commits } => asking.end(*identity, *commits).await,
    };
    if result.is_err() {
        *coordinators.transactions.lock() = None;
        *coordinators.group.lock() = None;
    }
    result
}

struct Asking<'a> {
    client: &'a Client,
    config: &'a TransactionConfig,
    coordinators: &'a Coordinators,
    is_version_2: bool,
}

impl Asking<'_> {
    fn id(&self) -> String {
        self.config.transactional_id.clone()
    }

    fn check(&self, code: i16) -> Result<()> {
        let subject = || format!("transactional id {}", self.config.transactional_id);
        Ok(Refused::check(code, subject, None)?)
    }

    /// The newest version that belongs to the transactions' own, of a pair for version 1 and 2.
    fn version_of<R: Request>(&self, connection: &Connection, max: (i16, i16)) -> Result<i16> {
        connection.version_of::<R>(if self.is_version_2 { max.1 } else { max.0 })
    }

    async fn transaction_coordinator(&self) -> Result<Connection> {
        let known = *self.coordinators.transactions.lock();
        let broker = match known {
            Some(broker) => broker,
            None => {
                let id = &self.config.transactional_id;
                let found = self.client.find_transaction_coordinator(id).await?;
                *self.coordinators.transactions.lock() = Some(found);
                found
            }
        };
        self.client.broker(broker, Purpose::General).await
    }

    async fn group_coordinator(&self, group: &str) -> Result<Connection> {
        let known = self.coordinators.group.lock().clone();
        let broker = match known {
            Some((known, broker)) if known == group => broker,
            _ => {
                let found = self.client.find_coordinator(group).await?;
                *self.coordinators.group.lock() = Some((group.to_owned(), found));
                found
            }
        };
        self.client.broker(broker, Purpose::General).await
    }

    async fn identity(&self, identity: Option<Identity>) -> Result<Answer> {
        let connection = self.transaction_coordinator().await?;
        let version = connection.version_of::<InitProducerIdRequest>(i16::MAX)?;
        let (id, epoch) = wire_identity(identity);
        let request = InitProducerIdRequest {
            transactional_id: Some(self.id()),
            transaction_timeout_ms: i32::try_from(self.config.timeout.as_millis())
                .unwrap_or(i32::MAX),
            producer_id: id,
            producer_epoch: epoch,
            ..InitProducerIdRequest::default()
        };
        let response = connection.request_at(&request, version).await?;
        self.check(response.error_code)?;
        let identity = identity_of(response.producer_id, response.producer_epoch);
        let address = connection.address().clone();
        let identity =
            identity.ok_or(ClientError::Incomplete { address, what: "the producer id" })?;
        let abilities = Abilities {
            version_2: connection.versions().feature_level(TRANSACTION_FEATURE) >= VERSION_2,
            bumps_epochs: version >= BUMPING_VERSION,
        };
        Ok(Answer::Identity { identity, abilities })
    }

    async fn add_partitions(
        &self,
        identity: Identity,
        partitions: &[TopicPartition],
    ) -> Result<Answer> {
        let connection = self.transaction_coordinator().await?;
        let version =
            connection.version_of::<AddPartitionsToTxnRequest>(ADD_PARTITIONS_VERSION_MAX)?;
        let mut topics: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
        for partition in partitions {
            let indexes = topics.entry(partition.topic.as_str()).or_default();
            indexes.push(partition.partition.to_wire());
        }
        let topic = |(name, partitions): (&str, _)| AddPartitionsToTxnTopic {
            name: name.to_owned(),
            partitions,
        };
        let request = AddPartitionsToTxnRequest {
            v3_and_below_transactional_id: self.id(),
            v3_and_below_producer_id: identity.0.to_wire(),
            v3_and_below_producer_epoch: identity.1.to_wire(),
            v3_and_below_topics: topics.into_iter().map(topic).collect(),
            ..AddPartitionsToTxnRequest::default()
        };
        let response = connection.request_at(&request, version).await?;
        let mut refused = None;
        for topic in &response.results_by_topic_v3_and_below {
            for it in &topic.results_by_partition {
                let subject = || format!("{}-{}", topic.name, it.partition_index);
                if let Err(error) = Refused::check(it.partition_error_code, subject, None) {
                    refused = worse(refused, error);
                }
            }
        }
        refused.map_or(Ok(Answer::Joined), |error| Err(error.into()))
    }

    async fn add_offsets(&self, identity: Identity, group: &str) -> Result<Answer> {
        let connection = self.transaction_coordinator().await?;
        let request = AddOffsetsToTxnRequest {
            transactional_id: self.id(),
            producer_id: identity.0.to_wire(),
            producer_epoch: identity.1.to_wire(),
            group_id: group.to_owned(),
        };
        self.check(connection.request(&request).await?.error_code)?;
        Ok(Answer::Joined)
    }

    async fn commit_offsets(
        &self,
        identity: Identity,
        group: &ConsumerGroupMetadata,
        offsets: &BTreeMap<TopicPartition, Offset>,
    ) -> Result<Answer> {
        let connection = self.group_coordinator(&group.group).await?;
        let version = self.version_of::<TxnOffsetCommitRequest>(&connection, OFFSETS_VERSIONS)?;
        let mut topics: BTreeMap<&str, TxnOffsetCommitRequestTopic> = BTreeMap::new();
        for (partition, offset) in offsets {
            let name = partition.topic.as_str();
            let topic = topics.entry(name).or_insert_with(|| TxnOffsetCommitRequestTopic {
                name: name.to_owned(),
                ..TxnOffsetCommitRequestTopic::default()
            });
            topic.partitions.push(TxnOffsetCommitRequestPartition {
                partition_index: partition.partition.to_wire(),
                committed_offset: offset.to_wire(),
                committed_metadata: Some(String::new()),
                ..TxnOffsetCommitRequestPartition::default()
            });
        }
        let request = TxnOffsetCommitRequest {
            transactional_id: self.id(),
            group_id: group.group.clone(),
            producer_id: identity.0.to_wire(),
            producer_epoch: identity.1.to_wire(),
            generation_id_or_member_epoch: group.generation,
            member_id: group.member_id.clone(),
            group_instance_id: group.instance_id.clone(),
            topics: topics.into_values().collect(),
        };
        let response = connection.request_at(&request, version).await?;
        let mut refused = None;
        for topic in &response.topics {
            for it in &topic.partitions {
                let subject = || {
                    let (name, index) = (&topic.name, it.partition_index);
                    format!("offset of group {} for {name}-{index}", group.group)
                };
                if let Err(error) = Refused::check(it.error_code, subject, None) {
                    refused = worse(refused, error);
                }
            }
        }
        refused.map_or(Ok(Answer::Joined), |error| Err(error.into()))
    }

    async fn end(&self, identity: Identity, committed: bool) -> Result<Answer> {
        let connection = self.transaction_coordinator().await?;
        let version = self.version_of::<EndTxnRequest>(&connection, END_VERSIONS)?;
        let request = EndTxnRequest {
            transactional_id: self.id(),
            producer_id: identity.0.to_wire(),
            producer_epoch: identity.1.to_wire(),
            committed,
        };
        let response = connection.request_at(&request, version).await?;
        self.check(response.error_code)?;
        Ok(Answer::Ended(identity_of(response.producer_id, response.producer_epoch)))
    }
}

/// The one that says most: a refusal that another attempt does not mend first, what was not even tried last.
fn worse(before: Option<Refused>, error: Refused) -> Option<Refused> {
    let weight = |refused: &Refused| match refused.code() {
        Some(ErrorCode::OperationNotAttempted) => 0,
        _ if refused.is_retriable() => 1,
        _ => 2,
    };
    match before {
        Some(before) if weight(&before) >= weight(&error) => Some(before),
        _ => Some(error),
    }
}

fn wire_identity(identity: Option<Identity>) -> (i64, i16) {
    identity.map_or((-1, -1), |(id, epoch)| (id.to_wire(), epoch.to_wire()))
}

fn identity_of(id: i64, epoch: i16) -> Option<Identity> {
    ProducerId::from_wire(id).zip(ProducerEpoch::from_wire(epoch))
}
