//! The task of a consumer: keeps one fetch in flight per broker that leads something, and hands on what comes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use model::{Offset, PartitionIndex, TopicName, TopicPartition, Uuid};
use record::{BatchHeader, Batches};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use wire::ErrorCode;
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::messages::fetch_response::PartitionData;
use wire::messages::{FetchRequest, FetchResponse};

use super::positions::Ask;
use super::{Fetched, Isolation, OutOfRange, Output, Shared, Start, offsets};
use crate::client::Purpose;
use crate::error_map::{Reaction, Refused};
use crate::{ClientError, Result};

/// The version from which topics are named by their ids (KIP-516).
const TOPIC_ID_VERSION: i16 = 13;

struct Answer {
    broker: i32,
    asked: HashMap<TopicPartition, Ask>,
    result: Result<FetchResponse>,
}

pub(super) async fn run(shared: Arc<Shared>, output: mpsc::Sender<Output>) {
    let mut fetches: JoinSet<Answer> = JoinSet::new();
    let mut busy: HashSet<i32> = HashSet::new();
    // Set while some partition has no known leader.
    let mut refresh_at = None;
    let pause = shared.client.config().retry_backoff.wait_of(0);
    loop {
        let leaderless = start_fetches(&shared, &mut fetches, &mut busy);
        if !leaderless.is_empty() && refresh_at.is_none() {
            refresh_at = Some(tokio::time::Instant::now() + pause);
        }
        tokio::select! {
            () = shared.changed.notified() => {}
            () = at(refresh_at) => {
                let topics: Vec<&str> = leaderless.iter().map(TopicName::as_str).collect();
                // Its failure shows when the next attempt is due.
                let _ = shared.client.fetch_metadata(Some(&topics), false).await;
                refresh_at = None;
            }
            Some(Ok(answer)) = fetches.join_next() => {
                let broker = answer.broker;
                let find_leaders = take(&shared, &output, answer).await;
                busy.remove(&broker);
                if find_leaders {
                    // The known leaders are wrong: ask before fetching there again.
                    tokio::time::sleep(pause).await;
                    let topics = topics_of(&shared);
                    let topics: Vec<&str> = topics.iter().map(TopicName::as_str).collect();
                    let _ = shared.client.fetch_metadata(Some(&topics), false).await;
                }
            }
        }
    }
}

async fn at(time: Option<tokio::time::Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

fn topics_of(shared: &Shared) -> Vec<TopicName> {
    let positions = shared.positions.lock();
    let topics: HashSet<TopicName> = positions.partitions().map(|it| it.topic.clone()).collect();
    topics.into_iter().collect()
}

/// Starts a fetch at every idle broker that leads something; gives the topics of partitions without a known leader.
fn start_fetches(
    shared: &Arc<Shared>,
    fetches: &mut JoinSet<Answer>,
    busy: &mut HashSet<i32>,
) -> Vec<TopicName> {
    let mut leaderless = Vec::new();
    let mut by_broker: HashMap<i32, HashMap<TopicPartition, Ask>> = HashMap::new();
    {
        let positions = shared.positions.lock();
        for (partition, ask) in positions.asks() {
            let (topic, index) = (partition.topic.as_str(), partition.partition.to_wire());
            match shared.client.with_known(|known| known.leader(topic, index)) {
                Some(broker) => {
                    by_broker.entry(broker).or_default().insert(partition.clone(), ask);
                }
                None => leaderless.push(partition.topic.clone()),
            }
        }
    }
    for (broker, asked) in by_broker {
        if busy.insert(broker) {
            let shared = Arc::clone(shared);
            fetches.spawn(async move {
                let result = fetch(&shared, broker, &asked).await;
                Answer { broker, asked, result }
            });
        }
    }
    leaderless
}

async fn fetch(
    shared: &Shared,
    broker: i32,
    asked: &HashMap<TopicPartition, Ask>,
) -> Result<FetchResponse> {
    let connection = shared.client.broker(broker, Purpose::Fetch).await?;
    let mut topics: HashMap<&str, FetchTopic> = HashMap::new();
    for (partition, ask) in asked {
        let (name, index) = (partition.topic.as_str(), partition.partition.to_wire());
        let (topic_id, current_leader_epoch) = shared.client.with_known(|known| {
            let id = known.topics.get(name).map_or(Uuid::ZERO, |topic| topic.id);
            (id, known.partition(name, index).map_or(-1, |partition| partition.leader_epoch))
        });
        let topic = topics.entry(name).or_insert_with(|| FetchTopic {
            topic: name.to_owned(),
            topic_id,
            ..FetchTopic::default()
        });
        topic.partitions.push(FetchPartition {
            partition: index,
            current_leader_epoch,
            fetch_offset: ask.offset.to_wire(),
            partition_max_bytes: shared.config.partition_fetch_size_max,
            ..FetchPartition::default()
        });
    }
    let topics: Vec<FetchTopic> = topics.into_values().collect();
    let has_ids = topics.iter().all(|topic| !topic.topic_id.is_zero());
    let max = if has_ids { i16::MAX } else { TOPIC_ID_VERSION - 1 };
    let version = connection.version_of::<FetchRequest>(max)?;
    let wait = shared.config.fetch_wait_max;
    let request = FetchRequest {
        max_wait_ms: i32::try_from(wait.as_millis()).unwrap_or(i32::MAX),
        min_bytes: shared.config.fetch_size_min,
        max_bytes: shared.config.fetch_size_max,
        isolation_level: i8::from(shared.config.isolation == Isolation::Committed),
        topics,
        ..FetchRequest::default()
    };
    let response = connection.request_waiting(&request, version, wait).await?;
    Refused::check(response.error_code, || format!("fetch from broker {broker}"), None)?;
    Ok(response)
}

/// Hands on what came, and says whether leaders must be looked for.
async fn take(shared: &Shared, output: &mpsc::Sender<Output>, answer: Answer) -> bool {
    let response = match answer.result {
        Ok(response) => response,
        Err(error) if error.is_retriable() => return true,
        Err(error) => {
            // Nothing of this broker can be read.
            for (partition, ask) in answer.asked {
                fail(shared, output, partition, ask.tag, error.clone()).await;
            }
            return false;
        }
    };
    let mut find_leaders = false;
    for topic in response.responses {
        let name = if topic.topic.is_empty() {
            name_of(shared, &answer.asked, topic.topic_id)
        } else {
            TopicName::new(&topic.topic).ok()
        };
        let Some(name) = name else { continue };
        for data in topic.partitions {
            let Some(index) = PartitionIndex::from_wire(data.partition_index) else { continue };
            let partition = TopicPartition { topic: name.clone(), partition: index };
            let Some(ask) = answer.asked.get(&partition).copied() else { continue };
            match examine(shared, &partition, ask, data).await {
                Examined::Nothing => {}
                Examined::FindLeader => find_leaders = true,
                Examined::Fetched(fetched) => {
                    let next = fetched.next;
                    if shared.positions.lock().fetched(&partition, ask.tag, next) {
                        // The consumer may be gone, and the task ends with it.
                        let _ = output.send(Output::Fetched { tag: ask.tag, fetched }).await;
                    }
                }
                Examined::Failed(error) => fail(shared, output, partition, ask.tag, error).await,
            }
        }
    }
    find_leaders
}

/// Ends the reading of a partition, and says why.
async fn fail(
    shared: &Shared,
    output: &mpsc::Sender<Output>,
    partition: TopicPartition,
    tag: u64,
    error: ClientError,
) {
    if shared.positions.lock().fail(&partition, tag) {
        // The consumer may be gone, and the task ends with it.
        let _ = output.send(Output::Failed { partition, tag, error }).await;
    }
}

fn name_of(shared: &Shared, asked: &HashMap<TopicPartition, Ask>, id: Uuid) -> Option<TopicName> {
    let names = asked.keys().map(|partition| &partition.topic);
    let mut matching = names.filter(|name| {
        shared.client.with_known(|k| k.topics.get(name.as_str()).is_some_and(|t| t.id == id))
    });
    matching.next().cloned()
}

enum Examined {
    Nothing,
    Fetched(Fetched),
    FindLeader,
    Failed(ClientError),
}

async fn examine(
    shared: &Shared,
    partition: &TopicPartition,
    ask: Ask,
    data: PartitionData,
) -> Examined {
    if data.error_code == ErrorCode::OffsetOutOfRange.code() {
        return out_of_range(shared, partition, ask).await;
    }
    let start = ask.offset;
    if let Err(refused) = Refused::check(data.error_code, || partition.to_string(), None) {
        return match refused.reaction() {
            Reaction::FindLeader | Reaction::Retry => Examined::FindLeader,
            _ => Examined::Failed(refused.into()),
        };
    }
    let batches = data.records.unwrap_or_default();
    if batches.is_empty() {
        return Examined::Nothing;
    }
    let mut next = start;
    for batch in Batches::new(&batches) {
        match batch {
            Ok(batch) => next = next.max(BatchHeader::next_offset(batch.header())),
            Err(stop) if stop.is_torn() => break,
            Err(stop) => {
                return Examined::Failed(ClientError::CorruptBatch {
                    partition: partition.clone(),
                    offset: next.to_wire(),
                    reason: stop.reason.into(),
                });
            }
        }
    }
    if next == start {
        return Examined::Nothing;
    }
    Examined::Fetched(Fetched {
        partition: partition.clone(),
        start,
        next,
        high_watermark: Offset::from_wire(data.high_watermark),
        isolation: shared.config.isolation,
        batches,
        aborted: data.aborted_transactions,
    })
}

async fn out_of_range(shared: &Shared, partition: &TopicPartition, ask: Ask) -> Examined {
    let place = match shared.config.out_of_range {
        OutOfRange::Beginning => Start::Beginning,
        OutOfRange::End => Start::End,
        OutOfRange::Ago(ago) => Start::Ago(ago),
        OutOfRange::Fail => {
            let (partition, offset) = (partition.clone(), ask.offset.to_wire());
            return Examined::Failed(ClientError::OffsetOutOfRange { partition, offset });
        }
    };
    let starts = [(partition.clone(), place)];
    match offsets::resolve(&shared.client, shared.config.isolation, &starts).await {
        Ok(next) => {
            let mut positions = shared.positions.lock();
            for (partition, offset) in next {
                positions.reset(&partition, ask.tag, offset);
            }
            Examined::Nothing
        }
        Err(error) if error.is_retriable() => Examined::FindLeader,
        Err(error) => Examined::Failed(error),
    }
}
