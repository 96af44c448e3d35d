use std::time::Duration;

use super::*;
use crate::consumer::test_cluster::{join as consumer_join, report};
use crate::test_world::{World, group_id, join};
use crate::{
    ConsumerHeartbeat, GroupId, HISTORY_GROUP_COUNT_MAX, HISTORY_REBALANCE_COUNT_MAX,
    HISTORY_TEXT_SIZE_MAX, Join, MemberId, Why,
};

fn history(world: &World) -> HistoryDescription {
    let described = world.shard.history(&world.soft, world.now(), &group_id());
    described.reply.expect("the group is there")
}

fn last(world: &World) -> Rebalance {
    history(world).history.rebalances.back().cloned().expect("it rebalanced")
}

fn of<'a>(history: &'a HistoryDescription, id: &MemberId) -> &'a MemberHistory {
    history.members.iter().find(|member| member.who.member == *id).expect("it is a member")
}

fn seconds(count: u64) -> Option<Duration> {
    Some(Duration::from_secs(count))
}

#[test]
fn a_rebalance_says_who_set_it_off_who_was_slow_and_what_it_led_to() {
    let mut world = World::new();
    let (ids, first) = world.stable(2);
    let before = history(&world).history.count;
    world.pass(5_000);
    let reason = Some("first poll".into());
    let (newcomer, _) = world.begin_join(Join { reason, ..join(None) });
    let running = last(&world);
    assert_eq!((running.why, running.ended_at, running.epoch), (Why::NewMember, None, None));
    assert_eq!(running.client_reason.as_deref(), Some("first poll"));
    assert_eq!(
        running.cause.map(|who| (who.member, who.client.id)),
        Some((newcomer.clone(), "app".into()))
    );
    let blocking = history(&world);
    assert!(ids.iter().all(|id| of(&blocking, id).blocks == Some(Blocker::Join)));
    assert_eq!(of(&blocking, &newcomer).blocks, None);
    world.pass(2_000);
    world.join(join(Some(&ids[0])));
    world.pass(1_000);
    world.join(join(Some(&ids[1])));
    let joined = history(&world);
    assert_eq!(of(&joined, &ids[0]).join_took, seconds(2));
    assert_eq!(of(&joined, &ids[1]).join_took, seconds(3));
    assert_eq!(of(&joined, &ids[0]).blocks, Some(Blocker::Assignment), "the leader");
    assert_eq!(of(&joined, &ids[1]).blocks, None);
    world.pass(4_000);
    world.sync_of(&ids[0], first.next(), &[]);
    world.pass(1_000);
    world.sync_of(&newcomer, first.next(), &[]);
    let ended = last(&world);
    let slowest = ended.slowest.expect("somebody was");
    assert_eq!((slowest.who.member, slowest.step), (ids[0].clone(), SlowStep::Sync));
    assert_eq!(Some(slowest.after), seconds(4));
    assert_eq!((ended.epoch, ended.member_count), (Some(first.next().to_wire()), 3));
    let took = ended.ended_at.expect("it is over").as_millis() - ended.started_at.as_millis();
    assert_eq!(took, 7_000);
    let after = history(&world);
    assert_eq!(of(&after, &newcomer).sync_took, seconds(5));
    assert_eq!(after.history.count, before + 1);
}

#[test]
fn who_went_silent_is_named_and_silence_is_measured() {
    let mut world = World::new();
    let (ids, first) = world.stable(2);
    for wait in [3_000, 6_000, 2_000] {
        world.pass(wait);
        // The other's session ends meanwhile, so the last answer is that the group rebalances.
        let _ = world.heartbeat(&ids[0], first);
    }
    let measured = history(&world);
    assert_eq!(of(&measured, &ids[0]).heartbeat_gap_max, seconds(6));
    assert_eq!(of(&measured, &ids[0]).since_heartbeat, seconds(0));
    let rebalance = last(&world);
    assert_eq!(rebalance.why, Why::SessionExpired);
    assert_eq!(rebalance.cause.map(|who| who.member), Some(ids[1].clone()));
}

#[test]
fn who_is_given_up_is_the_slowest_and_the_history_outlives_the_members() {
    let mut world = World::new();
    let (ids, _) = world.stable(2);
    world.begin_join(join(None));
    world.join(join(Some(&ids[1])));
    for _ in 0..10 {
        world.pass(6_000);
        let _ = world.heartbeat(&ids[0], history_generation(&world));
    }
    let slowest = last(&world).slowest.expect("somebody was");
    assert_eq!((slowest.who.member, slowest.step), (ids[0].clone(), SlowStep::Join));
    assert_eq!(Some(slowest.after), seconds(60));
    let left: Vec<MemberId> =
        history(&world).members.iter().map(|member| member.who.member.clone()).collect();
    for id in &left {
        world.leave_of(id).unwrap();
    }
    // The last to leave empties the group, and so ends its last rebalance.
    let empty = history(&world);
    assert!(empty.members.is_empty());
    let end = empty.history.rebalances.back().expect("remembered").clone();
    assert_eq!((end.why, end.member_count), (Why::MemberLeft, 0));
    assert!(end.ended_at.is_some());
}

fn history_generation(world: &World) -> crate::Generation {
    crate::Generation::from_wire(history(world).epoch).expect("it has one")
}

#[test]
fn a_consumer_groups_history_has_the_same_facts() {
    let mut world = World::new();
    world.report(consumer_join("a", &["orders"])).unwrap();
    let alone = last(&world);
    assert_eq!((alone.why, alone.epoch, alone.member_count), (Why::NewMember, Some(2), 1));
    world.pass(1_000);
    world.report(consumer_join("b", &["orders"])).unwrap();
    let asked = world.report(report("a", 2)).unwrap();
    let held = history(&world);
    let [a, b] = &held.members[..] else { panic!("{held:?}") };
    assert!(matches!(&a.blocks, Some(Blocker::Revocation(partitions)) if partitions.len() == 2));
    assert_eq!((&b.blocks, last(&world).ended_at), (&None, None));
    world.pass(3_000);
    let kept = asked.assignment.unwrap().partitions().collect();
    world.report(ConsumerHeartbeat { owned: Some(kept), ..report("a", 2) }).unwrap();
    world.pass(2_000);
    world.report(report("b", 3)).unwrap();
    let ended = last(&world);
    assert_eq!((ended.epoch, ended.member_count), (Some(3), 2));
    assert_eq!(ended.cause.map(|who| who.member.to_string()).as_deref(), Some("b"));
    let slowest = ended.slowest.expect("somebody was");
    assert_eq!((slowest.step, Some(slowest.after)), (SlowStep::Reconcile, seconds(5)));
    assert_eq!(history(&world).members[0].since_heartbeat, seconds(2));
    // Silent for its session: it is named, and the others get what it had.
    world.pass(44_000);
    world.report(report("b", 3)).unwrap();
    let expired = last(&world);
    assert_eq!(expired.why, Why::SessionExpired);
    assert_eq!(expired.cause.map(|who| who.member.to_string()).as_deref(), Some("a"));
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut world = World::new();
    for _ in 0..HISTORY_REBALANCE_COUNT_MAX + 3 {
        let (ids, _) = world.stable(1);
        world.leave_of(&ids[0]).unwrap();
    }
    let remembered = history(&world).history;
    assert_eq!(remembered.rebalances.len(), HISTORY_REBALANCE_COUNT_MAX);
    assert_eq!(remembered.count, 2 * (HISTORY_REBALANCE_COUNT_MAX as u64 + 3));
    let mut histories = Histories::default();
    for number in 0..=HISTORY_GROUP_COUNT_MAX {
        world.millis += 1;
        let group = GroupId::new(&format!("group-{number}")).unwrap();
        histories.entry(&group).begin(world.now(), Why::NewMember, None, None);
    }
    let has =
        |number: usize| histories.get(&GroupId::new(&format!("group-{number}")).unwrap()).is_some();
    assert_eq!((has(0), has(1), has(HISTORY_GROUP_COUNT_MAX)), (false, true, true));
    let client = crate::Client { id: "é".repeat(HISTORY_TEXT_SIZE_MAX).into(), host: "/1".into() };
    let who = Who::new(&MemberId::from_text("x".repeat(9_000)), &client);
    assert_eq!(who.member.as_str().len(), HISTORY_TEXT_SIZE_MAX);
    assert!(client.id.starts_with(&*who.client.id));
    assert!(who.client.id.len() <= HISTORY_TEXT_SIZE_MAX);
}
