//! Offsets committed within transactions, by members of each kind of group and by nobody.

use std::thread::sleep;
use std::time::Duration;

use model::Uuid;
use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use wire::messages::txn_offset_commit_request::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use wire::messages::{
    AddOffsetsToTxnRequest, DeleteTopicsRequest, OffsetFetchRequest, TxnOffsetCommitRequest,
};

use super::ids::{Claim, Id, Rules, Stand};
use super::{after, claims, end, fresh};
use crate::consumer_groups::{all_assigned, beat, classic, join, owning, report, sync};
use crate::groups::{member as member_id, remember};
use crate::topics::prepare;

const TOPIC: &str = crate::consumer_groups::TOPIC;

pub(super) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    prepare(c, TOPIC, 4, &[])?;
    for stand in super::STATES {
        for v in 0..=6 {
            for claim in claims(v, &[2, 5]) {
                producers(c, v, *stand, *claim)?;
            }
        }
    }
    without_a_group(c)?;
    of_a_classic_group(c)?;
    of_a_consumer_group(c)?;
    of_a_deleted_topic(c)
}

#[derive(Clone, Copy)]
struct Member<'a> {
    id: &'a str,
    instance: Option<&'a str>,
    /// A classic member's generation, or a consumer's epoch.
    epoch: i32,
}

const NOBODY: Member<'static> = Member { id: "", instance: None, epoch: -1 };

fn commit(
    side: &mut Side,
    v: i16,
    id: &Id,
    claim: Claim,
    group: &str,
    member: Member<'_>,
    partitions: &[i32],
) -> TxnOffsetCommitRequest {
    let (producer_id, producer_epoch) = id.claimed(side, claim);
    let partition = |index: &i32| TxnOffsetCommitRequestPartition {
        partition_index: *index,
        committed_offset: 11,
        committed_leader_epoch: -1,
        committed_metadata: Some("m".into()),
    };
    TxnOffsetCommitRequest {
        transactional_id: id.name().into(),
        group_id: group.into(),
        producer_id,
        producer_epoch,
        generation_id_or_member_epoch: if v >= 3 { member.epoch } else { -1 },
        member_id: if v >= 3 { member.id.into() } else { String::new() },
        group_instance_id: member.instance.filter(|_| v >= 3).map(Into::into),
        topics: vec![TxnOffsetCommitRequestTopic {
            name: if v >= 6 { String::new() } else { TOPIC.into() },
            topic_id: if v >= 6 { side.topic_id(TOPIC) } else { Uuid::ZERO },
            partitions: partitions.iter().map(partition).collect(),
        }],
    }
}

fn stored(c: &mut Comparison, words: &str, group: &str) -> Result<(), Failed> {
    stored_of(c, words, group, TOPIC)
}

/// What readers are told that want only what is certain, and others.
fn stored_of(c: &mut Comparison, words: &str, group: &str, topic: &str) -> Result<(), Failed> {
    for require_stable in [false, true] {
        c.case(&format!("{words}, stable {require_stable}"), 9, |_| OffsetFetchRequest {
            groups: vec![OffsetFetchRequestGroup {
                group_id: group.into(),
                member_epoch: -1,
                topics: Some(vec![OffsetFetchRequestTopics {
                    name: topic.into(),
                    partition_indexes: vec![0, 1],
                    ..Default::default()
                }]),
                ..Default::default()
            }],
            require_stable,
            ..Default::default()
        })?;
    }
    Ok(())
}

/// A transaction in which the group's offsets take part.
fn joined(c: &mut Comparison, what: &str, group: &str, v: i16) -> Result<Id, Failed> {
    let rules = if v >= 5 { Rules::New } else { Rules::Old };
    let id = fresh(c, what, rules, Stand::Empty)?;
    if v < 5 {
        c.case("offsets join", 3, |s| {
            let (producer_id, producer_epoch) = id.claimed(s, Claim::Own);
            AddOffsetsToTxnRequest {
                transactional_id: id.name().into(),
                producer_id,
                producer_epoch,
                group_id: group.into(),
            }
        })?;
    }
    Ok(id)
}

fn producers(c: &mut Comparison, v: i16, stand: Stand, claim: Claim) -> Result<(), Failed> {
    let rules = if v >= 5 { Rules::New } else { Rules::Old };
    let id = fresh(c, &format!("offsets-{v}-{claim:?}"), rules, stand)?;
    let group = &format!("g-{v}-{stand:?}-{claim:?}");
    let words = &format!("{rules:?} {stand:?} {claim:?}");
    for (what, group, partitions) in [
        ("known", group.as_str(), &[0][..]),
        ("unknown partition", group, &[0, 9]),
        ("no group", "", &[0]),
    ] {
        let ask = |s: &mut Side| commit(s, v, &id, claim, group, NOBODY, partitions);
        c.case_tidied(&format!("{what}, {words}"), v, ask, |answer| {
            // Apache Kafka begins with those that it refused itself.
            for topic in &mut answer.topics {
                topic.partitions.sort_by_key(|partition| partition.partition_index);
            }
        })?;
        after(c, &id, what)?;
    }
    Ok(())
}

/// Ends, and what is stored then.
fn close(c: &mut Comparison, id: &Id, group: &str, v: i16) -> Result<(), Failed> {
    stored(c, "before the end", group)?;
    let end_v = if v >= 5 { 5 } else { 4 };
    c.case("ends", end_v, |s| end(id, id.claimed(s, Claim::Own), true))?;
    after(c, id, "ended")?;
    stored(c, "after the end", group)
}

fn without_a_group(c: &mut Comparison) -> Result<(), Failed> {
    for v in [2, 3, 5] {
        let group = &format!("no-members-{v}");
        let id = joined(c, &format!("alone-{v}"), group, v)?;
        let someone = Member { id: "someone", instance: None, epoch: 1 };
        c.case("a member of no group", v, |s| commit(s, v, &id, Claim::Own, group, someone, &[0]))?;
        c.case("a member without generation", v, |s| {
            commit(s, v, &id, Claim::Own, group, Member { epoch: -1, ..someone }, &[0])
        })?;
        c.case("nobody", v, |s| commit(s, v, &id, Claim::Own, group, NOBODY, &[0]))?;
        close(c, &id, group, v)?;
    }
    Ok(())
}

fn of_a_classic_group(c: &mut Comparison) -> Result<(), Failed> {
    for v in [2, 3, 5] {
        let group = &format!("classic-members-{v}");
        let id = joined(c, &format!("classic-{v}"), group, v)?;
        let first = c.case("joins", 9, |_| classic(group, ""))?;
        remember(c, &first);
        let joins = c.case("joins with its id", 9, |s| classic(group, &member_id(s)))?;
        remember(c, &joins);
        let mut ask = |words: &str, epoch: i32, known: Option<&str>, instance: Option<&str>| {
            c.case(words, v, |s| {
                let own = member_id(s);
                let member = Member { id: known.unwrap_or(&own), instance, epoch };
                commit(s, v, &id, Claim::Own, group, member, &[0])
            })
            .map(drop)
        };
        ask("while the group settles", 1, None, None)?;
        c.case("settles", 5, |s| sync(group, &member_id(s), 1, Some(all_assigned())))?;
        c.case("beats", 4, |s| beat(group, &member_id(s), 1))?;
        let mut ask = |words: &str, epoch: i32, known: Option<&str>, instance: Option<&str>| {
            c.case(words, v, |s| {
                let own = member_id(s);
                let member = Member { id: known.unwrap_or(&own), instance, epoch };
                commit(s, v, &id, Claim::Own, group, member, &[0])
            })
            .map(drop)
        };
        ask("later generation", 7, None, None)?;
        ask("earlier generation", 0, None, None)?;
        ask("no generation", -1, None, None)?;
        ask("somebody else", 1, Some("nobody"), None)?;
        ask("no member", 1, Some(""), None)?;
        ask("instance that is not there", 1, None, Some("one"))?;
        ask("nobody", -1, Some(""), None)?;
        ask("member", 1, None, None)?;
        close(c, &id, group, v)?;
    }
    Ok(())
}

fn of_a_consumer_group(c: &mut Comparison) -> Result<(), Failed> {
    for v in [2, 3, 5] {
        let group = &format!("consumer-members-{v}");
        let id = joined(c, &format!("consumer-{v}"), group, v)?;
        c.case("joins", 1, |_| join(group, "a", &[TOPIC]))?;
        let ask = |c: &mut Comparison, words: &str, member: Member<'_>, partitions: &[i32]| {
            c.case(words, v, |s| commit(s, v, &id, Claim::Own, group, member, partitions)).map(drop)
        };
        let a = |epoch| Member { id: "a", instance: None, epoch };
        ask(c, "later epoch", a(9), &[0])?;
        ask(c, "earlier epoch", a(1), &[0])?;
        ask(c, "no epoch", a(-1), &[0])?;
        ask(c, "leaving epoch", a(-2), &[0])?;
        ask(c, "somebody else", Member { id: "nobody", ..a(2) }, &[0])?;
        ask(c, "no member", Member { id: "", ..a(2) }, &[0])?;
        ask(c, "instance that is not there", Member { instance: Some("one"), ..a(2) }, &[0])?;
        ask(c, "nobody", NOBODY, &[0])?;
        ask(c, "member", a(2), &[0, 3])?;
        c.case("second comes", 1, |_| join(group, "b", &[TOPIC]))?;
        c.case("first is to let go", 1, |_| report(group, "a", 2))?;
        ask(c, "while letting go", a(2), &[0, 3])?;
        c.case("first let go", 1, |s| owning(s, report(group, "a", 2), &[0, 1]))?;
        c.case("second gets its part", 1, |_| report(group, "b", 3))?;
        ask(c, "kept partition, old epoch", a(2), &[0])?;
        ask(c, "kept and lost, old epoch", a(2), &[0, 3])?;
        ask(c, "lost partition, new epoch", a(3), &[3])?;
        ask(c, "got later than the epoch", Member { id: "b", ..a(2) }, &[3])?;
        close(c, &id, group, v)?;
    }
    Ok(())
}

/// The topic goes while its offset is pending, and may be there again, shorter, when the transaction ends. The offsets have no
/// leader epoch that would tell.
fn of_a_deleted_topic(c: &mut Comparison) -> Result<(), Failed> {
    for v in [3, 5] {
        for returns in [false, true] {
            for committed in [true, false] {
                let name = &format!("gone-{v}-{returns}-{committed}");
                let group = &format!("of-{name}");
                prepare(c, name, 2, &[])?;
                let id = joined(c, name, group, v)?;
                c.case("of a topic that goes", v, |s| {
                    let mut request = commit(s, v, &id, Claim::Own, group, NOBODY, &[0]);
                    request.topics[0].name = name.clone();
                    request
                })?;
                stored_of(c, "before it goes", group, name)?;
                let delete = DeleteTopicsRequest {
                    topic_names: vec![name.clone()],
                    timeout_ms: 10_000,
                    ..Default::default()
                };
                for side in [&mut c.kafka, &mut c.ottla] {
                    side.call(&delete, 5)?;
                }
                // Coordinators hear of it a little later.
                sleep(Duration::from_millis(500));
                if returns {
                    prepare(c, name, 2, &[])?;
                }
                stored_of(c, "when it went", group, name)?;
                let end_v = if v >= 5 { 5 } else { 4 };
                c.case("ends", end_v, |s| end(&id, id.claimed(s, Claim::Own), committed))?;
                after(c, &id, "ended")?;
                stored_of(c, &format!("ended {committed}, topic back {returns}"), group, name)?;
            }
        }
    }
    Ok(())
}
