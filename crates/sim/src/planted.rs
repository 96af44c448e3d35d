/// Bugs on purpose in the code under test; it takes the feature `planted-bugs` of storage and replica to have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planted {
    pub storage: storage::Planted,
    pub replica: replica::Planted,
}

impl From<storage::Planted> for Planted {
    fn from(storage: storage::Planted) -> Self {
        Self { storage, ..Self::default() }
    }
}

impl From<replica::Planted> for Planted {
    fn from(replica: replica::Planted) -> Self {
        Self { replica, ..Self::default() }
    }
}
