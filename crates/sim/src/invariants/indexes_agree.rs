use crate::failure::Broken;
use crate::segment_files::SegmentFiles;

/// Each entry of an offset index names the last offset of a batch and the position where that batch begins, in order.
/// Each entry of a time index names the latest time of all batches up to the one that ends at its offset, in order.
pub fn indexes_agree(segments: &[SegmentFiles]) -> Result<(), Broken> {
    segments.iter().try_for_each(|segment| {
        offset_index(segment)?;
        time_index(segment)
    })
}

fn broken(segment: &SegmentFiles, text: &str) -> Broken {
    let text = format!("segment {}: {text}", segment.base);
    Broken::correctness("indexes_agree", text)
}

fn offset_index(segment: &SegmentFiles) -> Result<(), Broken> {
    let mut before = None;
    for (offset, position) in &segment.offsets {
        let Ok(at) = segment.batches.binary_search_by_key(position, |(position, _)| *position)
        else {
            let text = format!("the entry of {offset} points between batches, at {position}");
            return Err(broken(segment, &text));
        };
        let batch = segment.batches.get(at).map(|(_, batch)| batch);
        if batch.and_then(|batch| batch.end.previous()) != Some(*offset) {
            let text = format!("the entry of {offset} points to another batch, at {position}");
            return Err(broken(segment, &text));
        }
        if before.is_some_and(|before| before >= *position) {
            return Err(broken(segment, &format!("entries out of order at {offset}")));
        }
        before = Some(*position);
    }
    Ok(())
}

fn time_index(segment: &SegmentFiles) -> Result<(), Broken> {
    let mut before = None;
    for (timestamp, offset) in &segment.times {
        let up_to = segment.batches.iter().take_while(|(_, batch)| batch.base <= *offset);
        let latest = up_to.clone().filter_map(|(_, batch)| batch.max_timestamp).max();
        let last = up_to.last().map(|(_, batch)| batch);
        let ends_there = last.is_some_and(|last| last.end.previous() == Some(*offset));
        if !ends_there || latest != Some(*timestamp) {
            let millis = timestamp.as_millis();
            let text = format!("{millis} is not the latest time up to {offset}: {latest:?}");
            return Err(broken(segment, &text));
        }
        if before.is_some_and(|before| before >= *timestamp) {
            return Err(broken(segment, &format!("times out of order at {offset}")));
        }
        before = Some(*timestamp);
    }
    Ok(())
}
