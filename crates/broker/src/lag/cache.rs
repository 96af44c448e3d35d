use std::collections::BTreeMap;

use model::{Offset, PartitionId};

use crate::limits;
use crate::partition::FirstRecord;

/// The partition, and from which offset on a record is looked for.
type Key = (PartitionId, Offset);

/// Records that were found to be the first after an offset. Bounded: what was not asked for lately is forgotten by the half.
#[derive(Debug, Default)]
pub(crate) struct LagCache {
    young: BTreeMap<Key, Entry>,
    old: BTreeMap<Key, Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The log's count of changes when it was found: another one, and the record may be gone.
    changes: u64,
    record: FirstRecord,
}

impl LagCache {
    pub(crate) fn get(&mut self, key: Key, changes: u64) -> Option<FirstRecord> {
        if let Some(entry) = self.young.get(&key) {
            return (entry.changes == changes).then_some(entry.record);
        }
        let entry = self.old.remove(&key).filter(|entry| entry.changes == changes)?;
        self.put(key, changes, entry.record);
        Some(entry.record)
    }

    pub(crate) fn put(&mut self, key: Key, changes: u64, record: FirstRecord) {
        if self.young.len() >= limits::LAG_CACHE_COUNT_MAX / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, Entry { changes, record });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{PartitionIndex, TopicId, Uuid};

    fn key(offset: i64) -> Key {
        let topic = TopicId::new(Uuid::from_bytes([1; 16])).unwrap();
        let id = PartitionId { topic, partition: PartitionIndex::ZERO };
        (id, Offset::from_wire(offset).unwrap())
    }

    fn record(offset: i64) -> FirstRecord {
        FirstRecord { offset: Offset::from_wire(offset).unwrap(), timestamp: None }
    }

    #[test]
    fn what_was_found_before_the_log_changed_is_not_used() {
        let mut cache = LagCache::default();
        cache.put(key(5), 1, record(7));
        assert_eq!(cache.get(key(5), 1), Some(record(7)));
        assert_eq!(cache.get(key(5), 2), None);
        assert_eq!(cache.get(key(6), 1), None);
    }

    #[test]
    fn it_is_bounded_and_keeps_what_is_asked_for() {
        let mut cache = LagCache::default();
        let count = i64::try_from(limits::LAG_CACHE_COUNT_MAX).unwrap();
        cache.put(key(0), 1, record(0));
        for offset in 1..3 * count {
            cache.put(key(offset), 1, record(offset));
            assert_eq!(cache.get(key(0), 1), Some(record(0)));
        }
        assert!(cache.young.len() + cache.old.len() <= limits::LAG_CACHE_COUNT_MAX);
        assert_eq!(cache.get(key(1), 1), None);
        assert_eq!(cache.get(key(3 * count - 1), 1), Some(record(3 * count - 1)));
    }
}
