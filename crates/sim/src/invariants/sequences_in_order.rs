use std::collections::BTreeMap;

use crate::failure::Broken;
use crate::stored::LogContents;

/// The batches of one producer lie in the order in which it sent them, without a gap.
pub fn sequences_in_order(log: &LogContents) -> Result<(), Broken> {
    let mut next = BTreeMap::new();
    for batch in &log.batches {
        let Some((producer, Some(sequence))) = batch.producer else { continue };
        let count = u32::try_from(batch.end.records_since(batch.base)).unwrap_or(u32::MAX);
        let expected = next.insert(producer, sequence.plus(count));
        if expected.is_some_and(|expected| expected != sequence) {
            let base = batch.base;
            let text =
                format!("producer {producer}: sequence {sequence} at {base} is out of order");
            return Err(Broken::correctness("sequences_in_order", text));
        }
    }
    Ok(())
}
