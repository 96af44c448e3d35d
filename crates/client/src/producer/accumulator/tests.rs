use std::collections::BTreeMap;
use std::time::Duration;

use model::{PartitionIndex, TopicName};
use record::{BatchView, Decompressor, ProducerStamp};
use wire::ErrorCode;

use super::*;
use crate::error_map::Refused;
use crate::producer::Acks;

mod brokers;
mod transactions;

const BROKER: i32 = 1;
const ID: Identity = (id(7), ProducerEpoch::ZERO);

const fn id(raw: i64) -> ProducerId {
    match ProducerId::from_wire(raw) {
        Some(id) => id,
        None => unreachable!(),
    }
}

const fn epoch(raw: i16) -> ProducerEpoch {
    match ProducerEpoch::from_wire(raw) {
        Some(epoch) => epoch,
        None => unreachable!(),
    }
}

fn refusal(code: ErrorCode) -> ClientError {
    Refused::check(code.code(), String::new, None).unwrap_err().into()
}

/// Not written, for certain.
fn not_leader() -> Verdict {
    Verdict::Retry { error: refusal(ErrorCode::NotLeaderOrFollower), maybe_written: false }
}

fn no_answer() -> Verdict {
    Verdict::Retry { error: refusal(ErrorCode::NetworkException), maybe_written: true }
}

fn out_of_order() -> Verdict {
    Verdict::SequenceLost(refusal(ErrorCode::OutOfOrderSequenceNumber))
}

fn too_large() -> Verdict {
    Verdict::Failed(refusal(ErrorCode::MessageTooLarge))
}

fn delivered() -> Verdict {
    Verdict::Delivered { base_offset: Some(Offset::ZERO), append_time: None }
}

fn partition(index: i32) -> TopicPartition {
    let partition = PartitionIndex::from_wire(index).unwrap();
    TopicPartition { topic: TopicName::new("t").unwrap(), partition }
}

/// Every record is a batch of its own, and due at once.
fn config() -> ProducerConfig {
    ProducerConfig { linger: Duration::ZERO, batch_size: 1, ..ProducerConfig::default() }
}

/// An accumulator whose time the test moves.
struct Desk {
    accumulator: Accumulator,
    now: Instant,
}

impl Desk {
    fn new() -> Self {
        let mut desk = Self::with(config());
        desk.accumulator.set_identity(ID);
        desk
    }

    fn with(config: ProducerConfig) -> Self {
        Self { accumulator: Accumulator::new(config, BackoffRange::RECONNECT), now: Instant::now() }
    }

    fn append(&mut self, to: i32, value: &str) -> Result<Delivery, AppendRefused> {
        let partition = partition(to);
        let record = NewRecord {
            topic: &partition.topic,
            partition: None,
            timestamp: None,
            key: None,
            value: Some(value.as_bytes()),
            headers: &[],
        };
        let appended = self.accumulator.append(self.now, &partition, &record);
        appended.map(|appended| appended.delivery)
    }

    fn send(&mut self, to: i32, value: &str) -> Delivery {
        self.append(to, value).unwrap()
    }

    /// Everything that may leave now, in the order in which it leaves.
    fn leave(&mut self) -> Vec<Parcel> {
        let mut all = Vec::new();
        loop {
            let mut leaderless = Vec::new();
            let leader = |_: &TopicPartition| Some(BROKER);
            let mut drained = self.accumulator.drain(self.now, leader, |_| true, &mut leaderless);
            match drained.remove(&BROKER) {
                Some(parcels) => all.extend(parcels),
                None => return all,
            }
        }
    }

    fn answer(&mut self, parcel: &Parcel, verdict: Verdict) {
        self.accumulator.complete(self.now, &parcel.partition, parcel.order, verdict);
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    /// Longer than any pause before another attempt.
    fn pause(&mut self) {
        self.pass(BackoffRange::RECONNECT.max);
    }

    /// Answers parcels and what leaves after them until nothing does; gives what left, in its order.
    fn deliver_all(&mut self) -> Vec<Parcel> {
        let mut all = Vec::new();
        loop {
            self.pause();
            let parcels = self.leave();
            if parcels.is_empty() {
                return all;
            }
            for parcel in &parcels {
                self.answer(parcel, delivered());
            }
            all.extend(parcels);
        }
    }
}

fn stamp(parcel: &Parcel) -> ProducerStamp {
    BatchView::parse(&parcel.bytes).unwrap().header().producer().unwrap()
}

/// What its one record says.
fn value(parcel: &Parcel) -> String {
    let batch = BatchView::parse(&parcel.bytes).unwrap();
    let mut decompressor = Decompressor::new();
    let mut records = batch.records(&mut decompressor, usize::MAX).unwrap();
    let record = records.next().unwrap().unwrap();
    String::from_utf8(record.value.unwrap().to_vec()).unwrap()
}

/// Value, epoch and first sequence of each.
fn numbers(parcels: &[Parcel]) -> Vec<(String, i16, i32)> {
    let number = |parcel: &Parcel| {
        let stamp = stamp(parcel);
        (value(parcel), stamp.epoch.to_wire(), stamp.base_sequence.unwrap().to_wire())
    };
    parcels.iter().map(number).collect()
}

fn check(parcels: &[Parcel], expected: &[(&str, i16, i32)]) {
    let numbers = numbers(parcels);
    let numbers: Vec<_> = numbers.iter().map(|(value, e, s)| (value.as_str(), *e, *s)).collect();
    assert_eq!(numbers, expected);
}

fn is_delivered(delivery: &Delivery) -> bool {
    matches!(delivery.result(), Some(Ok(_)))
}

#[test]
fn a_batch_whose_answer_was_lost_goes_again_with_the_same_bytes() {
    let mut desk = Desk::new();
    let delivery = desk.send(0, "a");
    let first = desk.leave();
    desk.answer(&first[0], no_answer());
    assert!(desk.leave().is_empty(), "before its pause");
    desk.pause();
    let second = desk.leave();
    assert_eq!((second.len(), &second[0].bytes), (1, &first[0].bytes));
    assert!(!delivery.is_decided());
    desk.answer(&second[0], delivered());
    assert!(is_delivered(&delivery));
    assert!(desk.accumulator.is_settled());
    assert_eq!(desk.accumulator.buffered_size, 0);
}

#[test]
fn five_batches_are_in_flight_and_the_sixth_waits() {
    let mut desk = Desk::new();
    for value in ["a", "b", "c", "d", "e", "f"] {
        desk.send(0, value);
    }
    let left = desk.leave();
    check(&left, &[("a", 0, 0), ("b", 0, 1), ("c", 0, 2), ("d", 0, 3), ("e", 0, 4)]);
    desk.answer(&left[0], delivered());
    check(&desk.leave(), &[("f", 0, 5)]);
}

#[test]
fn without_sequences_one_batch_is_in_flight() {
    let config = ProducerConfig { idempotent: false, acks: Acks::Leader, ..config() };
    let mut desk = Desk::with(config);
    desk.send(0, "a");
    desk.send(0, "b");
    assert_eq!(desk.leave().len(), 1);
}

#[test]
fn batches_of_a_broken_connection_go_again_one_by_one_before_any_later_one() {
    let mut desk = Desk::new();
    for value in ["a", "b", "c", "d", "e", "f"] {
        desk.send(0, value);
    }
    let left = desk.leave();
    // The last ones may be told first.
    for parcel in left.iter().rev() {
        desk.answer(parcel, no_answer());
        assert!(desk.leave().is_empty(), "while others in flight are unanswered");
    }
    desk.pause();
    let again = desk.leave();
    check(&again, &[("a", 0, 0)]);
    desk.answer(&again[0], delivered());
    let rest = desk.deliver_all();
    check(&rest, &[("b", 0, 1), ("c", 0, 2), ("d", 0, 3), ("e", 0, 4), ("f", 0, 5)]);
}

#[test]
fn a_batch_goes_to_the_leader_of_the_moment() {
    let mut desk = Desk::new();
    desk.send(0, "a");
    let left = desk.leave();
    desk.answer(&left[0], not_leader());
    desk.pause();
    let mut leaderless = Vec::new();
    let none = desk.accumulator.drain(desk.now, |_| None, |_| true, &mut leaderless);
    assert!(none.is_empty());
    assert_eq!(leaderless, [partition(0)]);
    let moved = desk.accumulator.drain(desk.now, |_| Some(2), |_| true, &mut leaderless);
    check(&moved[&2], &[("a", 0, 0)]);
}

#[test]
fn out_of_order_behind_a_batch_that_goes_again_changes_no_number() {
    let mut desk = Desk::new();
    desk.send(0, "a");
    desk.send(0, "b");
    let left = desk.leave();
    desk.answer(&left[0], not_leader());
    desk.answer(&left[1], out_of_order());
    check(&desk.deliver_all(), &[("a", 0, 0), ("b", 0, 1)]);
}

#[test]
fn out_of_order_before_the_answer_to_an_older_batch_changes_no_number() {
    // The leader moved: the older batch is still unanswered by the broker that led before.
    let mut desk = Desk::new();
    desk.send(0, "a");
    desk.send(0, "b");
    let left = desk.leave();
    desk.answer(&left[1], out_of_order());
    desk.pause();
    assert!(desk.leave().is_empty(), "while the older one is unanswered");
    desk.answer(&left[0], no_answer());
    check(&desk.deliver_all(), &[("a", 0, 0), ("b", 0, 1)]);
}

#[test]
fn behind_a_refused_batch_the_sequences_begin_again_under_the_next_epoch() {
    let mut desk = Desk::new();
    let refused = desk.send(0, "a");
    let (second, third) = (desk.send(0, "b"), desk.send(0, "c"));
    let left = desk.leave();
    desk.answer(&left[0], too_large());
    let code = refused.result().unwrap().unwrap_err().code();
    assert_eq!(code, Some(ErrorCode::MessageTooLarge));
    desk.answer(&left[1], out_of_order());
    desk.pause();
    assert!(desk.leave().is_empty(), "while the third is unanswered");
    desk.answer(&left[2], out_of_order());
    check(&desk.deliver_all(), &[("b", 1, 0), ("c", 1, 1)]);
    assert!(is_delivered(&second) && is_delivered(&third));
}

#[test]
fn a_broker_that_forgot_the_producer_gets_the_next_epoch() {
    let mut desk = Desk::new();
    let delivery = desk.send(0, "a");
    let left = desk.leave();
    desk.answer(&left[0], Verdict::SequenceLost(refusal(ErrorCode::UnknownProducerId)));
    check(&desk.deliver_all(), &[("a", 1, 0)]);
    assert!(is_delivered(&delivery));
}

#[test]
fn what_may_be_written_under_a_lost_sequence_fails_as_unknown() {
    let mut desk = Desk::new();
    let unknown = desk.send(0, "a");
    let next = desk.send(0, "b");
    let left = desk.leave();
    desk.answer(&left[0], no_answer());
    desk.answer(&left[1], not_leader());
    desk.pause();
    let again = desk.leave();
    desk.answer(&again[0], out_of_order());
    check(&desk.deliver_all(), &[("b", 1, 0)]);
    assert!(matches!(unknown.result(), Some(Err(ClientError::OutcomeUnknown(_)))));
    assert!(is_delivered(&next));
    assert_eq!(desk.accumulator.buffered_size, 0);
}

#[test]
fn a_lost_sequence_of_one_partition_leaves_the_others_as_they_are() {
    let mut desk = Desk::new();
    let other = desk.send(1, "x");
    desk.send(0, "a");
    let left = desk.leave();
    let place = |to: i32| left.iter().find(|it| it.partition == partition(to)).unwrap();
    desk.answer(place(1), no_answer());
    desk.answer(place(0), out_of_order());
    let mut again = desk.deliver_all();
    again.sort_by_key(|parcel| parcel.partition.partition);
    check(&again, &[("a", 1, 0), ("x", 0, 0)]);
    assert!(is_delivered(&other));
    // Both lost theirs at the same epoch: one new epoch serves both.
    desk.send(0, "b");
    desk.send(1, "y");
    desk.send(2, "z");
    let mut later = desk.deliver_all();
    later.sort_by_key(|parcel| parcel.partition.partition);
    check(&later, &[("b", 1, 1), ("y", 0, 1), ("z", 1, 0)]);
}

#[test]
fn when_the_epochs_are_used_up_a_new_id_is_asked_for() {
    let mut desk = Desk::new();
    desk.accumulator.set_identity((id(7), epoch(i16::MAX)));
    desk.send(0, "a");
    let left = desk.leave();
    desk.answer(&left[0], out_of_order());
    desk.pause();
    assert!(desk.leave().is_empty());
    assert!(desk.accumulator.needs_identity());
    desk.accumulator.set_identity((id(8), ProducerEpoch::ZERO));
    assert!(!desk.accumulator.needs_identity());
    let again = desk.leave();
    check(&again, &[("a", 0, 0)]);
    assert_eq!(stamp(&again[0]).id, id(8));
}

#[test]
fn nothing_leaves_before_there_is_an_id() {
    let mut desk = Desk::with(config());
    assert!(!desk.accumulator.needs_identity(), "with nothing to send");
    desk.send(0, "a");
    assert!(desk.accumulator.needs_identity());
    assert!(desk.leave().is_empty());
    desk.accumulator.set_identity(ID);
    check(&desk.leave(), &[("a", 0, 0)]);
}

/// Lets the time of a first batch run out, and gives why it failed.
fn expired(desk: &mut Desk, delivery: &Delivery) -> String {
    desk.pass(desk.accumulator.config.delivery_timeout);
    assert!(!delivery.is_decided());
    desk.leave();
    assert!(desk.accumulator.take_settled_any());
    match delivery.result() {
        Some(Err(ClientError::DeliveryTimedOut { reason, .. })) => reason.to_string(),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn records_that_never_left_in_their_time_fail_and_use_no_number() {
    let mut desk = Desk::new();
    let late = desk.send(0, "a");
    desk.accumulator.set_trouble(Some(refusal(ErrorCode::BrokerNotAvailable)));
    let reason = expired(&mut desk, &late);
    assert!(reason.contains("BROKER_NOT_AVAILABLE"), "{reason}");
    assert!(desk.accumulator.is_settled());
    desk.send(0, "b");
    check(&desk.deliver_all(), &[("b", 0, 0)]);
}

#[test]
fn records_that_were_tried_and_run_out_of_time_say_why_and_begin_an_epoch() {
    let mut desk = Desk::new();
    let late = desk.send(0, "a");
    let left = desk.leave();
    desk.answer(&left[0], not_leader());
    let reason = expired(&mut desk, &late);
    assert!(reason.contains("NOT_LEADER_OR_FOLLOWER"), "{reason}");
    desk.send(0, "b");
    check(&desk.deliver_all(), &[("b", 1, 0)]);
    assert_eq!(desk.accumulator.buffered_size, 0);
}

#[test]
fn records_in_flight_fail_at_their_time_and_not_at_the_answers() {
    let mut desk = Desk::new();
    let late = desk.send(0, "a");
    let left = desk.leave();
    let due = desk.accumulator.next_timeout(desk.now).unwrap();
    assert_eq!(due, desk.now + desk.accumulator.config.delivery_timeout);
    let reason = expired(&mut desk, &late);
    assert!(reason.starts_with("no answer came"), "{reason}");
    assert!(desk.accumulator.is_settled(), "nobody waits for the answer");
    assert_eq!(desk.accumulator.next_timeout(desk.now), None);
    // It was written after all: the next one follows it.
    desk.answer(&left[0], delivered());
    assert!(!is_delivered(&late));
    desk.send(0, "b");
    check(&desk.deliver_all(), &[("b", 0, 1)]);
    assert_eq!(desk.accumulator.buffered_size, 0);
}

#[test]
fn a_batch_whose_time_ran_out_in_flight_is_not_sent_again() {
    let mut desk = Desk::new();
    let late = desk.send(0, "a");
    let left = desk.leave();
    expired(&mut desk, &late);
    desk.answer(&left[0], no_answer());
    desk.send(0, "b");
    check(&desk.deliver_all(), &[("b", 1, 0)]);
    assert_eq!(desk.accumulator.buffered_size, 0);
}

#[test]
fn a_full_buffer_takes_no_record_until_one_is_delivered() {
    let config = ProducerConfig { buffer_size_max: 100, ..config() };
    let mut desk = Desk::with(config);
    desk.accumulator.set_identity(ID);
    desk.send(0, &"x".repeat(80));
    assert_eq!(desk.append(0, &"y".repeat(80)).unwrap_err(), AppendRefused::NoRoom);
    assert_eq!(desk.deliver_all().len(), 1);
    desk.send(0, &"y".repeat(80));
}

#[test]
fn a_record_larger_than_a_request_is_refused() {
    let mut desk = Desk::new();
    let size_max = desk.accumulator.config.request_size_max;
    let refused = desk.append(0, &"x".repeat(size_max)).unwrap_err();
    assert!(matches!(refused, AppendRefused::TooLarge { .. }));
    assert!(desk.accumulator.is_settled());
}

#[test]
fn partitions_take_turns_when_a_request_has_no_room_for_all() {
    let config = ProducerConfig { request_size_max: 300, in_flight_max: 1, ..config() };
    let mut desk = Desk::with(config);
    desk.accumulator.set_identity(ID);
    let mut served: BTreeMap<i32, u32> = BTreeMap::new();
    for _ in 0..30 {
        for to in 0..3 {
            while desk
                .accumulator
                .places
                .get(&partition(to))
                .is_none_or(|place| desk.accumulator.queues[*place].waiting.len() < 2)
            {
                desk.send(to, &"x".repeat(100));
            }
        }
        let mut none = Vec::new();
        let drained = desk.accumulator.drain(desk.now, |_| Some(BROKER), |_| true, &mut none);
        for parcel in &drained[&BROKER] {
            *served.entry(parcel.partition.partition.to_wire()).or_default() += 1;
            desk.answer(parcel, delivered());
        }
    }
    let (least, most) = (served.values().min().unwrap(), served.values().max().unwrap());
    assert_eq!(served.len(), 3);
    assert!(most - least <= 1, "{served:?}");
}
