use std::time::Duration;

use model::{BrokerId, Instant, LeaderEpoch, Offset, PartitionEpoch};

/// What the leader knows of one follower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowerProgress {
    pub(crate) id: BrokerId,
    /// Its durable end where it tells one, else its log end. `None` until it fetches in this leader epoch.
    pub(crate) end: Option<Offset>,
    pub(crate) log_start: Offset,
    /// The last moment at which it is known to have held all that the leader then had; `None` for never.
    pub(crate) caught_up: Option<Instant>,
    /// The leader's end at an earlier moment: once the follower has reached it, it had caught up to that moment.
    mark: Option<(Offset, Instant)>,
    /// Alive, not shutting down, of the registered broker epoch: as its last fetch found it.
    pub(crate) eligible: bool,
}

impl FollowerProgress {
    pub(crate) fn new(id: BrokerId, caught_up: Option<Instant>) -> Self {
        Self { id, end: None, log_start: Offset::ZERO, caught_up, mark: None, eligible: false }
    }

    pub fn id(&self) -> BrokerId {
        self.id
    }

    pub fn end(&self) -> Option<Offset> {
        self.end
    }

    pub fn caught_up(&self) -> Option<Instant> {
        self.caught_up
    }

    pub(crate) fn fetched(&mut self, now: Instant, fetch: &FollowerFetched, leader_end: Offset) {
        // The last word counts, even if it is lower: the follower may have lost its disk.
        self.end = Some(fetch.end);
        self.log_start = fetch.log_start;
        self.eligible = fetch.eligible;
        if fetch.end >= leader_end {
            self.caught_up = Some(now);
            self.mark = None;
            return;
        }
        if let Some((end, at)) = self.mark {
            if fetch.end < end {
                return;
            }
            self.caught_up = self.caught_up.max(Some(at));
        }
        self.mark = Some((leader_end, now));
    }

    pub(crate) fn is_caught_up(&self, now: Instant, leader_end: Offset, lag_max: Duration) -> bool {
        self.end == Some(leader_end) || self.caught_up.is_some_and(|at| now.since(at) <= lag_max)
    }
}

/// What a follower's fetch tells the leader, after [`crate::Leader::check_fetch`] has let it pass. A fetch of an
/// earlier life of the broker is not to come here at all: that life may have had what this one lost (KIP-903).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowerFetched {
    pub replica: BrokerId,
    /// Up to here the follower holds the log: what it says is durable, else its fetch offset.
    pub end: Offset,
    pub log_start: Offset,
    /// Whether it may be in sync: not fenced, not shutting down, and its broker epoch is the registered one.
    pub eligible: bool,
}

/// The in-sync replicas as the controller decided them, and the change that was asked for but not yet answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InSync {
    committed: Vec<BrokerId>,
    /// The set asked for. Until it is answered, who is in either set counts as in sync.
    proposed: Option<Vec<BrokerId>>,
    partition_epoch: PartitionEpoch,
}

impl InSync {
    pub(crate) fn new(committed: Vec<BrokerId>, partition_epoch: PartitionEpoch) -> Self {
        Self { committed, proposed: None, partition_epoch }
    }

    pub(crate) fn committed(&self) -> &[BrokerId] {
        &self.committed
    }

    pub(crate) fn partition_epoch(&self) -> PartitionEpoch {
        self.partition_epoch
    }

    pub(crate) fn is_change_under_way(&self) -> bool {
        self.proposed.is_some()
    }

    /// In sync now, or so if the proposed change is made.
    pub(crate) fn may_hold(&self, id: BrokerId) -> bool {
        self.committed.contains(&id)
            || self.proposed.as_ref().is_some_and(|proposed| proposed.contains(&id))
    }

    /// Size of the larger set.
    pub(crate) fn count_max(&self) -> usize {
        self.committed.len().max(self.proposed.as_ref().map_or(0, Vec::len))
    }

    pub(crate) fn propose(&mut self, in_sync: Vec<BrokerId>) {
        assert!(self.proposed.is_none(), "one change of the in-sync replicas at a time");
        self.proposed = Some(in_sync);
    }

    /// The controller's word. An older one than is known says nothing; says whether it was news.
    pub(crate) fn decided(
        &mut self,
        in_sync: Vec<BrokerId>,
        partition_epoch: PartitionEpoch,
    ) -> bool {
        if partition_epoch < self.partition_epoch {
            return false;
        }
        self.committed = in_sync;
        self.partition_epoch = partition_epoch;
        self.proposed = None;
        true
    }

    /// The proposal made on this partition epoch was not taken; it can be made again.
    pub(crate) fn proposal_failed(&mut self, partition_epoch: PartitionEpoch) {
        if partition_epoch == self.partition_epoch {
            self.proposed = None;
        }
    }
}

/// Who leads, from when on, and with whom: as the metadata say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaderTerm {
    pub me: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: PartitionEpoch,
    /// All replicas, this one among them.
    pub replicas: Vec<BrokerId>,
    /// This one among them.
    pub in_sync: Vec<BrokerId>,
}
