use std::collections::BTreeSet;
use std::time::Duration;

use model::{BrokerId, Instant, LeaderEpoch, Offset, SeededRandom};

use crate::effect::{Effect, Input, QuorumState};
use crate::log_view::LogView;
use crate::message::{ProtocolError, Request, Response, View};
use crate::role::{Leading, Role};
use crate::voters::{ReplicaKey, VoterSet};

/// What a node goes by, from its files.
#[derive(Clone, Copy, Debug)]
pub struct RaftSettings {
    pub own: ReplicaKey,
    /// `controller.quorum.election.timeout.ms`; a random part of as much again is added each time.
    pub election_timeout: Duration,
    /// `controller.quorum.fetch.timeout.ms`.
    pub fetch_timeout: Duration,
}

/// What the disk holds at start.
#[derive(Clone, Debug, Default)]
pub struct Recovered {
    pub state: QuorumState,
    pub log: LogView,
    pub voters: VoterSet,
    /// Whether the voters are named in the log or a snapshot taken of it. They are not when only formatting named them,
    /// and the first leader writes them.
    pub voters_in_log: bool,
}

/// KRaft as seen by one voter.
///
/// Invariants, after each step:
/// - the epoch never goes back, and it is on disk before a message of it leaves (KIP-595);
/// - one vote per epoch, on disk before it is given;
/// - a leader never truncates; `high_watermark ≤ log end`, and it never goes back;
/// - a leader's high watermark passes only offsets of its own epoch (Raft 5.4.2);
/// - what counts as replicated here, the leader's own log included, is on disk.
#[derive(Clone, Debug)]
pub struct Raft {
    pub(crate) settings: RaftSettings,
    pub(crate) random: SeededRandom,
    pub(crate) voters: VoterSet,
    pub(crate) voters_in_log: bool,
    pub(crate) epoch: LeaderEpoch,
    pub(crate) voted: Option<ReplicaKey>,
    pub(crate) role: Role,
    pub(crate) log: LogView,
    /// The own log is on disk below it.
    pub(crate) synced: Offset,
    pub(crate) high_watermark: Option<Offset>,
    pub(crate) stopping: bool,
}

impl Raft {
    /// Begins after a start of the process. What is in the log is on disk. Step [`Input::Tick`] once to begin.
    pub fn new(
        settings: RaftSettings,
        random: SeededRandom,
        recovered: Recovered,
        now: Instant,
    ) -> Self {
        let Recovered { state, log, voters, voters_in_log } = recovered;
        let epoch = state.epoch.max(log.last_epoch());
        let is_of_epoch = state.epoch == epoch;
        let mut raft = Self {
            settings,
            random,
            voters,
            voters_in_log,
            epoch,
            voted: state.voted.filter(|_| is_of_epoch),
            role: Role::Resigned { until: now },
            synced: log.end(),
            log,
            high_watermark: None,
            stopping: false,
        };
        let leader = state.leader.filter(|_| is_of_epoch);
        raft.role = if leader == Some(settings.own.id) {
            // A leader that restarts cannot know what it promised: it leads no more in this epoch.
            Role::Resigned { until: raft.election_deadline(now) }
        } else if let Some(leader) = leader {
            Role::follower(leader, now.plus(settings.fetch_timeout))
        } else {
            Role::Unattached { leader: None, until: raft.election_deadline(now) }
        };
        raft
    }

    /// Takes in what happened. Effects are appended in the order in which they are to be carried out.
    pub fn step(&mut self, now: Instant, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Tick => self.tick(now, effects),
            Input::Append(batch) => self.leader_append(batch, effects),
            Input::Synced(end) => self.on_synced(now, end, effects),
            Input::SnapshotTaken { snapshot, start } => self.log.snapshot_taken(snapshot, start),
            Input::Request { ticket, request } => {
                let answer = match request {
                    Request::Vote(vote) => Some(self.on_vote_request(now, &vote, effects)),
                    Request::BeginQuorumEpoch { leader, epoch } => {
                        Some(self.on_begin_epoch(now, leader, epoch, effects))
                    }
                    Request::EndQuorumEpoch { leader, epoch, successors } => {
                        Some(self.on_end_epoch(now, leader, epoch, &successors, effects))
                    }
                    Request::Fetch(fetch) => self.on_fetch(now, ticket, &fetch, effects),
                };
                effects.extend(answer.map(|response| Effect::Answer { ticket, response }));
            }
            Input::Response { from, response } => self.on_response(now, from, response, effects),
            Input::Unanswered { to } => self.on_unanswered(now, to),
            Input::Stop => self.stop(now, effects),
        }
        self.assert_invariants();
    }

    /// When to step [`Input::Tick`] again, if nothing else happens. `None`: never.
    pub fn next_timeout(&self) -> Option<Instant> {
        match &self.role {
            Role::Unattached { until, .. }
            | Role::Prospective { until, .. }
            | Role::Candidate { until, .. }
            | Role::Resigned { until } => (!self.stopping).then_some(*until),
            Role::Follower { until, retry_at, .. } => {
                Some(retry_at.map_or(*until, |retry| retry.min(*until)))
            }
            Role::Leader(leading) => leading.next_timeout(),
        }
    }

    /// The epoch and the offset that the next batch of this leader gets; `None` when this node does not lead.
    pub const fn leading(&self) -> Option<(LeaderEpoch, Offset)> {
        match self.role {
            Role::Leader(_) if !self.stopping => Some((self.epoch, self.log.end())),
            _ => None,
        }
    }

    pub const fn epoch(&self) -> LeaderEpoch {
        self.epoch
    }

    /// Whom this node takes for the leader.
    pub const fn leader(&self) -> Option<BrokerId> {
        match &self.role {
            Role::Leader(_) => Some(self.settings.own.id),
            Role::Follower { leader, .. } => Some(*leader),
            Role::Unattached { leader, .. } | Role::Prospective { leader, .. } => *leader,
            Role::Candidate { .. } | Role::Resigned { .. } => None,
        }
    }

    /// Records below it are committed; `None` while that is not known.
    pub const fn high_watermark(&self) -> Option<Offset> {
        self.high_watermark
    }

    pub const fn log(&self) -> &LogView {
        &self.log
    }

    pub const fn voters(&self) -> &VoterSet {
        &self.voters
    }

    /// What this node, being the leader, knows of the other voters' logs: their ends.
    pub fn replica_ends(&self) -> Vec<(ReplicaKey, Option<Offset>)> {
        let Role::Leader(leading) = &self.role else { return Vec::new() };
        let voters = self.voters.iter().map(|voter| {
            let end = if voter.key.id == self.settings.own.id {
                Some(self.synced)
            } else {
                leading.progress.get(&voter.key.id).and_then(|progress| progress.end)
            };
            (voter.key, end)
        });
        voters.collect()
    }

    pub(crate) fn view(&self, error: Option<ProtocolError>) -> View {
        View { leader: self.leader(), epoch: self.epoch, error }
    }

    pub(crate) fn election_deadline(&mut self, now: Instant) -> Instant {
        let base = self.settings.election_timeout;
        let millis = u64::try_from(base.as_millis()).unwrap_or(u64::MAX);
        now.plus(base + Duration::from_millis(self.random.below(millis)))
    }

    pub(crate) fn is_voter(&self) -> bool {
        self.voters.contains(&self.settings.own)
    }

    fn tick(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if self.stopping || !self.is_voter() {
            return;
        }
        // Alone there is nobody to wait for.
        let alone = self.voters.is_only(&self.settings.own);
        if alone && !matches!(self.role, Role::Leader(_)) {
            return self.become_candidate(now, effects);
        }
        match &mut self.role {
            Role::Leader(_) => self.leader_tick(now, effects),
            Role::Follower { until, retry_at, .. } => {
                if now >= *until {
                    self.become_prospective(now, effects);
                } else if retry_at.is_some_and(|retry| now >= retry) {
                    *retry_at = None;
                    self.send_fetch(effects);
                }
            }
            Role::Unattached { until, .. } if now >= *until => {
                self.become_prospective(now, effects);
            }
            Role::Resigned { until } if now >= *until => {
                // The epoch is over: nobody else can have won it.
                if let Some(next) = self.epoch.next() {
                    self.enter_epoch(now, next, None, effects);
                    self.become_prospective(now, effects);
                }
            }
            Role::Prospective { until, .. } if now >= *until => self.lost_pre_vote(now, effects),
            Role::Candidate { until, .. } if now >= *until => self.become_prospective(now, effects),
            _ => {}
        }
    }

    /// Moves to an epoch, with whoever is known to lead it.
    pub(crate) fn enter_epoch(
        &mut self,
        now: Instant,
        epoch: LeaderEpoch,
        leader: Option<BrokerId>,
        effects: &mut Vec<Effect>,
    ) {
        assert!(epoch >= self.epoch, "epoch {epoch} is before {}", self.epoch);
        if epoch > self.epoch {
            self.epoch = epoch;
            self.voted = None;
        }
        self.drop_parked(effects);
        let leader = leader.filter(|leader| *leader != self.settings.own.id);
        self.role = match leader {
            Some(leader) => Role::follower(leader, now.plus(self.settings.fetch_timeout)),
            None => Role::Unattached { leader: None, until: self.election_deadline(now) },
        };
        self.save(effects);
        effects.push(Effect::Leader { leader, epoch });
        if leader.is_some() {
            self.send_fetch(effects);
        }
    }

    pub(crate) fn save(&self, effects: &mut Vec<Effect>) {
        let leader = match &self.role {
            Role::Prospective { leader, .. } | Role::Unattached { leader, .. } => *leader,
            _ => self.leader(),
        };
        effects.push(Effect::Save(QuorumState { epoch: self.epoch, leader, voted: self.voted }));
    }

    /// What an answer says about epoch and leader. `false`: the answer is from the past, or changed the epoch, and says
    /// nothing more.
    pub(crate) fn accept_view(
        &mut self,
        now: Instant,
        view: View,
        effects: &mut Vec<Effect>,
    ) -> bool {
        if view.epoch < self.epoch {
            return false;
        }
        if view.epoch > self.epoch {
            self.enter_epoch(now, view.epoch, view.leader, effects);
            return false;
        }
        let own = self.settings.own.id;
        if let Some(leader) = view.leader.filter(|leader| *leader != own)
            && self.leader().is_none()
            && !matches!(self.role, Role::Resigned { .. })
        {
            self.enter_epoch(now, view.epoch, Some(leader), effects);
            return false;
        }
        view.error.is_none()
    }

    fn on_response(
        &mut self,
        now: Instant,
        from: BrokerId,
        response: Response,
        effects: &mut Vec<Effect>,
    ) {
        match response {
            Response::Vote { granted, pre_vote, view } => {
                if self.accept_view(now, view, effects) {
                    self.on_vote(now, from, granted, pre_vote, effects);
                }
            }
            Response::BeginQuorumEpoch { view } => {
                if self.accept_view(now, view, effects)
                    && let Role::Leader(leading) = &mut self.role
                {
                    leading.acknowledge(from);
                }
            }
            Response::EndQuorumEpoch { view } => {
                self.accept_view(now, view, effects);
            }
            Response::Fetch { view, content } => {
                self.on_fetched(now, from, view, content, effects);
            }
        }
    }

    fn on_unanswered(&mut self, now: Instant, to: BrokerId) {
        if let Role::Follower { leader, retry_at, in_flight, .. } = &mut self.role
            && *leader == to
        {
            *in_flight = false;
            // Neither at once nor only at the timeout.
            *retry_at = Some(now.plus(self.settings.fetch_timeout / 20));
        }
    }

    fn on_synced(&mut self, now: Instant, end: Offset, effects: &mut Vec<Effect>) {
        self.synced = self.synced.max(end.min(self.log.end()));
        if matches!(self.role, Role::Leader(_)) {
            self.advance_high_watermark(effects);
            self.answer_parked(now, effects);
        } else if self.synced == self.log.end() {
            self.send_fetch(effects);
        }
    }

    fn assert_invariants(&self) {
        assert!(self.synced <= self.log.end(), "synced {} of {}", self.synced, self.log.end());
        assert!(self.high_watermark <= Some(self.log.end()), "{:?}", self.high_watermark);
        assert!(self.log.last_epoch() <= self.epoch, "the log is of a later epoch");
        if let Role::Leader(Leading { epoch_start, .. }) = &self.role {
            assert!(*epoch_start <= self.log.end(), "epoch starts at {epoch_start}");
        }
        if let Role::Candidate { granted, .. } = &self.role {
            assert!(self.voted.is_some_and(|voted| voted.fits(&self.settings.own)));
            assert!(granted.is_subset(&self.voters.iter().map(|voter| voter.key.id).collect()));
        }
    }
}

/// The votes of an election so far.
pub(crate) type Ballots = BTreeSet<BrokerId>;
