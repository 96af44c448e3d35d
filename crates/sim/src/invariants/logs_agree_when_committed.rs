use crate::failure::Broken;
use crate::stored::LogContents;

/// Two replicas hold the same bytes wherever both say that they are committed. `is_rotten`: a disk of the
/// cluster has rotted, and of the leader epoch, which no checksum covers, nothing tells that.
pub fn logs_agree_when_committed(
    one: &LogContents,
    other: &LogContents,
    is_rotten: bool,
) -> Result<(), Broken> {
    let end = one.high_watermark.min(other.high_watermark);
    let start = one.log_start.max(other.log_start);
    for batch in one.batches.iter().filter(|batch| batch.base >= start && batch.end <= end) {
        let found = other.at(batch.base);
        let same_but_epoch = found.is_some_and(|found| found.is_same_but_epoch(batch));
        if found != Some(batch) && !(is_rotten && same_but_epoch) {
            let base = batch.base;
            let text = format!("replicas hold different batches at {base}, below {end}");
            return Err(Broken::correctness("logs_agree_when_committed", text));
        }
    }
    Ok(())
}
