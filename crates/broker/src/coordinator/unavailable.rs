use replica::ProducerError;

use super::AppendRefused;

/// Why the coordinator has no reply to a request: the client may try again, here or elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// Another broker is the coordinator, or nobody is yet.
    #[error("this broker is not the coordinator")]
    NotCoordinator,
    /// The coordinator's partition is being read.
    #[error("the coordinator's partition is being loaded")]
    Loading,
    /// The records could not be written, or not in time; whether they will be is not known.
    #[error("the change could not be committed")]
    NotCommitted,
    /// The records are larger than the topic allows.
    #[error("the change is too large for the coordinator's topic")]
    TooLarge,
    /// It was made in the name of a producer that may not write so now. Nothing was written.
    #[error(transparent)]
    Producer(ProducerError),
}

impl From<AppendRefused> for Unavailable {
    fn from(refused: AppendRefused) -> Self {
        match refused {
            AppendRefused::NotLeader | AppendRefused::Storage => Self::NotCoordinator,
            AppendRefused::NotEnoughReplicas => Self::NotCommitted,
            AppendRefused::TooLarge => Self::TooLarge,
            AppendRefused::Producer(error) => Self::Producer(error),
        }
    }
}
