//! Whether a crash explains a batch that is not whole.

use std::collections::BTreeSet;
use std::path::Path;

use io::{Disk, Open};
use model::{LeaderEpoch, Offset};
use record::BatchView;

use crate::error::{Doing, Result, damaged_log};
use crate::limits::{BATCH_SIZE_MAX, GROUP_SIZE_MAX};
use crate::segments::Opened;
use crate::synced_mark::Synced;

/// What a start knows of how the log was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence {
    pub(crate) mark: Option<Synced>,
    /// Where the newest snapshot ends, which holds only what was synced.
    pub(crate) snapshot_end: Offset,
    /// The log directory's own marker says that it was closed in order. Counts only where `mark` does not reach.
    pub(crate) closed_in_order: bool,
}

/// A batch behind the one that is not whole.
type Follower = (Offset, LeaderEpoch);

impl Evidence {
    /// Refuses a log that ends before what was synced.
    pub(crate) fn check_end(&self, opened: &Opened) -> std::result::Result<(), String> {
        let marked = self.mark.map_or(Offset::ZERO, |mark| mark.synced);
        let synced = marked.max(self.snapshot_end);
        if opened.end < synced {
            return Err(format!(
                "whole only up to offset {}, and synced up to {synced}",
                opened.end
            ));
        }
        Ok(())
    }

    /// Refuses a log whose first bad batch, at `opened.end`, is not in the last write.
    fn judge(&self, opened: &Opened, behind: &[Follower]) -> std::result::Result<(), String> {
        self.check_end(opened)?;
        let newest = opened.epochs.last().map(|(epoch, _)| *epoch);
        let newest = behind.iter().map(|(_, epoch)| *epoch).chain(newest).max();
        if let Some(mark) = self.mark.filter(|mark| newest <= Some(mark.epoch)) {
            // Nothing is written behind a write before that is durable.
            let write_end = mark.writing.max(opened.end);
            return match behind.iter().find(|(base, _)| *base >= write_end) {
                Some((base, _)) => Err(format!(
                    "the batch at offset {} is not whole, and a later write, at {base}, is",
                    opened.end
                )),
                None => Ok(()),
            };
        }
        if self.closed_in_order {
            return Err("a batch is not whole, and the directory was closed in order".to_owned());
        }
        // Each start syncs all of the log before it writes in an epoch of its own.
        let epochs: BTreeSet<_> = behind.iter().map(|(_, epoch)| *epoch).collect();
        if epochs.len() > 1 {
            return Err("a batch is not whole, and batches of two epochs follow".to_owned());
        }
        Ok(())
    }
}

/// Cuts the last segment after its last whole batch, if a crash explains what follows. Answers how many bytes.
pub(crate) fn cut(
    disk: &dyn Disk,
    path: &Path,
    size: u64,
    whole: u64,
    opened: &Opened,
    evidence: &Evidence,
) -> Result<u64> {
    let torn = size - whole;
    let damaged = |reason| damaged_log(path, whole, reason);
    if torn > (GROUP_SIZE_MAX + BATCH_SIZE_MAX) as u64 {
        let reason = "a batch is not whole, and more follows than one write can have left";
        return Err(damaged(reason.to_owned()));
    }
    let file = disk.open(path, Open::WRITE).doing("open", path)?;
    let mut rest = vec![0; usize::try_from(torn).unwrap_or(0)];
    file.read_exact_at(&mut rest, whole).doing("read", path)?;
    let behind: Vec<Follower> = (1..rest.len())
        .filter_map(|at| {
            let view = BatchView::parse_checked(rest.get(at..)?).ok()?;
            Some((view.header().base_offset(), view.header().leader_epoch()?))
        })
        .filter(|(base, _)| *base > opened.end)
        .collect();
    evidence.judge(opened, &behind).map_err(damaged)?;
    file.set_len(whole).doing("cut", path)?;
    Ok(torn)
}
