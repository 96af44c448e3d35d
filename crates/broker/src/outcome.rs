use controller::Refusal;
use quorum::Unavailable;
use wire::ErrorCode;

use crate::error_map::{quorum_unavailable, refusal};
use crate::limits::ERROR_TEXT_SIZE_MAX;

/// Code and text with which an answer says how one part of a request went. No text when it went well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) code: i16,
    pub(crate) message: Option<String>,
}

impl Outcome {
    pub(crate) fn refused(error: &Refusal) -> Self {
        Self { code: refusal(error).code(), message: Some(shortened(error.to_string())) }
    }

    pub(crate) fn unavailable(why: Unavailable) -> Self {
        Self { code: quorum_unavailable(&why).code(), message: Some(why.to_string()) }
    }

    pub(crate) fn error(error: ErrorCode, message: &str) -> Self {
        Self { code: error.code(), message: Some(shortened(message.to_owned())) }
    }

    pub(crate) fn of<T>(result: &Result<T, Refusal>) -> Self {
        match result {
            Ok(_) => Self { code: ErrorCode::None.code(), message: None },
            Err(refusal) => Self::refused(refusal),
        }
    }
}

/// A text of an answer, cut if need be: it quotes names of the client's, and a string of the older versions has 32,767 bytes at
/// most. A name that long would leave the request without an answer.
pub(crate) fn shortened(mut text: String) -> String {
    if text.len() > ERROR_TEXT_SIZE_MAX {
        text.truncate(text.floor_char_boundary(ERROR_TEXT_SIZE_MAX));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(shortened("short".to_owned()), "short");
        let cut = shortened(format!("x{}", "ü".repeat(20_000)));
        assert_eq!(cut.len(), ERROR_TEXT_SIZE_MAX - 1 + '…'.len_utf8());
        assert!(cut.ends_with("ü…"));
    }
}
