//! Whether the node lives and serves.

use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

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

/// Says what is wrong with a node that serves, if anything is.
type Trouble = Box<dyn Fn() -> Option<String> + Send + Sync>;

/// The node's state, told by its start and stop and shown to those who ask.
pub struct Health {
    state: Mutex<State>,
    trouble: OnceLock<Trouble>,
}

impl Default for Health {
    fn default() -> Self {
        let state = Mutex::new(State::Starting("begin".to_owned()));
        Self { state, trouble: OnceLock::new() }
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Health({:?})", self.state())
    }
}

impl Health {
    pub fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// `trouble` is asked whenever somebody wants to know how a ready node is. The first one given counts.
    pub fn ask(&self, trouble: impl Fn() -> Option<String> + Send + Sync + 'static) {
        // A second one comes from nowhere: a node has one broker.
        let _: Result<_, _> = self.trouble.set(Box::new(trouble));
    }

    pub fn state(&self) -> State {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let trouble = self.trouble.get().filter(|_| state == State::Ready);
        match trouble.and_then(|trouble| trouble()) {
            Some(reason) => State::Degraded(reason),
            None => state,
        }
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
