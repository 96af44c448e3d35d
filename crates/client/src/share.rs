//! A consumer of a share group (KIP-932): the group hands its records out to whichever member asks, one by one, and each member
//! says what became of them.

mod acknowledgements;
mod fetched;
mod membership;
mod session;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use model::{Offset, PartitionIndex, TopicName, TopicPartition, Uuid};
use tokio::task::JoinSet;
use tokio::time::Instant;
use wire::messages::share_fetch_response::{AcquiredRecords, PartitionData};
use wire::messages::{ShareFetchRequest, ShareFetchResponse};

use crate::client::Purpose;
use crate::error_map::{Reaction, Refused};
use crate::{Client, ClientError, Result};
use fetched::Acquired;
use membership::{Beat, Beats, Membership};
use session::{Ask, Place, ShareSession};

pub use acknowledgements::Acknowledgements;
pub use fetched::ShareFetched;

/// What a share group hands out at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcquireMode {
    /// Whole batches, even where they have more records than were asked for.
    Batches,
    /// No record more than was asked for. Brokers before Kafka 4.2 hand out batches all the same.
    Records,
}

/// How a share group is read. The defaults are those of Apache Kafka's share consumer. Where a group begins that is new, and
/// whether it sees records of open transactions, are settings of the group.
#[derive(Clone, Debug)]
pub struct ShareConfig {
    /// The group's name (`group.id`).
    pub group: String,
    pub topics: Vec<String>,
    /// How long a broker may wait for a record (`fetch.max.wait.ms`).
    pub fetch_wait_max: Duration,
    /// Bytes of one answer; a single larger batch comes whole (`fetch.max.bytes`).
    pub fetch_size_max: i32,
    /// Records that one answer hands out (`max.poll.records`).
    pub record_count_max: i32,
    /// (`share.acquire.mode`)
    pub mode: AcquireMode,
}

impl ShareConfig {
    /// With Apache Kafka's defaults.
    pub fn new(group: impl Into<String>, topics: Vec<String>) -> Self {
        Self {
            group: group.into(),
            topics,
            fetch_wait_max: Duration::from_millis(500),
            fetch_size_max: 50 << 20,
            record_count_max: 500,
            mode: AcquireMode::Batches,
        }
    }
}

/// What [`ShareConsumer::next`] brings.
#[derive(Debug)]
pub enum SharePolled {
    /// These partitions are read here from now on, and no others. Other members may read them too.
    Assigned(Vec<TopicPartition>),
    /// Until [`ShareConsumer::acknowledge`] says what became of them, or their lock ends, nobody else has these records.
    Fetched(ShareFetched),
    Unacknowledged(Unacknowledged),
}

/// What was said of records came too late, or not to the broker: they are handed out again.
#[derive(Debug)]
pub struct Unacknowledged {
    pub partition: TopicPartition,
    pub reason: ClientError,
}

/// A member of a share group. Delivery is at least once: what is not acknowledged in time others get.
#[derive(Debug)]
pub struct ShareConsumer {
    client: Client,
    config: ShareConfig,
    membership: Membership,
    beats: Beats,
    assigned: BTreeSet<Place>,
    names: BTreeMap<Uuid, TopicName>,
    /// By their brokers.
    sessions: BTreeMap<i32, ShareSession>,
    fetches: JoinSet<Answer>,
    busy: BTreeSet<i32>,
    told: VecDeque<SharePolled>,
    /// When leaders and topics are looked for; nothing is fetched before.
    look_at: Option<Instant>,
    failures: u32,
}

#[derive(Debug)]
struct Answer {
    broker: i32,
    ask: Ask,
    result: Result<ShareFetchResponse>,
}

impl ShareConsumer {
    /// Joins in the background.
    pub fn new(client: Client, config: ShareConfig) -> Self {
        let (group, topics) = (config.group.clone(), config.topics.clone());
        let membership = Membership::new(client.clone(), group, topics);
        Self {
            client,
            config,
            beats: Beats::start(membership.clone()),
            membership,
            assigned: BTreeSet::new(),
            names: BTreeMap::new(),
            sessions: BTreeMap::new(),
            fetches: JoinSet::new(),
            busy: BTreeSet::new(),
            told: VecDeque::new(),
            look_at: None,
            failures: 0,
        }
    }

    /// How many records the answers to later fetches hand out.
    pub fn set_record_count_max(&mut self, count: i32) {
        self.config.record_count_max = count;
    }

    /// The next records, or what became of partitions. What was acknowledged before is sent with it. Cancel-safe.
    pub async fn next(&mut self) -> Result<SharePolled> {
        loop {
            if let Some(told) = self.told.pop_front() {
                return Ok(told);
            }
            self.start_fetches();
            tokio::select! {
                biased;
                beat = self.beats.next() => match beat {
                    Beat::Assigned(assigned) => self.assign(assigned),
                    Beat::Failed(error) => return Err(error),
                },
                Some(Ok(answer)) = self.fetches.join_next() => self.take(answer)?,
                () = sleep_until(self.look_at) => {
                    let topics: Vec<&str> = self.config.topics.iter().map(String::as_str).collect();
                    // Its failure shows when the next attempt is due.
                    let _ = self.client.fetch_metadata(Some(&topics), false).await;
                    self.look_at = None;
                    self.learn_names();
                }
            }
        }
    }

    fn assign(&mut self, assigned: BTreeSet<Place>) {
        self.assigned = assigned;
        self.learn_names();
        if self.assigned.iter().any(|(topic, _)| !self.names.contains_key(topic)) {
            self.look_soon();
        }
        let partitions = self.assigned.iter().filter_map(|place| self.partition(*place)).collect();
        self.told.push_back(SharePolled::Assigned(partitions));
    }

    fn learn_names(&mut self) {
        let topics = &self.config.topics;
        let named = self.client.with_known(|known| {
            let id = |name: &String| Some((known.topics.get(name)?.id, TopicName::new(name).ok()?));
            topics.iter().filter_map(id).collect::<Vec<_>>()
        });
        self.names.extend(named);
    }

    fn partition(&self, (topic, index): Place) -> Option<TopicPartition> {
        let topic = self.names.get(&topic)?.clone();
        Some(TopicPartition { topic, partition: PartitionIndex::from_wire(index)? })
    }

    fn look_soon(&mut self) {
        let pause = self.client.config().retry_backoff.wait_of(self.failures);
        self.failures = self.failures.saturating_add(1);
        self.look_at = Some(Instant::now() + pause);
    }

    /// Starts a fetch at every idle broker that leads something, or is to be told something.
    fn start_fetches(&mut self) {
        if self.look_at.is_some() {
            return;
        }
        let mut wanted: BTreeMap<i32, BTreeSet<Place>> =
            self.sessions.keys().map(|broker| (*broker, BTreeSet::new())).collect();
        let mut is_leaderless = false;
        for place in &self.assigned {
            let leader = self.names.get(&place.0).and_then(|name| {
                self.client.with_known(|known| known.leader(name.as_str(), place.1))
            });
            match leader {
                Some(broker) => {
                    wanted.entry(broker).or_default().insert(*place);
                }
                None => is_leaderless = true,
            }
        }
        for (broker, places) in wanted {
            if !self.busy.contains(&broker) {
                self.start_fetch(broker, &places);
            }
        }
        if is_leaderless {
            self.look_soon();
        }
    }

    fn start_fetch(&mut self, broker: i32, wanted: &BTreeSet<Place>) {
        let session = self.sessions.entry(broker).or_default();
        if wanted.is_empty() && !session.is_open() {
            self.sessions.remove(&broker);
            return;
        }
        let ask = session.ask(wanted);
        let wait = if ask.is_end() { Duration::ZERO } else { self.config.fetch_wait_max };
        let mut request = ShareFetchRequest {
            group_id: Some(self.config.group.clone()),
            member_id: Some(self.membership.member_id().to_owned()),
            max_wait_ms: i32::try_from(wait.as_millis()).unwrap_or(i32::MAX),
            min_bytes: 1,
            max_bytes: self.config.fetch_size_max,
            max_records: if ask.is_end() { 0 } else { self.config.record_count_max },
            batch_size: self.config.record_count_max,
            share_acquire_mode: i8::from(self.config.mode == AcquireMode::Records),
            ..ShareFetchRequest::default()
        };
        ask.fill(&mut request);
        let client = self.client.clone();
        self.busy.insert(broker);
        self.fetches.spawn(async move {
            let result = fetch(&client, broker, &request, wait).await;
            Answer { broker, ask, result }
        });
    }

    fn take(&mut self, Answer { broker, ask, result }: Answer) -> Result<()> {
        self.busy.remove(&broker);
        let response = match result {
            Ok(response) => response,
            Err(error) => return self.failed(broker, ask, error),
        };
        if ask.is_end() {
            let ended = self.sessions.remove(&broker).unwrap_or_default();
            self.all_lost(ended);
        } else {
            self.sessions.entry(broker).or_default().answered();
        }
        let mut refused = None;
        for topic in response.responses {
            for data in topic.partitions {
                let place = (topic.topic_id, data.partition_index);
                // Nothing else is asked for.
                let Some(partition) = self.partition(place) else { continue };
                if let Err(error) = self.take_partition(broker, place, partition, data) {
                    refused = refused.or(Some(error));
                }
            }
        }
        match refused {
            Some(refused) if refused.reaction() == Reaction::Fail => return Err(refused.into()),
            Some(_) => self.look_soon(),
            None => self.failures = 0,
        }
        Ok(())
    }

    fn take_partition(
        &mut self,
        broker: i32,
        place: Place,
        partition: TopicPartition,
        data: PartitionData,
    ) -> std::result::Result<(), Refused> {
        let subject = || partition.to_string();
        let message = data.acknowledge_error_message.as_deref();
        if let Err(refused) = Refused::check(data.acknowledge_error_code, subject, message) {
            let (partition, reason) = (partition.clone(), refused.into());
            self.told.push_back(SharePolled::Unacknowledged(Unacknowledged { partition, reason }));
        }
        Refused::check(data.error_code, subject, data.error_message.as_deref())?;
        let row = |row: &AcquiredRecords| {
            let (first, last) =
                (Offset::from_wire(row.first_offset)?, Offset::from_wire(row.last_offset)?);
            Some(Acquired { first, last, delivery_count: row.delivery_count })
        };
        let acquired: Vec<Acquired> = data.acquired_records.iter().filter_map(row).collect();
        if !acquired.is_empty() {
            let batches = data.records.unwrap_or_default();
            let fetched = ShareFetched { partition, broker, place, acquired, batches };
            self.told.push_back(SharePolled::Fetched(fetched));
        }
        Ok(())
    }

    /// The session is opened anew; what was said in it is not known to have arrived.
    fn failed(&mut self, broker: i32, ask: Ask, error: ClientError) -> Result<()> {
        let mut unsaid = self.sessions.remove(&broker).unwrap_or_default().lose();
        unsaid.extend(ask.named);
        for (place, _) in unsaid.into_iter().filter(|(_, said)| !said.is_empty()) {
            self.not_acknowledged(place, error.clone());
        }
        if !error.is_retriable() {
            return Err(error);
        }
        self.look_soon();
        Ok(())
    }

    /// What was to be said in a session that has ended.
    fn all_lost(&mut self, mut session: ShareSession) {
        for place in session.lose().into_keys() {
            let group = self.config.group.clone();
            self.not_acknowledged(place, ClientError::ShareSessionLost(group));
        }
    }

    fn not_acknowledged(&mut self, place: Place, reason: ClientError) {
        if let Some(partition) = self.partition(place) {
            self.told.push_back(SharePolled::Unacknowledged(Unacknowledged { partition, reason }));
        }
    }

    /// Says what became of records, with the next fetch or with [`Self::close`].
    pub fn acknowledge(&mut self, fetched: &ShareFetched, acknowledgements: Acknowledgements) {
        let session = self.sessions.get_mut(&fetched.broker);
        if !session.is_some_and(|it| it.acknowledge(fetched.place, acknowledgements)) {
            let group = self.config.group.clone();
            self.not_acknowledged(fetched.place, ClientError::ShareSessionLost(group));
        }
    }

    /// Sends what was acknowledged, gives back what was not, and leaves the group. Tells what did not arrive. Not cancel-safe: the
    /// group waits for the end of the session of a member that did not leave.
    pub async fn close(mut self) -> Result<Vec<Unacknowledged>> {
        // What a fetch in flight brings is given back with the end of its session.
        while let Some(answer) = self.fetches.join_next().await {
            if let Ok(answer) = answer {
                self.take_last(answer);
            }
        }
        self.assigned.clear();
        self.look_at = None;
        self.start_fetches();
        let mut result = Ok(());
        while let Some(answer) = self.fetches.join_next().await {
            if let Ok(answer) = answer {
                let taken = self.take(answer);
                result = result.and(taken);
            }
        }
        drop(self.beats);
        let left = self.membership.leave().await;
        let unacknowledged = self.told.into_iter().filter_map(|told| match told {
            SharePolled::Unacknowledged(it) => Some(it),
            SharePolled::Assigned(_) | SharePolled::Fetched(_) => None,
        });
        let unacknowledged = unacknowledged.collect();
        result.and(left).map(|()| unacknowledged)
    }

    /// An error of a partition that nobody reads any more is none.
    fn take_last(&mut self, answer: Answer) {
        let _ = self.take(answer);
    }
}

async fn fetch(
    client: &Client,
    broker: i32,
    request: &ShareFetchRequest,
    wait: Duration,
) -> Result<ShareFetchResponse> {
    let connection = client.broker(broker, Purpose::Fetch).await?;
    let version = connection.version_of::<ShareFetchRequest>(i16::MAX)?;
    let response = connection.request_waiting(request, version, wait).await?;
    let subject = || format!("share fetch from broker {broker}");
    Refused::check(response.error_code, subject, response.error_message.as_deref())?;
    Ok(response)
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
