//! What the page of metrics says of share groups.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use group::GroupId;
use parking_lot::Mutex;
use share::{AcknowledgeType, AcknowledgementBatch};
use telemetry::{Counter, Exposition, Histogram, names};

use super::Shares;

/// Groups that are counted apart; those that come later are not on the page. About 500 bytes each.
const GROUP_COUNT_MAX: usize = 10_000;

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
}

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
            (&names::SHARE_STATE_WRITES, &self.writes),
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

impl GroupCounters {
    /// Acknowledgements of records that were taken.
    pub(super) fn acknowledged(&self, counts: &[u64; TYPES.len()]) {
        for (counter, count) in
            self.acknowledged.iter().zip(counts).filter(|(_, count)| **count > 0)
        {
            counter.add(*count);
        }
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
    pub(crate) fn show(&self, page: &mut Exposition) {
        self.metrics.show(page);
        let groups: Vec<_> = {
            let groups = self.metrics.groups.lock();
            groups.iter().map(|(group, counters)| (group.clone(), Arc::clone(counters))).collect()
        };
        for (group, counters) in groups {
            counters.show(group.as_str(), page);
        }
        let partitions: Vec<_> = self.partitions.lock().values().cloned().collect();
        for shared in partitions {
            let Some(numbers) = shared.numbers() else { continue };
            let partition = shared.key().partition.to_string();
            let labels = [
                ("group", shared.key().group.as_str()),
                ("topic", shared.partition().name().topic.as_str()),
                ("partition", partition.as_str()),
            ];
            page.gauge(&names::SHARE_IN_FLIGHT, &labels, whole(numbers.record_count));
            page.gauge(&names::SHARE_IN_FLIGHT_BATCHES, &labels, whole(numbers.batch_count));
            page.counter(&names::SHARE_LOCK_TIMEOUTS, &labels, numbers.lock_timeout_count);
        }
        let (session_count, partition_count) = {
            let sessions = self.sessions.lock();
            (sessions.len() as u64, sessions.partition_total() as u64)
        };
        page.gauge(&names::SHARE_SESSIONS, &[], whole(session_count));
        page.gauge(&names::SHARE_SESSION_PARTITIONS, &[], whole(partition_count));
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
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
