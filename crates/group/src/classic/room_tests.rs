//! How much members may keep in memory.

use bytes::Bytes;

use crate::test_world::{World, group_id, join, protocol, static_join};
use crate::{Generation, GroupError, GroupSettings, Join, MemberId, MembersRoom};

const LARGE: usize = 100_000;

fn world() -> World {
    World::with(GroupSettings {
        initial_rebalance_delay: std::time::Duration::ZERO,
        ..GroupSettings::default()
    })
}

fn saying(size: usize, member: Option<&MemberId>) -> Join {
    Join { protocols: vec![protocol("range", &vec![0; size])], ..join(member) }
}

fn size(world: &World) -> usize {
    world.shard.members_size(&world.soft)
}

fn bound(world: &mut World, group_size_max: usize, left: usize) {
    world.soft.set_members_room(MembersRoom { group_size_max, left });
}

#[test]
fn what_the_members_of_a_group_keep_is_bounded() {
    let mut world = world();
    let (first, ticket) = world.begin_join(saying(LARGE, None));
    world.pass_until_answered(ticket);
    assert!(size(&world) > LARGE);
    bound(&mut world, LARGE + LARGE / 2, usize::MAX);
    let refused = world.join(saying(LARGE, None));
    assert_eq!(world.refused(refused), GroupError::MembersTooLarge);
    let small = world.join(saying(10, None));
    assert_eq!(world.refused(small), GroupError::MemberIdRequired, "a small one has room");
    // Who is in it may say as much as before, or less, but not more than there is room for.
    let more = world.join(saying(2 * LARGE, Some(&first)));
    assert_eq!(world.refused(more), GroupError::MembersTooLarge);
    assert!(world.shard.describe(&world.soft, &group_id()).reply.unwrap().members.len() == 1);
    bound(&mut world, 10, 0);
    for wanted in [LARGE, LARGE / 2, LARGE / 2] {
        let again = world.join(saying(wanted, Some(&first)));
        world.pass_until_answered(again);
        assert_eq!(world.joined(again).member, first);
    }
}

#[test]
fn what_is_left_for_all_groups_is_what_a_group_may_grow_by() {
    let mut world = world();
    bound(&mut world, usize::MAX, LARGE);
    let refused = world.join(saying(LARGE, None));
    assert_eq!(world.refused(refused), GroupError::MembersTooLarge);
    let (_, ticket) = world.begin_join(saying(LARGE / 2, None));
    world.pass_until_answered(ticket);
    assert!(world.joined(ticket).generation.to_wire() > 0);
}

#[test]
fn who_leaves_or_falls_silent_gives_the_room_back() {
    let mut world = world();
    let (ids, _) = world.stable(2);
    let before = size(&world);
    world.leave_of(&ids[1]).unwrap()[0].unwrap();
    assert!(size(&world) < before);
    world.pass(120_000);
    assert_eq!(size(&world), 0, "sessions have ended");
}

#[test]
fn assignments_count_and_one_too_large_is_refused() {
    let mut world = world();
    let (ids, generation) = world.stable(1);
    let before = size(&world);
    let ticket = world.join(join(Some(&ids[0])));
    let text = "x".repeat(LARGE);
    let next = world.joined(ticket).generation;
    assert!(next > generation);
    let synced = world.sync_of(&ids[0], next, &[(&ids[0], &text)]);
    assert_eq!(world.synced(synced).unwrap().assignment, Bytes::from(text.clone()));
    assert!(size(&world) >= before + LARGE - 1);
    // The same again needs no room.
    bound(&mut world, 10, 0);
    let ticket = world.join(join(Some(&ids[0])));
    let next = world.joined(ticket).generation;
    let synced = world.sync_of(&ids[0], next, &[(&ids[0], &text)]);
    assert!(world.synced(synced).is_ok());
    let ticket = world.join(join(Some(&ids[0])));
    let next = world.joined(ticket).generation;
    let larger = world.sync_of(&ids[0], next, &[(&ids[0], &text.repeat(2))]);
    assert_eq!(world.synced(larger), Err(GroupError::MembersTooLarge));
    assert_eq!(world.state(), Some("PreparingRebalance"), "the group begins anew");
}

#[test]
fn a_static_member_takes_over_the_room_of_its_instance() {
    let mut world = world();
    let fixed = || Join { protocols: saying(LARGE, None).protocols, ..static_join("one") };
    let ticket = world.join(fixed());
    world.pass_until_answered(ticket);
    let id = world.joined(ticket).member;
    world.finish(&[(id, ticket)]);
    let before = size(&world);
    bound(&mut world, 10, 0);
    let again = world.join(fixed());
    assert!(world.joined(again).generation.to_wire() > 0);
    assert_eq!(size(&world), before);
}

#[test]
fn what_is_loaded_counts_whatever_the_bound() {
    let mut world = world();
    let (_, _) = world.stable(3);
    let before = size(&world);
    bound(&mut world, 10, 0);
    world.restart();
    assert_eq!(size(&world), before);
}

/// What was recorded stays in memory until the next generation is.
#[test]
fn what_members_said_when_they_were_recorded_counts_until_they_are_recorded_anew() {
    let mut world = world();
    let generation = |world: &mut World, size: usize, member: Option<&MemberId>| {
        let (id, ticket) = match member {
            None => world.begin_join(saying(size, None)),
            Some(id) => (id.clone(), world.join(saying(size, Some(id)))),
        };
        world.pass_until_answered(ticket);
        (id, world.joined(ticket).generation)
    };
    let sync = |world: &mut World, (id, generation): (MemberId, Generation)| {
        let synced = world.sync_of(&id, generation, &[(&id, "all")]);
        assert!(world.synced(synced).is_ok());
        id
    };
    let first = generation(&mut world, LARGE, None);
    let id = sync(&mut world, first);
    let next = generation(&mut world, 10, Some(&id));
    assert!(size(&world) > LARGE);
    let id = sync(&mut world, next);
    assert!(size(&world) < LARGE);
    let last = generation(&mut world, LARGE, Some(&id));
    let id = sync(&mut world, last);
    world.leave_of(&id).unwrap()[0].unwrap();
    assert_eq!(size(&world), 0, "the group is empty");
}
