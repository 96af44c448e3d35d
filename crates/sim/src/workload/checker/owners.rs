use std::collections::{BTreeMap, BTreeSet};

use model::Instant;

use crate::failure::Broken;

/// Names who may own partitions: one life of a member of the consumer group, or a static member in all of its lives.
pub type Owner = u64;

/// A member was told by the coordinator how things stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub owner: Owner,
    pub epoch: i32,
    /// All that it has now.
    pub partitions: BTreeSet<u32>,
    pub at: Instant,
    /// Until when it is a member for sure, since it was heard of: the coordinator waits so long for a silent one, and for one that
    /// is to let go of partitions.
    pub until: Instant,
}

/// What members of a consumer group know of its partitions.
#[derive(Debug, Default)]
pub(super) struct Owners {
    at_epoch: BTreeMap<(u32, i32), Owner>,
    holders: BTreeMap<u32, (Owner, Instant)>,
    /// How often a partition came to another owner.
    handed_over: u64,
}

impl Owners {
    pub(super) fn told(&mut self, told: &Told) -> Result<(), Broken> {
        let Told { owner, epoch, at, until, .. } = *told;
        for partition in &told.partitions {
            let known = *self.at_epoch.entry((*partition, epoch)).or_insert(owner);
            if known != owner {
                let text = format!(
                    "partition {partition} is {known}'s in epoch {epoch}, and given to {owner}"
                );
                return Err(Broken::correctness("one_owner_at_an_epoch", text));
            }
            // An answer that was slow says nothing about now.
            if at >= until {
                continue;
            }
            if let Some((holder, holds_until)) = self.holders.get(partition)
                && *holder != owner
                && at < *holds_until
            {
                let text =
                    format!("partition {partition}, which {holder} has, is given to {owner}");
                return Err(Broken::correctness("one_owner_at_a_time", text));
            }
            let before = self.holders.insert(*partition, (owner, until));
            self.handed_over += u64::from(before.is_none_or(|(before, _)| before != owner));
        }
        Ok(())
    }

    pub(super) fn holds_only(&mut self, owner: Owner, held: &BTreeSet<u32>) {
        for (partition, (holder, until)) in &mut self.holders {
            if *holder == owner && !held.contains(partition) {
                *until = Instant::ZERO;
            }
        }
    }

    pub(super) const fn handed_over(&self) -> u64 {
        self.handed_over
    }
}
