//! How one power cut treats what was not synced.

use std::fmt;

use model::SeededRandom;

/// What becomes of one change that was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Kept,
    /// Some of its sectors are written.
    Torn,
    Lost,
}

/// What a power cut did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CutCounts {
    /// Changes of files and directories that had not been synced and are there all the same.
    pub kept: u64,
    /// Writes of which some sectors are there.
    pub torn: u64,
    pub lost: u64,
}

impl CutCounts {
    pub const fn total(&self) -> u64 {
        self.kept + self.torn + self.lost
    }

    pub const fn add(&mut self, other: Self) {
        self.kept += other.kept;
        self.torn += other.torn;
        self.lost += other.lost;
    }
}

impl fmt::Display for CutCounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kept, torn, lost } = self;
        write!(formatter, "unsynced {}: {kept} kept, {torn} torn, {lost} lost", self.total())
    }
}

/// The dice of one power cut.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) random: SeededRandom,
    /// Of 8 changes so many are lost; each cut has its own share, from all to none.
    lost_of_8: u64,
    pub(super) counts: CutCounts,
}

impl Cut {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = SeededRandom::new(seed);
        let lost_of_8 = random.below(9);
        Self { random, lost_of_8, counts: CutCounts::default() }
    }

    pub(super) fn fate(&mut self) -> Fate {
        if self.random.below(8) < self.lost_of_8 {
            self.counts.lost += 1;
            Fate::Lost
        } else if self.random.one_in(4) {
            self.counts.torn += 1;
            Fate::Torn
        } else {
            self.counts.kept += 1;
            Fate::Kept
        }
    }

    /// A change that cannot be torn.
    pub(super) fn keeps(&mut self) -> bool {
        let kept = self.random.below(8) >= self.lost_of_8;
        *(if kept { &mut self.counts.kept } else { &mut self.counts.lost }) += 1;
        kept
    }

    /// How many of `count` changes, of which none survives without the ones before it.
    pub(super) fn prefix(&mut self, count: usize) -> usize {
        let all = count as u64;
        let kept = self.random.below(all + 1);
        self.counts.kept += kept;
        self.counts.lost += all - kept;
        usize::try_from(kept).unwrap_or(count)
    }
}
