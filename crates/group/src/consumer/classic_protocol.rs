//! The bytes that consumers of the classic protocol put into metadata and assignments. Each version adds fields at the end,
//! so a newer one than is known reads as the newest known.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use model::PartitionIndex;

use crate::SUBSCRIPTION_TOPIC_COUNT_MAX;
use crate::subscription::take;

/// What a consumer of the classic protocol says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Subscription {
    pub(super) version: i16,
    pub(super) topics: BTreeSet<Arc<str>>,
    /// From version 1 on.
    pub(super) owned: Vec<(Arc<str>, Vec<PartitionIndex>)>,
    /// From version 3 on.
    pub(super) rack: Option<Arc<str>>,
}

impl Subscription {
    /// `None` when the bytes are not one.
    pub(super) fn parse(metadata: &[u8]) -> Option<Self> {
        let mut rest = metadata;
        let version = i16::from_be_bytes(take(&mut rest)?);
        if version < 0 {
            return None;
        }
        let mut it = Self { version, ..Self::default() };
        for _ in 0..count(&mut rest, 2)? {
            it.topics.insert(string(&mut rest)??.into());
        }
        bytes(&mut rest)?;
        if version >= 1 {
            it.owned = topics(&mut rest)?;
        }
        if version >= 2 {
            let _generation: [u8; 4] = take(&mut rest)?;
        }
        if version >= 3 {
            it.rack = string(&mut rest)?.map(Into::into);
        }
        Some(it)
    }
}

/// The topics and partitions of an assignment; `None` when the bytes are not one.
pub(super) fn parse_assignment(bytes: &[u8]) -> Option<Vec<(Arc<str>, Vec<PartitionIndex>)>> {
    let mut rest = bytes;
    let version = i16::from_be_bytes(take(&mut rest)?);
    (version >= 0).then(|| topics(&mut rest)).flatten()
}

/// An assignment in a version that its reader knows.
pub(super) fn assignment(
    version: i16,
    topics: &[(Arc<str>, Vec<PartitionIndex>)],
) -> Option<Bytes> {
    /// All versions of assignments have the same fields yet.
    const VERSION_MAX: i16 = 3;
    let mut bytes = BytesMut::new();
    bytes.put_i16(version.clamp(0, VERSION_MAX));
    bytes.put_i32(i32::try_from(topics.len()).ok()?);
    for (name, indexes) in topics {
        bytes.put_i16(i16::try_from(name.len()).ok()?);
        bytes.put_slice(name.as_bytes());
        bytes.put_i32(i32::try_from(indexes.len()).ok()?);
        indexes.iter().for_each(|index| bytes.put_i32(index.to_wire()));
    }
    // No user data.
    bytes.put_i32(-1);
    Some(bytes.freeze())
}

fn topics(rest: &mut &[u8]) -> Option<Vec<(Arc<str>, Vec<PartitionIndex>)>> {
    let mut topics = Vec::new();
    for _ in 0..count(rest, 6)? {
        let name = string(rest)??;
        let mut indexes = Vec::new();
        for _ in 0..count(rest, 4)? {
            indexes.extend(PartitionIndex::from_wire(i32::from_be_bytes(take(rest)?)));
        }
        topics.push((name.into(), indexes));
    }
    Some(topics)
}

/// How many elements follow, each of at least `size_min` bytes.
fn count(rest: &mut &[u8], size_min: usize) -> Option<usize> {
    let count = usize::try_from(i32::from_be_bytes(take(rest)?)).ok()?;
    (count <= SUBSCRIPTION_TOPIC_COUNT_MAX.min(rest.len() / size_min)).then_some(count)
}

/// `Some(None)` for no text.
fn string<'a>(rest: &mut &'a [u8]) -> Option<Option<&'a str>> {
    let size = i16::from_be_bytes(take(rest)?);
    if size == -1 {
        return Some(None);
    }
    let (text, after) = rest.split_at_checked(usize::try_from(size).ok()?)?;
    *rest = after;
    Some(Some(std::str::from_utf8(text).ok()?))
}

fn bytes(rest: &mut &[u8]) -> Option<()> {
    let size = i32::from_be_bytes(take(rest)?);
    if size != -1 {
        let (_, after) = rest.split_at_checked(usize::try_from(size).ok()?)?;
        *rest = after;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(raw: i32) -> PartitionIndex {
        PartitionIndex::from_wire(raw).unwrap()
    }

    #[test]
    fn an_assignment_reads_back_equal() {
        let topics = vec![("orders".into(), vec![index(0), index(7)]), ("t".into(), vec![])];
        let bytes = assignment(1, &topics).unwrap();
        assert_eq!(bytes[..2], [0, 1]);
        assert_eq!(parse_assignment(&bytes), Some(topics));
        for end in 0..bytes.len() - 4 {
            assert_eq!(parse_assignment(&bytes[..end]), None);
        }
    }

    #[test]
    fn each_version_of_a_subscription_adds_fields() {
        let mut bytes = vec![0, 0, 0, 0, 0, 1, 0, 1, b't', 0xff, 0xff, 0xff, 0xff];
        let of = |bytes: &[u8]| Subscription::parse(bytes);
        assert_eq!(of(&bytes).unwrap().topics, BTreeSet::from(["t".into()]));
        bytes[1] = 3;
        assert_eq!(of(&bytes), None, "the fields of version 3 are missing");
        bytes.extend([0, 0, 0, 1, 0, 1, b't', 0, 0, 0, 1, 0, 0, 0, 5]);
        bytes.extend([0, 0, 0, 9, 0, 1, b'r']);
        let read = of(&bytes).unwrap();
        assert_eq!(read.owned, [("t".into(), vec![index(5)])]);
        assert_eq!(read.rack.as_deref(), Some("r"));
        bytes[1] = 9;
        assert!(of(&bytes).is_some(), "what later versions add is not looked at");
    }
}
