use std::fmt;
use std::sync::Arc;

use crate::TRANSACTIONAL_ID_SIZE_MAX;

/// Names a producer across its lives. Never empty. Cloning is cheap.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionalId(Arc<str>);

impl TransactionalId {
    /// `None` for the empty text, and for one that is too long for its key in the log.
    pub fn new(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= TRANSACTIONAL_ID_SIZE_MAX;
        fits.then(|| Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TransactionalId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for TransactionalId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
