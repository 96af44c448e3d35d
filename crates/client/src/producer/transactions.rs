//! Where a transactional producer stands, and what its coordinators are to be asked next (KIP-98, KIP-360, KIP-447, KIP-890).
//!
//! Invariants: one request is under way at a time; a batch leaves only when its partition is in the transaction, which in version
//! 1 the coordinator was told before; a transaction is ended when nothing of it is under way; one that failed can only be
//! aborted; who was fenced, or does not know what the coordinator thinks, asks nothing any more.

mod ask;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::{Offset, TopicPartition};
use tokio::time::Instant;

use super::accumulator::{Fault, Ground, Identity};
use crate::{BackoffRange, ClientError, ConsumerGroupMetadata, Result};
pub(super) use ask::{Abilities, Answer, Ask};
use ask::{Class, class};

/// Before a coordinator that still ends the transaction before is asked again: that takes it milliseconds.
const CONCURRENT_PAUSE: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub(super) struct Transactions {
    transactional_id: String,
    backoff: BackoffRange,
    state: State,
    abilities: Abilities,
    identity: Option<Identity>,
    /// The coordinator may know of the transaction that is open.
    began: bool,
    /// The next transaction needs an epoch that nothing was written under.
    needs_epoch: bool,
    offsets: Option<Offsets>,
    /// How many offsets were taken, and how many of them are in their transactions.
    offsets_taken: u64,
    offsets_sent: u64,
    to_admit: Vec<TopicPartition>,
    /// The accumulator is to be told of the next transaction's identity.
    restarts: bool,
    is_asking: bool,
    attempts: u32,
    not_before: Option<Instant>,
    trouble: Option<ClientError>,
    ended: Option<Ended>,
    /// Why the transaction is being aborted, if nobody asked for that.
    abort_reason: Option<ClientError>,
}

#[derive(Clone, Debug)]
enum State {
    /// Without an epoch to write under.
    Beginning,
    Ready,
    Open,
    /// It can only be aborted.
    Broken(ClientError),
    Ending {
        commits: bool,
    },
    /// No transaction can be begun any more.
    Over(ClientError),
}

/// How the last transaction ended.
#[derive(Clone, Debug)]
pub(super) struct Ended {
    pub(super) is_committed: bool,
    /// Why it was aborted, if nobody asked for that.
    pub(super) reason: Option<ClientError>,
}

#[derive(Debug)]
struct Offsets {
    group: ConsumerGroupMetadata,
    offsets: BTreeMap<TopicPartition, Offset>,
    is_group_added: bool,
}

/// One thing to do.
#[derive(Debug)]
pub(super) enum Step {
    /// Batches of these partitions may leave.
    Admit(Vec<TopicPartition>),
    /// Batches that wait are not to leave any more.
    Drop(ClientError),
    /// The transaction is over, and the next one has this identity.
    Restart(Identity),
    /// Nothing can be written any more.
    Fail(ClientError),
    Ask(Ask),
}

impl Transactions {
    pub(super) fn new(transactional_id: String, backoff: BackoffRange) -> Self {
        Self {
            transactional_id,
            backoff,
            state: State::Beginning,
            abilities: Abilities::default(),
            identity: None,
            began: false,
            needs_epoch: false,
            offsets: None,
            offsets_taken: 0,
            offsets_sent: 0,
            to_admit: Vec::new(),
            restarts: false,
            is_asking: false,
            attempts: 0,
            not_before: None,
            trouble: None,
            ended: None,
            abort_reason: None,
        }
    }

    /// Whether the cluster takes partitions and offsets in by themselves (KIP-890).
    pub(super) const fn is_version_2(&self) -> bool {
        self.abilities.version_2
    }

    /// `None` while the last transaction is being ended, or an epoch is asked for.
    pub(super) fn settled(&self) -> Option<Result<Option<Ended>>> {
        match &self.state {
            State::Over(error) => Some(Err(error.clone())),
            State::Beginning | State::Ending { .. } => None,
            State::Ready | State::Open | State::Broken(_) => Some(Ok(self.ended.clone())),
        }
    }

    /// How the transaction ended that was told to; `None` while that is open.
    pub(super) fn outcome(&self) -> Option<Result<Ended>> {
        match (&self.ended, &self.state) {
            (Some(ended), _) => Some(Ok(ended.clone())),
            (None, State::Over(error)) => Some(Err(error.clone())),
            (None, _) => None,
        }
    }

    /// What the last attempt of a request that is made again met with.
    pub(super) fn trouble(&self) -> Option<&ClientError> {
        self.trouble.as_ref()
    }

    /// Begins a transaction; `None` while the one before is being ended, or an epoch is asked for.
    pub(super) fn begin(&mut self) -> Option<Result<()>> {
        match &self.state {
            State::Over(error) => Some(Err(error.clone())),
            State::Ready => {
                self.state = State::Open;
                self.ended = None;
                Some(Ok(()))
            }
            State::Beginning | State::Open | State::Broken(_) | State::Ending { .. } => None,
        }
    }

    /// Whether records and offsets may still join the transaction.
    pub(super) fn check_open(&self) -> Result<()> {
        match &self.state {
            State::Open => Ok(()),
            State::Broken(error) => {
                Err(ClientError::TransactionAbortable { reason: Arc::new(error.clone()) })
            }
            State::Over(error) => Err(error.clone()),
            State::Beginning | State::Ready | State::Ending { .. } => {
                Err(ClientError::TransactionAborted)
            }
        }
    }

    /// Takes offsets into the transaction. `None` while others are on their way; else a ticket for [`Self::are_sent`].
    pub(super) fn take_offsets(
        &mut self,
        group: &ConsumerGroupMetadata,
        offsets: &BTreeMap<TopicPartition, Offset>,
    ) -> Result<Option<u64>> {
        self.check_open()?;
        if self.offsets.is_some() {
            return Ok(None);
        }
        let (group, offsets) = (group.clone(), offsets.clone());
        self.offsets = Some(Offsets { group, offsets, is_group_added: false });
        self.offsets_taken += 1;
        Ok(Some(self.offsets_taken))
    }

    /// Whether the offsets of a ticket are in the transaction; `None` while that is open.
    pub(super) fn are_sent(&self, ticket: u64) -> Option<Result<()>> {
        if self.offsets_sent >= ticket {
            return Some(Ok(()));
        }
        self.check_open().err().map(Err)
    }

    /// Asks for the end of the open transaction. A transaction that failed is aborted in any case.
    pub(super) fn end(&mut self, commits: bool) {
        match std::mem::replace(&mut self.state, State::Ready) {
            State::Open => self.state = State::Ending { commits },
            State::Broken(error) => {
                self.state = State::Ending { commits: false };
                self.abort_reason = Some(error);
            }
            other => self.state = other,
        }
        if matches!(self.state, State::Ending { commits: false }) {
            self.offsets = None;
        }
    }

    /// A batch failed: the transaction has a hole.
    pub(super) fn fault(&mut self, fault: Fault) {
        let Fault { error, leaves_gap } = fault;
        if leaves_gap && !self.abilities.version_2 && !self.abilities.bumps_epochs {
            // Sequences cannot be begun again before Kafka 2.5.
            self.over(error);
        } else if ask::is_fatal_for_batches(&error) {
            self.over(error);
        } else {
            self.broken(error);
        }
    }

    fn broken(&mut self, error: ClientError) {
        self.needs_epoch = self.abilities.bumps_epochs;
        match &self.state {
            State::Open => {
                self.offsets = None;
                self.state = State::Broken(error);
            }
            State::Ending { commits: true } => {
                self.offsets = None;
                self.state = State::Ending { commits: false };
                self.abort_reason = Some(error);
            }
            State::Beginning
            | State::Ready
            | State::Broken(_)
            | State::Ending { commits: false }
            | State::Over(_) => {}
        }
    }

    fn over(&mut self, error: ClientError) {
        if !matches!(self.state, State::Over(_)) {
            self.state = State::Over(error);
        }
        self.offsets = None;
    }

    /// The next thing to do; to be asked until there is none.
    pub(super) fn poll(&mut self, now: Instant, ground: &Ground) -> Option<Step> {
        if let State::Over(error) = &self.state {
            return (!ground.is_idle).then(|| Step::Fail(error.clone()));
        }
        if let Some(restart) = self.take_restart() {
            return Some(restart);
        }
        if let State::Broken(_) | State::Ending { commits: false } = &self.state
            && (ground.is_waiting || !ground.is_dropping)
        {
            return Some(Step::Drop(ClientError::TransactionAborted));
        }
        let is_taking = matches!(self.state, State::Open | State::Ending { commits: true });
        if !self.to_admit.is_empty() {
            return Some(Step::Admit(std::mem::take(&mut self.to_admit)));
        }
        if is_taking && self.abilities.version_2 && !ground.outside.is_empty() {
            self.began = true;
            return Some(Step::Admit(ground.outside.clone()));
        }
        if self.is_asking || self.not_before.is_some_and(|at| now < at) {
            return None;
        }
        let Some(ask) = self.next_ask(ground) else { return self.take_restart() };
        self.is_asking = true;
        Some(Step::Ask(ask))
    }

    fn take_restart(&mut self) -> Option<Step> {
        let identity = self.identity.filter(|_| self.restarts)?;
        self.restarts = false;
        Some(Step::Restart(identity))
    }

    fn next_ask(&mut self, ground: &Ground) -> Option<Ask> {
        if matches!(self.state, State::Beginning) {
            let identity = self.identity.filter(|_| self.abilities.bumps_epochs);
            return Some(Ask::Identity { identity });
        }
        let identity = self.identity?;
        let commits = match self.state {
            State::Open => None,
            State::Ending { commits } => Some(commits),
            State::Beginning | State::Ready | State::Broken(_) | State::Over(_) => return None,
        };
        if commits != Some(false) {
            if !ground.outside.is_empty() {
                self.began = true;
                return Some(Ask::AddPartitions { identity, partitions: ground.outside.clone() });
            }
            if let Some(offsets) = &self.offsets {
                self.began = true;
                let group = offsets.group.clone();
                return Some(if self.abilities.version_2 || offsets.is_group_added {
                    let offsets = offsets.offsets.clone();
                    Ask::CommitOffsets { identity, group, offsets }
                } else {
                    Ask::AddOffsets { identity, group: group.group }
                });
            }
        }
        let commits = commits.filter(|_| ground.is_idle)?;
        if self.began {
            return Some(Ask::End { identity, commits });
        }
        self.finish(commits, None);
        None
    }

    /// Takes what became of a request.
    pub(super) fn answered(&mut self, now: Instant, ask: Ask, result: Result<Answer>) {
        self.is_asking = false;
        self.not_before = None;
        let error = match result {
            Ok(answer) => {
                self.attempts = 0;
                self.trouble = None;
                return self.take(ask, answer);
            }
            Err(error) => error,
        };
        match class(&error, self.abilities) {
            Class::Retry { is_concurrent } => {
                let pause = self.backoff.wait_of(self.attempts);
                let pause = if is_concurrent { CONCURRENT_PAUSE.min(pause) } else { pause };
                self.not_before = Some(now + pause);
                self.attempts = self.attempts.saturating_add(1);
                self.trouble = Some(error);
            }
            Class::Fenced => {
                let transactional_id = self.transactional_id.clone();
                self.over(ClientError::ProducerFenced { transactional_id });
            }
            Class::Fatal => self.over(error),
            Class::Abortable => match (&ask, &self.state) {
                (Ask::Identity { .. }, _) => self.over(error),
                // Nobody knows the transaction any more: an epoch of its own ends what may be left of it.
                (Ask::End { .. }, State::Ending { commits: false }) => {
                    self.needs_epoch = true;
                    self.finish(false, None);
                }
                _ => self.broken(error),
            },
        }
    }

    fn take(&mut self, ask: Ask, answer: Answer) {
        match (ask, answer) {
            (Ask::Identity { .. }, Answer::Identity { identity, abilities }) => {
                self.identity = Some(identity);
                self.abilities = abilities;
                self.needs_epoch = false;
                self.restarts = true;
                if matches!(self.state, State::Beginning) {
                    self.state = State::Ready;
                }
            }
            (Ask::AddPartitions { partitions, .. }, _) => self.to_admit = partitions,
            (Ask::AddOffsets { .. }, _) => {
                if let Some(offsets) = &mut self.offsets {
                    offsets.is_group_added = true;
                }
            }
            (Ask::CommitOffsets { .. }, _) => {
                if self.offsets.take().is_some() {
                    self.offsets_sent = self.offsets_taken;
                }
            }
            (Ask::End { commits, .. }, Answer::Ended(next)) => self.finish(commits, next),
            (Ask::Identity { .. } | Ask::End { .. }, _) => {}
        }
    }

    /// The transaction is over; `next` is the identity of the one that follows, where the coordinator gives one.
    fn finish(&mut self, is_committed: bool, next: Option<Identity>) {
        let reason = self.abort_reason.take();
        self.ended = Some(Ended { is_committed, reason });
        let wrote = std::mem::take(&mut self.began);
        self.offsets = None;
        self.to_admit.clear();
        self.restarts = true;
        if next.is_some() {
            self.identity = next;
            self.needs_epoch = false;
        }
        let needs_epoch = std::mem::take(&mut self.needs_epoch) && wrote;
        self.state = if needs_epoch { State::Beginning } else { State::Ready };
    }

    /// When a request is to be made again.
    pub(super) fn next_timeout(&self, now: Instant) -> Option<Instant> {
        self.not_before.filter(|at| !self.is_asking && *at > now)
    }
}

#[cfg(test)]
mod tests;
