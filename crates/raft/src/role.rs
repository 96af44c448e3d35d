use std::collections::BTreeMap;

use model::{BrokerId, Instant, Offset};

use crate::effect::Ticket;
use crate::message::FetchRequest;
use crate::raft::Ballots;

/// What a voter is doing in its epoch.
#[derive(Clone, Debug)]
pub(crate) enum Role {
    /// Waits for a leader to show up.
    Unattached {
        leader: Option<BrokerId>,
        until: Instant,
    },
    /// Asks whether it could win, before it disturbs anyone with a new epoch (KIP-996).
    Prospective {
        leader: Option<BrokerId>,
        granted: Ballots,
        refused: Ballots,
        until: Instant,
    },
    /// Has voted for itself and asks the others.
    Candidate {
        granted: Ballots,
        refused: Ballots,
        until: Instant,
    },
    Leader(Leading),
    Follower {
        leader: BrokerId,
        /// When the leader counts as lost, unless an answer comes before.
        until: Instant,
        /// A fetch was sent and not answered.
        in_flight: bool,
        /// The leader has answered a fetch of this epoch: others need not bother.
        fetched: bool,
        /// When to fetch again after a failure.
        retry_at: Option<Instant>,
    },
    /// Led this epoch and does so no more; waits for a successor.
    Resigned {
        until: Instant,
    },
}

/// What a leader keeps.
#[derive(Clone, Debug)]
pub(crate) struct Leading {
    /// The offset of its first record.
    pub(crate) epoch_start: Offset,
    pub(crate) progress: BTreeMap<BrokerId, Progress>,
    pub(crate) parked: Vec<ParkedFetch>,
    /// When to remind voters that have not acknowledged.
    pub(crate) remind_at: Option<Instant>,
    /// When to resign, if no majority fetches until then.
    pub(crate) resign_at: Option<Instant>,
}

/// What a leader knows of another voter.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    /// Its log is on disk below it; `None` before it fetched.
    pub(crate) end: Option<Offset>,
    pub(crate) last_fetch: Option<Instant>,
    pub(crate) acknowledged: bool,
}

/// A fetch that waits for records, or for a higher high watermark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ParkedFetch {
    pub(crate) ticket: Ticket,
    pub(crate) fetch: FetchRequest,
    pub(crate) until: Instant,
}

impl Role {
    pub(crate) const fn follower(leader: BrokerId, until: Instant) -> Self {
        Self::Follower { leader, until, in_flight: false, fetched: false, retry_at: None }
    }
}

impl Leading {
    pub(crate) fn acknowledge(&mut self, voter: BrokerId) {
        if let Some(progress) = self.progress.get_mut(&voter) {
            progress.acknowledged = true;
        }
    }

    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        let parked = self.parked.iter().map(|parked| parked.until).min();
        [parked, self.remind_at, self.resign_at].into_iter().flatten().min()
    }
}
