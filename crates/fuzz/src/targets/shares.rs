//! What lies in `__share_group_state`.

use bytes::Bytes;
use model::{Instant, Offset, SeededRandom, Timestamp};
use share::codec::{Decoded, decode, encode};
use share::{CoordinatorSettings, ShareShard, Soft};
use wire::schema::{find, random_bytes};

use crate::mutate::size;
use crate::seeds::{choice, prefix};
use crate::target::Verdict;

/// Key and value of the types of records, with the number that the key begins with.
const KINDS: [(i16, &str, &str); 2] =
    [(0, "ShareSnapshotKey", "ShareSnapshotValue"), (1, "ShareUpdateKey", "ShareUpdateValue")];

/// Records one behind the other: lengths of key and value, then the two.
pub(super) fn seed(random: &mut SeededRandom) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..=random.below(8) {
        let (key, value) = key_value(random);
        bytes.extend(prefix(key.len()));
        bytes.extend(prefix(value.len()));
        bytes.extend(key);
        bytes.extend(value);
    }
    bytes
}

fn key_value(random: &mut SeededRandom) -> (Vec<u8>, Vec<u8>) {
    for _ in 0..200 {
        let Some((number, key, value)) = KINDS.get(size(random.below(2))) else { continue };
        let (Some(key), Some(value)) = (find(key), find(value)) else { continue };
        let key = [&number.to_be_bytes()[..], &random_bytes(key, 0, random)].concat();
        let value = [&0_i16.to_be_bytes()[..], &random_bytes(value, 0, random)].concat();
        // Not all numbers make a range of offsets, or a state.
        if decode(&Bytes::from(key.clone()), Some(&Bytes::from(value.clone()))).is_ok() {
            return (key, if random.one_in(5) { Vec::new() } else { value });
        }
    }
    (vec![0, 9], Vec::new())
}

pub(super) fn replay(input: &[u8]) -> Verdict {
    let mut shard = ShareShard::new();
    let mut at = Offset::ZERO;
    let mut good = true;
    let mut rest = input;
    while let Some((key_size, after)) = choice(rest, usize::from(u16::MAX)) {
        let Some((value_size, after)) = choice(after, usize::from(u16::MAX)) else { break };
        let (key, after) = after.split_at(key_size.min(after.len()));
        let (value, after) = after.split_at(value_size.min(after.len()));
        rest = after;
        let (key, value) = (Bytes::copy_from_slice(key), Bytes::copy_from_slice(value));
        match decode(&key, Some(&value).filter(|value| !value.is_empty())) {
            Ok(Decoded::Record(record)) => {
                let bytes = encode(&record);
                assert!(bytes.is_ok(), "{record:?} was decoded: {bytes:?}");
                if let Ok(bytes) = bytes {
                    let (key, value) = (Bytes::from(bytes.key), bytes.value.map(Bytes::from));
                    let again = decode(&key, value.as_ref());
                    assert_eq!(again, Ok(Decoded::Record(record.clone())), "decodes as another");
                }
                shard.replay(at, &record);
                at = at.plus(1).unwrap_or(at);
            }
            Ok(Decoded::Other(_)) => {}
            Err(_) => good = false,
        }
    }
    let mut soft = Soft::new(CoordinatorSettings::default());
    let Some(wall) = Timestamp::from_millis(1_700_000_000_000) else { return Verdict::Refused };
    let mut now = group::Now { instant: Instant::default(), wall };
    let _ = shard.loaded(&mut soft, now);
    // A day later every snapshot is old.
    now.instant = now.instant.plus(std::time::Duration::from_secs(86_400));
    let written = shard.time_passed(&mut soft, now);
    assert!(written.records.iter().all(|record| encode(record).is_ok()), "what is read is written");
    if good { Verdict::Taken } else { Verdict::Refused }
}
