//! The task that keeps a member in its share group, and learns what it is given.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use model::Uuid;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use wire::ErrorCode;
use wire::messages::{ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse};

use super::session::Place;
use crate::backoff::Backoff;
use crate::client::Purpose;
use crate::error_map::{Reaction, Refused};
use crate::limits::UNASSIGNED_BEAT_INTERVAL;
use crate::{Client, ClientError, Result};

/// The epoch of a member that joins, and of one that leaves.
const JOIN: i32 = 0;
const LEAVE: i32 = -1;

/// A member; cloning gives the same one to the task of its heartbeats.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    client: Client,
    group: String,
    topics: Vec<String>,
    member_id: String,
    epoch: i32,
    coordinator: Option<i32>,
    has_partitions: bool,
}

/// What heartbeats brought. Only the last word counts.
#[derive(Clone, Debug)]
pub(super) enum Beat {
    /// These partitions are to be read from now on, and no others.
    Assigned(BTreeSet<Place>),
    Failed(ClientError),
}

/// Heartbeats until this is dropped.
#[derive(Debug)]
pub(super) struct Beats {
    task: AbortHandle,
    news: watch::Receiver<Beat>,
}

impl Drop for Beats {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Beats {
    pub(super) fn start(mut membership: Membership) -> Self {
        let (sender, news) = watch::channel(Beat::Assigned(BTreeSet::new()));
        let task = tokio::spawn(async move {
            let ended = membership.stay(&sender).await;
            sender.send_replace(Beat::Failed(ended));
        });
        Self { task: task.abort_handle(), news }
    }

    /// Cancel-safe.
    pub(super) async fn next(&mut self) -> Beat {
        match self.news.changed().await {
            Ok(()) => self.news.borrow_and_update().clone(),
            // The task ended after its last word, which was heard: there is no more.
            Err(_) => std::future::pending().await,
        }
    }
}

impl Membership {
    pub(super) fn new(client: Client, group: String, topics: Vec<String>) -> Self {
        Self {
            client,
            group,
            topics,
            member_id: new_id().to_string(),
            epoch: JOIN,
            coordinator: None,
            has_partitions: false,
        }
    }

    pub(super) fn member_id(&self) -> &str {
        &self.member_id
    }

    /// Joins, and joins again whenever the group has given the member up, until that fails.
    async fn stay(&mut self, sender: &watch::Sender<Beat>) -> ClientError {
        let mut backoff = Backoff::of_outage(self.client.config());
        loop {
            let error = match self.beat(self.epoch).await {
                Ok(answer) => {
                    backoff = Backoff::of_outage(self.client.config());
                    let interval_ms = answer.heartbeat_interval_ms;
                    if let Some(assigned) = self.take(answer) {
                        sender.send_replace(Beat::Assigned(assigned));
                    }
                    tokio::time::sleep(self.pause(interval_ms)).await;
                    continue;
                }
                Err(error) => error,
            };
            let again = if self.is_given_up(&error) {
                self.epoch = JOIN;
                self.has_partitions = false;
                sender.send_replace(Beat::Assigned(BTreeSet::new()));
                true
            } else {
                self.coordinator = None;
                match &error {
                    ClientError::Refused(refused) => refused.reaction() != Reaction::Fail,
                    error => error.is_retriable(),
                }
            };
            if let Err(error) = backoff.after(error, again).await {
                return error;
            }
        }
    }

    /// Until the next heartbeat.
    fn pause(&self, interval_ms: i32) -> Duration {
        let interval = Duration::from_millis(u64::try_from(interval_ms).unwrap_or(0));
        let interval = interval.max(self.client.config().retry_backoff.min);
        if self.has_partitions { interval } else { interval.min(UNASSIGNED_BEAT_INTERVAL) }
    }

    fn take(&mut self, answer: ShareGroupHeartbeatResponse) -> Option<BTreeSet<Place>> {
        self.epoch = answer.member_epoch;
        let topics = answer.assignment?.topic_partitions;
        let places = topics.iter().flat_map(|topic| {
            topic.partitions.iter().map(|partition| (topic.topic_id, *partition))
        });
        let places: BTreeSet<Place> = places.collect();
        self.has_partitions = !places.is_empty();
        Some(places)
    }

    /// Whether the group does not know the member any more.
    fn is_given_up(&self, error: &ClientError) -> bool {
        self.epoch != JOIN
            && matches!(
                error.code(),
                Some(
                    ErrorCode::UnknownMemberId
                        | ErrorCode::FencedMemberEpoch
                        | ErrorCode::GroupIdNotFound
                )
            )
    }

    async fn beat(&mut self, epoch: i32) -> Result<ShareGroupHeartbeatResponse> {
        let coordinator = match self.coordinator {
            Some(known) => known,
            None => self.client.find_coordinator(&self.group).await?,
        };
        self.coordinator = Some(coordinator);
        let connection = self.client.broker(coordinator, Purpose::Group).await?;
        let request = ShareGroupHeartbeatRequest {
            group_id: self.group.clone(),
            member_id: self.member_id.clone(),
            member_epoch: epoch,
            rack_id: None,
            subscribed_topic_names: (epoch == JOIN).then(|| self.topics.clone()),
        };
        let answer = connection.request(&request).await?;
        let subject = || format!("group {}", self.group);
        Refused::check(answer.error_code, subject, answer.error_message.as_deref())?;
        Ok(answer)
    }

    /// Says that it goes; the group gives what it has to others at once.
    pub(super) async fn leave(&mut self) -> Result<()> {
        match self.beat(LEAVE).await {
            Ok(_) => Ok(()),
            // It had never come, or was given up before.
            Err(error)
                if matches!(
                    error.code(),
                    Some(ErrorCode::UnknownMemberId | ErrorCode::GroupIdNotFound)
                ) =>
            {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

/// Members choose their ids themselves.
fn new_id() -> Uuid {
    let mut bytes = [0; 16];
    for half in bytes.chunks_mut(8) {
        // Each state has keys of its own, from the system's randomness.
        half.copy_from_slice(&RandomState::new().build_hasher().finish().to_be_bytes());
    }
    Uuid::from_bytes(bytes)
}
