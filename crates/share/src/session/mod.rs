mod epoch;
mod share_session;
mod share_sessions;
#[cfg(test)]
mod tests;

pub use epoch::{NextEpoch, SessionEpoch};
pub use share_sessions::{
    ClosedSession, FetchKind, FetchRequest, SessionError, SessionFetch, SessionKey, ShareSessions,
};
