use std::time::Duration;

use model::PartitionId;

use super::test_cluster::{join, member, names, report};
use super::*;
use crate::test_world::{World, group_id, key};
use crate::{Event, GroupError, GroupRecord, GroupSettings, GroupState, InstanceId, MemberId, Why};

fn world() -> World {
    World::new()
}

fn holding(name: &str, epoch: i32, owned: &[PartitionId]) -> ConsumerHeartbeat {
    ConsumerHeartbeat { owned: Some(owned.iter().copied().collect()), ..report(name, epoch) }
}

fn fixed(request: ConsumerHeartbeat) -> ConsumerHeartbeat {
    ConsumerHeartbeat { instance: Some(InstanceId::new("one")), ..request }
}

fn count(reply: &ConsumerHeartbeatReply) -> Option<usize> {
    reply.assignment.as_ref().map(Assignment::count)
}

fn state(world: &World) -> ConsumerState {
    match world.shard.list(&world.soft).reply.first().map(|listing| listing.state) {
        Some(GroupState::Consumer(state)) => state,
        other => panic!("not a consumer group: {other:?}"),
    }
}

/// `a` holds four partitions, then `b` joins.
fn joined_by_second() -> (World, Vec<PartitionId>) {
    let mut world = world();
    let first = world.report(join("a", &["orders"])).unwrap();
    assert_eq!((first.epoch, count(&first)), (2, Some(4)));
    let second = world.report(join("b", &["orders"])).unwrap();
    assert_eq!((second.epoch, count(&second)), (3, Some(0)));
    let all = world.cluster.partitions("orders").collect();
    (world, all)
}

#[test]
fn a_member_that_joins_alone_gets_everything_at_once() {
    let mut world = world();
    let reply = world.report(join("a", &["orders", "returns", "not-there"])).unwrap();
    assert_eq!((reply.epoch, count(&reply)), (2, Some(6)));
    assert_eq!(state(&world), ConsumerState::Stable);
    let before = world.log.len();
    assert_eq!(world.report(report("a", 2)).unwrap().assignment, None);
    assert_eq!(world.log.len(), before, "a report that says nothing new writes nothing");
}

#[test]
fn a_group_counts_from_1_without_a_record_of_its_own() {
    let mut world = world();
    assert_eq!(world.report(join("a", &[])).unwrap().epoch, 1);
    let is_of_group = |record: &GroupRecord| {
        let GroupRecord::Consumer { change, .. } = record else { return false };
        matches!(change, ConsumerChange::Group(_) | ConsumerChange::TargetEpoch(_))
    };
    assert!(!world.log.is_empty());
    assert!(!world.log.iter().any(is_of_group), "{:?}", world.log);
    world.restart();
    assert!(!world.events.iter().any(|event| matches!(event, Event::Repaired { .. })));
    assert_eq!(state(&world), ConsumerState::Stable);
    assert_eq!(world.report(join("b", &["orders"])).unwrap().epoch, 2);
}

#[test]
fn a_subscription_that_no_record_holds_is_refused_and_leaves_nothing_behind() {
    let mut world = world();
    world.report(join("a", &["orders"])).unwrap();
    world.soft.set_record_size_max(500);
    let before = world.log.clone();
    let long = "t".repeat(500);
    assert_eq!(world.report(join("b", &[&long])), Err(GroupError::RecordTooLarge));
    let more = ConsumerHeartbeat { topics: Some(names(&[&long])), ..report("a", 2) };
    assert_eq!(world.report(more), Err(GroupError::RecordTooLarge));
    assert_eq!(world.log, before);
    for _ in 0..20 {
        world.pass(4_000);
        assert_eq!(world.report(report("a", 2)).unwrap().epoch, 2);
    }
    assert_eq!(world.log, before, "nobody else was there");
    assert_eq!(world.report(join("b", &["orders"])).unwrap().epoch, 3);
}

#[test]
fn a_classic_group_stays_one_when_the_newcomer_is_refused_for_its_size() {
    let mut world = world();
    let (ids, generation) = world.stable(2);
    world.soft.set_record_size_max(500);
    let before = world.log.clone();
    let refused = world.report(join("n", &[&"t".repeat(500)]));
    assert_eq!(refused, Err(GroupError::RecordTooLarge));
    assert_eq!(world.log, before);
    assert!(ids.iter().all(|id| world.heartbeat(id, generation) == Ok(())));
}

fn leave_room(world: &mut World, left: usize) {
    world.soft.set_members_room(crate::MembersRoom { group_size_max: usize::MAX, left });
}

#[test]
fn what_members_read_is_bounded_and_given_back() {
    let mut world = world();
    let long = "t".repeat(5_000);
    world.report(join("a", &[&long])).unwrap();
    let size = world.shard.members_size(&world.soft);
    assert!(size > 5_000);
    leave_room(&mut world, 5_000);
    let before = world.log.clone();
    assert_eq!(world.report(join("b", &[&long])), Err(GroupError::MembersTooLarge));
    assert_eq!(world.log, before);
    world.report(join("b", &["orders"])).unwrap();
    leave_room(&mut world, 0);
    let epoch = world.report(join("a", &[&long])).expect("it is in the group").epoch;
    let more = ConsumerHeartbeat { topics: Some(names(&[&long, "orders"])), ..report("a", epoch) };
    assert_eq!(world.report(more), Err(GroupError::MembersTooLarge));
    world.restart();
    assert!(world.shard.members_size(&world.soft) > size);
    world.pass(100_000);
    assert_eq!(world.shard.members_size(&world.soft), 0);
}

#[test]
fn a_group_that_changes_its_type_needs_no_room_for_who_is_in_it() {
    let mut world = world();
    let (ids, generation) = world.stable(50);
    leave_room(&mut world, 10_000);
    world.report(join("n", &["orders"])).unwrap();
    assert!(world.heartbeat(&ids[0], generation).is_ok() || state(&world) != ConsumerState::Empty);
    assert!(world.shard.hard_members_size(&group_id()) > 10_000);
    leave_room(&mut world, 0);
    let ticket = world.join(crate::test_world::join(Some(&ids[0])));
    assert_eq!(world.joined(ticket).member, ids[0]);
    let large = vec![crate::test_world::protocol(
        "range",
        &crate::subscription::tests::subscription(&[&"t".repeat(200)]),
    )];
    let more = crate::Join { protocols: large, ..crate::test_world::join(Some(&ids[1])) };
    let ticket = world.join(more);
    assert_eq!(world.refused(ticket), GroupError::MembersTooLarge);
}

#[test]
fn partitions_are_let_go_of_before_another_gets_them() {
    let (mut world, all) = joined_by_second();
    assert_eq!(state(&world), ConsumerState::Reconciling);
    let asked = world.report(report("a", 2)).unwrap();
    assert_eq!((asked.epoch, count(&asked)), (2, Some(2)));
    let still = world.report(holding("a", 2, &all)).unwrap();
    assert_eq!((still.epoch, count(&still)), (2, None));
    assert_eq!(world.report(report("b", 3)).unwrap().assignment, None);
    let kept: Vec<PartitionId> = asked.assignment.unwrap().partitions().collect();
    let let_go = world.report(holding("a", 2, &kept)).unwrap();
    assert_eq!((let_go.epoch, count(&let_go)), (3, None));
    let got = world.report(report("b", 3)).unwrap();
    assert_eq!((got.epoch, count(&got)), (3, Some(2)));
    assert_eq!(state(&world), ConsumerState::Stable);
}

#[test]
fn a_member_that_does_not_let_go_in_time_is_out() {
    let (mut world, all) = joined_by_second();
    world.report(holding("a", 2, &all)).unwrap();
    for _ in 0..6 {
        world.pass(9_000);
        world.report(holding("a", 2, &all)).unwrap();
        world.report(report("b", 3)).unwrap();
    }
    world.pass(7_000);
    assert_eq!(world.report(report("a", 2)), Err(GroupError::UnknownMember));
    let why = world.events.iter().rev().find_map(|event| match event {
        Event::MemberRemoved { why, .. } => Some(*why),
        _ => None,
    });
    assert_eq!(why, Some(Why::RevokedTooLate));
    assert_eq!(count(&world.report(report("b", 3)).unwrap()), Some(4));
}

#[test]
fn a_silent_member_is_out_after_its_session_and_others_get_what_it_had() {
    let (mut world, _) = joined_by_second();
    world.pass(40_000);
    world.report(report("b", 3)).unwrap();
    world.pass(10_000);
    let reply = world.report(report("b", 3)).unwrap();
    assert_eq!((reply.epoch, count(&reply)), (4, Some(4)));
    assert_eq!(world.report(report("a", 2)), Err(GroupError::UnknownMember));
}

#[test]
fn epochs_fence_other_lives() {
    let (mut world, all) = joined_by_second();
    assert_eq!(world.report(report("a", 3)), Err(GroupError::FencedMemberEpoch));
    assert_eq!(world.report(report("nobody", 2)), Err(GroupError::UnknownMember));
    world.report(report("a", 2)).unwrap();
    world.report(holding("a", 2, &all[..2])).unwrap();
    // It has not heard of epoch 3: believed if it holds nothing that is not its own.
    assert_eq!(world.report(holding("a", 2, &all[1..3])), Err(GroupError::FencedMemberEpoch));
    assert_eq!(world.report(report("a", 2)), Err(GroupError::FencedMemberEpoch));
    assert_eq!(world.report(holding("a", 2, &all[..2])).unwrap().epoch, 3);
}

#[test]
fn who_leaves_is_gone_at_once_and_an_empty_group_can_be_deleted() {
    let (mut world, _) = joined_by_second();
    assert_eq!(world.report(report("a", -1)).unwrap().epoch, -1);
    assert_eq!(count(&world.report(report("b", 3)).unwrap()), Some(4));
    let now = world.now();
    let decision = world.shard.delete(&mut world.soft, now, &group_id());
    assert_eq!(world.carry_out(decision), Err(GroupError::NonEmptyGroup));
    world.report(report("b", -1)).unwrap();
    assert_eq!(state(&world), ConsumerState::Empty);
    let decision = world.shard.delete(&mut world.soft, now, &group_id());
    assert_eq!(world.carry_out(decision), Ok(()));
    assert!(world.shard.groups.is_empty());
    assert_eq!(world.report(report("b", 4)), Err(GroupError::NotConsumerGroup));
}

#[test]
fn a_static_member_that_pauses_keeps_its_place() {
    let mut world = world();
    let joined = world.report(fixed(join("s1", &["orders"]))).unwrap();
    assert_eq!(count(&joined), Some(4));
    assert_eq!(world.report(fixed(join("s2", &["orders"]))), Err(GroupError::UnreleasedInstance));
    assert_eq!(world.report(fixed(report("s2", 2))), Err(GroupError::FencedInstance));
    assert_eq!(world.report(fixed(report("s1", -2))).unwrap().epoch, -2);
    let other = world.report(join("b", &["orders"])).unwrap();
    assert_eq!(count(&other), Some(0), "its partitions wait for it");
    let back = world.report(fixed(join("s2", &["orders"]))).unwrap();
    assert_eq!((back.epoch, count(&back)), (3, Some(2)));
    assert_eq!(world.report(fixed(report("s1", 2))), Err(GroupError::FencedInstance));
    assert_eq!(count(&world.report(report("b", 3)).unwrap()), Some(2));
}

#[test]
fn a_static_member_that_stays_away_is_out_after_its_session() {
    let mut world = world();
    world.report(fixed(join("s1", &["orders"]))).unwrap();
    world.report(fixed(report("s1", -2))).unwrap();
    world.pass(46_000);
    assert_eq!(state(&world), ConsumerState::Empty);
    let joined = world.report(join("b", &["orders"])).unwrap();
    assert_eq!(count(&joined), Some(4));
}

#[test]
fn partitions_that_a_topic_gets_later_are_assigned() {
    let mut world = world();
    world.report(join("a", &["orders", "later"])).unwrap();
    world.cluster.set_topic("orders", 6);
    let reply = world.report(report("a", 2)).unwrap();
    assert_eq!((reply.epoch, count(&reply)), (3, Some(6)));
    world.cluster.set_topic("later", 1);
    assert_eq!(count(&world.report(report("a", 3)).unwrap()), Some(7));
    world.cluster.set_topic("another", 1);
    assert_eq!(world.report(report("a", 4)).unwrap().epoch, 4, "nobody reads it");
}

#[test]
fn a_topic_that_is_deleted_leaves_the_assignment() {
    let mut world = world();
    world.report(join("a", &["orders", "returns"])).unwrap();
    world.cluster.remove_topic("returns");
    let reply = world.report(report("a", 2)).unwrap();
    assert_eq!(count(&reply), Some(4));
}

#[test]
fn a_pattern_follows_the_topics_that_fit() {
    let mut world = world();
    let pattern = |text: &str| Some(text.into());
    let bad = ConsumerHeartbeat { pattern: pattern("("), ..join("a", &[]) };
    assert_eq!(world.report(bad), Err(GroupError::InvalidPattern));
    assert!(world.log.is_empty());
    let joins = ConsumerHeartbeat { pattern: pattern("ord.*"), topics: None, ..join("a", &[]) };
    assert_eq!(count(&world.report(joins).unwrap()), Some(4));
    world.cluster.set_topic("ordinary", 3);
    assert_eq!(count(&world.report(report("a", 2)).unwrap()), Some(7));
    world.restart();
    assert_eq!(world.report(report("a", 3)).unwrap().epoch, 3);
    let other = ConsumerHeartbeat { pattern: pattern(".*"), ..report("a", 3) };
    assert_eq!(count(&world.report(other).unwrap()), Some(9));
    let patterns = world.shard.consumer(&group_id()).unwrap().patterns.keys();
    assert_eq!(patterns.map(|text| text.to_string()).collect::<Vec<_>>(), [".*"]);
    let none = ConsumerHeartbeat { pattern: pattern(""), ..report("a", 4) };
    world.report(none).unwrap();
    assert!(world.shard.consumer(&group_id()).unwrap().patterns.is_empty());
}

#[test]
fn a_pattern_is_resolved_again_although_the_image_was_seen_before() {
    let mut world = world();
    let pattern = Some("ord.*".into());
    world.report(ConsumerHeartbeat { pattern, topics: None, ..join("a", &[]) }).unwrap();
    world.cluster.set_topic_unnoticed("ordinary", 3);
    assert_eq!(world.report(report("a", 2)).unwrap().assignment, None);
    world.cluster.notice_names();
    assert_eq!(count(&world.report(report("a", 2)).unwrap()), Some(7));
}

#[test]
fn what_a_member_does_not_read_any_more_is_taken_from_it() {
    let mut world = world();
    world.report(join("a", &["orders", "returns"])).unwrap();
    let less = ConsumerHeartbeat { topics: Some(names(&["returns"])), ..report("a", 2) };
    let reply = world.report(less).unwrap();
    assert_eq!((reply.epoch, count(&reply)), (2, Some(2)));
    let kept: Vec<PartitionId> = world.cluster.partitions("returns").collect();
    assert_eq!(world.report(holding("a", 2, &kept)).unwrap().epoch, 3);
}

#[test]
fn assignments_come_no_faster_than_the_interval() {
    let mut world = world();
    world.cluster.times.assignment_interval = Duration::from_secs(1);
    world.report(join("a", &["orders"])).unwrap();
    let second = world.report(join("b", &["orders"])).unwrap();
    assert_eq!((second.epoch, count(&second)), (2, Some(0)));
    assert_eq!(state(&world), ConsumerState::Assigning);
    world.pass(1_000);
    assert_eq!(world.report(report("b", 2)).unwrap().epoch, 3);
    assert_eq!(count(&world.report(report("a", 2)).unwrap()), Some(2));
}

#[test]
fn a_group_takes_no_more_members_than_it_may_have() {
    let consumer = ConsumerSettings { member_count_max: 1, ..ConsumerSettings::default() };
    let mut world = World::with(GroupSettings { consumer, ..GroupSettings::default() });
    world.report(join("a", &["orders"])).unwrap();
    assert_eq!(world.report(join("b", &["orders"])), Err(GroupError::GroupFull));
    assert!(world.report(report("a", 2)).is_ok());
}

#[test]
fn an_assignor_must_be_one_of_the_brokers() {
    let consumer =
        ConsumerSettings { assignors: vec![Assignor::Range], ..ConsumerSettings::default() };
    let mut world = World::with(GroupSettings { consumer, ..GroupSettings::default() });
    let with =
        |name: &str| ConsumerHeartbeat { assignor: Some(name.into()), ..join("a", &["orders"]) };
    assert_eq!(world.report(with("uniform")), Err(GroupError::UnsupportedAssignor));
    assert!(world.report(with("range")).is_ok());
    let described = world.shard.describe_consumer_group(&world.soft, &group_id()).reply.unwrap();
    assert_eq!(described.assignor, Assignor::Range);
    assert_eq!(described.members[0].target.count(), 4);
}

#[test]
fn an_old_client_without_an_id_gets_one() {
    let mut world = world();
    let reply = world.report(ConsumerHeartbeat { member: None, ..join("", &["orders"]) }).unwrap();
    assert_eq!(reply.member.as_str().len(), 22);
    assert!(world.report(report(reply.member.as_str(), 2)).is_ok());
}

#[test]
fn commits_are_fenced_by_the_epoch_that_a_partition_was_got_with() {
    let (mut world, all) = joined_by_second();
    world.report(report("a", 2)).unwrap();
    world.report(holding("a", 2, &all[..2])).unwrap();
    world.report(report("b", 3)).unwrap();
    let mut commit = |name: &str, epoch: Option<i32>, index: i32, knows: bool| {
        world.commit_of_consumer(name, epoch, &[("orders", index)], knows)
    };
    assert_eq!(commit("a", Some(3), 0, true), Ok(vec![Ok(())]));
    assert_eq!(commit("a", Some(2), 0, true), Ok(vec![Ok(())]), "it holds it since epoch 2");
    assert_eq!(commit("a", Some(2), 3, true), Err(GroupError::StaleMemberEpoch));
    assert_eq!(commit("b", Some(2), 3, true), Err(GroupError::StaleMemberEpoch));
    assert_eq!(commit("a", Some(10), 0, true), Err(GroupError::StaleMemberEpoch));
    assert_eq!(commit("nobody", Some(3), 0, true), Err(GroupError::UnknownMember));
    assert_eq!(commit("a", Some(3), 0, false), Err(GroupError::VersionTooOld));
    let check = |world: &World, name: &str, epoch: i32| {
        world.shard.check_fetch(
            &group_id(),
            MemberId::new(name).as_ref(),
            MemberEpoch::from_wire(epoch),
        )
    };
    assert_eq!(check(&world, "", -1), Ok(()));
    assert_eq!(check(&world, "a", 3), Ok(()));
    assert_eq!(check(&world, "a", 2), Err(GroupError::StaleMemberEpoch));
    assert_eq!(check(&world, "x", 2), Err(GroupError::UnknownMember));
}

#[test]
fn offsets_of_what_members_read_do_not_expire_and_the_rest_do() {
    let mut world = world();
    world.report(join("a", &["orders"])).unwrap();
    world.commit_of_consumer("a", Some(2), &[("orders", 0), ("returns", 0)], true).unwrap().len();
    for _ in 0..(8 * 24 * 60) {
        world.pass(60_000 / 2);
        world.report(report("a", 2)).unwrap();
        world.pass(60_000 / 2);
        world.report(report("a", 2)).unwrap();
    }
    assert!(world.committed(&key("orders", 0)).is_some());
    assert_eq!(world.committed(&key("returns", 0)), None);
    world.report(report("a", -1)).unwrap();
    world.pass(8 * 86_400_000);
    assert!(world.shard.groups.is_empty(), "an empty group goes with its last offset");
}

#[test]
fn the_log_holds_the_whole_group() {
    let (mut world, all) = joined_by_second();
    world.report(holding("a", 2, &all)).unwrap();
    let before = format!("{:?}", world.shard);
    world.restart();
    assert_eq!(before, format!("{:?}", world.shard));
    let kept = world.report(holding("a", 2, &all[..2])).unwrap();
    assert_eq!((kept.epoch, count(&kept)), (3, None));
    world.pass(46_000);
    assert_eq!(state(&world), ConsumerState::Empty, "members get one session after a restart");
}

#[test]
fn contradicting_records_are_repaired_when_they_are_loaded() {
    let (mut world, _) = joined_by_second();
    let of_a = world.shard.consumer(&group_id()).unwrap().current(&member("a"));
    let change = ConsumerChange::Current(member("ghost"), Some(of_a));
    world.log.push(GroupRecord::Consumer { group: group_id(), change });
    world.restart();
    world.shard.consumer(&group_id()).unwrap().assert_invariants();
    assert_eq!(world.report(report("a", 2)), Err(GroupError::FencedMemberEpoch));
    let again = world.report(join("a", &["orders"])).unwrap();
    assert_eq!(count(&again), Some(2));
}

#[test]
fn a_classic_group_without_members_becomes_a_consumer_group_with_its_offsets() {
    let mut world = world();
    let (ids, generation) = world.stable(1);
    world.commit(Some((&ids[0], generation)), &[(key("orders", 0), 5)]).unwrap();
    assert_eq!(world.report(report("a", 2)), Err(GroupError::NotConsumerGroup));
    world.leave_of(&ids[0]).unwrap();
    let reply = world.report(join("a", &["orders"])).unwrap();
    assert_eq!(count(&reply), Some(4));
    assert_eq!(world.committed(&key("orders", 0)), Some(5));
    world.restart();
    assert_eq!(state(&world), ConsumerState::Stable);
    assert_eq!(world.committed(&key("orders", 0)), Some(5));
}

#[test]
fn a_consumer_group_without_members_becomes_a_classic_one_with_its_offsets() {
    let mut world = world();
    world.report(join("a", &["orders"])).unwrap();
    world.commit_of_consumer("a", Some(2), &[("orders", 0)], true).unwrap();
    world.report(report("a", -1)).unwrap();
    let (_, _) = world.stable(1);
    assert_eq!(world.state(), Some("Stable"));
    assert!(world.committed(&key("orders", 0)).is_some());
    world.restart();
    assert_eq!(world.state(), Some("Stable"));
    assert!(world.committed(&key("orders", 0)).is_some());
}
