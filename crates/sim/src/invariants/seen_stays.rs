use crate::failure::Broken;
use crate::history::History;
use crate::stored::LogContents;

/// What a consumer was given once, it would be given again: nothing is shown that can still be lost.
pub fn seen_stays(history: &History, log: &LogContents) -> Result<(), Broken> {
    for (base, seen) in &history.seen {
        // Of a disk that rotted the leader epoch may be another: no checksum covers it.
        if !log.at(*base).is_some_and(|found| found.is_same_but_epoch(seen)) {
            let text = format!("a consumer saw a batch at {base} that is gone or changed");
            return Err(Broken::correctness("seen_stays", text));
        }
    }
    Ok(())
}
