//! A consumer that shares topics with the other members of its group.

mod assignor;
mod beats;
mod consumer_protocol;
mod member;
mod membership;
mod metadata;
mod ownership;
mod reconciliation;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use model::{Offset, TopicPartition};
use tokio::time::Instant;

use crate::limits::DURATION_MAX;
use crate::{
    Client, ClientError, ConfigError, Consumer, ConsumerConfig, Fetched, Properties, Result, Role,
    Start,
};
use beats::{Away, Here};
use member::Member;
use membership::{Beat, Joined};
use ownership::{Ownership, Partitions, Step};

pub use assignor::{Assignor, UnknownAssignor};
pub use metadata::ConsumerGroupMetadata;

/// How topics are shared. The defaults are those of Apache Kafka's consumer; the names in parentheses those of
/// [`Properties`](crate::Properties).
#[derive(Clone, Debug)]
pub struct GroupConfig {
    /// The group's name (`group.id`).
    pub group: String,
    /// Set for a static member, which may restart within the session without a rebalance (KIP-345, `group.instance.id`).
    pub instance_id: Option<String>,
    /// What is read, without [`Self::pattern`].
    pub topics: Vec<String>,
    /// A regular expression of the topics that are read, in place of their names: of RE2, matched by the coordinator. Only
    /// with [`GroupProtocol::Consumer`] (Kafka 4.0 and up).
    pub pattern: Option<String>,
    /// Who shares the topics out (`group.protocol`).
    pub protocol: GroupProtocol,
    /// By which assignor the coordinator is to share, such as `uniform` or `range`; `None` leaves it to the group. Only with
    /// [`GroupProtocol::Consumer`] (`group.remote.assignor`).
    pub remote_assignor: Option<String>,
    /// How partitions may be shared, what is liked best first. The group takes one that all its members name. Only where
    /// all of them are cooperative, members keep what they have while the group shares anew. Only with
    /// [`GroupProtocol::Classic`], as the next two (`partition.assignment.strategy`).
    pub assignors: Vec<Assignor>,
    /// After so long without a heartbeat the member counts as dead (`session.timeout.ms`).
    pub session_timeout: Duration,
    /// Between two heartbeats; below [`Self::session_timeout`] (`heartbeat.interval.ms`).
    pub heartbeat_interval: Duration,
    /// Who does not call [`GroupConsumer::next`] for so long leaves the group; so long members may take to join again
    /// (`max.poll.interval.ms`).
    pub poll_interval_max: Duration,
    /// What is committed, and when (`enable.auto.commit`, `auto.commit.interval.ms`).
    pub commit: Commit,
    /// How often the leader of the group looks for new partitions of its topics (`metadata.max.age.ms`).
    pub metadata_age_max: Duration,
    /// Whether brokers may create a topic that is subscribed to (`allow.auto.create.topics`).
    pub creates_topics: bool,
    /// Where to begin with a partition that the group has no offset for; `None` makes reading it fail
    /// (`auto.offset.reset`).
    pub start: Option<Start>,
}

/// Who shares the topics of a group out. Members of both kinds may be in one group while it is moved from one to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupProtocol {
    /// One of the members, while all of them wait.
    Classic,
    /// The coordinator, which moves partitions one by one, and says how often it wants to hear from its members and after how
    /// long they count as dead (KIP-848, Kafka 4.0 and up).
    Consumer,
}

/// What a member commits, and when beside the rebalances and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// What was handed out counts as done with when [`GroupConsumer::next`] is called again. So often it is committed.
    Auto(Duration),
    /// What [`GroupConsumer::mark`] says. So often it is committed.
    Marked(Duration),
    /// What [`GroupConsumer::mark`] says, only by [`GroupConsumer::commit`].
    Manual,
}

impl Commit {
    fn interval(self) -> Option<Duration> {
        match self {
            Self::Auto(interval) | Self::Marked(interval) => Some(interval.min(DURATION_MAX)),
            Self::Manual => None,
        }
    }
}

impl GroupConfig {
    /// With Apache Kafka's defaults.
    pub fn new(group: impl Into<String>, topics: Vec<String>) -> Self {
        Self {
            group: group.into(),
            instance_id: None,
            topics,
            pattern: None,
            protocol: GroupProtocol::Classic,
            remote_assignor: None,
            assignors: vec![Assignor::Range, Assignor::CooperativeSticky],
            session_timeout: Duration::from_secs(45),
            heartbeat_interval: Duration::from_secs(3),
            poll_interval_max: Duration::from_secs(300),
            commit: Commit::Auto(Duration::from_secs(5)),
            metadata_age_max: Duration::from_secs(300),
            creates_topics: true,
            start: Some(Start::End),
        }
    }
}

impl GroupConfig {
    /// Whether the settings hold together, by the rules of Apache Kafka's consumer.
    pub fn check(&self) -> std::result::Result<(), ConfigError> {
        let refuse = |name, reason: &str| Err(ConfigError::contradiction(name, reason));
        if self.protocol == GroupProtocol::Consumer {
            if self.pattern.is_some() && !self.topics.is_empty() {
                return refuse("group.protocol", "takes topics or a pattern, not both");
            }
            return Ok(());
        }
        if self.pattern.is_some() {
            return refuse("group.protocol", "must be consumer for a pattern of topics");
        }
        if self.remote_assignor.is_some() {
            return refuse("group.remote.assignor", "cannot be set with group.protocol=classic");
        }
        if self.heartbeat_interval >= self.session_timeout {
            return refuse("heartbeat.interval.ms", "must be below session.timeout.ms");
        }
        if self.assignors.is_empty() {
            return refuse("partition.assignment.strategy", "must name an assignor");
        }
        let twice = |(place, it)| self.assignors.iter().take(place).any(|other| other == it);
        if self.assignors.iter().enumerate().any(twice) {
            return refuse("partition.assignment.strategy", "must not name an assignor twice");
        }
        Ok(())
    }
}

/// Reads what its group gives it. Delivery is at least once: after a rebalance another member begins where this one's
/// commits ended.
///
/// # Rebalances
/// [`Self::next`] tells of them. After [`Polled::Revoked`] the member still has those partitions, and its offsets can still
/// be marked and committed, until [`Self::next`] is called again: only then they are given up. After [`Polled::Lost`] it is
/// too late for that, as somebody else may be reading them. [`Polled::Assigned`] names what came.
///
/// Who commits offsets in transactions ([`crate::Transaction::send_offsets`], with [`Commit::Manual`]) ends the open one between
/// [`Polled::Revoked`] and the next call, and aborts it after [`Polled::Lost`].
#[derive(Debug)]
pub struct GroupConsumer {
    client: Client,
    config: GroupConfig,
    consumer: Consumer,
    member: Member,
    ownership: Ownership,
    /// To be done before reading goes on.
    steps: VecDeque<Step>,
    /// Handed out by the last [`Self::next`], and so done with when the next one is called.
    handed: Option<(TopicPartition, Offset)>,
    /// Done with, not committed yet.
    marked: BTreeMap<TopicPartition, Offset>,
    /// `None` where only the application commits.
    commit_at: Option<Instant>,
    look_at: Instant,
    away: Away,
}

/// What [`GroupConsumer::next`] brings.
#[derive(Debug)]
pub enum Polled {
    Fetched(Fetched),
    /// The group has settled: these partitions are read here from now on, beside those that were before.
    Assigned(Vec<TopicPartition>),
    /// These partitions are given up with the next call of [`GroupConsumer::next`].
    Revoked(Vec<TopicPartition>),
    /// The group gave this member up. These partitions are read by somebody else, or will be.
    Lost(Vec<TopicPartition>),
}

impl GroupConsumer {
    /// Connects, and joins with the first [`Self::next`]. Takes Apache Kafka's names of settings, and its defaults.
    pub async fn from_properties<K: AsRef<str>, V: AsRef<str>>(
        given: impl IntoIterator<Item = (K, V)>,
        topics: Vec<String>,
    ) -> Result<Self> {
        let properties = Properties::new(Role::Consumer, given)?;
        let (group, consumer) = (properties.group(topics)?, properties.consumer()?);
        Self::new(Client::connect(properties.client()?).await?, group, consumer)
    }

    /// Joins with the first [`Self::next`]. Fails for settings that contradict each other.
    pub fn new(client: Client, config: GroupConfig, consumer: ConsumerConfig) -> Result<Self> {
        config.check()?;
        let member = Member::new(client.clone(), config.clone());
        let consumer = Consumer::new(client.clone(), consumer);
        let cooperative = config.protocol == GroupProtocol::Consumer
            || config.assignors.iter().all(|it| it.is_cooperative());
        let mut ownership = Ownership::new(cooperative);
        let now = Instant::now();
        Ok(Self {
            client,
            consumer,
            member,
            steps: ownership.rejoin().into(),
            ownership,
            handed: None,
            marked: BTreeMap::new(),
            commit_at: config.commit.interval().map(|interval| now + interval),
            away: Away::default(),
            look_at: now + config.metadata_age_max.min(DURATION_MAX),
            config,
        })
    }

    /// The next records of this member's partitions, or what became of its partitions. Between two calls nothing but
    /// heartbeats happens; with too long between them the member leaves ([`GroupConfig::poll_interval_max`]).
    ///
    /// Cancel-safe: dropping the future loses nothing, also while the group settles: the next call goes on with it.
    pub async fn next(&mut self) -> Result<Polled> {
        self.mark_handed();
        let _here = Here::new(&self.away);
        let polled = self.poll().await?;
        if let (Polled::Fetched(fetched), Commit::Auto(_)) = (&polled, self.config.commit) {
            self.handed = Some((fetched.partition.clone(), fetched.next));
        }
        Ok(polled)
    }

    fn mark_handed(&mut self) {
        if let Some((partition, next)) = self.handed.take() {
            self.marked.insert(partition, next);
        }
    }

    async fn poll(&mut self) -> Result<Polled> {
        loop {
            while let Some(step) = self.steps.front().cloned() {
                let polled = self.carry_out(&step).await?;
                if let Some(polled) = polled {
                    return Ok(polled);
                }
            }
            if !self.member.is_joined() {
                self.steps.push_back(Step::Join);
                continue;
            }
            tokio::select! {
                biased;
                beat = self.member.next() => match beat {
                    Beat::Failed(error) => return Err(error),
                    Beat::Alive | Beat::Rejoin => self.steps.extend(self.ownership.rejoin()),
                    Beat::Given(given) => self.steps.extend(self.ownership.told(given)),
                    Beat::Lost { id_too } => self.lose(id_too),
                },
                () = tokio::time::sleep_until(self.look_at) => {
                    self.look_at = Instant::now() + self.config.metadata_age_max.min(DURATION_MAX);
                    if self.member.must_share_again().await {
                        self.steps.extend(self.ownership.rejoin());
                    }
                }
                () = sleep_until(self.commit_at) => {
                    let committed = self.commit().await;
                    ignore_lost_membership(committed)?;
                }
                fetched = self.consumer.next() => return fetched.map(Polled::Fetched),
            }
        }
    }

    fn lose(&mut self, id_too: bool) {
        self.member.forget(id_too);
        self.steps.extend(self.ownership.lost());
    }

    /// Does the first step and takes it away, but only when it is done: who drops the future finds it again.
    async fn carry_out(&mut self, step: &Step) -> Result<Option<Polled>> {
        let told = match step {
            Step::TellRevoked(revoked) => Some(Polled::Revoked(list(revoked))),
            Step::TellLost(lost) => Some(Polled::Lost(list(lost))),
            Step::GiveUp(given_up) => {
                let committed = self.commit_unasked().await;
                ignore_lost_membership(committed)?;
                self.stop_reading(given_up);
                None
            }
            Step::Lose(lost) => {
                self.stop_reading(lost);
                None
            }
            Step::Acknowledge(owned) => {
                self.member.owns(owned);
                None
            }
            Step::Begin(added) => {
                self.begin(added).await?;
                Some(Polled::Assigned(list(added)))
            }
            Step::Join => {
                let owned = self.ownership.owned();
                let joined = self.member.join(owned, &self.config, &self.away).await?;
                self.steps.pop_front();
                match joined {
                    Joined::Given(given) => self.steps.extend(self.ownership.given(given)),
                    Joined::Lost => self.steps.extend(self.ownership.lost()),
                    Joined::Began => {}
                }
                return Ok(None);
            }
        };
        self.steps.pop_front();
        Ok(told)
    }

    fn stop_reading(&mut self, partitions: &Partitions) {
        self.marked.retain(|partition, _| !partitions.contains(partition));
        self.consumer.unassign(partitions);
    }

    /// Reads these partitions too, from where the group is.
    async fn begin(&mut self, added: &Partitions) -> Result<()> {
        if added.is_empty() {
            return Ok(());
        }
        let committed = self.client.stable_offsets(&self.config.group).await?;
        let start = |partition: &TopicPartition| match (committed.get(partition), self.config.start)
        {
            (Some(committed), _) => Ok((partition.clone(), Start::At(committed.offset))),
            (None, Some(start)) => Ok((partition.clone(), start)),
            (None, None) => Err(ClientError::NoOffset {
                group: self.config.group.clone(),
                partition: partition.clone(),
            }),
        };
        let starts = added.iter().map(start).collect::<Result<Vec<_>>>()?;
        self.consumer.assign_more(&starts).await
    }

    /// This member as a transaction names it, to commit its offsets for it ([`crate::Transaction::send_offsets`]): as of now, so
    /// to be asked for after the records that the offsets belong to. With [`Commit::Manual`] nothing else is committed.
    pub fn metadata(&self) -> ConsumerGroupMetadata {
        self.member.metadata()
    }

    /// The partitions that this member has at present.
    pub fn assignment(&self) -> Vec<TopicPartition> {
        list(self.ownership.owned())
    }

    /// The offset of the record that comes next, of each partition that is read.
    pub fn positions(&self) -> HashMap<TopicPartition, Offset> {
        self.consumer.positions()
    }

    /// Goes on at another offset; nothing is committed by that. False for a partition that this member does not read.
    pub fn seek(&mut self, partition: &TopicPartition, to: Offset) -> bool {
        self.consumer.seek(partition, to)
    }

    /// Brings no records of these partitions until [`Self::resume`], and fetches none. Those that are not read here are
    /// passed over. A partition that is given up and given again is not paused.
    pub fn pause(&mut self, partitions: &[TopicPartition]) {
        self.consumer.pause(partitions);
    }

    /// Goes on with paused partitions where they were.
    pub fn resume(&mut self, partitions: &[TopicPartition]) {
        self.consumer.resume(partitions);
    }

    /// Says that everything of a partition before `next` is done with.
    pub fn mark(&mut self, partition: &TopicPartition, next: Offset) {
        self.marked.insert(partition.clone(), next);
    }

    /// Commits what is marked. Cancel-safe: what was not committed for certain stays marked.
    pub async fn commit(&mut self) -> Result<()> {
        self.commit_at = self.config.commit.interval().map(|interval| Instant::now() + interval);
        self.member.commit(&self.marked).await?;
        self.marked.clear();
        Ok(())
    }

    async fn commit_unasked(&mut self) -> Result<()> {
        if self.config.commit == Commit::Manual { Ok(()) } else { self.commit().await }
    }

    /// Leaves the group, after a last commit unless that is [`Commit::Manual`]. Not cancel-safe: the group waits for the end of
    /// the session of a member that did not leave.
    pub async fn close(mut self) -> Result<()> {
        self.mark_handed();
        let committed = self.commit_unasked().await;
        let left = self.member.leave().await;
        committed.and(left)
    }
}

fn list(partitions: &Partitions) -> Vec<TopicPartition> {
    partitions.iter().cloned().collect()
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// A member that the group has given up cannot commit; what it marked is read again by whoever has the partitions now.
fn ignore_lost_membership(result: Result<()>) -> Result<()> {
    use crate::error_map::Reaction;
    match result {
        Err(ClientError::Refused(refused))
            if matches!(refused.reaction(), Reaction::Rejoin | Reaction::RejoinAsNew) =>
        {
            Ok(())
        }
        result => result,
    }
}
