use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use model::{Instant, Timestamp};

use crate::classic::Client;
use crate::{HISTORY_REBALANCE_COUNT_MAX, HISTORY_TEXT_SIZE_MAX, MemberId, Now, Why};

/// A member, as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub member: MemberId,
    pub client: Client,
}

/// What a group waited for longest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slowest {
    pub who: Who,
    pub step: SlowStep,
    pub after: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlowStep {
    /// To join again, since the rebalance began.
    Join,
    /// To bring, or to fetch, the assignment, since all had joined.
    Sync,
    /// To let go of partitions and take up new ones, since the group changed (KIP-848).
    Reconcile,
}

/// One rebalance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebalance {
    pub why: Why,
    /// The client's own words.
    pub client_reason: Option<Box<str>>,
    /// Who set it off; `None` where nobody did.
    pub cause: Option<Who>,
    pub started_at: Timestamp,
    /// `None` while it runs.
    pub ended_at: Option<Timestamp>,
    /// The generation, or the group epoch, that it led to; `None` while it runs, and when another one came between.
    pub epoch: Option<i32>,
    pub member_count: usize,
    pub slowest: Option<Slowest>,
    began: Instant,
}

/// The last rebalances of one group, the oldest first. Bounded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupHistory {
    /// All that were seen.
    pub count: u64,
    pub rebalances: VecDeque<Rebalance>,
}

impl Who {
    /// With its texts cut to what a person reads: they may be kept for long.
    pub(crate) fn new(member: &MemberId, client: &Client) -> Self {
        let short = |text: &Arc<str>| match text.len() > HISTORY_TEXT_SIZE_MAX {
            true => cut(text).into(),
            false => text.clone(),
        };
        let is_long = member.as_str().len() > HISTORY_TEXT_SIZE_MAX;
        let member = if is_long {
            MemberId::from_text(cut(member.as_str()).to_owned())
        } else {
            member.clone()
        };
        Self { member, client: Client { id: short(&client.id), host: short(&client.host) } }
    }
}

fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(HISTORY_TEXT_SIZE_MAX)).unwrap_or_default()
}

impl GroupHistory {
    pub(crate) fn begin(
        &mut self,
        now: Now,
        why: Why,
        client_reason: Option<&str>,
        cause: Option<Who>,
    ) {
        if let Some(running) = self.running() {
            // What it would have led to is overtaken.
            running.ended_at = Some(now.wall);
        }
        if self.rebalances.len() >= HISTORY_REBALANCE_COUNT_MAX {
            self.rebalances.pop_front();
        }
        self.count += 1;
        self.rebalances.push_back(Rebalance {
            why,
            client_reason: client_reason.map(|reason| cut(reason).into()),
            cause,
            started_at: now.wall,
            ended_at: None,
            epoch: None,
            member_count: 0,
            slowest: None,
            began: now.instant,
        });
    }

    /// Somebody has taken so long; the longest counts.
    pub(crate) fn slow(&mut self, who: Who, step: SlowStep, after: Duration) {
        let Some(last) = self.rebalances.back_mut() else { return };
        if last.slowest.as_ref().is_none_or(|slowest| slowest.after < after) {
            last.slowest = Some(Slowest { who, step, after });
        }
    }

    /// When the rebalance that runs began.
    pub(crate) fn began(&mut self) -> Option<Instant> {
        self.running().map(|running| running.began)
    }

    pub(crate) fn end(&mut self, now: Now, epoch: i32, member_count: usize) {
        if let Some(running) = self.running() {
            running.ended_at = Some(now.wall);
            running.epoch = Some(epoch);
            running.member_count = member_count;
        }
    }

    fn running(&mut self) -> Option<&mut Rebalance> {
        self.rebalances.back_mut().filter(|last| last.ended_at.is_none())
    }
}
