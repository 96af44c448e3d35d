//! Where groups stand, set anew and taken away.

use testkit::Failed;
use testkit::compare::Comparison;
use wire::messages::{
    AlterShareGroupOffsetsRequest, DeleteShareGroupOffsetsRequest,
    alter_share_group_offsets_request as alter, delete_share_group_offsets_request as delete,
};

use super::requests::{
    acknowledge, batch, describe_group, describe_offsets, fetch, produce, report, set, settle,
};
use super::state;
use crate::topics::prepare;

fn alter(group: &str, offsets: &[(&str, i32, i64)]) -> AlterShareGroupOffsetsRequest {
    let topic = |(name, partition_index, start_offset): &(&str, i32, i64)| {
        alter::AlterShareGroupOffsetsRequestTopic {
            topic_name: (*name).into(),
            partitions: vec![alter::AlterShareGroupOffsetsRequestPartition {
                partition_index: *partition_index,
                start_offset: *start_offset,
            }],
        }
    };
    AlterShareGroupOffsetsRequest {
        group_id: group.into(),
        topics: offsets.iter().map(topic).collect(),
    }
}

fn delete(group: &str, topics: &[&str]) -> DeleteShareGroupOffsetsRequest {
    let topic =
        |name: &&str| delete::DeleteShareGroupOffsetsRequestTopic { topic_name: (*name).into() };
    DeleteShareGroupOffsetsRequest {
        group_id: group.into(),
        topics: topics.iter().map(topic).collect(),
    }
}

pub(super) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    let (g, topic) = ("standing", "standing");
    prepare(c, topic, 2, &[])?;
    prepare(c, "standing-too", 1, &[])?;
    set(c, g, &[("share.auto.offset.reset", "earliest")])?;
    for v in 0..=1 {
        c.case("of no group", v, |_| describe_offsets("nobody", None))?;
        c.case("of no group, one partition", v, |_| {
            describe_offsets("nobody", Some((topic, &[0])))
        })?;
        c.case("of an empty id", v, |_| describe_offsets("", None))?;
    }
    c.case("altered, no group", 0, |_| alter("", &[(topic, 0, 0)]))?;
    c.case("deleted, no group", 0, |_| delete("nobody", &[topic]))?;
    c.case("deleted, empty id", 0, |_| delete("", &[topic]))?;
    settle(c, g, "a", &[topic], 2)?;
    c.case("records", 7, |_| produce(topic, 0, batch(0, 10)))?;
    // Of a topic that is not there Apache Kafka now and then never answers: it waits for a lag.
    let described = |c: &mut Comparison, words: &str| -> Result<(), Failed> {
        for v in 0..=1 {
            c.case_tidied(
                words,
                v,
                |_| describe_offsets(g, None),
                |response| {
                    for group in &mut response.groups {
                        group.topics.sort_by(|a, b| a.topic_name.cmp(&b.topic_name));
                    }
                    for topic in response.groups.iter_mut().flat_map(|group| &mut group.topics) {
                        topic.partitions.sort_by_key(|partition| partition.partition_index);
                    }
                },
            )?;
            c.case(&format!("{words}, some"), v, |_| describe_offsets(g, Some((topic, &[0, 1]))))?;
        }
        c.case(&format!("{words}, the group"), 1, |_| describe_group(g))?;
        // Every change has its own state epoch, which fences who still works on the state before.
        state::compare_group_then(c, g, words)
    };
    described(c, "nothing read")?;
    c.case("reads", 2, |s| fetch(g, "a", 0, s.topic_id(topic), &[]))?;
    c.case("accepts some", 2, |s| {
        acknowledge(
            g,
            "a",
            1,
            s.topic_id(topic),
            &[(1, 2, vec![1]), (5, 5, vec![3]), (7, 7, vec![2])],
        )
    })?;
    described(c, "some decided")?;
    c.case("altered with members", 0, |_| alter(g, &[(topic, 0, 1)]))?;
    c.case("deleted with members", 0, |_| delete(g, &[topic]))?;
    c.case("closes", 2, |s| fetch(g, "a", -1, s.topic_id(topic), &[]))?;
    c.case("leaves", 1, |_| report(g, "a", -1))?;
    c.case("altered", 0, |_| alter(g, &[(topic, 0, 4)]))?;
    described(c, "altered")?;
    c.case("altered to what cannot be", 0, |_| alter(g, &[(topic, 0, -1)]))?;
    c.case("altered beyond the end", 0, |_| alter(g, &[(topic, 0, 1_000)]))?;
    c.case("altered back", 0, |_| alter(g, &[(topic, 0, 3)]))?;
    c.case("altered, unknown topic", 0, |_| alter(g, &[("not-there", 0, 3)]))?;
    c.case("altered, unknown partition", 0, |_| alter(g, &[(topic, 9, 3)]))?;
    c.case("altered, another topic", 0, |_| alter(g, &[("standing-too", 0, 0)]))?;
    described(c, "altered twice")?;
    settle(c, g, "b", &[topic], 2)?;
    c.case("leaves again", 1, |_| report(g, "b", -1))?;
    c.case("unknown topic deleted", 0, |_| delete(g, &["not-there"]))?;
    c.case("deleted", 0, |_| delete(g, &[topic]))?;
    c.case("deleted twice", 0, |_| delete(g, &[topic]))?;
    described(c, "deleted")?;
    c.case("a group that only this makes", 0, |_| alter("made", &[(topic, 0, 5)]))?;
    c.case("it stands there", 1, |_| describe_offsets("made", None))?;
    c.case("it is described", 1, |_| describe_group("made"))?;
    state::compare_group(c, "made")?;
    c.case("it is set once more", 0, |_| alter("made", &[(topic, 0, 5), (topic, 1, 0)]))?;
    c.case("it is described then", 1, |_| describe_group("made"))?;
    state::compare_group(c, "made")?;
    c.case("a group made of nothing", 0, |_| alter("made-empty", &[("not-there", 0, 0)]))?;
    c.case("of nothing described", 1, |_| describe_group("made-empty"))?;
    c.case("of nothing, offsets", 1, |_| describe_offsets("made-empty", None))?;
    settle(c, "made", "a", &[topic], 2)?;
    c.case("a member comes to it", 1, |_| describe_group("made"))?;
    c.case("reads from there", 2, |s| fetch("made", "a", 0, s.topic_id(topic), &[]))?;
    state::compare_group(c, "made")?;
    state::compare_group(c, g)
}
