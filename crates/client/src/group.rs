//! A consumer that shares topics with the other members of its group (the classic protocol, range assignor).

mod assignor;
mod membership;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use model::{Offset, TopicPartition};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::limits::METADATA_AGE_MAX;
use crate::{Client, ClientError, Consumer, ConsumerConfig, Fetched, Result, Start};
use membership::{Beat, Membership};

#[derive(Clone, Debug)]
pub struct GroupConfig {
    pub group: String,
    /// Set for a static member, which may restart within the session without a rebalance (KIP-345).
    pub instance_id: Option<String>,
    pub topics: Vec<String>,
    /// After so long without a heartbeat the member counts as dead.
    pub session_timeout: Duration,
    pub heartbeat_interval: Duration,
    /// How long members may take to join again.
    pub rebalance_timeout: Duration,
    /// Offsets that are marked are committed so often, and before each rebalance and at the end.
    pub commit_interval: Duration,
    /// How often the leader of the group looks for new partitions of its topics.
    pub metadata_age_max: Duration,
    /// Where to begin with a partition that the group has no offset for.
    pub start: Start,
}

impl GroupConfig {
    /// Apache Kafka's defaults, but for the beginning.
    pub fn new(group: impl Into<String>, topics: Vec<String>) -> Self {
        Self {
            group: group.into(),
            instance_id: None,
            topics,
            session_timeout: Duration::from_secs(45),
            heartbeat_interval: Duration::from_secs(3),
            rebalance_timeout: Duration::from_secs(300),
            commit_interval: Duration::from_secs(5),
            metadata_age_max: METADATA_AGE_MAX,
            start: Start::Beginning,
        }
    }
}

/// Reads what its group gives it. Delivery is at least once: after a rebalance another member begins where this one's
/// marks ended.
#[derive(Debug)]
pub struct GroupConsumer {
    client: Client,
    config: GroupConfig,
    consumer: Consumer,
    membership: Membership,
    beats: Option<Beats>,
    /// Done with, not committed yet.
    marked: BTreeMap<TopicPartition, Offset>,
    commit_at: Instant,
    look_at: Instant,
}

/// What [`GroupConsumer::next`] brings.
#[derive(Debug)]
pub enum Polled {
    Fetched(Fetched),
    /// The group has settled: these partitions are read here from now on.
    Assigned(Vec<TopicPartition>),
}

#[derive(Debug)]
struct Beats {
    task: AbortHandle,
    ended: mpsc::Receiver<Beat>,
}

impl Drop for Beats {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl GroupConsumer {
    /// Joins with the first [`Self::next`].
    pub fn new(client: Client, config: GroupConfig, consumer: ConsumerConfig) -> Self {
        let membership = Membership::new(client.clone(), config.clone());
        let consumer = Consumer::new(client.clone(), consumer);
        let now = Instant::now();
        Self {
            client,
            consumer,
            membership,
            beats: None,
            marked: BTreeMap::new(),
            commit_at: now + config.commit_interval,
            look_at: now + config.metadata_age_max,
            config,
        }
    }

    /// The next records of this member's partitions, or a new assignment. Between two calls nothing but heartbeats happens.
    /// Dropping the future while the group settles only means that the next call goes on with it.
    pub async fn next(&mut self) -> Result<Polled> {
        loop {
            let Some(beats) = &mut self.beats else {
                return self.join().await.map(Polled::Assigned);
            };
            tokio::select! {
                biased;
                Some(beat) = beats.ended.recv() => match beat {
                    Beat::Failed(error) => return Err(error),
                    Beat::Alive | Beat::Rejoin => self.give_up_partitions().await?,
                },
                () = tokio::time::sleep_until(self.look_at) => {
                    self.look_at = Instant::now() + self.config.metadata_age_max;
                    if self.membership.must_share_again().await {
                        self.give_up_partitions().await?;
                    }
                }
                () = tokio::time::sleep_until(self.commit_at) => {
                    let committed = self.commit().await;
                    ignore_lost_membership(committed)?;
                }
                fetched = self.consumer.next() => return fetched.map(Polled::Fetched),
            }
        }
    }

    /// Who gets the partitions next begins where this member ends.
    async fn give_up_partitions(&mut self) -> Result<()> {
        let committed = self.commit().await;
        self.marked.clear();
        self.beats = None;
        ignore_lost_membership(committed)
    }

    async fn join(&mut self) -> Result<Vec<TopicPartition>> {
        self.consumer.assign(&[]).await?;
        let assignment = self.membership.join().await?;
        self.beats = Some(self.start_beats());
        let committed = self.client.committed_offsets(&self.config.group).await?;
        let start = |partition: &TopicPartition| match committed.get(partition) {
            Some(committed) => Start::At(committed.offset),
            None => self.config.start,
        };
        let starts: Vec<_> = assignment.iter().map(|it| (it.clone(), start(it))).collect();
        self.consumer.assign(&starts).await?;
        Ok(assignment)
    }

    fn start_beats(&self) -> Beats {
        let (sender, ended) = mpsc::channel(1);
        let (mut membership, interval) = (self.membership.clone(), self.config.heartbeat_interval);
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(interval).await;
                match membership.beat().await {
                    Beat::Alive => {}
                    ended => {
                        // The consumer may be gone.
                        let _ = sender.send(ended).await;
                        return;
                    }
                }
            }
        });
        Beats { task: task.abort_handle(), ended }
    }

    /// Where reading goes on in each of this member's partitions.
    pub fn positions(&self) -> HashMap<TopicPartition, Offset> {
        self.consumer.positions()
    }

    /// Says that everything of a partition before `next` is done with.
    pub fn mark(&mut self, partition: &TopicPartition, next: Offset) {
        self.marked.insert(partition.clone(), next);
    }

    /// Commits what is marked.
    pub async fn commit(&mut self) -> Result<()> {
        self.commit_at = Instant::now() + self.config.commit_interval;
        self.membership.commit(&self.marked).await?;
        self.marked.clear();
        Ok(())
    }

    /// Commits what is marked and leaves the group.
    pub async fn close(mut self) -> Result<()> {
        let committed = self.commit().await;
        self.beats = None;
        let left = self.membership.leave().await;
        committed.and(left)
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
