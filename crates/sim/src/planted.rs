/// Bugs on purpose in the code under test; it takes the feature `planted-bugs` of their crate to have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planted {
    pub storage: storage::Planted,
    pub replica: replica::Planted,
    pub txn: txn::Planted,
    pub group: group::Planted,
    pub share: share::Planted,
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

impl From<txn::Planted> for Planted {
    fn from(txn: txn::Planted) -> Self {
        Self { txn, ..Self::default() }
    }
}

impl From<group::Planted> for Planted {
    fn from(group: group::Planted) -> Self {
        Self { group, ..Self::default() }
    }
}

impl From<share::Planted> for Planted {
    fn from(share: share::Planted) -> Self {
        Self { share, ..Self::default() }
    }
}
