use replica::ProducerStates;

use crate::failure::Broken;
use crate::stored::LogContents;

/// What was known of a producer's last batches before a life ended is known after it, as far as the log reaches: each of
/// them may come again, were it deleted from the log's start or not.
pub fn producers_survive(
    before: &ProducerStates,
    known: &ProducerStates,
    log: &LogContents,
) -> Result<(), Broken> {
    for (id, state) in before.iter() {
        for batch in state.window().filter(|batch| batch.last_offset < log.log_end) {
            let is_known = known.get(id).is_some_and(|known| {
                let place = (batch.last_offset, batch.last_sequence, batch.offset_delta);
                known.epoch() == state.epoch()
                    && known
                        .window()
                        .any(|own| (own.last_offset, own.last_sequence, own.offset_delta) == place)
            });
            if !is_known {
                let window: Vec<_> =
                    known.get(id).into_iter().flat_map(|known| known.window()).collect();
                let text = format!("of producer {id}, {batch:?} is forgotten: {window:?}");
                return Err(Broken::correctness("producers_survive", text));
            }
        }
    }
    Ok(())
}
