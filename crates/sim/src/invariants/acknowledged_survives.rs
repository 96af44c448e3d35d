use crate::failure::Broken;
use crate::history::History;
use crate::stored::{LogContents, content};

/// A batch that its producer was told is in lies where it was told, byte for byte, until it is deleted on request.
pub fn acknowledged_survives(history: &History, log: &LogContents) -> Result<(), Broken> {
    let broken = |text: String| Err(Broken::correctness("acknowledged_survives", text));
    for (base, sent) in &history.acknowledged {
        let Some(stored) = log.at(*base) else {
            return broken(format!(
                "the acknowledged batch at {base} is gone; the log is {}..{}",
                log.log_start, log.log_end
            ));
        };
        if stored.content() != content(sent) {
            return broken(format!("another batch lies at {base} than was acknowledged"));
        }
    }
    Ok(())
}
