//! Share sessions, and requests to fetch and to acknowledge that are refused or odd.

use std::time::Duration;

use model::Uuid;
use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::share_fetch_request::{FetchPartition, FetchTopic, ForgottenTopic};
use wire::messages::{
    DeleteRecordsRequest, ShareAcknowledgeRequest, ShareFetchRequest, ShareFetchResponse,
};
use wire::messages::{delete_records_request, share_acknowledge_request};

use super::requests::{acknowledge, batch, fetch, join, news, produce, report, set, settle};
use crate::topics::prepare;

const ACCEPT: i8 = 1;
const RELEASE: i8 = 2;
const REJECT: i8 = 3;
const RENEW: i8 = 4;

pub(super) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    sessions(c)?;
    partitions(c)?;
    acknowledgements(c)?;
    locks(c)?;
    limits(c)?;
    moved_start(c)
}

/// A topic with one partition, a group that reads it from its start, and its member `a`.
fn begin(c: &mut Comparison, name: &str, settings: &[(&str, &str)]) -> Result<(), Failed> {
    prepare(c, name, 1, &[])?;
    let own = [&[("share.auto.offset.reset", "earliest")], settings].concat();
    set(c, name, &own)?;
    settle(c, name, "a", &[name], 1)?;
    Ok(())
}

fn sessions(c: &mut Comparison) -> Result<(), Failed> {
    let g = "sessions";
    begin(c, g, &[])?;
    c.case("four records", 7, |_| produce(g, 0, batch(0, 4)))?;
    for v in 1..=2 {
        type Request = ShareFetchRequest;
        let m = &format!("m{v}");
        let ask = |s: &mut Side, epoch| fetch(g, m, epoch, s.topic_id(g), &[]);
        c.case("no session yet", v, |s| ask(s, 1))?;
        c.case("closes no session", v, |s| ask(s, -1))?;
        c.case("epoch that means nothing", v, |s| ask(s, -2))?;
        c.case("no group", v, |s| Request { group_id: None, ..ask(s, 0) })?;
        c.case("empty group", v, |s| Request { group_id: Some(String::new()), ..ask(s, 0) })?;
        c.case("no member", v, |s| Request { member_id: None, ..ask(s, 0) })?;
        c.case("empty member", v, |s| Request { member_id: Some(String::new()), ..ask(s, 0) })?;
        c.case("unknown group", v, |s| Request { group_id: Some("nobody".into()), ..ask(s, 0) })?;
        c.case("acknowledges at opening", v, |s| {
            fetch(g, m, 0, s.topic_id(g), &[(0, 0, vec![ACCEPT])])
        })?;
        c.case("opens", v, |s| ask(s, 0))?;
        c.case("old epoch", v, |s| ask(s, 3))?;
        c.case("goes on", v, |s| ask(s, 1))?;
        c.case("the same once more", v, |s| ask(s, 1))?;
        c.case("names nothing", v, |s| Request { topics: Vec::new(), ..ask(s, 2) })?;
        c.case("forgets", v, |s| {
            let topic_id = s.topic_id(g);
            let forgotten_topics_data = vec![ForgottenTopic { topic_id, partitions: vec![0] }];
            Request { topics: Vec::new(), forgotten_topics_data, ..ask(s, 3) }
        })?;
        c.case("reads nothing", v, |s| Request { topics: Vec::new(), ..ask(s, 4) })?;
        c.case("reads again", v, |s| ask(s, 5))?;
        c.case("opens anew", v, |s| ask(s, 0))?;
        c.case("closes", v, |s| ask(s, -1))?;
        c.case("is closed", v, |s| ask(s, 1))?;
        acknowledging(c, v)?;
    }
    Ok(())
}

fn acknowledging(c: &mut Comparison, v: i16) -> Result<(), Failed> {
    type Request = ShareAcknowledgeRequest;
    let g = "sessions";
    let m = &format!("k{v}");
    let said = [(0, 0, vec![ACCEPT])];
    let ask = |s: &mut Side, epoch| acknowledge(g, m, epoch, s.topic_id(g), &said);
    c.case("acknowledges without session", v, |s| ask(s, 1))?;
    c.case("acknowledges at opening", v, |s| ask(s, 0))?;
    c.case("acknowledges, no group", v, |s| Request { group_id: None, ..ask(s, 1) })?;
    c.case("acknowledges, no member", v, |s| Request { member_id: None, ..ask(s, 1) })?;
    c.case("acknowledges in no group", v, |s| Request {
        group_id: Some("nobody".into()),
        ..ask(s, 1)
    })?;
    c.case("closes nothing by acknowledging", v, |s| ask(s, -1))?;
    c.case("opens to acknowledge", v, |s| fetch(g, m, 0, s.topic_id(g), &[]))?;
    c.case("acknowledges in the wrong epoch", v, |s| ask(s, 4))?;
    c.case("acknowledges nothing", v, |s| acknowledge(g, m, 1, s.topic_id(g), &[]))?;
    c.case("acknowledges an unknown topic", v, |_| {
        acknowledge(g, m, 2, Uuid::from_bytes([7; 16]), &said)
    })?;
    c.case("acknowledges no topic", v, |s| Request { topics: Vec::new(), ..ask(s, 3) })?;
    c.case("acknowledges an unknown partition", v, |s| {
        let mut request = ask(s, 4);
        request.topics[0].partitions[0].partition_index = 9;
        request
    })?;
    c.case("releases all and closes", v, |s| {
        acknowledge(g, m, -1, s.topic_id(g), &[(0, 3, vec![RELEASE])])
    })?;
    c.case("is closed", v, |s| ask(s, 1))?;
    Ok(())
}

/// Several partitions in a session, known and unknown.
fn partitions(c: &mut Comparison) -> Result<(), Failed> {
    let g = "partitions";
    prepare(c, g, 3, &[])?;
    set(c, g, &[("share.auto.offset.reset", "earliest")])?;
    settle(c, g, "a", &[g], 3)?;
    for index in 0..3 {
        c.case("records", 7, |_| produce(g, index, batch(0, 2)))?;
    }
    let all = |topic_id: Uuid, indexes: &[i32]| FetchTopic {
        topic_id,
        partitions: indexes
            .iter()
            .map(|index| FetchPartition { partition_index: *index, ..Default::default() })
            .collect(),
    };
    let mut ask = |words: &str, epoch: i32, indexes: &[i32], unknown: bool| {
        let build = |s: &mut Side| {
            let mut topics = vec![all(s.topic_id(g), indexes)];
            if unknown {
                topics.push(all(Uuid::from_bytes([9; 16]), &[0]));
            }
            ShareFetchRequest { topics, ..fetch(g, "a", epoch, Uuid::ZERO, &[]) }
        };
        c.case_tidied(words, 2, build, by_partition).map(drop)
    };
    ask("one of three", 0, &[1], false)?;
    ask("another comes", 1, &[2], false)?;
    ask("unknown ones come", 2, &[7], true)?;
    ask("and stay", 3, &[], false)?;
    ask("the last one", 4, &[0], false)?;
    ask("nothing is left", 5, &[], false)
}

fn by_partition(response: &mut ShareFetchResponse) {
    for topic in &mut response.responses {
        topic.partitions.sort_by_key(|partition| partition.partition_index);
    }
    response
        .responses
        .sort_by_key(|topic| (topic.topic_id == Uuid::from_bytes([9; 16]), topic.partitions.len()));
}

/// What may be said of records, and what is wrong.
fn acknowledgements(c: &mut Comparison) -> Result<(), Failed> {
    let g = "acknowledged";
    begin(c, g, &[])?;
    c.case("ten records", 7, |_| produce(g, 0, batch(0, 10)))?;
    c.case("another ten", 7, |_| produce(g, 0, batch(10, 10)))?;
    c.case("takes ten", 2, |s| ShareFetchRequest {
        max_records: 10,
        ..fetch(g, "a", 0, s.topic_id(g), &[])
    })?;
    c.case("another member takes the rest", 2, |s| fetch(g, "b", 0, s.topic_id(g), &[]))?;
    let wrong: &[(&str, &[super::requests::Said])] = &[
        ("too few types", &[(0, 3, vec![ACCEPT, ACCEPT])]),
        ("too many types", &[(0, 1, vec![ACCEPT, ACCEPT, ACCEPT])]),
        ("no types", &[(0, 1, vec![])]),
        ("unknown type", &[(0, 1, vec![9])]),
        ("negative type", &[(0, 1, vec![-1])]),
        ("backwards", &[(3, 1, vec![ACCEPT])]),
        ("overlapping", &[(0, 3, vec![ACCEPT]), (2, 4, vec![ACCEPT])]),
        ("out of order", &[(4, 5, vec![ACCEPT]), (0, 1, vec![ACCEPT])]),
        ("of another member", &[(12, 13, vec![ACCEPT])]),
        ("over the border", &[(8, 12, vec![ACCEPT])]),
        ("far away", &[(100, 110, vec![ACCEPT])]),
        ("over the end", &[(15, 25, vec![ACCEPT])]),
    ];
    let mut epoch = 1;
    for (words, said) in wrong {
        c.case(words, 2, |s| acknowledge(g, "a", epoch, s.topic_id(g), said))?;
        epoch += 1;
        c.case(&format!("{words}, fetching"), 2, |s| ShareFetchRequest {
            max_records: 1,
            ..fetch(g, "a", epoch, s.topic_id(g), said)
        })?;
        epoch += 1;
    }
    c.case("renews without saying so", 2, |s| ShareAcknowledgeRequest {
        is_renew_ack: false,
        ..acknowledge(g, "a", epoch, s.topic_id(g), &[(0, 1, vec![RENEW])])
    })?;
    epoch += 1;
    c.case("renews in the first version", 1, |s| ShareAcknowledgeRequest {
        is_renew_ack: false,
        ..acknowledge(g, "a", epoch, s.topic_id(g), &[(0, 1, vec![RENEW])])
    })?;
    epoch += 1;
    c.case("renews", 2, |s| acknowledge(g, "a", epoch, s.topic_id(g), &[(0, 1, vec![RENEW])]))?;
    epoch += 1;
    // Who renews wants nothing else; what is refused leaves the session as it was.
    for (max_bytes, max_records, max_wait_ms, min_bytes) in
        [(1 << 20, 0, 0, 0), (0, 5, 0, 0), (0, 0, 50, 0), (0, 0, 0, 1), (0, 0, 0, 0)]
    {
        let words = format!(
            "renews and wants {max_records} records in {max_bytes} bytes, {min_bytes} within {max_wait_ms}"
        );
        let (answer, _) = c.case(&words, 2, |s| ShareFetchRequest {
            is_renew_ack: true,
            max_bytes,
            max_records,
            max_wait_ms,
            min_bytes,
            ..fetch(g, "a", epoch, s.topic_id(g), &[(0, 1, vec![RENEW])])
        })?;
        epoch += i32::from(answer.is_some_and(|answer| answer.error_code == 0));
    }
    c.case("each its own", 2, |s| {
        acknowledge(g, "a", epoch, s.topic_id(g), &[(0, 3, vec![ACCEPT, RELEASE, REJECT, 0])])
    })?;
    epoch += 1;
    c.case("decided already", 2, |s| {
        acknowledge(g, "a", epoch, s.topic_id(g), &[(0, 0, vec![ACCEPT])])
    })?;
    epoch += 1;
    c.case("gets the released one", 2, |s| fetch(g, "a", epoch, s.topic_id(g), &[]))?;
    c.case("closes with the rest", 2, |s| {
        fetch(g, "a", -1, s.topic_id(g), &[(4, 6, vec![ACCEPT])])
    })?;
    c.case("opens after that", 2, |s| fetch(g, "a", 0, s.topic_id(g), &[]))?;
    Ok(())
}

/// Locks that end by themselves, and those that are renewed; a member that leaves.
fn locks(c: &mut Comparison) -> Result<(), Failed> {
    let g = "locks";
    begin(c, g, &[("share.record.lock.duration.ms", "1000"), ("share.delivery.count.limit", "3")])?;
    c.case("four records", 7, |_| produce(g, 0, batch(0, 4)))?;
    c.case_tidied("takes them", 2, |s| fetch(g, "a", 0, s.topic_id(g), &[]), news)?;
    c.case("renews two", 2, |s| acknowledge(g, "a", 1, s.topic_id(g), &[(0, 1, vec![RENEW])]))?;
    std::thread::sleep(Duration::from_millis(1_300));
    c.case("too late", 2, |s| acknowledge(g, "a", 2, s.topic_id(g), &[(2, 3, vec![ACCEPT])]))?;
    c.case_tidied("takes them again", 2, |s| fetch(g, "a", 3, s.topic_id(g), &[]), news)?;
    for epoch in 4..9 {
        std::thread::sleep(Duration::from_millis(1_300));
        c.case_tidied(
            "one after the other",
            2,
            |s| fetch(g, "a", epoch, s.topic_id(g), &[]),
            news,
        )?;
    }
    c.case("five more", 7, |_| produce(g, 0, batch(4, 5)))?;
    c.case_tidied("takes the new ones", 2, |s| fetch(g, "b", 0, s.topic_id(g), &[]), news)?;
    c.case("leaves the group", 1, |_| join(g, "b", &[g]))?;
    c.case("has left", 1, |_| report(g, "b", -1))?;
    std::thread::sleep(Duration::from_millis(1_300));
    c.case_tidied("others have them now", 2, |s| fetch(g, "c", 0, s.topic_id(g), &[]), news)?;

    let g = "no-renewals";
    begin(c, g, &[("share.renew.acknowledge.enable", "false")])?;
    c.case("a record", 7, |_| produce(g, 0, batch(0, 1)))?;
    c.case_tidied("takes it", 2, |s| fetch(g, "a", 0, s.topic_id(g), &[]), news)?;
    c.case("may not renew", 2, |s| acknowledge(g, "a", 1, s.topic_id(g), &[(0, 0, vec![RENEW])]))?;
    c.case("accepts", 2, |s| acknowledge(g, "a", 2, s.topic_id(g), &[(0, 0, vec![ACCEPT])]))?;
    Ok(())
}

/// As many records as may be out, and how exactly what is asked for is kept to.
fn limits(c: &mut Comparison) -> Result<(), Failed> {
    let g = "limits";
    begin(c, g, &[("share.partition.max.record.locks", "100")])?;
    for first in 0..8 {
        c.case("thirty records", 7, |_| produce(g, 0, batch(first * 30, 30)))?;
    }
    let ask =
        |s: &mut Side, member: &str, epoch, mode, max_records, batch_size| ShareFetchRequest {
            share_acquire_mode: mode,
            max_records,
            batch_size,
            ..fetch(g, member, epoch, s.topic_id(g), &[])
        };
    c.case_tidied("at most seven", 2, |s| ask(s, "a", 0, 1, 7, 500), news)?;
    c.case_tidied("at most seven more", 2, |s| ask(s, "a", 1, 1, 7, 3), news)?;
    c.case_tidied("seven, a batch whole", 2, |s| ask(s, "a", 2, 0, 7, 500), news)?;
    c.case_tidied("in batches of ten", 2, |s| ask(s, "a", 3, 0, 35, 10), news)?;
    c.case_tidied("as many as may be", 2, |s| ask(s, "b", 0, 0, 500, 500), news)?;
    c.case_tidied("none", 2, |s| ask(s, "c", 0, 0, 500, 500), news)?;
    c.case("unknown mode", 2, |s| ask(s, "d", 0, 5, 10, 10))?;
    c.case("negative mode", 2, |s| ask(s, "d", 0, -1, 10, 10))?;
    c.case_tidied("no records wanted", 2, |s| ask(s, "e", 0, 0, 0, 10), news)?;
    let no_bytes = |s: &mut Side| ShareFetchRequest { max_bytes: 0, ..ask(s, "f", 0, 0, 10, 10) };
    c.case_tidied("no bytes wanted", 2, no_bytes, news)?;
    c.case("releases three", 2, |s| {
        acknowledge(g, "a", 4, s.topic_id(g), &[(0, 2, vec![RELEASE])])
    })?;
    c.case_tidied("takes two of three", 2, |s| ask(s, "c", 1, 1, 2, 10), news)?;
    c.case_tidied("takes the third", 2, |s| ask(s, "c", 2, 0, 2, 10), news)?;
    c.case_tidied("none again", 2, |s| ask(s, "c", 3, 0, 2, 10), news)?;
    Ok(())
}

/// Records that are deleted while the group has not come to them, or holds them.
fn moved_start(c: &mut Comparison) -> Result<(), Failed> {
    let g = "moved";
    begin(c, g, &[])?;
    for first in 0..4 {
        c.case("five records", 7, |_| produce(g, 0, batch(first * 5, 5)))?;
    }
    c.case("takes five", 2, |s| ShareFetchRequest {
        max_records: 5,
        ..fetch(g, "a", 0, s.topic_id(g), &[])
    })?;
    c.case("twelve are deleted", 2, |_| DeleteRecordsRequest {
        topics: vec![delete_records_request::DeleteRecordsTopic {
            name: g.into(),
            partitions: vec![delete_records_request::DeleteRecordsPartition {
                partition_index: 0,
                offset: 12,
            }],
        }],
        timeout_ms: 10_000,
    })?;
    // Apache Kafka's first answer is empty: it has noticed by then that the log begins later.
    let (wanted, found) = (first_records(&mut c.kafka, g)?, first_records(&mut c.ottla, g)?);
    c.note("what is left", &wanted, &found);
    c.case("accepts what is gone", 2, |s| {
        let topic_id = s.topic_id(g);
        let batch = share_acknowledge_request::AcknowledgementBatch {
            first_offset: 0,
            last_offset: 4,
            acknowledge_types: vec![ACCEPT],
        };
        let mut request = acknowledge(g, "a", 1, topic_id, &[]);
        request.topics[0].partitions[0].acknowledgement_batches = vec![batch];
        request
    })?;
    Ok(())
}

/// Fetches as member `b` until there is something, and accepts it; what that was.
fn first_records(side: &mut Side, group: &str) -> Result<Vec<(i64, i64)>, Failed> {
    let topic_id = side.topic_id(group);
    let closed = || Failed("closed".into());
    for epoch in 0..10 {
        let answer = side.call(&fetch(group, "b", epoch, topic_id, &[]), 2)?.ok_or_else(closed)?;
        let partitions = answer.responses.iter().flat_map(|topic| &topic.partitions);
        let acquired = partitions.flat_map(|partition| &partition.acquired_records);
        let acquired: Vec<_> = acquired.map(|it| (it.first_offset, it.last_offset)).collect();
        if !acquired.is_empty() {
            let said: Vec<_> =
                acquired.iter().map(|(first, last)| (*first, *last, vec![ACCEPT])).collect();
            side.call(&acknowledge(group, "b", epoch + 1, topic_id, &said), 2)?;
            return Ok(acquired);
        }
    }
    Ok(Vec::new())
}
