//! What members tell the one that leads beside their topics: of `sticky` what they had and when, of `cooperative-sticky` when.
//!
//! `sticky`: an array of topics with their partitions, then the generation, which the first clients left out.
//! `cooperative-sticky`: the generation, for those who read subscriptions older than version 2.

use std::collections::{BTreeMap, BTreeSet};

use bytes::{BufMut, Bytes, BytesMut};
use wire::{DecodeError, Reader};

use super::{Assignor, Place};

/// `None` for an assignor that needs none.
pub(in crate::group) fn encode(
    assignor: Assignor,
    owned: &BTreeSet<Place>,
    generation: i32,
) -> Option<Bytes> {
    let mut data = BytesMut::new();
    match assignor {
        Assignor::Range | Assignor::RoundRobin => return None,
        Assignor::CooperativeSticky => data.put_i32(generation),
        Assignor::Sticky => {
            let mut topics: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
            for (topic, index) in owned {
                topics.entry(topic).or_default().push(*index);
            }
            put_count(&mut data, topics.len());
            for (topic, indexes) in topics {
                // Names of topics have 249 bytes at most.
                data.put_i16(i16::try_from(topic.len()).unwrap_or(i16::MAX));
                data.put_slice(topic.as_bytes());
                put_count(&mut data, indexes.len());
                for index in indexes {
                    data.put_i32(index);
                }
            }
            data.put_i32(generation);
        }
    }
    Some(data.freeze())
}

fn put_count(data: &mut BytesMut, count: usize) {
    // A group has fewer partitions than 2³¹.
    data.put_i32(i32::try_from(count).unwrap_or(i32::MAX));
}

/// What a member of a `sticky` group had, and in which generation.
pub(in crate::group) fn decode_sticky(
    data: &Bytes,
) -> Result<(BTreeSet<Place>, Option<i32>), DecodeError> {
    let mut owned = BTreeSet::new();
    if data.is_empty() {
        return Ok((owned, None));
    }
    let mut input = Reader::shared(data);
    for _ in 0..input.nullable_count(6)?.unwrap_or(0) {
        let topic = input.string()?;
        for _ in 0..input.nullable_count(4)?.unwrap_or(0) {
            owned.insert((topic.clone(), input.i32()?));
        }
    }
    let generation = if input.rest().is_empty() { None } else { Some(input.i32()?) };
    Ok((owned, generation.filter(|generation| *generation >= 0)))
}

/// The generation of a member of a `cooperative-sticky` group whose subscription does not say it.
pub(in crate::group) fn decode_cooperative(data: &Bytes) -> Option<i32> {
    let generation = Reader::shared(data).i32().ok()?;
    (generation >= 0).then_some(generation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned() -> BTreeSet<Place> {
        [("a", 0), ("a", 2), ("b", 1)].map(|(topic, index)| (topic.to_owned(), index)).into()
    }

    #[test]
    fn sticky_data_is_as_java_writes_it() {
        let data = encode(Assignor::Sticky, &owned(), 7).unwrap();
        let expected: &[u8] = &[
            0, 0, 0, 2, // topics
            0, 1, b'a', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, //
            0, 1, b'b', 0, 0, 0, 1, 0, 0, 0, 1, //
            0, 0, 0, 7, // generation
        ];
        assert_eq!(data, expected);
        assert_eq!(decode_sticky(&data), Ok((owned(), Some(7))));
    }

    #[test]
    fn sticky_data_of_the_first_clients_has_no_generation() {
        let data = encode(Assignor::Sticky, &owned(), 7).unwrap();
        assert_eq!(decode_sticky(&data.slice(..data.len() - 4)), Ok((owned(), None)));
        assert_eq!(decode_sticky(&Bytes::new()), Ok((BTreeSet::new(), None)));
    }

    #[test]
    fn sticky_data_that_is_cut_is_an_error() {
        let data = encode(Assignor::Sticky, &owned(), 7).unwrap();
        for end in (1..data.len()).filter(|end| *end != data.len() - 4) {
            assert!(decode_sticky(&data.slice(..end)).is_err(), "{end}");
        }
        assert!(decode_sticky(&Bytes::from_static(&[0x7f, 0xff, 0xff, 0xff])).is_err());
    }

    #[test]
    fn the_others_say_little() {
        assert_eq!(encode(Assignor::Range, &owned(), 7), None);
        let data = encode(Assignor::CooperativeSticky, &owned(), 7).unwrap();
        assert_eq!(data, [0, 0, 0, 7].as_slice());
        assert_eq!(decode_cooperative(&data), Some(7));
        assert_eq!(decode_cooperative(&Bytes::new()), None);
    }
}
