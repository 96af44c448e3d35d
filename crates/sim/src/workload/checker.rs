mod owners;
mod shared;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use model::Instant;

use self::owners::Owners;
pub use self::owners::{Owner, Told};
use self::shared::Shared;
pub use self::shared::{Delivery, MemberNumber, ShareRules};
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

impl Copied {
    /// As the value of a record, which may be longer.
    pub fn encode(self) -> Vec<u8> {
        let mut value = Vec::new();
        value.extend_from_slice(&self.attempt.to_be_bytes());
        value.extend_from_slice(&self.source.0.to_be_bytes());
        value.extend_from_slice(&self.source.1.to_be_bytes());
        value.extend_from_slice(&self.id.to_be_bytes());
        value
    }

    pub fn decode(value: &[u8]) -> Result<Self, Broken> {
        let parse = || {
            let (attempt, value) = value.split_first_chunk()?;
            let (partition, value) = value.split_first_chunk()?;
            let (offset, value) = value.split_first_chunk()?;
            let (id, _) = value.split_first_chunk()?;
            let source = (u32::from_be_bytes(*partition), i64::from_be_bytes(*offset));
            let (attempt, id) = (u64::from_be_bytes(*attempt), u64::from_be_bytes(*id));
            Some(Self { attempt, source, id })
        };
        let text = || format!("a value of {} bytes has no such form", value.len());
        parse().ok_or_else(|| Broken::correctness("only_what_was_written_is_read", text()))
    }
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
/// - A partition has one owner among the group's members at an epoch, and one at a time.
/// - If a share group reads the output too: a record that one member holds is given to nobody else, one whose acceptance was
///   confirmed is not given again, and at the end each committed record has been given and accepted.
#[derive(Debug, Default)]
pub struct Checker {
    acknowledged: BTreeSet<u64>,
    attempts: BTreeMap<AttemptId, Attempt>,
    /// What was ever read, by place.
    read: BTreeMap<Place, Copied>,
    places: BTreeMap<u64, Place>,
    group: BTreeMap<u32, i64>,
    owners: Owners,
    shared: Option<Shared>,
    /// What was read since everything has come to rest.
    last_read: Option<BTreeSet<Place>>,
}

impl Checker {
    /// Of a workload whose output a share group reads too.
    pub fn with_share_group(rules: ShareRules) -> Self {
        Self { shared: Some(Shared::new(rules)), ..Self::default() }
    }

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
        if let Some(last_read) = &mut self.last_read {
            last_read.insert(place);
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

    /// A member of the share group, which reads committed records, was given one.
    pub fn delivered(
        &mut self,
        place: Place,
        copied: Copied,
        delivery: Delivery,
    ) -> Result<(), Broken> {
        self.read(place, copied)?;
        self.shared.as_mut().map_or(Ok(()), |shared| shared.delivered(place, delivery))
    }

    /// A member is going to say that it is done with a record.
    pub fn accept_asked(&mut self, place: Place) {
        if let Some(shared) = &mut self.shared {
            shared.accept_asked(place);
        }
    }

    /// The member was told that this is written down.
    pub fn accepted(
        &mut self,
        place: Place,
        member: MemberNumber,
        at: Instant,
    ) -> Result<(), Broken> {
        self.shared.as_mut().map_or(Ok(()), |shared| shared.accepted(place, member, at))
    }

    /// A member is going to give a record back.
    pub fn released(&mut self, place: Place, member: MemberNumber) {
        if let Some(shared) = &mut self.shared {
            shared.released(place, member);
        }
    }

    /// A member's connection ends: what it holds may be given to others.
    pub fn member_left(&mut self, member: MemberNumber) {
        if let Some(shared) = &mut self.shared {
            shared.member_left(member);
        }
    }

    /// The broker is about to die, and who holds what with it. Gives the life that begins.
    pub fn broker_dies(&mut self) -> u64 {
        self.shared.as_mut().map_or(0, Shared::broker_dies)
    }

    /// In which life of the broker a request is sent.
    pub fn life(&self) -> u64 {
        self.shared.as_ref().map_or(0, Shared::life)
    }

    /// How many committed records that somebody has read no member of the share group has accepted yet.
    pub fn unshared_count(&self) -> usize {
        let Some(shared) = &self.shared else { return 0 };
        self.read.keys().filter(|place| !shared.is_settled(**place)).count()
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

    /// A member of the consumer group was told what it has.
    pub fn told(&mut self, told: &Told) -> Result<(), Broken> {
        self.owners.told(told)
    }

    /// A member is going to say that it holds these partitions, or it holds none any more since its life ends.
    pub fn holds_only(&mut self, owner: Owner, held: &BTreeSet<u32>) {
        self.owners.holds_only(owner, held);
    }

    /// How often a partition came to another member.
    pub fn handed_over_count(&self) -> u64 {
        self.owners.handed_over()
    }

    /// How many acknowledged records nobody has read yet.
    pub fn missing_count(&self) -> usize {
        self.acknowledged.iter().filter(|id| !self.places.contains_key(id)).count()
    }

    /// Everything has come to rest, and is read once more from the beginning to the end.
    pub fn begin_last_read(&mut self) {
        self.last_read = Some(BTreeSet::new());
    }

    /// Everything was read to its end, after everything had come to rest.
    pub fn finish(&self) -> Result<(), Broken> {
        let gone =
            |place: &&Place| self.last_read.as_ref().is_some_and(|last| !last.contains(place));
        if let Some(place) = self.read.keys().find(gone) {
            let text = format!("what was read at {place:?} is not there any more");
            return Err(Broken::correctness("final_reads_see_everything", text));
        }
        if let Some(id) = self.acknowledged.iter().find(|id| !self.places.contains_key(id)) {
            let text = format!("record {id} is not there, {} in all", self.missing_count());
            return Err(Broken::correctness("final_reads_see_everything", text));
        }
        self.attempts.iter().try_for_each(|(id, attempt)| self.is_whole(*id, attempt))?;
        self.is_in_order()?;
        let Some(shared) = &self.shared else { return Ok(()) };
        self.read.keys().try_for_each(|place| shared.finish(*place))
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
