use crate::failure::Broken;

/// A directory whose disk failed writes nothing any more.
pub fn failed_writes_nothing(before: u64, after: u64) -> Result<(), Broken> {
    if before == after {
        return Ok(());
    }
    let text = format!("{} operations on a disk after it failed", after - before);
    Err(Broken::correctness("failed_stays_failed", text))
}

/// What a failed sync left is not synced again as if that made it durable.
pub fn no_sync_is_tried_again(syncs_again: u64) -> Result<(), Broken> {
    if syncs_again == 0 {
        return Ok(());
    }
    let text = format!("{syncs_again} syncs of what had failed to be synced");
    Err(Broken::correctness("failed_stays_failed", text))
}

/// Nobody waits for an answer of a directory that failed.
pub fn all_are_refused(waiting: usize) -> Result<(), Broken> {
    if waiting == 0 {
        return Ok(());
    }
    Err(Broken::liveness("failed_stays_failed", format!("{waiting} produces wait for ever")))
}
