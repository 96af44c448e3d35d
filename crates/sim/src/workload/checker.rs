use std::collections::{BTreeMap, BTreeSet};

use crate::failure::Broken;

/// Names a record of a partition: the partition's number and the offset.
pub type Place = (u32, i64);

/// One try of a client to copy records in a transaction.
pub type AttemptId = u64;

/// A record of the output, as who wrote it made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    pub attempt: AttemptId,
    /// Where it was copied from.
    pub source: Place,
    /// Which record that is.
    pub id: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nobody asked for its commit, so nothing of it may ever be read.
    Open,
    /// A commit was asked for, and the answer is not known.
    Asked,
    /// The client was told that it is committed.
    Committed,
}

#[derive(Debug)]
struct Attempt {
    outcome: Outcome,
    ids: BTreeSet<u64>,
}

/// Holds what clients of a workload "read, change, write in a transaction, commit offsets in it" sent, were told and were given
/// against the rules of exactly-once. It knows of no broker, so it judges a simulated one and a real one alike.
///
/// - A record that was acknowledged is copied, and read by who reads committed records, exactly once.
/// - Nothing of a transaction is read of which nobody asked for the commit; of one that was committed all of it is, of one
///   whose outcome is not known all or nothing.
/// - No offset ever has two values.
/// - What was copied from one partition to another is in the order of the offsets there.
/// - What a group has committed never goes back.
/// - At the end all that was acknowledged is there.
#[derive(Debug, Default)]
pub struct Checker {
    acknowledged: BTreeSet<u64>,
    attempts: BTreeMap<AttemptId, Attempt>,
    /// What was ever read, by place.
    read: BTreeMap<Place, Copied>,
    places: BTreeMap<u64, Place>,
    group: BTreeMap<u32, i64>,
}

impl Checker {
    /// A producer was told that a record is in.
    pub fn acknowledged(&mut self, id: u64) {
        self.acknowledged.insert(id);
    }

    /// A client is going to copy these records in one transaction.
    pub fn begun(&mut self, attempt: AttemptId, ids: BTreeSet<u64>) {
        self.attempts.insert(attempt, Attempt { outcome: Outcome::Open, ids });
    }

    pub fn commit_asked(&mut self, attempt: AttemptId) {
        if let Some(attempt) = self.attempts.get_mut(&attempt)
            && attempt.outcome == Outcome::Open
        {
            attempt.outcome = Outcome::Asked;
        }
    }

    /// The client was told so.
    pub fn committed(&mut self, attempt: AttemptId) {
        if let Some(attempt) = self.attempts.get_mut(&attempt) {
            attempt.outcome = Outcome::Committed;
        }
    }

    /// A reader of committed records was given a record of the output.
    pub fn read(&mut self, place: Place, copied: Copied) -> Result<(), Broken> {
        let (partition, offset) = place;
        let known = self.attempts.get(&copied.attempt);
        if known.is_none_or(|attempt| !attempt.ids.contains(&copied.id)) {
            let text = format!("at {partition}/{offset} is {copied:?}, which nobody wrote");
            return Err(Broken::correctness("only_what_was_written_is_read", text));
        }
        if known.is_some_and(|attempt| attempt.outcome == Outcome::Open) {
            let text = format!("{copied:?} at {partition}/{offset} was never to be committed");
            return Err(Broken::correctness("no_aborted_read", text));
        }
        let before = *self.read.entry(place).or_insert(copied);
        if before != copied {
            let text = format!("{partition}/{offset} was {before:?} and is {copied:?}");
            return Err(Broken::correctness("no_offset_has_two_values", text));
        }
        let first = *self.places.entry(copied.id).or_insert(place);
        if first != place {
            let text = format!("record {} is at {first:?} and at {place:?}", copied.id);
            return Err(Broken::correctness("copied_exactly_once", text));
        }
        Ok(())
    }

    /// The group's committed offset of an input partition, as a client was told.
    pub fn group_is_at(&mut self, partition: u32, offset: i64) -> Result<(), Broken> {
        let newest = self.group.entry(partition).or_insert(offset);
        if offset < *newest {
            let text = format!("of partition {partition}, {newest} was committed, now {offset}");
            return Err(Broken::correctness("group_offsets_never_go_back", text));
        }
        *newest = offset;
        Ok(())
    }

    /// How many acknowledged records nobody has read yet.
    pub fn missing_count(&self) -> usize {
        self.acknowledged.iter().filter(|id| !self.places.contains_key(id)).count()
    }

    /// Everything was read to its end, after everything had come to rest.
    pub fn finish(&self) -> Result<(), Broken> {
        if let Some(id) = self.acknowledged.iter().find(|id| !self.places.contains_key(id)) {
            let text = format!("record {id} is not there, {} in all", self.missing_count());
            return Err(Broken::correctness("final_reads_see_everything", text));
        }
        self.attempts.iter().try_for_each(|(id, attempt)| self.is_whole(*id, attempt))?;
        self.is_in_order()
    }

    fn is_whole(&self, id: AttemptId, attempt: &Attempt) -> Result<(), Broken> {
        let of_it = |place: &Place| self.read.get(place).is_some_and(|read| read.attempt == id);
        let there = |record: &&u64| self.places.get(*record).is_some_and(of_it);
        let count = attempt.ids.iter().filter(there).count();
        let whole = count == attempt.ids.len();
        if whole || count == 0 && attempt.outcome != Outcome::Committed {
            return Ok(());
        }
        let (all, outcome) = (attempt.ids.len(), attempt.outcome);
        let text =
            format!("of the {all} records of transaction {id} ({outcome:?}), {count} are there");
        Err(Broken::correctness("transactions_are_whole", text))
    }

    fn is_in_order(&self) -> Result<(), Broken> {
        let mut last: BTreeMap<(u32, u32), i64> = BTreeMap::new();
        for ((partition, offset), copied) in &self.read {
            let (source, at) = copied.source;
            let before = last.insert((source, *partition), at);
            if before.is_some_and(|before| before >= at) {
                let text = format!("at {partition}/{offset} is {source}/{at}, after {before:?}");
                return Err(Broken::correctness("order_is_kept", text));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(attempt: AttemptId, at: i64, id: u64) -> Copied {
        Copied { attempt, source: (0, at), id }
    }

    /// One transaction of two records that is committed, and one that is not.
    fn checker() -> Checker {
        let mut checker = Checker::default();
        checker.acknowledged(10);
        checker.acknowledged(11);
        checker.begun(1, BTreeSet::from([10, 11]));
        checker.commit_asked(1);
        checker.begun(2, BTreeSet::from([10, 11]));
        checker
    }

    fn invariant(result: Result<(), Broken>) -> &'static str {
        result.unwrap_err().invariant
    }

    #[test]
    fn what_is_as_it_should_be_is_let_pass() {
        let mut checker = checker();
        assert_eq!(invariant(checker.finish()), "final_reads_see_everything");
        for _ in 0..2 {
            checker.read((0, 4), copied(1, 0, 10)).unwrap();
            checker.read((0, 5), copied(1, 1, 11)).unwrap();
        }
        checker.committed(1);
        checker.group_is_at(0, 1).unwrap();
        checker.group_is_at(0, 1).unwrap();
        checker.group_is_at(0, 2).unwrap();
        checker.finish().unwrap();
    }

    #[test]
    fn each_rule_has_something_that_breaks_it() {
        let mut checker = checker();
        assert_eq!(invariant(checker.read((0, 4), copied(2, 0, 10))), "no_aborted_read");
        let unknown = "only_what_was_written_is_read";
        assert_eq!(invariant(checker.read((0, 4), copied(1, 0, 12))), unknown);
        assert_eq!(invariant(checker.read((0, 4), copied(7, 0, 10))), unknown);
        checker.read((0, 4), copied(1, 0, 10)).unwrap();
        let two_values = "no_offset_has_two_values";
        assert_eq!(invariant(checker.read((0, 4), copied(1, 1, 11))), two_values);
        assert_eq!(invariant(checker.read((1, 9), copied(1, 0, 10))), "copied_exactly_once");
        checker.group_is_at(0, 2).unwrap();
        assert_eq!(invariant(checker.group_is_at(0, 1)), "group_offsets_never_go_back");
    }

    #[test]
    fn a_part_of_a_transaction_and_a_wrong_order_are_found_at_the_end() {
        let mut half = Checker::default();
        half.begun(1, BTreeSet::from([10, 11]));
        half.commit_asked(1);
        half.finish().unwrap();
        half.committed(1);
        assert_eq!(invariant(half.finish()), "transactions_are_whole");
        half.read((0, 4), copied(1, 0, 10)).unwrap();
        assert_eq!(invariant(half.finish()), "transactions_are_whole");
        let mut turned = checker();
        turned.read((0, 4), copied(1, 1, 11)).unwrap();
        turned.read((0, 5), copied(1, 0, 10)).unwrap();
        assert_eq!(invariant(turned.finish()), "order_is_kept");
    }
}
