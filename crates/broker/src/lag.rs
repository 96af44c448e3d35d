//! How far groups are behind: in records, and in time. The time is exact: the age of the first record that is not consumed,
//! as the log has it. It is looked up when somebody asks, and remembered.

mod cache;
mod group_view;

use std::sync::Arc;
use std::time::Duration;

use io::Clock;
use model::{Instant, Offset, Timestamp};
use parking_lot::Mutex;

pub(crate) use self::cache::LagCache;
pub(crate) use self::group_view::{Assigned, GroupView, Row, view};
use crate::Broker;
use crate::partition::{FirstRecord, Partition, ReadError};

/// The cache of the broker.
pub(crate) type Lags = Mutex<LagCache>;

/// How far one group is behind in one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PartitionLag {
    pub(crate) log_start: Offset,
    /// The high watermark: consumers see no more.
    pub(crate) log_end: Offset,
    pub(crate) records: i64,
    pub(crate) unread: Unread,
}

/// The first record that is not consumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// All is consumed.
    Nothing,
    At(FirstRecord),
    /// It was not looked for, or cannot be read.
    Unknown,
}

impl Unread {
    /// Milliseconds from the record's timestamp to now; `None` when that is not known. A timestamp in the future is no lag.
    pub(crate) fn age_ms(self, now: Timestamp) -> Option<i64> {
        match self {
            Self::Nothing => Some(0),
            Self::At(record) => {
                Some(now.as_millis().saturating_sub(record.timestamp?.as_millis()).max(0))
            }
            Self::Unknown => None,
        }
    }
}

/// What may still be looked up in logs for one answer.
pub(crate) struct Budget {
    clock: Arc<dyn Clock>,
    lookups: usize,
    until: Instant,
    /// Something was left out.
    pub(crate) exhausted: bool,
}

impl Budget {
    pub(crate) fn new(clock: &Arc<dyn Clock>, lookups: usize, time: Duration) -> Self {
        let until = clock.now().plus(time);
        Self { clock: Arc::clone(clock), lookups, until, exhausted: false }
    }

    fn take(&mut self) -> bool {
        let allowed = self.lookups > 0 && self.clock.now() < self.until;
        if allowed {
            self.lookups -= 1;
        }
        self.exhausted |= !allowed;
        allowed
    }
}

impl Broker {
    /// How many records, without a look into the log. `None` once the partition's topic is gone.
    pub(crate) fn records_behind(partition: &Partition, committed: Offset) -> Option<i64> {
        let high_watermark = partition.lock().replica_log()?.high_watermark();
        Some(records_between(committed, high_watermark))
    }

    /// Blocks when the log has to be read. `None` once the partition's topic is gone.
    pub(crate) fn lag_of(
        &self,
        partition: &Partition,
        committed: Offset,
        budget: &mut Budget,
    ) -> Option<PartitionLag> {
        let (log_start, log_end, changes) = {
            let state = partition.lock();
            let replica = state.replica_log()?;
            (replica.log_start(), replica.high_watermark(), state.log().changes())
        };
        // What retention has taken is not there to be consumed any more.
        let from = committed.max(log_start);
        let mut lag = PartitionLag { log_start, log_end, records: 0, unread: Unread::Nothing };
        lag.records = records_between(committed, log_end);
        if from >= log_end {
            return Some(lag);
        }
        let key = (partition.id(), from);
        let known = self.lags().lock().get(key, changes);
        lag.unread = match known {
            Some(record) => Unread::At(record),
            None if !budget.take() => Unread::Unknown,
            None => match partition.first_record(from) {
                Ok(Some(record)) => {
                    self.lags().lock().put(key, changes, record);
                    Unread::At(record)
                }
                // Only markers are left.
                Ok(None) => Unread::Nothing,
                Err(ReadError::Storage(error)) => {
                    self.read_error(partition, &error);
                    Unread::Unknown
                }
                // Its leadership or its start moved meanwhile.
                Err(ReadError::Partition(_) | ReadError::Refused(_)) => Unread::Unknown,
            },
        };
        Some(lag)
    }
}

/// A commit may name what was not written yet.
fn records_between(committed: Offset, log_end: Offset) -> i64 {
    log_end.to_wire().saturating_sub(committed.to_wire()).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_is_that_of_the_record_and_never_negative() {
        let at = |millis| Timestamp::from_millis(millis);
        let record = |timestamp| Unread::At(FirstRecord { offset: Offset::ZERO, timestamp });
        let now = at(1_000).unwrap();
        assert_eq!(record(at(400)).age_ms(now), Some(600));
        assert_eq!(record(at(1_400)).age_ms(now), Some(0));
        assert_eq!(record(None).age_ms(now), None);
        assert_eq!(Unread::Nothing.age_ms(now), Some(0));
        assert_eq!(Unread::Unknown.age_ms(now), None);
    }
}
