use std::collections::BTreeMap;
use std::ops::Range;

use model::Offset;
use parking_lot::Mutex;

use crate::limits::CHECKED_RANGES_MAX;

/// Which bytes of segments that an earlier process wrote have been read since, and found whole. Ranges begin and end
/// between batches.
#[derive(Debug, Default)]
pub(crate) struct CheckedBytes(Mutex<BTreeMap<Offset, Vec<Range<u32>>>>);

impl CheckedBytes {
    /// The first part of `wanted` that has not been checked; `None` when all has.
    pub(crate) fn first_gap(&self, segment: Offset, wanted: Range<u32>) -> Option<Range<u32>> {
        let all = self.0.lock();
        let mut start = wanted.start;
        for range in all.get(&segment).map_or(&[][..], Vec::as_slice) {
            if range.end <= start {
                continue;
            }
            if range.start > start {
                return Some(start..range.start.min(wanted.end)).filter(|gap| !gap.is_empty());
            }
            start = range.end;
        }
        Some(start..wanted.end).filter(|gap| !gap.is_empty())
    }

    pub(crate) fn note(&self, segment: Offset, checked: Range<u32>) {
        if checked.is_empty() {
            return;
        }
        let mut all = self.0.lock();
        let ranges = all.entry(segment).or_default();
        let from = ranges.partition_point(|range| range.end < checked.start);
        let until = ranges.partition_point(|range| range.start <= checked.end);
        let touched = ranges.get(from..until).unwrap_or_default();
        let start = touched.first().map_or(checked.start, |range| range.start.min(checked.start));
        let end = touched.last().map_or(checked.end, |range| range.end.max(checked.end));
        ranges.splice(from..until.max(from), std::iter::once(start..end));
        if ranges.len() > CHECKED_RANGES_MAX {
            // It is checked once more when it is read again.
            ranges.pop();
        }
    }

    pub(crate) fn forget(&self, segment: Offset) {
        self.0.lock().remove(&segment);
    }
}

#[cfg(test)]
mod tests;
