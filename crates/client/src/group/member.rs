//! A member of a group, by either protocol.

use std::collections::BTreeMap;

use model::{Offset, TopicPartition};

use super::beats::{Away, Beats};
use super::consumer_protocol::ConsumerMember;
use super::membership::{Beat, Joined, Membership};
use super::ownership::Partitions;
use super::{ConsumerGroupMetadata, GroupConfig, GroupProtocol};
use crate::{Client, Result};

#[derive(Debug)]
pub(super) enum Member {
    Classic { membership: Box<Membership>, beats: Option<Beats> },
    Consumer(ConsumerMember),
}

impl Member {
    pub(super) fn new(client: Client, config: GroupConfig) -> Self {
        match config.protocol {
            GroupProtocol::Classic => {
                let membership = Box::new(Membership::new(client, config));
                Self::Classic { membership, beats: None }
            }
            GroupProtocol::Consumer => Self::Consumer(ConsumerMember::new(client, config)),
        }
    }

    /// Whether heartbeats are sent.
    pub(super) fn is_joined(&self) -> bool {
        match self {
            Self::Classic { beats, .. } => beats.is_some(),
            Self::Consumer(member) => member.is_joined(),
        }
    }

    /// Joins while `owned` is read. Cancel-safe: a member that was joining is one that joins again.
    pub(super) async fn join(
        &mut self,
        owned: &Partitions,
        config: &GroupConfig,
        away: &Away,
    ) -> Result<Joined> {
        match self {
            Self::Classic { membership, beats } => {
                // Heartbeats go on until then: the coordinator counts them while others join.
                *beats = None;
                let joined = membership.join(owned).await?;
                if matches!(joined, Joined::Given(_)) {
                    *beats = Some(Beats::start(
                        (**membership).clone(),
                        config.heartbeat_interval,
                        away.clone(),
                        config.poll_interval_max,
                    ));
                }
                Ok(joined)
            }
            Self::Consumer(member) => {
                member.join(away);
                Ok(Joined::Began)
            }
        }
    }

    /// What the last heartbeats brought, if it wants something done. Cancel-safe.
    pub(super) async fn next(&mut self) -> Beat {
        match self {
            Self::Classic { beats: Some(beats), .. } => beats.next().await,
            Self::Classic { beats: None, .. } => std::future::pending().await,
            Self::Consumer(member) => member.next().await,
        }
    }

    /// Tells the coordinator that these are read by now, where it shares them.
    pub(super) fn owns(&self, partitions: &Partitions) {
        if let Self::Consumer(member) = self {
            member.owns(partitions);
        }
    }

    /// The group gave the member up, or knows not even its `id`.
    pub(super) fn forget(&mut self, id: bool) {
        match self {
            Self::Classic { membership, beats } => {
                membership.forget(id);
                *beats = None;
            }
            Self::Consumer(member) => member.forget(),
        }
    }

    /// Whether a topic that this member shared out has other partitions by now.
    pub(super) async fn must_share_again(&self) -> bool {
        match self {
            Self::Classic { membership, .. } => membership.must_share_again().await,
            Self::Consumer(_) => false,
        }
    }

    pub(super) async fn commit(
        &mut self,
        offsets: &BTreeMap<TopicPartition, Offset>,
    ) -> Result<()> {
        match self {
            Self::Classic { membership, .. } => membership.commit(offsets).await,
            Self::Consumer(member) => member.commit(offsets).await,
        }
    }

    pub(super) async fn leave(&mut self) -> Result<()> {
        match self {
            Self::Classic { membership, beats } => {
                *beats = None;
                membership.leave().await
            }
            Self::Consumer(member) => member.leave().await,
        }
    }

    pub(super) fn metadata(&self) -> ConsumerGroupMetadata {
        match self {
            Self::Classic { membership, .. } => membership.metadata(),
            Self::Consumer(member) => member.metadata(),
        }
    }
}
