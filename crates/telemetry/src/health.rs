//! Whether the node lives and serves.

use std::sync::{Mutex, PoisonError};

/// What a node is at. It goes through them in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// With what it is doing.
    Starting(String),
    Ready,
    /// Serves, but something is wrong, such as a data directory that failed.
    Degraded(String),
    Stopping,
}

/// The node's state, told by its start and stop and shown to those who ask.
#[derive(Debug)]
pub struct Health(Mutex<State>);

impl Default for Health {
    fn default() -> Self {
        Self(Mutex::new(State::Starting("begin".to_owned())))
    }
}

impl Health {
    pub fn set(&self, state: State) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    pub fn state(&self) -> State {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl State {
    /// Clients are served.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready | Self::Degraded(_))
    }

    pub(crate) fn json(&self) -> String {
        let (word, detail) = match self {
            Self::Starting(step) => ("starting", Some(step)),
            Self::Ready => ("ready", None),
            Self::Degraded(reason) => ("degraded", Some(reason)),
            Self::Stopping => ("stopping", None),
        };
        let mut object = serde_json::Map::new();
        object.insert("status".to_owned(), word.into());
        if let Some(detail) = detail {
            object.insert("detail".to_owned(), detail.as_str().into());
        }
        serde_json::Value::Object(object).to_string()
    }
}
