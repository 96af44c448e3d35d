//! What fits in a request and not in a record.

use crate::test_world::{World, join, protocol};
use crate::{GroupError, Join};

const SIZE_MAX: usize = 2_000;

fn world() -> World {
    let mut world = World::new();
    world.soft.set_record_size_max(SIZE_MAX);
    world
}

#[test]
fn a_member_whose_subscription_no_record_holds_cannot_join() {
    let mut world = world();
    let (ids, generation) = world.stable(2);
    let before = world.log.clone();
    let large = vec![protocol("range", &[0; SIZE_MAX + 1])];
    for member in [None, Some(&ids[1])] {
        let ticket = world.join(Join { protocols: large.clone(), ..join(member) });
        assert_eq!(world.refused(ticket), GroupError::RecordTooLarge);
    }
    assert_eq!(world.state(), Some("Stable"));
    assert_eq!(world.log, before);
    assert!(ids.iter().all(|id| world.heartbeat(id, generation) == Ok(())));
}

#[test]
fn an_assignment_that_no_record_holds_is_refused_to_all_and_the_group_begins_anew() {
    let mut world = world();
    let (ids, _) = world.stable(2);
    let before = world.log.clone();
    let joins = |world: &mut World| -> Vec<_> {
        ids.iter().map(|id| (id.clone(), world.join(join(Some(id))))).collect()
    };
    let first = joins(&mut world);
    let generation = world.joined(first[0].1).generation;
    let follower = world.sync_of(&ids[1], generation, &[]);
    let text = "x".repeat(SIZE_MAX);
    let leader = world.sync_of(&ids[0], generation, &[(&ids[1], text.as_str())]);
    for ticket in [follower, leader] {
        assert_eq!(world.synced(ticket), Err(GroupError::RecordTooLarge));
    }
    assert_eq!(world.log, before, "nothing is written");
    assert_eq!(world.state(), Some("PreparingRebalance"));
    assert_eq!(world.heartbeat(&ids[1], generation), Err(GroupError::RebalanceInProgress));
    let again = joins(&mut world);
    assert_eq!(world.finish(&again).0, ids);
}

#[test]
fn a_static_member_that_makes_the_record_too_large_sets_off_a_rebalance_instead() {
    let mut world = world();
    let fixed = |size: usize| Join {
        protocols: vec![protocol("range", &vec![0; size])],
        ..crate::test_world::static_join("one")
    };
    let ticket = world.join(fixed(10));
    world.pass_until_answered(ticket);
    let id = world.joined(ticket).member;
    world.finish(&[(id, ticket)]);
    let before = world.log.clone();
    // The bytes alone fit, with the rest of the record they do not.
    let ticket = world.join(fixed(SIZE_MAX));
    assert_eq!(world.log, before);
    let joined = world.joined(ticket);
    let synced = world.sync_of(&joined.member, joined.generation, &[]);
    assert_eq!(world.synced(synced), Err(GroupError::RecordTooLarge));
}
