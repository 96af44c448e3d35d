use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::SeededRandom;
use rustix::io::Errno;

/// What goes wrong with paths that begin with the one it was ordered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Reads return EIO.
    Read,
    /// Writes, renames, removals and new files return EIO; what was to be written may be there all the same.
    Write,
    /// Syncs return EIO, and what they should have synced is lost at a power cut, even if a later sync succeeds.
    Sync,
}

/// How often what went wrong, over all lives of a disk: a run in which nothing did proves nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Troubles {
    /// Files that lost something at a power cut.
    pub lost: u64,
    /// Of these, the ones of which other unsynced sectors survived.
    pub torn: u64,
    pub read_errors: u64,
    pub write_errors: u64,
    pub sync_errors: u64,
    /// Calls that found no room.
    pub full: u64,
    pub slow_syncs: u64,
    /// Syncs of a file or directory whose last sync failed, in the same life: they prove nothing.
    pub syncs_again: u64,
}

/// Faults that were ordered.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders(Vec<Order>);

#[derive(Clone, Debug)]
struct Order {
    prefix: PathBuf,
    fault: Fault,
    /// Calls that still go well.
    after: u64,
    once: bool,
}

impl Orders {
    pub(super) fn add(&mut self, prefix: &Path, fault: Fault, after: u64, once: bool) {
        self.0.push(Order { prefix: prefix.to_path_buf(), fault, after, once });
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn check(
        &mut self,
        path: &Path,
        fault: Fault,
        troubles: &mut Troubles,
    ) -> Result<()> {
        let mut hit = None;
        for (index, order) in self.0.iter_mut().enumerate() {
            if order.fault != fault || !path.starts_with(&order.prefix) {
                continue;
            }
            if order.after > 0 {
                order.after -= 1;
                continue;
            }
            hit = Some((index, order.once));
            break;
        }
        let Some((index, once)) = hit else { return Ok(()) };
        if once {
            self.0.remove(index);
        }
        match fault {
            Fault::Read => troubles.read_errors += 1,
            Fault::Write => troubles.write_errors += 1,
            Fault::Sync => troubles.sync_errors += 1,
        }
        Err(Error::from(Errno::IO))
    }
}

/// Syncs that take long: the time is added up for whoever has the clock.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SlowSyncs {
    pub(super) one_in: u64,
    pub(super) delay_max: Duration,
    delay: Duration,
}

impl SlowSyncs {
    pub(super) fn sync(&mut self, random: &mut SeededRandom, troubles: &mut Troubles) {
        if self.one_in > 0 && random.one_in(self.one_in) {
            let nanos = u64::try_from(self.delay_max.as_nanos()).unwrap_or(u64::MAX);
            self.delay += Duration::from_nanos(random.below(nanos));
            troubles.slow_syncs += 1;
        }
    }

    pub(super) fn take_delay(&mut self) -> Duration {
        std::mem::take(&mut self.delay)
    }
}
