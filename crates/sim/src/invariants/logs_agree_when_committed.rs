use crate::failure::Broken;
use crate::stored::LogContents;

/// Two replicas hold the same bytes wherever both say that they are committed.
pub fn logs_agree_when_committed(one: &LogContents, other: &LogContents) -> Result<(), Broken> {
    let end = one.high_watermark.min(other.high_watermark);
    let start = one.log_start.max(other.log_start);
    for batch in one.batches.iter().filter(|batch| batch.base >= start && batch.end <= end) {
        if other.at(batch.base) != Some(batch) {
            let base = batch.base;
            let text = format!("replicas hold different batches at {base}, below {end}");
            return Err(Broken::correctness("logs_agree_when_committed", text));
        }
    }
    Ok(())
}
