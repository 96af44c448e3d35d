use std::collections::BTreeMap;

use model::{Instant, Offset};

use crate::effect::{ControlRecord, Effect, Ticket};
use crate::limits::PARKED_FETCH_COUNT_MAX;
use crate::log_view::Divergence;
use crate::message::{Batch, FetchContent, FetchRequest, ProtocolError, Request, Response};
use crate::raft::{Ballots, Raft};
use crate::role::{Leading, ParkedFetch, Progress, Role};

impl Raft {
    pub(crate) fn become_leader(
        &mut self,
        now: Instant,
        granting: &Ballots,
        effects: &mut Vec<Effect>,
    ) {
        let own = self.settings.own.id;
        let progress: BTreeMap<_, _> =
            self.voters.others(own).map(|id| (id, Progress::default())).collect();
        let alone = progress.is_empty();
        self.role = Role::Leader(Leading {
            epoch_start: self.log.end(),
            progress,
            parked: Vec::new(),
            remind_at: (!alone).then_some(now),
            resign_at: (!alone).then(|| now.plus(self.resign_timeout())),
        });
        self.save(effects);
        let epoch = self.epoch;
        effects.push(Effect::Leader { leader: Some(own), epoch });
        let voters: Vec<_> = self.voters.iter().map(|voter| voter.key).collect();
        let granting = voters.iter().copied().filter(|key| granting.contains(&key.id)).collect();
        let mut records = vec![ControlRecord::LeaderChange { leader: own, voters, granting }];
        if !self.voters_in_log {
            // Formatting named the voters; from here on the log does (KIP-853).
            records.push(ControlRecord::KRaftVersion(1));
            records.push(ControlRecord::Voters(self.voters.clone()));
            self.voters_in_log = true;
        }
        effects.push(Effect::WriteControl { epoch, records });
        self.leader_tick(now, effects);
    }

    fn resign_timeout(&self) -> std::time::Duration {
        self.settings.fetch_timeout * 3 / 2
    }

    pub(crate) fn leader_tick(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if self.has_lost_majority(now) {
            return self.resign(now, effects);
        }
        let interval = self.settings.fetch_timeout / 2;
        let (leader, epoch) = (self.settings.own.id, self.epoch);
        let Role::Leader(leading) = &mut self.role else { return };
        if leading.remind_at.is_some_and(|at| now >= at) {
            let silent = leading.progress.iter().filter(|(_, progress)| {
                let is_recent = |last: Instant| now.since(last) < interval;
                !progress.acknowledged || !progress.last_fetch.is_some_and(is_recent)
            });
            let request = Request::BeginQuorumEpoch { leader, epoch };
            effects
                .extend(silent.map(|(to, _)| Effect::Send { to: *to, request: request.clone() }));
            leading.remind_at = Some(now.plus(interval));
        }
        self.answer_parked(now, effects);
    }

    /// Whether a majority, this node included, has not fetched for too long. Sets when to look again.
    fn has_lost_majority(&mut self, now: Instant) -> bool {
        let timeout = self.resign_timeout();
        let needed = self.voters.majority().saturating_sub(1);
        let Role::Leader(leading) = &mut self.role else { return false };
        if leading.resign_at.is_none_or(|at| now < at) {
            return false;
        }
        let mut fetches: Vec<Instant> =
            leading.progress.values().filter_map(|progress| progress.last_fetch).collect();
        fetches.sort_unstable_by(|one, other| other.cmp(one));
        // The moment at which the last one needed for a majority was heard of.
        let heard = needed.checked_sub(1).and_then(|place| fetches.get(place).copied());
        match heard {
            Some(heard) if now.since(heard) < timeout => {
                leading.resign_at = Some(heard.plus(timeout));
                false
            }
            _ => true,
        }
    }

    /// Leads no more, and says so to those who could.
    fn resign(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let Role::Leader(leading) = &self.role else { return };
        let (leader, epoch) = (self.settings.own.id, self.epoch);
        let mut by_end: Vec<_> = leading.progress.iter().map(|(id, p)| (p.end, *id)).collect();
        by_end.sort_unstable_by(|one, other| other.cmp(one));
        let keys = by_end.iter().filter_map(|(_, id)| Some(self.voters.get(*id)?.key));
        let successors: Vec<_> = keys.collect();
        for (_, to) in by_end {
            let successors = successors.clone();
            let request = Request::EndQuorumEpoch { leader, epoch, successors };
            effects.push(Effect::Send { to, request });
        }
        self.drop_parked(effects);
        self.role = Role::Resigned { until: self.election_deadline(now) };
        effects.push(Effect::Leader { leader: None, epoch });
    }

    pub(crate) fn stop(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        self.resign(now, effects);
        self.stopping = true;
    }

    pub(crate) fn leader_append(&mut self, batch: Batch, effects: &mut Vec<Effect>) {
        assert!(matches!(self.role, Role::Leader(_)), "only the leader appends");
        assert_eq!(batch.epoch, self.epoch);
        assert_eq!(batch.base, self.log.end());
        self.log.append(batch.epoch, batch.end);
        effects.push(Effect::Write(batch));
    }

    pub(crate) fn on_fetch(
        &mut self,
        now: Instant,
        ticket: Ticket,
        fetch: &FetchRequest,
        effects: &mut Vec<Effect>,
    ) -> Option<Response> {
        let refuse = |raft: &Self, error| {
            let view = raft.view(Some(error));
            Some(Response::Fetch { view, content: FetchContent::Nothing })
        };
        if self.stopping {
            return refuse(self, ProtocolError::BrokerNotAvailable);
        }
        if fetch.epoch > self.epoch {
            // Who leads that epoch this node will hear from the leader itself.
            return refuse(self, ProtocolError::UnknownLeaderEpoch);
        }
        if fetch.epoch < self.epoch {
            return refuse(self, ProtocolError::FencedLeaderEpoch);
        }
        if !matches!(self.role, Role::Leader(_)) {
            return refuse(self, ProtocolError::NotLeader);
        }
        let view = self.view(None);
        let content = match self.log.compare(fetch.offset, fetch.last_epoch) {
            Divergence::Diverges { epoch, end } => FetchContent::Diverging { epoch, end },
            Divergence::NeedsSnapshot(snapshot) => FetchContent::Snapshot(snapshot),
            Divergence::None if fetch.offset > self.log.end() => {
                return refuse(self, ProtocolError::InvalidRequest);
            }
            Divergence::None => {
                self.note_progress(now, fetch, effects);
                self.park_or_answer(now, ticket, *fetch, effects);
                return None;
            }
        };
        self.note_contact(now, fetch);
        Some(Response::Fetch { view, content })
    }

    fn note_contact(&mut self, now: Instant, fetch: &FetchRequest) {
        let is_voter = self.voters.contains(&fetch.replica);
        let Role::Leader(leading) = &mut self.role else { return };
        if let Some(progress) = leading.progress.get_mut(&fetch.replica.id).filter(|_| is_voter) {
            progress.last_fetch = Some(now);
            progress.acknowledged = true;
        }
    }

    fn note_progress(&mut self, now: Instant, fetch: &FetchRequest, effects: &mut Vec<Effect>) {
        self.note_contact(now, fetch);
        let is_voter = self.voters.contains(&fetch.replica);
        if let Role::Leader(leading) = &mut self.role
            && let Some(progress) = leading.progress.get_mut(&fetch.replica.id).filter(|_| is_voter)
        {
            progress.end = Some(fetch.offset);
            self.advance_high_watermark(effects);
            self.answer_parked(now, effects);
        }
    }

    fn park_or_answer(
        &mut self,
        now: Instant,
        ticket: Ticket,
        fetch: FetchRequest,
        effects: &mut Vec<Effect>,
    ) {
        let until = now.plus(self.settings.fetch_timeout / 4);
        let is_due = self.is_due(&fetch);
        let Role::Leader(leading) = &mut self.role else { return };
        if is_due || leading.parked.len() >= PARKED_FETCH_COUNT_MAX {
            self.answer_fetch(ticket, &fetch, effects);
        } else {
            leading.parked.push(ParkedFetch { ticket, fetch, until });
        }
    }

    /// Whether there is something to tell: synced records, or a high watermark that the follower does not know.
    fn is_due(&self, fetch: &FetchRequest) -> bool {
        fetch.offset < self.synced || fetch.high_watermark < self.high_watermark
    }

    fn answer_fetch(&self, ticket: Ticket, fetch: &FetchRequest, effects: &mut Vec<Effect>) {
        effects.push(Effect::AnswerFetch {
            ticket,
            offset: fetch.offset,
            epoch: self.epoch,
            high_watermark: self.high_watermark,
        });
    }

    /// Answers the parked fetches for which there is something, or whose time is up.
    pub(crate) fn answer_parked(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let Role::Leader(leading) = &mut self.role else { return };
        let parked = std::mem::take(&mut leading.parked);
        let (due, kept): (Vec<_>, Vec<_>) = parked
            .into_iter()
            .partition(|parked| now >= parked.until || self.is_due(&parked.fetch));
        for parked in &due {
            self.answer_fetch(parked.ticket, &parked.fetch, effects);
        }
        if let Role::Leader(leading) = &mut self.role {
            leading.parked = kept;
        }
    }

    /// Tells those who wait that this node does not lead any more.
    pub(crate) fn drop_parked(&mut self, effects: &mut Vec<Effect>) {
        let Role::Leader(leading) = &mut self.role else { return };
        let parked = std::mem::take(&mut leading.parked);
        let mut view = self.view(Some(ProtocolError::NotLeader));
        view.leader = None;
        effects.extend(parked.into_iter().map(|parked| Effect::Answer {
            ticket: parked.ticket,
            response: Response::Fetch { view, content: FetchContent::Nothing },
        }));
    }

    /// The offset that a majority has on disk, if it lies in this epoch.
    pub(crate) fn advance_high_watermark(&mut self, effects: &mut Vec<Effect>) {
        let Role::Leader(leading) = &self.role else { return };
        let mut ends: Vec<Offset> = vec![self.synced];
        ends.extend(leading.progress.values().map(|p| p.end.unwrap_or(Offset::ZERO)));
        ends.sort_unstable_by(|one, other| other.cmp(one));
        let Some(&candidate) = ends.get(self.voters.majority() - 1) else { return };
        if candidate > leading.epoch_start && Some(candidate) > self.high_watermark {
            self.high_watermark = Some(candidate);
            effects.push(Effect::HighWatermark(candidate));
        }
    }
}
