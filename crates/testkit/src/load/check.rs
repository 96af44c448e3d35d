//! What was found after a crash against what had been promised before it.

use std::collections::BTreeMap;
use std::fmt;

use super::admin::Start;
use super::found::{Found, Served};
use super::stream::Stream;
use super::value::RecordId;

/// Sums of one or more crashes.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Records whose success was told to a producer.
    pub acknowledged: u64,
    /// Records without an answer when the broker went.
    pub in_doubt: u64,
    /// Of these, there afterwards.
    pub in_doubt_found: u64,
    /// Records that were read back after a crash for the first time.
    pub found: u64,
    /// Commits of offsets that were acknowledged.
    pub commits: u64,
    /// Deletions that were acknowledged.
    pub record_deletions: u64,
    pub topic_deletions: u64,
    /// Segments of the topics' logs beyond the first of each partition.
    pub rolled_segments: u64,
    /// Acknowledged records that are gone, of topics whose acknowledgement promises the disk.
    pub lost: u64,
    /// The same of topics whose acknowledgement does not. No anomaly after a power cut.
    pub lost_unpromised: u64,
    /// Records that a consumer was given, and that are gone or others now.
    pub vanished: u64,
    pub doubled: u64,
    /// Records that miss one before them, or are not in the order in which they were sent.
    pub disordered: u64,
    /// Records that nobody sent.
    pub foreign: u64,
    /// Everything else, in words: offsets of groups, deleted records and topics, producers that are not known any more.
    pub wrong: Vec<String>,
}

impl Tally {
    pub fn anomalies(&self) -> u64 {
        let counted = self.lost + self.vanished + self.doubled + self.disordered + self.foreign;
        counted + self.wrong.len() as u64
    }

    pub fn add(&mut self, other: &Self) {
        self.acknowledged += other.acknowledged;
        self.in_doubt += other.in_doubt;
        self.in_doubt_found += other.in_doubt_found;
        self.found += other.found;
        self.commits += other.commits;
        self.record_deletions += other.record_deletions;
        self.topic_deletions += other.topic_deletions;
        self.rolled_segments += other.rolled_segments;
        self.lost += other.lost;
        self.lost_unpromised += other.lost_unpromised;
        self.vanished += other.vanished;
        self.doubled += other.doubled;
        self.disordered += other.disordered;
        self.foreign += other.foreign;
        self.wrong.extend(other.wrong.iter().cloned());
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "acknowledged {}, in doubt {} ({} there), found {}, commits {}, deletions {} of records and {} of \
             topics, rolled segments {}; lost {}, vanished {}, doubled {}, disordered {}, foreign {}, other {}; \
             lost without a promise {}",
            self.acknowledged,
            self.in_doubt,
            self.in_doubt_found,
            self.found,
            self.commits,
            self.record_deletions,
            self.topic_deletions,
            self.rolled_segments,
            self.lost,
            self.vanished,
            self.doubled,
            self.disordered,
            self.foreign,
            self.wrong.len(),
            self.lost_unpromised,
        )
    }
}

/// One partition, as it is known and as it was found.
pub(super) struct Partition<'a> {
    pub(super) name: String,
    /// The producers' streams of this partition.
    pub(super) streams: Vec<&'a mut Stream>,
    pub(super) start: Start,
    /// What consumers were given before.
    pub(super) served: &'a [Served],
    /// Where the log ended when it was read last.
    pub(super) end_before: i64,
    /// Whether what was acknowledged must be there.
    pub(super) promised: bool,
}

impl Partition<'_> {
    pub(super) fn check(&mut self, found: &Found, tally: &mut Tally) {
        let name = self.name.clone();
        let Start { at_least, at_most } = self.start;
        if found.log_start < at_least || found.log_start > at_most {
            let start = found.log_start;
            tally.wrong.push(format!("{name} begins at {start}, not at {at_least} to {at_most}"));
        }
        for (index, (offset, _)) in found.records.iter().enumerate() {
            let expected = found.log_start + i64::try_from(index).unwrap_or(0);
            if *offset != expected {
                tally.wrong.push(format!("{name}: offset {offset} where {expected} is next"));
                break;
            }
        }
        tally.found += found.records.iter().filter(|(at, _)| *at >= self.end_before).count() as u64;
        let seen = self.check_order(found, tally);
        self.check_served(found, tally);
        for stream in &mut self.streams {
            let lost = check_acknowledged(stream, found, &seen);
            if lost > 0 && self.promised {
                tally.lost += lost;
                tally.wrong.push(format!(
                    "{name}: {lost} acknowledged records of producer {} are gone; the log is {} to {}",
                    stream.number, found.log_start, found.end
                ));
            } else {
                tally.lost_unpromised += lost;
            }
            let there = stream.open.iter().filter(|batch| {
                let id = (stream.number, stream.life);
                seen.get(&id).is_some_and(|next| batch.first < *next)
            });
            tally.in_doubt_found += there.map(|batch| u64::from(batch.count)).sum::<u64>();
        }
    }

    /// Each stream's records come once and in order; gives the number after the last of each.
    fn check_order(&self, found: &Found, tally: &mut Tally) -> BTreeMap<(u32, u32), u32> {
        let sent: BTreeMap<(u32, u32), u32> = self
            .streams
            .iter()
            .flat_map(|stream| {
                (0_u32..).zip(&stream.sent).map(|(life, sent)| ((stream.number, life), *sent))
            })
            .collect();
        let mut next: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        for (_, id) in &found.records {
            let known = id
                .filter(|id| sent.get(&(id.stream, id.life)).is_some_and(|sent| id.number < *sent));
            let Some(RecordId { stream, life, number }) = known else {
                tally.foreign += 1;
                continue;
            };
            // A log whose start has moved may begin anywhere.
            let begin = if found.log_start > 0 { number } else { 0 };
            let expected = *next.get(&(stream, life)).unwrap_or(&begin);
            if number < expected {
                tally.doubled += 1;
                continue;
            }
            tally.disordered += u64::from(number > expected);
            next.insert((stream, life), number + 1);
        }
        next
    }

    fn check_served(&self, found: &Found, tally: &mut Tally) {
        for (offset, id) in self.served.iter().filter(|(offset, _)| *offset >= found.log_start) {
            let now = record_at(found, *offset);
            let lost = now != Some(*id);
            // Beyond the end there is no other record in its place.
            if lost && (self.promised || now.is_some()) {
                tally.vanished += 1;
            }
        }
    }
}

fn record_at(found: &Found, offset: i64) -> Option<Option<RecordId>> {
    let index = usize::try_from(offset - found.log_start).ok()?;
    found.records.get(index).map(|(_, id)| *id)
}

/// How many acknowledged records are not in their place; forgets them, so that they are counted once.
fn check_acknowledged(stream: &mut Stream, found: &Found, seen: &BTreeMap<(u32, u32), u32>) -> u64 {
    let (number, mut lost) = (stream.number, 0);
    stream.acknowledged.retain(|batch| {
        let there = |index: u32| {
            let id = RecordId { stream: number, life: batch.life, number: batch.first + index };
            match batch.offset.map(|offset| offset + i64::from(index)) {
                Some(offset) if offset < found.log_start => true,
                Some(offset) => record_at(found, offset) == Some(Some(id)),
                None => seen.get(&(number, batch.life)).is_some_and(|next| id.number < *next),
            }
        };
        let missing = (0..batch.count).filter(|index| !there(*index)).count() as u64;
        lost += missing;
        missing == 0
    });
    lost
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::plan::BatchSize;
    use crate::load::stream::Acknowledged;

    fn id(number: u32) -> RecordId {
        RecordId { stream: 1, life: 0, number }
    }

    /// A log of these records of a producer that sent ten and knows of the first four.
    fn tally_of(numbers: &[u32], promised: bool) -> Tally {
        let mut stream = Stream::new(1, 0, 0, BatchSize::Small);
        stream.sent = vec![10];
        let first = Acknowledged { life: 0, first: 0, count: 4, offset: Some(0) };
        stream.acknowledged = vec![first];
        let served: Vec<Served> = (0..3).map(|at| (i64::from(at), Some(id(at)))).collect();
        let records: Vec<Served> =
            (0..).zip(numbers.iter().map(|number| Some(id(*number)))).collect();
        let end = i64::try_from(records.len()).expect("few");
        let mut partition = Partition {
            name: "topic-0".into(),
            streams: vec![&mut stream],
            start: Start::default(),
            served: &served,
            end_before: 0,
            promised,
        };
        let mut tally = Tally::default();
        partition.check(&Found { log_start: 0, end, records }, &mut tally);
        tally
    }

    #[test]
    fn all_that_was_promised_is_no_anomaly() {
        assert_eq!(tally_of(&[0, 1, 2, 3], true).anomalies(), 0);
        assert_eq!(tally_of(&[0, 1, 2, 3, 4, 5], true).anomalies(), 0);
    }

    #[test]
    fn lost_doubled_disordered_and_foreign_records_are_seen() {
        assert_eq!(tally_of(&[0, 1, 2], true).lost, 1);
        assert_eq!(tally_of(&[0, 1], true).vanished, 1);
        assert_eq!(tally_of(&[0, 1, 2, 3, 3], true).doubled, 1);
        assert_eq!(tally_of(&[0, 1, 2, 3, 5], true).disordered, 1);
        assert_eq!(tally_of(&[0, 1, 2, 3, 10], true).foreign, 1);
    }

    #[test]
    fn what_was_not_promised_may_miss_its_end_and_nothing_else() {
        let tally = tally_of(&[0, 1], false);
        assert_eq!((tally.lost_unpromised, tally.anomalies()), (2, 0));
        assert!(tally_of(&[0, 1, 3], false).anomalies() > 0);
    }
}
