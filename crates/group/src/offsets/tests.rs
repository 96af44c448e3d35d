use std::time::Duration;

use model::{ProducerId, TopicId, Uuid};

use super::*;
use crate::test_world::{World, group_id, join, key, offset, topic};
use crate::{GroupError, GroupRecord, GroupState, State};

const DAY: u64 = 24 * 60 * 60 * 1000;

fn topic_id(last: u8) -> TopicId {
    TopicId::new(Uuid::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, last])).unwrap()
}

fn to_commit(partition: PartitionKey, raw: i64) -> OffsetToCommit {
    OffsetToCommit {
        partition,
        topic_id: None,
        offset: Offset::from_wire(raw),
        leader_epoch: LeaderEpoch::from_wire(3),
        metadata: "note".into(),
    }
}

fn simple(offsets: Vec<OffsetToCommit>) -> CommitOffsets {
    CommitOffsets {
        group: group_id(),
        member: None,
        instance: None,
        generation: None,
        knows_member_epochs: true,
        retention: None,
        offsets,
    }
}

mod committing {
    use super::*;

    #[test]
    fn a_lone_consumer_makes_its_group_by_committing() {
        let mut world = World::new();
        assert_eq!(world.commit(None, &[(key("orders", 0), 7)]), Ok(vec![Ok(())]));
        assert_eq!(world.committed(&key("orders", 0)), Some(7));
        let listed = world.shard.list(&world.soft).reply;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].protocol_type, None);
        assert_eq!(listed[0].state, GroupState::Classic(State::Empty));
        world.restart();
        assert_eq!(world.committed(&key("orders", 0)), Some(7));
    }

    #[test]
    fn a_generation_in_a_group_that_does_not_exist_is_refused() {
        let mut world = World::new();
        let request =
            CommitOffsets { generation: crate::Generation::from_wire(0), ..simple(Vec::new()) };
        assert_eq!(world.commit_as(request), Err(GroupError::GroupNotFound));
    }

    #[test]
    fn only_members_of_the_generation_commit_to_a_group_in_use() {
        let mut world = World::new();
        let (ids, now) = world.stable(1);
        let offsets = [(key("orders", 0), 1)];
        assert_eq!(world.commit(None, &offsets), Err(GroupError::UnknownMember));
        assert_eq!(
            world.commit(Some((&ids[0], now.next())), &offsets),
            Err(GroupError::IllegalGeneration)
        );
        assert_eq!(world.commit(Some((&ids[0], now)), &offsets), Ok(vec![Ok(())]));
        world.leave_of(&ids[0]).unwrap();
        assert_eq!(world.commit(Some((&ids[0], now)), &offsets), Err(GroupError::UnknownMember));
        assert_eq!(world.commit(None, &offsets), Ok(vec![Ok(())]));
    }

    #[test]
    fn members_commit_while_preparing_but_not_while_completing_a_rebalance() {
        let mut world = World::new();
        let (ids, now) = world.stable(2);
        let again = world.join(join(Some(&ids[0])));
        let offsets = [(key("orders", 0), 1)];
        assert_eq!(world.commit(Some((&ids[1], now)), &offsets), Ok(vec![Ok(())]));
        world.join(join(Some(&ids[1])));
        let next = world.joined(again).generation;
        assert_eq!(
            world.commit(Some((&ids[1], next)), &offsets),
            Err(GroupError::RebalanceInProgress)
        );
    }

    #[test]
    fn metadata_is_bounded_in_utf16_units_for_each_offset_alone() {
        let mut world = World::new();
        let with = |metadata: String| OffsetToCommit {
            metadata: metadata.into(),
            ..to_commit(key("orders", 0), 1)
        };
        let results = world.commit_as(simple(vec![
            with("a".repeat(4096)),
            with("a".repeat(4097)),
            with("é".repeat(4096)),
            with("𝄞".repeat(2049)),
        ]));
        let too_long = Err(GroupError::OffsetMetadataTooLarge);
        assert_eq!(results, Ok(vec![Ok(()), too_long, Ok(()), too_long]));
    }

    #[test]
    fn all_that_was_committed_is_kept() {
        let mut world = World::new();
        let committed =
            OffsetToCommit { topic_id: Some(topic_id(1)), ..to_commit(key("orders", 2), 9) };
        world.commit_as(simple(vec![committed])).unwrap().pop().unwrap().unwrap();
        world.restart();
        let orders = topic("orders");
        let asked = [(&orders, None, key("orders", 2).partition)];
        let fetched = world.shard.fetch_offsets(&group_id(), asked, true);
        let found = fetched.reply[0].unwrap().unwrap();
        assert_eq!(found.offset, Offset::from_wire(9));
        assert_eq!(found.leader_epoch, LeaderEpoch::from_wire(3));
        assert_eq!(&*found.metadata, "note");
        assert_eq!(found.committed_at, world.now().wall);
        assert_eq!(found.record_offset, Some(Offset::ZERO));
        assert_eq!(fetched.seen, Some(Offset::ZERO));
    }

    #[test]
    fn a_reply_waits_for_what_it_has_seen() {
        let mut world = World::new();
        world.commit(None, &[(key("orders", 0), 1), (key("orders", 1), 1)]).unwrap();
        let decision = world.shard.fetch_all_offsets(&group_id(), false);
        assert_eq!(decision.reply.len(), 2);
        assert_eq!(decision.seen, Offset::from_wire(1));
        assert!(decision.records.is_empty());
    }
}

mod fetching {
    use super::*;

    #[test]
    fn a_group_that_does_not_exist_has_no_offsets() {
        let world = World::new();
        assert_eq!(world.committed(&key("orders", 0)), None);
        assert!(world.shard.fetch_all_offsets(&group_id(), true).reply.is_empty());
    }

    #[test]
    fn an_offset_of_an_older_topic_of_the_same_name_is_not_found() {
        let mut world = World::new();
        let committed =
            OffsetToCommit { topic_id: Some(topic_id(1)), ..to_commit(key("orders", 0), 9) };
        world.commit_as(simple(vec![committed])).unwrap().pop().unwrap().unwrap();
        let orders = topic("orders");
        let found = |asked| {
            let partition = key("orders", 0).partition;
            let fetched =
                world.shard.fetch_offsets(&group_id(), [(&orders, asked, partition)], false);
            fetched.reply[0].unwrap().is_some()
        };
        assert!(found(None));
        assert!(found(Some(topic_id(1))));
        assert!(!found(Some(topic_id(2))));
    }
}

mod deleting {
    use super::*;

    #[test]
    fn offsets_of_topics_that_the_members_read_cannot_be_deleted() {
        let mut world = World::new();
        let (ids, now) = world.stable(1);
        world.commit(Some((&ids[0], now)), &[(key("orders", 0), 1), (key("bills", 0), 1)]).unwrap();
        let keys = [key("orders", 0), key("bills", 0), key("bills", 7)];
        let decision = world.shard.delete_offsets(&world.soft, &group_id(), &keys);
        let records = decision.records.len();
        let results = world.carry_out(decision);
        assert_eq!(results, Ok(vec![Err(GroupError::SubscribedToTopic), Ok(()), Ok(())]));
        assert_eq!(records, 1);
        assert_eq!(world.committed(&key("orders", 0)), Some(1));
        assert_eq!(world.committed(&key("bills", 0)), None);
    }

    #[test]
    fn a_group_in_use_that_is_not_of_consumers_keeps_its_offsets() {
        let mut world = World::new();
        let request = crate::Join { protocol_type: "connect".into(), ..join(None) };
        world.begin_join(request);
        let decision = world.shard.delete_offsets(&world.soft, &group_id(), &[key("orders", 0)]);
        assert_eq!(decision.reply, Err(GroupError::NonEmptyGroup));
    }

    #[test]
    fn consumers_with_unknown_subscriptions_count_as_reading_everything() {
        let mut world = World::new();
        world.begin_join(join(None));
        let decision = world.shard.delete_offsets(&world.soft, &group_id(), &[key("bills", 0)]);
        assert_eq!(decision.reply, Ok(vec![Err(GroupError::SubscribedToTopic)]));
    }

    #[test]
    fn deleting_from_an_unknown_group_is_refused() {
        let world = World::new();
        let decision = world.shard.delete_offsets(&world.soft, &group_id(), &[]);
        assert_eq!(decision.reply, Err(GroupError::GroupNotFound));
    }

    #[test]
    fn a_group_with_members_is_not_deleted_an_empty_one_goes_with_its_offsets() {
        let mut world = World::new();
        let delete = |world: &mut World| {
            let time = world.now();
            let decision = world.shard.delete(&mut world.soft, time, &group_id());
            world.carry_out(decision)
        };
        assert_eq!(delete(&mut world), Err(GroupError::GroupNotFound));
        let (ids, now) = world.stable(1);
        world.commit(Some((&ids[0], now)), &[(key("orders", 0), 1)]).unwrap();
        assert_eq!(delete(&mut world), Err(GroupError::NonEmptyGroup));
        world.leave_of(&ids[0]).unwrap();
        world.join(join(None));
        assert_eq!(delete(&mut world), Ok(()));
        assert_eq!(world.log.last(), Some(&GroupRecord::GroupRemoved { group: group_id() }));
        for _ in 0..2 {
            assert_eq!(world.state(), None);
            assert_eq!(world.committed(&key("orders", 0)), None);
            assert!(world.shard.groups.is_empty());
            world.restart();
        }
    }

    #[test]
    fn offsets_of_a_deleted_topic_go_but_not_those_of_its_successor() {
        let mut world = World::new();
        let with = |id, partition| OffsetToCommit {
            topic_id: id,
            ..to_commit(key("orders", partition), 1)
        };
        world
            .commit_as(simple(vec![
                with(None, 0),
                with(Some(topic_id(1)), 1),
                with(Some(topic_id(2)), 2),
                to_commit(key("bills", 0), 1),
            ]))
            .unwrap();
        let gone = DeletedTopic { name: topic("orders"), id: topic_id(1) };
        let decision = world.shard.topics_deleted(&[gone]);
        world.carry_out(decision);
        let left = world.shard.fetch_all_offsets(&group_id(), false).reply;
        let left: Vec<_> = left.iter().map(|(name, index, _)| format!("{name}-{index}")).collect();
        assert_eq!(left, ["bills-0", "orders-2"]);
    }
}

mod expiring {
    use super::*;

    #[test]
    fn offsets_of_a_group_are_kept_from_when_it_became_empty() {
        let mut world = World::new();
        let (ids, now) = world.stable(1);
        world.commit(Some((&ids[0], now)), &[(key("orders", 0), 1)]).unwrap();
        world.pass(3 * DAY);
        assert_eq!(world.state(), Some("Empty"));
        world.pass(4 * DAY - 60_000);
        assert_eq!(world.committed(&key("orders", 0)), Some(1));
        world.pass(DAY / 24);
        assert_eq!(world.committed(&key("orders", 0)), None);
        assert_eq!(world.state(), None, "the empty group goes with its last offset");
    }

    #[test]
    fn offsets_of_a_lone_consumer_are_kept_from_their_commit() {
        let mut world = World::new();
        world.commit(None, &[(key("orders", 0), 1)]).unwrap();
        world.pass(4 * DAY);
        world.commit(None, &[(key("orders", 1), 1)]).unwrap();
        world.pass(3 * DAY + DAY / 24);
        assert_eq!(world.committed(&key("orders", 0)), None);
        assert_eq!(world.committed(&key("orders", 1)), Some(1));
        assert_eq!(world.state(), Some("Empty"));
        world.pass(5 * DAY);
        assert_eq!(world.state(), None);
        assert!(world.shard.groups.is_empty());
    }

    #[test]
    fn a_stable_group_of_consumers_drops_only_what_it_no_longer_reads() {
        let mut world = World::new();
        let (ids, now) = world.stable(1);
        world.commit(Some((&ids[0], now)), &[(key("orders", 0), 1), (key("bills", 0), 1)]).unwrap();
        for _ in 0..8 * DAY / 9_000 {
            world.pass(9_000);
            world.heartbeat(&ids[0], now).unwrap();
        }
        assert_eq!(world.committed(&key("orders", 0)), Some(1));
        assert_eq!(world.committed(&key("bills", 0)), None);
        assert_eq!(world.state(), Some("Stable"));
    }

    #[test]
    fn a_retention_of_the_clients_own_goes_first() {
        let mut world = World::new();
        let retention = Some(Duration::from_secs(60));
        let request = CommitOffsets { retention, ..simple(vec![to_commit(key("orders", 0), 1)]) };
        world.commit_as(request).unwrap();
        world.commit(None, &[(key("orders", 1), 1)]).unwrap();
        world.pass(11 * 60_000);
        assert_eq!(world.committed(&key("orders", 0)), None);
        assert_eq!(world.committed(&key("orders", 1)), Some(1));
    }

    #[test]
    fn a_large_run_is_cut_into_steps() {
        let mut world = World::new();
        for index in 0..3 {
            let group = crate::GroupId::new(&format!("group-{index}")).unwrap();
            let offsets =
                (0..600).map(|partition| to_commit(key("orders", partition), 1)).collect();
            world.commit_as(CommitOffsets { group, ..simple(offsets) }).unwrap();
        }
        let before = world.log.len();
        world.pass(7 * DAY - 60_000);
        assert_eq!(world.log.len(), before);
        let (mut steps, mut largest) = (0, 0);
        while !world.shard.groups.is_empty() {
            let next = world.soft.next_timeout().unwrap();
            world.millis = next.as_millis();
            let time = world.now();
            let decision = world.shard.time_passed(&mut world.soft, time);
            largest = largest.max(decision.records.len());
            world.carry_out(decision);
            steps += 1;
        }
        assert!(steps >= 2, "{steps}");
        assert!(largest < 1_300, "{largest}");
        let expired = crate::Event::OffsetsExpired { group_count: 3, offset_count: 1_800 };
        assert!(world.events.contains(&expired), "{:?}", world.events);
    }
}

mod transactions {
    use super::*;

    fn replay(world: &mut World, record: GroupRecord) {
        let at = offset(i64::try_from(world.log.len()).unwrap());
        world.shard.replay(at, &record);
        world.log.push(record);
    }

    fn undecided(world: &mut World, raw: i64) {
        let committed = CommittedOffset {
            offset: Offset::from_wire(raw),
            leader_epoch: None,
            metadata: "".into(),
            committed_at: world.now().wall,
            expires_at: None,
            topic_id: None,
            record_offset: None,
        };
        let record = GroupRecord::Offset {
            group: group_id(),
            partition: key("orders", 0),
            offset: committed,
            producer: ProducerId::from_wire(5),
        };
        replay(world, record);
    }

    fn end(world: &mut World, outcome: TransactionOutcome) {
        let producer = ProducerId::from_wire(5).unwrap();
        replay(world, GroupRecord::TransactionEnded { producer, outcome });
    }

    #[test]
    fn an_undecided_offset_is_not_seen_and_refused_to_those_who_want_it_stable() {
        let mut world = World::new();
        world.commit(None, &[(key("orders", 0), 1)]).unwrap();
        undecided(&mut world, 9);
        assert_eq!(world.committed(&key("orders", 0)), Some(1));
        let orders = topic("orders");
        let asked = [(&orders, None, key("orders", 0).partition)];
        let fetched = world.shard.fetch_offsets(&group_id(), asked, true);
        assert_eq!(fetched.reply, [Err(GroupError::UnstableOffset)]);
    }

    #[test]
    fn a_commit_marker_makes_it_visible_an_abort_drops_it() {
        for (outcome, expected) in
            [(TransactionOutcome::Committed, 9), (TransactionOutcome::Aborted, 1)]
        {
            let mut world = World::new();
            world.commit(None, &[(key("orders", 0), 1)]).unwrap();
            undecided(&mut world, 9);
            end(&mut world, outcome);
            for _ in 0..2 {
                assert_eq!(world.committed(&key("orders", 0)), Some(expected));
                world.restart();
            }
        }
    }

    #[test]
    fn an_ordinary_commit_made_after_it_wins() {
        let mut world = World::new();
        undecided(&mut world, 9);
        world.commit(None, &[(key("orders", 0), 20)]).unwrap();
        end(&mut world, TransactionOutcome::Committed);
        assert_eq!(world.committed(&key("orders", 0)), Some(20));
    }

    #[test]
    fn an_undecided_offset_keeps_its_group_and_a_removal_takes_it_along() {
        let mut world = World::new();
        undecided(&mut world, 9);
        world.pass(30 * DAY);
        assert_eq!(world.state(), Some("Empty"));
        let time = world.now();
        let decision = world.shard.delete(&mut world.soft, time, &group_id());
        assert_eq!(decision.records.len(), 2);
        world.carry_out(decision).unwrap();
        end(&mut world, TransactionOutcome::Committed);
        assert_eq!(world.committed(&key("orders", 0)), None);
        assert!(world.shard.groups.is_empty());
    }
}
