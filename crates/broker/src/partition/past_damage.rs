//! Reading on where a batch is damaged.

use model::Offset;
use replica::{FetchFrom, Reader};
use storage::{PastDamage, ReadPlan, Resolved};

use super::{Partition, ReadError};

impl Partition {
    /// What is whole from `from` on, where a read of it comes to damage; `None` where it does not. Looks into files.
    pub(crate) fn read_past_damage(
        &self,
        from: Offset,
        size_max: u32,
    ) -> Result<Option<PastDamage>, ReadError> {
        let mut fetch = FetchFrom {
            reader: Reader::Follower,
            offset: from,
            leader_epoch: None,
            last_fetched_epoch: None,
        };
        loop {
            let mut ranges = Vec::new();
            let (_, plan) = self.lock().plan_read(&fetch, size_max, true, &mut ranges)?;
            let ReadPlan::File(read) = plan else { return Ok(None) };
            // Each turn goes on in a later segment.
            match read.resolve() {
                Ok(Resolved::ContinueAt(offset)) if offset > fetch.offset => fetch.offset = offset,
                _ => return Ok(read.past_damage()?),
            }
        }
    }
}
