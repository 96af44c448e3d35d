//! The accumulator against brokers that follow Kafka's rules of sequences, over connections that break: seeds in, every
//! record at most once and in order.

use std::collections::VecDeque;

use model::SeededRandom;

use super::*;

const PARTITION_COUNT: i32 = 3;
const RECORD_COUNT: u64 = 60;
/// A record that begins so is refused for good.
const REFUSED: char = '!';

/// What a broker keeps of one partition.
#[derive(Default)]
struct Log {
    values: Vec<String>,
    /// Epoch and last sequence.
    last: Option<(i16, i32)>,
    /// Sequences of the newest five batches of the epoch.
    recent: VecDeque<i32>,
}

impl Log {
    fn take(&mut self, parcel: &Parcel) -> Verdict {
        let (value, stamp) = (value(parcel), stamp(parcel));
        let (epoch, sequence) = (stamp.epoch.to_wire(), stamp.base_sequence.unwrap().to_wire());
        if value.starts_with(REFUSED) {
            return too_large();
        }
        match self.last {
            Some((known, _)) if epoch < known => {
                return Verdict::SequenceLost(refusal(ErrorCode::InvalidProducerEpoch));
            }
            Some((known, _)) if epoch == known && self.recent.contains(&sequence) => {
                return delivered();
            }
            Some((known, last)) if epoch == known && sequence != last + 1 => return out_of_order(),
            Some((known, _)) if epoch == known => {}
            Some(_) if sequence != 0 => return out_of_order(),
            None if sequence != 0 => {
                return Verdict::SequenceLost(refusal(ErrorCode::UnknownProducerId));
            }
            Some(_) | None => self.recent.clear(),
        }
        self.last = Some((epoch, sequence));
        self.recent.push_back(sequence);
        if self.recent.len() > 5 {
            self.recent.pop_front();
        }
        self.values.push(value);
        delivered()
    }
}

#[derive(Default)]
struct Seen {
    delivered: u64,
    refused: u64,
    unknown: u64,
    late: u64,
    epoch_max: i16,
}

struct Run {
    desk: Desk,
    random: SeededRandom,
    logs: Vec<Log>,
    /// Sent and not read by the broker yet.
    wire: VecDeque<Parcel>,
    answers: VecDeque<(Parcel, Verdict)>,
    deliveries: Vec<(i32, String, Delivery)>,
}

impl Run {
    fn new(seed: u64) -> Self {
        Self {
            desk: Desk::new(),
            random: SeededRandom::new(seed),
            logs: (0..PARTITION_COUNT).map(|_| Log::default()).collect(),
            wire: VecDeque::new(),
            answers: VecDeque::new(),
            deliveries: Vec::new(),
        }
    }

    fn send(&mut self) {
        let to = i32::try_from(self.random.below(3)).unwrap();
        let mark = if self.random.below(20) == 0 { REFUSED.to_string() } else { String::new() };
        let value = format!("{mark}{}", self.deliveries.len());
        let delivery = self.desk.send(to, &value);
        self.deliveries.push((to, value, delivery));
    }

    fn process_one(&mut self) -> Option<(Parcel, Verdict)> {
        let parcel = self.wire.pop_front()?;
        let index = usize::try_from(parcel.partition.partition.to_wire()).unwrap();
        let verdict = self.logs[index].take(&parcel);
        Some((parcel, verdict))
    }

    /// Some of what is on its way is still carried out; nothing of it is answered.
    fn break_connection(&mut self) {
        let mut unanswered: Vec<Parcel> = self.answers.drain(..).map(|(it, _)| it).collect();
        for _ in 0..self.random.below(6) {
            unanswered.extend(self.process_one().map(|(parcel, _)| parcel));
        }
        unanswered.extend(self.wire.drain(..));
        if self.random.below(2) == 0 {
            unanswered.reverse();
        }
        for parcel in &unanswered {
            self.desk.answer(parcel, no_answer());
        }
    }

    fn step(&mut self) {
        match self.random.below(100) {
            0..40 => {
                let left = self.desk.leave();
                self.wire.extend(left);
            }
            40..60 => {
                let processed = self.process_one();
                self.answers.extend(processed);
            }
            60..80 => {
                if let Some((parcel, verdict)) = self.answers.pop_front() {
                    self.desk.answer(&parcel, verdict);
                }
            }
            80..85 => {
                // The leader is elsewhere for a moment.
                for parcel in std::mem::take(&mut self.wire) {
                    self.answers.push_back((parcel, not_leader()));
                }
            }
            85..88 => self.break_connection(),
            88 if self.random.below(8) == 0 => {
                self.desk.pass(self.desk.accumulator.config.delivery_timeout / 2);
            }
            _ => self.desk.pause(),
        }
    }

    /// From now on nothing goes wrong.
    fn finish(&mut self) {
        for _ in 0..10_000 {
            self.desk.pause();
            let left = self.desk.leave();
            self.wire.extend(left);
            while let Some(answer) = self.process_one() {
                self.answers.push_back(answer);
            }
            while let Some((parcel, verdict)) = self.answers.pop_front() {
                self.desk.answer(&parcel, verdict);
            }
            if self.desk.accumulator.is_settled() {
                return;
            }
        }
        unreachable!("records are never settled");
    }

    fn check(&self, seen: &mut Seen) {
        for log in &self.logs {
            let places: Vec<u64> = log.values.iter().map(|value| value.parse().unwrap()).collect();
            assert!(places.is_sorted_by(|a, b| a < b), "doubled or out of order: {places:?}");
            seen.epoch_max = seen.epoch_max.max(log.last.map_or(0, |(epoch, _)| epoch));
        }
        for (to, value, delivery) in &self.deliveries {
            let is_there = self.logs[usize::try_from(*to).unwrap()].values.contains(value);
            match delivery.result() {
                Some(Ok(_)) => {
                    assert!(is_there, "{value} was delivered and is not there");
                    seen.delivered += 1;
                }
                Some(Err(ClientError::Refused(_))) => {
                    assert!(!is_there, "{value} was refused and is there");
                    seen.refused += 1;
                }
                Some(Err(ClientError::OutcomeUnknown(_))) => seen.unknown += 1,
                Some(Err(ClientError::DeliveryTimedOut { .. })) => seen.late += 1,
                other => unreachable!("{value}: {other:?}"),
            }
        }
        assert_eq!(self.desk.accumulator.buffered_size, 0);
    }
}

#[test]
fn whatever_breaks_each_record_is_there_at_most_once_and_in_order() {
    let mut seen = Seen::default();
    for seed in 0..2_000 {
        let mut run = Run::new(seed);
        for _ in 0..RECORD_COUNT {
            run.send();
            for _ in 0..run.random.below(12) {
                run.step();
            }
        }
        run.finish();
        run.check(&mut seen);
    }
    let Seen { delivered, refused, unknown, late, epoch_max } = seen;
    assert!(delivered > 60_000, "{delivered} of 120,000");
    assert!(refused > 0 && unknown > 0 && late > 0 && epoch_max > 1, "a path was never taken");
}
