use std::collections::BTreeSet;

use bytes::Bytes;
use model::{PartitionId, TopicId};

use super::*;
use crate::codec;
use crate::consumer::test_cluster::{join as consumer_join, member, names};
use crate::test_world::{World, group_id, join as classic_join, key, offset};
use crate::{
    Assignment, Client, Cluster, DeletedTopic, GroupError, GroupRecord, GroupSettings, GroupState,
    Reply, Standing,
};

fn report(name: &str, epoch: i32) -> ShareHeartbeat {
    ShareHeartbeat {
        group: group_id(),
        member: member(name),
        standing: Standing::from_wire(epoch).unwrap(),
        rack: None,
        client: Client { id: "app".into(), host: "/127.0.0.1".into() },
        topics: None,
    }
}

fn joining(name: &str, topics: &[&str]) -> ShareHeartbeat {
    ShareHeartbeat { topics: Some(names(topics)), ..report(name, 0) }
}

fn say(world: &mut World, request: &ShareHeartbeat) -> Result<ShareHeartbeatReply, GroupError> {
    let now = world.now();
    let decision = world.shard.share_heartbeat(&mut world.soft, now, &world.cluster, request);
    world.carry_out(decision)
}

/// As the broker does it: what is to be set up is, and the report is decided about once more.
fn heard(world: &mut World, request: &ShareHeartbeat) -> ShareHeartbeatReply {
    let reply = say(world, request).unwrap();
    let Some(wanted) = reply.to_initialize else { return reply };
    set_up(world, &wanted.partitions);
    say(world, request).unwrap()
}

fn set_up(world: &mut World, partitions: &Assignment) {
    let decision = world.shard.share_initialized(&group_id(), partitions);
    world.carry_out(decision);
}

fn partitions_of(world: &World, topics: &[&str]) -> Assignment {
    topics.iter().flat_map(|topic| world.cluster.partitions(topic)).collect()
}

fn leave(world: &mut World, name: &str) {
    assert_eq!(say(world, &report(name, -1)).unwrap().epoch, -1);
}

fn is_in_log(world: &World, wanted: impl Fn(&ShareChange) -> bool) -> bool {
    world.log.iter().any(|record| match record {
        GroupRecord::Share { change, .. } => wanted(change),
        _ => false,
    })
}

#[test]
fn a_partition_is_given_out_only_once_its_state_is_set_up() {
    let mut world = World::new();
    let reply = say(&mut world, &joining("ann", &["orders"])).unwrap();
    let wanted = reply.to_initialize.unwrap();
    assert_eq!(wanted.partitions, partitions_of(&world, &["orders"]));
    assert_eq!(reply.assignment, Some(Assignment::new()));
    let one: Assignment = [world.cluster.partition("orders", 2)].into_iter().collect();
    set_up(&mut world, &one);
    let reply = say(&mut world, &report("ann", reply.epoch)).unwrap();
    assert_eq!(reply.assignment, Some(one));
    assert_eq!(reply.to_initialize, None, "the rest is waited for");
    world.pass(30_000);
    let reply = say(&mut world, &report("ann", reply.epoch)).unwrap();
    let rest = [0, 1, 3].map(|index| world.cluster.partition("orders", index));
    assert_eq!(reply.to_initialize.unwrap().partitions, rest.into_iter().collect());
}

#[test]
fn the_report_after_a_join_has_everything_to_read() {
    let mut world = World::new();
    let reply = heard(&mut world, &joining("ann", &["orders", "returns"]));
    assert_eq!(reply.assignment, Some(partitions_of(&world, &["orders", "returns"])));
    let next = say(&mut world, &report("ann", reply.epoch)).unwrap();
    assert_eq!((next.epoch, next.assignment, next.to_initialize), (reply.epoch, None, None));
    let described = world.shard.describe_share_group(&world.soft, &group_id()).reply.unwrap();
    assert_eq!(described.state, ShareState::Stable);
    assert_eq!(described.epoch, described.assignment_epoch);
    assert_eq!(described.members.len(), 1);
    let listed = world.shard.list(&world.soft).reply;
    assert_eq!(listed[0].state, GroupState::Share(ShareState::Stable));
    assert_eq!(listed[0].protocol_type.as_deref(), Some("share"));
}

#[test]
fn more_members_than_partitions_share_them() {
    let mut world = World::new();
    for name in ["ann", "bob", "eve"] {
        heard(&mut world, &joining(name, &["returns"]));
    }
    world.pass(1_000);
    let described = world.shard.describe_share_group(&world.soft, &group_id()).reply.unwrap();
    for name in ["ann", "bob", "eve"] {
        let known = described.members.iter().find(|it| it.id == member(name)).unwrap();
        say(&mut world, &report(name, known.epoch.to_wire())).unwrap();
    }
    let group = world.shard.share(&group_id()).unwrap();
    let counts: Vec<usize> = group.targets.values().map(|target| target.count()).collect();
    assert_eq!(counts, [1, 1, 1], "nobody goes without");
    assert_eq!(group.given(), partitions_of(&world, &["returns"]), "nothing is left out");
}

#[test]
fn a_member_that_leaves_or_falls_silent_leaves_its_partitions_to_the_others() {
    let mut world = World::new();
    let ann = heard(&mut world, &joining("ann", &["orders"]));
    heard(&mut world, &joining("bob", &["orders"]));
    let ann = say(&mut world, &report("ann", ann.epoch)).unwrap();
    assert_eq!(ann.assignment.unwrap().count(), 2);
    leave(&mut world, "bob");
    let ann = say(&mut world, &report("ann", ann.epoch)).unwrap();
    assert_eq!(ann.assignment, Some(partitions_of(&world, &["orders"])));
    world.pass(45_000);
    assert_eq!(say(&mut world, &report("ann", ann.epoch)), Err(GroupError::UnknownMember));
    let described = world.shard.describe_share_group(&world.soft, &group_id()).reply.unwrap();
    assert_eq!((described.state, described.members.len()), (ShareState::Empty, 0));
}

#[test]
fn earlier_lives_of_a_member_are_fenced() {
    let mut world = World::new();
    let first = heard(&mut world, &joining("ann", &["orders"]));
    heard(&mut world, &joining("bob", &["orders"]));
    let second = say(&mut world, &report("ann", first.epoch)).unwrap();
    assert!(second.epoch > first.epoch);
    // The answer was lost: the member comes with the epoch before, and hears the same once more.
    let again = say(&mut world, &report("ann", first.epoch)).unwrap();
    assert_eq!((again.epoch, &again.assignment), (second.epoch, &second.assignment));
    for epoch in [first.epoch - 1, second.epoch + 1] {
        let refused = say(&mut world, &report("ann", epoch));
        assert_eq!(refused, Err(GroupError::FencedMemberEpoch), "{epoch}");
    }
    assert_eq!(say(&mut world, &report("joe", 1)), Err(GroupError::UnknownMember));
}

#[test]
fn a_topic_that_grows_is_set_up_and_given_out() {
    let mut world = World::new();
    let reply = heard(&mut world, &joining("ann", &["returns"]));
    world.cluster.set_topic("returns", 3);
    let reply = heard(&mut world, &report("ann", reply.epoch));
    assert_eq!(reply.assignment, Some(partitions_of(&world, &["returns"])));
}

#[test]
fn a_name_belongs_to_one_type_of_group() {
    let mut world = World::new();
    heard(&mut world, &joining("ann", &["orders"]));
    let ticket = world.join(classic_join(None));
    let Some(Reply::Join(Err(refused))) = world.answers.get(&ticket) else { panic!() };
    assert_eq!(refused.error, GroupError::InconsistentProtocol);
    let now = world.now();
    let decision = world.shard.consumer_heartbeat(
        &mut world.soft,
        now,
        &world.cluster,
        &consumer_join("bob", &["orders"]),
    );
    assert_eq!(world.carry_out(decision), Err(GroupError::NotConsumerGroup));
    assert_eq!(world.commit(None, &[(key("orders", 0), 5)]), Err(GroupError::NotConsumerGroup));

    let mut world = World::new();
    world.commit(None, &[(key("orders", 0), 5)]).unwrap();
    let refused = say(&mut world, &joining("ann", &["orders"]));
    assert_eq!(refused, Err(GroupError::NotShareGroup));
}

#[test]
fn a_group_has_no_more_members_than_allowed() {
    let share = ShareGroupSettings { member_count_max: 1, ..ShareGroupSettings::default() };
    let mut world = World::with(GroupSettings { share, ..GroupSettings::default() });
    heard(&mut world, &joining("ann", &["orders"]));
    assert_eq!(say(&mut world, &joining("bob", &["orders"])), Err(GroupError::GroupFull));
    heard(&mut world, &joining("ann", &["orders"]));
}

#[test]
fn a_group_is_what_its_log_says_and_reads_back_equal() {
    let mut world = World::new();
    let ann = heard(&mut world, &joining("ann", &["orders"]));
    heard(&mut world, &joining("bob", &["orders", "returns"]));
    for record in &world.log {
        let encoded = codec::encode(record).unwrap();
        let (key, value) = (Bytes::from(encoded.key), encoded.value.map(Bytes::from));
        let decoded = codec::decode(&key, value.as_ref(), None).unwrap();
        assert_eq!(decoded, codec::Decoded::Record(record.clone()));
    }
    let before = world.shard.share(&group_id()).unwrap().clone();
    world.restart();
    assert_eq!(world.shard.share(&group_id()), Some(&before));
    say(&mut world, &report("ann", ann.epoch)).unwrap();
    world.pass(60_000);
    let described = world.shard.describe_share_group(&world.soft, &group_id()).reply.unwrap();
    assert_eq!(described.members.len(), 0, "after a restart members have to show that they live");
}

fn alter(world: &mut World, wanted: &[ShareOffset]) -> Result<StateToInitialize, GroupError> {
    let decision =
        world.shard.alter_share_offsets(&world.soft, &world.cluster, &group_id(), wanted);
    world.carry_out(decision)
}

#[test]
fn offsets_of_a_group_that_is_not_there_make_it() {
    let mut world = World::new();
    assert!(alter(&mut world, &[]).unwrap().partitions.is_empty());
    assert!(world.log.is_empty() && world.shard.groups.is_empty(), "of nothing none is made");
    let partition = world.cluster.partition("orders", 1);
    let made = alter(&mut world, &[ShareOffset { partition, start: offset(7) }]).unwrap();
    assert_eq!(made.partitions, [partition].into_iter().collect());
    set_up(&mut world, &made.partitions);
    world.restart();
    let described = world.shard.describe_share_group(&world.soft, &group_id()).reply.unwrap();
    assert_eq!((described.state, described.epoch), (ShareState::Empty, made.epoch));
    assert_eq!(described.epoch, described.assignment_epoch, "nothing is left to work out");
    let known = world.shard.share_partitions(&world.soft, &group_id()).reply.unwrap();
    assert!(known.initialized.contains(partition));
    // Who joins reads on there; only the other partitions are set up for it.
    let reply = say(&mut world, &joining("ann", &["orders"])).unwrap();
    let wanted = reply.to_initialize.unwrap();
    assert!(wanted.partitions.count() == 3 && !wanted.partitions.contains(partition));
    assert!(wanted.epoch > made.epoch);
}

#[test]
fn offsets_make_no_share_group_of_another_kind_of_group() {
    let mut world = World::new();
    world.commit(None, &[(key("orders", 0), 5)]).unwrap();
    let partition = world.cluster.partition("orders", 1);
    let refused = alter(&mut world, &[ShareOffset { partition, start: offset(7) }]);
    assert_eq!(refused, Err(GroupError::NotShareGroup));
}

#[test]
fn offsets_are_altered_only_while_nobody_reads() {
    let mut world = World::new();
    heard(&mut world, &joining("ann", &["orders"]));
    let partition = world.cluster.partition("orders", 1);
    let wanted = [ShareOffset { partition, start: offset(7) }];
    assert_eq!(alter(&mut world, &wanted), Err(GroupError::NonEmptyGroup));
    let epoch = world.shard.share(&group_id()).unwrap().stored.epoch;
    leave(&mut world, "ann");
    let reset = alter(&mut world, &wanted).unwrap();
    assert_eq!(reset.partitions, [partition].into_iter().collect());
    assert!(reset.epoch > epoch, "who works on what ann has read is fenced");
    assert_eq!(alter(&mut world, &wanted).unwrap().epoch, reset.epoch, "nobody read in between");
    let known = world.shard.share_partitions(&world.soft, &group_id()).reply.unwrap();
    assert!(known.initializing.contains(partition) && !known.initialized.contains(partition));
    set_up(&mut world, &reset.partitions);
    let known = world.shard.share_partitions(&world.soft, &group_id()).reply.unwrap();
    assert!(known.initialized.contains(partition) && known.initializing.is_empty());
}

#[test]
fn a_state_is_lost_only_if_the_group_had_it_set_up() {
    let mut world = World::new();
    let partition = world.cluster.partition("orders", 1);
    let lost =
        |world: &World| world.shard.share_state_lost(&world.soft, &group_id(), partition).reply;
    assert_eq!(lost(&world), None, "there is no group");
    let reply = say(&mut world, &joining("ann", &["orders"])).unwrap();
    assert_eq!(lost(&world), None, "it is being set up");
    let wanted = reply.to_initialize.unwrap();
    set_up(&mut world, &wanted.partitions);
    let epoch = world.shard.share(&group_id()).unwrap().stored.epoch;
    assert_eq!(lost(&world), Some(epoch));
    leave(&mut world, "ann");
    let orders: BTreeSet<TopicId> = [world.cluster.topic("orders").unwrap().id].into();
    let decision = world.shard.delete_share_offsets(&world.soft, &group_id(), Some(&orders));
    world.carry_out(decision).unwrap();
    assert_eq!(lost(&world), None, "it is taken out");
}

#[test]
fn deleted_offsets_and_topics_are_forgotten() {
    let mut world = World::new();
    heard(&mut world, &joining("ann", &["orders", "returns"]));
    leave(&mut world, "ann");
    let orders: BTreeSet<TopicId> = [world.cluster.topic("orders").unwrap().id].into();
    let decision = world.shard.delete_share_offsets(&world.soft, &group_id(), Some(&orders));
    let partitions = world.carry_out(decision).unwrap();
    assert_eq!(partitions, partitions_of(&world, &["orders"]));
    let decision = world.shard.share_offsets_deleted(&group_id(), &orders);
    world.carry_out(decision);
    let known = world.shard.share_partitions(&world.soft, &group_id()).reply.unwrap();
    assert_eq!(known.initialized, partitions_of(&world, &["returns"]));
    let gone = DeletedTopic {
        name: crate::test_world::topic("returns"),
        id: world.cluster.topic("returns").unwrap().id,
    };
    let decision = world.shard.topics_deleted(&[gone]);
    world.carry_out(decision);
    let known = world.shard.share_partitions(&world.soft, &group_id()).reply.unwrap();
    assert!(known.is_empty() && known.names.is_empty());
}

#[test]
fn a_deleted_group_leaves_nothing() {
    let mut world = World::new();
    heard(&mut world, &joining("ann", &["orders"]));
    let delete = |world: &mut World| {
        let now = world.now();
        let decision = world.shard.delete(&mut world.soft, now, &group_id());
        world.carry_out(decision)
    };
    assert_eq!(delete(&mut world), Err(GroupError::NonEmptyGroup));
    leave(&mut world, "ann");
    delete(&mut world).unwrap();
    assert!(is_in_log(&world, |change| *change == ShareChange::Group(None)));
    world.restart();
    assert!(world.shard.groups.is_empty());
}

#[test]
fn an_empty_share_group_does_not_expire() {
    let mut world = World::new();
    heard(&mut world, &joining("ann", &["orders"]));
    leave(&mut world, "ann");
    world.pass(30 * 86_400_000);
    assert!(world.shard.share(&group_id()).is_some());
}

#[test]
fn a_log_that_contradicts_itself_has_everybody_join_afresh() {
    let mut world = World::new();
    heard(&mut world, &joining("ann", &["orders"]));
    // Compaction, or damage, has taken the member's own record.
    world.log.retain(|record| {
        !matches!(record, GroupRecord::Share { change: ShareChange::Member(..), .. })
    });
    world.restart();
    assert!(world.shard.share(&group_id()).unwrap().is_sound());
    let reply = heard(&mut world, &joining("ann", &["orders"]));
    let all: Vec<PartitionId> = world.cluster.partitions("orders").collect();
    assert_eq!(reply.assignment, Some(all.into_iter().collect()));
}

#[test]
fn what_members_read_is_bounded_and_given_back() {
    let mut world = World::new();
    let long = "t".repeat(5_000);
    heard(&mut world, &joining("ann", &[&long]));
    world.soft.set_members_room(crate::MembersRoom { group_size_max: 8_000, left: 8_000 });
    let before = world.log.clone();
    assert_eq!(say(&mut world, &joining("bob", &[&long])), Err(GroupError::MembersTooLarge));
    assert_eq!(world.log, before);
    heard(&mut world, &joining("bob", &["orders"]));
    heard(&mut world, &joining("ann", &[&long]));
    leave(&mut world, "ann");
    heard(&mut world, &joining("bob", &["orders", &long]));
    leave(&mut world, "bob");
    assert_eq!(world.shard.members_size(&world.soft), 0);
}
