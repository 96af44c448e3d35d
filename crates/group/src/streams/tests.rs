use std::collections::BTreeSet;
use std::time::Duration;

use super::test_topology::*;
use super::*;
use crate::test_world::{World, group_id, join as classic_join, key, offset};
use crate::{
    Client, CommitOffsets, Decision, Generation, GroupError, GroupRecord, InstanceId, MemberEpoch,
    MemberId, OffsetToCommit, PartResults, Reply, ShareHeartbeat, Standing,
};

fn state(world: &World) -> StreamsState {
    world.shard.streams(&group_id()).unwrap().state()
}

fn kinds(reply: &StreamsHeartbeatReply) -> Vec<StatusKind> {
    reply.statuses.iter().map(|status| status.kind).collect()
}

/// Two threads of one process, or of two, report until nothing moves; what each has then.
fn settle(world: &mut World, members: &mut [(&str, i32, Tasks)]) {
    for _ in 0..6 {
        for (name, epoch, owned) in members.iter_mut() {
            let reply = send(world, holding(name, *epoch, owned)).unwrap();
            *epoch = reply.epoch;
            if let Some(tasks) = reply.tasks {
                *owned = tasks;
            }
        }
    }
    assert_eq!(state(world), StreamsState::Stable);
}

/// `a` and `b`, of two processes, share the tasks.
fn shared(world: &mut World) -> [(&'static str, i32, Tasks); 2] {
    let a = send(world, join("a", "p")).unwrap();
    let b = send(world, join("b", "q")).unwrap();
    let mut members = [("a", a.epoch, a.tasks.unwrap()), ("b", b.epoch, b.tasks.unwrap())];
    settle(world, &mut members);
    members
}

#[test]
fn the_first_member_gets_all_tasks() {
    let mut world = world();
    let reply = send(&mut world, join("a", "p")).unwrap();
    assert_eq!(reply.epoch, 2);
    assert_eq!(reply.tasks.unwrap().active, all_tasks(4));
    assert_eq!(reply.statuses, []);
    assert_eq!(state(&world), StreamsState::Stable);
    let before = world.log.len();
    let quiet = send(&mut world, report("a", 2)).unwrap();
    assert_eq!((quiet.epoch, quiet.tasks), (2, None));
    assert_eq!(world.log.len(), before, "a report without news writes nothing");
}

#[test]
fn a_task_goes_to_another_member_only_once_its_holder_has_let_go() {
    let mut world = world();
    let a = send(&mut world, join("a", "p")).unwrap();
    let all = a.tasks.unwrap();
    let b = send(&mut world, join("b", "q")).unwrap();
    assert_eq!(b.tasks, Some(Tasks::default()), "everything is held by the first");
    let asked = send(&mut world, holding("a", a.epoch, &all)).unwrap();
    let kept = asked.tasks.unwrap();
    assert_eq!((asked.epoch, kept.active.len()), (a.epoch, 4), "it owes some, and keeps its epoch");
    let waiting = send(&mut world, holding("b", b.epoch, &Tasks::default())).unwrap();
    assert_eq!(waiting.tasks, None);
    let freed = send(&mut world, holding("a", a.epoch, &kept)).unwrap();
    assert_eq!(freed.epoch, b.epoch);
    let given = send(&mut world, holding("b", b.epoch, &Tasks::default())).unwrap();
    let given = given.tasks.unwrap().active;
    assert_eq!(given.union(&kept.active).cloned().collect::<BTreeSet<_>>(), all_tasks(4));
    assert!(given.is_disjoint(&kept.active));
}

#[test]
fn who_does_not_let_go_in_time_is_taken_out() {
    let mut world = world();
    let a = send(&mut world, join("a", "p")).unwrap();
    send(&mut world, join("b", "q")).unwrap();
    let all = a.tasks.unwrap();
    send(&mut world, holding("a", a.epoch, &all)).unwrap();
    for _ in 0..3 {
        world.pass(25_000);
        let _ = send(&mut world, holding("a", a.epoch, &all));
        let _ = send(&mut world, holding("b", 3, &Tasks::default()));
    }
    assert_eq!(
        send(&mut world, holding("a", a.epoch, &all)).unwrap_err(),
        GroupError::UnknownMember
    );
}

#[test]
fn a_silent_member_goes_and_its_tasks_with_it() {
    let mut world = world();
    let [_, (b, epoch, owned)] = shared(&mut world);
    world.pass(30_000);
    send(&mut world, holding(b, epoch, &owned)).unwrap();
    world.pass(20_000);
    let reply = send(&mut world, holding(b, epoch, &owned)).unwrap();
    assert_eq!(reply.tasks.unwrap().active, all_tasks(4));
}

#[test]
fn missing_internal_topics_are_named_with_their_partitions_and_awaited() {
    let mut world = World::new();
    world.cluster.streams.initial_rebalance_delay = Duration::ZERO;
    world.cluster.streams.assignment_interval = Duration::ZERO;
    let reply = send(&mut world, join("a", "p")).unwrap();
    let missing: Vec<_> =
        reply.missing.iter().map(|it| (&*it.name, it.topic.partition_count)).collect();
    assert_eq!(missing, [(CHANGELOG, 4), (REPARTITION, 4)]);
    assert_eq!(kinds(&reply), [StatusKind::MissingInternalTopics]);
    assert_eq!(
        reply.statuses[0].detail,
        format!("Internal topics are missing: {CHANGELOG}, {REPARTITION}")
    );
    assert_eq!(reply.tasks, Some(Tasks::default()));
    assert_eq!(state(&world), StreamsState::NotReady);
    make_internal(&mut world, 4);
    let reply = send(&mut world, holding("a", reply.epoch, &Tasks::default())).unwrap();
    assert_eq!(reply.tasks.unwrap().active, all_tasks(4));
    assert_eq!((reply.missing, reply.statuses), (vec![], vec![]));
}

#[test]
fn a_missing_source_and_a_wrong_number_of_partitions_stop_the_group() {
    let mut world = world();
    world.cluster.remove_topic("orders");
    let reply = send(&mut world, join("a", "p")).unwrap();
    assert_eq!(reply.statuses[0].detail, "Source topics orders are missing.");
    world.cluster.set_topic("orders", 4);
    world.cluster.set_topic(CHANGELOG, 5);
    let reply = send(&mut world, holding("a", reply.epoch, &Tasks::default())).unwrap();
    assert_eq!(kinds(&reply), [StatusKind::IncorrectlyPartitionedTopics]);
    let detail = format!(
        "Existing topic {CHANGELOG} has different number of partitions: expected 4, found 5"
    );
    assert_eq!(reply.statuses[0].detail, detail);
}

#[test]
fn the_first_assignment_waits_for_more_members() {
    let mut world = world();
    world.cluster.streams.initial_rebalance_delay = Duration::from_secs(3);
    let a = send(&mut world, join("a", "p")).unwrap();
    assert_eq!((a.epoch, &a.tasks), (1, &Some(Tasks::default())));
    assert_eq!(kinds(&a), [StatusKind::AssignmentDelayed]);
    world.pass(2_000);
    let b = send(&mut world, join("b", "q")).unwrap();
    assert_eq!(kinds(&b), [StatusKind::AssignmentDelayed]);
    world.pass(1_000);
    let a = send(&mut world, holding("a", 1, &Tasks::default())).unwrap();
    let b = send(&mut world, holding("b", 1, &Tasks::default())).unwrap();
    assert_eq!(a.tasks.unwrap().active.len(), 4);
    assert_eq!(b.tasks.unwrap().active.len(), 4);
}

#[test]
fn assignments_are_so_far_apart_as_is_set() {
    let mut world = world();
    world.cluster.streams.assignment_interval = Duration::from_secs(10);
    send(&mut world, join("a", "p")).unwrap();
    let b = send(&mut world, join("b", "q")).unwrap();
    assert_eq!(kinds(&b), [StatusKind::AssignmentDelayed]);
    assert_eq!(state(&world), StreamsState::Assigning);
    world.pass(10_000);
    let b = send(&mut world, holding("b", b.epoch, &Tasks::default())).unwrap();
    assert_eq!(kinds(&b), []);
    assert_eq!(state(&world), StreamsState::Reconciling);
}

#[test]
fn standby_tasks_come_with_the_setting_and_never_to_the_process_of_the_task() {
    let mut world = world();
    let mut members = shared(&mut world);
    world.cluster.streams.standby_count = 1;
    settle(&mut world, &mut members);
    let [(_, _, a), (_, _, b)] = &members;
    let stateful = |tasks: &Tasks| {
        let of = tasks.active.iter().filter(|task| &*task.subtopology == "1");
        of.cloned().collect::<BTreeSet<_>>()
    };
    assert_eq!(a.standby, stateful(b));
    assert_eq!(b.standby, stateful(a));
}

#[test]
fn a_copy_becomes_the_task_itself_when_its_holder_is_gone() {
    let mut world = world();
    world.cluster.streams.standby_count = 1;
    let mut members = shared(&mut world);
    send(&mut world, report("a", -1)).unwrap();
    let (b, epoch, owned) = &mut members[1];
    let copies = owned.standby.clone();
    assert!(!copies.is_empty());
    let reply = send(&mut world, holding(b, *epoch, owned)).unwrap();
    let tasks = reply.tasks.unwrap();
    assert!(copies.is_subset(&tasks.active), "in one step: its state is there");
    assert_eq!(tasks.active, all_tasks(4));
}

#[test]
fn who_processed_a_task_keeps_its_state_as_a_copy() {
    let mut world = world();
    world.cluster.streams.standby_count = 1;
    let a = send(&mut world, join("a", "p")).unwrap();
    let all = a.tasks.unwrap();
    send(&mut world, join("b", "q")).unwrap();
    let asked = send(&mut world, holding("a", a.epoch, &all)).unwrap().tasks.unwrap();
    let lost: BTreeSet<_> = all.active.difference(&asked.active).cloned().collect();
    let stateful: BTreeSet<_> =
        lost.iter().filter(|task| &*task.subtopology == "1").cloned().collect();
    assert_eq!(asked.standby, stateful, "at once, while it still owes the task");
}

#[test]
fn stale_epochs_are_fenced_and_the_one_before_is_believed_with_what_it_was_given() {
    let mut world = world();
    let [(a, epoch, owned), _] = shared(&mut world);
    let fenced = Err(GroupError::FencedMemberEpoch);
    assert_eq!(send(&mut world, holding(a, epoch + 1, &owned)), fenced);
    assert_eq!(send(&mut world, holding(a, epoch - 2, &owned)), fenced);
    assert!(send(&mut world, holding(a, epoch - 1, &owned)).is_ok());
    let mut more = owned;
    more.active = all_tasks(4);
    assert_eq!(send(&mut world, holding(a, epoch - 1, &more)), fenced);
    let nobody = Err(GroupError::UnknownMember);
    assert_eq!(send(&mut world, report("c", 1)), nobody);
}

#[test]
fn a_static_member_comes_back_to_its_tasks() {
    let mut world = world();
    let named = |request| StreamsHeartbeat { instance: Some(InstanceId::new("i")), ..request };
    let reply = send(&mut world, named(join("a", "p"))).unwrap();
    let again = send(&mut world, named(join("a2", "p")));
    assert_eq!(again, Err(GroupError::UnreleasedInstance));
    let away = send(&mut world, named(report("a", -2))).unwrap();
    assert_eq!(away.epoch, -2);
    world.restart();
    let back = send(&mut world, named(join("a2", "p"))).unwrap();
    assert_eq!(back.tasks.as_ref().map(|tasks| &tasks.active), Some(&all_tasks(4)));
    assert_eq!(back.epoch, reply.epoch, "nothing changed");
    let old = send(&mut world, named(report("a", reply.epoch)));
    assert_eq!(old, Err(GroupError::FencedInstance));
}

#[test]
fn a_topology_that_differs_is_refused_and_an_older_one_is_told_so() {
    let mut world = world();
    let with = |change: fn(&mut Topology)| {
        let mut topology = topology();
        change(&mut topology);
        StreamsHeartbeat { topology: Some(topology), ..join("b", "q") }
    };
    let newer = |topology: &mut Topology| topology.epoch = TopologyEpoch::from_wire(3).unwrap();
    send(&mut world, StreamsHeartbeat { member: MemberId::new("a").unwrap(), ..with(newer) })
        .unwrap();
    let records = world.log.len();
    let differs =
        send(&mut world, with(|topology| topology.epoch = TopologyEpoch::from_wire(4).unwrap()));
    assert_eq!(differs, Err(GroupError::TopologyChanged));
    assert_eq!(world.log.len(), records, "what is refused writes nothing");
    let stale = send(&mut world, with(|_| {})).unwrap();
    assert_eq!(kinds(&stale), [StatusKind::StaleTopology]);
}

#[test]
fn topologies_that_cannot_be_are_refused() {
    let mut world = world();
    let mut topology = topology();
    topology.subtopologies.get_mut("0").unwrap().repartition_sinks.clear();
    let request = StreamsHeartbeat { topology: Some(topology), ..join("a", "p") };
    let refused = GroupError::InvalidTopology(InvalidTopology::NeverWritten);
    assert_eq!(send(&mut world, request), Err(refused));
    assert!(world.shard.streams(&group_id()).is_none());
}

#[test]
fn a_task_that_the_topology_does_not_have_is_refused() {
    let mut world = world();
    let reply = send(&mut world, join("a", "p")).unwrap();
    for unknown in [task("0", 4), task("7", 0)] {
        let owned = Tasks { active: [unknown].into(), ..Tasks::default() };
        let refused = send(&mut world, holding("a", reply.epoch, &owned));
        assert_eq!(refused, Err(GroupError::UnknownTask));
    }
}

#[test]
fn the_wish_to_stop_reaches_all_and_ends_with_the_last() {
    let mut world = world();
    let [(a, epoch, _), (b, _, _)] = shared(&mut world);
    let request = StreamsHeartbeat { shuts_down: true, ..report(b, -1) };
    send(&mut world, request).unwrap();
    let told = send(&mut world, report(a, epoch)).unwrap();
    assert_eq!(kinds(&told), [StatusKind::ShutdownApplication]);
    send(&mut world, report(a, -1)).unwrap();
    let fresh = send(&mut world, join("c", "p")).unwrap();
    assert_eq!(kinds(&fresh), []);
}

#[test]
fn members_hear_where_partitions_are_answered_for_when_that_changes() {
    let mut world = world();
    let endpoint = Some(Endpoint { host: "here".into(), port: 80 });
    let first = StreamsHeartbeat { endpoint, ..join("a", "p") };
    let first = send(&mut world, first).unwrap();
    assert_eq!(first.endpoint_epoch, 0, "the group is new");
    let told = first.endpoints.unwrap();
    assert_eq!((told.len(), told[0].endpoint.port), (1, 80));
    let topics: Vec<_> =
        told[0].active.iter().map(|it| (&*it.topic, it.partitions.len())).collect();
    assert_eq!(topics, [("orders", 4), (REPARTITION, 4)]);
    let request = StreamsHeartbeat { endpoint_epoch: 0, ..report("a", first.epoch) };
    let quiet = send(&mut world, request).unwrap();
    assert_eq!((quiet.endpoint_epoch, quiet.endpoints), (0, None));
    let endpoint = Some(Endpoint { host: "there".into(), port: 81 });
    let moved = StreamsHeartbeat { endpoint, endpoint_epoch: 0, ..report("a", first.epoch) };
    let moved = send(&mut world, moved).unwrap();
    assert_eq!((moved.endpoint_epoch, moved.endpoints.unwrap()[0].endpoint.port), (1, 81));
}

#[test]
fn tags_that_standbys_are_spread_over_are_asked_for() {
    let mut world = world();
    world.cluster.streams.rack_tags = vec!["zone".to_owned(), "cluster".to_owned()];
    let reply = send(&mut world, join("a", "p")).unwrap();
    assert_eq!(kinds(&reply), [StatusKind::MissingClientTags]);
    assert!(reply.statuses[0].detail.contains("[cluster]"));
    let old = StreamsHeartbeat { knows_missing_tags: false, ..report("a", reply.epoch) };
    assert_eq!(send(&mut world, old).unwrap().statuses, []);
}

fn commit(world: &mut World, member: &str, epoch: i32, partition: i32) -> PartResults {
    let request = CommitOffsets {
        group: group_id(),
        member: MemberId::new(member),
        instance: None,
        generation: Generation::from_wire(epoch),
        knows_member_epochs: true,
        retention: None,
        offsets: vec![OffsetToCommit {
            partition: key("orders", partition),
            topic_id: None,
            offset: Some(offset(1)),
            leader_epoch: None,
            metadata: "".into(),
        }],
    };
    let now = world.now();
    let decision = world.shard.commit_offsets(&mut world.soft, now, request);
    world.carry_out(decision)
}

#[test]
fn commits_are_fenced_by_the_members_epoch_and_by_when_it_got_the_task() {
    let mut world = world();
    let [(a, epoch, owned), _] = shared(&mut world);
    let partition_of = |task: &TaskId| task.partition.to_wire();
    let of_source = |task: &&TaskId| &*task.subtopology == "0";
    let kept = owned.active.iter().find(of_source).map(partition_of).unwrap();
    let lost = (0..4).find(|index| !owned.active.contains(&task("0", *index))).unwrap();
    assert_eq!(commit(&mut world, a, epoch, kept), Ok(vec![Ok(())]));
    assert_eq!(commit(&mut world, a, epoch - 1, kept), Ok(vec![Ok(())]), "held since before");
    let stale = Err(GroupError::StaleMemberEpoch);
    assert_eq!(commit(&mut world, a, epoch - 1, lost), stale);
    assert_eq!(commit(&mut world, a, epoch + 1, kept), stale);
    assert_eq!(commit(&mut world, "c", epoch, kept), Err(GroupError::UnknownMember));
    let id = MemberId::new(a);
    let fetch =
        |raw: i32| world.shard.check_fetch(&group_id(), id.as_ref(), MemberEpoch::from_wire(raw));
    assert_eq!(fetch(epoch), Ok(()));
    assert_eq!(fetch(epoch - 1), Err(GroupError::StaleMemberEpoch));
}

#[test]
fn offsets_of_what_members_read_are_kept_and_go_after_the_last_member() {
    let mut world = world();
    let reply = send(&mut world, join("a", "p")).unwrap();
    commit(&mut world, "a", reply.epoch, 0).unwrap();
    let is_removal = |record: &GroupRecord| matches!(record, GroupRecord::OffsetRemoved { .. });
    for _ in 0..8 * 24 * 2 {
        world.pass(30_000);
        send(&mut world, report("a", reply.epoch)).unwrap();
        world.millis += 30 * 60_000 - 60_000;
        send(&mut world, report("a", reply.epoch)).unwrap();
    }
    assert!(!world.log.iter().any(is_removal));
    send(&mut world, report("a", -1)).unwrap();
    world.pass(8 * 86_400_000);
    assert!(world.log.iter().any(is_removal));
    assert!(world.shard.streams(&group_id()).is_none(), "the empty group goes with its offsets");
}

#[test]
fn an_empty_group_gives_way_to_a_classic_one_and_one_with_members_does_not() {
    let mut world = world();
    send(&mut world, join("a", "p")).unwrap();
    let ticket = world.join(classic_join(None));
    let Some(Reply::Join(Err(refused))) = world.answers.get(&ticket) else { panic!() };
    assert_eq!(refused.error, GroupError::InconsistentProtocol);
    send(&mut world, report("a", -1)).unwrap();
    world.stable(1);
    assert!(world.shard.streams(&group_id()).is_none());
    let refused = send(&mut world, join("b", "p"));
    assert_eq!(refused, Err(GroupError::NotStreamsGroup), "and is one with members then");
    world.restart();
    assert!(world.shard.streams(&group_id()).is_none());
}

#[test]
fn a_name_is_of_a_share_group_or_of_a_streams_group() {
    let as_share = |world: &mut World, member: &str| {
        let request = ShareHeartbeat {
            group: group_id(),
            member: MemberId::new(member).unwrap(),
            standing: Standing::Joining,
            rack: None,
            client: Client { id: "app".into(), host: "/127.0.0.1".into() },
            topics: Some(BTreeSet::from(["orders".into()])),
        };
        let now = world.now();
        let decision = world.shard.share_heartbeat(&mut world.soft, now, &world.cluster, &request);
        world.carry_out(decision).map(|_| ())
    };
    let mut first = world();
    send(&mut first, join("a", "p")).unwrap();
    assert_eq!(as_share(&mut first, "s"), Err(GroupError::NotShareGroup));

    let mut second = world();
    as_share(&mut second, "s").unwrap();
    assert_eq!(send(&mut second, join("a", "p")), Err(GroupError::NotStreamsGroup));
}

#[test]
fn a_group_without_members_is_deleted_whole() {
    let mut world = world();
    send(&mut world, join("a", "p")).unwrap();
    let delete = |world: &mut World| -> Result<(), GroupError> {
        let now = world.now();
        let decision: Decision<_> = world.shard.delete(&mut world.soft, now, &group_id());
        world.carry_out(decision)
    };
    assert_eq!(delete(&mut world), Err(GroupError::NonEmptyGroup));
    send(&mut world, report("a", -1)).unwrap();
    assert_eq!(delete(&mut world), Ok(()));
    assert!(!world.shard.groups.contains_key(&group_id()));
}

#[test]
fn all_that_a_streams_group_writes_reads_back_equal() {
    let mut world = world();
    world.cluster.streams.standby_count = 1;
    let mut members = shared(&mut world);
    settle(&mut world, &mut members);
    send(&mut world, report("a", -1)).unwrap();
    send(&mut world, report("b", -1)).unwrap();
    let now = world.now();
    let decision = world.shard.delete(&mut world.soft, now, &group_id());
    world.carry_out(decision).unwrap();
    assert!(world.log.len() > 20);
    for record in &world.log {
        let crate::codec::KeyValue { key, value } = crate::codec::encode(record).unwrap();
        let value = value.map(bytes::Bytes::from);
        let read = crate::codec::decode(&key.into(), value.as_ref(), None);
        assert_eq!(read, Ok(crate::codec::Decoded::Record(record.clone())));
    }
}

#[test]
fn how_far_state_has_come_is_described_and_decides_who_takes_over() {
    let mut world = world();
    let offsets = |far: i64| Some((0..4).map(|index| (task("1", index), far)).collect());
    let a = StreamsHeartbeat { task_offsets: offsets(5), ..join("a", "p") };
    send(&mut world, a).unwrap();
    let described = world.shard.describe_streams_group(&world.soft, &group_id()).reply.unwrap();
    assert_eq!(described.members[0].offsets.offsets[&task("1", 0)], 5);
    assert_eq!((described.state, described.assignor), (StreamsState::Stable, "sticky"));
    assert!(matches!(described.topology, Some(DescribedTopology::Configured(_))));
}

#[test]
fn what_members_say_and_their_topology_are_bounded() {
    let mut world = world();
    send(&mut world, join("a", "p")).unwrap();
    let with_topology = world.shard.members_size(&world.soft);
    let long = "p".repeat(5_000);
    let left = 5_000;
    world.soft.set_members_room(crate::MembersRoom { group_size_max: usize::MAX, left });
    let before = world.log.clone();
    assert_eq!(send(&mut world, join("b", &long)).unwrap_err(), GroupError::MembersTooLarge);
    assert_eq!(world.log, before);
    send(&mut world, join("b", "q")).unwrap();
    let with_another = world.shard.members_size(&world.soft);
    let member = with_another - with_topology;
    assert!(with_topology > member, "the topology counts: {with_topology}, {member}");
    world.restart();
    assert_eq!(world.shard.members_size(&world.soft), with_another);
}
