//! Many random histories of one consumer group: members that join, report, lose answers, stop, come back, change what they
//! read, leave; topics that grow, come and go; a broker that restarts. Each member acts as a client does: it uses a
//! partition from when it is told of it until it has let go of it. A failing history is named by its seed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::{PartitionId, SeededRandom};

use super::test_cluster::{join, names, report};
use super::{Assignment, ConsumerHeartbeat, ConsumerHeartbeatReply, ConsumerState};
use crate::test_world::{World, group_id};
use crate::{GroupError, InstanceId, MemberId};

/// Of each history.
const STEP_COUNT: usize = 300;
const HISTORY_COUNT: u64 = 300;
const CLIENT_COUNT: usize = 5;
const TOPICS: [&str; 3] = ["orders", "returns", "later"];

/// A client, as it sees itself.
#[derive(Debug, Default)]
struct Client {
    id: String,
    life: usize,
    epoch: i32,
    /// It has joined and knows of nothing that would end that.
    joined: bool,
    instance: Option<InstanceId>,
    reads: BTreeSet<&'static str>,
    by_pattern: bool,
    /// What it uses.
    owned: BTreeSet<PartitionId>,
    /// What it was told last to have.
    told: BTreeSet<PartitionId>,
    /// Its next report says everything, since an answer was lost.
    full: bool,
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
        let mut world = World::new();
        world.cluster.times.assignment_interval = Duration::from_millis(random.below(2) * 500);
        let client = |index: usize| Client {
            id: format!("c{index}-0"),
            instance: (index < 2).then(|| InstanceId::new(&format!("i{index}"))),
            ..Client::default()
        };
        let clients = (0..CLIENT_COUNT).map(client).collect();
        Self { world, random, clients, handed_over: 0 }
    }

    fn index(&mut self, bound: usize) -> usize {
        usize::try_from(self.random.below(bound as u64)).unwrap()
    }

    fn step(&mut self) {
        let who = self.index(CLIENT_COUNT);
        match self.random.below(24) {
            0..14 => self.beat(who),
            14 => self.resubscribe(who),
            15 => self.go(who, -1),
            16 if self.clients[who].instance.is_some() => self.go(who, -2),
            17 => self.die(who),
            18 if self.random.one_in(3) => self.change_topics(),
            19 if self.random.one_in(5) => self.restart(),
            20 if self.random.one_in(4) => self.pass(50_000),
            _ => self.pass(3_000),
        }
        self.check();
    }

    fn pass(&mut self, most: u64) {
        let millis = self.random.below(most);
        self.world.pass(millis);
    }

    fn subscription(&mut self) -> BTreeSet<&'static str> {
        TOPICS.into_iter().filter(|_| self.random.one_in(2)).collect()
    }

    /// A report, of which the request or the answer may be lost.
    fn beat(&mut self, who: usize) {
        let client = &self.clients[who];
        let request = if client.joined { self.report_of(who) } else { self.join_of(who) };
        if self.random.one_in(10) {
            return;
        }
        let reply = self.world.report(request);
        let client = &mut self.clients[who];
        if self.random.one_in(10) {
            client.full = true;
            return;
        }
        Self::hear(client, &mut self.handed_over, reply);
    }

    fn join_of(&mut self, who: usize) -> ConsumerHeartbeat {
        let reads = self.subscription();
        let by_pattern = self.random.one_in(4);
        let client = &mut self.clients[who];
        client.reads = reads;
        client.by_pattern = by_pattern;
        client.owned.clear();
        client.told.clear();
        let texts: Vec<&str> = client.reads.iter().copied().collect();
        ConsumerHeartbeat {
            instance: client.instance.clone(),
            pattern: by_pattern.then(|| "ord.*".into()),
            ..join(&client.id, &texts)
        }
    }

    fn report_of(&mut self, who: usize) -> ConsumerHeartbeat {
        let full = self.random.one_in(6);
        let client = &mut self.clients[who];
        // It has let go of what it was told to, or is still at it.
        if self.random.one_in(2) {
            client.owned.retain(|partition| client.told.contains(partition));
        }
        client.owned.extend(client.told.iter().copied());
        let owned: Assignment = client.owned.iter().copied().collect();
        let texts: Vec<&str> = client.reads.iter().copied().collect();
        let all = client.full || full;
        client.full = false;
        ConsumerHeartbeat {
            instance: client.instance.clone(),
            rebalance_timeout: all.then_some(Duration::from_secs(60)),
            topics: all.then(|| names(&texts)),
            owned: Some(owned),
            ..report(&client.id, client.epoch)
        }
    }

    fn hear(
        client: &mut Client,
        handed_over: &mut usize,
        reply: Result<ConsumerHeartbeatReply, GroupError>,
    ) {
        match reply {
            Ok(reply) => {
                if client.joined {
                    assert!(reply.epoch >= client.epoch, "an epoch went back");
                }
                client.joined = true;
                client.epoch = reply.epoch;
                if let Some(assignment) = reply.assignment {
                    let told: BTreeSet<PartitionId> = assignment.partitions().collect();
                    *handed_over += told.difference(&client.told).count();
                    client.told = told;
                }
            }
            Err(GroupError::UnreleasedInstance | GroupError::InvalidPattern) => {}
            // It gives everything up and joins afresh, under the same id.
            Err(
                GroupError::FencedMemberEpoch
                | GroupError::UnknownMember
                | GroupError::FencedInstance
                | GroupError::NotConsumerGroup,
            ) => {
                client.joined = false;
                client.owned.clear();
                client.told.clear();
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    fn resubscribe(&mut self, who: usize) {
        if !self.clients[who].joined {
            return;
        }
        let reads = self.subscription();
        self.clients[who].reads = reads;
        self.clients[who].full = true;
        self.beat(who);
    }

    fn go(&mut self, who: usize, epoch: i32) {
        let client = &mut self.clients[who];
        let request =
            ConsumerHeartbeat { instance: client.instance.clone(), ..report(&client.id, epoch) };
        let _ = self.world.report(request);
        self.next_life(who);
    }

    /// Without a word; it comes back as another.
    fn die(&mut self, who: usize) {
        self.next_life(who);
    }

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

    fn change_topics(&mut self) {
        let topic = TOPICS[self.index(TOPICS.len())];
        if self.random.one_in(4) {
            self.world.cluster.remove_topic(topic);
        } else {
            let there = self.world.cluster.partitions(topic).count();
            let count = u32::try_from(there + self.index(3) + 1).unwrap().min(12);
            self.world.cluster.set_topic(topic, count);
        }
    }

    fn restart(&mut self) {
        let before = format!("{:?}", self.world.shard);
        self.world.restart();
        assert_eq!(before, format!("{:?}", self.world.shard), "the log says another thing");
    }

    /// No two members that the coordinator counts as such use one partition.
    fn check(&self) {
        let Some(group) = self.world.shard.consumer(&group_id()) else { return };
        group.assert_invariants();
        let mut users = BTreeMap::new();
        for client in &self.clients {
            let is_member = group.members.contains_key(&MemberId::new(&client.id).unwrap());
            if !is_member || !client.joined {
                continue;
            }
            for partition in &client.owned {
                let other = users.insert(*partition, &client.id);
                assert!(other.is_none(), "{partition:?}: {other:?} and {}", client.id);
            }
        }
    }

    /// All report and nobody changes anything: soon every partition that somebody reads has its one user.
    fn finish(mut self) -> usize {
        self.world.pass(120_000);
        for _ in 0..12 {
            for who in 0..CLIENT_COUNT {
                let client = &self.clients[who];
                let request = if client.joined { self.report_of(who) } else { self.join_of(who) };
                let reply = self.world.report(request);
                Self::hear(&mut self.clients[who], &mut self.handed_over, reply);
                let client = &mut self.clients[who];
                client.owned.clone_from(&client.told);
            }
            self.check();
            self.world.pass(1_000);
        }
        let group = self.world.shard.consumer(&group_id()).unwrap();
        assert_eq!(group.state(), ConsumerState::Stable, "{group:?}");
        let mut wanted = BTreeSet::new();
        for client in &self.clients {
            assert!(client.joined, "{client:?}");
            wanted
                .extend(client.reads.iter().flat_map(|topic| self.world.cluster.partitions(topic)));
            if client.by_pattern {
                wanted.extend(self.world.cluster.partitions("orders"));
            }
        }
        let used: Vec<PartitionId> =
            self.clients.iter().flat_map(|client| client.owned.iter().copied()).collect();
        assert_eq!(used.len(), wanted.len(), "{used:?}\n{wanted:?}");
        assert!(used.iter().all(|partition| wanted.contains(partition)));
        self.restart();
        self.handed_over
    }
}

#[test]
fn whatever_members_do_a_partition_has_one_user_and_in_the_end_each_has_one() {
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
    assert!(handed_over > least, "{handed_over} partitions changed hands, which are too few");
}
