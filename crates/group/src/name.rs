use std::fmt;
use std::sync::Arc;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

name! {
    /// Names a group. Any text, the empty one too: Kafka lets a lone consumer commit under an empty id, and only
    /// the requests of members ask for more ([`GroupId::is_empty`]). Cloning is cheap.
    GroupId
}
name! {
    /// Names one life of a member; made by the coordinator, never empty. Cloning is cheap.
    MemberId
}
name! {
    /// Names a static member across its lives (KIP-345). Cloning is cheap.
    InstanceId
}

impl GroupId {
    /// `None` when the id is too long for its key in the log.
    pub fn new(text: &str) -> Option<Self> {
        (text.len() <= crate::GROUP_ID_SIZE_MAX).then(|| Self(text.into()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl MemberId {
    /// `None` for the empty text, which on the wire means "I have no id yet".
    pub fn new(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.into()))
    }

    /// The coordinator's own making.
    pub(crate) fn from_text(text: String) -> Self {
        assert!(!text.is_empty(), "a member id has at least its uuid");
        Self(text.into())
    }
}

impl InstanceId {
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }
}

/// Counts the rebalances of a classic group. Not an epoch of the newer groups: they are never compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(i32);

impl Generation {
    pub const ZERO: Self = Self(0);

    /// `None` for a negative number: on the wire, -1 means "not a member".
    pub const fn from_wire(raw: i32) -> Option<Self> {
        if raw >= 0 { Some(Self(raw)) } else { None }
    }

    pub const fn to_wire(self) -> i32 {
        self.0
    }

    /// The generation after this one; after the last number comes 0 again.
    pub const fn next(self) -> Self {
        match self.0.checked_add(1) {
            Some(next) => Self(next),
            None => Self::ZERO,
        }
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
