use model::{BrokerId, Instant, LeaderEpoch};

use crate::effect::Effect;
use crate::message::{ProtocolError, Request, Response, VoteRequest};
use crate::raft::{Ballots, Raft};
use crate::role::Role;
use crate::voters::ReplicaKey;

impl Raft {
    pub(crate) fn become_prospective(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let leader = match &self.role {
            Role::Follower { leader, .. } => Some(*leader),
            Role::Unattached { leader, .. } | Role::Prospective { leader, .. } => *leader,
            _ => None,
        };
        let granted = Ballots::from([self.settings.own.id]);
        let until = self.election_deadline(now);
        self.role = Role::Prospective { leader, granted, refused: Ballots::new(), until };
        self.ask_for_votes(true, effects);
        self.count_votes(now, effects);
    }

    pub(crate) fn become_candidate(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let Some(next) = self.epoch.next() else { return };
        self.epoch = next;
        self.voted = Some(self.settings.own);
        let granted = Ballots::from([self.settings.own.id]);
        let until = self.election_deadline(now);
        self.role = Role::Candidate { granted, refused: Ballots::new(), until };
        self.save(effects);
        effects.push(Effect::Leader { leader: None, epoch: next });
        self.ask_for_votes(false, effects);
        self.count_votes(now, effects);
    }

    /// Too few would vote for this node: back to where it was, and try again later.
    pub(crate) fn lost_pre_vote(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let Role::Prospective { leader, .. } = self.role else { return };
        match leader {
            Some(leader) => {
                self.role = Role::follower(leader, now.plus(self.settings.fetch_timeout));
                self.send_fetch(effects);
            }
            None => {
                let until = self.election_deadline(now);
                self.role = Role::Unattached { leader: None, until };
            }
        }
    }

    fn ask_for_votes(&self, pre_vote: bool, effects: &mut Vec<Effect>) {
        let vote = VoteRequest {
            candidate: self.settings.own,
            epoch: self.epoch,
            last_epoch: self.log.last_epoch(),
            log_end: self.log.end(),
            pre_vote,
        };
        let others = self.voters.others(self.settings.own.id);
        effects.extend(others.map(|to| Effect::Send { to, request: Request::Vote(vote) }));
    }

    fn count_votes(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let majority = self.voters.majority();
        let lost = |refused: &Ballots| refused.len() > self.voters.len() - majority;
        match &self.role {
            Role::Prospective { granted, .. } if granted.len() >= majority => {
                self.become_candidate(now, effects);
            }
            Role::Prospective { refused, .. } if lost(refused) => self.lost_pre_vote(now, effects),
            Role::Candidate { granted, .. } if granted.len() >= majority => {
                let granting = granted.clone();
                self.become_leader(now, &granting, effects);
            }
            _ => {}
        }
    }

    pub(crate) fn on_vote(
        &mut self,
        now: Instant,
        from: BrokerId,
        vote: bool,
        pre_vote: bool,
        effects: &mut Vec<Effect>,
    ) {
        if self.voters.get(from).is_none() {
            return;
        }
        let (granted, refused) = match &mut self.role {
            Role::Prospective { granted, refused, .. } if pre_vote => (granted, refused),
            Role::Candidate { granted, refused, .. } if !pre_vote => (granted, refused),
            _ => return,
        };
        if vote { granted } else { refused }.insert(from);
        self.count_votes(now, effects);
    }

    pub(crate) fn on_vote_request(
        &mut self,
        now: Instant,
        vote: &VoteRequest,
        effects: &mut Vec<Effect>,
    ) -> Response {
        let pre_vote = vote.pre_vote;
        let answer = |raft: &Self, granted, error| Response::Vote {
            granted,
            pre_vote,
            view: raft.view(error),
        };
        if self.stopping {
            return answer(self, false, Some(ProtocolError::BrokerNotAvailable));
        }
        if vote.epoch < self.epoch {
            return answer(self, false, Some(ProtocolError::FencedLeaderEpoch));
        }
        if vote.epoch > self.epoch {
            self.enter_epoch(now, vote.epoch, None, effects);
        }
        let newer = (vote.last_epoch, vote.log_end) >= (self.log.last_epoch(), self.log.end());
        let granted = self.may_grant(&vote.candidate, newer, pre_vote);
        if granted && !pre_vote && self.voted.is_none() {
            self.voted = Some(vote.candidate);
            let until = self.election_deadline(now);
            self.role = Role::Unattached { leader: None, until };
            self.save(effects);
        }
        answer(self, granted, None)
    }

    /// `newer`: the candidate's log has all that this one has.
    fn may_grant(&self, candidate: &ReplicaKey, newer: bool, pre_vote: bool) -> bool {
        let voted_for = self.voted.is_some_and(|voted| voted.fits(candidate));
        match &self.role {
            Role::Leader(_) => false,
            Role::Follower { fetched, .. } => pre_vote && !fetched && newer,
            Role::Candidate { .. } | Role::Resigned { .. } if pre_vote => newer,
            Role::Candidate { .. } => voted_for,
            Role::Resigned { .. } => voted_for,
            Role::Unattached { .. } | Role::Prospective { .. } if pre_vote => newer,
            Role::Unattached { leader, .. } | Role::Prospective { leader, .. } => {
                voted_for || (self.voted.is_none() && leader.is_none() && newer)
            }
        }
    }

    pub(crate) fn on_begin_epoch(
        &mut self,
        now: Instant,
        leader: BrokerId,
        epoch: LeaderEpoch,
        effects: &mut Vec<Effect>,
    ) -> Response {
        let error = self.accept_leader(now, leader, epoch, effects).err();
        Response::BeginQuorumEpoch { view: self.view(error) }
    }

    pub(crate) fn on_end_epoch(
        &mut self,
        now: Instant,
        leader: BrokerId,
        epoch: LeaderEpoch,
        successors: &[ReplicaKey],
        effects: &mut Vec<Effect>,
    ) -> Response {
        let error = self.accept_leader(now, leader, epoch, effects).err();
        if error.is_none() {
            let own = self.settings.own;
            let place = successors.iter().position(|successor| successor.fits(&own));
            let wait = self.settings.election_timeout / 10;
            match place {
                // The best informed goes first, the others a little later.
                Some(0) => self.become_prospective(now, effects),
                place => {
                    let place = u32::try_from(place.unwrap_or(successors.len())).unwrap_or(10);
                    if let Role::Follower { until, .. } = &mut self.role {
                        *until = (*until).min(now.plus(wait * place.min(10)));
                    }
                }
            }
        }
        Response::EndQuorumEpoch { view: self.view(error) }
    }

    /// A leader says that it leads an epoch.
    fn accept_leader(
        &mut self,
        now: Instant,
        leader: BrokerId,
        epoch: LeaderEpoch,
        effects: &mut Vec<Effect>,
    ) -> Result<(), ProtocolError> {
        if self.stopping {
            return Err(ProtocolError::BrokerNotAvailable);
        }
        if epoch < self.epoch {
            return Err(ProtocolError::FencedLeaderEpoch);
        }
        let is_known = self.leader() == Some(leader);
        let other_leads = self.leader().is_some() && !is_known;
        let own_past = matches!(self.role, Role::Resigned { .. }) && epoch == self.epoch;
        if epoch == self.epoch && (other_leads || own_past) || leader == self.settings.own.id {
            return Err(ProtocolError::InvalidRequest);
        }
        if epoch > self.epoch || !matches!(self.role, Role::Follower { .. }) {
            self.enter_epoch(now, epoch, Some(leader), effects);
        }
        Ok(())
    }
}
