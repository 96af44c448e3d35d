use model::{Offset, ProducerId, Sequence};
use replica::ProducerStates;

use crate::failure::Broken;
use crate::stored::LogContents;

/// What was known of a producer's last batches before a life ended is known after it, as far as the log reaches, if it may
/// come again: be it in the log, or deleted on request, which was `deleted_to`. Where the log begins later for another
/// reason, all before that was lost, and nobody had been told of it.
pub fn producers_survive(
    before: &ProducerStates,
    known: &ProducerStates,
    log: &LogContents,
    deleted_to: Offset,
    may_come_again: impl Fn(ProducerId, Option<Sequence>) -> bool,
) -> Result<(), Broken> {
    for (id, state) in before.iter() {
        let kept = state.window().filter(|batch| {
            let offset = batch.last_offset;
            offset < log.log_end && (offset >= log.log_start || offset < deleted_to)
        });
        for batch in kept.filter(|batch| may_come_again(id, batch.last_sequence)) {
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
