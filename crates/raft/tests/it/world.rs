//! Voters, their disks and a network that delays, loses and repeats, all from one seed.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use model::{BrokerId, Instant, LeaderEpoch, Offset, SeededRandom, Uuid};
use raft::{
    Batch, Effect, FetchContent, Input, LogView, QuorumState, Raft, RaftSettings, Recovered,
    ReplicaKey, Request, Response, Ticket, View, Voter, VoterSet,
};

pub(crate) const VOTERS: i32 = 3;

pub(crate) fn id(raw: i32) -> BrokerId {
    BrokerId::from_wire(raw).unwrap()
}

fn key(id: BrokerId) -> ReplicaKey {
    let byte = u8::try_from(id.to_wire()).unwrap();
    ReplicaKey { id, directory: Uuid::from_bytes([byte; 16]) }
}

fn voters() -> VoterSet {
    VoterSet::new((1..=VOTERS).map(|raw| Voter {
        key: key(id(raw)),
        endpoints: vec![],
        kraft_version_min: 0,
        kraft_version_max: 1,
    }))
}

struct Node {
    raft: Option<Raft>,
    log: Vec<Batch>,
    synced: usize,
    /// When the pending sync is done.
    sync_at: Option<Instant>,
    state: QuorumState,
    high_watermark: Offset,
    next_ticket: u64,
    tickets: BTreeMap<u64, (BrokerId, u64)>,
    /// The newest request to each other node: answers to older ones are dropped, as a closed connection does.
    asked: BTreeMap<BrokerId, u64>,
}

enum Packet {
    Request(Request),
    Response(Response),
    /// The asker learns that no answer will come from there.
    Lost {
        to: BrokerId,
    },
}

struct Flying {
    at: Instant,
    from: BrokerId,
    to: BrokerId,
    number: u64,
    packet: Packet,
}

pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) random: SeededRandom,
    nodes: BTreeMap<BrokerId, Node>,
    flying: Vec<Flying>,
    next_number: u64,
    /// Who led each epoch.
    leaders: BTreeMap<LeaderEpoch, BrokerId>,
    /// What was ever committed, in order: `(end, epoch, bytes)`.
    pub(crate) committed: Vec<(Offset, LeaderEpoch, Bytes)>,
    pub(crate) cut: Option<BrokerId>,
    next_value: u64,
    pub(crate) acknowledged: Vec<Bytes>,
    waiting: Vec<(BrokerId, LeaderEpoch, Offset, Bytes)>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut world = Self {
            now: Instant::from_millis(1),
            random: SeededRandom::new(seed),
            nodes: BTreeMap::new(),
            flying: Vec::new(),
            next_number: 0,
            leaders: BTreeMap::new(),
            committed: Vec::new(),
            cut: None,
            next_value: 0,
            acknowledged: Vec::new(),
            waiting: Vec::new(),
        };
        for raw in 1..=VOTERS {
            let node = Node {
                raft: None,
                log: Vec::new(),
                synced: 0,
                sync_at: None,
                state: QuorumState::default(),
                high_watermark: Offset::ZERO,
                next_ticket: 0,
                tickets: BTreeMap::new(),
                asked: BTreeMap::new(),
            };
            world.nodes.insert(id(raw), node);
            world.start(id(raw));
        }
        world
    }

    pub(crate) fn start(&mut self, own: BrokerId) {
        let random = self.random.fork();
        let node = self.nodes.get_mut(&own).unwrap();
        let mut log = LogView::new(None);
        for batch in &node.log {
            log.append(batch.epoch, batch.end);
        }
        let settings = RaftSettings {
            own: key(own),
            election_timeout: Duration::from_millis(1000),
            fetch_timeout: Duration::from_millis(2000),
        };
        let recovered = Recovered { state: node.state, log, voters: voters(), voters_in_log: true };
        node.raft = Some(Raft::new(settings, random, recovered, self.now));
        self.step(own, Input::Tick);
    }

    /// The process dies; what was not synced is lost in part.
    pub(crate) fn crash(&mut self, own: BrokerId) {
        let node = self.nodes.get_mut(&own).unwrap();
        if node.raft.take().is_none() {
            return;
        }
        let unsynced = (node.log.len() - node.synced) as u64;
        let kept = node.synced + usize::try_from(self.random.below(unsynced + 1)).unwrap();
        node.log.truncate(kept);
        node.synced = kept;
        node.sync_at = None;
        node.tickets.clear();
        node.asked.clear();
        node.high_watermark = Offset::ZERO;
        self.waiting.retain(|(leader, ..)| *leader != own);
    }

    pub(crate) fn is_up(&self, own: BrokerId) -> bool {
        self.nodes[&own].raft.is_some()
    }

    pub(crate) fn leader(&self) -> Option<BrokerId> {
        let leads = |node: &Node| Some(node.raft.as_ref()?.leading()?.0);
        let leaders = self.nodes.iter().filter_map(|(id, node)| Some((leads(node)?, *id)));
        leaders.max().map(|(_, id)| id)
    }

    /// Writes a new value on whoever leads.
    pub(crate) fn propose(&mut self) {
        let Some(leader) = self.leader() else { return };
        let raft = self.nodes[&leader].raft.as_ref().unwrap();
        let (epoch, base) = raft.leading().unwrap();
        self.next_value += 1;
        let bytes = Bytes::copy_from_slice(&self.next_value.to_be_bytes());
        let end = base.plus(1).unwrap();
        self.waiting.push((leader, epoch, end, bytes.clone()));
        self.step(leader, Input::Append(Batch { base, end, epoch, bytes }));
    }

    /// Moves to the next thing that happens, but not beyond `until`. `false` when there is none.
    pub(crate) fn advance(&mut self, until: Instant) -> bool {
        let timers = self.nodes.iter().filter_map(|(id, node)| {
            let timer = node.raft.as_ref()?.next_timeout();
            let due = [timer, node.sync_at].into_iter().flatten().min()?;
            Some((due.max(self.now), *id))
        });
        let timer = timers.min();
        let packet = self.flying.iter().map(|packet| packet.at.max(self.now)).min();
        let next = [timer.map(|(at, _)| at), packet].into_iter().flatten().min();
        let Some(next) = next.filter(|next| *next <= until) else {
            self.now = until;
            return false;
        };
        self.now = next;
        if packet == Some(next) {
            let index = self.flying.iter().position(|packet| packet.at <= next).unwrap();
            let flying = self.flying.swap_remove(index);
            self.deliver(flying);
        } else if let Some((_, own)) = timer {
            let node = self.nodes.get_mut(&own).unwrap();
            if node.sync_at.is_some_and(|at| at <= next) {
                node.sync_at = None;
                node.synced = node.log.len();
                let end = node.log.last().map_or(Offset::ZERO, |batch| batch.end);
                self.step(own, Input::Synced(end));
            } else {
                // A node whose timer does not move on would keep the world at this moment.
                self.now = self.now.plus(Duration::from_micros(10));
                self.step(own, Input::Tick);
            }
        }
        true
    }

    fn deliver(&mut self, flying: Flying) {
        let Flying { from, to, number, packet, .. } = flying;
        if !self.is_up(to) || self.cut == Some(to) || self.cut == Some(from) {
            let (asker, peer) = match packet {
                Packet::Request(_) => (from, to),
                Packet::Response(_) | Packet::Lost { .. } => (to, from),
            };
            if self.is_up(asker) {
                self.step(asker, Input::Unanswered { to: peer });
            }
            return;
        }
        match packet {
            Packet::Request(request) => {
                let node = self.nodes.get_mut(&to).unwrap();
                node.next_ticket += 1;
                let ticket = Ticket(node.next_ticket);
                node.tickets.insert(ticket.0, (from, number));
                self.step(to, Input::Request { ticket, request });
            }
            Packet::Response(response) => {
                if self.nodes[&to].asked.get(&from).is_none_or(|newest| number >= *newest) {
                    self.step(to, Input::Response { from, response });
                }
            }
            Packet::Lost { to: peer } => self.step(to, Input::Unanswered { to: peer }),
        }
    }

    fn send(&mut self, from: BrokerId, to: BrokerId, number: u64, packet: Packet) {
        let delay = Duration::from_micros(100 + self.random.below(30_000));
        if self.random.one_in(30) {
            let (asker, peer) = match packet {
                Packet::Request(_) => (from, to),
                Packet::Response(_) | Packet::Lost { .. } => (to, from),
            };
            let at = self.now.plus(Duration::from_millis(500));
            let packet = Packet::Lost { to: peer };
            self.flying.push(Flying { at, from: peer, to: asker, number, packet });
            return;
        }
        self.flying.push(Flying { at: self.now.plus(delay), from, to, number, packet });
    }

    fn step(&mut self, own: BrokerId, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let mut effects = Vec::new();
            let now = self.now;
            let node = self.nodes.get_mut(&own).unwrap();
            let Some(raft) = node.raft.as_mut() else { return };
            raft.step(now, input, &mut effects);
            for effect in effects {
                self.carry_out(own, effect, &mut inputs);
            }
        }
        self.check(own);
    }

    fn carry_out(&mut self, own: BrokerId, effect: Effect, inputs: &mut VecDeque<Input>) {
        let now = self.now;
        let delay = Duration::from_micros(50 + self.random.below(5_000));
        let node = self.nodes.get_mut(&own).unwrap();
        match effect {
            Effect::Save(state) => {
                assert!(state.epoch >= node.state.epoch);
                if state.epoch == node.state.epoch && node.state.voted.is_some() {
                    assert_eq!(state.voted, node.state.voted, "a second vote in one epoch");
                }
                node.state = state;
            }
            Effect::Write(batch) => {
                node.log.push(batch);
                node.sync_at = node.sync_at.or_else(|| Some(now.plus(delay)));
            }
            Effect::WriteControl { epoch, .. } => {
                let base = node.log.last().map_or(Offset::ZERO, |batch| batch.end);
                let end = base.plus(1).unwrap();
                inputs.push_front(Input::Append(Batch { base, end, epoch, bytes: Bytes::new() }));
            }
            Effect::Truncate(end) => {
                assert!(end >= node.high_watermark);
                node.log.retain(|batch| batch.end <= end);
                node.synced = node.synced.min(node.log.len());
            }
            Effect::Send { to, request } => {
                self.next_number += 1;
                let number = self.next_number;
                if matches!(request, Request::Fetch(_)) {
                    node.asked.insert(to, number);
                }
                self.send(own, to, number, Packet::Request(request));
            }
            Effect::Answer { ticket, response } => {
                let Some((to, number)) = node.tickets.remove(&ticket.0) else { return };
                self.send(own, to, number, Packet::Response(response));
            }
            Effect::AnswerFetch { ticket, offset, epoch, high_watermark } => {
                let Some((to, number)) = node.tickets.remove(&ticket.0) else { return };
                let behind = node.log.iter().filter(|batch| batch.base >= offset);
                let batches = behind.take(3).cloned().collect();
                let view = View { leader: Some(own), epoch, error: None };
                let content = FetchContent::Records { batches, high_watermark };
                self.send(own, to, number, Packet::Response(Response::Fetch { view, content }));
            }
            Effect::HighWatermark(end) => {
                assert!(end > node.high_watermark, "the high watermark goes back");
                node.high_watermark = end;
            }
            Effect::Leader { leader, epoch } => {
                if leader == Some(own) {
                    let other = self.leaders.insert(epoch, own);
                    assert!(other.is_none_or(|other| other == own), "two leaders in {epoch}");
                }
            }
            Effect::SnapshotNeeded(_) => panic!("no snapshot was taken"),
        }
    }

    /// What was committed anywhere is the same everywhere and stays.
    fn check(&mut self, own: BrokerId) {
        let node = &self.nodes[&own];
        let below = node.log.iter().take_while(|batch| batch.end <= node.high_watermark);
        for (index, batch) in below.enumerate() {
            let entry = (batch.end, batch.epoch, batch.bytes.clone());
            match self.committed.get(index) {
                Some(known) => assert_eq!(*known, entry, "another record was committed here"),
                None => self.committed.push(entry),
            }
        }
        let (high_watermark, epoch) = (node.high_watermark, node.state.epoch);
        let acknowledged = &mut self.acknowledged;
        self.waiting.retain(|(leader, in_epoch, end, bytes)| {
            if *leader != own {
                return true;
            }
            let done = *in_epoch == epoch && *end <= high_watermark;
            if done {
                acknowledged.push(bytes.clone());
            }
            !done && *in_epoch == epoch
        });
    }
}
