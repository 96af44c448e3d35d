use record::BatchView;
use replica::{BatchFacts, ProducerStates};

use crate::failure::Broken;
use crate::stored::LogContents;

/// What a log knows of its producers after recovery is what a scan of the log says; it may know more only of those of
/// which the log holds nothing any more.
pub fn producers_agree(known: &ProducerStates, log: &LogContents) -> Result<(), Broken> {
    let broken = |text: String| Err(Broken::correctness("producers_agree", text));
    let start = log.batches.first().map_or(log.log_end, |first| first.base);
    let mut scanned = ProducerStates::new(start);
    for batch in &log.batches {
        let facts = BatchView::parse(&batch.bytes)
            .map_err(|error| error.to_string())
            .and_then(|view| BatchFacts::of_stored(&view).map_err(|error| error.to_string()));
        let facts = facts.map_err(|error| Broken::correctness("batches_are_whole", error))?;
        scanned.replay(batch.base, &facts, None);
    }
    for (id, state) in scanned.iter() {
        let Some(known) = known.get(id) else {
            return broken(format!("producer {id} is forgotten"));
        };
        let last = |state: &replica::ProducerState| {
            (state.epoch(), state.last_sequence(), state.window().last().copied())
        };
        if last(known) != last(state) {
            let (known, scanned) = (last(known), last(state));
            return broken(format!("producer {id}: known {known:?}, in the log {scanned:?}"));
        }
    }
    for (id, state) in known.iter().filter(|(id, _)| scanned.get(*id).is_none()) {
        if state.window().last().is_some_and(|last| last.last_offset >= start) {
            return broken(format!("producer {id} is known for what is not in the log"));
        }
    }
    Ok(())
}
