//! What the page of metrics says of share groups.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use group::GroupId;
use parking_lot::Mutex;
use share::{AcknowledgeType, AcknowledgementBatch, AcquiredRecords};
use telemetry::{CoarseHistogram, Counter, Exposition, Histogram, names};

use super::partition::Numbers;
use super::{SharedPartition, Shares};
use crate::shown_groups::{Candidate, choose};

/// Groups that are counted apart; those that come later are not on the page. About 700 bytes each.
const GROUP_COUNT_MAX: usize = 10_000;

/// Times in microseconds: those above half a minute count as one.
const TIME_POWERS: usize = 26;
/// Counts of records: those above 32,767 count as one.
const COUNT_POWERS: usize = 17;
/// Percents.
const PERCENT_POWERS: usize = 8;

const TYPES: [(AcknowledgeType, &str); 5] = [
    (AcknowledgeType::Gap, "GAP"),
    (AcknowledgeType::Accept, "ACCEPT"),
    (AcknowledgeType::Release, "RELEASE"),
    (AcknowledgeType::Reject, "REJECT"),
    (AcknowledgeType::Renew, "RENEW"),
];

#[derive(Default)]
pub(crate) struct ShareMetrics {
    groups: Mutex<BTreeMap<GroupId, Arc<GroupCounters>>>,
    pub(crate) fetches: Counter,
    pub(crate) failed_fetches: Counter,
    pub(crate) acknowledgements: Counter,
    pub(crate) failed_acknowledgements: Counter,
    pub(super) expired_fetches: Counter,
    pub(super) lost_states: Counter,
    /// Microseconds, as all times here.
    load_times: Histogram,
    write_times: Histogram,
    writes: Counter,
}

/// What one group has come to since the start.
#[derive(Default)]
pub(crate) struct GroupCounters {
    /// In the order of [`TYPES`].
    acknowledged: [Counter; TYPES.len()],
    pub(super) dead_letters: Counter,
    pub(super) dead_letter_requests: Counter,
    pub(super) failed_dead_letter_requests: Counter,
    acquire_times: CoarseHistogram<TIME_POWERS>,
    fetch_ratios: CoarseHistogram<PERCENT_POWERS>,
}

/// How a share-partition has been read since it is in use.
#[derive(Default)]
pub(super) struct Spreads {
    batch_sizes: CoarseHistogram<COUNT_POWERS>,
    lock_times: CoarseHistogram<TIME_POWERS>,
    lock_ratios: CoarseHistogram<PERCENT_POWERS>,
}

const _: () = assert!(size_of::<Spreads>() <= 256, "there is one for each share-partition in use");

impl ShareMetrics {
    pub(crate) fn group(&self, group: &GroupId) -> Arc<GroupCounters> {
        let groups = &mut *self.groups.lock();
        if let Some(known) = groups.get(group) {
            return Arc::clone(known);
        }
        let new = Arc::<GroupCounters>::default();
        if groups.len() < GROUP_COUNT_MAX {
            groups.insert(group.clone(), Arc::clone(&new));
        }
        new
    }

    pub(super) fn loaded(&self, took: Duration) {
        self.load_times.record(micros(took));
    }

    /// The state of a share-partition was written.
    pub(super) fn wrote(&self, took: Duration) {
        self.writes.add(1);
        self.write_times.record(micros(took));
    }

    fn show(&self, page: &mut Exposition) {
        let counters = [
            (&names::SHARE_FETCH_REQUESTS, &self.fetches),
            (&names::FAILED_SHARE_FETCH_REQUESTS, &self.failed_fetches),
            (&names::SHARE_ACKNOWLEDGEMENT_REQUESTS, &self.acknowledgements),
            (&names::FAILED_SHARE_ACKNOWLEDGEMENTS, &self.failed_acknowledgements),
            (&names::SHARE_FETCH_EXPIRES, &self.expired_fetches),
            (&names::SHARE_STATE_WRITES, &self.writes),
            (&names::SHARE_LOST_STATES, &self.lost_states),
        ];
        for (metric, counter) in counters {
            page.counter(metric, &[], counter.value());
        }
        page.times(&names::SHARE_LOAD_TIME, &[], &self.load_times);
        page.times(&names::SHARE_STATE_WRITE_TIME, &[], &self.write_times);
    }

    /// The group was deleted.
    pub(crate) fn forget(&self, group: &GroupId) {
        self.groups.lock().remove(group);
    }
}

/// What the page has of one group.
#[derive(Default)]
struct OfGroup {
    counters: Option<Arc<GroupCounters>>,
    /// Those in use.
    partitions: Vec<(Arc<SharedPartition>, Numbers)>,
}

impl OfGroup {
    fn show(&self, group: &str, page: &mut Exposition) {
        if let Some(counters) = &self.counters {
            counters.show(group, page);
        }
        for (shared, numbers) in &self.partitions {
            let partition = shared.key().partition.to_string();
            let labels = [
                ("group", group),
                ("topic", shared.partition().name().topic.as_str()),
                ("partition", partition.as_str()),
            ];
            page.gauge(&names::SHARE_IN_FLIGHT, &labels, whole(numbers.record_count));
            page.gauge(&names::SHARE_IN_FLIGHT_BATCHES, &labels, whole(numbers.batch_count));
            page.counter(&names::SHARE_LOCK_TIMEOUTS, &labels, numbers.lock_timeout_count);
            shared.spreads().show(&labels, page);
        }
    }
}

impl GroupCounters {
    /// Acknowledgements of records that were taken.
    pub(super) fn acknowledged(&self, counts: &[u64; TYPES.len()]) {
        for (counter, count) in
            self.acknowledged.iter().zip(counts).filter(|(_, count)| **count > 0)
        {
            counter.add(*count);
        }
    }

    /// A fetch that began so long ago may read so many of the partitions that it wants.
    pub(super) fn may_read(&self, waited: Duration, count: usize, wanted: usize) {
        self.acquire_times.record(micros(waited));
        self.fetch_ratios.record(percent(count as u64, wanted as u64));
    }

    fn show(&self, group: &str, page: &mut Exposition) {
        for (counter, (_, word)) in self.acknowledged.iter().zip(TYPES) {
            if counter.value() > 0 {
                let labels = [("group", group), ("ackType", word)];
                page.counter(&names::SHARE_ACKNOWLEDGEMENTS, &labels, counter.value());
            }
        }
        let labels = [("group", group)];
        page.counter(&names::DEAD_LETTERS, &labels, self.dead_letters.value());
        page.counter(&names::DEAD_LETTER_REQUESTS, &labels, self.dead_letter_requests.value());
        let failed = self.failed_dead_letter_requests.value();
        page.counter(&names::FAILED_DEAD_LETTER_REQUESTS, &labels, failed);
        page.coarse_times(&names::SHARE_ACQUIRE_TIME, &labels, &self.acquire_times);
        page.coarse_numbers(&names::SHARE_FETCH_RATIO, &labels, &self.fetch_ratios);
    }
}

impl Spreads {
    /// A fetch has let go of what it kept others from for so long, after nobody had done so for `idle`.
    pub(super) fn let_go(&self, held: Duration, idle: Duration) {
        let (held, idle) = (micros(held), micros(idle));
        self.lock_times.record(held);
        self.lock_ratios.record(percent(held, held.saturating_add(idle)));
    }

    /// Of these, those that were never in flight before came into flight.
    pub(super) fn acquired(&self, records: &[AcquiredRecords]) {
        for records in records.iter().filter(|records| records.delivery_count == 1) {
            self.batch_sizes.record(records.range.count());
        }
    }

    fn show(&self, labels: &[(&str, &str)], page: &mut Exposition) {
        page.coarse_numbers(&names::SHARE_IN_FLIGHT_BATCH_SIZE, labels, &self.batch_sizes);
        page.coarse_times(&names::SHARE_FETCH_LOCK_TIME, labels, &self.lock_times);
        page.coarse_numbers(&names::SHARE_FETCH_LOCK_RATIO, labels, &self.lock_ratios);
    }
}

/// Records by what is said of them, in the order of [`TYPES`].
pub(super) fn counts(batches: &[AcknowledgementBatch]) -> [u64; TYPES.len()] {
    let mut counts = [0; TYPES.len()];
    let mut add = |kind: AcknowledgeType, count: u64| {
        let place = TYPES.iter().position(|(other, _)| *other == kind);
        if let Some(counted) = place.and_then(|place| counts.get_mut(place)) {
            *counted += count;
        }
    };
    for batch in batches {
        match batch.types.as_slice() {
            [one] => add(*one, batch.range.count()),
            each => each.iter().for_each(|kind| add(*kind, 1)),
        }
    }
    counts
}

impl Shares {
    /// Of groups: those with most records in flight, as far as `partition_count_max` goes.
    pub(crate) fn show(&self, partition_count_max: usize, page: &mut Exposition) {
        self.metrics.show(page);
        let mut groups: BTreeMap<GroupId, OfGroup> = BTreeMap::new();
        for (group, counters) in self.metrics.groups.lock().iter() {
            groups.entry(group.clone()).or_default().counters = Some(Arc::clone(counters));
        }
        let partitions: Vec<_> = self.partitions.lock().values().cloned().collect();
        for shared in partitions {
            let Some(numbers) = shared.numbers() else { continue };
            let group = groups.entry(shared.key().group.clone()).or_default();
            group.partitions.push((shared, numbers));
        }
        let candidate = |(id, group): (GroupId, OfGroup)| {
            let in_flight = group.partitions.iter().map(|(_, numbers)| numbers.record_count).sum();
            let (name, partition_count) = (id.as_str().to_owned(), group.partitions.len());
            Candidate { behind: whole(in_flight), partition_count, name, group: (id, group) }
        };
        let candidates = groups.into_iter().map(candidate).collect();
        let (shown, left_out) = choose(candidates, partition_count_max);
        for (id, group) in shown {
            group.show(id.as_str(), page);
        }
        left_out.show("share", page);
        let (session_count, partition_count) = {
            let sessions = self.sessions.lock();
            (sessions.len() as u64, sessions.partition_total() as u64)
        };
        page.gauge(&names::SHARE_SESSIONS, &[], whole(session_count));
        page.gauge(&names::SHARE_SESSION_PARTITIONS, &[], whole(partition_count));
        let damaged = self.coordinator.damaged_count() as u64;
        page.gauge(&names::SHARE_STATE_DAMAGE, &[], whole(damaged));
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// All of nothing is all.
fn percent(part: u64, whole: u64) -> u64 {
    part.saturating_mul(100).checked_div(whole).unwrap_or(100)
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use model::Offset;
    use share::OffsetRange;

    use super::*;

    #[test]
    fn a_fetch_that_holds_a_share_partition_half_the_time_is_seen() {
        let (spreads, mut page) = (Spreads::default(), Exposition::default());
        let labels = [("group", "g")];
        spreads.show(&labels, &mut page);
        assert_eq!(page.render(), "", "nothing is said of what nobody reads");
        let time = Duration::from_millis;
        spreads.let_go(time(8), time(8));
        spreads.let_go(time(0), time(0));
        spreads.show(&labels, &mut page);
        let page = page.render();
        for line in [
            "fetchlocktimems_sum{group=\"g\"} 8\n",
            "fetchlockratio_sum{group=\"g\"} 150\n",
            "fetchlockratio_count{group=\"g\"} 2\n",
        ] {
            assert!(page.contains(line), "{line}: {page}");
        }
    }

    #[test]
    fn only_what_comes_into_flight_is_a_new_batch() {
        let (spreads, mut page) = (Spreads::default(), Exposition::default());
        let rows = [(0, 9, 1), (10, 12, 2), (13, 13, 1)];
        let row = |(first, last, delivery_count)| {
            let offset = |raw| Offset::from_wire(raw).unwrap();
            let range = OffsetRange::new(offset(first), offset(last)).unwrap();
            AcquiredRecords { range, delivery_count }
        };
        spreads.acquired(&rows.map(row));
        spreads.show(&[], &mut page);
        let page = page.render();
        assert!(page.contains("inflightbatchmessagecount_sum 11\n"), "{page}");
        assert!(page.contains("inflightbatchmessagecount_count 2\n"), "{page}");
    }

    #[test]
    fn acknowledgements_are_counted_by_record() {
        let range = |first, last| {
            let offset = |raw| Offset::from_wire(raw).unwrap();
            OffsetRange::new(offset(first), offset(last)).unwrap()
        };
        use AcknowledgeType::{Accept, Gap, Reject};
        let batches = [
            AcknowledgementBatch { range: range(0, 9), types: vec![Accept] },
            AcknowledgementBatch { range: range(10, 12), types: vec![Gap, Accept, Reject] },
        ];
        assert_eq!(counts(&batches), [1, 11, 0, 1, 0]);
    }
}
