use std::collections::BTreeMap;

use model::{ProducerEpoch, ProducerId};

use crate::limits::GUARD_COUNT_MAX;

/// Whether a batch may be part of a transaction (KIP-890). A batch that no transaction knows of would never be ended, and
/// hold up readers of committed records for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It is not looked at.
    Trusted,
    /// The partition has a transaction of the producer's epoch open, or the coordinator was asked under this guard and
    /// said that the partition takes part in one.
    Proved(Option<Guard>),
}

/// Given out before the coordinator is asked. An end marker that comes before its answer makes the guard worthless: the
/// answer was about the transaction that this marker ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard(u64);

/// Guards that are out, one at most for each producer. They die with the leader.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guards {
    out: BTreeMap<ProducerId, (ProducerEpoch, Guard)>,
    last: u64,
}

impl Guards {
    /// Batches of one producer's epoch that come while the coordinator is asked share a guard.
    pub(crate) fn give(&mut self, producer: ProducerId, epoch: ProducerEpoch) -> Guard {
        if let Some((known, guard)) = self.out.get(&producer)
            && *known == epoch
        {
            return *guard;
        }
        if self.out.len() >= GUARD_COUNT_MAX {
            // Those who hold them are refused once, and come again.
            self.out.clear();
        }
        self.last += 1;
        let guard = Guard(self.last);
        self.out.insert(producer, (epoch, guard));
        guard
    }

    pub(crate) fn holds(&self, producer: ProducerId, guard: Guard) -> bool {
        self.out.get(&producer).is_some_and(|(_, given)| *given == guard)
    }

    /// A transaction of this epoch has begun or ended here.
    pub(crate) fn forget(&mut self, producer: ProducerId, epoch: ProducerEpoch) {
        if !self.out.is_empty() && self.out.get(&producer).is_some_and(|(of, _)| *of <= epoch) {
            self.out.remove(&producer);
        }
    }

    /// A marker ended the transaction before this epoch's. The guard of this one may be out already, for the producer
    /// had its new epoch before the marker was written.
    pub(crate) fn forget_before(&mut self, producer: ProducerId, epoch: ProducerEpoch) {
        if !self.out.is_empty() && self.out.get(&producer).is_some_and(|(of, _)| *of < epoch) {
            self.out.remove(&producer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{producer, producer_epoch};

    #[test]
    fn a_guard_is_shared_by_an_epoch_and_worthless_after_a_marker() {
        let mut guards = Guards::default();
        let first = guards.give(producer(1), producer_epoch(0));
        assert_eq!(guards.give(producer(1), producer_epoch(0)), first);
        assert!(guards.holds(producer(1), first));
        assert!(!guards.holds(producer(2), first));
        guards.forget_before(producer(1), producer_epoch(0));
        assert!(guards.holds(producer(1), first));
        guards.forget(producer(1), producer_epoch(0));
        assert!(!guards.holds(producer(1), first));
        let second = guards.give(producer(1), producer_epoch(0));
        assert_ne!(first, second);
        assert!(!guards.holds(producer(1), first));
        let bumped = guards.give(producer(1), producer_epoch(1));
        assert!(guards.holds(producer(1), bumped));
        assert!(!guards.holds(producer(1), second));
    }
}
