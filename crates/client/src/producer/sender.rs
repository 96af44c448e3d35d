//! The task of a producer: takes batches that are due, sends them, and gives the answers back to the accumulator.

use std::collections::HashMap;
use std::sync::Arc;

use model::{Offset, ProducerEpoch, ProducerId, Timestamp, TopicPartition, Uuid};
use tokio::task::JoinSet;
use tokio::time::Instant;
use wire::ErrorCode;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::produce_response::PartitionProduceResponse;
use wire::messages::{InitProducerIdRequest, ProduceRequest, ProduceResponse};

use super::accumulator::{Identity, Parcel, Verdict};
use super::{Acks, Shared};
use crate::error_map::{Reaction, Refused};
use crate::limits::BACKOFF_MIN;
use crate::{ClientError, Connection, Result, Target};

/// Something that the task waited for.
enum Event {
    Opened { broker: i32, result: Result<Connection> },
    Answered { broker: i32, parcels: Vec<Parcel>, result: Result<ProduceResponse> },
    Identity(Result<Identity>),
    Refreshed,
}

#[derive(Default)]
struct Sender {
    links: HashMap<i32, Link>,
    tasks: JoinSet<Event>,
    asking_identity: bool,
    refreshing: bool,
}

enum Link {
    Opening,
    Open { connection: Connection, in_flight: usize },
}

/// The version from which topics are named by their ids (KIP-516).
const TOPIC_ID_VERSION: i16 = 13;

pub(super) async fn run(shared: Arc<Shared>) {
    let mut sender = Sender::default();
    loop {
        sender.send_due(&shared).await;
        let timeout = shared.accumulator.lock().next_timeout(Instant::now());
        tokio::select! {
            () = shared.work.notified() => {}
            () = sleep_until(timeout) => {}
            Some(event) = sender.tasks.join_next() => {
                if let Ok(event) = event {
                    sender.handle(&shared, event);
                }
            }
        }
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

impl Sender {
    /// Sends until nothing is due for a broker that has room.
    async fn send_due(&mut self, shared: &Arc<Shared>) {
        if shared.accumulator.lock().needs_identity() && !self.asking_identity {
            self.asking_identity = true;
            let shared = Arc::clone(shared);
            self.tasks.spawn(async move { Event::Identity(ask_identity(&shared).await) });
        }
        loop {
            let (mut leaderless, mut unconnected) = (Vec::new(), Vec::new());
            let links = &self.links;
            let requests = shared.client.with_known(|known| {
                let leader = |partition: &TopicPartition| {
                    known.leader(partition.topic.as_str(), partition.partition.to_wire())
                };
                let room = |broker| match links.get(&broker) {
                    Some(Link::Opening) => false,
                    Some(Link::Open { in_flight, connection }) if !connection.is_closed() => {
                        *in_flight < shared.config.in_flight_max
                    }
                    // What was in flight on a broken connection comes back first.
                    Some(Link::Open { in_flight: 1.., .. }) => false,
                    _ => {
                        unconnected.push(broker);
                        false
                    }
                };
                shared.accumulator.lock().drain(Instant::now(), leader, room, &mut leaderless)
            });
            if !leaderless.is_empty() {
                self.refresh(shared, leaderless);
            }
            for broker in unconnected {
                self.open(shared, broker);
            }
            if requests.is_empty() {
                return;
            }
            for (broker, parcels) in requests {
                self.send(shared, broker, parcels).await;
            }
        }
    }

    fn open(&mut self, shared: &Arc<Shared>, broker: i32) {
        if matches!(self.links.insert(broker, Link::Opening), Some(Link::Opening)) {
            return;
        }
        let client = shared.client.clone();
        self.tasks
            .spawn(async move { Event::Opened { broker, result: client.open(broker).await } });
    }

    async fn send(&mut self, shared: &Arc<Shared>, broker: i32, parcels: Vec<Parcel>) {
        let Some(Link::Open { connection, in_flight }) = self.links.get_mut(&broker) else {
            let error = ClientError::UnknownBroker(broker);
            settle(shared, parcels, |_| Verdict::Retry {
                error: error.clone(),
                maybe_written: false,
            });
            return;
        };
        *in_flight += 1;
        let connection = connection.clone();
        let (request, version) = match build(shared, &connection, &parcels) {
            Ok(built) => built,
            Err(error) => {
                self.handle(shared, Event::Answered { broker, parcels, result: Err(error) });
                return;
            }
        };
        if shared.config.acks == Acks::None {
            let result = connection.send_unanswered(&request, version).await;
            let result = result.map(|()| ProduceResponse::default());
            self.handle(shared, Event::Answered { broker, parcels, result });
            return;
        }
        // Sent here and not in the task, so that requests leave in the order of their batches.
        match connection.send_at(&request, version).await {
            Err(error) => {
                self.handle(shared, Event::Answered { broker, parcels, result: Err(error) })
            }
            Ok(pending) => {
                // The server may wait for replicas as long as the request says.
                let after = shared.client.config().request_timeout.saturating_mul(2);
                self.tasks.spawn(async move {
                    let result = match tokio::time::timeout(after, pending).await {
                        Ok(result) => result,
                        Err(_) => {
                            connection.close();
                            let address = connection.address().clone();
                            Err(ClientError::TimedOut {
                                address,
                                api: wire::ApiKey::Produce,
                                after,
                            })
                        }
                    };
                    Event::Answered { broker, parcels, result }
                });
            }
        }
    }

    fn handle(&mut self, shared: &Arc<Shared>, event: Event) {
        match event {
            Event::Refreshed => self.refreshing = false,
            Event::Opened { broker, result: Ok(connection) } => {
                self.links.insert(broker, Link::Open { connection, in_flight: 0 });
            }
            Event::Opened { broker, result: Err(_) } => {
                self.links.remove(&broker);
                self.refresh(shared, Vec::new());
            }
            Event::Identity(result) => {
                self.asking_identity = false;
                let mut accumulator = shared.accumulator.lock();
                match result {
                    Ok(identity) => accumulator.set_identity(identity),
                    Err(error) => accumulator.fail_all(&error),
                }
                drop(accumulator);
                shared.progress.notify_waiters();
            }
            Event::Answered { broker, parcels, result } => {
                if let Some(Link::Open { in_flight, connection }) = self.links.get_mut(&broker) {
                    *in_flight = in_flight.saturating_sub(1);
                    if connection.is_closed() && *in_flight == 0 {
                        self.links.remove(&broker);
                    }
                }
                let partitions = parcels.iter().map(|parcel| parcel.partition.clone()).collect();
                if answered(shared, parcels, result) {
                    self.refresh(shared, partitions);
                }
            }
        }
    }

    /// Asks for metadata, once at a time. Its failure is seen by the batches' own deadline.
    fn refresh(&mut self, shared: &Arc<Shared>, partitions: Vec<TopicPartition>) {
        if std::mem::replace(&mut self.refreshing, true) {
            return;
        }
        let client = shared.client.clone();
        self.tasks.spawn(async move {
            tokio::time::sleep(BACKOFF_MIN).await;
            let topics: Vec<&str> = partitions.iter().map(|it| it.topic.as_str()).collect();
            let _ = client.fetch_metadata(Some(&topics), false).await;
            Event::Refreshed
        });
    }
}

async fn ask_identity(shared: &Shared) -> Result<Identity> {
    let request = InitProducerIdRequest {
        transactional_id: None,
        transaction_timeout_ms: i32::MAX,
        ..InitProducerIdRequest::default()
    };
    let code_of = |response: &wire::messages::InitProducerIdResponse| {
        Ok(Refused::check(response.error_code, || "producer id".to_owned(), None)?)
    };
    let response = shared.client.request(Target::Any, &request, code_of).await?;
    let id = ProducerId::from_wire(response.producer_id);
    let epoch = ProducerEpoch::from_wire(response.producer_epoch);
    let address = shared.client.connection(Target::Any).await?.address().clone();
    id.zip(epoch).ok_or(ClientError::Incomplete { address, what: "the producer id" })
}

fn build(
    shared: &Shared,
    connection: &Connection,
    parcels: &[Parcel],
) -> Result<(ProduceRequest, i16)> {
    let mut topics: HashMap<&str, TopicProduceData> = HashMap::new();
    for parcel in parcels {
        let name = parcel.partition.topic.as_str();
        let topic = topics.entry(name).or_insert_with(|| TopicProduceData {
            name: name.to_owned(),
            topic_id: shared.client.with_known(|k| k.topics.get(name).map_or(Uuid::ZERO, |t| t.id)),
            ..TopicProduceData::default()
        });
        topic.partition_data.push(PartitionProduceData {
            index: parcel.partition.partition.to_wire(),
            records: Some(parcel.bytes.clone()),
        });
    }
    let topic_data: Vec<_> = topics.into_values().collect();
    let has_ids = topic_data.iter().all(|topic| !topic.topic_id.is_zero());
    let max = if has_ids { i16::MAX } else { TOPIC_ID_VERSION - 1 };
    let version = connection.version_of::<ProduceRequest>(max)?;
    let timeout = shared.client.config().request_timeout.as_millis();
    let request = ProduceRequest {
        acks: shared.config.acks.to_wire(),
        timeout_ms: i32::try_from(timeout).unwrap_or(i32::MAX),
        topic_data,
        ..ProduceRequest::default()
    };
    Ok((request, version))
}

fn settle(shared: &Shared, parcels: Vec<Parcel>, mut verdict: impl FnMut(&Parcel) -> Verdict) {
    let now = Instant::now();
    for parcel in parcels {
        let verdict = verdict(&parcel);
        shared.accumulator.lock().complete(now, &parcel.partition, parcel.order, verdict);
    }
    shared.progress.notify_waiters();
}

/// Whether leaders must be looked for.
fn answered(shared: &Shared, parcels: Vec<Parcel>, result: Result<ProduceResponse>) -> bool {
    let response = match result {
        Ok(response) => response,
        Err(error) => {
            let is_retriable = error.is_retriable();
            let maybe_written = error.is_outcome_unknown();
            settle(shared, parcels, |_| match error.clone() {
                error if is_retriable => Verdict::Retry { error, maybe_written },
                error => Verdict::Failed(error),
            });
            return true;
        }
    };
    if shared.config.acks == Acks::None {
        let delivered = |_: &Parcel| Verdict::Delivered { base_offset: None, append_time: None };
        settle(shared, parcels, delivered);
        return false;
    }
    let mut find_leader = false;
    let answers = by_partition(shared, &parcels, &response);
    settle(shared, parcels, |parcel| match answers.get(&parcel.partition) {
        Some(answer) => {
            let verdict = judge(&parcel.partition, answer);
            find_leader |= matches!(&verdict, Verdict::Retry { .. });
            verdict
        }
        None => Verdict::Retry {
            error: ClientError::NoLeader(parcel.partition.clone()),
            maybe_written: true,
        },
    });
    find_leader
}

fn by_partition<'a>(
    shared: &Shared,
    parcels: &[Parcel],
    response: &'a ProduceResponse,
) -> HashMap<TopicPartition, &'a PartitionProduceResponse> {
    let mut answers = HashMap::new();
    for topic in &response.responses {
        // Newer versions name topics by their ids only.
        let is_it = |name: &str| {
            name == topic.name
                || topic.name.is_empty()
                    && shared.client.with_known(|known| {
                        known.topics.get(name).is_some_and(|known| known.id == topic.topic_id)
                    })
        };
        for parcel in parcels.iter().filter(|parcel| is_it(parcel.partition.topic.as_str())) {
            let index = parcel.partition.partition.to_wire();
            let answer = topic.partition_responses.iter().find(|answer| answer.index == index);
            answers.extend(answer.map(|answer| (parcel.partition.clone(), answer)));
        }
    }
    answers
}

fn judge(partition: &TopicPartition, answer: &PartitionProduceResponse) -> Verdict {
    let code = ErrorCode::from_code(answer.error_code);
    if code == Some(ErrorCode::None) {
        return Verdict::Delivered {
            base_offset: Offset::from_wire(answer.base_offset),
            append_time: Timestamp::from_millis(answer.log_append_time_ms),
        };
    }
    if code == Some(ErrorCode::DuplicateSequenceNumber) {
        return Verdict::Delivered { base_offset: None, append_time: None };
    }
    let message = answer.error_message.as_deref();
    let Err(refused) = Refused::check(answer.error_code, || partition.to_string(), message) else {
        return Verdict::Delivered { base_offset: None, append_time: None };
    };
    let is_retriable = refused.is_retriable() || refused.reaction() != Reaction::Fail;
    let error = ClientError::Refused(refused);
    match code {
        Some(
            ErrorCode::OutOfOrderSequenceNumber
            | ErrorCode::UnknownProducerId
            | ErrorCode::InvalidProducerIdMapping
            | ErrorCode::InvalidProducerEpoch,
        ) => Verdict::SequenceLost(error),
        Some(code) if is_retriable => {
            let maybe_written = matches!(
                code,
                ErrorCode::RequestTimedOut
                    | ErrorCode::NotEnoughReplicasAfterAppend
                    | ErrorCode::NetworkException
                    | ErrorCode::KafkaStorageError
            );
            Verdict::Retry { error, maybe_written }
        }
        _ => Verdict::Failed(error),
    }
}
