use std::collections::BTreeMap;
use std::sync::Arc;

use model::Offset;

use crate::stored::StoredBatch;

/// What the world outside was told, so what must stay true for ever.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Batches that producers were told are in, as they sent them, by base offset.
    pub acknowledged: BTreeMap<Offset, Arc<[u8]>>,
    /// Batches that consumers were given.
    pub seen: BTreeMap<Offset, StoredBatch>,
    /// Records below it were deleted on request.
    pub deleted_to: Offset,
}

impl History {
    pub fn forget_below(&mut self, start: Offset) {
        self.deleted_to = self.deleted_to.max(start);
        self.acknowledged = self.acknowledged.split_off(&start);
        self.seen = self.seen.split_off(&start);
    }
}
