//! Transactions, as those who watch over them see them (KIP-664).

use std::collections::BTreeMap;

use model::{Offset, PartitionIndex, Timestamp, TopicPartition};
use wire::messages::describe_producers_request::TopicRequest;
use wire::messages::write_txn_markers_request::{WritableTxnMarker, WritableTxnMarkerTopic};
use wire::messages::{
    DescribeProducersRequest, DescribeTransactionsRequest, DescribeTransactionsResponse,
    InitProducerIdRequest, InitProducerIdResponse, ListTransactionsRequest,
    ListTransactionsResponse, WriteTxnMarkersRequest, WriteTxnMarkersResponse,
};

use super::CHANGE_TIMEOUT;
use super::coordinators::TRANSACTION_TOPIC;
use crate::backoff::Backoff;
use crate::error_map::Refused;
use crate::{Client, ClientError, Result, Target};

/// A transaction that is open in a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTransaction {
    /// Its first record there: readers of committed records see nothing from it on.
    pub start: Offset,
    pub producer_id: i64,
    pub producer_epoch: i32,
    /// Of the marker that its producer's last transaction here ended with; -1 if there was none.
    pub coordinator_epoch: i32,
    /// When its producer wrote last here.
    pub last_at: Option<Timestamp>,
}

/// A transaction as its coordinator knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionDescription {
    pub transactional_id: String,
    /// Kafka's word, such as `Ongoing`.
    pub state: String,
    pub producer_id: i64,
    pub producer_epoch: i16,
    pub timeout_ms: i32,
    /// `None` while no transaction is open.
    pub started_at: Option<Timestamp>,
    pub partitions: Vec<TopicPartition>,
}

/// The timeout of the transaction that is begun and ended only to fence its producer; any that brokers take will do.
const FENCING_TIMEOUT_MS: i32 = 60_000;

impl Client {
    /// The transactions that are open in partitions, the one that began first at the head. Partitions without a leader are
    /// left out.
    pub async fn open_transactions(
        &self,
        partitions: &[TopicPartition],
    ) -> Result<BTreeMap<TopicPartition, Vec<OpenTransaction>>> {
        let mut found = BTreeMap::new();
        for partition in partitions {
            let mut backoff = Backoff::of_call(self.config());
            let (topic, index) = (partition.topic.as_str(), partition.partition.to_wire());
            if self.with_known(|known| known.partition(topic, index).is_none()) {
                self.topics(&[topic], false).await?;
            }
            while let Some(leader) = self.with_known(|known| known.leader(topic, index)) {
                match self.open_in(partition, leader).await {
                    Ok(open) => {
                        found.insert(partition.clone(), open);
                        break;
                    }
                    Err(error) => {
                        let again = error.is_retriable();
                        backoff.after(error, again).await?;
                        self.topics(&[topic], false).await?;
                    }
                }
            }
        }
        Ok(found)
    }

    async fn open_in(
        &self,
        partition: &TopicPartition,
        leader: i32,
    ) -> Result<Vec<OpenTransaction>> {
        let partition_indexes = vec![partition.partition.to_wire()];
        let topic = TopicRequest { name: partition.topic.to_string(), partition_indexes };
        let request = DescribeProducersRequest { topics: vec![topic] };
        let connection = self.connection(Target::Broker(leader)).await?;
        let version = connection.version_of::<DescribeProducersRequest>(i16::MAX)?;
        let response = connection.request_at(&request, version).await?;
        let described: Vec<_> = response.topics.into_iter().flat_map(|it| it.partitions).collect();
        for it in &described {
            let message = it.error_message.as_deref();
            Refused::check(it.error_code, || partition.to_string(), message)?;
        }
        let producers = described.into_iter().flat_map(|it| it.active_producers);
        let mut open: Vec<_> = producers
            .filter_map(|it| {
                Some(OpenTransaction {
                    start: Offset::from_wire(it.current_txn_start_offset)?,
                    producer_id: it.producer_id,
                    producer_epoch: it.producer_epoch,
                    coordinator_epoch: it.coordinator_epoch,
                    last_at: Timestamp::from_millis(it.last_timestamp),
                })
            })
            .collect();
        open.sort_by_key(|it| it.start);
        Ok(open)
    }

    /// Whether every coordinator of transactions can be asked: else a transaction that none knows may still have one.
    pub async fn transaction_coordinators_are_led(&self) -> Result<bool> {
        let metadata = self.fetch_metadata(Some(&[TRANSACTION_TOPIC]), false).await?;
        let mut topics = metadata.topics.values();
        Ok(topics.all(|topic| topic.partitions.iter().all(|it| it.leader.is_some())))
    }

    /// What coordinators know of the transactions of producers, by producer id; all that there are if none is named.
    pub async fn transactions_of(
        &self,
        producers: &[i64],
    ) -> Result<BTreeMap<i64, TransactionDescription>> {
        let brokers = self.fetch_metadata(Some(&[]), false).await?.brokers;
        let mut ids = Vec::new();
        for broker in brokers.into_keys() {
            let request = ListTransactionsRequest {
                producer_id_filters: producers.to_vec(),
                duration_filter: -1,
                ..ListTransactionsRequest::default()
            };
            let code_of = |response: &ListTransactionsResponse| {
                let subject = || format!("transactions of broker {broker}");
                Ok(Refused::check(response.error_code, subject, None)?)
            };
            let response = self.request(Target::Broker(broker), &request, code_of).await?;
            ids.extend(response.transaction_states.into_iter().map(|it| it.transactional_id));
        }
        let mut found = BTreeMap::new();
        for id in ids {
            match self.describe_transaction(&id).await {
                Ok(described) => {
                    found.insert(described.producer_id, described);
                }
                // Nobody knows it now; see [`Self::transaction_coordinators_are_led`].
                Err(ClientError::NoLeader(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    pub async fn describe_transaction(&self, id: &str) -> Result<TransactionDescription> {
        self.check_coordinator(TRANSACTION_TOPIC, id).await?;
        let request = DescribeTransactionsRequest { transactional_ids: vec![id.to_owned()] };
        let code_of = |response: &DescribeTransactionsResponse| {
            for it in &response.transaction_states {
                Refused::check(it.error_code, subject(id), None)?;
            }
            Ok(())
        };
        let target = Target::TransactionCoordinator(id);
        let mut response = self.request(target, &request, code_of).await?;
        let Some(it) = response.transaction_states.pop() else {
            let address = self.connection(target).await?.address().clone();
            return Err(ClientError::Incomplete { address, what: "the transaction" });
        };
        let partitions = it.topics.iter().flat_map(|topic| {
            topic.partitions.iter().filter_map(|index| {
                let partition = PartitionIndex::from_wire(*index)?;
                let topic = model::TopicName::new(&topic.topic).ok()?;
                Some(TopicPartition { topic, partition })
            })
        });
        Ok(TransactionDescription {
            partitions: partitions.collect(),
            transactional_id: it.transactional_id,
            state: it.transaction_state,
            producer_id: it.producer_id,
            producer_epoch: it.producer_epoch,
            timeout_ms: it.transaction_timeout_ms,
            started_at: Timestamp::from_millis(it.transaction_start_time_ms),
        })
    }

    /// Fences the producer of a transactional id: its open transaction is aborted, and it can write no more.
    pub async fn fence_producer(&self, id: &str) -> Result<()> {
        let request = InitProducerIdRequest {
            transactional_id: Some(id.to_owned()),
            transaction_timeout_ms: FENCING_TIMEOUT_MS,
            ..InitProducerIdRequest::default()
        };
        // The coordinator answers CONCURRENT_TRANSACTIONS until the markers are written, and it is asked again.
        let code_of = |response: &InitProducerIdResponse| {
            Ok(Refused::check(response.error_code, subject(id), None)?)
        };
        let target = Target::TransactionCoordinator(id);
        self.request_waiting(target, &request, CHANGE_TIMEOUT, code_of).await?;
        Ok(())
    }

    /// Writes the marker that aborts a transaction into one partition, whatever its coordinator knows of it.
    pub async fn abort_in_partition(
        &self,
        partition: &TopicPartition,
        open: &OpenTransaction,
    ) -> Result<()> {
        let marker = WritableTxnMarker {
            producer_id: open.producer_id,
            producer_epoch: i16::try_from(open.producer_epoch).unwrap_or(i16::MAX),
            transaction_result: false,
            topics: vec![WritableTxnMarkerTopic {
                name: partition.topic.to_string(),
                partition_indexes: vec![partition.partition.to_wire()],
            }],
            // Where no marker was written yet, 0: no leader of the coordinator's partition has had a lower epoch.
            coordinator_epoch: open.coordinator_epoch.max(0),
            ..WritableTxnMarker::default()
        };
        let code_of = |response: &WriteTxnMarkersResponse| {
            let topics = response.markers.iter().flat_map(|marker| &marker.topics);
            for it in topics.flat_map(|topic| &topic.partitions) {
                Refused::check(it.error_code, || partition.to_string(), None)?;
            }
            Ok(())
        };
        let target = Target::Broker(self.leader(partition).await?);
        let request = WriteTxnMarkersRequest { markers: vec![marker] };
        self.request_waiting(target, &request, CHANGE_TIMEOUT, code_of).await?;
        Ok(())
    }
}

fn subject(id: &str) -> impl Fn() -> String {
    move || format!("transactional id {id}")
}
