use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use model::Instant;

use super::{Client, Join, Protocol};
use crate::history::Pulse;
use crate::members_size::{MEMBER_OVERHEAD, NAME_OVERHEAD};
use crate::timers::Timer;
use crate::{InstanceId, StoredMember, Ticket};

/// A member of a classic group.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) instance: Option<InstanceId>,
    pub(crate) client: Client,
    pub(crate) rebalance_timeout: Duration,
    pub(crate) session_timeout: Duration,
    pub(crate) protocols: Vec<Protocol>,
    pub(crate) assignment: Bytes,
    /// Its place in the order of joining: the leader is the first.
    pub(crate) joined_as: u64,
    /// In its first join: it has no id yet, so it sends no heartbeats.
    pub(crate) is_new: bool,
    pub(crate) awaiting_join: Option<Ticket>,
    pub(crate) awaiting_sync: Option<Ticket>,
    pub(crate) session: Timer,
    pub(crate) pulse: Pulse,
    /// When it joined last.
    pub(crate) came_at: Option<Instant>,
    /// In the last rebalance, from its start.
    pub(crate) join_took: Option<Duration>,
    /// From the end of the join phase.
    pub(crate) sync_took: Option<Duration>,
}

impl Member {
    /// A member as the log has it: of its protocols only the one that the group chose.
    pub(crate) fn from_stored(stored: &StoredMember, protocol: &Arc<str>, joined_as: u64) -> Self {
        Self {
            instance: stored.instance.clone(),
            client: Client { id: stored.client_id.clone(), host: stored.client_host.clone() },
            rebalance_timeout: stored.rebalance_timeout,
            session_timeout: stored.session_timeout,
            protocols: vec![Protocol {
                name: protocol.clone(),
                metadata: stored.subscription.clone(),
            }],
            assignment: stored.assignment.clone(),
            joined_as,
            is_new: false,
            awaiting_join: None,
            awaiting_sync: None,
            session: Timer::default(),
            pulse: Pulse::default(),
            came_at: None,
            join_took: None,
            sync_took: None,
        }
    }

    /// Bytes that it takes.
    pub(crate) fn size(&self) -> usize {
        own_size(self.instance.as_ref(), &self.client, &self.protocols) + self.assignment.len()
    }

    /// Its metadata for a protocol; `None` when it does not support it.
    pub(crate) fn metadata(&self, protocol: &str) -> Option<&Bytes> {
        self.protocols.iter().find(|own| &*own.name == protocol).map(|own| &own.metadata)
    }

    /// The first of its protocols that is among the candidates.
    pub(crate) fn vote(&self, candidates: &BTreeSet<Arc<str>>) -> Option<&Arc<str>> {
        self.protocols.iter().map(|own| &own.name).find(|name| candidates.contains(*name))
    }

    /// A member waiting for an answer cannot send heartbeats meanwhile, so its session does not end. A new one gets
    /// no such grace: nothing else would ever show that it is dead.
    pub(crate) fn is_excused_from_heartbeats(&self) -> bool {
        !self.is_new && (self.awaiting_join.is_some() || self.awaiting_sync.is_some())
    }
}

/// Bytes that a member takes before it is assigned something.
fn own_size(instance: Option<&InstanceId>, client: &Client, protocols: &[Protocol]) -> usize {
    let instance = instance.map_or(0, |instance| instance.as_str().len());
    MEMBER_OVERHEAD + instance + client.size() + protocols_size(protocols)
}

/// Bytes that a member will take that joins so.
pub(super) fn size_of_new(join: &Join) -> usize {
    own_size(join.instance.as_ref(), &join.client, &join.protocols)
}

/// Bytes of what a member tells with its protocols.
pub(crate) fn protocols_size(protocols: &[Protocol]) -> usize {
    let size = |protocol: &Protocol| NAME_OVERHEAD + protocol.name.len() + protocol.metadata.len();
    protocols.iter().map(size).sum()
}
