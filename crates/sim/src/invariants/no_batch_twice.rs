use std::collections::BTreeSet;

use crate::failure::Broken;
use crate::stored::LogContents;

/// A batch that an idempotent producer sent again is in the log once.
pub fn no_batch_twice(log: &LogContents) -> Result<(), Broken> {
    let mut known = BTreeSet::new();
    for batch in &log.batches {
        let Some((producer, Some(sequence))) = batch.producer else { continue };
        if !known.insert((producer, sequence.to_wire())) {
            let base = batch.base;
            let text = format!("producer {producer}, sequence {sequence} is in again at {base}");
            return Err(Broken::correctness("no_batch_twice", text));
        }
    }
    Ok(())
}
