//! Histories made from seeds: members fetch in both modes, say everything that can be said of records, close and open
//! sessions. Every answer is compared, then where the group stands and what is written down of it.

use std::collections::{BTreeMap, BTreeSet};

use model::SeededRandom;
use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::{ShareFetchRequest, ShareFetchResponse};

use super::requests::{
    Said, acknowledge, batch, describe_offsets, fetch, news, produce, set, settle, without_start,
};
use super::state;
use crate::topics::prepare;

/// How many histories; each has about a hundred requests.
const COUNT: u64 = 12;
const STEP_COUNT: usize = 60;
const MEMBERS: &[&str] = &["a", "b", "c"];

pub(super) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    let seed = std::env::var("COMPARE_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = seed.map_or(0..COUNT, |seed: u64| seed..seed + 1);
    for seed in seeds {
        History::begin(c, seed)?.run(c)?;
    }
    Ok(())
}

/// Who renews locks may want nothing else.
fn wanting(is_renew_ack: bool, request: ShareFetchRequest) -> ShareFetchRequest {
    if !is_renew_ack {
        return request;
    }
    let (max_wait_ms, min_bytes, max_bytes, max_records) = (0, 0, 0, 0);
    ShareFetchRequest { is_renew_ack, max_wait_ms, min_bytes, max_bytes, max_records, ..request }
}

struct History {
    seed: u64,
    random: SeededRandom,
    name: String,
    /// Of each member's session: the next epoch.
    sessions: BTreeMap<&'static str, i32>,
    /// What each member holds, as far as it knows.
    held: BTreeMap<&'static str, BTreeSet<i64>>,
    produced: usize,
    step: usize,
    kafka_failed: bool,
}

impl History {
    fn begin(c: &mut Comparison, seed: u64) -> Result<Self, Failed> {
        let mut random = SeededRandom::new(seed);
        let name = format!("history-{seed}");
        prepare(c, &name, 1, &[])?;
        let renews = if random.one_in(4) { "false" } else { "true" };
        set(
            c,
            &name,
            &[
                ("share.auto.offset.reset", "earliest"),
                // With more, Apache Kafka hands out records that failed often in other portions.
                ("share.delivery.count.limit", "2"),
                // No lock ends while it goes on: that would be seen at other moments. See `fetching::locks`.
                ("share.record.lock.duration.ms", "60000"),
                ("share.renew.acknowledge.enable", renews),
                ("share.partition.max.record.locks", "100"),
            ],
        )?;
        settle(c, &name, "a", &[&name], 1)?;
        let (sessions, held) = (BTreeMap::new(), BTreeMap::new());
        let mut history =
            Self { seed, random, name, sessions, held, produced: 0, step: 0, kafka_failed: false };
        for _ in 0..3 {
            history.produce(c)?;
        }
        Ok(history)
    }

    fn run(mut self, c: &mut Comparison) -> Result<(), Failed> {
        let before = c.difference_count();
        for step in 0..STEP_COUNT {
            self.step = step;
            if self.go_on(c)? {
                c.excuse(before);
                return Ok(());
            }
            // What follows a difference differs by it.
            if c.difference_count() > before {
                return Ok(());
            }
        }
        for v in 0..=1 {
            let ask = |_: &mut Side| describe_offsets(&self.name, None);
            c.case_tidied(&self.words("described"), v, ask, without_start)?;
        }
        state::compare_group(c, &self.name)
    }

    fn words(&self, what: &str) -> String {
        format!("history {} step {}: {what}", self.seed, self.step)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.random.below(bound as u64)).expect("small")
    }

    fn produce(&mut self, c: &mut Comparison) -> Result<(), Failed> {
        let count = 1 + self.below(8);
        let records = batch(self.produced, count);
        self.produced += count;
        c.case(&self.words("produce"), 7, |_| produce(&self.name, 0, records.clone()))?;
        Ok(())
    }

    /// Whether Apache Kafka failed within, as it says by code -1: then there is nothing to compare with.
    fn go_on(&mut self, c: &mut Comparison) -> Result<bool, Failed> {
        let member = MEMBERS[self.below(MEMBERS.len())];
        self.kafka_failed = false;
        self.act(c, member)?;
        Ok(self.kafka_failed)
    }

    fn act(&mut self, c: &mut Comparison, member: &'static str) -> Result<(), Failed> {
        match self.below(20) {
            0 => self.produce(c),
            2 => self.close(c, member),
            3 => self.wrong_epoch(c, member),
            4..=9 => {
                let said = self.decide(member);
                self.acknowledge(c, member, &said)
            }
            10..=13 if self.sessions.contains_key(member) => {
                let mut said = self.decide(member);
                // What is released along with a fetch is there for this fetch, or for the next one.
                for kind in said.iter_mut().flat_map(|(_, _, types)| types) {
                    *kind = if *kind == 2 { 1 } else { *kind };
                }
                self.fetch(c, member, &said)
            }
            _ => self.fetch(c, member, &[]),
        }
    }

    fn fetch(
        &mut self,
        c: &mut Comparison,
        member: &'static str,
        said: &[Said],
    ) -> Result<(), Failed> {
        let epoch = self.sessions.get(member).copied().unwrap_or(0);
        let mode = i8::from(self.random.one_in(2));
        // Batches that are kept whole are of another cut: with few records wanted the two give different ones.
        let max_records = if mode == 0 { 500 } else { 1 + self.below(12) };
        let batch_size = 1 + self.below(12);
        let size = |size: usize| i32::try_from(size).expect("small");
        let is_renew_ack = said.iter().any(|(_, _, types)| types.contains(&4));
        let words = format!(
            "{member} fetches {max_records}/{batch_size} mode {mode} epoch {epoch} says {said:?}"
        );
        let words = self.words(&words);
        let build = |side: &mut Side| ShareFetchRequest {
            share_acquire_mode: mode,
            max_records: if is_renew_ack { 0 } else { size(max_records) },
            batch_size: size(batch_size),
            ..wanting(
                is_renew_ack,
                fetch(&self.name, member, epoch, side.topic_id(&self.name), said),
            )
        };
        let (answer, _) = c.case_tidied(&words, 2, build, news)?;
        let Some(answer) = answer.filter(|answer| answer.error_code == 0) else { return Ok(()) };
        self.sessions.insert(member, epoch + 1);
        let done = answer.responses.iter().flat_map(|topic| &topic.partitions);
        let is_done = done.clone().all(|partition| partition.acknowledge_error_code == 0);
        if is_done {
            self.forget(member, said);
        }
        self.note(member, &answer);
        Ok(())
    }

    fn note(&mut self, member: &'static str, answer: &ShareFetchResponse) {
        for partition in answer.responses.iter().flat_map(|topic| &topic.partitions) {
            for acquired in &partition.acquired_records {
                let held = self.held.entry(member).or_default();
                held.extend(acquired.first_offset..=acquired.last_offset);
            }
        }
    }

    fn acknowledge(
        &mut self,
        c: &mut Comparison,
        member: &'static str,
        said: &[Said],
    ) -> Result<(), Failed> {
        let epoch = self.sessions.get(member).copied().unwrap_or(1);
        let words = self.words(&format!("{member} acknowledges {said:?} epoch {epoch}"));
        let (answer, _) = c.case(&words, 2, |side| {
            acknowledge(&self.name, member, epoch, side.topic_id(&self.name), said)
        })?;
        self.kafka_failed |= answer.as_ref().is_some_and(|answer| answer.error_code == -1);
        let Some(answer) = answer.filter(|answer| answer.error_code == 0) else { return Ok(()) };
        self.sessions.insert(member, epoch + 1);
        let mut done = answer.responses.iter().flat_map(|topic| &topic.partitions);
        if done.all(|partition| partition.error_code == 0) {
            self.forget(member, said);
        }
        Ok(())
    }

    /// By a fetch or an acknowledgement, with something said or nothing.
    fn close(&mut self, c: &mut Comparison, member: &'static str) -> Result<(), Failed> {
        let said = if self.random.one_in(2) { self.decide(member) } else { Vec::new() };
        let words = self.words(&format!("{member} closes, says {said:?}"));
        if self.random.one_in(2) {
            let is_renew_ack = said.iter().any(|(_, _, types)| types.contains(&4));
            c.case(&words, 2, |side| {
                wanting(
                    is_renew_ack,
                    fetch(&self.name, member, -1, side.topic_id(&self.name), &said),
                )
            })?;
        } else {
            c.case(&words, 2, |side| {
                acknowledge(&self.name, member, -1, side.topic_id(&self.name), &said)
            })?;
        }
        self.sessions.remove(member);
        self.held.remove(member);
        Ok(())
    }

    fn wrong_epoch(&mut self, c: &mut Comparison, member: &'static str) -> Result<(), Failed> {
        let epoch = self.sessions.get(member).copied().unwrap_or(0) + 2;
        let words = self.words(&format!("{member} fetches in epoch {epoch}"));
        c.case(&words, 2, |side| fetch(&self.name, member, epoch, side.topic_id(&self.name), &[]))?;
        Ok(())
    }

    fn forget(&mut self, member: &'static str, said: &[Said]) {
        let held = self.held.entry(member).or_default();
        for (first, last, types) in said {
            for (place, offset) in (*first..=*last).enumerate() {
                let kind = types.get(place).or_else(|| types.first()).copied().unwrap_or(0);
                if kind != 4 {
                    held.remove(&offset);
                }
            }
        }
    }

    /// About records that the member holds, most of the time; in rows, in order.
    fn decide(&mut self, member: &'static str) -> Vec<Said> {
        if self.random.one_in(12) {
            let first = i64::try_from(self.below(self.produced + 4)).expect("small");
            let last = first + i64::try_from(self.below(4)).expect("small");
            return vec![(first, last, vec![1])];
        }
        let held: Vec<i64> = self.held.get(member).into_iter().flatten().copied().collect();
        let mut said: Vec<Said> = Vec::new();
        let renews = self.random.one_in(8);
        for row in held.chunk_by(|one, next| one + 1 == *next) {
            let mut row = row;
            while !row.is_empty() {
                let (now, rest) = row.split_at(1 + self.below(row.len()));
                row = rest;
                if self.random.one_in(3) {
                    continue;
                }
                let kind =
                    |random: &mut SeededRandom| match random.below(if renews { 6 } else { 5 }) {
                        0 | 1 => 1,
                        2 => 2,
                        3 => 3,
                        4 => 0,
                        _ => 4,
                    };
                let each = self.random.one_in(3);
                let count = if each { now.len() } else { 1 };
                let types = (0..count).map(|_| kind(&mut self.random)).collect();
                said.push((now[0], now[now.len() - 1], types));
            }
        }
        said
    }
}
