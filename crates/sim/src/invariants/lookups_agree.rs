use model::{Offset, Timestamp};
use record::{BatchView, Decompressor};

use crate::failure::Broken;
use crate::stop::Stop;
use crate::store::Store;
use crate::stored::{LogContents, StoredBatch};

/// A fetch at any offset begins with the batch that holds it.
pub fn offsets_are_found(
    store: &Store,
    log: &LogContents,
    batch: &StoredBatch,
) -> Result<(), Stop> {
    for offset in [batch.base, batch.end.previous().unwrap_or(batch.base)] {
        let offset = offset.max(log.log_start);
        let bytes = store.read(offset, log.log_end, 1)?;
        let found = StoredBatch::parse_all(&bytes)?.into_iter().next();
        if found
            .as_ref()
            .is_none_or(|found| found.base != batch.base || found.content() != batch.content())
        {
            let base = found.map(|found| found.base.to_wire());
            let text = format!("a fetch at {offset} begins with {base:?}, not {}", batch.base);
            return Err(Broken::correctness("lookups_agree", text).into());
        }
    }
    Ok(())
}

/// A search by time finds the first record that is as late.
pub fn times_are_found(store: &Store, log: &LogContents, target: Timestamp) -> Result<(), Stop> {
    let expected = first_since(log, target)?;
    let found = store.search_timestamp(target)?;
    if found == expected {
        return Ok(());
    }
    let target = target.as_millis();
    let text = format!("the first record since {target} is {expected:?}, found was {found:?}");
    Err(Broken::correctness("lookups_agree", text).into())
}

fn first_since(
    log: &LogContents,
    target: Timestamp,
) -> Result<Option<(Offset, Timestamp)>, Broken> {
    const SIZE_MAX: usize = 1 << 20;
    let bad = |text: String| Broken::correctness("batches_are_whole", text);
    for batch in log.batches.iter().filter(|batch| batch.max_timestamp >= Some(target)) {
        let view = BatchView::parse(&batch.bytes).map_err(|error| bad(error.to_string()))?;
        let mut decompressor = Decompressor::new();
        let records =
            view.records(&mut decompressor, SIZE_MAX).map_err(|error| bad(error.to_string()))?;
        for record in records {
            let record = record.map_err(|error| bad(error.to_string()))?;
            let late = record.timestamp.filter(|timestamp| *timestamp >= target);
            if let Some(timestamp) = late.filter(|_| record.offset >= log.log_start) {
                return Ok(Some((record.offset, timestamp)));
            }
        }
    }
    Ok(None)
}
