use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use model::{BrokerId, Instant, LeaderEpoch, Offset, SeededRandom, Uuid};
use raft::{
    Batch, Effect, FetchContent, FetchRequest, Input, LogView, QuorumState, Raft, RaftSettings,
    Recovered, ReplicaKey, Request, Response, Ticket, View, VoteRequest, Voter, VoterSet,
};

const VOTERS: i32 = 3;
/// Not one of the voters.
const STRANGER: i32 = 9;
/// Messages under way; beyond it the oldest are lost.
const FLYING_COUNT_MAX: usize = 64;
/// Steps of a healed world in which something must be committed.
const PEACE_STEP_COUNT_MAX: usize = 20_000;

#[derive(Default)]
struct Node {
    raft: Option<Raft>,
    log: Vec<Batch>,
    synced: usize,
    state: QuorumState,
    high_watermark: Offset,
    next_ticket: u64,
    /// Who waits for an answer, and to which of his requests.
    tickets: BTreeMap<u64, (BrokerId, u64)>,
    /// The newest fetch to each other node: answers to older ones are dropped, as with a connection that was closed.
    asked: BTreeMap<BrokerId, u64>,
    /// Requests up to this number were an earlier life's: its connections are gone.
    earlier: u64,
}

#[derive(Clone)]
enum Packet {
    Request(Request),
    Response(Response),
}

#[derive(Clone)]
struct Flying {
    from: BrokerId,
    to: BrokerId,
    number: u64,
    packet: Packet,
}

pub(super) struct World {
    now: Instant,
    random: SeededRandom,
    nodes: BTreeMap<BrokerId, Node>,
    flying: VecDeque<Flying>,
    next_number: u64,
    /// Requests that have their answer: it comes once.
    answered: BTreeSet<u64>,
    /// Who led each epoch.
    leaders: BTreeMap<LeaderEpoch, BrokerId>,
    /// What was ever committed, in order.
    committed: Vec<(Offset, LeaderEpoch, Bytes)>,
    next_value: u64,
}

fn id(raw: i32) -> BrokerId {
    BrokerId::from_wire(raw).unwrap_or_else(|| unreachable!("{raw} is a node"))
}

fn key(id: BrokerId) -> ReplicaKey {
    let byte = u8::try_from(id.to_wire()).unwrap_or(0);
    ReplicaKey { id, directory: Uuid::from_bytes([byte; 16]) }
}

fn some_node(which: usize) -> BrokerId {
    id(1 + i32::try_from(which).unwrap_or(0) % VOTERS)
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut world = Self {
            now: Instant::from_millis(1),
            random: SeededRandom::new(seed),
            nodes: BTreeMap::new(),
            flying: VecDeque::new(),
            next_number: 0,
            answered: BTreeSet::new(),
            leaders: BTreeMap::new(),
            committed: Vec::new(),
            next_value: 0,
        };
        for raw in 1..=VOTERS {
            world.nodes.insert(id(raw), Node::default());
            world.start_node(id(raw));
        }
        world
    }

    pub(super) fn committed_count(&self) -> usize {
        self.committed.iter().filter(|(.., bytes)| !bytes.is_empty()).count()
    }

    pub(super) fn start(&mut self, which: usize) {
        self.start_node(some_node(which));
    }

    fn start_node(&mut self, own: BrokerId) {
        let (random, now, earlier) = (self.random.fork(), self.now, self.next_number);
        let Some(node) = self.nodes.get_mut(&own).filter(|node| node.raft.is_none()) else {
            return;
        };
        node.earlier = earlier;
        let mut log = LogView::new(None);
        for batch in &node.log {
            log.append(batch.epoch, batch.end);
        }
        let settings = RaftSettings {
            own: key(own),
            election_timeout: Duration::from_millis(1_000),
            fetch_timeout: Duration::from_millis(2_000),
        };
        let voter = |raw| Voter {
            key: key(id(raw)),
            endpoints: Vec::new(),
            kraft_version_min: 0,
            kraft_version_max: 1,
        };
        let voters = VoterSet::new((1..=VOTERS).map(voter));
        let recovered = Recovered { state: node.state, log, voters, voters_in_log: true };
        node.raft = Some(Raft::new(settings, random, recovered, now));
        self.step(own, Input::Tick);
    }

    /// The process dies, and of what was not synced a part is lost.
    pub(super) fn crash(&mut self, which: usize) {
        let Some(node) = self.nodes.get_mut(&some_node(which)) else { return };
        if node.raft.take().is_none() {
            return;
        }
        let unsynced = u64::try_from(node.log.len() - node.synced).unwrap_or(0);
        let kept = node.synced + usize::try_from(self.random.below(unsynced + 1)).unwrap_or(0);
        node.log.truncate(kept);
        node.synced = kept;
        node.asked.clear();
        node.high_watermark = Offset::ZERO;
        // Who waits for its answers notices that the connection is gone.
        let own = some_node(which);
        for (_, (asker, number)) in std::mem::take(&mut node.tickets) {
            let lives = |node: &Node| node.raft.is_some() && number > node.earlier;
            if self.nodes.get(&asker).is_some_and(lives) && self.answered.insert(number) {
                self.step(asker, Input::Unanswered { to: own });
            }
        }
    }

    pub(super) fn sync(&mut self, which: usize) {
        let own = some_node(which);
        let has_news = |node: &&mut Node| node.raft.is_some() && node.synced < node.log.len();
        let Some(node) = self.nodes.get_mut(&own).filter(has_news) else { return };
        node.synced = node.log.len();
        let end = node.log.last().map_or(Offset::ZERO, |batch| batch.end);
        self.step(own, Input::Synced(end));
    }

    pub(super) fn pass(&mut self, ms: usize) {
        self.now = self.now.plus(Duration::from_millis(u64::try_from(ms).unwrap_or(0)));
        for raw in 1..=VOTERS {
            let raft = self.nodes.get(&id(raw)).and_then(|node| node.raft.as_ref());
            if raft.and_then(Raft::next_timeout).is_some_and(|at| at <= self.now) {
                self.step(id(raw), Input::Tick);
            }
        }
    }

    pub(super) fn propose(&mut self, which: usize) {
        let own = some_node(which);
        let raft = self.nodes.get(&own).and_then(|node| node.raft.as_ref());
        let Some((epoch, base)) = raft.and_then(Raft::leading) else { return };
        let Some(end) = base.plus(1) else { return };
        self.next_value += 1;
        let bytes = Bytes::copy_from_slice(&self.next_value.to_be_bytes());
        self.step(own, Input::Append(Batch { base, end, epoch, bytes }));
    }

    /// Takes a message that is under way, if there is one.
    fn take(&mut self, which: usize) -> Option<Flying> {
        let index = which.checked_rem(self.flying.len())?;
        self.flying.remove(index)
    }

    pub(super) fn deliver(&mut self, which: usize, twice: bool) {
        let Some(flying) = self.take(which) else { return };
        if twice {
            self.flying.push_back(flying.clone());
        }
        let Flying { from, to, number, packet } = flying;
        let Some(node) = self.nodes.get_mut(&to).filter(|node| node.raft.is_some()) else {
            return self.unanswered(&Flying { from, to, number, packet });
        };
        match packet {
            Packet::Request(request) => {
                node.next_ticket += 1;
                let ticket = Ticket(node.next_ticket);
                node.tickets.insert(ticket.0, (from, number));
                self.step(to, Input::Request { ticket, request });
            }
            Packet::Response(response) => {
                let newest = node.asked.get(&from).copied().unwrap_or(0);
                let is_old = number < newest || number <= node.earlier;
                if !is_old && self.answered.insert(number) {
                    self.step(to, Input::Response { from, response });
                }
            }
        }
    }

    pub(super) fn lose(&mut self, which: usize) {
        if let Some(flying) = self.take(which) {
            self.unanswered(&flying);
        }
    }

    /// Who asked learns that no answer will come.
    fn unanswered(&mut self, flying: &Flying) {
        let (asker, peer) = match flying.packet {
            Packet::Request(_) => (flying.from, flying.to),
            Packet::Response(_) => (flying.to, flying.from),
        };
        let asker_lives = |node: &Node| node.raft.is_some() && flying.number > node.earlier;
        let is_known = self.nodes.get(&asker).is_some_and(asker_lives);
        if is_known && self.answered.insert(flying.number) {
            self.step(asker, Input::Unanswered { to: peer });
        }
    }

    /// Somebody who is no voter asks for votes and records, and says what an earlier leader said.
    pub(super) fn strange(&mut self, which: usize) {
        let to = some_node(which);
        let Some(raft) = self.nodes.get(&to).and_then(|node| node.raft.as_ref()) else { return };
        let (epoch, end) = (raft.epoch().to_wire(), raft.log().end());
        let number = |near: i32, spread: i32| LeaderEpoch::from_wire((near + spread).max(0));
        let spread = i32::try_from(which / 16).unwrap_or(0) % 4 - 2;
        let Some(epoch) = number(epoch, spread) else { return };
        let Some(past) = number(epoch.to_wire(), -1 - spread.max(0)) else { return };
        let far = end.plus(u32::try_from(which).unwrap_or(0)).unwrap_or(end);
        let request = match which % 4 {
            0 => Request::Fetch(FetchRequest {
                replica: key(id(STRANGER)),
                epoch,
                offset: far,
                last_epoch: past,
                high_watermark: Some(far),
            }),
            1 => Request::BeginQuorumEpoch { leader: some_node(which / 4), epoch: past },
            2 => {
                let leader = some_node(which / 4);
                Request::EndQuorumEpoch { leader, epoch: past, successors: vec![key(to)] }
            }
            _ => Request::Vote(VoteRequest {
                candidate: key(id(STRANGER)),
                epoch,
                last_epoch: past,
                log_end: far,
                pre_vote: which.is_multiple_of(8),
            }),
        };
        let claims = matches!(
            request,
            Request::BeginQuorumEpoch { epoch, .. } | Request::EndQuorumEpoch { epoch, .. }
                if self.leaders.get(&epoch) != Some(&some_node(which / 4))
        );
        if !claims {
            self.send(id(STRANGER), to, Packet::Request(request));
        }
    }

    fn send(&mut self, from: BrokerId, to: BrokerId, packet: Packet) -> u64 {
        self.next_number += 1;
        let number = self.next_number;
        self.fly(Flying { from, to, number, packet });
        number
    }

    fn fly(&mut self, flying: Flying) {
        if self.flying.len() == FLYING_COUNT_MAX {
            self.lose(0);
        }
        self.flying.push_back(flying);
    }

    fn step(&mut self, own: BrokerId, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let mut effects = Vec::new();
            let now = self.now;
            let raft = self.nodes.get_mut(&own).and_then(|node| node.raft.as_mut());
            let Some(raft) = raft else { return };
            raft.step(now, input, &mut effects);
            for effect in effects {
                self.carry_out(own, effect, &mut inputs);
            }
        }
        self.check(own);
    }

    fn carry_out(&mut self, own: BrokerId, effect: Effect, inputs: &mut VecDeque<Input>) {
        let Some(node) = self.nodes.get_mut(&own) else { return };
        match effect {
            Effect::Save(state) => {
                assert!(state.epoch >= node.state.epoch, "the epoch goes back");
                if state.epoch == node.state.epoch && node.state.voted.is_some() {
                    assert_eq!(state.voted, node.state.voted, "a second vote in one epoch");
                }
                node.state = state;
            }
            Effect::Write(batch) => node.log.push(batch),
            Effect::WriteControl { epoch, .. } => {
                let base = node.log.last().map_or(Offset::ZERO, |batch| batch.end);
                let end = base.plus(1).unwrap_or(base);
                inputs.push_front(Input::Append(Batch { base, end, epoch, bytes: Bytes::new() }));
            }
            Effect::Truncate(end) => {
                assert!(end >= node.high_watermark, "committed records are dropped");
                node.log.retain(|batch| batch.end <= end);
                node.synced = node.synced.min(node.log.len());
            }
            Effect::Send { to, request } => {
                let is_fetch = matches!(request, Request::Fetch(_));
                let number = self.send(own, to, Packet::Request(request));
                if is_fetch && let Some(node) = self.nodes.get_mut(&own) {
                    node.asked.insert(to, number);
                }
            }
            Effect::Answer { ticket, response } => {
                let Some((to, number)) = node.tickets.remove(&ticket.0) else { return };
                self.fly(Flying { from: own, to, number, packet: Packet::Response(response) });
            }
            Effect::AnswerFetch { ticket, offset, epoch, high_watermark } => {
                let Some((to, number)) = node.tickets.remove(&ticket.0) else { return };
                let behind = node.log.iter().filter(|batch| batch.base >= offset);
                let batches = behind.take(3).cloned().collect();
                let view = View { leader: Some(own), epoch, error: None };
                let content = FetchContent::Records { batches, high_watermark };
                let response = Response::Fetch { view, content };
                self.fly(Flying { from: own, to, number, packet: Packet::Response(response) });
            }
            Effect::HighWatermark(end) => {
                assert!(end > node.high_watermark, "the high watermark goes back");
                node.high_watermark = end;
            }
            Effect::Leader { leader, epoch } => {
                if leader == Some(own) {
                    let other = self.leaders.insert(epoch, own);
                    assert!(other.is_none_or(|other| other == own), "two leaders in epoch {epoch}");
                }
            }
            Effect::SnapshotNeeded(_) => unreachable!("no snapshot was taken"),
        }
    }

    /// What was committed anywhere is the same everywhere and stays.
    fn check(&mut self, own: BrokerId) {
        let Some(node) = self.nodes.get(&own) else { return };
        let end = node.log.last().map_or(Offset::ZERO, |batch| batch.end);
        assert!(node.high_watermark <= end, "what is committed at node {own} is not in its log");
        let below = node.log.iter().take_while(|batch| batch.end <= node.high_watermark);
        for (index, batch) in below.enumerate() {
            let entry = (batch.end, batch.epoch, batch.bytes.clone());
            match self.committed.get(index) {
                Some(known) => assert_eq!(*known, entry, "another record was committed here"),
                None => self.committed.push(entry),
            }
        }
    }

    /// What each node takes itself for, for a failure's text.
    pub(super) fn standing(&self) -> String {
        let each = self.nodes.iter().map(|(id, node)| {
            let (flying, end) = (self.flying.len(), node.log.len());
            format!("{id}: {flying} under way, {end} batches, {:?}", node.raft)
        });
        each.collect::<Vec<_>>().join("\n")
    }

    /// Everybody is up, nothing is lost, time passes slowly: something new must be committed.
    pub(super) fn comes_to_peace(&mut self) -> bool {
        let before = self.committed.len();
        for raw in 1..=VOTERS {
            self.start_node(id(raw));
        }
        for _ in 0..PEACE_STEP_COUNT_MAX {
            self.pass(1);
            if self.flying.is_empty() {
                self.pass(10);
                for which in 0..3 {
                    self.propose(which);
                }
            }
            self.deliver(0, false);
            for which in 0..3 {
                self.sync(which);
            }
            let news = self.committed.get(before..).unwrap_or_default();
            if news.iter().any(|(.., bytes)| !bytes.is_empty()) {
                return true;
            }
        }
        false
    }
}
