use io::SimDisk;
use storage::StorageError;

use crate::failure::Broken;
use crate::store::listing;

/// Why a node stopped in the middle of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The simulated power went: what was not synced may be gone.
    PowerCut,
    /// Storage says that it cannot: whether it may is for the scenario to judge.
    Storage(Refusal),
    Broken(Broken),
}

/// What storage said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Reason,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The disk failed; the directory is offline from then on.
    Failed,
    Full,
    /// Damage, with its place.
    Corrupt,
    /// It failed before.
    Offline,
}

impl Stop {
    /// A full disk is no reason to stop.
    pub fn unless_full(self) -> Result<(), Self> {
        match self {
            Self::Storage(Refusal { reason: Reason::Full, .. }) => Ok(()),
            other => Err(other),
        }
    }
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl From<Refusal> for Broken {
    /// Where nothing was to be refused.
    fn from(Refusal { reason, text }: Refusal) -> Self {
        match reason {
            Reason::Corrupt => Self::correctness("the_undamaged_is_not_refused", text),
            Reason::Failed | Reason::Full | Reason::Offline => Self::crash(text),
        }
    }
}

/// Any error is the power's doing while the power is off.
pub(crate) fn stop_of(disk: &SimDisk, error: &StorageError) -> Stop {
    if disk.is_off() {
        return Stop::PowerCut;
    }
    let reason = match error {
        StorageError::Io { .. } if error.is_full() => Reason::Full,
        StorageError::Io { .. } => Reason::Failed,
        StorageError::Corrupt { .. } => Reason::Corrupt,
        StorageError::Offline => Reason::Offline,
        StorageError::Locked { .. }
        | StorageError::Unguarded { .. }
        | StorageError::WalGone { .. }
        | StorageError::Exchanged { .. }
        | StorageError::Gone
        | StorageError::Replaced => {
            return Broken::crash(format_args!("{error}\n    {}", listing(disk))).into();
        }
    };
    Stop::Storage(Refusal { reason, text: error.to_string() })
}
