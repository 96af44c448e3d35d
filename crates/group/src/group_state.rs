use crate::{ConsumerState, ShareState, State, StreamsState};

/// What kind of group a name stands for, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupState {
    Classic(State),
    Consumer(ConsumerState),
    Share(ShareState),
    Streams(StreamsState),
}

impl GroupState {
    /// The state, as clients spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classic(state) => state.name(),
            Self::Consumer(state) => state.name(),
            Self::Share(state) => state.name(),
            Self::Streams(state) => state.name(),
        }
    }

    /// The type, as clients spell it.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Classic(_) => "classic",
            Self::Consumer(_) => "consumer",
            Self::Share(_) => "share",
            Self::Streams(_) => "streams",
        }
    }

    pub(crate) const fn is_empty(self) -> bool {
        match self {
            Self::Classic(state) => matches!(state, State::Empty),
            Self::Consumer(state) => matches!(state, ConsumerState::Empty),
            Self::Share(state) => matches!(state, ShareState::Empty),
            Self::Streams(state) => matches!(state, StreamsState::Empty),
        }
    }
}
