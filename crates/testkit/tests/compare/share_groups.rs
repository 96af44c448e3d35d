//! Share groups (KIP-932): members, sessions, what records go through, offsets, and what is written down of it.

mod dead_letters;
mod fetching;
mod histories;
mod offsets;
mod requests;
mod state;
mod too_large;

use std::collections::{BTreeMap, BTreeSet};

use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::share_group_describe_response::TopicPartitions;
use wire::messages::{
    ConsumerGroupHeartbeatRequest, DeleteGroupsRequest, ListGroupsRequest,
    ShareGroupDescribeResponse, ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse,
};

use self::requests::{GROUP, alter, describe_group, describe_offsets, join, report, set, settle};
pub(crate) use self::too_large::compare as compare_too_large;
use crate::groups::find_coordinators;
use crate::topics::prepare;

const TOPIC: &str = "shared";

/// What differs, by the beginning of its words, and why.
pub(crate) const KNOWN: &[(&str, &str)] = &[
    ("ShareFetch v1, empty group", "refused as a whole; Kafka fails within, with code -1"),
    ("ShareFetch v2, empty group", "the same"),
    ("ShareFetch v1, unknown group", "INVALID_REQUEST; Kafka fails within, with code -1"),
    ("ShareFetch v2, unknown group", "the same"),
    (
        "ShareGroupHeartbeat v1, the epoch before",
        "whoever says the epoch before has missed an answer, and is told its partitions once more",
    ),
    ("ShareFetch v2, unknown mode", "INVALID_REQUEST; Kafka fails within, with code -1"),
    ("ShareFetch v2, negative mode", "the same"),
    (
        "what is left",
        "Kafka hands out the batch in which the log begins now with what was deleted of it",
    ),
    ("ShareFetch v2, takes two of three", "as many are out as may be; Kafka hands out more again"),
    ("ShareFetch v2, takes the third", "the same"),
    (
        "AlterShareGroupOffsets v0, altered to what cannot be",
        "INVALID_REQUEST; Kafka takes it for no start",
    ),
    ("ReadShareGroupState v0, no group", "each partition is refused; Kafka leaves them out"),
    ("ReadShareGroupState v0, unknown topic", "UNKNOWN_TOPIC_OR_PARTITION, as the other APIs say"),
    ("ReadShareGroupState v0, read without epoch", "FENCED_LEADER_EPOCH, as of any older leader"),
    ("WriteShareGroupState v0, no leader", "the same"),
    ("WriteShareGroupState v1, no leader", "the same"),
];

/// Differs in some runs and not in others, as two threads of Apache Kafka meet.
pub(crate) const SELDOM: &[(&str, &str)] = &[
    (
        "ShareFetch v2, the last one",
        "where one partition has an error, one that is being opened is not waited for",
    ),
    ("ShareFetch v2, nothing is left", "then its records come with the next answer"),
];

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    find_coordinators(c)?;
    prepare(c, TOPIC, 3, &[])?;
    prepare(c, "shared-too", 2, &[])?;
    // The topic of states is made for the first member, which takes Apache Kafka a while.
    settle(c, "first", "a", &[TOPIC], 3)?;
    type Part = fn(&mut Comparison) -> Result<(), Failed>;
    let parts: [(&str, Part); 8] = [
        ("refusals", refusals),
        ("members", members),
        ("settings", settings),
        ("fetching", fetching::compare),
        ("offsets", offsets::compare),
        ("state", state::compare),
        ("histories", histories::compare),
        ("dead letters", dead_letters::compare),
    ];
    let only = std::env::var("COMPARE_PART").ok();
    let parts = parts.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name));
    for (name, part) in parts {
        if let Err(error) = part(c) {
            c.note(name, &String::new(), &error.to_string());
        }
    }
    Ok(())
}

fn refusals(c: &mut Comparison) -> Result<(), Failed> {
    let good = || join("refused", "m", &[TOPIC]);
    type Request = ShareGroupHeartbeatRequest;
    c.case("empty group id", 1, |_| Request { group_id: String::new(), ..good() })?;
    c.case("blank group id", 1, |_| Request { group_id: "  ".into(), ..good() })?;
    c.case("empty member id", 1, |_| Request { member_id: String::new(), ..good() })?;
    c.case("blank member id", 1, |_| Request { member_id: " ".into(), ..good() })?;
    c.case("empty rack id", 1, |_| Request { rack_id: Some(String::new()), ..good() })?;
    c.case("no subscription", 1, |_| Request { subscribed_topic_names: None, ..good() })?;
    c.case("empty subscription", 1, |_| join("refused", "m", &[]))?;
    for epoch in [-1, -2, -3, 1, 7] {
        c.case(&format!("epoch {epoch} in no group"), 1, |_| report("refused", "m", epoch))?;
    }
    for size in [36, 37] {
        let words = format!("member id of {size} bytes");
        c.case(&words, 1, |_| Request {
            member_id: "m".repeat(size),
            ..report("refused", "m", 1)
        })?;
    }
    c.case("unknown group described", 1, |_| describe_group("nobody"))?;
    c.case("empty group described", 1, |_| describe_group(""))?;
    c.case("unknown group deleted", 2, |_| DeleteGroupsRequest {
        groups_names: vec!["nobody".into()],
    })?;
    c.case("consumer joins the share group", 1, |_| ConsumerGroupHeartbeatRequest {
        group_id: "first".into(),
        member_id: "c".into(),
        rebalance_timeout_ms: 60_000,
        subscribed_topic_names: Some(vec![TOPIC.into()]),
        topic_partitions: Some(Vec::new()),
        ..Default::default()
    })?;
    c.case("a consumer group", 1, |_| ConsumerGroupHeartbeatRequest {
        group_id: "consumers".into(),
        member_id: "c".into(),
        rebalance_timeout_ms: 60_000,
        subscribed_topic_names: Some(vec![TOPIC.into()]),
        topic_partitions: Some(Vec::new()),
        ..Default::default()
    })?;
    c.case("member joins the consumer group", 1, |_| join("consumers", "a", &[TOPIC]))?;
    c.case("consumer group described", 1, |_| describe_group("consumers"))?;
    c.case("offsets of a consumer group", 1, |_| describe_offsets("consumers", None))?;
    Ok(())
}

fn in_order(response: &mut ShareGroupDescribeResponse) {
    for group in &mut response.groups {
        group.members.sort_by(|a, b| a.member_id.cmp(&b.member_id));
        for member in &mut group.members {
            member.subscribed_topic_names.sort();
            member.assignment.topic_partitions.sort_by(|a, b| a.topic_name.cmp(&b.topic_name));
        }
    }
}

/// Who of several members has which partition is up to the broker; that all have some is compared by [`covered`].
fn without_assignment(response: &mut ShareGroupHeartbeatResponse) {
    if let Some(assignment) = &mut response.assignment {
        assignment.topic_partitions.clear();
    }
}

/// All partitions that members of the group have, as the first member's.
fn covered(response: &mut ShareGroupDescribeResponse) {
    in_order(response);
    for group in &mut response.groups {
        let mut all: BTreeMap<String, BTreeSet<i32>> = BTreeMap::new();
        for member in &mut group.members {
            for topic in std::mem::take(&mut member.assignment.topic_partitions) {
                all.entry(topic.topic_name).or_default().extend(topic.partitions);
            }
        }
        let Some(first) = group.members.first_mut() else { continue };
        let topic = |(topic_name, partitions): (String, BTreeSet<i32>)| TopicPartitions {
            topic_name,
            partitions: partitions.into_iter().collect(),
            ..Default::default()
        };
        first.assignment.topic_partitions = all.into_iter().map(topic).collect();
    }
}

fn described(c: &mut Comparison, group: &str) -> Result<(), Failed> {
    c.case_tidied(&format!("{group} described"), 1, |_| describe_group(group), covered)?;
    let wanted = listed(&mut c.kafka, group)?;
    let found = listed(&mut c.ottla, group)?;
    c.note(&format!("{group} listed"), &wanted, &found);
    Ok(())
}

fn listed(side: &mut Side, group: &str) -> Result<Vec<String>, Failed> {
    let request = ListGroupsRequest { types_filter: vec!["share".into()], ..Default::default() };
    let response = side.call(&request, 5)?.ok_or_else(|| Failed("closed".into()))?;
    let found = response.groups.iter().filter(|found| found.group_id == group);
    Ok(found.map(|found| format!("{found:?}")).collect())
}

/// Members come, share, change what they read, are fenced, and go.
fn members(c: &mut Comparison) -> Result<(), Failed> {
    let group = "members";
    let (mut of_kafka, mut of_ottla) = settle(c, group, "a", &[TOPIC], 3)?;
    c.note("epoch of the first member", &of_kafka, &of_ottla);
    described(c, group)?;
    c.case("nothing new", 1, |_| report(group, "a", of_kafka))?;
    c.case("joins once more", 1, |_| join(group, "a", &[TOPIC]))?;
    c.case("the epoch before", 1, |_| report(group, "a", of_kafka - 1))?;
    for epoch in [of_kafka + 1, of_kafka + 7] {
        c.case(&format!("epoch {epoch} of {of_kafka}"), 1, |_| report(group, "a", epoch))?;
    }
    c.case("of nobody", 1, |_| report(group, "nobody", of_kafka))?;
    c.case("nobody leaves", 1, |_| report(group, "nobody", -1))?;
    (of_kafka, of_ottla) = settle(c, group, "b", &["shared-too"], 2)?;
    c.note("epoch of the second member", &of_kafka, &of_ottla);
    described(c, group)?;
    for _ in 0..2 {
        c.case_tidied(
            "reads another topic too",
            1,
            |_| join(group, "a", &[TOPIC, "shared-too"]),
            without_assignment,
        )?;
    }
    described(c, group)?;
    for member in ["c", "d", "e"] {
        c.case_tidied(
            &format!("{member} comes"),
            1,
            |_| join(group, member, &[TOPIC, "shared-too"]),
            without_assignment,
        )?;
    }
    for member in ["a", "b", "c", "d", "e"] {
        let again = |_: &mut Side| join(group, member, &[TOPIC, "shared-too"]);
        c.case_tidied(&format!("{member} is told"), 1, again, without_assignment)?;
    }
    until_all_are_read(&mut c.kafka, group)?;
    until_all_are_read(&mut c.ottla, group)?;
    described(c, group)?;
    c.case_tidied(
        "reads what is not there",
        1,
        |_| join(group, "e", &["not-there"]),
        without_assignment,
    )?;
    // Which partitions it had depends on ids. Others have them when they have been told.
    for member in ["a", "b", "c", "d"] {
        let again = |_: &mut Side| join(group, member, &[TOPIC, "shared-too"]);
        c.case_tidied(&format!("{member} is told of that"), 1, again, without_assignment)?;
    }
    until_all_are_read(&mut c.kafka, group)?;
    until_all_are_read(&mut c.ottla, group)?;
    described(c, group)?;
    c.case("deleted with members", 2, |_| DeleteGroupsRequest {
        groups_names: vec![group.into()],
    })?;
    for member in ["a", "b", "c", "d", "e"] {
        c.case(&format!("{member} goes"), 1, |_| report(group, member, -1))?;
        c.case(&format!("{member} is gone"), 1, |_| report(group, member, 3))?;
    }
    described(c, group)?;
    c.case("deleted", 2, |_| DeleteGroupsRequest { groups_names: vec![group.into()] })?;
    described(c, group)?;
    c.case("offsets of a deleted group", 1, |_| describe_offsets(group, None))?;
    Ok(())
}

/// Tells the first four members what they have, until all five partitions are somebody's: how often that takes depends on ids.
fn until_all_are_read(side: &mut Side, group: &str) -> Result<(), Failed> {
    for _ in 0..100 {
        for member in ["a", "b", "c", "d"] {
            let request = join(group, member, &[TOPIC, "shared-too"]);
            side.call(&request, 1)?.ok_or_else(|| Failed("closed".into()))?;
        }
        let described = side.call(&describe_group(group), 1)?;
        let mut described = described.ok_or_else(|| Failed("closed".into()))?;
        let members = described.groups.iter_mut().flat_map(|group| &group.members);
        let topics = members.flat_map(|member| &member.assignment.topic_partitions);
        let each =
            topics.flat_map(|topic| topic.partitions.iter().map(|index| (topic.topic_id, *index)));
        if each.collect::<BTreeSet<_>>().len() == 5 {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    Err(Failed(format!("{group}: a partition stays nobody's")))
}

/// What a group may set for itself, and what it may not.
fn settings(c: &mut Comparison) -> Result<(), Failed> {
    const ALLOWED: &[(&str, &[&str])] = &[
        (
            "share.auto.offset.reset",
            &[
                "earliest",
                "latest",
                "by_duration:PT1H",
                "by_duration:-PT1H",
                "none",
                "by_duration:",
                "EARLIEST",
            ],
        ),
        ("share.isolation.level", &["read_committed", "read_uncommitted", "serializable", ""]),
        ("share.record.lock.duration.ms", &["1000", "999", "15000", "60000", "60001", "x"]),
        ("share.delivery.count.limit", &["2", "1", "10", "11", "-1"]),
        ("share.partition.max.record.locks", &["100", "99", "4000", "4001"]),
        ("share.session.timeout.ms", &["45000", "44999", "60000", "60001", "0"]),
        ("share.heartbeat.interval.ms", &["5000", "4999", "15000", "15001", "60000"]),
        ("share.assignment.interval.ms", &["0", "15000", "15001", "-1"]),
        ("share.renew.acknowledge.enable", &["true", "false", "maybe"]),
        ("share.assignor.offload.enable", &["true", "no"]),
        ("errors.deadletterqueue.copy.record.enable", &["true", "false", "x"]),
        ("errors.deadletterqueue.topic.name", &["dlq.x", "", "other", "__dlq", "dlq./", ".."]),
        ("share.unknown", &["1"]),
    ];
    for (name, values) in ALLOWED {
        for value in *values {
            let words = format!("{name}={value}");
            c.case(&words, 1, |_| alter(GROUP, "set", &[(name, value)]))?;
        }
    }
    c.case("both times", 1, |_| {
        alter(
            GROUP,
            "set",
            &[("share.session.timeout.ms", "45000"), ("share.heartbeat.interval.ms", "15000")],
        )
    })?;
    set(c, "set-late", &[("share.heartbeat.interval.ms", "6000")])?;
    c.case("its members hear of it", 1, |_| join("set-late", "a", &["not-there"]))?;
    Ok(())
}
