use super::classic_protocol::parse_assignment;
use super::test_cluster::{join, report};
use super::{ConsumerSettings, ConsumerState, MigrationPolicy};
use crate::subscription::tests::subscription;
use crate::test_world::{self, World, group_id, key, protocol};
use crate::{
    Generation, GroupError, GroupSettings, GroupState, Heartbeat, Join, Joined, LeavingMember,
    MemberId, State, Sync,
};

fn with_policy(upgrade: bool, downgrade: bool) -> World {
    let consumer = ConsumerSettings {
        migration: MigrationPolicy { upgrade, downgrade },
        ..ConsumerSettings::default()
    };
    World::with(GroupSettings { consumer, ..GroupSettings::default() })
}

fn classic(member: Option<&MemberId>) -> Join {
    Join {
        protocols: vec![protocol("range", &subscription(&["orders"]))],
        ..test_world::join(member)
    }
}

fn kind(world: &World) -> GroupState {
    world.shard.list(&world.soft).reply[0].state
}

/// A classic member joins the consumer group: first it gets an id.
fn join_classic(world: &mut World) -> Joined {
    let ticket = world.join(classic(None));
    let refusal = world.refusal(ticket);
    assert_eq!(refusal.error, GroupError::MemberIdRequired);
    let ticket = world.join(classic(refusal.member.as_ref()));
    world.joined(ticket)
}

fn rejoin(world: &mut World, member: &MemberId) -> Joined {
    let ticket = world.join(classic(Some(member)));
    world.joined(ticket)
}

fn sync(world: &mut World, joined: &Joined) -> Result<usize, GroupError> {
    let ticket = world.sync_of(&joined.member, joined.generation, &[]);
    let synced = world.synced(ticket)?;
    let topics = parse_assignment(&synced.assignment).unwrap();
    Ok(topics.iter().map(|(_, indexes)| indexes.len()).sum())
}

#[test]
fn members_of_both_protocols_share_the_partitions() {
    let mut world = with_policy(true, true);
    world.report(join("new", &["orders"])).unwrap();
    let joined = join_classic(&mut world);
    assert_eq!(joined.generation.to_wire(), 3);
    assert!(joined.leader.is_none() && joined.members.is_empty(), "nobody leads");
    assert_eq!(sync(&mut world, &joined), Ok(0), "the other has not let go yet");
    assert_eq!(world.heartbeat(&joined.member, joined.generation), Ok(()));
    let kept = world.report(report("new", 2)).unwrap().assignment.unwrap();
    assert_eq!(kept.count(), 2);
    let let_go = super::ConsumerHeartbeat { owned: Some(kept), ..report("new", 2) };
    assert_eq!(world.report(let_go).unwrap().epoch, 3);
    let beat = world.heartbeat(&joined.member, joined.generation);
    assert_eq!(beat, Err(GroupError::RebalanceInProgress), "its partitions are free");
    let again = rejoin(&mut world, &joined.member);
    assert_eq!(again.generation.to_wire(), 3);
    assert_eq!(sync(&mut world, &again), Ok(2));
    assert_eq!(world.heartbeat(&joined.member, joined.generation), Ok(()));
    assert_eq!(kind(&world), GroupState::Consumer(ConsumerState::Stable));
    world.restart();
    assert_eq!(world.heartbeat(&joined.member, joined.generation), Ok(()));
    world.pass(11_000);
    let reply = world.report(report("new", 3)).unwrap();
    assert_eq!(reply.assignment.unwrap().count(), 4, "its session is that of its protocol");
}

#[test]
fn where_no_group_may_change_its_type_no_classic_member_comes_in() {
    let mut world = with_policy(false, false);
    world.report(join("new", &["orders"])).unwrap();
    let ticket = world.join(classic(None));
    assert_eq!(world.refused(ticket), GroupError::InconsistentProtocol);
    world.report(report("new", -1)).unwrap();
    assert_eq!(world.stable(1).0.len(), 1, "an empty group is another matter");
}

#[test]
fn requests_of_classic_members_are_checked() {
    let mut world = with_policy(true, true);
    world.report(join("new", &["orders"])).unwrap();
    let joined = join_classic(&mut world);
    let (id, generation) = (&joined.member, joined.generation);
    assert_eq!(world.heartbeat(id, generation.next()), Err(GroupError::IllegalGeneration));
    let new = MemberId::new("new").unwrap();
    assert_eq!(world.heartbeat(&new, generation), Err(GroupError::UnknownMember));
    let ticket = world.sync_of(id, generation.next(), &[]);
    assert_eq!(world.synced(ticket), Err(GroupError::IllegalGeneration));
    let other = Join { protocols: vec![protocol("mine", b"\0\0")], ..classic(Some(&new)) };
    let ticket = world.join(other);
    assert_eq!(world.refused(ticket), GroupError::InconsistentProtocol);
    let commit = |world: &mut World, raw| {
        world.commit(Some((id, Generation::from_wire(raw).unwrap())), &[(key("orders", 0), 1)])
    };
    assert_eq!(commit(&mut world, generation.to_wire()), Ok(vec![Ok(())]));
    assert_eq!(commit(&mut world, 1), Err(GroupError::IllegalGeneration));
    let nobody = LeavingMember { member: MemberId::new("x"), instance: None, reason: None };
    assert_eq!(world.leave(vec![nobody]), Ok(vec![Err(GroupError::UnknownMember)]));
}

#[test]
fn a_classic_member_that_does_not_come_again_in_time_is_out() {
    let mut world = with_policy(true, true);
    world.report(join("new", &["orders"])).unwrap();
    let joined = join_classic(&mut world);
    sync(&mut world, &joined).unwrap();
    world.report(join("newer", &["orders"])).unwrap();
    for _ in 0..13 {
        let beat = world.heartbeat(&joined.member, joined.generation);
        if beat == Err(GroupError::UnknownMember) {
            return;
        }
        assert_eq!(beat, Err(GroupError::RebalanceInProgress));
        world.pass(5_000);
        let _ = world.report(report("new", 2));
        let _ = world.report(report("newer", 4));
    }
    panic!("it is still a member");
}

#[test]
fn a_classic_group_with_members_is_upgraded_if_the_policy_lets_it() {
    let mut world = with_policy(false, true);
    world.stable(1);
    assert_eq!(world.report(join("new", &["orders"])), Err(GroupError::NotConsumerGroup));
    assert_eq!(kind(&world), GroupState::Classic(State::Stable));

    let mut world = with_policy(true, false);
    let (ids, generation) = stable_with_partitions(&mut world);
    world.commit(Some((&ids[0], generation)), &[(key("orders", 0), 5)]).unwrap();
    let joined = world.report(join("new", &["orders"])).unwrap();
    assert_eq!(joined.epoch, generation.to_wire() + 1);
    assert_eq!(joined.assignment.unwrap().count(), 0);
    assert_eq!(kind(&world), GroupState::Consumer(ConsumerState::Reconciling));
    assert_eq!(world.committed(&key("orders", 0)), Some(5));
    let group = world.shard.consumer(&group_id()).unwrap();
    assert_eq!(group.current(&ids[0]).assigned.assignment().count(), 4, "it keeps what it had");
    let beat = world.heartbeat(&ids[0], generation);
    assert_eq!(beat, Err(GroupError::RebalanceInProgress));
    let again = rejoin(&mut world, &ids[0]);
    assert_eq!(sync(&mut world, &again), Ok(2));
    assert_eq!(world.report(report("new", joined.epoch)).unwrap().assignment.unwrap().count(), 2);
    world.restart();
    assert_eq!(kind(&world), GroupState::Consumer(ConsumerState::Stable));
}

/// One member that its leader, itself, gave all of `orders`.
fn stable_with_partitions(world: &mut World) -> (Vec<MemberId>, Generation) {
    let (id, ticket) = world.begin_join(classic(None));
    world.pass_until_answered(ticket);
    let generation = world.joined(ticket).generation;
    let all =
        [("orders".into(), world.cluster.partitions("orders").map(|it| it.partition).collect())];
    let assignment = super::classic_protocol::assignment(0, &all).unwrap();
    let request = Sync {
        group: group_id(),
        member: Some(id.clone()),
        instance: None,
        generation: Some(generation),
        protocol_type: None,
        protocol: None,
        assignments: vec![(id.clone(), assignment)],
        ticket: crate::Ticket(0),
    };
    let ticket = world.sync(request);
    assert!(world.synced(ticket).is_ok());
    (vec![id], generation)
}

#[test]
fn whoever_waits_in_a_classic_group_learns_of_its_upgrade() {
    let mut world = with_policy(true, true);
    let (ids, generation) = stable_with_partitions(&mut world);
    let (_, waiting) = world.begin_join(classic(None));
    assert!(world.is_parked(waiting));
    world.report(join("new", &["orders"])).unwrap();
    assert_eq!(world.refused(waiting), GroupError::RebalanceInProgress);
    assert!(world.open.is_empty());
    assert!(world.heartbeat(&ids[0], generation).is_err());
}

#[test]
fn without_members_of_the_new_protocol_the_group_is_classic_again_if_the_policy_lets_it() {
    for (downgrade, leaves) in [(true, true), (true, false), (false, true)] {
        let mut world = with_policy(true, downgrade);
        world.report(join("new", &["orders"])).unwrap();
        let joined = join_classic(&mut world);
        sync(&mut world, &joined).unwrap();
        world.commit(Some((&joined.member, joined.generation)), &[(key("orders", 0), 9)]).unwrap();
        if leaves {
            world.report(report("new", -1)).unwrap();
        } else {
            for _ in 0..9 {
                let _ = world.heartbeat(&joined.member, joined.generation);
                world.pass(5_500);
            }
        }
        let beat = world.heartbeat(&joined.member, joined.generation);
        assert_eq!(beat, Err(GroupError::RebalanceInProgress));
        if !downgrade {
            assert!(matches!(kind(&world), GroupState::Consumer(_)));
            continue;
        }
        assert_eq!(kind(&world), GroupState::Classic(State::PreparingRebalance));
        let ticket = world.join(classic(Some(&joined.member)));
        let again = world.joined(ticket);
        assert!(again.generation > joined.generation);
        assert_eq!(again.leader, Some(joined.member.clone()), "the members assign themselves");
        world.restart();
        assert!(matches!(kind(&world), GroupState::Classic(_)));
        assert_eq!(world.committed(&key("orders", 0)), Some(9));
    }
}

#[test]
fn a_static_classic_member_is_replaced_by_its_next_life_in_either_protocol() {
    let mut world = with_policy(true, true);
    world.report(join("new", &["orders"])).unwrap();
    let instance = crate::InstanceId::new("one");
    let fixed = |member| Join { instance: Some(instance.clone()), ..classic(member) };
    let ticket = world.join(fixed(None));
    let first = world.joined(ticket).member;
    let ticket = world.join(fixed(None));
    let second = world.joined(ticket).member;
    let ticket = world.join(fixed(Some(&first)));
    assert_eq!(world.refused(ticket), GroupError::FencedInstance);
    let request =
        super::ConsumerHeartbeat { instance: Some(instance), ..join("third", &["orders"]) };
    assert!(world.report(request).is_ok());
    let heartbeat = Heartbeat {
        group: group_id(),
        member: Some(second),
        instance: None,
        generation: Some(Generation::from_wire(3).unwrap()),
    };
    let now = world.now();
    let decision = world.shard.heartbeat(&mut world.soft, now, &world.cluster, &heartbeat);
    assert_eq!(world.carry_out(decision), Err(GroupError::UnknownMember));
}

#[test]
fn a_classic_member_may_leave_a_consumer_group() {
    let mut world = with_policy(true, true);
    world.report(join("new", &["orders"])).unwrap();
    let joined = join_classic(&mut world);
    world.leave_of(&joined.member).unwrap();
    assert_eq!(world.report(report("new", 2)).unwrap().epoch, 4);
}
