//! Three replicas, one log each, leaders that change at any time among the in-sync ones: what was committed is on
//! every later leader, and logs are equal up to the high watermark.

use std::collections::BTreeMap;

use model::{
    BrokerId, Instant, LeaderEpoch, Offset, PartitionEpoch, ProducerEpoch, ProducerId, Sequence,
    Timestamp,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use replica::{
    Acks, Append, BatchFacts, Effect, Effects, FetchFrom, FetchVerdict, Follower, FollowerFetched,
    FollowerInput, Input, Leader, LeaderSettings, LeaderTerm, Origin, ProducerFacts,
    ProducerStates, Reader, ReplicaLog,
};

const BROKERS: [i32; 3] = [0, 1, 2];

/// A batch as it lies in a log: its content is its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stored {
    base: Offset,
    epoch: LeaderEpoch,
    facts: BatchFacts,
    content: u32,
}

#[derive(Debug)]
enum Role {
    Leader(Leader),
    Follower(Follower),
}

#[derive(Debug)]
struct Broker {
    role: Option<Role>,
    /// What was written, durable or not.
    disk: Vec<Stored>,
}

impl Broker {
    fn log(&self) -> &ReplicaLog {
        match self.role.as_ref().unwrap() {
            Role::Leader(leader) => leader.log(),
            Role::Follower(follower) => follower.log(),
        }
    }

    fn take_log(&mut self) -> ReplicaLog {
        match self.role.take().unwrap() {
            Role::Leader(leader) => leader.resign(),
            Role::Follower(follower) => follower.resign().unwrap(),
        }
    }
}

#[derive(Clone, Debug)]
enum Event {
    Produce { producer: i64, count: u32 },
    Durable { broker: usize, back: u32 },
    Fetch { broker: usize, batches: usize },
    Elect { broker: usize },
    AnswerProposal,
    Wait { ms: u64 },
    DeleteRecords { back: u32 },
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0_i64..3, 1_u32..5).prop_map(|(producer, count)| Event::Produce { producer, count }),
        4 => (0_usize..3, 0_u32..4).prop_map(|(broker, back)| Event::Durable { broker, back }),
        8 => (0_usize..3, 0_usize..4).prop_map(|(broker, batches)| Event::Fetch { broker, batches }),
        1 => (0_usize..3).prop_map(|broker| Event::Elect { broker }),
        2 => Just(Event::AnswerProposal),
        1 => (0_u64..20_000).prop_map(|ms| Event::Wait { ms }),
        1 => (0_u32..4).prop_map(|back| Event::DeleteRecords { back }),
    ]
}

struct Cluster {
    brokers: Vec<Broker>,
    leader: usize,
    leader_epoch: i32,
    partition_epoch: i32,
    in_sync: Vec<BrokerId>,
    proposal: Option<(Vec<BrokerId>, PartitionEpoch)>,
    now: Instant,
    sequences: BTreeMap<i64, u32>,
    content: u32,
    /// What some leader's high watermark has covered: content by base offset.
    committed: BTreeMap<Offset, u32>,
    effects: Effects<u32, Stored>,
}

fn id(broker: usize) -> BrokerId {
    BrokerId::from_wire(BROKERS[broker]).unwrap()
}

fn wall() -> Timestamp {
    Timestamp::from_millis(1_000).unwrap()
}

fn all() -> Vec<BrokerId> {
    (0..3).map(id).collect()
}

impl Cluster {
    fn new() -> Self {
        let brokers = (0..3)
            .map(|_| {
                let log = ReplicaLog::empty(Offset::ZERO);
                let follower = Follower::new(log, id(0), LeaderEpoch::ZERO);
                Broker { role: Some(Role::Follower(follower)), disk: Vec::new() }
            })
            .collect();
        let mut cluster = Self {
            brokers,
            leader: 0,
            leader_epoch: 0,
            partition_epoch: 0,
            in_sync: all(),
            proposal: None,
            now: Instant::ZERO,
            sequences: BTreeMap::new(),
            content: 0,
            committed: BTreeMap::new(),
            effects: Effects::new(),
        };
        cluster.elect(0);
        cluster
    }

    fn epoch(&self) -> LeaderEpoch {
        LeaderEpoch::from_wire(self.leader_epoch).unwrap()
    }

    fn elect(&mut self, broker: usize) {
        if !self.in_sync.contains(&id(broker)) {
            return;
        }
        self.leader = broker;
        self.leader_epoch += 1;
        self.partition_epoch += 1;
        self.proposal = None;
        let epoch = self.epoch();
        for other in (0..3).filter(|other| *other != broker) {
            let log = self.brokers[other].take_log();
            let follower = Follower::new(log, id(broker), epoch);
            self.brokers[other].role = Some(Role::Follower(follower));
        }
        let log = self.brokers[broker].take_log();
        let term = LeaderTerm {
            me: id(broker),
            leader_epoch: epoch,
            partition_epoch: PartitionEpoch::from_wire(self.partition_epoch).unwrap(),
            replicas: all(),
            in_sync: self.in_sync.clone(),
        };
        let settings = LeaderSettings { in_sync_count_min: 2, ..LeaderSettings::default() };
        let leader = Leader::new(self.now, log, term, settings, &mut self.effects);
        self.brokers[broker].role = Some(Role::Leader(leader));
        self.carry_out(broker);
    }

    fn step_leader(&mut self, input: Input<u32, Stored>) {
        let Some(Role::Leader(leader)) = self.brokers[self.leader].role.as_mut() else {
            unreachable!("the leader leads");
        };
        leader.step(self.now, wall(), input, &mut self.effects);
        self.carry_out(self.leader);
    }

    fn step_follower(&mut self, broker: usize, input: FollowerInput<Stored>) -> bool {
        let Some(Role::Follower(follower)) = self.brokers[broker].role.as_mut() else {
            unreachable!("only followers are stepped");
        };
        let done = follower.step(wall(), input, &mut self.effects).is_ok();
        self.carry_out(broker);
        done
    }

    fn carry_out(&mut self, broker: usize) {
        let mut cut = None;
        for effect in self.effects.drain() {
            let disk = &mut self.brokers[broker].disk;
            match effect {
                Effect::Write { base, leader_epoch, batch } => {
                    let end = disk.last().map_or(Offset::ZERO, end_of);
                    assert!(base >= end, "batches are written in the order of offsets");
                    disk.push(Stored { base, epoch: leader_epoch, ..batch });
                }
                Effect::Truncate { end } => {
                    disk.retain(|stored| end_of(stored) <= end);
                    cut = Some(end);
                }
                Effect::Restart { start } => {
                    disk.clear();
                    cut = Some(start);
                }
                Effect::ProposeInSync { in_sync, partition_epoch, .. } => {
                    self.proposal = Some((in_sync, partition_epoch));
                }
                _ => {}
            }
        }
        if let Some(cut) = cut {
            let start = if self.brokers[broker].disk.is_empty() { cut } else { Offset::ZERO };
            let mut producers = ProducerStates::new(start);
            for stored in &self.brokers[broker].disk {
                producers.replay(stored.base, &stored.facts, None);
            }
            assert!(self.step_follower(broker, FollowerInput::Truncated { producers }));
        }
    }

    fn happen(&mut self, event: &Event) {
        match *event {
            Event::Produce { producer, count } => self.produce(producer, count),
            Event::Durable { broker, back } => self.durable(broker, back),
            Event::Fetch { broker, batches } => self.fetch(broker, batches),
            Event::Elect { broker } => self.elect(broker),
            Event::AnswerProposal => self.answer_proposal(),
            Event::Wait { ms } => {
                self.now = self.now.plus(std::time::Duration::from_millis(ms));
                self.step_leader(Input::Tick);
            }
            Event::DeleteRecords { back } => {
                let mark = self.brokers[self.leader].log().high_watermark();
                let before = Offset::from_wire(mark.to_wire() - i64::from(back));
                self.step_leader(Input::DeleteRecords { ticket: 0, before });
            }
        }
    }

    fn produce(&mut self, producer: i64, count: u32) {
        let sequence = self.sequences.entry(producer).or_insert(0);
        let first = *sequence;
        *sequence += count;
        self.content += 1;
        let facts = BatchFacts {
            offset_count: count,
            size_bytes: 100,
            max_timestamp: Some(wall()),
            producer: Some(ProducerFacts {
                id: ProducerId::from_wire(producer).unwrap(),
                epoch: ProducerEpoch::ZERO,
                base_sequence: Sequence::from_wire(i32::try_from(first).unwrap()),
            }),
            transactional: false,
            control: false,
            marker: None,
        };
        let batch =
            Stored { base: Offset::ZERO, epoch: LeaderEpoch::ZERO, facts, content: self.content };
        // A leader that lost the tail of a producer refuses; the producer takes a new id, here by forgetting.
        let origin = Origin::COORDINATOR;
        let append = Append { ticket: 0, facts, batch, acks: Acks::AllInSync, origin };
        self.step_leader(Input::Append(append));
    }

    fn durable(&mut self, broker: usize, back: u32) {
        let log = self.brokers[broker].log();
        let end = log.log_end().to_wire() - i64::from(back);
        let Some(end) = Offset::from_wire(end) else { return };
        if broker == self.leader {
            self.step_leader(Input::DurableEnd(end));
        } else {
            self.step_follower(broker, FollowerInput::DurableEnd(end));
        }
    }

    fn fetch(&mut self, broker: usize, batches: usize) {
        let Some(Role::Follower(follower)) = self.brokers[broker].role.as_ref() else { return };
        let request = follower.fetch().unwrap();
        let Some(Role::Leader(leader)) = self.brokers[self.leader].role.as_ref() else {
            unreachable!("the leader leads");
        };
        let from = FetchFrom {
            reader: Reader::Follower,
            offset: request.offset,
            leader_epoch: Some(request.leader_epoch),
            last_fetched_epoch: request.last_fetched_epoch,
        };
        let (leader_log_start, leader_log_end) = (leader.log().log_start(), leader.log().log_end());
        match leader.check_fetch(&from) {
            Ok(FetchVerdict::Diverging(end)) => {
                self.step_follower(broker, FollowerInput::Diverging(end));
                return;
            }
            Err(_) => {
                let input = FollowerInput::OutOfRange { leader_log_start, leader_log_end };
                self.step_follower(broker, input);
                return;
            }
            Ok(FetchVerdict::Read { end }) => assert_eq!(end, leader_log_end),
        }
        self.step_leader(Input::FollowerFetched(FollowerFetched {
            replica: id(broker),
            end: request.durable_end,
            log_start: request.log_start,
            eligible: true,
        }));
        let log = self.brokers[self.leader].log();
        let (high_watermark, log_start) = (log.high_watermark(), log.log_start());
        let fetched: Vec<Stored> = self.brokers[self.leader]
            .disk
            .iter()
            .filter(|stored| stored.base >= request.offset)
            .take(batches)
            .copied()
            .collect();
        for batch in fetched {
            let Stored { base, epoch, facts, .. } = batch;
            let input = FollowerInput::Fetched {
                base,
                leader_epoch: epoch,
                facts,
                batch,
                leader_log_start: log_start,
            };
            assert!(self.step_follower(broker, input), "what a leader sends fits");
        }
        let input = FollowerInput::LeaderIsAt { high_watermark, log_start };
        self.step_follower(broker, input);
    }

    fn answer_proposal(&mut self) {
        let Some((in_sync, partition_epoch)) = self.proposal.take() else { return };
        if partition_epoch.to_wire() != self.partition_epoch {
            self.step_leader(Input::ProposalFailed { partition_epoch });
            return;
        }
        self.partition_epoch += 1;
        self.in_sync.clone_from(&in_sync);
        let partition_epoch = PartitionEpoch::from_wire(self.partition_epoch).unwrap();
        self.step_leader(Input::Decided { replicas: all(), in_sync, partition_epoch });
    }

    /// Committed batches lie durably on every in-sync replica, unchanged, now and for ever.
    fn check(&mut self) {
        let log = self.brokers[self.leader].log();
        let (start, mark) = (log.log_start(), log.high_watermark());
        for stored in &self.brokers[self.leader].disk {
            if end_of(stored) <= mark {
                let known = *self.committed.entry(stored.base).or_insert(stored.content);
                assert_eq!(known, stored.content, "a committed batch was replaced");
            }
        }
        for (base, content) in &self.committed {
            for (index, broker) in self.brokers.iter().enumerate() {
                let log = broker.log();
                let due = self.in_sync.contains(&id(index)) || *base < log.high_watermark();
                if !due || *base < start || *base < log.log_start() {
                    continue;
                }
                let held = broker.disk.iter().find(|stored| stored.base == *base);
                let held = held.map(|stored| (stored.content, end_of(stored)));
                let Some((found, end)) = held else {
                    panic!("broker {index} lost the committed batch at {base}");
                };
                assert_eq!(found, *content, "broker {index} has another batch at {base}");
                assert!(
                    end <= log.durable_end() || *base >= mark || !self.in_sync.contains(&id(index)),
                    "broker {index}: committed means durable"
                );
            }
        }
    }
}

fn end_of(stored: &Stored) -> Offset {
    stored.base.plus(stored.facts.offset_count).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn committed_batches_survive_every_change_of_leader(
        events in prop::collection::vec(event(), 1..200)
    ) {
        let mut cluster = Cluster::new();
        for event in &events {
            cluster.happen(event);
            cluster.check();
        }
    }
}

#[test]
fn the_random_events_reach_commits_truncations_and_changes_of_the_in_sync_set() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut commits, mut cuts, mut changes) = (0, 0, 0);
    for _ in 0..100 {
        let events = prop::collection::vec(event(), 200).new_tree(&mut runner).unwrap().current();
        let mut cluster = Cluster::new();
        for event in &events {
            let ends: Vec<Offset> =
                cluster.brokers.iter().map(|broker| broker.log().log_end()).collect();
            let in_sync = cluster.in_sync.clone();
            cluster.happen(event);
            let cut = cluster.brokers.iter().zip(&ends).any(|(b, end)| b.log().log_end() < *end);
            cuts += usize::from(cut);
            changes += usize::from(cluster.in_sync != in_sync);
            cluster.check();
        }
        commits += cluster.committed.len();
    }
    assert!(commits > 100, "{commits} commits");
    assert!(cuts > 20, "{cuts} truncations");
    assert!(changes > 20, "{changes} changes of the in-sync set");
}
