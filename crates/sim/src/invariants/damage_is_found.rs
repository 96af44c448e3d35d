use model::Offset;

use crate::failure::Broken;
use crate::stored::{LogContents, StoredBatch};

/// What a damaged log serves is what the undamaged one holds; beyond its end there may be what was sent and never
/// acknowledged. `from` is where the reader asked.
pub fn damage_is_not_served(
    truth: &LogContents,
    from: Offset,
    served: &[StoredBatch],
    was_sent: impl Fn(&StoredBatch) -> bool,
) -> Result<(), Broken> {
    let broken = |text: String| Err(Broken::correctness("damage_is_found", text));
    let mut next = from;
    for batch in served {
        let early = batch.end <= truth.log_start;
        let late = batch.base >= truth.log_end && was_sent(batch);
        let same = truth.at(batch.base).is_some_and(|true_batch| {
            true_batch.end == batch.end && true_batch.content() == batch.content()
        });
        if !early && !late && !same {
            return broken(format!("at {from}, damage is served: {}..{}", batch.base, batch.end));
        }
        if batch.base > next && next >= truth.log_start {
            return broken(format!("{next}..{} is left out", batch.base));
        }
        next = batch.end;
    }
    Ok(())
}

/// A damaged log that nothing complained of holds all that the undamaged one does, at least up to `end`.
pub fn damage_cuts_nothing(
    truth: &LogContents,
    damaged: &LogContents,
    end: Offset,
) -> Result<(), Broken> {
    // One that begins later holds nothing that had to survive before it, if that ends there.
    let begins_well = damaged.log_start <= truth.log_start || damaged.log_start >= end;
    if begins_well && damaged.log_end >= end {
        return Ok(());
    }
    let text = format!(
        "{}..{} became {}..{}, at least up to {end} was durable",
        truth.log_start, truth.log_end, damaged.log_start, damaged.log_end
    );
    Err(Broken::correctness("damage_is_found", text))
}
