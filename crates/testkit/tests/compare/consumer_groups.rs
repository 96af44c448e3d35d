//! Consumer groups (KIP-848): what members are told in every state, and what the other group APIs say of such groups.

mod classic_member;

use model::Uuid;
use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::consumer_group_describe_response::Member;
use wire::messages::consumer_group_heartbeat_request::TopicPartitions;
use wire::messages::leave_group_request::MemberIdentity;
use wire::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use wire::messages::offset_delete_request::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use wire::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use wire::messages::{
    ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, ConsumerGroupHeartbeatRequest,
    ConsumerGroupHeartbeatResponse, DeleteGroupsRequest, DescribeGroupsRequest, JoinGroupRequest,
    LeaveGroupRequest, ListGroupsRequest, OffsetCommitRequest, OffsetDeleteRequest,
    OffsetFetchRequest,
};

use self::classic_member::id;
pub(crate) use self::classic_member::{all_assigned, beat, classic, sync};
use crate::group_records;
use crate::groups::find_coordinators;
use crate::topics::prepare;

pub(crate) const TOPIC: &str = "reported";

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    find_coordinators(c)?;
    prepare(c, TOPIC, 4, &[])?;
    prepare(c, "reported-too", 2, &[])?;
    for v in 0..=1 {
        refusals(c, v)?;
        life(c, v)?;
        static_members(c, v)?;
        offsets(c, v)?;
        assignors(c, v)?;
        for group in ["nothing", "life", "fixed", "offsets"] {
            group_records::compare(c, "ConsumerGroup", &format!("{group}-{v}"))?;
        }
    }
    patterns(c)?;
    too_large(c)?;
    away_from_classic(c)?;
    for group in ["only-offsets", "mixed"] {
        group_records::compare(c, "ConsumerGroup", group)?;
    }
    Ok(())
}

/// A report of a member that says nothing new.
pub(crate) fn report(group: &str, member: &str, epoch: i32) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        group_id: group.into(),
        member_id: member.into(),
        member_epoch: epoch,
        ..Default::default()
    }
}

pub(crate) fn join(group: &str, member: &str, topics: &[&str]) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        rebalance_timeout_ms: 60_000,
        subscribed_topic_names: Some(topics.iter().map(ToString::to_string).collect()),
        topic_partitions: Some(Vec::new()),
        ..report(group, member, 0)
    }
}

fn owned(side: &mut Side, partitions: &[i32]) -> Option<Vec<TopicPartitions>> {
    let topic_id = side.topic_id(TOPIC);
    if partitions.is_empty() {
        return Some(Vec::new());
    }
    Some(vec![TopicPartitions { topic_id, partitions: partitions.to_vec() }])
}

pub(crate) fn owning(
    side: &mut Side,
    request: ConsumerGroupHeartbeatRequest,
    partitions: &[i32],
) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest { topic_partitions: owned(side, partitions), ..request }
}

fn refusals(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let good = || join("refused", "m", &[TOPIC]);
    type Request = ConsumerGroupHeartbeatRequest;
    c.case("empty group id", v, |_| Request { group_id: String::new(), ..good() })?;
    c.case("member id of a report", v, |_| report("refused", "", 1))?;
    c.case("empty instance id", v, |_| Request { instance_id: Some("".into()), ..good() })?;
    c.case("empty rack id", v, |_| Request { rack_id: Some("".into()), ..good() })?;
    c.case("epoch that means nothing", v, |_| report("refused", "m", -3))?;
    c.case("no rebalance timeout", v, |_| Request { rebalance_timeout_ms: -1, ..good() })?;
    c.case("no partitions said", v, |_| Request { topic_partitions: None, ..good() })?;
    c.case("partitions held", v, |side| owning(side, good(), &[0]))?;
    c.case("no subscription", v, |_| Request { subscribed_topic_names: None, ..good() })?;
    c.case("unknown assignor", v, |_| Request { server_assignor: Some("x".into()), ..good() })?;
    c.case("pause without instance", v, |_| report("refused", "m", -2))?;
    c.case("report of no group", v, |_| report("refused", "m", 1))?;
    c.case("leaving no group", v, |_| report("refused", "m", -1))?;
    if v >= 1 {
        c.case("empty member id", v, |_| Request { member_id: String::new(), ..good() })?;
        c.case("not a pattern", v, |_| Request {
            subscribed_topic_names: None,
            subscribed_topic_regex: Some("a(".into()),
            ..good()
        })?;
    }
    describe(c, "refused")?;
    let group = &format!("nothing-{v}");
    c.case("reads nothing", v, |_| join(group, "a", &[]))?;
    c.case("reads what is not there", v, |_| join(group, "b", &["not-there"]))?;
    describe(c, group)
}

fn describe(c: &mut Comparison, group: &str) -> Result<(), Failed> {
    for v in 0..=1 {
        let ask = |_: &mut Side| ConsumerGroupDescribeRequest {
            group_ids: vec![group.into()],
            include_authorized_operations: true,
        };
        c.case_tidied(&format!("{group} described"), v, ask, in_order)?;
    }
    for v in [5, 6] {
        c.case(&format!("{group} described as a classic one"), v, |_| DescribeGroupsRequest {
            groups: vec![group.into()],
            include_authorized_operations: false,
        })?;
    }
    let wanted = listed(&mut c.kafka, group)?;
    let found = listed(&mut c.ottla, group)?;
    c.note(&format!("{group} listed"), &wanted, &found);
    Ok(())
}

/// Apache Kafka keeps members, names and topics in tables without an order.
fn in_order(response: &mut ConsumerGroupDescribeResponse) {
    for member in response.groups.iter_mut().flat_map(|group| &mut group.members) {
        member.subscribed_topic_names.sort();
        for assignment in [&mut member.assignment, &mut member.target_assignment] {
            assignment.topic_partitions.sort_by(|a, b| a.topic_name.cmp(&b.topic_name));
        }
    }
    for group in &mut response.groups {
        // A classic member's id is random, and version 0 does not tell its type.
        let is_made = |id: &str| id.len() >= group_records::MADE_ID_LENGTH_MIN;
        let key = |member: &Member| {
            let id = member.member_id.clone();
            (member.member_type, !is_made(&id), id)
        };
        group.members.sort_by_key(key);
    }
}

fn topics_in_order(response: &mut ConsumerGroupHeartbeatResponse) {
    if let Some(assignment) = &mut response.assignment {
        assignment.topic_partitions.sort_by_key(|topic| topic.partitions.len());
    }
}

fn listed(side: &mut Side, group: &str) -> Result<Vec<String>, Failed> {
    let response = side
        .call(&ListGroupsRequest::default(), 5)?
        .ok_or_else(|| Failed("ListGroups closed the connection".into()))?;
    let found = response.groups.iter().filter(|found| found.group_id == group);
    Ok(found.map(|found| format!("{found:?}")).collect())
}

/// Two members come, share, and go.
fn life(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("life-{v}");
    c.case("first join", v, |_| join(group, "a", &[TOPIC]))?;
    describe(c, group)?;
    c.case("nothing new", v, |_| report(group, "a", 2))?;
    c.case("says what it holds", v, |s| owning(s, report(group, "a", 2), &[0, 1, 2, 3]))?;
    c.case("epoch too high", v, |_| report(group, "a", 10))?;
    c.case("nobody", v, |_| report(group, "nobody", 2))?;
    c.case("nobody leaves", v, |_| report(group, "nobody", -1))?;
    c.case("joins again", v, |_| join(group, "a", &[TOPIC]))?;
    c.case("full report", v, |side| ConsumerGroupHeartbeatRequest {
        member_epoch: 2,
        topic_partitions: owned(side, &[0, 1, 2, 3]),
        ..join(group, "a", &[TOPIC])
    })?;
    c.case("second joins", v, |_| join(group, "b", &[TOPIC]))?;
    describe(c, group)?;
    c.case("asked to let go", v, |_| report(group, "a", 2))?;
    describe(c, group)?;
    c.case("still holds it", v, |s| owning(s, report(group, "a", 2), &[0, 1, 2, 3]))?;
    c.case("second waits", v, |_| report(group, "b", 3))?;
    c.case("lets go", v, |s| owning(s, report(group, "a", 2), &[0, 1]))?;
    c.case("previous epoch, holds too much", v, |s| owning(s, report(group, "a", 2), &[0, 1, 3]))?;
    c.case("previous epoch, holds its own", v, |s| owning(s, report(group, "a", 2), &[0, 1]))?;
    c.case("previous epoch, says nothing", v, |_| report(group, "a", 2))?;
    c.case("second gets it", v, |_| report(group, "b", 3))?;
    describe(c, group)?;
    c.case("joins again later", v, |_| join(group, "a", &[TOPIC]))?;
    let more = |_: &mut Side| ConsumerGroupHeartbeatRequest {
        subscribed_topic_names: Some(vec![TOPIC.into(), "reported-too".into()]),
        ..report(group, "b", 3)
    };
    c.case_tidied("reads more", v, more, topics_in_order)?;
    c.case("first hears of it", v, |_| report(group, "a", 3))?;
    describe(c, group)?;
    c.case("reads nothing any more", v, |_| ConsumerGroupHeartbeatRequest {
        subscribed_topic_names: Some(Vec::new()),
        ..report(group, "b", 4)
    })?;
    describe(c, group)?;
    c.case("deleted while it lives", 2, |_| DeleteGroupsRequest {
        groups_names: vec![group.clone()],
    })?;
    c.case("second leaves", v, |_| report(group, "b", -1))?;
    c.case("first gets all", v, |_| report(group, "a", 4))?;
    describe(c, group)?;
    c.case("first leaves", v, |_| report(group, "a", -1))?;
    describe(c, group)?;
    c.case("first joins again", v, |_| join(group, "a", &[]))?;
    describe(c, group)?;
    c.case("leaves at last", v, |_| report(group, "a", -1))?;
    c.case("deleted", 2, |_| DeleteGroupsRequest { groups_names: vec![group.clone()] })?;
    describe(c, group)
}

/// KIP-345 in the new protocol: an instance id keeps its place while it is away.
fn static_members(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("fixed-{v}");
    let fixed = |request: ConsumerGroupHeartbeatRequest| ConsumerGroupHeartbeatRequest {
        instance_id: Some("one".into()),
        ..request
    };
    c.case("static member joins", v, |_| fixed(join(group, "s1", &[TOPIC])))?;
    c.case("another joins beside it", v, |_| join(group, "d", &[TOPIC]))?;
    c.case("its place is taken", v, |_| fixed(join(group, "s2", &[TOPIC])))?;
    c.case("same id joins again", v, |_| fixed(join(group, "s1", &[TOPIC])))?;
    c.case("wrong member id", v, |_| fixed(report(group, "s2", 2)))?;
    c.case("unknown instance", v, |_| ConsumerGroupHeartbeatRequest {
        instance_id: Some("two".into()),
        ..report(group, "s1", 2)
    })?;
    c.case("unknown instance pauses", v, |_| ConsumerGroupHeartbeatRequest {
        instance_id: Some("two".into()),
        ..report(group, "s1", -2)
    })?;
    c.case("wrong member pauses", v, |_| fixed(report(group, "s2", -2)))?;
    c.case("pauses", v, |_| fixed(report(group, "s1", -2)))?;
    describe(c, group)?;
    c.case("reports while away", v, |_| fixed(report(group, "s1", 2)))?;
    c.case("comes back under another id", v, |_| fixed(join(group, "s2", &[TOPIC])))?;
    describe(c, group)?;
    c.case("pauses again", v, |_| fixed(report(group, "s2", -2)))?;
    c.case("comes back under its id", v, |_| fixed(join(group, "s2", &[TOPIC])))?;
    describe(c, group)?;
    c.case("leaves for good", v, |_| fixed(report(group, "s2", -1)))?;
    describe(c, group)
}

fn commit(
    side: &mut Side,
    v: i16,
    group: &str,
    member: &str,
    epoch: i32,
    partitions: &[i32],
) -> OffsetCommitRequest {
    let partition = |index: &i32| OffsetCommitRequestPartition {
        partition_index: *index,
        committed_offset: 17,
        committed_metadata: Some("".into()),
        ..Default::default()
    };
    OffsetCommitRequest {
        group_id: group.into(),
        member_id: member.into(),
        generation_id_or_member_epoch: epoch,
        topics: vec![OffsetCommitRequestTopic {
            name: if v >= 10 { String::new() } else { TOPIC.into() },
            topic_id: if v >= 10 { side.topic_id(TOPIC) } else { Uuid::ZERO },
            partitions: partitions.iter().map(partition).collect(),
        }],
        ..Default::default()
    }
}

fn fetch(
    side: &mut Side,
    v: i16,
    group: &str,
    member: Option<&str>,
    epoch: i32,
) -> OffsetFetchRequest {
    OffsetFetchRequest {
        groups: vec![OffsetFetchRequestGroup {
            group_id: group.into(),
            member_id: member.map(Into::into),
            member_epoch: epoch,
            topics: Some(vec![OffsetFetchRequestTopics {
                name: if v >= 10 { String::new() } else { TOPIC.into() },
                topic_id: if v >= 10 { side.topic_id(TOPIC) } else { Uuid::ZERO },
                partition_indexes: vec![0, 1, 2, 3],
            }]),
        }],
        ..Default::default()
    }
}

fn offsets(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    let group = &format!("offsets-{v}");
    c.case("joins to commit", v, |_| join(group, "a", &[TOPIC]))?;
    for commit_v in [8, 9, 10] {
        let at = |epoch| move |s: &mut Side| commit(s, commit_v, group, "a", epoch, &[0, 3]);
        c.case("committed", commit_v, at(2))?;
        c.case("epoch too high", commit_v, at(6))?;
        c.case("epoch too low", commit_v, at(1))?;
        c.case("without an epoch", commit_v, at(-1))?;
        c.case("of nobody", commit_v, |s| commit(s, commit_v, group, "nobody", 2, &[0]))?;
        c.case("from outside", commit_v, |s| commit(s, commit_v, group, "", -1, &[0]))?;
    }
    for fetch_v in [9, 10] {
        let mut ask = |words, member: Option<&'static str>, epoch| {
            c.case(words, fetch_v, |s| fetch(s, fetch_v, group, member, epoch)).map(drop)
        };
        ask("fetched from outside", None, -1)?;
        ask("fetched", Some("a"), 2)?;
        ask("fetched with a stale epoch", Some("a"), 1)?;
        ask("fetched with a later epoch", Some("a"), 5)?;
        ask("fetched without an epoch", Some("a"), -1)?;
        ask("fetched by nobody", Some("nobody"), 2)?;
    }
    c.case("second comes", v, |_| join(group, "b", &[TOPIC]))?;
    c.case("first is to let go", v, |_| report(group, "a", 2))?;
    c.case("commit while letting go", 9, |s| commit(s, 9, group, "a", 2, &[0, 1, 2, 3]))?;
    c.case("first let go", v, |s| owning(s, report(group, "a", 2), &[0, 1]))?;
    c.case("second gets its part", v, |_| report(group, "b", 3))?;
    c.case("kept partition, old epoch", 9, |s| commit(s, 9, group, "a", 2, &[0]))?;
    c.case("kept and lost, old epoch", 9, |s| commit(s, 9, group, "a", 2, &[0, 3]))?;
    c.case("lost partition, new epoch", 9, |s| commit(s, 9, group, "a", 3, &[3]))?;
    c.case("got later than the epoch", 9, |s| commit(s, 9, group, "b", 2, &[3]))?;
    c.case("subscribed offsets deleted", 0, |_| OffsetDeleteRequest {
        group_id: group.clone(),
        topics: vec![OffsetDeleteRequestTopic {
            name: TOPIC.into(),
            partitions: vec![OffsetDeleteRequestPartition { partition_index: 0 }],
        }],
    })?;
    c.case("first goes", v, |_| report(group, "a", -1))?;
    c.case("second goes", v, |_| report(group, "b", -1))?;
    c.case("from outside of an empty group", 9, |s| commit(s, 9, group, "", -1, &[0]))?;
    c.case("offsets deleted", 0, |_| OffsetDeleteRequest {
        group_id: group.clone(),
        topics: vec![OffsetDeleteRequestTopic {
            name: TOPIC.into(),
            partitions: vec![OffsetDeleteRequestPartition { partition_index: 0 }],
        }],
    })?;
    c.case("deleted", 2, |_| DeleteGroupsRequest { groups_names: vec![group.clone()] })?;
    Ok(())
}

fn assignors(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    for assignor in ["uniform", "range"] {
        let group = &format!("{assignor}-{v}");
        let with = |member: &str, topics: &[&str]| ConsumerGroupHeartbeatRequest {
            server_assignor: Some(assignor.into()),
            ..join(group, member, topics)
        };
        let both = &[TOPIC, "reported-too"];
        for member in ["a", "b", "c"] {
            let words = format!("{member} of three");
            c.case_tidied(&words, v, |_| with(member, both), topics_in_order)?;
        }
        let wanted = target_sizes(&mut c.kafka, group, assignor == "range")?;
        let found = target_sizes(&mut c.ottla, group, assignor == "range")?;
        c.note(&format!("sizes of {assignor}"), &wanted, &found);
    }
    Ok(())
}

/// How many partitions each member shall have; of a range, of each topic.
fn target_sizes(side: &mut Side, group: &str, by_topic: bool) -> Result<Vec<Vec<usize>>, Failed> {
    let request = ConsumerGroupDescribeRequest {
        group_ids: vec![group.into()],
        include_authorized_operations: false,
    };
    let response = side.call(&request, 1)?.ok_or_else(|| Failed("closed".into()))?;
    let mut sizes = Vec::new();
    for member in response.groups.iter().flat_map(|group| &group.members) {
        let topics = member.target_assignment.topic_partitions.iter();
        let mut of_member: Vec<_> = topics.map(|topic| topic.partitions.len()).collect();
        of_member.sort_unstable();
        sizes.push(if by_topic { of_member } else { vec![of_member.iter().sum()] });
    }
    sizes.sort();
    Ok(sizes)
}

fn patterns(c: &mut Comparison) -> Result<(), Failed> {
    let group = "patterns";
    let with = |epoch: i32, pattern: &str| ConsumerGroupHeartbeatRequest {
        subscribed_topic_regex: Some(pattern.into()),
        ..report(group, "a", epoch)
    };
    let first = |side: &mut Side| -> Result<i32, Failed> {
        let joining = ConsumerGroupHeartbeatRequest {
            subscribed_topic_names: None,
            subscribed_topic_regex: Some("reported.*".into()),
            ..join(group, "a", &[])
        };
        let joined = side.call(&joining, 1)?.ok_or_else(|| Failed("closed".into()))?;
        settled(side, group, joined.member_epoch, 6)
    };
    // Apache Kafka resolves a pattern after its answer, so it takes it some reports more.
    let (wanted, found) = (first(&mut c.kafka)?, first(&mut c.ottla)?);
    c.note("a pattern brings its topics", &(wanted > 0), &(found > 0));
    for (pattern, count) in [("reported", 4), ("report", 0), ("reported-t[o]{2}", 2), ("", 0)] {
        for side in [&mut c.kafka, &mut c.ottla] {
            let epoch = epoch_of(side, group)?;
            side.call(&with(epoch, pattern), 1)?;
            settled(side, group, epoch, count)?;
        }
    }
    Ok(())
}

/// What fits in a request and not in a record of `__consumer_offsets`.
fn too_large(c: &mut Comparison) -> Result<(), Failed> {
    let names: Vec<String> = (0..40).map(|n| format!("{n}{}", "t".repeat(30_000))).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let group = "too-large";
    c.case("first of a group", 1, |_| join(group, "a", &[TOPIC]))?;
    c.case("reads too much to be written", 1, |_| join(group, "b", &names))?;
    c.case("others go on", 1, |_| report(group, "a", 2))?;
    describe(c, group)?;
    group_records::compare(c, "ConsumerGroup", group)?;
    let group = "too-large-classic";
    join_classic(c, group)?;
    let parts = bytes::Bytes::from(vec![1; 1_200_000]);
    c.case("is given too much to be written", 5, |s| sync(group, &id(s), 1, Some(parts.clone())))?;
    c.case("hears that it must join again", 4, |s| beat(group, &id(s), 1))?;
    c.case("joins again", 9, |s| classic(group, &id(s)))?;
    c.case("is given less", 5, |s| sync(group, &id(s), 2, Some(all_assigned())))?;
    describe(c, group)
}

fn epoch_of(side: &mut Side, group: &str) -> Result<i32, Failed> {
    let request = ConsumerGroupDescribeRequest {
        group_ids: vec![group.into()],
        include_authorized_operations: false,
    };
    let response = side.call(&request, 1)?.ok_or_else(|| Failed("closed".into()))?;
    let member = response.groups.iter().flat_map(|group| &group.members).next();
    Ok(member.map_or(0, |member| member.member_epoch))
}

/// Reports until the only member holds so many partitions; gives its epoch.
fn settled(side: &mut Side, group: &str, epoch: i32, count: usize) -> Result<i32, Failed> {
    let mut epoch = epoch;
    let mut seen = String::new();
    for _ in 0..200 {
        let request = ConsumerGroupHeartbeatRequest {
            rebalance_timeout_ms: 60_000,
            subscribed_topic_names: Some(Vec::new()),
            topic_partitions: Some(Vec::new()),
            ..report(group, "a", epoch)
        };
        let answer = side.call(&request, 1)?.ok_or_else(|| Failed("closed".into()))?;
        if answer.error_code == 0 {
            epoch = answer.member_epoch;
        }
        seen = format!("{answer:?}");
        let topics = answer.assignment.iter().flat_map(|assignment| &assignment.topic_partitions);
        if topics.map(|topic| topic.partitions.len()).sum::<usize>() == count {
            return Ok(epoch);
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    Err(Failed(format!("{group} never held {count} partitions: {seen}")))
}

/// Joins as a member of the classic protocol, as clients do; remembers the id that it is given.
fn join_classic(c: &mut Comparison, group: &str) -> Result<(), Failed> {
    let first = c.case("classic member gets an id", 9, |_| classic(group, ""))?;
    for (side, joined) in [(&mut c.kafka, &first.0), (&mut c.ottla, &first.1)] {
        let id = joined.as_ref().map(|joined| joined.member_id.clone()).unwrap_or_default();
        side.memory.insert("classic".into(), id);
    }
    c.case("classic member joins", 9, |side| classic(group, &id(side)))?;
    Ok(())
}

/// A member of the classic protocol comes into a consumer group and goes on alone: the group becomes a classic one.
fn classic_into_consumer(c: &mut Comparison) -> Result<(), Failed> {
    let group = "mixed";
    c.case("new member of a mixed group", 1, |_| join(group, "z", &[TOPIC]))?;
    join_classic(c, group)?;
    describe(c, group)?;
    c.case("classic member syncs", 5, |s| sync(group, &id(s), 3, None))?;
    c.case("sync of another generation", 5, |s| sync(group, &id(s), 2, None))?;
    c.case("classic heartbeat", 4, |s| beat(group, &id(s), 3))?;
    c.case("heartbeat of another generation", 4, |s| beat(group, &id(s), 2))?;
    c.case("classic heartbeat of a new member", 4, |_| beat(group, "z", 2))?;
    c.case("classic heartbeat of nobody", 4, |_| beat(group, "nobody", 3))?;
    c.case("other protocols", 9, |_| JoinGroupRequest {
        protocol_type: "connect".into(),
        ..classic(group, "c")
    })?;
    c.case("new member lets go", 1, |_| report(group, "z", 2))?;
    c.case("new member has let go", 1, |s| owning(s, report(group, "z", 2), &[0, 1]))?;
    c.case("classic member must rejoin", 4, |s| beat(group, &id(s), 3))?;
    c.case("classic member rejoins", 9, |s| classic(group, &id(s)))?;
    c.case("classic member syncs again", 5, |s| sync(group, &id(s), 3, None))?;
    c.case("classic member is content", 4, |s| beat(group, &id(s), 3))?;
    c.case("classic commit", 9, |s| {
        let member = id(s);
        commit(s, 9, group, &member, 3, &[2])
    })?;
    c.case("classic commit of another generation", 9, |s| {
        let member = id(s);
        commit(s, 9, group, &member, 2, &[2])
    })?;
    describe(c, group)?;
    c.case("new member leaves", 1, |_| report(group, "z", -1))?;
    describe(c, group)?;
    c.case("in a classic group now", 4, |s| beat(group, &id(s), 3))?;
    c.case("joins the classic group", 9, |s| classic(group, &id(s)))?;
    c.case("leads it", 5, |s| {
        let member = id(s);
        sync(group, &member, 4, Some(all_assigned()))
    })?;
    describe(c, group)?;
    c.case("new member comes", 1, |_| join(group, "y", &[TOPIC]))?;
    describe(c, group)?;
    c.case("classic member hears of it", 4, |s| beat(group, &id(s), 4))?;
    c.case("classic member comes again", 9, |s| classic(group, &id(s)))?;
    c.case("classic member asks for its part", 5, |s| sync(group, &id(s), 5, None))?;
    c.case("new member gets its part", 1, |_| report(group, "y", 5))?;
    describe(c, group)?;
    c.case("nobody leaves", 5, |_| LeaveGroupRequest {
        group_id: group.into(),
        member_id: String::new(),
        members: vec![MemberIdentity { member_id: "nobody".into(), ..Default::default() }],
    })?;
    c.case("classic member leaves", 5, |s| LeaveGroupRequest {
        group_id: group.into(),
        member_id: String::new(),
        members: vec![
            MemberIdentity { member_id: id(s), ..Default::default() },
            MemberIdentity { member_id: "nobody".into(), ..Default::default() },
        ],
    })?;
    c.case("new member is alone", 1, |_| report(group, "y", 5))?;
    c.case("new member goes", 1, |_| report(group, "y", -1))?;
    join_classic(c, group)?;
    describe(c, group)
}

/// What a broker's policy lets groups with members do.
pub(crate) fn migrations(c: &mut Comparison) -> Result<(), Failed> {
    find_coordinators(c)?;
    prepare(c, TOPIC, 4, &[])?;
    let group = "up";
    join_classic(c, group)?;
    c.case("classic member syncs alone", 5, |s| {
        let member = id(s);
        sync(group, &member, 1, Some(all_assigned()))
    })?;
    c.case("new member comes to a classic group", 1, |_| join(group, "n", &[TOPIC]))?;
    describe(c, group)?;
    c.case("classic heartbeat after it", 4, |s| beat(group, &id(s), 1))?;
    let group = "down";
    c.case("new member of a group", 1, |_| join(group, "n", &[TOPIC]))?;
    join_classic(c, group)?;
    c.case("classic member syncs in it", 5, |s| sync(group, &id(s), 3, None))?;
    c.case("new member goes", 1, |_| report(group, "n", -1))?;
    describe(c, group)?;
    c.case("classic heartbeat alone", 4, |s| beat(group, &id(s), 3))?;
    c.case("classic member rejoins alone", 9, |s| classic(group, &id(s)))?;
    describe(c, group)
}

/// Groups without members change their type; those with members are another matter.
fn away_from_classic(c: &mut Comparison) -> Result<(), Failed> {
    let group = "only-offsets";
    c.case("offsets without a group", 9, |s| commit(s, 9, group, "", -1, &[0]))?;
    c.case("a member of the new protocol comes", 1, |_| join(group, "a", &[TOPIC]))?;
    describe(c, group)?;
    c.case("its offsets are there", 9, |s| fetch(s, 9, group, Some("a"), 2))?;
    c.case("it goes", 1, |_| report(group, "a", -1))?;
    classic_into_consumer(c)
}
