//! What producers see of each other, in every order that matters, and thousands of random orders held against a model.

use std::collections::BTreeMap;
use std::time::Duration;

use model::{ProducerId, SeededRandom};

use crate::test_world::{World, producer};
use crate::{Completion, Outcome, Producer, State, TransactionError, TransactionVersion};

use Outcome::{Abort, Commit};
use TransactionVersion::{V0, V2};

#[test]
fn a_transaction_of_version_2_gives_each_next_one_a_new_epoch() {
    let mut world = World::new(V2);
    let first = world.init(None).unwrap();
    world.add(first, 0).unwrap();
    let second = world.end(first, Commit).unwrap();
    assert_eq!((second.id, second.epoch), (first.id, first.epoch.next().unwrap()));
    assert_eq!(world.state(), Some(State::Prepare(Commit)));
    assert_eq!(world.add(second, 0), Err(TransactionError::ConcurrentTransactions));
    let told = world.complete();
    assert_eq!(
        (told[0].producer, told[0].outcome),
        (second, Commit),
        "the marker has the new epoch"
    );
    world.add(second, 0).unwrap();
    assert_eq!(world.add(first, 0), Err(TransactionError::ProducerFenced));
}

#[test]
fn a_retry_of_the_end_is_answered_as_the_first_was_and_never_ends_the_next_transaction() {
    let mut world = World::new(V2);
    let first = world.init(None).unwrap();
    world.add(first, 0).unwrap();
    let second = world.end(first, Commit).unwrap();
    assert_eq!(world.end(first, Commit), Err(TransactionError::ConcurrentTransactions));
    world.complete();
    assert_eq!(world.end(first, Commit), Ok(second));
    assert_eq!(world.end(first, Abort), Err(TransactionError::InvalidState));
    world.add(second, 0).unwrap();
    assert_eq!(world.end(first, Commit), Err(TransactionError::ProducerFenced));
    assert_eq!(world.state(), Some(State::Ongoing));
}

#[test]
fn the_table_of_ends_without_an_open_transaction_is_kafka_s() {
    let invalid = Err(TransactionError::InvalidState);
    for outcome in [Commit, Abort] {
        let mut world = World::new(V2);
        let first = world.init(None).unwrap();
        assert_eq!(world.end(first, Commit), invalid, "nothing was begun");
        world.add(first, 0).unwrap();
        let second = world.end(first, outcome).unwrap();
        world.complete();
        assert_eq!(world.end(second, Commit), invalid);
        let third = world.end(second, Abort).unwrap();
        assert_eq!(third, second.bumped(), "an abort of nothing still fences");
        assert_eq!(world.end(third, Abort), Err(TransactionError::ConcurrentTransactions));
        assert!(world.complete()[0].partitions.is_empty());
        assert_eq!(world.end(third, Abort), Ok(third.bumped()));
    }
    let mut world = World::new(V0);
    let first = world.init(None).unwrap();
    assert_eq!(world.end(first, Abort), invalid);
    world.add(first, 0).unwrap();
    assert_eq!(world.end(first, Commit), Ok(first));
    assert_eq!(world.end(first, Abort), invalid);
    assert_eq!(world.end(first, Commit), Err(TransactionError::ConcurrentTransactions));
    world.complete();
    assert_eq!(world.end(first, Commit), Ok(first));
    assert_eq!(world.end(first, Abort), invalid);
}

#[test]
fn a_new_life_fences_the_old_one_and_aborts_what_it_had_open() {
    for version in [V0, V2] {
        let mut world = World::new(version);
        let zombie = world.init(None).unwrap();
        world.add(zombie, 0).unwrap();
        assert_eq!(world.init(None), Err(TransactionError::ConcurrentTransactions));
        assert!(world.end(zombie, Commit).is_err(), "it is too late");
        let told = world.complete();
        assert_eq!((told.len(), told[0].outcome), (1, Abort));
        assert!(told[0].producer.epoch > zombie.epoch);
        let next = world.init(None).unwrap();
        assert!(next.epoch > told[0].producer.epoch, "the fencing epoch is nobody's");
        assert_eq!(world.add(zombie, 0), Err(TransactionError::ProducerFenced));
        assert_eq!(world.init(Some(zombie)), Err(TransactionError::ProducerFenced));
        world.add(next, 0).unwrap();
    }
}

#[test]
fn who_goes_on_after_an_error_may_ask_twice_and_a_zombie_may_not_ask_at_all() {
    let mut world = World::new(V2);
    let first = world.init(None).unwrap();
    let second = world.init(Some(first)).unwrap();
    assert_eq!(second, first.bumped());
    assert_eq!(world.init(Some(first)), Ok(second), "the answer was lost");
    let other = world.init(None).unwrap();
    assert_eq!(world.init(Some(first)), Err(TransactionError::ProducerFenced));
    assert_eq!(world.init(Some(second)), Err(TransactionError::ProducerFenced));
    assert_eq!(world.init(Some(producer(77, 0))), Err(TransactionError::ProducerFenced));
    assert_eq!(world.init(Some(other)), Ok(other.bumped()));
}

#[test]
fn used_up_epochs_give_another_id() {
    let mut world = World::new(V2);
    let mut current = world.init(None).unwrap();
    while !current.is_exhausted() {
        current = world.init(Some(current)).unwrap();
    }
    world.add(current, 0).unwrap();
    let next = world.end(current, Commit).unwrap();
    assert_eq!((next.epoch.to_wire(), next.id != current.id), (0, true));
    let told = world.complete();
    assert_eq!(told[0].producer, current.bumped(), "the last epoch is the marker's");
    assert_eq!(world.end(current, Commit), Ok(next), "a retry over the change of ids");
    world.add(next, 0).unwrap();
    let mut world = World::new(V0);
    let mut current = world.init(None).unwrap();
    while !current.is_exhausted() {
        current = world.init(None).unwrap();
    }
    let next = world.init(Some(current)).unwrap();
    assert_eq!((next.epoch.to_wire(), next.id != current.id), (0, true));
    assert_eq!(world.init(Some(current)), Ok(next), "the answer was lost");
}

#[test]
fn a_decided_transaction_is_completed_after_a_restart() {
    for outcome in [Commit, Abort] {
        let mut world = World::new(V2);
        let first = world.init(None).unwrap();
        world.add(first, 0).unwrap();
        world.add(first, 5).unwrap();
        let second = world.end(first, outcome).unwrap();
        let told = world.completions.clone();
        world.restart();
        assert_eq!(world.completions, told, "the same markers again");
        assert!(world.shard.is_prepared(&told[0]).reply);
        world.complete();
        assert!(!world.shard.is_prepared(&told[0]).reply, "a late marker finds that out");
        world.restart();
        assert_eq!(world.completions, []);
        assert_eq!(world.state(), Some(State::Complete(outcome)));
        world.add(second, 0).unwrap();
    }
}

#[test]
fn an_open_transaction_times_out_by_the_wall_clock_also_over_a_restart() {
    let mut world = World::new(V2);
    let first = world.init(None).unwrap();
    world.add(first, 0).unwrap();
    world.pass(Duration::from_secs(50));
    world.restart();
    world.pass(Duration::from_secs(9));
    assert_eq!(world.state(), Some(State::Ongoing));
    world.pass(Duration::from_secs(2));
    assert_eq!(world.state(), Some(State::Prepare(Abort)));
    world.complete();
    assert!(world.end(first, Commit).is_err());
    assert!(world.add(first, 0).is_err());
}

#[test]
fn a_producer_whose_transaction_timed_out_goes_on_and_fences_nobody_who_came_after() {
    let mut world = World::new(V2);
    let first = world.init(None).unwrap();
    world.add(first, 0).unwrap();
    world.pass(Duration::from_secs(61));
    world.complete();
    let next = world.init(Some(first)).unwrap();
    assert_eq!(next, first.bumped());
    assert_eq!(world.init(Some(first)), Ok(next), "its answer was lost");
    world.add(next, 0).unwrap();
    // Another one takes the id over, and the first may not come back.
    assert_eq!(world.init(None), Err(TransactionError::ConcurrentTransactions));
    world.complete();
    let other = world.init(None).unwrap();
    for zombie in [first, next] {
        assert_eq!(world.init(Some(zombie)), Err(TransactionError::ProducerFenced));
    }
    world.add(other, 0).unwrap();
}

#[test]
fn idle_ids_are_forgotten_and_busy_ones_are_not() {
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    let mut world = World::new(V2);
    let first = world.init(None).unwrap();
    world.pass(week / 2);
    assert!(world.state().is_some());
    world.add(first, 0).unwrap();
    let second = world.end(first, Commit).unwrap();
    world.pass(week * 2);
    assert_eq!(world.state(), Some(State::Prepare(Commit)), "its end is still to be written");
    world.complete();
    world.pass(week * 2);
    assert_eq!(world.state(), None);
    assert_eq!(world.add(second, 0), Err(TransactionError::InvalidProducerIdMapping));
    assert!(world.init(None).unwrap().id != second.id);
}

/// Two producers that fight for one id, restarts and time-outs at any moment.
#[test]
fn in_any_order_no_outcome_changes_and_no_epoch_is_given_out_twice() {
    let (mut ended, mut fenced) = (0, 0);
    for seed in 0..400 {
        for version in [V0, V2] {
            let (by_client, by_others) = fight(seed, version);
            ended += by_client;
            fenced += by_others;
        }
    }
    assert!(ended > 1_000 && fenced > 1_000, "{ended} {fenced}");
}

fn fight(seed: u64, version: TransactionVersion) -> (usize, usize) {
    let mut random = SeededRandom::new(seed);
    let mut world = World::new(version);
    let mut clients: [Option<Producer>; 2] = [None, None];
    // Who holds each id and epoch, and how each transaction's markers said that it ended.
    let mut owners: BTreeMap<Producer, usize> = BTreeMap::new();
    let mut newest: BTreeMap<ProducerId, Producer> = BTreeMap::new();
    let mut markers: BTreeMap<Producer, Outcome> = BTreeMap::new();
    let (mut ended, mut fenced) = (0, 0);
    for _ in 0..60 {
        let who = usize::try_from(random.below(2)).unwrap();
        match random.below(8) {
            0 => {
                let expected = clients[who].filter(|_| random.below(2) == 0);
                if let Ok(given) = world.init(expected) {
                    // Only a repeated request gets the same producer, and from the same client.
                    let owner = *owners.entry(given).or_insert(who);
                    assert_eq!(owner, who, "seed {seed}: {given:?} is given to two");
                    let before = newest.insert(given.id, given);
                    assert!(before.is_none_or(|before| before <= given), "seed {seed}");
                    clients[who] = Some(given);
                }
            }
            1..=3 => {
                let Some(own) = clients[who] else { continue };
                let partition = i32::try_from(random.below(3)).unwrap();
                if world.add(own, partition).is_err() {
                    fenced += 1;
                }
            }
            4 | 5 => {
                let Some(own) = clients[who] else { continue };
                let outcome = if random.below(2) == 0 { Commit } else { Abort };
                match world.end(own, outcome) {
                    Ok(next) => {
                        ended += 1;
                        owners.entry(next).or_insert(who);
                        assert_eq!(owners[&next], who, "seed {seed}");
                        // Half of the answers are lost, and the client asks again.
                        if random.below(2) == 0 {
                            clients[who] = Some(next);
                        }
                    }
                    Err(_) => fenced += 1,
                }
            }
            6 => {
                let told = world.complete();
                note(&mut markers, &told, version, seed);
            }
            _ => match random.below(3) {
                0 => world.pass(Duration::from_secs(61)),
                _ => {
                    let before = world.state();
                    world.restart();
                    assert_eq!(world.state(), before, "seed {seed}");
                }
            },
        }
    }
    (ended, fenced)
}

/// With version 2 each transaction has a producer of its own, so that its markers agree.
fn note(
    markers: &mut BTreeMap<Producer, Outcome>,
    told: &[Completion],
    version: TransactionVersion,
    seed: u64,
) {
    for completion in told {
        let before = markers.insert(completion.producer, completion.outcome);
        let agrees = before.is_none_or(|before| before == completion.outcome);
        assert!(agrees || version == V0, "seed {seed}: {completion:?}");
    }
}
