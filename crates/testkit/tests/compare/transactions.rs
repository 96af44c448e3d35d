//! Transactions: each request to a transactional id in each state, with each claim of who asks, in each version; then what the
//! coordinator says of the id, and at the end what it wrote down.

mod exhausted;
mod ids;
mod log;
mod offsets;
mod too_large;

use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::add_partitions_to_txn_request::{
    AddPartitionsToTxnTopic, AddPartitionsToTxnTransaction,
};
use wire::messages::describe_producers_request::TopicRequest;
use wire::messages::write_txn_markers_request::{WritableTxnMarker, WritableTxnMarkerTopic};
use wire::messages::{
    AddOffsetsToTxnRequest, AddPartitionsToTxnRequest, AddPartitionsToTxnResponse,
    DescribeProducersRequest, DescribeProducersResponse, DescribeTransactionsRequest,
    EndTxnRequest, FindCoordinatorRequest, InitProducerIdRequest, ListTransactionsRequest,
    WriteTxnMarkersRequest,
};

pub(crate) use self::exhausted::compare as compare_exhausted;
use self::ids::{CLAIMS, Claim, Id, Rules, STATES, Stand};
pub(crate) use self::too_large::compare as compare_too_large;
use crate::topics::prepare;

const TOPIC: &str = "in-transactions";
/// As many ids find every partition of the coordinator's topic, or nearly.
const WARM_UP_COUNT: usize = 300;

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    crate::groups::find_coordinators(c)?;
    warm_up(c)?;
    for rules in [Rules::Old, Rules::New] {
        for stand in STATES.iter().filter(|stand| rules == Rules::New || stand.has_transaction()) {
            inits(c, rules, *stand)?;
            partitions(c, rules, *stand)?;
            groups(c, rules, *stand)?;
            ends(c, rules, *stand)?;
        }
    }
    timed_out(c)?;
    taken_over(c)?;
    listings(c)?;
    markers(c)?;
    decided_elsewhere(c)?;
    offsets::compare(c)?;
    log::compare(c)
}

/// Makes the coordinator's topic, and waits until its partitions are led and loaded.
fn warm_up(c: &mut Comparison) -> Result<(), Failed> {
    let ask = FindCoordinatorRequest {
        key_type: 1,
        coordinator_keys: vec!["warm-up".into()],
        ..Default::default()
    };
    for side in [&mut c.kafka, &mut c.ottla] {
        side.call(&ask, 4)?;
        for number in 0..WARM_UP_COUNT {
            Id::new(&format!("warm-up-{number}")).begin(side, 60_000)?;
        }
    }
    prepare(c, TOPIC, 3, &[])
}

/// Transactions that somebody else decides (KIP-939): what both say to those who ask for them.
fn decided_elsewhere(c: &mut Comparison) -> Result<(), Failed> {
    for (enable, keep) in [(true, false), (false, true), (true, true)] {
        for stand in STATES {
            let id = fresh(c, &format!("elsewhere-{enable}-{keep}"), Rules::New, *stand)?;
            let words = &format!("decided elsewhere {enable}, kept {keep}, {stand:?}");
            c.case(words, 6, |_| InitProducerIdRequest {
                enable2_pc: enable,
                keep_prepared_txn: keep,
                ..init(&id, 60_000, (-1, -1))
            })?;
            after(c, &id, words)?;
        }
    }
    Ok(())
}

/// Who asks in this version: everybody in those of `all_in`, which answer in their own words; the others are seen to work.
fn claims(v: i16, all_in: &[i16]) -> &'static [Claim] {
    if all_in.contains(&v) { CLAIMS } else { &[Claim::Own] }
}

/// What one case is about: an id of its own, in the state that is asked for on both sides.
fn fresh(c: &mut Comparison, what: &str, rules: Rules, stand: Stand) -> Result<Id, Failed> {
    let id = Id::new(&format!("{what}-{rules:?}-{stand:?}"));
    for side in [&mut c.kafka, &mut c.ottla] {
        id.bring(side, rules, stand)?;
    }
    Ok(id)
}

/// The state of the id after a request, once its end is written everywhere.
fn after(c: &mut Comparison, id: &Id, words: &str) -> Result<(), Failed> {
    let kafka = id.settled(&mut c.kafka)?;
    let ottla = id.settled(&mut c.ottla)?;
    c.note(&format!("{}, {words}: state afterwards", id.name()), &kafka, &ottla);
    Ok(())
}

fn init(id: &Id, timeout: i32, (producer_id, producer_epoch): (i64, i16)) -> InitProducerIdRequest {
    InitProducerIdRequest {
        transactional_id: Some(id.name().into()),
        transaction_timeout_ms: timeout,
        producer_id,
        producer_epoch,
        ..Default::default()
    }
}

fn inits(c: &mut Comparison, rules: Rules, stand: Stand) -> Result<(), Failed> {
    for v in 0..=6 {
        let id = fresh(c, &format!("init-{v}"), rules, stand)?;
        for words in ["first", "again", "once more"] {
            c.case(&format!("{words}, {rules:?} {stand:?}"), v, |_| init(&id, 60_000, (-1, -1)))?;
            after(c, &id, words)?;
        }
        c.case("timeout too long", v, |_| init(&id, i32::MAX, (-1, -1)))?;
        c.case("no timeout", v, |_| init(&id, 0, (-1, -1)))?;
        c.case("negative timeout", v, |_| init(&id, -5, (-1, -1)))?;
        after(c, &id, "bad timeouts")?;
    }
    for v in 3..=6 {
        for claim in claims(v, &[3, 4]) {
            let id = fresh(c, &format!("goes-on-{v}-{claim:?}"), rules, stand)?;
            for words in ["goes on", "goes on again"] {
                let words = &format!("{words}, {rules:?} {stand:?} {claim:?}");
                c.case(words, v, |s| init(&id, 60_000, id.claimed(s, *claim)))?;
                after(c, &id, words)?;
            }
        }
    }
    Ok(())
}

fn add(
    v: i16,
    id: &Id,
    (producer_id, producer_epoch): (i64, i16),
    verify_only: bool,
    topics: &[(&str, &[i32])],
) -> AddPartitionsToTxnRequest {
    let topic = |(name, partitions): &(&str, &[i32])| AddPartitionsToTxnTopic {
        name: (*name).into(),
        partitions: partitions.to_vec(),
    };
    let topics: Vec<_> = topics.iter().map(topic).collect();
    if v >= 4 {
        let transactions = vec![AddPartitionsToTxnTransaction {
            transactional_id: id.name().into(),
            producer_id,
            producer_epoch,
            verify_only,
            topics,
        }];
        return AddPartitionsToTxnRequest { transactions, ..Default::default() };
    }
    AddPartitionsToTxnRequest {
        v3_and_below_transactional_id: id.name().into(),
        v3_and_below_producer_id: producer_id,
        v3_and_below_producer_epoch: producer_epoch,
        v3_and_below_topics: topics,
        ..Default::default()
    }
}

fn partitions(c: &mut Comparison, rules: Rules, stand: Stand) -> Result<(), Failed> {
    for v in 0..=5 {
        for claim in claims(v, &[1, 3, 5]) {
            let id = fresh(c, &format!("add-{v}-{claim:?}"), rules, stand)?;
            let words = &format!("{rules:?} {stand:?} {claim:?}");
            let mut ask = |words: &str, verify, topics: &[(&str, &[i32])]| {
                c.case_tidied(
                    words,
                    v,
                    |s| add(v, &id, id.claimed(s, *claim), verify, topics),
                    in_order,
                )?;
                after(c, &id, words)
            };
            let known: &[(&str, &[i32])] = &[(TOPIC, &[0, 2])];
            let unknown: &[(&str, &[i32])] = &[(TOPIC, &[1, 7]), ("not-there", &[0])];
            if v >= 4 {
                ask(&format!("verified, {words}"), true, known)?;
            }
            ask(words, false, known)?;
            ask(&format!("again, {words}"), false, known)?;
            ask(&format!("unknown partitions, {words}"), false, unknown)?;
            if v >= 4 {
                ask(&format!("verified after it, {words}"), true, &[(TOPIC, &[0, 1, 2])])?;
                ask(&format!("unknown verified after it, {words}"), true, unknown)?;
            }
        }
    }
    Ok(())
}

/// Apache Kafka's order of topics and partitions is that of its hash tables.
fn in_order(answer: &mut AddPartitionsToTxnResponse) {
    let by_transaction = answer.results_by_transaction.iter_mut().map(|t| &mut t.topic_results);
    for topics in by_transaction.chain([&mut answer.results_by_topic_v3_and_below]) {
        topics.sort_by_key(|topic| topic.name.clone());
        for topic in topics {
            topic.results_by_partition.sort_by_key(|partition| partition.partition_index);
        }
    }
}

fn groups(c: &mut Comparison, rules: Rules, stand: Stand) -> Result<(), Failed> {
    for v in 0..=4 {
        for claim in claims(v, &[1, 4]) {
            let id = fresh(c, &format!("group-{v}-{claim:?}"), rules, stand)?;
            let words = &format!("{rules:?} {stand:?} {claim:?}");
            let ask = |s: &mut Side| {
                let (producer_id, producer_epoch) = id.claimed(s, *claim);
                AddOffsetsToTxnRequest {
                    transactional_id: id.name().into(),
                    producer_id,
                    producer_epoch,
                    group_id: "of-a-transaction".into(),
                }
            };
            c.case(words, v, ask)?;
            after(c, &id, words)?;
            c.case(&format!("again, {words}"), v, ask)?;
            c.case(&format!("no group, {words}"), v, |s| AddOffsetsToTxnRequest {
                group_id: String::new(),
                ..ask(s)
            })?;
            after(c, &id, "group and none")?;
        }
    }
    Ok(())
}

fn end(id: &Id, (producer_id, producer_epoch): (i64, i16), committed: bool) -> EndTxnRequest {
    EndTxnRequest { transactional_id: id.name().into(), producer_id, producer_epoch, committed }
}

fn ends(c: &mut Comparison, rules: Rules, stand: Stand) -> Result<(), Failed> {
    for v in 0..=5 {
        for claim in claims(v, &[1, 4, 5]) {
            for committed in [true, false] {
                let id = fresh(c, &format!("end-{v}-{claim:?}-{committed}"), rules, stand)?;
                let words = &format!("{rules:?} {stand:?} {claim:?} {committed}");
                for turn in ["first", "retried", "retried again"] {
                    let words = &format!("{turn}, {words}");
                    c.case(words, v, |s| end(&id, id.claimed(s, *claim), committed))?;
                    after(c, &id, words)?;
                }
                c.case(&format!("the other way, {words}"), v, |s| {
                    end(&id, id.claimed(s, *claim), !committed)
                })?;
                after(c, &id, "the other way")?;
            }
        }
    }
    Ok(())
}

/// Nobody ends a transaction in time.
fn timed_out(c: &mut Comparison) -> Result<(), Failed> {
    for rules in [Rules::Old, Rules::New] {
        let id = Id::new(&format!("timed-out-{rules:?}"));
        for side in [&mut c.kafka, &mut c.ottla] {
            id.begin(side, 300)?;
            id.bring_on(side, rules, Stand::Ongoing)?;
        }
        for side in [&mut c.kafka, &mut c.ottla] {
            id.until(side, |state| state.transaction_state == "CompleteAbort")?;
        }
        after(c, &id, "timed out")?;
        let last = if rules == Rules::New { 5 } else { 4 };
        for v in [1, 2, last] {
            c.case("commit of what timed out", v, |s| end(&id, id.claimed(s, Claim::Own), true))?;
            c.case("abort of what timed out", v, |s| end(&id, id.claimed(s, Claim::Own), false))?;
        }
        for v in [1, 3, 5] {
            c.case("goes on after it timed out", v, |s| {
                add(v, &id, id.claimed(s, Claim::Own), false, &[(TOPIC, &[0])])
            })?;
        }
        c.case("recovers", 5, |s| init(&id, 60_000, id.claimed(s, Claim::Own)))?;
        after(c, &id, "recovered")?;
    }
    Ok(())
}

/// Another producer has taken the id over while a transaction was open, and has not come again; the first one wants to go on.
fn taken_over(c: &mut Comparison) -> Result<(), Failed> {
    for rules in [Rules::Old, Rules::New] {
        for first in [Claim::Own, Claim::LaterEpoch, Claim::EarlierEpoch] {
            let id = fresh(c, &format!("taken-over-{first:?}"), rules, Stand::Ongoing)?;
            c.case("takes over", 5, |_| init(&id, 60_000, (-1, -1)))?;
            after(c, &id, "taken over")?;
            for claim in [first, Claim::Own, Claim::Own] {
                let words = &format!("goes on, {rules:?} {claim:?} after {first:?}");
                c.case(words, 5, |s| init(&id, 60_000, id.claimed(s, claim)))?;
                after(c, &id, words)?;
            }
            c.case("takes over at last", 5, |_| init(&id, 60_000, (-1, -1)))?;
            c.case("goes on too late", 5, |s| init(&id, 60_000, id.claimed(s, Claim::Own)))?;
            after(c, &id, "too late")?;
        }
    }
    Ok(())
}

fn listings(c: &mut Comparison) -> Result<(), Failed> {
    for stand in STATES {
        fresh(c, "listed", Rules::New, *stand)?;
    }
    for v in 0..=2 {
        let ask = |states: &[&str], pattern: Option<&str>, duration: i64| ListTransactionsRequest {
            state_filters: states.iter().map(ToString::to_string).collect(),
            duration_filter: duration,
            transactional_id_pattern: pattern.map(Into::into),
            ..Default::default()
        };
        let mut list = |words: &str, states: &[&str], pattern: Option<&str>, duration: i64| {
            c.case_tidied(
                words,
                v,
                |_| ask(states, pattern, duration),
                |answer| {
                    answer.transaction_states.sort_by_key(|state| state.transactional_id.clone())
                },
            )
        };
        list("all", &[], None, -1)?;
        list("ongoing", &["Ongoing"], None, -1)?;
        list("two states", &["Empty", "CompleteAbort"], None, -1)?;
        list("no such state", &["Ongoing", "Nonsense"], None, -1)?;
        list("seldom states", &["Dead", "PrepareEpochFence", "PrepareCommit"], None, -1)?;
        if v >= 1 {
            list("open for long", &[], None, 3_600_000)?;
            list("open at all", &[], None, 0)?;
        }
        if v >= 2 {
            list(
                "by pattern",
                &[],
                Some("tx-listed-New-(Commi|Abor)tted.*|tx-listed-New-O.*"),
                -1,
            )?;
            list("by a pattern within", &[], Some("listed"), -1)?;
            list("by an empty pattern", &[], Some(""), -1)?;
            list("by a broken pattern", &[], Some("("), -1)?;
            list("by pattern and state", &["Ongoing"], Some("tx-listed.*"), -1)?;
        }
        c.case("of no producer", v, |_| ListTransactionsRequest {
            producer_id_filters: vec![999_999],
            ..ask(&[], None, -1)
        })?;
    }
    c.case("described", 0, |_| DescribeTransactionsRequest {
        transactional_ids: vec!["not-there".into(), String::new(), "tx-listed-New-Empty".into()],
    })?;
    c.case("none described", 0, |_| DescribeTransactionsRequest::default())?;
    Ok(())
}

fn producers(c: &mut Comparison, words: &str) -> Result<(), Failed> {
    let ask = |_: &mut Side| DescribeProducersRequest {
        topics: vec![TopicRequest { name: "marked".into(), partition_indexes: vec![0, 1, 9] }],
    };
    let tidy = |answer: &mut DescribeProducersResponse| {
        for partition in answer.topics.iter_mut().flat_map(|topic| &mut topic.partitions) {
            let producers = &mut partition.active_producers;
            producers.sort_by_key(|producer| producer.producer_id);
            for producer in producers {
                producer.last_timestamp = producer.last_timestamp.signum();
            }
        }
    };
    c.case_tidied(words, 0, ask, tidy)?;
    Ok(())
}

/// Ends written from outside, as operators do for transactions that hang.
fn markers(c: &mut Comparison) -> Result<(), Failed> {
    prepare(c, "marked", 2, &[])?;
    // Apache Kafka says that a topic is there before its leaders are.
    let ask = DescribeProducersRequest {
        topics: vec![TopicRequest { name: "marked".into(), partition_indexes: vec![0, 1] }],
    };
    for side in [&mut c.kafka, &mut c.ottla] {
        for _ in 0..500 {
            let answer = side.call(&ask, 0)?;
            let mut parts = answer.iter().flat_map(|a| &a.topics).flat_map(|t| &t.partitions);
            if parts.all(|partition| partition.error_code == 0) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
    for v in 1..=2 {
        let id = fresh(c, &format!("marker-{v}"), Rules::New, Stand::Empty)?;
        let marker = |s: &mut Side, epoch: i16, coordinator: i32, committed| {
            let (producer_id, producer_epoch) = id.claimed(s, Claim::Own);
            WriteTxnMarkersRequest {
                markers: vec![WritableTxnMarker {
                    producer_id,
                    producer_epoch: producer_epoch + epoch,
                    transaction_result: committed,
                    topics: vec![
                        WritableTxnMarkerTopic {
                            name: "marked".into(),
                            partition_indexes: vec![0, 9],
                        },
                        WritableTxnMarkerTopic {
                            name: "not-there".into(),
                            partition_indexes: vec![0],
                        },
                    ],
                    coordinator_epoch: coordinator,
                    transaction_version: if v >= 2 { 2 } else { 0 },
                }],
            }
        };
        producers(c, "before")?;
        let turns = [(0, 0), (0, 0), (1, 0), (0, 0), (2, 1), (3, 0), (3, 1)];
        for (turn, (epoch, coordinator)) in turns.into_iter().enumerate() {
            let words = &format!("marker {turn}, epoch +{epoch} of coordinator {coordinator}");
            let ask = |s: &mut Side| marker(s, epoch, coordinator, turn % 2 == 0);
            c.case_tidied(words, v, ask, |answer| {
                for topics in answer.markers.iter_mut().map(|marker| &mut marker.topics) {
                    topics.sort_by_key(|topic| topic.name.clone());
                    for topic in topics {
                        topic.partitions.sort_by_key(|partition| partition.partition_index);
                    }
                }
            })?;
            producers(c, words)?;
        }
    }
    Ok(())
}
