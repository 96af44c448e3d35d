//! Many random histories of one group: members that join, forget, come again, sync, leave, die, restart under their
//! instance id, while time passes and the broker restarts. A failing history is named by its seed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::SeededRandom;

use crate::test_world::{World, group_id, join, key, protocol};
use crate::{
    Generation, GroupSettings, InstanceId, Join, Joined, LeavingMember, MemberId, PartitionKey,
    Protocol, Reply, Ticket,
};

/// Of each history.
const STEP_COUNT: usize = 300;
const HISTORY_COUNT: u64 = 200;

fn range(metadata: u8) -> Vec<Protocol> {
    vec![protocol("range", &[metadata])]
}

struct History {
    world: World,
    random: SeededRandom,
    /// Every id that was ever heard of.
    ids: Vec<MemberId>,
    /// What each generation's members were told.
    generations: BTreeMap<Generation, Vec<Joined>>,
    /// What the leader of a generation handed in first.
    assigned: BTreeMap<Generation, BTreeMap<MemberId, String>>,
    syncs: BTreeMap<Ticket, (MemberId, Generation)>,
    join_count: usize,
}

impl History {
    fn new(seed: u64) -> Self {
        let mut random = SeededRandom::new(seed);
        let settings = GroupSettings {
            initial_rebalance_delay: Duration::from_millis(random.below(3) * 3_000),
            member_count_max: if random.one_in(4) { 3 } else { 100 },
            ..GroupSettings::default()
        };
        Self {
            world: World::with(settings),
            random,
            ids: Vec::new(),
            generations: BTreeMap::new(),
            assigned: BTreeMap::new(),
            syncs: BTreeMap::new(),
            join_count: 0,
        }
    }

    fn some_id(&mut self) -> Option<MemberId> {
        let recent = self.ids.len().min(8);
        let back = usize::try_from(self.random.below(recent as u64)).unwrap();
        self.ids.iter().rev().nth(back).cloned()
    }

    fn step(&mut self) {
        match self.random.below(20) {
            0..7 => self.join(),
            7..12 => self.sync(),
            12..14 => self.heartbeat(),
            14 => self.leave(),
            15 => self.commit(),
            16 if self.random.one_in(10) => self.restart(),
            16..19 => self.come_together(),
            _ => {
                let millis = self.random.below(8_000);
                self.world.pass(millis);
            }
        }
        self.listen();
        self.world.soft.groups.values().for_each(crate::classic::ClassicGroup::assert_invariants);
    }

    fn join(&mut self) {
        let member = if self.random.one_in(3) { None } else { self.some_id() };
        let instance = self.random.one_in(4).then(|| format!("instance-{}", self.random.below(3)));
        let names: &[&str] = match self.random.below(4) {
            0 => &["range", "sticky"],
            1 => &["sticky", "range"],
            _ => &["range"],
        };
        let metadata = [u8::try_from(self.random.below(2)).unwrap()];
        let protocols = names.iter().map(|name| protocol(name, &metadata)).collect();
        self.world.join(Join {
            instance: instance.map(|text| InstanceId::new(&text)),
            protocols,
            knows_member_id_required: !self.random.one_in(4),
            knows_skip_assignment: !self.random.one_in(4),
            rebalance_timeout: Duration::from_secs(5 + self.random.below(20)),
            ..join(member.as_ref())
        });
    }

    /// What clients do most of the time: all come again, and sync.
    fn come_together(&mut self) {
        let described = self.world.shard.describe(&self.world.soft, &group_id()).reply;
        let members = described.map(|group| group.members).unwrap_or_default();
        for member in &members {
            let again = join(Some(&member.id));
            self.world.join(Join {
                instance: member.instance.clone(),
                protocols: range(0),
                ..again
            });
        }
        self.listen();
        for member in members {
            self.sync_as(member.id);
        }
    }

    fn sync(&mut self) {
        if let Some(id) = self.some_id() {
            self.sync_as(id);
        }
    }

    fn sync_as(&mut self, id: MemberId) {
        let Some((&generation, told)) = self.generations.iter().next_back() else { return };
        let leader = told[0].leader.clone();
        let of_leader = told.iter().find(|joined| !joined.members.is_empty());
        let members: Vec<MemberId> = of_leader
            .iter()
            .flat_map(|joined| &joined.members)
            .map(|member| member.id.clone())
            .collect();
        let skips = of_leader.is_some_and(|joined| joined.skip_assignment);
        let mut texts = BTreeMap::new();
        if leader.as_ref() == Some(&id) && !skips {
            for member in members {
                let text = format!("{generation} {member}");
                texts.insert(member, text);
            }
        }
        let assignments: Vec<_> = texts.iter().map(|(id, text)| (id, text.as_str())).collect();
        let before = self.world.log.len();
        let ticket = self.world.sync_of(&id, generation, &assignments);
        if self.world.log.len() > before {
            self.assigned.entry(generation).or_insert(texts);
        }
        self.syncs.insert(ticket, (id, generation));
    }

    fn heartbeat(&mut self) {
        let generation = self.generations.keys().next_back().copied().unwrap_or_default();
        if let Some(id) = self.some_id() {
            let _ = self.world.heartbeat(&id, generation);
        }
    }

    fn leave(&mut self) {
        let member = self.some_id();
        let instance = member.is_none().then(|| InstanceId::new("instance-1"));
        let results = self.world.leave(vec![LeavingMember { member, instance, reason: None }]);
        assert_eq!(results.unwrap().len(), 1);
    }

    fn commit(&mut self) {
        let generation = self.generations.keys().next_back().copied().unwrap_or_default();
        let member = self.some_id();
        let member = member.as_ref().map(|id| (id, generation));
        let partition: PartitionKey = key("orders", i32::try_from(self.random.below(3)).unwrap());
        let raw = i64::try_from(self.random.below(1_000)).unwrap();
        let done = self.world.commit(member, &[(partition.clone(), raw)]);
        if done.is_ok() {
            assert_eq!(self.world.committed(&partition), Some(raw));
        }
    }

    /// Whatever was not written down is over: generations since then never happened.
    fn restart(&mut self) {
        self.world.restart();
        self.generations.clear();
        self.assigned.clear();
        self.syncs.clear();
    }

    /// Takes in the answers since the last time, and holds them against each other.
    fn listen(&mut self) {
        let answers = std::mem::take(&mut self.world.answers);
        for (ticket, reply) in answers {
            match reply {
                Reply::Join(Ok(joined)) => self.hear_joined(joined),
                Reply::Join(Err(refused)) => self.ids.extend(refused.member),
                Reply::Sync(Ok(synced)) => {
                    let Some((id, generation)) = self.syncs.get(&ticket) else { continue };
                    let text = String::from_utf8(synced.assignment.to_vec()).unwrap();
                    let handed_in = self.assigned.get(generation).and_then(|texts| texts.get(id));
                    if let Some(handed_in) = handed_in {
                        assert_eq!(&text, handed_in);
                    }
                }
                Reply::Sync(Err(_)) => {}
            }
        }
    }

    fn hear_joined(&mut self, joined: Joined) {
        self.join_count += 1;
        self.ids.push(joined.member.clone());
        let told = self.generations.entry(joined.generation).or_default();
        if let Some(first) = told.first() {
            assert_eq!(
                first.protocol, joined.protocol,
                "members of a generation agree on the protocol"
            );
        }
        let leads = joined.leader.as_ref() == Some(&joined.member);
        assert_eq!(leads, !joined.members.is_empty(), "the leader, and only it, gets all members");
        if leads {
            let ids: BTreeSet<_> = joined.members.iter().map(|member| &member.id).collect();
            assert!(ids.contains(&joined.member));
            assert_eq!(ids.len(), joined.members.len());
        }
        told.push(joined);
    }

    /// Nobody does anything any more: within the longest timeouts everything parked must end, and the log must say
    /// what the shard says.
    fn finish(mut self) -> usize {
        self.world.pass(10 * 60_000);
        self.listen();
        assert!(self.world.open.is_empty(), "parked for ever: {:?}", self.world.open);
        assert!(self.world.soft.groups.is_empty(), "members without heartbeats are gone");
        let before = format!("{:?}", self.world.shard);
        self.world.restart();
        assert_eq!(before, format!("{:?}", self.world.shard));
        assert!(self.world.state().is_none_or(|state| state == "Empty"));
        assert!(self.world.shard.fetch_all_offsets(&group_id(), false).reply.len() <= 3);
        self.join_count
    }
}

#[test]
fn whatever_members_do_everybody_is_answered_once_and_generations_agree() {
    let mut join_count = 0;
    for seed in 0..HISTORY_COUNT {
        let run = std::panic::AssertUnwindSafe(|| {
            let mut history = History::new(seed);
            (0..STEP_COUNT).for_each(|_| history.step());
            history.finish()
        });
        match std::panic::catch_unwind(run) {
            Ok(count) => join_count += count,
            Err(cause) => {
                eprintln!("seed {seed}");
                std::panic::resume_unwind(cause);
            }
        }
    }
    assert!(
        join_count > 30 * usize::try_from(HISTORY_COUNT).unwrap(),
        "{join_count} joins are too few"
    );
}
