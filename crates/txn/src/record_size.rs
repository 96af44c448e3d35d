//! A transaction may have more partitions than fit in a record of `__transaction_state`: they are refused before anything rests
//! on them. What ends a transaction is no larger than what began it but for a few bytes, and is always written, even where the topic
//! takes less by then: a transaction that cannot end is worse than a large record.

use crate::{TransactionError, TransactionRecord, codec};

/// Bytes of key and value that a record may have at most; [`usize::MAX`] is for shells without a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordSizeMax(pub(crate) usize);

impl RecordSizeMax {
    pub(crate) fn check(self, record: &TransactionRecord) -> Result<(), TransactionError> {
        if self.0 == usize::MAX {
            return Ok(());
        }
        let encoded = codec::encode(record).map_err(|_| TransactionError::RecordTooLarge)?;
        let size = encoded.key.len() + encoded.value.map_or(0, |value| value.len());
        if size > self.0 { Err(TransactionError::RecordTooLarge) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::*;
    use crate::test_world::{World, key};
    use crate::{Outcome, State, TransactionVersion};

    fn size_of_last(world: &World) -> usize {
        let encoded = codec::encode(world.log.last().unwrap()).unwrap();
        encoded.key.len() + encoded.value.unwrap().len()
    }

    #[test]
    fn partitions_that_do_not_fit_leave_the_transaction_as_it_was() {
        for version in [TransactionVersion::V0, TransactionVersion::V2] {
            let mut world = World::new(version);
            let first = world.init(None).unwrap();
            world.add(first, 0).unwrap();
            world.add(first, 1).unwrap();
            world.soft.set_record_size_max(size_of_last(&world));
            let log_before = world.log.len();
            assert_eq!(world.add(first, 2), Err(TransactionError::RecordTooLarge));
            assert_eq!(world.log.len(), log_before);
            // What is in already is no news, and the transaction ends.
            assert_eq!(world.add(first, 1), Ok(()));
            world.end(first, Outcome::Commit).unwrap();
            assert_eq!(world.state(), Some(State::Prepare(Outcome::Commit)));
            assert_eq!(world.complete()[0].partitions, BTreeSet::from([key(0), key(1)]));
        }
    }

    #[test]
    fn a_producer_whose_id_fits_in_no_record_is_refused_and_nothing_is_remembered() {
        let mut world = World::new(TransactionVersion::V2);
        world.soft.set_record_size_max(40);
        assert_eq!(world.init(None), Err(TransactionError::RecordTooLarge));
        assert!(world.log.is_empty());
        world.soft.set_record_size_max(200);
        let first = world.init(None).unwrap();
        let second = world.init(Some(first)).unwrap();
        world.soft.set_record_size_max(40);
        assert_eq!(world.init(Some(second)), Err(TransactionError::RecordTooLarge));
        assert_eq!(world.init(None), Err(TransactionError::RecordTooLarge));
        world.soft.set_record_size_max(200);
        // The answer to the request before may have been lost still.
        assert_eq!(world.init(Some(first)), Ok(second));
    }

    #[test]
    fn an_open_transaction_times_out_although_its_record_is_too_large_by_now() {
        let mut world = World::new(TransactionVersion::V2);
        let first = world.init(None).unwrap();
        world.add(first, 0).unwrap();
        world.soft.set_record_size_max(10);
        world.pass(Duration::from_secs(120));
        assert_eq!(world.state(), Some(State::Prepare(Outcome::Abort)));
    }
}
