use crate::failure::Broken;
use crate::stored::LogContents;

/// A log that was never compacted has no hole: each batch begins where the one before it ends, from the log start to
/// the log end. `log_start ≤ high_watermark ≤ log_end`.
pub fn batches_lie_end_to_end(log: &LogContents) -> Result<(), Broken> {
    let broken = |text: String| Err(Broken::correctness("batches_lie_end_to_end", text));
    if log.log_start > log.high_watermark || log.high_watermark > log.log_end {
        let (start, mark, end) = (log.log_start, log.high_watermark, log.log_end);
        return broken(format!("log start {start}, high watermark {mark}, log end {end}"));
    }
    let Some(first) = log.batches.first() else {
        return if log.log_start == log.log_end {
            Ok(())
        } else {
            broken(format!("{}..{} is empty", log.log_start, log.log_end))
        };
    };
    if first.base > log.log_start {
        return broken(format!("the log starts at {} but holds {}", log.log_start, first.base));
    }
    let mut end = first.base;
    for batch in &log.batches {
        if batch.base != end {
            return broken(format!("a batch at {} follows one that ends at {end}", batch.base));
        }
        end = batch.end;
    }
    if end != log.log_end {
        return broken(format!("the last batch ends at {end}, the log at {}", log.log_end));
    }
    Ok(())
}
