//! Streams groups (KIP-1071): what members are told in every state, which topics are made for them, and what the other group
//! APIs say of such groups.

mod states;

use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use wire::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use wire::messages::streams_group_heartbeat_request::{
    CopartitionGroup, Endpoint, KeyValue, Subtopology, TaskIds, TaskOffset, TopicInfo, Topology,
};
use wire::messages::{
    DeleteGroupsRequest, DescribeGroupsRequest, ListGroupsRequest, OffsetCommitRequest,
    OffsetFetchRequest, StreamsGroupDescribeRequest, StreamsGroupDescribeResponse,
    StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse,
};

use crate::group_records;
use crate::groups::find_coordinators;
use crate::topics::prepare;

const TOPIC: &str = "streamed";
const INTERNAL: [&str; 2] = ["app-words-repartition", "app-counts-changelog"];
type Heartbeat = StreamsGroupHeartbeatRequest;

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    find_coordinators(c)?;
    prepare(c, TOPIC, 4, &[])?;
    prepare(c, "streamed-too", 2, &[])?;
    // The topics are made once: all groups here are of one application.
    for v in 0..=1 {
        refusals(c, v)?;
        topics(c, v)?;
        made_topics(c, v)?;
        life(c, v)?;
        static_members(c, v)?;
        offsets(c, v)?;
        states::compare(c, v)?;
        for group in ["life", "fixed-app", "offsets", "missing", "apart", "maker"] {
            group_records::compare(c, "StreamsGroup", &format!("{group}-{v}"))?;
        }
    }
    Ok(())
}

/// A report of a member that says nothing new.
fn report(group: &str, member: &str, epoch: i32) -> Heartbeat {
    Heartbeat {
        group_id: group.into(),
        member_id: member.into(),
        member_epoch: epoch,
        ..Default::default()
    }
}

fn internal(name: &str) -> TopicInfo {
    TopicInfo {
        name: name.into(),
        partitions: 0,
        replication_factor: 0,
        topic_configs: vec![KeyValue { key: "retention.ms".into(), value: "86400000".into() }],
    }
}

fn topology(source: &str) -> Topology {
    let first = Subtopology {
        subtopology_id: "0".into(),
        source_topics: vec![source.into()],
        repartition_sink_topics: vec![INTERNAL[0].into()],
        ..Default::default()
    };
    let second = Subtopology {
        subtopology_id: "1".into(),
        repartition_source_topics: vec![internal(INTERNAL[0])],
        state_changelog_topics: vec![internal(INTERNAL[1])],
        ..Default::default()
    };
    Topology { epoch: 0, subtopologies: vec![first, second] }
}

fn join(group: &str, member: &str, source: &str) -> Heartbeat {
    Heartbeat {
        rebalance_timeout_ms: 60_000,
        topology: Some(topology(source)),
        active_tasks: Some(Vec::new()),
        standby_tasks: Some(Vec::new()),
        warmup_tasks: Some(Vec::new()),
        process_id: Some(format!("process of {member}")),
        client_tags: Some(Vec::new()),
        endpoint_information_epoch: -1,
        ..report(group, member, 0)
    }
}

fn tasks(parts: &[(&str, &[i32])]) -> Option<Vec<TaskIds>> {
    let ids = parts.iter().map(|(id, partitions)| TaskIds {
        subtopology_id: (*id).into(),
        partitions: partitions.to_vec(),
    });
    Some(ids.collect())
}

fn holding(request: Heartbeat, parts: &[(&str, &[i32])]) -> Heartbeat {
    Heartbeat {
        active_tasks: tasks(parts),
        standby_tasks: tasks(&[]),
        warmup_tasks: tasks(&[]),
        ..request
    }
}

/// Apache Kafka keeps tasks, members and the topics of a topology in tables without an order.
fn in_order(response: &mut StreamsGroupHeartbeatResponse) {
    let lists =
        [&mut response.active_tasks, &mut response.standby_tasks, &mut response.warmup_tasks];
    for list in lists.into_iter().flatten() {
        list.sort_by(|a, b| a.subtopology_id.cmp(&b.subtopology_id));
        list.iter_mut().for_each(|part| part.partitions.sort_unstable());
    }
    for status in response.status.iter_mut().flatten() {
        let mut words: Vec<&str> =
            status.status_detail.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        words.sort_unstable();
        status.status_detail = words.join(" ");
    }
    for endpoint in response.partitions_by_user_endpoint.iter_mut().flatten() {
        for topics in [&mut endpoint.active_partitions, &mut endpoint.standby_partitions] {
            topics.sort_by(|a, b| a.topic.cmp(&b.topic));
            topics.iter_mut().for_each(|topic| topic.partitions.sort_unstable());
        }
    }
    response
        .partitions_by_user_endpoint
        .iter_mut()
        .for_each(|all| all.sort_by_key(|one| format!("{one:?}")));
}

fn beat(c: &mut Comparison, words: &str, v: i16, request: Heartbeat) -> Result<(), Failed> {
    c.case_tidied(words, v, |_| request.clone(), in_order)?;
    Ok(())
}

fn described_in_order(response: &mut StreamsGroupDescribeResponse) {
    for group in &mut response.groups {
        group.members.sort_by(|a, b| a.member_id.cmp(&b.member_id));
        for member in &mut group.members {
            for assignment in [&mut member.assignment, &mut member.target_assignment] {
                for list in [&mut assignment.active_tasks, &mut assignment.standby_tasks] {
                    list.sort_by(|a, b| a.subtopology_id.cmp(&b.subtopology_id));
                    list.iter_mut().for_each(|part| part.partitions.sort_unstable());
                }
            }
            member.task_offsets.sort_by_key(|offset| format!("{offset:?}"));
        }
    }
}

fn describe(c: &mut Comparison, group: &str) -> Result<(), Failed> {
    describe_tidied(c, group, described_in_order)
}

/// As [`describe`], of a group with one report: Apache Kafka has forgotten by then how many partitions its topics are to
/// have, and finds it out again with the second report. Ottla tells it at once.
fn describe_new(c: &mut Comparison, group: &str) -> Result<(), Failed> {
    describe_tidied(c, group, |response| {
        described_in_order(response);
        let topologies = response.groups.iter_mut().filter_map(|group| group.topology.as_mut());
        let parts = topologies.filter_map(|topology| topology.subtopologies.as_mut()).flatten();
        for part in parts {
            let topics = [&mut part.state_changelog_topics, &mut part.repartition_source_topics];
            topics.into_iter().flatten().for_each(|topic| topic.partitions = 0);
        }
    })
}

fn describe_tidied(
    c: &mut Comparison,
    group: &str,
    tidy: impl Fn(&mut StreamsGroupDescribeResponse) + Copy,
) -> Result<(), Failed> {
    for v in 0..=1 {
        let ask = |_: &mut Side| StreamsGroupDescribeRequest {
            group_ids: vec![group.into()],
            include_authorized_operations: true,
            include_topology_description: v >= 1,
        };
        c.case_tidied(&format!("{group} described"), v, ask, tidy)?;
    }
    c.case(&format!("{group} described as a classic one"), 6, |_| DescribeGroupsRequest {
        groups: vec![group.into()],
        include_authorized_operations: false,
    })?;
    let wanted = listed(&mut c.kafka, group)?;
    let found = listed(&mut c.ottla, group)?;
    c.note(&format!("{group} listed"), &wanted, &found);
    Ok(())
}

fn listed(side: &mut Side, group: &str) -> Result<Vec<String>, Failed> {
    let request = ListGroupsRequest { types_filter: vec!["streams".into()], ..Default::default() };
    let response =
        side.call(&request, 5)?.ok_or_else(|| Failed("ListGroups closed the connection".into()))?;
    let found = response.groups.iter().filter(|found| found.group_id == group);
    Ok(found.map(|found| format!("{found:?}")).collect())
}

fn refusals(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let good = || join("refused", "m", TOPIC);
    let changed = |change: &dyn Fn(&mut Topology)| {
        let mut request = good();
        request.topology.iter_mut().for_each(change);
        request
    };
    let part = |topology: &mut Topology, change: &dyn Fn(&mut Subtopology)| {
        topology.subtopologies.iter_mut().for_each(change);
    };
    beat(c, "empty group id", v, Heartbeat { group_id: String::new(), ..good() })?;
    beat(c, "empty member id", v, Heartbeat { member_id: String::new(), ..good() })?;
    beat(c, "empty instance id", v, Heartbeat { instance_id: Some("".into()), ..good() })?;
    beat(c, "empty rack id", v, Heartbeat { rack_id: Some("".into()), ..good() })?;
    beat(c, "epoch that means nothing", v, report("refused", "m", -3))?;
    beat(c, "no rebalance timeout", v, Heartbeat { rebalance_timeout_ms: -1, ..good() })?;
    beat(c, "no topology", v, Heartbeat { topology: None, ..good() })?;
    beat(c, "tasks held", v, holding(good(), &[("0", &[0])]))?;
    beat(c, "tasks of one kind", v, Heartbeat { warmup_tasks: None, ..good() })?;
    beat(
        c,
        "no tasks said",
        v,
        Heartbeat {
            active_tasks: None,
            standby_tasks: None,
            warmup_tasks: None,
            ..report("refused", "m", 1)
        },
    )?;
    beat(c, "topology of a report", v, Heartbeat { member_epoch: 1, ..good() })?;
    beat(c, "pause without instance", v, report("refused", "m", -2))?;
    beat(c, "report of no group", v, report("refused", "m", 1))?;
    beat(c, "leaving no group", v, report("refused", "m", -1))?;
    beat(c, "internal topic of the cluster", v, join("refused", "m", "__consumer_offsets"))?;
    beat(c, "not a name", v, join("refused", "m", "a/b"))?;
    beat(
        c,
        "pattern",
        v,
        changed(&|it| {
            part(it, &|part| part.source_topic_regex = vec!["a.*".into()]);
        }),
    )?;
    beat(
        c,
        "changelog with partitions",
        v,
        changed(&|it| {
            part(it, &|part| {
                part.state_changelog_topics.iter_mut().for_each(|topic| topic.partitions = 3);
            });
        }),
    )?;
    beat(
        c,
        "repartition topic that nobody writes",
        v,
        changed(&|it| {
            part(it, &|part| part.repartition_sink_topics.clear());
        }),
    )?;
    beat(
        c,
        "loop",
        v,
        changed(&|it| {
            part(it, &|part| part.source_topics.clear());
        }),
    )?;
    describe(c, "refused")
}

/// Topologies that do not fit the topics there are.
fn topics(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("missing-{v}");
    beat(c, "source that is not there", v, join(group, "a", "not-there"))?;
    describe(c, group)?;
    beat(c, "reports all the same", v, holding(report(group, "a", 2), &[]))?;
    beat(c, "leaves", v, report(group, "a", -1))?;
    let group = &format!("apart-{v}");
    let mut request = join(group, "a", TOPIC);
    if let Some(topology) = &mut request.topology {
        topology.subtopologies.truncate(1);
        let part = &mut topology.subtopologies[0];
        part.repartition_sink_topics.clear();
        part.source_topics.push("streamed-too".into());
        part.copartition_groups =
            vec![CopartitionGroup { source_topics: vec![0, 1], ..Default::default() }];
    }
    beat(c, "joined topics of different sizes", v, request.clone())?;
    describe(c, group)?;
    let mut request = Heartbeat { group_id: format!("together-{v}"), ..request };
    if let Some(topology) = &mut request.topology {
        topology.subtopologies[0].copartition_groups.clear();
    }
    beat(c, "topics of different sizes, not joined", v, request)?;
    describe(c, &format!("together-{v}"))
}

/// The coordinator makes what is missing; members wait for it.
fn made_topics(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("maker-{v}");
    if v == 0 {
        beat(c, "internal topics are missing", v, join(group, "a", TOPIC))?;
    } else {
        beat(c, "internal topics are there", v, join(group, "a", TOPIC))?;
    }
    for side in [&mut c.kafka, &mut c.ottla] {
        for _ in 0..300 {
            let answer = side.call(&join(group, "a", TOPIC), 1)?;
            let ready =
                answer.is_some_and(|answer| answer.status.is_some_and(|list| list.is_empty()));
            if ready {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
    let mut sizes = Vec::new();
    for side in [&mut c.kafka, &mut c.ottla] {
        sizes.push(INTERNAL.map(|name| side.topic_id(name).is_zero()));
    }
    c.note("internal topics", &sizes[0], &sizes[1]);
    beat(c, "leaves", v, report(group, "a", -1))
}

/// Two members come, share, and go.
fn life(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("life-{v}");
    let all: &[(&str, &[i32])] = &[("0", &[0, 1, 2, 3]), ("1", &[0, 1, 2, 3])];
    let half: &[(&str, &[i32])] = &[("0", &[0, 1]), ("1", &[0, 1])];
    let endpoint = |port: u16, request: Heartbeat| Heartbeat {
        user_endpoint: Some(Endpoint { host: "here".into(), port }),
        ..request
    };
    beat(c, "first join", v, endpoint(1, join(group, "a", TOPIC)))?;
    describe_new(c, group)?;
    beat(c, "nothing new", v, report(group, "a", 2))?;
    beat(c, "says what it holds", v, holding(report(group, "a", 2), all))?;
    beat(c, "holds what is not", v, holding(report(group, "a", 2), &[("7", &[0])]))?;
    beat(c, "holds a number that is not", v, holding(report(group, "a", 2), &[("0", &[4])]))?;
    beat(c, "epoch too high", v, report(group, "a", 10))?;
    beat(c, "nobody", v, report(group, "nobody", 2))?;
    beat(c, "nobody leaves", v, report(group, "nobody", -1))?;
    beat(c, "joins again", v, endpoint(1, join(group, "a", TOPIC)))?;
    let newer = |epoch: i32| {
        let mut request = join(group, "n", TOPIC);
        request.topology.iter_mut().for_each(|topology| topology.epoch = epoch);
        request
    };
    beat(c, "another topology", v, newer(1))?;
    beat(c, "second joins", v, endpoint(2, join(group, "b", TOPIC)))?;
    describe(c, group)?;
    beat(c, "asked to let go", v, report(group, "a", 2))?;
    describe(c, group)?;
    beat(c, "still holds it", v, holding(report(group, "a", 2), all))?;
    beat(c, "second waits", v, report(group, "b", 3))?;
    let kept = kept(c, group)?;
    let kept: Vec<(&str, &[i32])> =
        kept.iter().map(|(id, partitions)| (id.as_str(), partitions.as_slice())).collect();
    c.note("kept", &half.to_vec(), &kept);
    beat(c, "lets go", v, holding(report(group, "a", 2), &kept))?;
    beat(c, "previous epoch, holds too much", v, holding(report(group, "a", 2), all))?;
    beat(c, "previous epoch, holds its own", v, holding(report(group, "a", 2), &kept))?;
    beat(c, "previous epoch, says nothing", v, report(group, "a", 2))?;
    beat(c, "second gets it", v, report(group, "b", 3))?;
    beat(c, "first hears of the second's endpoint", v, report(group, "a", 3))?;
    describe(c, group)?;
    beat(
        c,
        "tells how far it has come",
        v,
        Heartbeat {
            task_offsets: Some(vec![TaskOffset {
                subtopology_id: "1".into(),
                partition: 0,
                offset: 7,
            }]),
            task_end_offsets: Some(Vec::new()),
            ..report(group, "a", 3)
        },
    )?;
    describe(c, group)?;
    beat(
        c,
        "changes its tags",
        v,
        Heartbeat {
            client_tags: Some(vec![KeyValue { key: "zone".into(), value: "x".into() }]),
            ..report(group, "a", 3)
        },
    )?;
    c.case("deleted while it lives", 2, |_| DeleteGroupsRequest {
        groups_names: vec![group.clone()],
    })?;
    beat(
        c,
        "wants all to stop",
        v,
        Heartbeat { shutdown_application: true, ..report(group, "b", 3) },
    )?;
    beat(c, "first hears of it", v, report(group, "a", 4))?;
    beat(c, "second leaves", v, report(group, "b", -1))?;
    beat(c, "first gets all", v, report(group, "a", 4))?;
    describe(c, group)?;
    beat(c, "first leaves", v, report(group, "a", -1))?;
    describe(c, group)?;
    c.case("deleted", 2, |_| DeleteGroupsRequest { groups_names: vec![group.clone()] })?;
    describe(c, group)
}

/// What the first member was left with, which each side chooses.
fn kept(c: &mut Comparison, group: &str) -> Result<Vec<(String, Vec<i32>)>, Failed> {
    let ask =
        StreamsGroupDescribeRequest { group_ids: vec![group.to_owned()], ..Default::default() };
    let answer = c.ottla.call(&ask, 1)?;
    let groups = answer.map(|answer| answer.groups).unwrap_or_default();
    let member = groups.first().and_then(|group| group.members.first()).cloned();
    let parts = member.map(|member| member.target_assignment.active_tasks).unwrap_or_default();
    Ok(parts.into_iter().map(|part| (part.subtopology_id, part.partitions)).collect())
}

/// An instance id keeps its place while it is away.
fn static_members(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("fixed-app-{v}");
    let fixed = |request: Heartbeat| Heartbeat { instance_id: Some("one".into()), ..request };
    beat(c, "static member joins", v, fixed(join(group, "s1", TOPIC)))?;
    beat(c, "its place is taken", v, fixed(join(group, "s2", TOPIC)))?;
    beat(c, "wrong member id", v, fixed(report(group, "s2", 2)))?;
    beat(
        c,
        "unknown instance",
        v,
        Heartbeat { instance_id: Some("two".into()), ..report(group, "s1", 2) },
    )?;
    beat(c, "wrong member pauses", v, fixed(report(group, "s2", -2)))?;
    beat(c, "pauses", v, fixed(report(group, "s1", -2)))?;
    describe_new(c, group)?;
    beat(c, "reports while away", v, fixed(report(group, "s1", 2)))?;
    let back = Heartbeat { process_id: Some("process of s1".into()), ..join(group, "s2", TOPIC) };
    beat(c, "comes back under another id", v, fixed(back))?;
    describe(c, group)?;
    beat(c, "leaves for good", v, fixed(report(group, "s2", -1)))?;
    describe(c, group)
}

fn offsets(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("offsets-{v}");
    let commit = |member: &str, epoch: i32, topic: &str| OffsetCommitRequest {
        group_id: group.clone(),
        member_id: member.into(),
        generation_id_or_member_epoch: epoch,
        topics: vec![OffsetCommitRequestTopic {
            name: topic.into(),
            partitions: vec![OffsetCommitRequestPartition {
                partition_index: 0,
                committed_offset: 17,
                committed_metadata: Some("".into()),
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let fetch = |member: Option<&str>, epoch: i32| OffsetFetchRequest {
        groups: vec![OffsetFetchRequestGroup {
            group_id: group.clone(),
            member_id: member.map(Into::into),
            member_epoch: epoch,
            topics: Some(vec![OffsetFetchRequestTopics {
                name: TOPIC.into(),
                partition_indexes: vec![0],
                ..Default::default()
            }]),
        }],
        ..Default::default()
    };
    beat(c, "joins", v, join(group, "a", TOPIC))?;
    c.case("commits", 9, |_| commit("a", 2, TOPIC))?;
    c.case("commits in an old version", 8, |_| commit("a", 2, TOPIC))?;
    c.case("commits with an old epoch", 9, |_| commit("a", 1, TOPIC))?;
    c.case("commits with an old epoch what it does not read", 9, |_| commit("a", 1, "other"))?;
    c.case("commits with an epoch of later", 9, |_| commit("a", 3, TOPIC))?;
    c.case("nobody commits", 9, |_| commit("b", 2, TOPIC))?;
    c.case("somebody outside commits", 9, |_| commit("", -1, TOPIC))?;
    c.case("fetches", 9, |_| fetch(Some("a"), 2))?;
    c.case("fetches with an old epoch", 9, |_| fetch(Some("a"), 1))?;
    c.case("nobody fetches", 9, |_| fetch(Some("b"), 2))?;
    c.case("somebody outside fetches", 9, |_| fetch(None, -1))?;
    beat(c, "leaves", v, report(group, "a", -1))?;
    c.case("outside commits to the empty group", 9, |_| commit("", -1, TOPIC))?;
    describe_new(c, group)
}
