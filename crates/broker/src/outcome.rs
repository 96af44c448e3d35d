use controller::Refusal;
use quorum::Unavailable;
use wire::ErrorCode;

use crate::error_map::{quorum_unavailable, refusal};

/// Code and text with which an answer says how one part of a request went. No text when it went well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) code: i16,
    pub(crate) message: Option<String>,
}

impl Outcome {
    pub(crate) fn refused(error: &Refusal) -> Self {
        Self { code: refusal(error).code(), message: Some(error.to_string()) }
    }

    pub(crate) fn unavailable(why: Unavailable) -> Self {
        Self { code: quorum_unavailable(&why).code(), message: Some(why.to_string()) }
    }

    pub(crate) fn error(error: ErrorCode, message: &str) -> Self {
        Self { code: error.code(), message: Some(message.to_owned()) }
    }

    pub(crate) fn of<T>(result: &Result<T, Refusal>) -> Self {
        match result {
            Ok(_) => Self { code: ErrorCode::None.code(), message: None },
            Err(refusal) => Self::refused(refusal),
        }
    }
}
