//! The task of a producer: takes batches that are due, sends them, and gives the answers back to the accumulator.

mod coordinators;
mod exchange;
mod transactional;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use model::{ProducerEpoch, ProducerId, TopicName, TopicPartition};
use tokio::task::JoinSet;
use tokio::time::Instant;
use wire::messages::{InitProducerIdRequest, ProduceResponse};

use super::accumulator::{Identity, Parcel, Verdict};
use super::transactions::{Answer, Ask};
use super::{Acks, Shared};
use crate::error_map::Refused;
use crate::{BackoffRange, ClientError, Connection, PendingAnswer, Result, Target};
pub(super) use coordinators::Coordinators;

/// Something that the task waited for.
enum Event {
    Opened { broker: i32, result: Result<Connection> },
    Answered { broker: i32, parcels: Vec<Parcel>, result: Result<ProduceResponse> },
    Identity(Result<Identity>),
    Coordinated { ask: Ask, result: Result<Answer> },
    Refreshed,
}

#[derive(Default)]
struct Sender {
    links: HashMap<i32, Link>,
    tasks: JoinSet<Event>,
    asking_identity: bool,
    identity_attempts: u32,
    refreshing: bool,
    refresh_attempts: u32,
}

enum Link {
    Opening {
        attempts: u32,
    },
    Open {
        connection: Connection,
        in_flight: usize,
    },
    /// Not to be tried before `until`.
    Failed {
        attempts: u32,
        until: Instant,
    },
}

pub(super) async fn run(shared: Arc<Shared>) {
    let mut sender = Sender::default();
    loop {
        sender.step_transactions(&shared);
        sender.send_due(&shared).await;
        // What was sent, or was too late to be, may be the transaction's failure.
        if sender.step_transactions(&shared) {
            continue;
        }
        let now = Instant::now();
        let due = shared.accumulator.lock().next_timeout(now);
        let next_ask = transactional::next_timeout(&shared, now);
        let timeout = due.into_iter().chain(sender.next_open()).chain(next_ask).min();
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
            let (shared, attempts) = (Arc::clone(shared), self.identity_attempts);
            self.tasks.spawn(async move {
                pause(shared.client.config().retry_backoff, attempts).await;
                Event::Identity(ask_identity(&shared).await)
            });
        }
        loop {
            let (mut leaderless, mut unconnected) = (Vec::new(), BTreeSet::new());
            let (links, now) = (&self.links, Instant::now());
            let requests = shared.client.with_known(|known| {
                let leader = |partition: &TopicPartition| {
                    known.leader(partition.topic.as_str(), partition.partition.to_wire())
                };
                let room = |broker| match links.get(&broker) {
                    Some(Link::Opening { .. }) => false,
                    Some(Link::Failed { until, .. }) if now < *until => false,
                    Some(Link::Open { in_flight, connection }) if !connection.is_closed() => {
                        *in_flight < shared.config.in_flight_max
                    }
                    // What was in flight on a broken connection comes back first.
                    Some(Link::Open { in_flight: 1.., .. }) => false,
                    Some(Link::Open { .. } | Link::Failed { .. }) | None => {
                        unconnected.insert(broker);
                        false
                    }
                };
                shared.accumulator.lock().drain(now, leader, room, &mut leaderless)
            });
            if shared.accumulator.lock().take_settled_any() {
                shared.progress.notify_waiters();
            }
            if !leaderless.is_empty() {
                self.refresh(shared, &leaderless);
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
        let attempts = match self.links.get(&broker) {
            Some(Link::Failed { attempts, .. }) => *attempts,
            Some(Link::Opening { .. } | Link::Open { .. }) | None => 0,
        };
        self.links.insert(broker, Link::Opening { attempts });
        let client = shared.client.clone();
        self.tasks
            .spawn(async move { Event::Opened { broker, result: client.open(broker).await } });
    }

    /// When a broker that took no connection may be tried again.
    fn next_open(&self) -> Option<Instant> {
        let now = Instant::now();
        let until = self.links.values().filter_map(|link| match link {
            Link::Failed { until, .. } if *until > now => Some(*until),
            Link::Failed { .. } | Link::Opening { .. } | Link::Open { .. } => None,
        });
        until.min()
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
        let (request, version) = match exchange::build(shared, &connection, &parcels) {
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
                self.handle(shared, Event::Answered { broker, parcels, result: Err(error) });
            }
            Ok(pending) => {
                // The server may wait for replicas as long as the request says.
                let after = shared.client.config().request_timeout.saturating_mul(2);
                self.tasks.spawn(async move {
                    let result = answer(&connection, pending, after).await;
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
                shared.accumulator.lock().set_trouble(None);
            }
            Event::Opened { broker, result: Err(error) } => {
                let attempts = match self.links.get(&broker) {
                    Some(Link::Opening { attempts }) => *attempts,
                    Some(Link::Open { .. } | Link::Failed { .. }) | None => 0,
                };
                let backoff = shared.client.config().reconnect_backoff;
                let until = Instant::now() + backoff.wait_of(attempts);
                self.links.insert(broker, Link::Failed { attempts: attempts + 1, until });
                shared.accumulator.lock().set_trouble(Some(error));
                // It may be elsewhere by now.
                self.refresh(shared, &[]);
            }
            Event::Identity(result) => {
                self.asking_identity = false;
                let mut accumulator = shared.accumulator.lock();
                match result {
                    Ok(identity) => {
                        self.identity_attempts = 0;
                        accumulator.set_identity(identity);
                    }
                    // Asked again; records wait until their time runs out.
                    Err(error) if error.is_retriable() => {
                        self.identity_attempts += 1;
                        accumulator.set_trouble(Some(error));
                    }
                    Err(error) => accumulator.fail_all(&error),
                }
                drop(accumulator);
                shared.progress.notify_waiters();
            }
            Event::Coordinated { ask, result } => transactional::answered(shared, ask, result),
            Event::Answered { broker, parcels, result } => {
                if let Some(Link::Open { in_flight, connection }) = self.links.get_mut(&broker) {
                    *in_flight = in_flight.saturating_sub(1);
                    if connection.is_closed() && *in_flight == 0 {
                        self.links.remove(&broker);
                    }
                }
                let partitions: Vec<_> =
                    parcels.iter().map(|parcel| parcel.partition.clone()).collect();
                if answered(shared, parcels, result) {
                    self.refresh(shared, &partitions);
                } else {
                    self.refresh_attempts = 0;
                }
            }
        }
    }

    /// Asks for metadata, once at a time and ever less often. Its failure is seen by the batches' own deadline.
    fn refresh(&mut self, shared: &Arc<Shared>, partitions: &[TopicPartition]) {
        if std::mem::replace(&mut self.refreshing, true) {
            return;
        }
        let (client, attempts) = (shared.client.clone(), self.refresh_attempts);
        self.refresh_attempts = attempts.saturating_add(1);
        let topics: BTreeSet<TopicName> = partitions.iter().map(|it| it.topic.clone()).collect();
        self.tasks.spawn(async move {
            tokio::time::sleep(client.config().retry_backoff.wait_of(attempts)).await;
            let topics: Vec<&str> = topics.iter().map(TopicName::as_str).collect();
            let _ = client.fetch_metadata(Some(&topics), false).await;
            Event::Refreshed
        });
    }
}

/// Nothing before the first attempt.
async fn pause(backoff: BackoffRange, attempts: u32) {
    if let Some(attempts) = attempts.checked_sub(1) {
        tokio::time::sleep(backoff.wait_of(attempts)).await;
    }
}

/// A connection whose answer is late is closed: what comes behind it would be late too.
async fn answer(
    connection: &Connection,
    pending: PendingAnswer<ProduceResponse>,
    after: Duration,
) -> Result<ProduceResponse> {
    if let Ok(result) = tokio::time::timeout(after, pending).await {
        return result;
    }
    connection.close();
    let (address, api) = (connection.address().clone(), wire::ApiKey::Produce);
    Err(ClientError::TimedOut { address, api, after })
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
    let answers = exchange::by_partition(shared, &parcels, &response);
    let is_transactional = shared.transactions.is_some();
    settle(shared, parcels, |parcel| match answers.get(&parcel.partition) {
        Some(answer) => {
            let verdict = exchange::judge(&parcel.partition, answer, is_transactional);
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
