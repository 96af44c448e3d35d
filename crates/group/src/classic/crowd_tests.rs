//! Many live members of one classic group, in random orders named by a seed: nobody who keeps to its times may ever be told that
//! it is unknown, and all come together in one generation.

use std::time::Duration;

use model::SeededRandom;

use crate::test_world::{World, join};
use crate::{Generation, GroupError, GroupSettings, Join, MemberId, Reply, Ticket};

const CLIENT_COUNT: usize = 100;
const SEED_COUNT: u64 = 40;
/// As Kafka's own client by default.
const HEARTBEAT_INTERVAL_MS: u64 = 3_000;
const SESSION_TIMEOUT: Duration = Duration::from_secs(45);
/// A group of so many comes together within this time, and stays together as long.
const QUIET_MS: u64 = 60_000;

#[derive(Debug)]
enum Doing {
    Joins,
    WaitsToJoin(Ticket),
    Syncs(Generation),
    WaitsToSync(Ticket, Generation),
    Works(Generation),
    Left,
}

struct Client {
    id: Option<MemberId>,
    doing: Doing,
    next_at: u64,
    /// All that it leads, as its last join said.
    followers: Vec<MemberId>,
}

struct Crowd {
    world: World,
    random: SeededRandom,
    clients: Vec<Client>,
    /// How long a client takes between an answer and its next request at most.
    slowness_ms: u64,
}

impl Crowd {
    fn new(seed: u64) -> Self {
        let mut random = SeededRandom::new(seed);
        let settings = GroupSettings {
            initial_rebalance_delay: Duration::from_millis(random.below(3) * 3_000),
            ..GroupSettings::default()
        };
        let spread_ms = 1 + random.below(10_000);
        let slowness_ms = 1 + random.below(2_000);
        let mut crowd =
            Self { world: World::with(settings), random, clients: Vec::new(), slowness_ms };
        (0..CLIENT_COUNT).for_each(|_| crowd.start(spread_ms));
        crowd
    }

    fn start(&mut self, spread_ms: u64) {
        let next_at = self.world.millis + self.random.below(spread_ms);
        self.clients.push(Client { id: None, doing: Doing::Joins, next_at, followers: Vec::new() });
    }

    /// Until `end` each client does what is next as its time comes.
    fn run_until(&mut self, end: u64) {
        loop {
            let next = self.clients.iter().enumerate().min_by_key(|(_, client)| client.next_at);
            let Some((index, at)) = next.map(|(index, client)| (index, client.next_at)) else {
                return;
            };
            if at > end {
                return self.world.pass(end - self.world.millis);
            }
            self.world.pass(at.saturating_sub(self.world.millis));
            self.act(index);
        }
    }

    fn act(&mut self, index: usize) {
        let client = &mut self.clients[index];
        let mut pause = 1 + self.random.below(self.slowness_ms);
        client.doing = match &client.doing {
            Doing::Left => {
                pause = u64::MAX / 2;
                Doing::Left
            }
            Doing::Joins => {
                let request = Join { session_timeout: SESSION_TIMEOUT, ..join(client.id.as_ref()) };
                Doing::WaitsToJoin(self.world.join(request))
            }
            Doing::WaitsToJoin(ticket) => match self.world.answers.remove(ticket) {
                None => Doing::WaitsToJoin(*ticket),
                Some(Reply::Join(Ok(joined))) => {
                    client.followers = joined.members.into_iter().map(|member| member.id).collect();
                    Doing::Syncs(joined.generation)
                }
                Some(Reply::Join(Err(refused))) => {
                    assert_eq!(refused.error, GroupError::MemberIdRequired);
                    client.id = refused.member;
                    Doing::Joins
                }
                Some(Reply::Sync(_)) => panic!("a sync's answer to a join"),
            },
            Doing::Syncs(generation) => {
                let id = client.id.clone().expect("it has joined");
                let parts: Vec<_> = client.followers.iter().map(|id| (id, id.as_str())).collect();
                Doing::WaitsToSync(self.world.sync_of(&id, *generation, &parts), *generation)
            }
            Doing::WaitsToSync(ticket, generation) => match self.world.answers.remove(ticket) {
                None => Doing::WaitsToSync(*ticket, *generation),
                Some(Reply::Sync(Ok(synced))) => {
                    let own = client.id.as_ref().map(MemberId::as_str);
                    assert_eq!(std::str::from_utf8(&synced.assignment).ok(), own);
                    Doing::Works(*generation)
                }
                Some(Reply::Sync(Err(GroupError::RebalanceInProgress))) => Doing::Joins,
                other => panic!("a sync was answered {other:?}"),
            },
            Doing::Works(generation) => {
                pause = HEARTBEAT_INTERVAL_MS;
                let id = client.id.clone().expect("it has joined");
                match self.world.heartbeat(&id, *generation) {
                    Ok(()) => Doing::Works(*generation),
                    Err(GroupError::RebalanceInProgress) => Doing::Joins,
                    Err(other) => panic!("a heartbeat was answered {other:?}"),
                }
            }
        };
        client.next_at = self.world.millis + pause;
    }

    /// Some leave, and others come.
    fn change(&mut self) {
        for _ in 0..1 + self.random.below(5) {
            let index = usize::try_from(self.random.below(self.clients.len() as u64)).unwrap();
            let client = &mut self.clients[index];
            if let (Doing::Works(_), Some(id)) = (&client.doing, client.id.clone()) {
                client.doing = Doing::Left;
                assert_eq!(self.world.leave_of(&id), Ok(vec![Ok(())]));
            }
        }
        (0..self.random.below(4)).for_each(|_| self.start(5_000));
    }

    /// Nothing runs for longer than a session lasts, and then deadlines are looked at before anything that has come in.
    fn stall(&mut self) {
        self.world.millis += 60_000 + self.random.below(60_000);
        self.world.pass(0);
    }

    fn assert_together(&self) {
        let working = self.clients.iter().filter_map(|client| match client.doing {
            Doing::Left => None,
            Doing::Works(generation) => Some(Ok(generation)),
            _ => Some(Err(format!("{:?}", client.doing))),
        });
        let working: Vec<_> = working.collect::<Result<_, _>>().unwrap();
        assert!(working.windows(2).all(|pair| pair[0] == pair[1]), "{working:?}");
        assert_eq!(self.world.state(), Some("Stable"));
    }
}

#[test]
fn who_is_dead_is_gone_soon_after_a_stall() {
    let mut world = World::new();
    let (ids, generation) = world.stable(2);
    world.millis += 60_000;
    world.pass(0);
    assert_eq!(world.heartbeat(&ids[0], generation), Ok(()));
    world.pass(9_000);
    assert_eq!(world.heartbeat(&ids[0], generation), Ok(()));
    world.pass(2_000);
    assert_eq!(world.heartbeat(&ids[0], generation), Err(GroupError::RebalanceInProgress));
    assert_eq!(world.heartbeat(&ids[1], generation), Err(GroupError::UnknownMember));
}

#[test]
fn no_live_member_of_a_crowd_is_ever_unknown() {
    for seed in 0..SEED_COUNT {
        let run = std::panic::AssertUnwindSafe(|| {
            let mut crowd = Crowd::new(seed);
            for _ in 0..4 {
                crowd.run_until(crowd.world.millis + QUIET_MS);
                crowd.assert_together();
                crowd.change();
                if crowd.random.one_in(2) {
                    crowd.stall();
                }
                // The next change comes in the middle of the rebalance.
                let some = crowd.random.below(8_000);
                crowd.run_until(crowd.world.millis + some);
                crowd.change();
            }
        });
        if let Err(cause) = std::panic::catch_unwind(run) {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(cause);
        }
    }
}
