//! Values for tests.

use group::{GroupId, MemberId};
use model::Offset;

use crate::OffsetRange;

pub(crate) fn offset(raw: i64) -> Offset {
    Offset::from_wire(raw).unwrap()
}

/// From first to last.
pub(crate) fn range(first: i64, last: i64) -> OffsetRange {
    OffsetRange::new(offset(first), offset(last)).unwrap()
}

pub(crate) fn member(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

pub(crate) fn group(name: &str) -> GroupId {
    GroupId::new(name).unwrap()
}
