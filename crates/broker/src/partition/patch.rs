use std::ops::Range;

use io::arena::Region;
use model::{LeaderEpoch, Offset};
use replica::BatchFacts;
use storage::{AppendBatch, PartitionLog};

/// Writes what the leader decided into the batch and shares it.
pub(super) fn patched(
    log: &PartitionLog,
    region: &mut Region,
    range: Range<usize>,
    base: Offset,
    leader_epoch: LeaderEpoch,
    facts: &BatchFacts,
) -> AppendBatch {
    region.patch(range.start, &base.to_wire().to_be_bytes());
    region.patch(range.start + LEADER_EPOCH_POSITION, &leader_epoch.to_wire().to_be_bytes());
    let gathered = region.get(range.clone()).and_then(|batch| log.gather(batch));
    AppendBatch {
        bytes: gathered.unwrap_or_else(|| region.share(range)),
        leader_epoch,
        base,
        last_offset: base.plus(facts.offset_count - 1).unwrap_or(Offset::MAX),
        max_timestamp: facts.max_timestamp,
    }
}

/// Where the leader epoch stands in a batch.
const LEADER_EPOCH_POSITION: usize = 12;
