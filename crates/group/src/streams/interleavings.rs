//! Many random histories of one streams group: members that join, report, lose answers, stop, come back, leave; copies that
//! are switched on and off; a source that comes and goes; a broker that restarts. Each member acts as a client does: it does
//! a task from when it is told to until it has let go of it. A failing history is named by its seed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::SeededRandom;

use super::test_topology::{all_tasks, join, report, send, world};
use super::{StreamsHeartbeat, StreamsHeartbeatReply, StreamsState, TaskId, Tasks};
use crate::test_world::{World, group_id};
use crate::{GroupError, InstanceId, MemberId};

/// Of each history.
const STEP_COUNT: usize = 300;
const HISTORY_COUNT: u64 = 200;
const CLIENT_COUNT: usize = 5;
const PROCESSES: [&str; CLIENT_COUNT] = ["p", "p", "q", "q", "r"];

/// A client, as it sees itself.
#[derive(Debug, Default)]
struct Client {
    id: String,
    life: usize,
    epoch: i32,
    /// It has joined and knows of nothing that would end that.
    joined: bool,
    instance: Option<InstanceId>,
    /// What it does.
    owned: Tasks,
    /// What it was told last to do.
    told: Tasks,
}

struct History {
    world: World,
    random: SeededRandom,
    clients: Vec<Client>,
    handed_over: usize,
}

impl History {
    fn new(seed: u64) -> Self {
        let mut random = SeededRandom::new(seed);
        let mut world = world();
        let streams = &mut world.cluster.streams;
        streams.assignment_interval = Duration::from_millis(random.below(2) * 500);
        streams.initial_rebalance_delay = Duration::from_millis(random.below(2) * 3_000);
        let client = |index: usize| Client {
            id: format!("c{index}-0"),
            instance: (index < 2).then(|| InstanceId::new(&format!("i{index}"))),
            ..Client::default()
        };
        let clients = (0..CLIENT_COUNT).map(client).collect();
        Self { world, random, clients, handed_over: 0 }
    }

    fn step(&mut self) {
        let who = usize::try_from(self.random.below(CLIENT_COUNT as u64)).unwrap();
        match self.random.below(24) {
            0..15 => self.beat(who),
            15 => self.go(who, -1),
            16 if self.clients[who].instance.is_some() => self.go(who, -2),
            17 => self.next_life(who),
            18 if self.random.one_in(3) => {
                let count = u32::try_from(self.random.below(3)).unwrap();
                self.world.cluster.streams.standby_count = count;
            }
            19 if self.random.one_in(5) => self.restart(),
            20 if self.random.one_in(4) => self.pass(50_000),
            21 if self.random.one_in(4) => match self.random.one_in(2) {
                true => self.world.cluster.remove_topic("orders"),
                false => self.world.cluster.set_topic("orders", 4),
            },
            _ => self.pass(3_000),
        }
        self.check();
    }

    fn pass(&mut self, most: u64) {
        let millis = self.random.below(most);
        self.world.pass(millis);
    }

    /// A report, of which the request or the answer may be lost.
    fn beat(&mut self, who: usize) {
        let request = self.request_of(who);
        if self.random.one_in(10) {
            return;
        }
        let reply = send(&mut self.world, request);
        if self.random.one_in(10) {
            return;
        }
        self.hear(who, reply);
    }

    fn request_of(&mut self, who: usize) -> StreamsHeartbeat {
        let lets_go = self.random.one_in(2);
        let client = &mut self.clients[who];
        let instance = client.instance.clone();
        if !client.joined {
            (client.owned, client.told) = (Tasks::default(), Tasks::default());
            return StreamsHeartbeat { instance, ..join(&client.id, PROCESSES[who]) };
        }
        // It has let go of what it was told to, or is still at it.
        if lets_go {
            client.owned = client.told.clone();
        } else {
            client.owned.active.extend(client.told.active.iter().cloned());
            client.owned.standby.extend(client.told.standby.iter().cloned());
        }
        let owned = Some(client.owned.clone());
        StreamsHeartbeat { instance, owned, ..report(&client.id, client.epoch) }
    }

    fn hear(&mut self, who: usize, reply: Result<StreamsHeartbeatReply, GroupError>) {
        let client = &mut self.clients[who];
        match reply {
            Ok(reply) => {
                if client.joined {
                    assert!(reply.epoch >= client.epoch, "an epoch went back");
                }
                client.joined = true;
                client.epoch = reply.epoch;
                if let Some(tasks) = reply.tasks {
                    self.handed_over += tasks.active.difference(&client.told.active).count();
                    client.told = tasks;
                }
            }
            Err(GroupError::UnreleasedInstance) => {}
            // It gives everything up and joins afresh, under the same id.
            Err(
                GroupError::FencedMemberEpoch
                | GroupError::UnknownMember
                | GroupError::FencedInstance
                | GroupError::NotStreamsGroup,
            ) => {
                client.joined = false;
                (client.owned, client.told) = (Tasks::default(), Tasks::default());
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    fn go(&mut self, who: usize, epoch: i32) {
        let client = &mut self.clients[who];
        let instance = client.instance.clone();
        let request = StreamsHeartbeat { instance, ..report(&client.id, epoch) };
        let _ = send(&mut self.world, request);
        self.next_life(who);
    }

    /// The client dies, without a word; it comes back as another.
    fn next_life(&mut self, who: usize) {
        let client = &mut self.clients[who];
        let life = client.life + 1;
        *client = Client {
            id: format!("c{who}-{life}"),
            life,
            instance: client.instance.clone(),
            ..Client::default()
        };
    }

    fn restart(&mut self) {
        let before = format!("{:?}", self.world.shard);
        self.world.restart();
        assert_eq!(before, format!("{:?}", self.world.shard), "the log says another thing");
    }

    /// No two members that the coordinator counts as such do one task.
    fn check(&self) {
        let Some(group) = self.world.shard.streams(&group_id()) else { return };
        group.assert_invariants();
        let mut doers = BTreeMap::new();
        for client in &self.clients {
            let is_member = group.members.contains_key(&MemberId::new(&client.id).unwrap());
            if !is_member || !client.joined {
                continue;
            }
            for task in &client.owned.active {
                let other = doers.insert(task, &client.id);
                assert!(other.is_none(), "{task:?}: {other:?} and {}", client.id);
            }
        }
        let mut places = BTreeSet::new();
        for (id, member) in &group.members {
            let current = group.current(id);
            let held = [&current.assigned, &current.revoking];
            let tasks: BTreeSet<TaskId> = held
                .iter()
                .flat_map(|held| held.tasks().all().cloned().collect::<Vec<_>>())
                .collect();
            for task in tasks {
                let place = (member.process.clone(), task);
                assert!(places.insert(place.clone()), "two threads have {place:?}");
            }
        }
    }

    /// All report and nobody changes anything: soon every task has its one doer.
    fn finish(mut self) -> usize {
        self.world.pass(120_000);
        self.world.cluster.set_topic("orders", 4);
        for _ in 0..16 {
            for who in 0..CLIENT_COUNT {
                let request = self.request_of(who);
                let reply = send(&mut self.world, request);
                self.hear(who, reply);
                let client = &mut self.clients[who];
                client.owned = client.told.clone();
            }
            self.check();
            self.world.pass(1_000);
        }
        let group = self.world.shard.streams(&group_id()).unwrap();
        assert_eq!(group.state(), StreamsState::Stable, "{group:?}");
        let done: Vec<TaskId> =
            self.clients.iter().flat_map(|client| client.owned.active.iter().cloned()).collect();
        assert_eq!(done.len(), 8, "{done:?}");
        assert_eq!(done.into_iter().collect::<BTreeSet<_>>(), all_tasks(4));
        let copies: usize = self.clients.iter().map(|client| client.owned.standby.len()).sum();
        let wanted = self.world.cluster.streams.standby_count as usize;
        assert_eq!(copies, 4 * wanted.min(2), "three processes have room for two copies");
        self.restart();
        self.handed_over
    }
}

#[test]
fn whatever_members_do_a_task_has_one_doer_and_in_the_end_each_has_one() {
    let mut handed_over = 0;
    for seed in 0..HISTORY_COUNT {
        let run = std::panic::AssertUnwindSafe(|| {
            let mut history = History::new(seed);
            (0..STEP_COUNT).for_each(|_| history.step());
            history.finish()
        });
        match std::panic::catch_unwind(run) {
            Ok(count) => handed_over += count,
            Err(cause) => {
                eprintln!("seed {seed}");
                std::panic::resume_unwind(cause);
            }
        }
    }
    let least = 30 * usize::try_from(HISTORY_COUNT).unwrap();
    assert!(handed_over > least, "{handed_over} tasks changed hands, which are too few");
}
