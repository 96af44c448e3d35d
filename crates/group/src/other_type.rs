//! Groups of the type that is not built (streams groups), as far as a log
//! that Apache Kafka wrote has records of them. Nothing reads those records; they stay, until somebody wants the group's
//! name for a classic group, or the group away. Then they are taken out together, because a log that has one name in two
//! types cannot be loaded by Apache Kafka.

use bytes::Bytes;

use crate::shard::HardGroup;
use crate::{GroupId, GroupRecord};

/// The types of record that belong to one type of group, by their numbers, in the order in which Apache Kafka removes them:
/// it refuses to load a log that removes a member before what the member was assigned.
const STREAMS: &[i16] = &[22, 21, 20, 19, 23, 17];

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
    STREAMS.iter().position(|known| *known == number)
}

impl HardGroup {
    /// Whether somebody may use the name for a group of another type. As in Apache Kafka a streams group without members
    /// gives way; its members are gone, since nobody hears them here. A share group does not give way.
    pub(crate) fn gives_way(&self) -> bool {
        self.share.is_none()
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
    use crate::{GroupError, Reply, ShareChange, StoredEpoch};

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
    fn a_streams_group_gives_way_to_a_classic_one_in_the_order_that_kafka_can_load() {
        let mut world = with(&[17, 19, 20, 21, 22, 23]);
        let (ids, generation) = world.stable(1);
        assert_eq!(removed(&world), [22, 21, 20, 19, 23, 17]);
        world.commit(Some((&ids[0], generation)), &[(key("orders", 0), 5)]).unwrap();
        world.restart();
        assert_eq!(removed(&world).len(), 6, "they are taken out once");
    }

    #[test]
    fn a_share_group_does_not() {
        let mut world = World::new();
        let change = ShareChange::Group(Some(StoredEpoch::default()));
        put(&mut world, GroupRecord::Share { group: group_id(), change });
        let ticket = world.join(join(None));
        let Some(Reply::Join(Err(refused))) = world.answers.get(&ticket) else { panic!() };
        assert_eq!(refused.error, GroupError::InconsistentProtocol);
        assert_eq!(removed(&world), []);
    }

    #[test]
    fn a_group_of_another_type_goes_away_whole_when_it_is_deleted() {
        let mut world = with(&[17, 19, 22]);
        let now = world.now();
        let decision = world.shard.delete(&mut world.soft, now, &group_id());
        assert_eq!(world.carry_out(decision), Ok(()));
        assert_eq!(removed(&world), [22, 19, 17]);
        assert!(!world.shard.groups.contains_key(&group_id()));
    }

    #[test]
    fn its_offsets_are_kept_for_as_long_as_nobody_knows_whether_it_is_in_use() {
        let mut world = with(&[17]);
        world.commit(None, &[(key("orders", 0), 5)]).unwrap();
        world.pass(30 * 86_400_000);
        assert!(
            !world.log.iter().any(|record| matches!(record, GroupRecord::OffsetRemoved { .. }))
        );
    }

    #[test]
    fn keys_of_types_that_are_not_known_are_not_looked_into() {
        for key in [&b"\0\x02\0\x01g"[..], b"\0\x78\0\x01g", b"\0\x11\0\x09g", b"\0\x11", b""] {
            assert_eq!(group_of(key), None, "{key:?}");
        }
    }
}
