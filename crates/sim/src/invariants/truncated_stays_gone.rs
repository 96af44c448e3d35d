use crate::failure::Broken;
use crate::node::CutAway;
use crate::stored::LogContents;

/// What a truncation took away does not come back with a restart, once the truncation was durable.
pub fn truncated_stays_gone(cut_away: &CutAway, log: &LogContents) -> Result<(), Broken> {
    let back = |batch: &&crate::StoredBatch| cut_away.contains(&(batch.base, batch.leader_epoch));
    match log.batches.iter().find(back) {
        None => Ok(()),
        Some(batch) => {
            let text = format!("the batch at {} was cut away and is back", batch.base);
            Err(Broken::correctness("truncated_stays_gone", text))
        }
    }
}
