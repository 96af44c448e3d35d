//! Groups of the type that is not built (share groups), as far as a log that Apache Kafka wrote has records of them. Nothing reads those records; they stay, until somebody wants the group's
//! name for a classic group, or the group away. Then they are taken out together, because a log that has one name in two
//! types cannot be loaded by Apache Kafka.

use bytes::Bytes;

use crate::shard::HardGroup;
use crate::streams::StreamsGroup;
use crate::{GroupId, GroupRecord};

/// The types of record that belong to one type of group, by their numbers, in the order in which Apache Kafka removes them:
/// it refuses to load a log that removes a member before what the member was assigned.
const SHARE: &[i16] = &[14, 13, 12, 10, 15, 11];

/// The group of a record with this key; `None` if it is of an offset or a classic group, or of a type that is not known.
pub(crate) fn group_of(key: &[u8]) -> Option<GroupId> {
    let known = number_of(key).is_some_and(|number| rank(number).is_some());
    if !known {
        return None;
    }
    // Every one of them begins with the group's name.
    let size = u16::from_be_bytes(*key.get(2..)?.first_chunk()?);
    let name = key.get(4..)?.get(..usize::from(size))?;
    GroupId::new(std::str::from_utf8(name).ok()?)
}

fn number_of(key: &[u8]) -> Option<i16> {
    Some(i16::from_be_bytes(*key.first_chunk()?))
}

fn rank(number: i16) -> Option<usize> {
    SHARE.iter().position(|known| *known == number)
}

impl HardGroup {
    /// Whether somebody may use the name for a classic group. As in Apache Kafka a streams group without members gives way, and a
    /// share group does not.
    pub(crate) fn gives_way(&self) -> bool {
        let has_members = |streams: &StreamsGroup| !streams.members.is_empty();
        self.other_type.is_empty() && !self.streams.as_ref().is_some_and(has_members)
    }

    /// What takes out all records of other types.
    pub(crate) fn remove_other_type(&self, group: &GroupId, records: &mut Vec<GroupRecord>) {
        let mut keys: Vec<&Bytes> = self.other_type.iter().collect();
        keys.sort_by_key(|key| number_of(key).and_then(rank));
        let removed =
            |key: &Bytes| GroupRecord::OtherTypeRemoved { group: group.clone(), key: key.clone() };
        records.extend(keys.into_iter().map(removed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_world::{World, group_id, join, key, offset};
    use crate::{GroupError, Reply};

    fn record(number: u8, more: &[u8]) -> GroupRecord {
        let key = [&[0, number, 0, 7], b"readers".as_slice(), more].concat();
        assert_eq!(group_of(&key), Some(group_id()));
        GroupRecord::OtherType { group: group_id(), key: key.into() }
    }

    fn put(world: &mut World, record: GroupRecord) {
        world.shard.replay(offset(i64::try_from(world.log.len()).unwrap()), &record);
        world.log.push(record);
    }

    fn with(numbers: &[u8]) -> World {
        let mut world = World::new();
        for number in numbers {
            put(&mut world, record(*number, b"\0\x01m"));
        }
        world
    }

    fn removed(world: &World) -> Vec<u8> {
        let number = |record: &GroupRecord| match record {
            GroupRecord::OtherTypeRemoved { key, .. } => Some(key[1]),
            _ => None,
        };
        world.log.iter().filter_map(number).collect()
    }

    #[test]
    fn a_share_group_does_not() {
        let mut world = with(&[11]);
        let ticket = world.join(join(None));
        let Some(Reply::Join(Err(refused))) = world.answers.get(&ticket) else { panic!() };
        assert_eq!(refused.error, GroupError::InconsistentProtocol);
        assert_eq!(removed(&world), []);
    }

    #[test]
    fn a_group_of_another_type_goes_away_whole_when_it_is_deleted() {
        let mut world = with(&[11, 10, 14]);
        let now = world.now();
        let decision = world.shard.delete(&mut world.soft, now, &group_id());
        assert_eq!(world.carry_out(decision), Ok(()));
        assert_eq!(removed(&world), [14, 10, 11]);
        assert!(!world.shard.groups.contains_key(&group_id()));
    }

    #[test]
    fn its_offsets_are_kept_for_as_long_as_nobody_knows_whether_it_is_in_use() {
        let mut world = with(&[11]);
        world.commit(None, &[(key("orders", 0), 5)]).unwrap();
        world.pass(30 * 86_400_000);
        assert!(
            !world.log.iter().any(|record| matches!(record, GroupRecord::OffsetRemoved { .. }))
        );
    }

    #[test]
    fn keys_of_types_that_are_not_known_are_not_looked_into() {
        for key in [&b"\0\x02\0\x01g"[..], b"\0\x78\0\x01g", b"\0\x0b\0\x09g", b"\0\x0b", b""] {
            assert_eq!(group_of(key), None, "{key:?}");
        }
    }
}
