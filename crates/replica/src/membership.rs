use std::collections::BTreeMap;

use model::{ProducerEpoch, ProducerId, Sequence};

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
    out: BTreeMap<ProducerId, Given>,
    last: u64,
}

#[derive(Clone, Copy, Debug)]
struct Given {
    epoch: ProducerEpoch,
    guard: Guard,
    /// Of the first batch that asked. If that one was refused meanwhile, those behind it must not go first.
    first: Option<Sequence>,
}

impl Guards {
    /// Batches of one producer's epoch that come while the coordinator is asked share a guard. `first` is the sequence of
    /// the one that asks.
    pub(crate) fn give(
        &mut self,
        producer: ProducerId,
        epoch: ProducerEpoch,
        first: Option<Sequence>,
    ) -> Guard {
        if let Some(given) = self.out.get_mut(&producer)
            && given.epoch >= epoch
        {
            if given.epoch > epoch {
                // A late batch of an earlier epoch: it may not take the guard from the newer one, and is refused.
                return self.next();
            }
            if let (Some(known), Some(first)) = (given.first, first)
                && first.is_before(known)
            {
                given.first = Some(first);
            }
            return given.guard;
        }
        if self.out.len() >= GUARD_COUNT_MAX {
            // Those who hold them are refused once, and come again.
            self.out.clear();
        }
        let guard = self.next();
        self.out.insert(producer, Given { epoch, guard, first });
        guard
    }

    fn next(&mut self) -> Guard {
        self.last += 1;
        Guard(self.last)
    }

    /// Whether a batch with this sequence would overtake the one that the guard was given out for.
    pub(crate) fn is_overtaken(&self, producer: ProducerId, got: Sequence) -> bool {
        let first = self.out.get(&producer).and_then(|given| given.first);
        first.is_some_and(|first| first.is_before(got))
    }

    pub(crate) fn holds(&self, producer: ProducerId, guard: Guard) -> bool {
        self.out.get(&producer).is_some_and(|given| given.guard == guard)
    }

    /// A transaction of this epoch has begun or ended here.
    pub(crate) fn forget(&mut self, producer: ProducerId, epoch: ProducerEpoch) {
        if !self.out.is_empty() && self.out.get(&producer).is_some_and(|given| given.epoch <= epoch)
        {
            self.out.remove(&producer);
        }
    }

    /// A marker ended the transaction before this epoch's. The guard of this one may be out already, for the producer
    /// had its new epoch before the marker was written.
    pub(crate) fn forget_before(&mut self, producer: ProducerId, epoch: ProducerEpoch) {
        if !self.out.is_empty() && self.out.get(&producer).is_some_and(|given| given.epoch < epoch)
        {
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
        let first = guards.give(producer(1), producer_epoch(0), None);
        assert_eq!(guards.give(producer(1), producer_epoch(0), None), first);
        assert!(guards.holds(producer(1), first));
        assert!(!guards.holds(producer(2), first));
        guards.forget_before(producer(1), producer_epoch(0));
        assert!(guards.holds(producer(1), first));
        guards.forget(producer(1), producer_epoch(0));
        assert!(!guards.holds(producer(1), first));
        let second = guards.give(producer(1), producer_epoch(0), None);
        assert_ne!(first, second);
        assert!(!guards.holds(producer(1), first));
        let bumped = guards.give(producer(1), producer_epoch(1), None);
        assert!(guards.holds(producer(1), bumped));
        assert!(!guards.holds(producer(1), second));
    }

    #[test]
    fn nobody_overtakes_the_first_who_asked() {
        let sequence = |raw| Sequence::from_wire(raw).unwrap();
        let mut guards = Guards::default();
        assert!(!guards.is_overtaken(producer(1), sequence(9)));
        guards.give(producer(1), producer_epoch(0), Some(sequence(5)));
        guards.give(producer(1), producer_epoch(0), Some(sequence(8)));
        assert!(!guards.is_overtaken(producer(1), sequence(5)));
        assert!(guards.is_overtaken(producer(1), sequence(8)));
        guards.give(producer(1), producer_epoch(0), Some(sequence(3)));
        assert!(guards.is_overtaken(producer(1), sequence(5)), "an earlier one asked later");
        guards.give(producer(1), producer_epoch(1), Some(sequence(7)));
        assert!(!guards.is_overtaken(producer(1), sequence(7)), "another epoch begins anew");
    }

    #[test]
    fn a_late_batch_of_an_earlier_epoch_leaves_the_newer_ones_guard() {
        let mut guards = Guards::default();
        let newer = guards.give(producer(1), producer_epoch(1), None);
        let late = guards.give(producer(1), producer_epoch(0), None);
        assert!(guards.holds(producer(1), newer));
        assert!(!guards.holds(producer(1), late));
        assert_eq!(guards.give(producer(1), producer_epoch(1), None), newer);
    }
}
