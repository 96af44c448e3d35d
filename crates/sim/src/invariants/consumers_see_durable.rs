use model::Offset;

use crate::failure::Broken;
use crate::stored::StoredBatch;

/// A consumer of a log with one replica is given nothing but what groups that were written hold.
pub fn consumers_see_durable(seen: &[StoredBatch], written_end: Offset) -> Result<(), Broken> {
    match seen.last().filter(|last| last.end > written_end) {
        None => Ok(()),
        Some(last) => {
            let text =
                format!("a consumer saw {}..{}, durable is {written_end}", last.base, last.end);
            Err(Broken::correctness("consumers_see_durable", text))
        }
    }
}

/// A producer is told of nothing else either.
pub fn producers_hear_of_durable(end: Offset, written_end: Offset) -> Result<(), Broken> {
    if end <= written_end {
        return Ok(());
    }
    let text = format!("a producer heard of all up to {end}, durable is {written_end}");
    Err(Broken::correctness("producers_hear_of_durable", text))
}
