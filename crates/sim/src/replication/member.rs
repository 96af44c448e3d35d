use std::sync::Arc;

use io::{Clock, Rot, SimDisk};
use model::{Instant, Offset, SeededRandom};
use replica::{Acks, FetchRequest, Input, LeaderTerm, ProducerStates};

use super::controller::ClusterState;
use super::{BROKER_COUNT, MayCome, PATIENCE, Ticket, all_brokers, broker_id};
use crate::clock::SimClock;
use crate::invariants;
use crate::node::{CutAway, FetchAnswer, Node, NodeConfig, Proposal};
use crate::stop::Stop;
use crate::stored::{LogContents, StoredBatch, raw};

/// One broker of the cluster: its disk, its process while it lives, and what it knows.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) index: usize,
    pub(super) disk: SimDisk,
    clock: SimClock,
    config: NodeConfig,
    pub(super) node: Option<Node<Ticket>>,
    /// Which life this is, from 1.
    incarnation: u64,
    /// What it knows of the controller's decisions; `None` until it has heard that its registration arrived.
    known: Option<ClusterState>,
    starts_at: Instant,
    registered_at: Option<Instant>,
    /// The fetch that is under way, and when it was sent.
    fetching: Option<(u64, Instant)>,
    next_correlation: u64,
    /// What is proposed, and when it was sent last.
    proposal: Option<(Proposal, Option<Instant>)>,
    /// Counts all that were sent, over all lives.
    proposal_number: u64,
    /// The device is at work on a slow sync until then.
    busy_until: Instant,
    /// What rotted on the disk, since it was new.
    pub(super) rot: Option<Rot>,
    /// It rotted since the last start.
    pub(super) is_rotten: bool,
    /// Of the life before.
    pub(super) cut_away: CutAway,
    pub(super) producers_before: ProducerStates,
}

impl Member {
    pub(super) fn new(index: usize, seed: u64, clock: SimClock, config: NodeConfig) -> Self {
        Self {
            index,
            disk: SimDisk::new(seed),
            clock,
            config,
            node: None,
            incarnation: 0,
            known: None,
            starts_at: Instant::ZERO,
            registered_at: None,
            fetching: None,
            next_correlation: 0,
            proposal: None,
            proposal_number: 0,
            busy_until: Instant::ZERO,
            rot: None,
            is_rotten: false,
            cut_away: CutAway::new(),
            producers_before: ProducerStates::default(),
        }
    }

    pub(super) fn disk(&self) -> &SimDisk {
        &self.disk
    }

    pub(super) fn is_down(&self) -> bool {
        self.node.is_none()
    }

    pub(super) fn may_start(&self, now: Instant) -> bool {
        now >= self.starts_at
    }

    pub(super) fn start_now(&mut self) {
        self.starts_at = Instant::ZERO;
    }

    pub(super) fn power_cut(&mut self, starts_at: Instant) {
        self.end_life(starts_at);
        self.disk.power_on();
    }

    pub(super) fn end_life(&mut self, starts_at: Instant) {
        if let Some(node) = self.node.take() {
            self.cut_away.clone_from(node.cut_away());
            self.producers_before = node.log().producers().clone();
        }
        self.starts_at = starts_at;
        self.busy_until = Instant::ZERO;
        self.known = None;
        self.registered_at = None;
        self.fetching = None;
        self.proposal = None;
    }

    /// `may_come`: batches, by producer and last sequence, that were not answered. After a truncation memory may know
    /// older ones too, by where the snapshots happen to lie that it was made again from.
    pub(super) fn start(&mut self, may_come: &MayCome, deleted_to: Offset) -> Result<(), Stop> {
        let id = broker_id(self.index);
        self.incarnation += 1;
        let mut node = Node::start(id, self.disk.clone(), self.clock.clone(), self.config)?;
        let contents = node.contents()?;
        if !self.is_rotten {
            // Of the last group of the write-ahead log nothing tells whether it rotted or was never written.
            invariants::truncated_stays_gone(&self.cut_away, &contents)?;
            let producers = node.log().producers();
            invariants::producers_agree(producers, &contents)?;
            let before = &self.producers_before;
            let needed = |id, last| may_come.contains(&(id, raw(last)));
            invariants::producers_survive(before, producers, &contents, deleted_to, needed)?;
        }
        self.is_rotten = false;
        self.node = Some(node);
        Ok(())
    }

    /// To be sent again until the controller's word for this life has come.
    pub(super) fn registration(&mut self, now: Instant) -> Option<u64> {
        let waited = self.registered_at.is_none_or(|at| now.since(at) > PATIENCE);
        if self.known.is_some() || !waited {
            return None;
        }
        self.registered_at = Some(now);
        Some(self.incarnation)
    }

    pub(super) fn take_state(&mut self, state: ClusterState) -> Result<(), Stop> {
        let Some(node) = &mut self.node else { return Ok(()) };
        if state.incarnations[self.index] != self.incarnation || node.is_cutting() {
            return Ok(());
        }
        if let Some(known) = &mut self.known {
            // A broker that is not in sync may begin another life without any other change.
            for (known, told) in known.incarnations.iter_mut().zip(state.incarnations) {
                *known = told.max(*known);
            }
        }
        let known = self.known.as_ref();
        if known.is_some_and(|known| known.partition_epoch >= state.partition_epoch) {
            return Ok(());
        }
        let is_new_epoch = known.is_none_or(|known| known.leader_epoch < state.leader_epoch);
        let me = broker_id(self.index);
        self.known = Some(state.clone());
        self.proposal = None;
        if is_new_epoch {
            self.fetching = None;
        }
        if state.leader == me && !state.in_sync.contains(&me) {
            // It led before it went down, and nobody else can lead yet.
            return Ok(());
        }
        match (state.leader == me, is_new_epoch) {
            (true, true) => node.lead(LeaderTerm {
                me,
                leader_epoch: state.leader_epoch,
                partition_epoch: state.partition_epoch,
                replicas: all_brokers(),
                in_sync: state.in_sync,
            }),
            (true, false) => node.step(Input::Decided {
                replicas: all_brokers(),
                in_sync: state.in_sync,
                partition_epoch: state.partition_epoch,
            }),
            (false, true) => {
                node.follow(state.leader, state.leader_epoch);
                Ok(())
            }
            (false, false) => Ok(()),
        }
    }

    /// Disk work, some of it, and the time.
    pub(super) fn work(&mut self, random: &mut SeededRandom) -> Result<(), Stop> {
        let Some(node) = &mut self.node else { return Ok(()) };
        if node.refuses() {
            node.find_room()?;
            node.commit_all()?;
        }
        node.end_cut()?;
        match random.below(20) {
            0..5 => node.begin_group()?,
            5..10 => {
                // Other syncs keep nobody waiting.
                let _ = self.disk.take_delay();
                node.write_group();
                let delay = self.disk.take_delay();
                if !delay.is_zero() {
                    self.busy_until = self.clock.now().plus(delay);
                }
            }
            10..16 if self.clock.now() < self.busy_until => {}
            10..16 => node.end_group()?,
            16 => node.drain()?,
            17 if random.one_in(5) => node.checkpoint()?,
            _ => {}
        }
        node.tick()?;
        if self.disk.is_off() { Err(Stop::PowerCut) } else { Ok(()) }
    }

    pub(super) const fn incarnation(&self) -> u64 {
        self.incarnation
    }

    /// The lives of all brokers that it knows of.
    pub(super) fn known_incarnations(&self) -> [u64; BROKER_COUNT] {
        self.known.as_ref().map_or([0; BROKER_COUNT], |known| known.incarnations)
    }

    pub(super) fn next_fetch(&mut self, now: Instant) -> Option<(u64, FetchRequest)> {
        if self.fetching.is_some_and(|(_, at)| now.since(at) <= PATIENCE) {
            return None;
        }
        let request = self.node.as_ref()?.fetch()?;
        self.next_correlation += 1;
        self.fetching = Some((self.next_correlation, now));
        Some((self.next_correlation, request))
    }

    pub(super) fn fetched(&mut self, correlation: u64, answer: &FetchAnswer) -> Result<(), Stop> {
        let Some(node) = &mut self.node else { return Ok(()) };
        if self.fetching.is_none_or(|(expected, _)| expected != correlation) {
            return Ok(());
        }
        self.fetching = None;
        node.fetched(answer)
    }

    pub(super) fn answer_fetch(
        &mut self,
        from: usize,
        incarnation: u64,
        request: &FetchRequest,
        size_max: u32,
    ) -> Result<Option<FetchAnswer>, Stop> {
        let (Some(node), Some(known)) = (&mut self.node, &self.known) else { return Ok(None) };
        let registered = known.incarnations[from];
        if incarnation < registered {
            // Sent by an earlier life, which had what this one may have lost.
            return Ok(None);
        }
        let eligible = incarnation == registered;
        node.answer_fetch(broker_id(from), request, size_max, eligible).map(Some)
    }

    pub(super) fn produce(&mut self, ticket: Ticket, bytes: &Arc<[u8]>) -> Result<(), Stop> {
        let Some(node) = self.node.as_mut().filter(|node| !node.refuses()) else { return Ok(()) };
        node.produce(ticket, bytes, Acks::AllInSync).map(|_| ())
    }

    pub(super) fn delete_records(&mut self, before: Offset) -> Result<(), Stop> {
        let Some(node) = &mut self.node else { return Ok(()) };
        node.step(Input::DeleteRecords { ticket: (0, 0), before: Some(before) })
    }

    /// Only the answer to what was sent last counts.
    pub(super) fn proposal_failed(&mut self, number: u64) -> Result<(), Stop> {
        if number != self.proposal_number {
            return Ok(());
        }
        let (Some(node), Some((proposal, _))) = (&mut self.node, self.proposal.take()) else {
            return Ok(());
        };
        node.step(Input::ProposalFailed { partition_epoch: proposal.partition_epoch })
    }

    /// The proposal to be sent now: a new one, or an old one that was not answered.
    pub(super) fn next_proposal(&mut self, now: Instant) -> Option<(u64, Proposal)> {
        if let Some(newest) = self.node.as_mut()?.drain_proposals().last() {
            self.proposal = Some((newest, None));
        }
        let (proposal, sent_at) = self.proposal.as_mut()?;
        if sent_at.is_some_and(|at| now.since(at) <= PATIENCE) {
            return None;
        }
        *sent_at = Some(now);
        self.proposal_number += 1;
        Some((self.proposal_number, proposal.clone()))
    }

    /// Batches that producers may be told of. Refusals are not sent: the client asks again by itself.
    pub(super) fn drain_answers(&mut self) -> Vec<(Ticket, Offset)> {
        let Some(node) = &mut self.node else { return Vec::new() };
        let answers = node.drain_released();
        answers.filter_map(|(ticket, result)| Some((ticket, result.ok()?.base))).collect()
    }

    pub(super) fn consume(&mut self, from: Offset) -> Result<Vec<StoredBatch>, Stop> {
        let Some(node) = &mut self.node else { return Ok(Vec::new()) };
        // A log start above it was deleted on request, and a replica that lags shows nothing.
        node.consume(from, 3_000)
    }

    pub(super) fn contents(&mut self) -> Result<Option<LogContents>, Stop> {
        self.node.as_mut().map(Node::contents).transpose()
    }

    pub(super) fn log_end(&self) -> Option<Offset> {
        self.node.as_ref().map(|node| node.log().log_end())
    }

    pub(super) fn high_watermark(&self) -> Option<Offset> {
        self.node.as_ref().map(|node| node.log().high_watermark())
    }

    /// Whether it leads in the newest epoch, and knows.
    pub(super) fn leads(&self, state: &ClusterState) -> bool {
        let leader = self.node.as_ref().and_then(Node::leader);
        leader.is_some_and(|leader| leader.leader_epoch() == state.leader_epoch)
    }

    pub(super) fn describe(&self) -> String {
        match &self.node {
            None => format!("broker {} is down", self.index),
            Some(node) => {
                let log = node.log();
                let role = if node.leader().is_some() { "leads" } else { "follows" };
                let (start, mark) = (log.log_start(), log.high_watermark());
                let (durable, end) = (log.durable_end(), log.log_end());
                let known = self.known.as_ref().map(|known| known.partition_epoch.to_wire());
                let index = self.index;
                format!("broker {index} {role}, {start}/{mark}/{durable}/{end}, knows {known:?}")
            }
        }
    }
}
