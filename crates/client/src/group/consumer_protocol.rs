//! A member of a group of KIP-848, whose coordinator shares the topics: one heartbeat says and hears everything.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use model::{Offset, TopicName, TopicPartition, Uuid};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use wire::ErrorCode;
use wire::messages::consumer_group_heartbeat_request::TopicPartitions;
use wire::messages::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, OffsetCommitRequest,
};

use super::beats::Away;
use super::membership::{Beat, millis};
use super::ownership::Partitions;
use super::reconciliation::{Indexes, Reconciliation, Saying, Told};
use super::{ConsumerGroupMetadata, GroupConfig};
use crate::admin::{check_commit, commit_request};
use crate::backoff::Backoff;
use crate::client::Purpose;
use crate::error_map::Refused;
use crate::{Client, ClientError, Connection, Result};

/// The last version of OffsetCommit that names topics.
const COMMIT_VERSION_MAX: i16 = 9;

#[derive(Debug)]
pub(super) struct ConsumerMember {
    shared: Arc<Shared>,
    /// The heartbeats; none before the member joins, and after it was given up.
    task: Option<AbortHandle>,
}

#[derive(Debug)]
struct Shared {
    client: Client,
    config: GroupConfig,
    /// Its own choice, for its whole life (KIP-1082).
    member_id: String,
    machine: Mutex<Reconciliation>,
    coordinator: Mutex<Option<i32>>,
    /// The coordinator is to hear something before the next heartbeat is due.
    speak: Notify,
    /// There is something for the consumer.
    news: Notify,
    /// Why the heartbeats ended.
    ended: Mutex<Option<Beat>>,
}

impl Drop for ConsumerMember {
    fn drop(&mut self) {
        self.stop();
    }
}

impl ConsumerMember {
    pub(super) fn new(client: Client, config: GroupConfig) -> Self {
        let shared = Shared {
            client,
            config,
            member_id: random_id(),
            machine: Mutex::new(Reconciliation::new()),
            coordinator: Mutex::new(None),
            speak: Notify::new(),
            news: Notify::new(),
            ended: Mutex::new(None),
        };
        Self { shared: Arc::new(shared), task: None }
    }

    pub(super) fn is_joined(&self) -> bool {
        self.task.is_some()
    }

    /// Begins the heartbeats, the first of which joins. What is to be read comes with [`Self::next`].
    pub(super) fn join(&mut self, away: &Away) {
        self.stop();
        *self.shared.ended.lock() = None;
        let run = Arc::clone(&self.shared).run(away.clone());
        self.task = Some(tokio::spawn(run).abort_handle());
    }

    fn stop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }

    /// The group gave this member up.
    pub(super) fn forget(&mut self) {
        self.stop();
        self.shared.machine.lock().forget();
    }

    /// What the heartbeats brought, if it wants something done. Cancel-safe.
    pub(super) async fn next(&self) -> Beat {
        loop {
            let news = self.shared.news.notified();
            if let Some(ended) = self.shared.ended.lock().take() {
                return ended;
            }
            let given = self.shared.machine.lock().take_news();
            if let Some(given) = given {
                return Beat::Given(given);
            }
            news.await;
        }
    }

    /// The member reads these by now; the coordinator hears of it at once.
    pub(super) fn owns(&self, partitions: &Partitions) {
        let mut machine = self.shared.machine.lock();
        machine.owns(partitions);
        if machine.must_speak() {
            self.shared.speak.notify_one();
        }
    }

    pub(super) fn metadata(&self) -> ConsumerGroupMetadata {
        ConsumerGroupMetadata {
            group: self.shared.config.group.clone(),
            generation: self.shared.machine.lock().epoch(),
            member_id: self.shared.member_id.clone(),
            instance_id: self.shared.config.instance_id.clone(),
        }
    }

    /// Commits as this member, in the epoch that it has when the request leaves.
    pub(super) async fn commit(&self, offsets: &BTreeMap<TopicPartition, Offset>) -> Result<()> {
        if offsets.is_empty() {
            return Ok(());
        }
        let mut backoff = Backoff::of_call(self.shared.client.config());
        loop {
            let error = match self.shared.commit_once(offsets).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            *self.shared.coordinator.lock() = None;
            // The next heartbeat brings the epoch that the coordinator means.
            let is_stale = error.code() == Some(ErrorCode::StaleMemberEpoch);
            if is_stale {
                self.shared.speak.notify_one();
            }
            let again = error.is_retriable() || is_stale;
            backoff.after(error, again).await?;
        }
    }

    /// Leaves, so that others get the partitions at once; those of a static member wait for its return.
    pub(super) async fn leave(&mut self) -> Result<()> {
        self.stop();
        self.shared.leave().await
    }
}

impl Shared {
    async fn run(self: Arc<Self>, away: Away) {
        let (mut wait, mut attempts) = (Duration::ZERO, 0);
        loop {
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.speak.notified() => {}
            }
            if away.is_longer_than(self.config.poll_interval_max) {
                // The session ends anyway if this does not arrive.
                let _ = self.leave().await;
                return self.end(Beat::Lost { id_too: true });
            }
            let saying = self.machine.lock().heartbeat();
            match self.say(&saying).await {
                Ok(told) => {
                    attempts = 0;
                    self.machine.lock().answered(saying, told);
                    self.learn_names().await;
                    self.news.notify_one();
                    wait = self.machine.lock().interval();
                }
                Err(error) => match error.code() {
                    Some(ErrorCode::FencedMemberEpoch | ErrorCode::UnknownMemberId) => {
                        return self.end(Beat::Lost { id_too: false });
                    }
                    _ if error.is_retriable() => {
                        self.machine.lock().unanswered();
                        *self.coordinator.lock() = None;
                        wait = self.client.config().retry_backoff.wait_of(attempts);
                        attempts = attempts.saturating_add(1);
                    }
                    _ => return self.end(Beat::Failed(error)),
                },
            }
        }
    }

    fn end(&self, beat: Beat) {
        *self.ended.lock() = Some(beat);
        self.news.notify_one();
    }

    async fn connection(&self) -> Result<Connection> {
        let known = *self.coordinator.lock();
        let broker = match known {
            Some(broker) => broker,
            None => {
                let found = self.client.find_coordinator(&self.config.group).await?;
                *self.coordinator.lock() = Some(found);
                found
            }
        };
        self.client.broker(broker, Purpose::Group).await
    }

    async fn say(&self, saying: &Saying) -> Result<Told> {
        let connection = self.connection().await?;
        let response = connection.request(&self.request(saying)).await?;
        let subject = || format!("group {}", self.config.group);
        Refused::check(response.error_code, subject, response.error_message.as_deref())?;
        Ok(told(response))
    }

    fn request(&self, saying: &Saying) -> ConsumerGroupHeartbeatRequest {
        let config = &self.config;
        let by_name = config.pattern.is_none();
        let topic = |(id, indexes): (&Uuid, &std::collections::BTreeSet<i32>)| TopicPartitions {
            topic_id: *id,
            partitions: indexes.iter().copied().collect(),
        };
        ConsumerGroupHeartbeatRequest {
            group_id: config.group.clone(),
            member_id: self.member_id.clone(),
            member_epoch: saying.epoch,
            instance_id: config.instance_id.clone(),
            rack_id: None,
            rebalance_timeout_ms: match saying.is_full {
                true => millis(config.poll_interval_max),
                false => -1,
            },
            subscribed_topic_names: (saying.is_full && by_name).then(|| config.topics.clone()),
            subscribed_topic_regex: config.pattern.clone().filter(|_| saying.is_full),
            server_assignor: config.remote_assignor.clone().filter(|_| saying.is_full),
            topic_partitions: saying.owned.as_ref().map(|it| it.iter().map(topic).collect()),
        }
    }

    /// Names come as far as they can be had; the next heartbeat asks again.
    async fn learn_names(&self) {
        let nameless = self.machine.lock().nameless();
        if nameless.is_empty() {
            return;
        }
        let names: Vec<&str> = self.config.topics.iter().map(String::as_str).collect();
        let topics = self.config.pattern.is_none().then_some(names.as_slice());
        let Ok(metadata) = self.client.fetch_metadata(topics, false).await else { return };
        let mut machine = self.machine.lock();
        for (name, topic) in &metadata.topics {
            if let (true, Ok(name)) = (nameless.contains(&topic.id), TopicName::new(name)) {
                machine.learn(topic.id, name);
            }
        }
    }

    async fn commit_once(&self, offsets: &BTreeMap<TopicPartition, Offset>) -> Result<()> {
        let epoch = self.machine.lock().epoch();
        if epoch <= 0 {
            let subject = || format!("group {}", self.config.group);
            return Ok(Refused::check(ErrorCode::UnknownMemberId.code(), subject, None)?);
        }
        let request = OffsetCommitRequest {
            generation_id_or_member_epoch: epoch,
            member_id: self.member_id.clone(),
            group_instance_id: self.config.instance_id.clone(),
            ..commit_request(&self.config.group, offsets)
        };
        let connection = self.connection().await?;
        let version = connection.version_of::<OffsetCommitRequest>(COMMIT_VERSION_MAX)?;
        check_commit(&self.config.group, &connection.request_at(&request, version).await?)
    }

    async fn leave(&self) -> Result<()> {
        let farewell = self.machine.lock().farewell(self.config.instance_id.is_some());
        let Some(farewell) = farewell else { return Ok(()) };
        self.machine.lock().forget();
        match self.say(&farewell).await {
            // It left already, or was given up.
            Err(ClientError::Refused(refused))
                if refused.code() == Some(ErrorCode::UnknownMemberId) =>
            {
                Ok(())
            }
            result => result.map(|_| ()),
        }
    }
}

fn told(response: ConsumerGroupHeartbeatResponse) -> Told {
    let interval = u64::try_from(response.heartbeat_interval_ms).unwrap_or(0);
    Told {
        epoch: response.member_epoch,
        interval: Duration::from_millis(interval),
        target: response.assignment.map(|assignment| {
            let topics = assignment.topic_partitions.into_iter();
            topics
                .map(|topic| (topic.topic_id, topic.partitions.into_iter().collect()))
                .collect::<Indexes>()
        }),
    }
}

/// As Kafka's clients make them: a random id that no command line takes for an option.
fn random_id() -> String {
    loop {
        let mut bytes = [0; 16];
        for half in bytes.chunks_exact_mut(8) {
            half.copy_from_slice(&RandomState::new().build_hasher().finish().to_be_bytes());
        }
        let id = Uuid::from_bytes(bytes).to_string();
        if !id.starts_with('-') {
            return id;
        }
    }
}
