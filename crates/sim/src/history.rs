use std::collections::BTreeMap;
use std::sync::Arc;

use model::Offset;
use record::BatchView;

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
    /// The last acknowledged batch of each producer, and of these the first. A replica that begins anew at its leader's log
    /// start knows of no producer whose batches all lie before that, as in Kafka: so they are not deleted.
    pub fn first_last_of_a_producer(&self) -> Offset {
        let mut last = BTreeMap::new();
        for (base, bytes) in &self.acknowledged {
            let producer = BatchView::parse(bytes).ok().and_then(|view| view.header().producer());
            if let Some(producer) = producer {
                last.insert(producer.id, *base);
            }
        }
        last.into_values().min().unwrap_or(Offset::ZERO)
    }

    pub fn forget_below(&mut self, start: Offset) {
        self.deleted_to = self.deleted_to.max(start);
        self.acknowledged = self.acknowledged.split_off(&start);
        self.seen = self.seen.split_off(&start);
    }
}
