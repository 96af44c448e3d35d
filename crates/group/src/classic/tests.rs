use std::time::Duration;

use super::*;
use crate::subscription::tests::subscription;
use crate::test_world::{World, group_id, join, key, protocol, static_join};
use crate::{
    Generation, GroupError, GroupRecord, GroupSettings, InstanceId, MemberId, Parked, Reply, Ticket,
};

fn generation(raw: i32) -> Generation {
    Generation::from_wire(raw).unwrap()
}

fn without_delay() -> GroupSettings {
    GroupSettings { initial_rebalance_delay: Duration::ZERO, ..GroupSettings::default() }
}

mod joining {
    use super::*;

    #[test]
    fn a_first_join_is_given_an_id_made_of_client_id_and_a_random_uuid() {
        let mut world = World::new();
        let ticket = world.join(join(None));
        let refusal = world.refusal(ticket);
        assert_eq!(refusal.error, GroupError::MemberIdRequired);
        let id = refusal.member.unwrap();
        let uuid = id.as_str().strip_prefix("app-").unwrap();
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert_eq!(&uuid[14..15], "4");
        assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"));
    }

    #[test]
    fn an_old_client_joins_without_the_detour() {
        let mut world = World::new();
        let ticket = world.join(Join { knows_member_id_required: false, ..join(None) });
        assert!(world.is_parked(ticket));
        world.pass(3_000);
        let joined = world.joined(ticket);
        assert_eq!(joined.generation, generation(1));
        assert_eq!(joined.leader, Some(joined.member.clone()));
    }

    #[test]
    fn a_session_timeout_outside_the_bounds_is_refused() {
        let mut world = World::new();
        for (millis, refused) in
            [(5_999, true), (6_000, false), (1_800_000, false), (1_800_001, true)]
        {
            let session_timeout = Duration::from_millis(millis);
            let ticket = world.join(Join { session_timeout, ..join(None) });
            let expected = if refused {
                GroupError::InvalidSessionTimeout
            } else {
                GroupError::MemberIdRequired
            };
            assert_eq!(world.refused(ticket), expected, "{millis}");
        }
    }

    #[test]
    fn the_empty_group_id_is_refused() {
        let mut world = World::new();
        let group = crate::GroupId::new("").unwrap();
        let ticket = world.join(Join { group, ..join(None) });
        assert_eq!(world.refused(ticket), GroupError::InvalidGroupId);
    }

    #[test]
    fn an_id_in_a_group_that_does_not_exist_is_unknown() {
        let mut world = World::new();
        let ticket = world.join(join(MemberId::new("stranger").as_ref()));
        assert_eq!(world.refused(ticket), GroupError::UnknownMember);
        assert_eq!(world.state(), None);
    }

    #[test]
    fn an_id_that_was_not_handed_out_is_unknown() {
        let mut world = World::new();
        world.stable(1);
        let ticket = world.join(join(MemberId::new("stranger").as_ref()));
        assert_eq!(world.refused(ticket), GroupError::UnknownMember);
    }

    #[test]
    fn a_join_without_any_protocol_is_refused() {
        let mut world = World::new();
        let ticket = world.join(Join { protocols: Vec::new(), ..join(None) });
        assert_eq!(world.refused(ticket), GroupError::InconsistentProtocol);
        let ticket = world.join(Join { protocol_type: "".into(), ..join(None) });
        assert_eq!(world.refused(ticket), GroupError::InconsistentProtocol);
    }

    #[test]
    fn a_protocol_that_not_all_support_is_refused() {
        let mut world = World::new();
        world.stable(2);
        let other = vec![protocol("sticky", b"")];
        let ticket = world.join(Join { protocols: other, ..join(None) });
        assert_eq!(world.refused(ticket), GroupError::InconsistentProtocol);
        let ticket = world.join(Join { protocol_type: "connect".into(), ..join(None) });
        assert_eq!(world.refused(ticket), GroupError::InconsistentProtocol);
    }

    #[test]
    fn a_protocol_named_twice_counts_once() {
        let mut world = World::with(without_delay());
        let protocols = vec![protocol("range", b"first"), protocol("range", b"second")];
        let (_, ticket) = world.begin_join(Join { protocols, ..join(None) });
        world.pass(0);
        assert_eq!(&world.joined(ticket).members[0].metadata[..], b"first");
    }

    #[test]
    fn the_protocol_with_most_votes_among_the_common_ones_is_chosen() {
        let mut world = World::new();
        let with = |names: [&str; 3]| Join {
            protocols: names.iter().map(|name| protocol(name, name.as_bytes())).collect(),
            ..join(None)
        };
        let (_, first) = world.begin_join(with(["only-me", "a", "b"]));
        let (_, second) = world.begin_join(with(["b", "a", "c"]));
        let (_, third) = world.begin_join(with(["b", "x", "a"]));
        world.pass_until_answered(first);
        for ticket in [first, second, third] {
            assert_eq!(world.joined(ticket).protocol.as_deref(), Some("b"));
        }
        assert!(world.joined(first).members.iter().all(|member| &member.metadata[..] == b"b"));
    }

    #[test]
    fn a_second_join_of_a_waiting_member_ends_the_first() {
        let mut world = World::new();
        let (id, first) = world.begin_join(join(None));
        let second = world.join(join(Some(&id)));
        assert_eq!(world.refused(first), GroupError::RebalanceInProgress);
        world.pass(3_000);
        assert_eq!(world.joined(second).member, id);
    }

    #[test]
    fn a_full_group_refuses_new_members_but_not_its_own() {
        let mut world = World::with(GroupSettings { member_count_max: 2, ..without_delay() });
        let (ids, _) = world.stable(2);
        let ticket = world.join(join(None));
        assert_eq!(world.refused(ticket), GroupError::GroupFull);
        assert_eq!(world.refusal(ticket).member, None);
        let ticket = world.join(join(Some(&ids[1])));
        assert_eq!(world.joined(ticket).member, ids[1]);
    }

    #[test]
    fn handed_out_ids_are_bounded() {
        let mut world = World::new();
        for _ in 0..crate::PENDING_MEMBER_COUNT_MAX {
            world.join(join(None));
        }
        let ticket = world.join(join(None));
        assert_eq!(world.refused(ticket), GroupError::GroupFull);
    }

    #[test]
    fn an_id_not_used_within_its_session_is_forgotten_and_with_it_the_group() {
        let mut world = World::new();
        let ticket = world.join(join(None));
        let id = world.refusal(ticket).member.unwrap();
        assert_eq!(world.state(), Some("Empty"));
        world.pass(10_000);
        let ticket = world.join(join(Some(&id)));
        assert_eq!(world.refused(ticket), GroupError::UnknownMember);
        assert_eq!(world.state(), None);
        assert!(world.log.is_empty());
    }
}

mod rebalancing {
    use super::*;

    #[test]
    fn the_first_joiner_leads_and_alone_gets_all_members() {
        let mut world = World::new();
        let joins: Vec<_> = (0..3).map(|_| world.begin_join(join(None))).collect();
        world.pass(6_000);
        for (id, ticket) in &joins {
            let joined = world.joined(*ticket);
            assert_eq!(joined.generation, generation(1));
            assert_eq!(joined.leader.as_ref(), Some(&joins[0].0));
            assert_eq!(joined.protocol.as_deref(), Some("range"));
            assert_eq!(joined.members.len(), if *id == joins[0].0 { 3 } else { 0 });
            assert!(!joined.skip_assignment);
        }
    }

    #[test]
    fn the_first_rebalance_waits_and_is_extended_while_members_come() {
        let mut world = World::new();
        let (_, first) = world.begin_join(join(None));
        world.pass(2_999);
        let (_, second) = world.begin_join(join(None));
        world.pass(1);
        assert!(world.is_parked(first));
        world.pass(2_999);
        assert!(world.is_parked(second));
        world.pass(1);
        assert_eq!(world.joined(first).generation, world.joined(second).generation);
    }

    #[test]
    fn the_extension_ends_with_the_rebalance_timeout() {
        let mut world = World::new();
        let patient = || Join { rebalance_timeout: Duration::from_secs(8), ..join(None) };
        let (_, first) = world.begin_join(patient());
        for _ in 0..4 {
            world.pass(2_000);
            if world.is_parked(first) {
                world.begin_join(patient());
            }
        }
        assert!(!world.is_parked(first));
    }

    #[test]
    fn a_new_member_makes_the_others_join_again() {
        let mut world = World::new();
        let (ids, first) = world.stable(2);
        let (newcomer, new_ticket) = world.begin_join(join(None));
        assert_eq!(world.state(), Some("PreparingRebalance"));
        assert_eq!(world.heartbeat(&ids[0], first), Err(GroupError::RebalanceInProgress));
        let again: Vec<_> = ids.iter().map(|id| (id.clone(), world.join(join(Some(id))))).collect();
        assert_eq!(world.state(), Some("CompletingRebalance"));
        assert_eq!(world.joined(new_ticket).generation, first.next());
        assert_eq!(world.joined(again[0].1).members.len(), 3);
        assert_eq!(world.joined(new_ticket).member, newcomer);
    }

    #[test]
    fn members_that_do_not_come_again_in_time_are_out() {
        let mut world = World::new();
        let (ids, first) = world.stable(2);
        let (_, new_ticket) = world.begin_join(join(None));
        let again = world.join(join(Some(&ids[1])));
        for _ in 0..9 {
            world.pass(6_000);
            assert_eq!(world.heartbeat(&ids[0], first), Err(GroupError::RebalanceInProgress));
        }
        assert!(world.is_parked(again));
        world.pass(6_000);
        let joined = world.joined(again);
        assert_eq!(joined.leader, Some(ids[1].clone()));
        assert_eq!(joined.members.len(), 2);
        assert!(world.joined(new_ticket).members.is_empty());
        assert_eq!(world.heartbeat(&ids[0], first), Err(GroupError::UnknownMember));
    }

    #[test]
    fn a_pending_member_holds_a_later_rebalance_open_until_its_session_ends() {
        let mut world = World::new();
        let (ids, _) = world.stable(1);
        world.join(join(None));
        let again = world.join(join(Some(&ids[0])));
        assert!(world.is_parked(again));
        world.pass(10_000);
        assert_eq!(world.joined(again).members.len(), 1);
    }

    #[test]
    fn the_leader_joining_again_always_rebalances_a_follower_only_with_new_metadata() {
        let mut world = World::new();
        let (ids, first) = world.stable(2);
        let follower = world.join(join(Some(&ids[1])));
        assert_eq!(world.joined(follower).generation, first);
        assert_eq!(world.state(), Some("Stable"));
        let leader = world.join(join(Some(&ids[0])));
        assert!(world.is_parked(leader));
        assert_eq!(world.state(), Some("PreparingRebalance"));
        let changed = Join {
            protocols: vec![protocol("range", &subscription(&["other"]))],
            ..join(Some(&ids[1]))
        };
        world.join(changed.clone());
        assert_eq!(world.joined(leader).generation, first.next());
        let joins = [(ids[0].clone(), leader)];
        world.sync_of(&ids[1], first.next(), &[]);
        world.sync_of(&joins[0].0, first.next(), &[]);
        let back = Join { protocols: join(None).protocols, ..changed };
        let follower = world.join(back);
        assert!(world.is_parked(follower));
        assert_eq!(world.state(), Some("PreparingRebalance"));
    }

    #[test]
    fn a_lost_join_answer_is_given_again_while_the_leader_assigns() {
        let mut world = World::new();
        let joins = [world.begin_join(join(None)), world.begin_join(join(None))];
        world.pass(6_000);
        let again = world.join(join(Some(&joins[0].0)));
        assert_eq!(world.joined(again), world.joined(joins[0].1));
        assert_eq!(world.state(), Some("CompletingRebalance"));
    }

    #[test]
    fn when_all_leave_the_group_is_empty_and_written_down_as_such() {
        let mut world = World::new();
        let (ids, first) = world.stable(2);
        for id in &ids {
            assert_eq!(world.leave_of(id), Ok(vec![Ok(())]));
        }
        assert_eq!(world.state(), Some("Empty"));
        let Some(GroupRecord::Group { state, .. }) = world.log.last() else {
            panic!("{:?}", world.log)
        };
        assert!(state.members.is_empty());
        assert_eq!(state.generation, first.next());
        assert_eq!((state.protocol.clone(), state.leader.clone()), (None, None));
        assert_eq!(state.protocol_type.as_deref(), Some("consumer"));
        assert_eq!(state.state_since, Some(world.now().wall));
        assert!(world.soft.groups.is_empty());
    }

    #[test]
    fn the_generation_goes_on_after_the_group_was_empty() {
        let mut world = World::new();
        let (ids, first) = world.stable(1);
        world.leave_of(&ids[0]).unwrap();
        let (_, second) = world.stable(1);
        assert_eq!(second, first.next().next());
    }

    #[test]
    fn cooperative_members_rebalance_twice_to_move_a_partition() {
        let mut world = World::new();
        let (ids, _) = world.stable(1);
        let (newcomer, new_ticket) = world.begin_join(join(None));
        let again = world.join(join(Some(&ids[0])));
        let second = world.joined(again).generation;
        let leader =
            world.sync_of(&ids[0], second, &[(&ids[0], "keeps a"), (&newcomer, "nothing yet")]);
        let follower = world.sync_of(&newcomer, second, &[]);
        assert_eq!(world.assignment(leader), "keeps a");
        assert_eq!(world.assignment(follower), "nothing yet");
        // The leader has revoked b: it joins again with what it still owns, and that moves b.
        let again = world.join(join(Some(&ids[0])));
        let new_again = world.join(join(Some(&newcomer)));
        let third = world.joined(again).generation;
        assert_eq!(world.joined(new_again).generation, third);
        let follower = world.sync_of(&newcomer, third, &[]);
        world.sync_of(&ids[0], third, &[(&ids[0], "keeps a"), (&newcomer, "gets b")]);
        assert_eq!(world.assignment(follower), "gets b");
        assert!(world.answers.contains_key(&new_ticket));
    }
}

mod syncing {
    use super::*;

    #[test]
    fn followers_wait_for_the_leader_and_all_get_their_own_part() {
        let mut world = World::new();
        let joins: Vec<_> = (0..2).map(|_| world.begin_join(join(None))).collect();
        world.pass(6_000);
        let (leader, follower) = (&joins[0].0, &joins[1].0);
        let first = world.sync_of(follower, generation(1), &[]);
        assert!(world.is_parked(first));
        let second = world.sync_of(leader, generation(1), &[(leader, "left"), (follower, "right")]);
        assert_eq!(world.assignment(first), "right");
        assert_eq!(world.assignment(second), "left");
        let GroupRecord::Group { state, .. } = &world.log[0] else { panic!("{:?}", world.log) };
        assert_eq!(state.members.len(), 2);
        assert_eq!(state.leader.as_ref(), Some(leader));
        assert!(state.members.iter().all(|member| !member.assignment.is_empty()));
    }

    #[test]
    fn a_member_that_the_leader_forgot_gets_the_empty_assignment() {
        let mut world = World::new();
        let joins: Vec<_> = (0..2).map(|_| world.begin_join(join(None))).collect();
        world.pass(6_000);
        world.sync_of(&joins[0].0, generation(1), &[(&joins[0].0, "all")]);
        let late = world.sync_of(&joins[1].0, generation(1), &[]);
        assert_eq!(world.assignment(late), "");
    }

    #[test]
    fn a_sync_in_the_wrong_state_or_generation_is_refused() {
        let mut world = World::new();
        let stranger = MemberId::new("stranger").unwrap();
        let ticket = world.sync_of(&stranger, generation(1), &[]);
        assert_eq!(world.synced(ticket), Err(GroupError::UnknownMember));
        let (ids, now) = world.stable(2);
        let ticket = world.sync_of(&stranger, now, &[]);
        assert_eq!(world.synced(ticket), Err(GroupError::UnknownMember));
        let ticket = world.sync_of(&ids[0], now.next(), &[]);
        assert_eq!(world.synced(ticket), Err(GroupError::IllegalGeneration));
        world.begin_join(join(None));
        let ticket = world.sync_of(&ids[0], now, &[]);
        assert_eq!(world.synced(ticket), Err(GroupError::RebalanceInProgress));
    }

    #[test]
    fn a_sync_for_another_protocol_is_refused() {
        let mut world = World::new();
        let (ids, now) = world.stable(1);
        let sync = Sync {
            group: group_id(),
            member: Some(ids[0].clone()),
            instance: None,
            generation: Some(now),
            protocol_type: Some("consumer".into()),
            protocol: Some("range".into()),
            assignments: Vec::new(),
            ticket: Ticket(0),
        };
        let ticket = world.sync(sync.clone());
        assert!(world.synced(ticket).is_ok());
        let ticket = world.sync(Sync { protocol: Some("sticky".into()), ..sync.clone() });
        assert_eq!(world.synced(ticket), Err(GroupError::InconsistentProtocol));
        let ticket = world.sync(Sync { protocol_type: Some("connect".into()), ..sync });
        assert_eq!(world.synced(ticket), Err(GroupError::InconsistentProtocol));
    }

    #[test]
    fn a_rebalance_ends_waiting_syncs() {
        let mut world = World::new();
        let joins: Vec<_> = (0..2).map(|_| world.begin_join(join(None))).collect();
        world.pass(6_000);
        let waiting = world.sync_of(&joins[1].0, generation(1), &[]);
        world.begin_join(join(None));
        assert_eq!(world.synced(waiting), Err(GroupError::RebalanceInProgress));
    }

    #[test]
    fn members_that_do_not_sync_in_time_are_out() {
        let mut world = World::new();
        let joins: Vec<_> = (0..2).map(|_| world.begin_join(join(None))).collect();
        world.pass(6_000);
        let waiting = world.sync_of(&joins[1].0, generation(1), &[]);
        for _ in 0..9 {
            world.pass(6_000);
            assert_eq!(world.heartbeat(&joins[0].0, generation(1)), Ok(()));
        }
        world.pass(6_000);
        assert_eq!(world.synced(waiting), Err(GroupError::RebalanceInProgress));
        assert_eq!(world.heartbeat(&joins[0].0, generation(1)), Err(GroupError::UnknownMember));
        let again = world.join(join(Some(&joins[1].0)));
        assert_eq!(world.joined(again).leader, Some(joins[1].0.clone()));
    }

    #[test]
    fn a_second_sync_of_a_waiting_member_ends_the_first() {
        let mut world = World::new();
        let joins: Vec<_> = (0..2).map(|_| world.begin_join(join(None))).collect();
        world.pass(6_000);
        let first = world.sync_of(&joins[1].0, generation(1), &[]);
        let second = world.sync_of(&joins[1].0, generation(1), &[]);
        assert_eq!(world.synced(first), Err(GroupError::RebalanceInProgress));
        assert!(world.is_parked(second));
    }
}

mod sessions {
    use super::*;

    #[test]
    fn a_silent_member_is_out_after_its_session_and_the_others_rebalance() {
        let mut world = World::new();
        let (ids, first) = world.stable(2);
        world.pass(9_999);
        assert_eq!(world.heartbeat(&ids[0], first), Ok(()));
        assert_eq!(world.state(), Some("Stable"));
        world.pass(1);
        assert_eq!(world.state(), Some("PreparingRebalance"));
        assert_eq!(world.heartbeat(&ids[1], first), Err(GroupError::UnknownMember));
        let again = world.join(join(Some(&ids[0])));
        assert_eq!(world.joined(again).members.len(), 1);
    }

    #[test]
    fn a_heartbeat_names_the_current_generation_and_a_known_member() {
        let mut world = World::new();
        let stranger = MemberId::new("stranger").unwrap();
        assert_eq!(world.heartbeat(&stranger, generation(1)), Err(GroupError::UnknownMember));
        let (ids, first) = world.stable(1);
        assert_eq!(world.heartbeat(&ids[0], first.next()), Err(GroupError::IllegalGeneration));
        assert_eq!(world.heartbeat(&stranger, first), Err(GroupError::UnknownMember));
        assert_eq!(world.heartbeat(&ids[0], first), Ok(()));
    }

    #[test]
    fn waiting_for_an_answer_counts_as_alive() {
        let mut world = World::new();
        let (ids, first) = world.stable(2);
        let waiting = world.join(join(Some(&ids[0])));
        for _ in 0..5 {
            world.pass(9_000);
            let _ = world.heartbeat(&ids[1], first);
        }
        assert!(world.is_parked(waiting));
        world.join(join(Some(&ids[1])));
        assert_eq!(world.joined(waiting).members.len(), 2);
    }

    #[test]
    fn a_new_member_waits_at_most_five_minutes() {
        let mut world = World::new();
        let long = |id| Join { rebalance_timeout: Duration::from_secs(3_600), ..join(id) };
        let (_, first) = world.begin_join(long(None));
        world.pass(6_000);
        let leader = world.joined(first);
        world.sync_of(&leader.member, leader.generation, &[]);
        let (_, waiting) = world.begin_join(long(None));
        for _ in 0..60 {
            assert!(world.is_parked(waiting));
            let _ = world.heartbeat(&leader.member, leader.generation);
            world.pass(5_000);
        }
        assert_eq!(world.refused(waiting), GroupError::UnknownMember);
        assert_eq!(world.refusal(waiting).member, None);
    }

    #[test]
    fn the_last_silent_member_leaves_an_empty_group() {
        let mut world = World::new();
        world.stable(2);
        world.pass(20_000);
        assert_eq!(world.state(), Some("Empty"));
        assert_eq!(world.soft.timers.len(), 1, "only the expiry job is left");
    }

    #[test]
    fn an_offset_commit_counts_as_a_heartbeat() {
        let mut world = World::new();
        let (ids, first) = world.stable(1);
        for raw in 0..4 {
            world.pass(9_000);
            assert_eq!(
                world.commit(Some((&ids[0], first)), &[(key("orders", 0), raw)]),
                Ok(vec![Ok(())])
            );
        }
        assert_eq!(world.state(), Some("Stable"));
    }
}

mod leaving {
    use super::*;

    fn leaving(member: Option<&MemberId>, instance: Option<&str>) -> LeavingMember {
        LeavingMember {
            member: member.cloned(),
            instance: instance.map(InstanceId::new),
            reason: None,
        }
    }

    #[test]
    fn each_of_a_batch_gets_its_own_result() {
        let mut world = World::new();
        let (ids, first) = world.stable(2);
        let stranger = MemberId::new("stranger").unwrap();
        let results = world.leave(vec![
            leaving(Some(&ids[0]), None),
            leaving(Some(&stranger), None),
            leaving(None, Some("nobody")),
            leaving(None, None),
        ]);
        let unknown = Err(GroupError::UnknownMember);
        assert_eq!(results, Ok(vec![Ok(()), unknown, unknown, unknown]));
        assert_eq!(world.heartbeat(&ids[1], first), Err(GroupError::RebalanceInProgress));
    }

    #[test]
    fn leaving_an_unknown_group_is_unknown_for_each() {
        let mut world = World::new();
        let id = MemberId::new("stranger").unwrap();
        assert_eq!(world.leave_of(&id), Ok(vec![Err(GroupError::UnknownMember)]));
    }

    #[test]
    fn a_pending_member_can_leave() {
        let mut world = World::new();
        let (ids, _) = world.stable(1);
        let ticket = world.join(join(None));
        let pending = world.refusal(ticket).member.unwrap();
        let again = world.join(join(Some(&ids[0])));
        assert!(world.is_parked(again));
        assert_eq!(world.leave_of(&pending), Ok(vec![Ok(())]));
        assert_eq!(world.joined(again).members.len(), 1);
    }

    #[test]
    fn a_waiting_member_that_leaves_hears_that_it_is_unknown() {
        let mut world = World::new();
        let (ids, _) = world.stable(2);
        let joining = world.join(join(Some(&ids[0])));
        world.leave_of(&ids[0]).unwrap();
        assert_eq!(world.refused(joining), GroupError::UnknownMember);
        let again = world.join(join(Some(&ids[1])));
        assert_eq!(world.joined(again).members.len(), 1);
    }

    #[test]
    fn a_leave_during_sync_answers_the_leaver_and_interrupts_the_rest() {
        let mut world = World::new();
        let joins: Vec<_> = (0..3).map(|_| world.begin_join(join(None))).collect();
        world.pass_until_answered(joins[0].1);
        let leaver = world.sync_of(&joins[1].0, generation(1), &[]);
        let other = world.sync_of(&joins[2].0, generation(1), &[]);
        world.leave_of(&joins[1].0).unwrap();
        assert_eq!(world.synced(leaver), Err(GroupError::UnknownMember));
        assert_eq!(world.synced(other), Err(GroupError::RebalanceInProgress));
    }

    #[test]
    fn an_administrator_removes_a_static_member_by_its_instance_id() {
        let mut world = World::with(without_delay());
        let ticket = world.join(static_join("one"));
        world.pass(0);
        let id = world.joined(ticket).member;
        world.sync_of(&id, generation(1), &[]);
        let fenced = leaving(MemberId::new("old").as_ref(), Some("one"));
        assert_eq!(world.leave(vec![fenced]), Ok(vec![Err(GroupError::FencedInstance)]));
        assert_eq!(world.leave(vec![leaving(None, Some("one"))]), Ok(vec![Ok(())]));
        assert_eq!(world.state(), Some("Empty"));
    }
}

mod static_members {
    use super::*;

    fn stable_static(world: &mut World, instances: &[&str]) -> Vec<(MemberId, Ticket)> {
        let tickets: Vec<_> =
            instances.iter().map(|instance| world.join(static_join(instance))).collect();
        world.pass_until_answered(tickets[0]);
        let joins: Vec<_> =
            tickets.iter().map(|ticket| (world.joined(*ticket).member, *ticket)).collect();
        world.finish(&joins);
        joins
    }

    #[test]
    fn a_static_member_gets_an_id_made_of_its_instance_id_at_once() {
        let mut world = World::new();
        let joins = stable_static(&mut world, &["one"]);
        assert!(joins[0].0.as_str().starts_with("one-"));
    }

    #[test]
    fn a_restarted_follower_keeps_its_assignment_without_a_rebalance() {
        let mut world = World::new();
        let joins = stable_static(&mut world, &["one", "two"]);
        let now = world.joined(joins[1].1).generation;
        let ticket = world.join(static_join("two"));
        let joined = world.joined(ticket);
        assert_eq!((joined.generation, joined.skip_assignment), (now, false));
        assert_ne!(joined.member, joins[1].0);
        assert_eq!(world.state(), Some("Stable"));
        let ticket = world.sync_of(&joined.member, now, &[]);
        assert_eq!(world.assignment(ticket), "1");
        world.restart();
        assert_eq!(world.heartbeat(&joined.member, now), Ok(()), "the new id is written down");
    }

    #[test]
    fn the_old_id_is_fenced() {
        let mut world = World::new();
        let joins = stable_static(&mut world, &["one", "two"]);
        let now = world.joined(joins[1].1).generation;
        world.join(static_join("two"));
        let heartbeat = Heartbeat {
            group: group_id(),
            member: Some(joins[1].0.clone()),
            instance: Some(InstanceId::new("two")),
            generation: Some(now),
        };
        let time = world.now();
        let decision = world.shard.heartbeat(&mut world.soft, time, &world.cluster, &heartbeat);
        assert_eq!(decision.reply, Err(GroupError::FencedInstance));
        let ticket =
            world.join(Join { instance: Some(InstanceId::new("two")), ..join(Some(&joins[1].0)) });
        assert_eq!(world.refused(ticket), GroupError::FencedInstance);
        assert_eq!(world.heartbeat(&joins[1].0, now), Err(GroupError::UnknownMember));
    }

    #[test]
    fn a_restarted_leader_is_told_to_skip_assigning_if_it_understands_that() {
        let mut world = World::new();
        let joins = stable_static(&mut world, &["one", "two"]);
        let ticket = world.join(static_join("one"));
        let joined = world.joined(ticket);
        assert_eq!(joined.leader, Some(joined.member.clone()));
        assert!(joined.skip_assignment);
        assert_eq!(joined.members.len(), 2);
        let ticket = world.join(Join { knows_skip_assignment: false, ..static_join("one") });
        let old = joined.member;
        let joined = world.joined(ticket);
        assert_eq!(joined.leader, Some(old), "it must not take itself for the leader");
        assert!(!joined.skip_assignment);
        assert!(joined.members.is_empty());
        assert_eq!(joins.len(), 2);
    }

    #[test]
    fn a_restart_that_changes_the_protocol_rebalances() {
        let mut world = World::new();
        let metadata = subscription(&["orders"]);
        let both = vec![protocol("range", &metadata), protocol("sticky", &metadata)];
        let ticket = world.join(Join { protocols: both.clone(), ..static_join("one") });
        world.pass(3_000);
        let joined = world.joined(ticket);
        world.sync_of(&joined.member, joined.generation, &[]);
        let other = vec![both[1].clone()];
        let ticket = world.join(Join { protocols: other, ..static_join("one") });
        assert_eq!(world.joined(ticket).generation, joined.generation.next());
        assert_eq!(world.joined(ticket).protocol.as_deref(), Some("sticky"));
    }

    #[test]
    fn a_duplicate_that_waits_is_fenced_by_the_newer_one() {
        let mut world = World::new();
        let first = world.join(static_join("one"));
        let second = world.join(static_join("one"));
        assert_eq!(world.refused(first), GroupError::FencedInstance);
        world.pass(6_000);
        let joined = world.joined(second);
        assert_eq!(joined.members.len(), 1);
        let waiting = world.sync(Sync {
            group: group_id(),
            member: Some(joined.member.clone()),
            instance: Some(InstanceId::new("two")),
            generation: Some(joined.generation),
            protocol_type: None,
            protocol: None,
            assignments: Vec::new(),
            ticket: Ticket(0),
        });
        assert_eq!(world.synced(waiting), Err(GroupError::UnknownMember));
    }

    #[test]
    fn static_members_that_do_not_come_again_stay_until_their_session_ends() {
        let mut world = World::new();
        let joins = stable_static(&mut world, &["one", "two"]);
        let now = world.joined(joins[0].1).generation;
        let newcomer = world.join(static_join("three"));
        for _ in 0..60 {
            world.pass(1_000);
            for (id, _) in &joins {
                let _ = world.heartbeat(id, now);
            }
        }
        let joined = world.joined(newcomer);
        assert_eq!(joined.members.len(), 3);
        assert_eq!(joined.leader, Some(joined.member.clone()));
    }
}

mod loading {
    use super::*;

    #[test]
    fn a_loaded_member_goes_on_as_if_nothing_happened() {
        let mut world = World::new();
        let (ids, first) = world.stable(2);
        world.restart();
        assert_eq!(world.heartbeat(&ids[0], first), Ok(()));
        let ticket = world.sync_of(&ids[1], first, &[]);
        assert_eq!(world.assignment(ticket), "1");
        let again = world.join(join(Some(&ids[1])));
        assert_eq!(world.joined(again).generation, first);
    }

    #[test]
    fn a_loaded_member_has_one_session_to_show_up() {
        let mut world = World::new();
        world.stable(1);
        world.restart();
        world.pass(10_000);
        assert_eq!(world.state(), Some("Empty"));
    }

    #[test]
    fn a_loaded_group_over_the_limit_rebalances() {
        let mut world = World::new();
        let (ids, first) = world.stable(3);
        let settings = GroupSettings { member_count_max: 2, ..world.soft.settings().clone() };
        world.soft.set_settings(settings);
        world.restart();
        assert_eq!(world.heartbeat(&ids[0], first), Err(GroupError::RebalanceInProgress));
        let tickets: Vec<_> = ids.iter().map(|id| world.join(join(Some(id)))).collect();
        assert_eq!(world.refused(tickets[2]), GroupError::GroupFull);
        assert_eq!(world.joined(tickets[0]).members.len(), 2);
    }

    #[test]
    fn a_damaged_group_record_breaks_nothing() {
        let mut world = World::new();
        world.stable(2);
        let Some(GroupRecord::Group { state, .. }) = world.log.last_mut() else { panic!() };
        let twin = state.members[0].clone();
        state.members.push(twin);
        state.leader = MemberId::new("nobody");
        world.restart();
        assert_eq!(world.state(), Some("Stable"));
    }

    #[test]
    fn what_is_parked_can_be_refused_when_the_shard_goes_away() {
        let mut world = World::new();
        let (ids, _) = world.stable(2);
        let joining = world.join(join(Some(&ids[0])));
        assert_eq!(world.soft.parked(), [(joining, Parked::Join(ids[0].clone()))]);
        world.join(join(Some(&ids[1])));
        let now = world.joined(joining).generation;
        let syncing = world.sync_of(&ids[1], now, &[]);
        assert_eq!(world.soft.parked(), [(syncing, Parked::Sync)]);
        assert!(matches!(world.answers.get(&joining), Some(Reply::Join(Ok(_)))));
    }
}
